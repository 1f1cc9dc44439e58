#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh kasan|kcsan: build Linux 7.3 for QEMU as qemu.config and this one's say, and
# print a folder as that of kernel.sh.

set -eu
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh
. tests/lib/apt.sh
. tests/lib/kconfig.sh

x86()
{
	make -C "$source" ARCH=x86_64 O="$out" PAHOLE=false -s "$@"
}

build()
{
	local into=$1 home=${1%.part} release
	tests/lib/deps.sh uml kernel
	out=$into/kdir
	mkdir -p "$out" "$into/usr"
	say "configuring $name"
	configure x86 "${fragments[@]}"
	say "building it (ten minutes on two cores)"
	x86 -j "$(nproc)" "${unwatched[@]}" bzImage modules
	x86 INSTALL_MOD_PATH="$into/usr" "${unwatched[@]}" modules_install
	release=$(x86 kernelrelease)
	rm -f "$into/usr/lib/modules/$release/build"
	ln -s usr/lib "$into/lib"
	echo "$release" > "$into/release"
	mv "$out/arch/x86/boot/bzImage" "$into/vmlinuz"
	find "$out" -name '*.[ao]' ! -path "$out/scripts/*" ! -path "$out/tools/*" -delete
	rm -f "$out"/.tmp_vmlinux* "$out"/vmlinux{,.unstripped}
	sed -i "s|$out|$home/kdir|" "$out/Makefile"
}

name=${1:-}
fragments=(tests/lib/kernel.config tests/qemu/{qemu,"$name"}.config)
unwatched=()
case $name in
kasan) fragments+=(tests/lib/checks.config) ;;
kcsan)
	# but locks have to be barriers to it: these files are theirs
	unwatched=(KCSAN_SANITIZE=n)
	for lock in spinlock paravirt-spinlocks qspinlock qrwlock mutex rwsem; do
		unwatched+=("KCSAN_INSTRUMENT_BARRIERS_$lock.o=y")
	done
	;;
*) die "usage: build.sh kasan|kcsan" ;;
esac

source=$(tests/uml/source.sh)
key=$(key_of "${fragments[@]}" tests/qemu/build.sh tests/lib/kconfig.sh)
cached "kernel/$name-${source##*-source-}-$key" build

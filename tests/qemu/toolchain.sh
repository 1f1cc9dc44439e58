#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# toolchain.sh SUITE: fetch what modules of that Debian's kernels are built with,
# as a root folder, and print its path.  Nothing in it is installed or configured:
# the packages are only unpacked.  To be used through tests/qemu/enter.

set -eu
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh
. tests/lib/apt.sh

packages=(gcc-14 make pahole libelf1t64 libssl3t64 dash bash coreutils sed grep
	  gawk findutils diffutils)

make_root()
{
	local root=$1 name
	say "fetching the compiler of $suite"
	mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{proc,dev,tmp}
	for name in bin sbin lib lib64; do
		ln -s "usr/$name" "$root/$name"
	done
	mapfile -t packages < <(apt_closure "$suite" "${packages[@]}")
	apt_unpack "$root" "${packages[@]}"
	ln -sf gawk "$root/usr/bin/awk"
	ln -sf dash "$root/usr/bin/sh"
	rm -rf "$root"/usr/share/{doc,man,locale,info}
}

[[ $# -eq 1 ]] || die "usage: toolchain.sh SUITE"
suite=$1
version=$(apt_version "${packages[0]}" "$suite")
cached "toolchain/$suite-$version-$(key_of tests/qemu/toolchain.sh)" make_root

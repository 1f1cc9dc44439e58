#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# module.sh VEHICLE: build hb.ko (and hb_kunit.ko where the kernel has KUnit) for
# a vehicle of tests/guest, in a copy of the sources at build/VEHICLE/, and print
# that folder.  Nothing is done when no source has changed.  The file .warnings in it
# has what the last build warned of in our files. HB_GCOV=1 builds one that counts
# what of it has run, in a folder of its own, see tests/coverage/report.py.

set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh

sources=(Kbuild VERSION kmod include tests/kunit tests/stall tests/coverage/plain.h)

[[ $# -eq 1 ]] || die "usage: module.sh VEHICLE"
vehicle=$1
work=$PWD/build/$vehicle${HB_GCOV:+-gcov}
stamp=$work/.built

# The kernel's build folder, and what goes before and after its `make`
case $vehicle in
uml-*)
	kdir=$(tests/uml/build.sh "${vehicle#uml-}")
	make=(make ARCH=um PAHOLE=false)
	;;
qemu-*)
	kdir=$(tests/qemu/kernel.sh "${vehicle#qemu-}")/kdir
	make=(tests/qemu/make.sh "${vehicle#qemu-}")
	;;
*)
	die "no vehicle $vehicle"
	;;
esac

[[ $vehicle != @(uml-debug|qemu-kasan) ]] || make+=(KCOV_INSTRUMENT=y)

# For counting: a function of ours is one, wherever it is inlined, and what sanitizers and
# the kernel's own checks add is no branch of ours.
gcov=()
[[ ! ${HB_GCOV:-} ]] || gcov=(GCOV_PROFILE=y UBSAN_SANITIZE=n KASAN_SANITIZE=n
	KCFLAGS="-fno-inline-small-functions -include $work/tests/coverage/plain.h")

kbuild()
{
	local folder=$1
	shift
	"${make[@]}" -C "$kdir" -s -j "$(nproc)" M="$folder" W=1 "$@" modules \
		2>&1 | tee -a "$work/.log" >&2
}

# Of our files, which later kernels name from the folder that is built; the kernel's
# own are absolute, or begin with a dot. All is built anew the next time, so that
# nothing is forgotten.
keep_warnings()
{
	if sed "s|$work/||g" "$work/.log" | grep -E \
		'^(\.\./)*[^/. ][^ :]*\.[cho]:.*warning|^WARNING: modpost' \
		> "$work/.warnings"; then
		find "$work" -name '*.o' -delete
	fi
}

mapfile -t sources < <(ls -d "${sources[@]}" 2> /dev/null)
[[ -f Kbuild ]] || die "no Kbuild yet"
mkdir -p "$work"
exec 9> "$work/.lock"
flock 9

if [[ ! -e $stamp || $(< "$stamp") != "$kdir" ||
      $(find "${sources[@]}" -newer "$stamp" -print -quit) ]]; then
	rm -f "$stamp"
	touch "$work/.started"
	rsync -aR --delete --filter='P *.o' --filter='P *.ko' \
		--filter='P *.mod' --filter='P *.mod.c' --filter='P .*' \
		--filter='P Module.symvers' --filter='P modules.order' --filter='P *.gcno' \
		"${sources[@]}" "$work"
	: > "$work/.log"
	kbuild "$work" "${gcov[@]}"
	kbuild "$work/tests/stall"
	if [[ -d tests/kunit ]] && grep -q '^CONFIG_KUNIT=' "$kdir/.config"; then
		kbuild "$work/tests/kunit" "${gcov[@]}" \
			KBUILD_EXTRA_SYMBOLS="$work/Module.symvers"
	fi
	keep_warnings
	echo "$kdir" > "$work/.started.kdir"
	touch -r "$work/.started" "$work/.started.kdir"
	mv "$work/.started.kdir" "$stamp"
fi
echo "$work"

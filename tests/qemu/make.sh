#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# make.sh NAME ARG...: run make with the compiler for modules of kernel NAME: the
# machine's own, or, for a kernel of a later Debian, that one's.

set -eu
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh

name=$1
shift
case $name in
7.3)
	root=$(tests/qemu/toolchain.sh trixie)
	export HB_CACHE
	exec unshare -m tests/qemu/enter "$root" make "$@"
	;;
*)
	exec make "$@"
	;;
esac

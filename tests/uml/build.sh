#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh FLAVOUR: build UML 7.3 as uml.config and FLAVOUR.config say, and print its
# build folder, which holds the program `linux` and serves as KDIR of modules.

set -eu
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh
. tests/lib/apt.sh
. tests/lib/kconfig.sh

um()
{
	make -C "$source" ARCH=um O="$out" PAHOLE=false -s "$@"
}

build()
{
	out=$1
	say "configuring $flavour"
	configure um "${fragments[@]}"
	say "building $flavour (ten minutes on two cores)"
	um -j "$(nproc)" linux modules
	find "$out" -name '*.[ao]' ! -path "$out/scripts/*" -delete
	rm "$out"/.tmp_vmlinux* "$out/vmlinux.unstripped"
	sed -i "s|$out|${out%.part}|" "$out/Makefile"
}

[[ $# -eq 1 ]] || die "usage: build.sh FLAVOUR"
flavour=$1
fragments=(tests/lib/kernel.config tests/uml/{uml,"$flavour"}.config)
[[ $flavour != debug ]] || fragments+=(tests/lib/checks.config)
[[ -f tests/uml/$flavour.config ]] || die "no flavour $flavour"

source=$(tests/uml/source.sh)
key=$(key_of "${fragments[@]}" tests/uml/build.sh tests/lib/kconfig.sh)
cached "uml/$flavour-${source##*-source-}-$key" build

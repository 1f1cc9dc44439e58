#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh FLAVOUR: build UML 7.3 as common.config and FLAVOUR.config say, and
# print its build folder, which holds the program `linux` and serves as KDIR of
# modules.  An option which Kconfig does not grant is an error.

set -eu
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh
. tests/lib/apt.sh

um()
{
	make -C "$source" ARCH=um O="$out" PAHOLE=false -s "$@"
}

# configured FRAGMENT...: the .config grants all that the fragments ask for; an
# option which is not offered at all counts as switched off
configured()
{
	local lost
	lost=$(sed -n 's/^# \(CONFIG_[A-Z0-9_]*\) is not set$/\1=n/p; /^CONFIG_/p' "$@" |
		while IFS='=' read -r name value; do
			got=$(sed -n "s/^$name=//p" "$out/.config")
			[[ ${got:-n} == "$value" ]] || echo "$name=$value"
		done)
	[[ -z $lost ]] || die "options not granted:"$'\n'"$lost"
}

build()
{
	out=$1
	say "configuring $flavour"
	cat "${fragments[@]}" > "$out/wanted.config"
	um KCONFIG_ALLCONFIG="$out/wanted.config" allnoconfig
	configured "${fragments[@]}"
	say "building $flavour (ten minutes on two cores)"
	um -j "$(nproc)" linux modules
	find "$out" -name '*.[ao]' ! -path "$out/scripts/*" -delete
	rm "$out"/.tmp_vmlinux* "$out/vmlinux.unstripped"
	sed -i "s|$out|${out%.part}|" "$out/Makefile"
}

[[ $# -eq 1 ]] || die "usage: build.sh FLAVOUR"
flavour=$1
fragments=(tests/uml/common.config "tests/uml/$flavour.config")
[[ -f ${fragments[1]} ]] || die "no flavour $flavour"

source=$(tests/uml/source.sh)
key=$(key_of "${fragments[@]}" tests/uml/build.sh)
cached "uml/$flavour-${source##*-source-}-$key" build

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel.sh NAME: fetch a stock Debian kernel, the flavour that people run, or build
# one with checks, and print the folder with its vmlinuz, release (a name), lib/modules
# and kdir, the build folder for modules.

set -eu
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh
. tests/lib/apt.sh

declare -A suites=(
	[6.1]=bookworm [6.12]=bookworm-backports [7.3]=trixie-backports
	[6.12-rt]=bookworm-backports
)

# All packages of this kernel which these need, and these
closure()
{
	local -A seen=()
	local queue=("$@") name
	while [[ ${#queue[@]} -gt 0 ]]; do
		name=${queue[0]}
		queue=("${queue[@]:1}")
		[[ ! ${seen[$name]:-} ]] || continue
		seen[$name]=1
		while read -r name; do
			queue+=("$name")
		done < <(apt_depends "$name" "$version" | grep -E "$parts")
	done
	printf '%s\n' "${!seen[@]}"
}

unpack_kernel()
{
	local into=$1 home=${1%.part} packages headers
	mapfile -t packages < <(closure "linux-image-$flavour" "linux-headers-$flavour")
	say "fetching linux $version: ${packages[*]}"
	apt_unpack "$into" "${packages[@]/%/=$version}"
	find "$into" -type f -name 'vmlinuz*' -exec mv {} "$into/vmlinuz" ';'
	rm -rf "${into:?}/boot"
	[[ -e $into/lib/modules ]] || ln -s usr/lib "$into/lib"
	basename "$into"/lib/modules/* > "$into/release"
	depmod -b "$into" "$(< "$into/release")"
	headers=usr/src/linux-headers-$(< "$into/release")
	ln -s "$headers" "$into/kdir"
	sed -i "s|/usr/src/|$home/usr/src/|g" "$into/$headers/Makefile"
}

case ${1:-} in
kasan | kcsan) exec tests/qemu/build.sh "$1" ;;
esac
[[ $# -eq 1 && ${suites[$1]:-} ]] || die "usage: kernel.sh ${!suites[*]} kasan kcsan"
suite=${suites[$1]}
case $1 in
*-rt) flavour=rt-amd64 ;;
*) flavour=amd64 ;;
esac
parts='^linux-(image|binary|modules|base|headers|kbuild)-'

version=$(apt_version "linux-image-$flavour" "$suite")
cached "kernel/$1-$version-$(key_of tests/qemu/kernel.sh)" unpack_kernel

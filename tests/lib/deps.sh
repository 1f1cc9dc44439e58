#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# deps.sh GROUP...: see to it that the Debian packages of these groups are
# installed; does nothing, quickly, when they are.

set -eu

declare -A groups=(
	[build]="gcc make libc6-dev pkg-config libnl-3-dev libnl-genl-3-dev
		kmod rsync"
	[uml]="gcc make libc6-dev patch bc bison flex xz-utils rsync kmod iproute2
		busybox-static debian-archive-keyring"
	[kernel]="libelf-dev"
	[qemu]="qemu-system-x86 busybox-static cpio xz-utils kmod rsync iproute2
		gojq nftables ethtool stress-ng kexec-tools pahole
		python3 python3-yaml debian-archive-keyring"
	[lint]="sparse shellcheck clang mandoc universal-ctags codespell perl
		yamllint python3 python3-yaml python3-jsonschema"
	[fuzz]="clang libclang-rt-dev make libc6-dev pkg-config libnl-3-dev
		libnl-genl-3-dev"
	[model]="spin gcc libc6-dev"
	[bench]="gnuplot-nox debian-archive-keyring"
	[test]="iproute2 gojq nftables ethtool stress-ng procps python3
		python3-nftables"
)

# A package that dpkg only knows of is "not-installed", so whole lines count
installed()
{
	[[ $(dpkg-query -W -f '${db:Status-Status}\n' "$@" 2> /dev/null |
		grep -cx installed) -eq $# ]]
}

missing()
{
	local package
	for package in "$@"; do
		installed "$package" || echo "$package"
	done
}

usage()
{
	echo "usage: deps.sh GROUP... (of: ${!groups[*]})" >&2
	exit 2
}

wanted=()
for group; do
	[[ ${groups[$group]:-} ]] || usage
	read -rd '' -a packages <<< "${groups[$group]}" || :
	wanted+=("${packages[@]}")
done
[[ ${#wanted[@]} -gt 0 ]] || usage
mapfile -t wanted < <(printf '%s\n' "${wanted[@]}" | sort -u)
! installed "${wanted[@]}" || exit 0

mapfile -t wanted < <(missing "${wanted[@]}")
as_root=(env DEBIAN_FRONTEND=noninteractive)
if [[ $EUID -ne 0 ]]; then
	if ! sudo -n true 2> /dev/null; then
		echo "deps.sh: please install: ${wanted[*]}" >&2
		exit 1
	fi
	as_root=(sudo -n "${as_root[@]}")
fi
"${as_root[@]}" apt-get -qq update >&2
"${as_root[@]}" apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install \
	"${wanted[@]}" > /dev/null

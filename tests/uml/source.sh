#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Print the path of the unpacked source of Linux 7.3, as Debian ships it plus our
# patches to UML, which is fetched first if need be.  UML is built from it;
# checkpatch, kernel-doc and YNL (tools/net/ynl) are taken from it.

set -eu
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh
. tests/lib/apt.sh

package=linux-source-7.3 suite=trixie-backports
patches=("$PWD"/tests/uml/*.patch)

unpack_source()
{
	local into=$1 patch
	say "fetching $package $version"
	apt_unpack "$into" "$package=$version"
	say "unpacking it"
	tar -C "$into" --strip-components=1 -xJf "$into/usr/src/$package.tar.xz"
	rm "$into/usr/src/$package.tar.xz"
	for patch in "${patches[@]}"; do
		patch -d "$into" -p1 -s < "$patch"
	done
}

version=$(apt_version "$package" "$suite")
cached "source/$package-$version-$(key_of "${patches[@]}")" unpack_source

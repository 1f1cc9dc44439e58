#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# rivals.sh: print a folder with the detectors that hb is measured beside, as Debian
# packages them, and what they need to run in a chroot of it. Nothing of them is
# installed on this machine. TIPC is the kernel's own.

set -eu
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh
. tests/lib/apt.sh

suite=bookworm
packages=(bird2 frr keepalived corosync serf)
programs=(
	/usr/sbin/{bird,birdc,keepalived,corosync,corosync-cfgtool}
	/usr/lib/frr/{bfdd,zebra} /usr/bin/{vtysh,serf}
)
# What is loaded by name only: transports of knet, and its sockets' event loop
plugins=(/usr/lib/x86_64-linux-gnu/kronosnet)
users=(root:0 frr:100 bird:101)

# copy_library_of ROOT PACKED FILE...: those that these need, all paths as in PACKED
copy_libraries_of()
{
	local root=$1 packed=$2 file
	shift 2
	for file; do
		chroot "$packed" /lib64/ld-linux-x86-64.so.2 --list "$file"
	done | sed -n 's|.*[ \t]\(/[^ ]*\) (0x.*|\1|p' | sort -u |
		while read -r file; do
			mkdir -p "$root${file%/*}"
			cp -L "$packed$file" "$root$file"
		done
}

make_root()
{
	local root=$1 packed=$1/packed user file name plugged
	mapfile -t versions < <(apt_closure "$suite" "${packages[@]}")
	apt_unpack "$packed" "${versions[@]}"
	mkdir -p "$root"/{etc/frr,proc,sys,dev,tmp,run/frr,var/{log,tmp,lib/corosync}}
	ln -s ../run "$root/var/run"
	for file in "${programs[@]}"; do
		mkdir -p "$root${file%/*}"
		cp -L "$packed$file" "$root$file"
	done
	(cd "$packed" && cp -rL --parents "./${plugins[0]}" ./usr/share/yang "$root")
	mapfile -t plugged < <(cd "$packed" && find ".${plugins[0]}" -name '*.so' |
		sed 's/^\.//')
	copy_libraries_of "$root" "$packed" "${programs[@]}" "${plugged[@]}"
	for user in "${users[@]}"; do
		name=${user%:*}
		echo "$name:x:${user#*:}:${user#*:}::/:/bin/false" >> "$root/etc/passwd"
		echo "$name:x:${user#*:}:" >> "$root/etc/group"
	done
	echo "frrvty:x:102:frr" >> "$root/etc/group"
	chown 100:100 "$root/run/frr"
	for name in "${packages[@]}"; do
		printf '%s\n' "${versions[@]}" | grep "^$name="
	done > "$root/versions"
	rm -r "$packed"
}

apt_update
cached "bench/rivals-$(printf '%s\n' "$(key_of tests/bench/rivals.sh)")" make_root

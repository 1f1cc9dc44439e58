#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# initramfs.sh NAME JOB OUTPUT: write the initramfs of a guest with kernel NAME.
# Its base, programs of this machine and modules of that kernel, is cached; the
# project's build, tests/vm-init and the job follow as a second archive.

set -eu
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh

programs=(
	bash stdbuf timeout sleep date stat sort mktemp seq cut tr wc head tail
	cat ls cp mv rm mkdir ln chmod touch tee env nproc printf readlink
	realpath dirname basename od paste comm uname stty id
	grep sed awk find xargs ps pgrep kill diff cmp
	taskset chrt nice renice unshare nsenter setsid setpriv mount umount
	dmesg flock prlimit logger
	ip tc ss bridge nft ethtool jq modprobe insmod rmmod lsmod modinfo
)
modules=(
	veth dummy bridge bonding ifb tun macvlan vrf 8021q nlmon pktgen af_packet
	sch_netem sch_ingress sch_prio sch_tbf sch_fq
	cls_u32 cls_flower cls_matchall act_gact act_mirred
	nf_tables nft_limit nft_numgen
	inet_diag udp_diag netlink_diag unix_diag af_packet_diag
)
data=(/etc/iproute2 /usr/share/iproute2 /usr/lib/tc)

# copy_programs ROOT FILE...: to /usr/bin, and the libraries they need
copy_programs()
{
	local root=$1 library
	shift
	cp -L "$@" "$root/usr/bin/"
	ldd "$@" 2> /dev/null | grep -o '/[^ ]*/lib[^ ]*\.so[^ ]*\|/lib64/ld[^ ]*' |
		sort -u | while read -r library; do
		library=${library#/usr}
		mkdir -p "$root/usr${library%/*}"
		cp -L "$library" "$root/usr$library"
	done
}

copy_modules()
{
	local root=$1 release
	release=$(< "$kernel/release")
	mkdir -p "$root/usr/lib/modules/$release"
	modprobe -a -D -d "$kernel" -S "$release" "${modules[@]}" |
		sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u |
		xargs cp -t "$root/usr/lib/modules/$release"
	cp -L "$kernel/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} \
		"$root/usr/lib/modules/$release"
	find "$root/usr/lib/modules" -name '*.xz' -exec xz -d {} +
	depmod -b "$root" "$release"
}

copy_busybox()
{
	local root=$1 name
	cp -L "$(command -v busybox)" "$root/usr/bin/busybox"
	busybox --list | while read -r name; do
		[[ -e $root/usr/bin/$name ]] ||
			ln -s busybox "$root/usr/bin/$name"
	done
}

# archive FOLDER: as cpio, the same bytes for the same content
archive() (
	cd "$1"
	find . -exec touch -hd @0 {} +
	find . -print0 | LC_ALL=C sort -z |
		cpio --quiet --null --create --format newc --reproducible -R 0:0
)

make_base()
{
	local into=$1 root=$1/root files
	mkdir -p "$root"/{dev,proc,sys,run,tmp,root,etc,var/tmp,hb,usr/{bin,lib,lib64}}
	ln -s usr/bin usr/lib usr/lib64 "$root"
	ln -s usr/bin "$root/sbin"
	ln -s bin "$root/usr/sbin"
	echo 'root:x:0:0:root:/root:/bin/bash' > "$root/etc/passwd"
	echo 'root:x:0:' > "$root/etc/group"
	mapfile -t files < <(type -P "${programs[@]}")
	copy_programs "$root" "${files[@]}"
	copy_busybox "$root"
	copy_modules "$root"
	mapfile -t files < <(find "${data[@]}" -maxdepth 0 2> /dev/null)
	cp --parents -rt "$root" "${files[@]}"
	archive "$root" > "$into/base.cpio"
	rm -r "$root"
}

# What the base is made from: this script, and the machine's packages
base_key()
{
	{
		cat tests/qemu/initramfs.sh
		stat -c %Y /var/lib/dpkg/status
	} | sha256sum | cut -c1-12
}

project_part()
{
	local root part
	root=$(mktemp -d)
	mkdir -p "$root"/hb/tests "$root"/usr/{bin,lib,lib64}
	cp tests/vm-init "$root/init"
	cp "$job" "$root/job"
	[[ ! -f $built/kmod/hb.ko ]] || cp "$built/kmod/hb.ko" "$root/hb"
	for part in tests/selftests tests/demo tests/figures kmod build/selftests; do
		[[ ! -d $part ]] || cp -r --parents "$part" "$root/hb"
	done
	if [[ -x build/hbctl/hbctl ]]; then
		copy_programs "$root" build/hbctl/hbctl
		mkdir -p "$root/hb/build/hbctl"
		mv "$root/usr/bin/hbctl" "$root/hb/build/hbctl"
	fi
	archive "$root"
	rm -r "$root"
}

name=$1 job=$2 output=$3
built=build/qemu-$name
kernel=$(tests/qemu/kernel.sh "$name")
base=$(cached "initramfs/${kernel##*/}-$(base_key)" make_base)
{
	cat "$base/base.cpio"
	project_part
} > "$output"

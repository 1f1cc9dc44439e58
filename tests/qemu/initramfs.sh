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
	install uniq taskset chrt nice renice unshare nsenter setsid setpriv mount umount
	dmesg flock prlimit logger script
	ip tc ss bridge tipc nft ethtool gojq modprobe insmod rmmod lsmod modinfo
	pkill stress-ng /usr/sbin/kexec
)
modules=(
	veth dummy bridge bonding ifb tun macvlan vrf 8021q nlmon pktgen af_packet
	overlay tipc
	sch_netem sch_ingress sch_prio sch_tbf sch_fq
	cls_u32 cls_flower cls_matchall act_gact act_mirred
	nf_tables nft_limit nft_numgen
	inet_diag udp_diag netlink_diag unix_diag af_packet_diag
	virtio_pci virtio_net virtio_blk e1000
)
# What tests/selftests/client.py, tests/bench and the kernel's YNL import
python="argparse, base64, collections, contextlib, ctypes, encodings.ascii, enum, fcntl,
	functools, glob, importlib, ipaddress, json, os, queue, random, re, select,
	selectors, shutil, signal, socket, struct, subprocess, sys, tempfile, termios,
	textwrap, time, traceback, typing, uuid, yaml"
data=(/etc/iproute2 /usr/share/iproute2 /usr/lib/tc)

# copy_libraries ROOT FILE...: that these need
copy_libraries()
{
	local root=$1 library
	shift
	# it fails if one of them is static
	{ ldd "$@" 2> /dev/null || :; } | sed -n 's|^[^/]*\(/[^ ]*\) (0x.*|\1|p' |
		sort -u | while read -r library; do
		library=${library#/usr}
		mkdir -p "$root/usr${library%/*}"
		cp -L "$library" "$root/usr$library"
	done
}

# copy_programs ROOT FILE...: to /usr/bin, and the libraries they need
copy_programs()
{
	local root=$1
	shift
	cp -L "$@" "$root/usr/bin/"
	copy_libraries "$root" "$@"
}

# Debian's own, with no more of its library than is imported, compiled for all
# times, as the times of files get lost here
copy_python()
{
	local root=$1 files
	mapfile -t files < <(/usr/bin/python3 -sEc "import ${python//[$'\n\t']/}
for m in list(sys.modules.values()):
    if os.path.exists(getattr(m, '__file__', None) or ''):
        print(m.__file__)" | sort -u)
	cp --parents -Lt "$root" "${files[@]}"
	copy_programs "$root" /usr/bin/python3
	mapfile -t files < <(printf '%s\n' "${files[@]}" | grep '\.so$')
	copy_libraries "$root" "${files[@]}"
	/usr/bin/python3 -m compileall -qq --invalidation-mode unchecked-hash \
		"$root"/usr/lib/python3*
}

copy_modules()
{
	local root=$1 release
	release=$(< "$kernel/release")
	mkdir -p "$root/usr/lib/modules/$release"
	[[ ${#modules[@]} -eq 0 ]] || modprobe -a -D -d "$kernel" -S "$release" "${modules[@]}" |
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
	copy_python "$root"
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
	chmod 755 "$root"	# whoever is not root wants to read it, too
	mkdir -p "$root"/hb/tests "$root"/usr/{bin,lib,lib64}
	cp tests/vm-init "$root/init"
	cp "$job" "$root/job"
	[[ ! -f $built/kmod/hb.ko ]] ||
		cp "$built"/{kmod/hb.ko,tests/stall/hb_{delay,stall}.ko} "$root/hb"
	for part in tests/selftests tests/demo tests/figures tests/ladder tests/bench kmod \
		    build/selftests Documentation/netlink; do
		[[ ! -d $part ]] || cp -r --parents "$part" "$root/hb"
	done
	[[ ! -d ${RIVALS:-} ]] || cp -a "$RIVALS" "$root/rivals"
	# the same path as here, which the job knows
	[[ ! -d ${YNL:-} ]] || cp -r --parents "$YNL" "$root"
	if [[ -x build/hbctl/hbctl ]]; then
		copy_programs "$root" build/hbctl/hbctl
		mkdir -p "$root/hb/build/hbctl"
		mv "$root/usr/bin/hbctl" "$root/hb/build/hbctl"
	fi
	archive "$root"
	rm -r "$root"
}

name=$1 job=$2 output=$3
case $name in
kasan | kcsan) modules=() ;;		# has all it needs built in
esac
built=build/qemu-$name
kernel=$(tests/qemu/kernel.sh "$name")
base=$(cached "initramfs/${kernel##*/}-$(base_key)" make_base)
{
	cat "$base/base.cpio"
	project_part
} > "$output"

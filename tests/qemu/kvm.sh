#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kvm.sh VMLINUZ: succeed if KVM runs this kernel, until it finds that it has no root.
# A /dev/kvm that opens tells little: in some virtual machines it runs simple code
# and gives up in a kernel's boot. Asked once per boot of this machine.

set -eu
cd "$(dirname "$0")/../.."
. tests/lib/cache.sh

probe()
{
	local log=$2/log
	ulimit -c 0		# QEMU may well abort
	{
		timeout 20 qemu-system-x86_64 -accel kvm -cpu host -M q35 -m 256M \
			-smp 2 -nodefaults -display none -no-reboot -kernel "$1" \
			-append "console=ttyS0 panic=-1" -serial "file:$log" || :
	} > "$2/said" 2>&1 < /dev/null
	if grep -aqs 'Unable to mount root fs' "$log"; then
		touch "$2/works"
	fi
}

[[ $# -eq 1 ]] || die "usage: kvm.sh VMLINUZ"
[[ -w /dev/kvm ]] || exit 1
found=$(cached "kvm/$(< /proc/sys/kernel/random/boot_id)" probe "$1")
[[ -e $found/works ]]

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# boot.sh NAME JOB: run stock kernel NAME under QEMU with tests/vm-init as init.
# The guest's terminal is stdin and stdout, its kernel log goes to fd 3.  With
# HB_ICOUNT the time is virtual: each instruction takes 2 ns, an idle CPU jumps to
# its next timer, and nothing differs from one run to the next.  Else KVM is used if
# it works here, or as HB_KVM=0|1 says.
# There is no network card unless HB_DEVICES, further words for QEMU, bring one.
# HB_APPEND are further words for the kernel.

set -eu
cd "$(dirname "$0")/../.."

name=$1 job=$2
kernel=$(tests/qemu/kernel.sh "$name")
tests/qemu/initramfs.sh "$name" "$job" "$TMPDIR/initramfs"

use_kvm()
{
	case ${HB_KVM:-} in
	0) false ;;
	1) true ;;
	*) tests/qemu/kvm.sh "$kernel/vmlinuz" ;;
	esac
}

append=(
	# a program at another address is translated anew: 2 to 3 times slower
	norandmaps
	# tests of cryptography and keys of modules: four tenths of the boot's time
	"initcall_blacklist=jent_mod_init,load_system_certificate_list,init_encrypted"
	cryptomgr.notests
	console=ttyS0 quiet panic=-1 nokaslr random.trust_cpu=off tsc=reliable
	printk.devkmsg=on dummy.numdummies=0 ifb.numifbs=0 bonding.max_bonds=0
	fb_tunnels=none hb_tty=ttyS1 hb_job=/job "hb_term=${TERM:-dumb}"
	${HB_SHELL:+hb_shell=1} "${HB_APPEND:-}"
)
args=(
	-name "guest,debug-threads=on"	# so that pin.py knows its CPUs
	-M q35 -m "${HB_MEM:-512M}" -nodefaults -display none -no-reboot
	-kernel "$kernel/vmlinuz" -initrd "$TMPDIR/initramfs"
	-serial file:/dev/fd/3
	-chardev "stdio,id=terminal,signal=off"
	-serial chardev:terminal
)
if [[ ${HB_ICOUNT:-} ]]; then
	args+=(
		-smp "${HB_SMP:-1}" -accel "tcg,thread=single" -icount "shift=1,sleep=off"
		-cpu "qemu64,-rdrand,-rdseed" -seed 42
		-rtc "base=2026-01-01,clock=vm"
	)
elif use_kvm; then
	args+=(-smp "${HB_SMP:-2}" -accel kvm -cpu host)
else
	# With threads, a CPU that runs into code which another one is patching
	# crashes on QEMU 7.2, and booting patches what every tick runs through.
	append+=(maxcpus=1)
	args+=(-smp "${HB_SMP:-2}" -accel "tcg,thread=multi" -cpu max)
fi
args+=(-append "${append[*]}")
# Devices that whoever calls wants: words, as the rest of a command line
read -ra devices <<< "${HB_DEVICES:-}"
args+=("${devices[@]}")

exec setpriv --pdeathsig KILL qemu-system-x86_64 "${args[@]}" 2>&3

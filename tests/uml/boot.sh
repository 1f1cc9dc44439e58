#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# boot.sh FLAVOUR JOB: run UML with the host's root, read-only, and tests/vm-init
# as init.  The guest's terminal is stdin and stdout, its kernel log goes to fd 3.
# The guest's memory is a file in $TMPDIR.

set -eu
cd "$(dirname "$0")/../.."

flavour=$1 job=$2
kernel=$(tests/uml/build.sh "$flavour")

args=(
	root=none rootfstype=hostfs rootflags=/ ro
	"uml_dir=$TMPDIR" noreboot panic=-1 quiet
	con=null con0=fd:3 "con1=fd:0,fd:1" console=tty0
	dummy.numdummies=0 ifb.numifbs=0 bonding.max_bonds=0 fb_tunnels=none
	printk.devkmsg=on kunit.enable=1 kunit.autorun=1 "init=$PWD/tests/vm-init"
	hb_overlay=1 hb_tty=tty1 "hb_job=$job" "hb_term=${TERM:-dumb}"
	${HB_SHELL:+hb_shell=1}
)
case $flavour in
smp)
	args+=("mem=${HB_MEM:-512M}" seccomp=on "ncpus=${HB_SMP:-2}")
	;;
tt)
	args+=("mem=${HB_MEM:-512M}" seccomp=on time-travel=inf-cpu
		time-travel-start=1767225600000000000)
	;;
debug)
	# slab_debug turns off SLUB's caches of free objects (sheaves), whose
	# stale pointers hide most leaks from kmemleak
	# It is slow, and the host has other guests to run: what has not gone on
	# after RCU's 26 s may still do so.
	args+=("mem=${HB_MEM:-1G}" seccomp=on "ncpus=${HB_SMP:-2}"
		kasan_multi_shot slab_debug=F rcupdate.rcu_cpu_stall_timeout=120)
	;;
esac

# What simulated time takes its random numbers from, see random.patch
export UML_RANDOM_SEED="${HB_SEED:-0}"
ulimit -c 0
exec setpriv --pdeathsig KILL "$kernel/linux" "${args[@]}" 2>&3

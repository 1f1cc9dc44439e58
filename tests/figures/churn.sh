#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# churn.sh [COUNT]: peers are deleted, a namespace is removed and the module is
# unloaded COUNT (1000) times each, while beats fly every millisecond, twenty
# peers are asked in vain and a monitor and dumps read on. unload.sh checks what the
# other side hears of each end; this is for what is left behind: nothing. Prints
# KTAP, a test for each, with the kernel's memory before and after.
#
#   +------------------+        +------------------+
#   | A   node a  eth0 +--------+ eth0  B   node b |
#   +------------------+        | eth1             |
#                               +---+--------------+
#   | C   comes and goes  eth0 -----+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../selftests/lib.sh"

COUNT=${1:-1000}
# What the first rounds keep, in caches, is no leak.
WARM=30
# A few slabs of objects of other parts of the kernel, and none of each round
MAY_GROW_KB=256
ALL_TESTS="peers namespaces module"
C=hb-churn-$$
timing="interval-us=u32:1000 multiplier=u8:250 auth=u32:0"

# beats NS NAME PEER ADDR: a node, its peer, and twenty that are not there
beats()
{
	{
		echo "node-set name=s:$2"
		echo "peer-new name=s:$3 path=[ addr4=4:$4 ] $timing"
		numbered 20 "peer-new name=s:p%s path=[ addr4=4:10.0.0.9 ] \
interval-us=u32:2000 auth=u32:0"
	} | in_ns "$1" genl -
}

# Reads all there is, while there is something to read
read_on()
{
	while :; do
		"$HBCTL" -n "$A" -j -s
		timeout 1 "$HBCTL" -n "$A" -j monitor
		sleep 0.1
	done > /dev/null 2>&1
}

one_peers()
{
	beats "$A" a b 10.0.0.2
	sleep 0.02
	hb "$A" peer del all
}

one_namespaces()
{
	ip -batch - <<- EOF
		netns add $C
		link add eth0 netns $C type veth peer name eth1 netns $B
	EOF
	plug "$C" eth0 1 1
	plug "$B" eth1 2 1
	beats "$C" c b 10.0.1.2
	sleep 0.02
	ip netns del "$C"
	busywait unplugged "$B" eth1
}

one_module()
{
	beats "$A" a b 10.0.0.2
	beats "$B" b a 10.0.0.1
	sleep 0.02
	unload_module
	insmod "$HB_KO"
}

# Without empty slabs, and without what can be read from a disk again
used_kb()
{
	local slab
	echo 3 > /proc/sys/vm/drop_caches
	for slab in /sys/kernel/slab/*/shrink; do
		echo 1 > "$slab"
	done
	kernel_kb
}

# Freed by RCU, or by a worker, it comes back within a while.
settled()
{
	end_kb=$(used_kb)
	((end_kb < begin_kb + MAY_GROW_KB))
}

churn()
{
	local i
	for ((i = 0; i < WARM; i++)); do
		"one_$1"
	done
	sleep 1
	begin_kb=$(used_kb)
	for ((i = 0; i < COUNT; i++)); do
		"one_$1" || fail "$1 $i" || return
	done
	slowwait settled || fail "$end_kb kB, not $begin_kb"
	note "$COUNT times: kernel memory $begin_kb kB before, $end_kb kB after"
}

peers()
{
	churn peers
}

namespaces()
{
	beats "$B" b c 10.0.1.1
	churn namespaces
	hb "$B" peer del all
}

module()
{
	churn module
}

need_module
setup_pair
beats "$B" b a 10.0.0.1
read_on &
defer kill $!
run_tests

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Broadcasts go round and round between two bridges that are joined twice, so that a
# CPU's queue of received packets is never empty. Who lives is heard in between; who
# is dead is told dead, for not all that comes after the deadline is waited for.
#
#   +-----------------------------+           +-------------------+
#   | A   node a                  |           | B   node b        |
#   |     10.0.0.1 eth0           +-----------+ eth0 10.0.0.2     |
#   |     left ==l0=l1== right    |           |                   |
#   |          ==m0=m1==          |           |                   |
#   +-----------------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	nobody_dies_of_it
	death_is_told
	death_is_told_by_every_cpu
"

T=$((10 * SLOW))
# Until then a verdict waits for a CPU, see HB_VERDICT_PATIENCE_NS
PATIENCE_NS=10000000000

lay_loop()
{
	local dev
	ip -n "$A" link add left type bridge 2> /dev/null ||
		skip_all "there is no bridge here"
	ip -n "$A" link add right type bridge
	# nothing but our broadcasts
	for dev in left right; do
		ip netns exec "$A" sh -c "echo 1 > \
			/proc/sys/net/ipv6/conf/$dev/disable_ipv6" 2> /dev/null
	done
	ip -n "$A" link add l0 type veth peer name l1
	ip -n "$A" link add m0 type veth peer name m1
	for dev in l0 m0; do
		ip -n "$A" link set $dev master left up
		ip -n "$A" link set ${dev/0/1} master right up
	done
	ip -n "$A" addr add 10.0.9.1/24 dev left
	ip -n "$A" link set right up
}

circulated()
{
	ip netns exec "$A" cat /sys/class/net/l0/statistics/rx_packets
}

# storm CPU: one begins there, and stays
storm()
{
	local before
	ip -n "$A" link set left up
	# shellcheck disable=SC2016 # for the inner shell
	in_ns "$A" taskset $((1 << $1)) bash -c \
		'for i in {2..17}; do echo > /dev/udp/10.0.9.$i/9; done'
	before=$(circulated)
	sleep 0.2
	check_num "packets" "$(circulated)" -gt $((before + 100))
}

calm()
{
	ip -n "$A" link set left down
}

meet()
{
	hb "$A" peer del all
	hb "$B" peer del all
	hb "$A" peer add b addr 10.0.0.2 interval ${T}ms auth none
	hb "$B" peer add a addr 10.0.0.1 interval ${T}ms auth none
	wait_for "$A" b up
	wait_for "$B" a up
}

nobody_dies_of_it()
{
	meet
	storm 0
	sleep 1
	calm
	check_eq "deaths" \
		"$(($(peer "$A" b downs) + $(peer "$B" a downs)))" 0
}

# told_on CPU: a death, by the node that the storm is at, while it is on that CPU
told_on()
{
	local since late
	meet
	storm "$1"
	since=$(next_event "$A")
	silence "$B"
	wait_for "$A" b down
	calm
	unsilence "$B"
	late=$(hb "$A" -j events since "$since" |
		jq 'map(select(.event == "state" and .to == "down"))[0].late_ns')
	note "late on CPU $1: $((late / 1000)) us"
	check_num "late" "$late" -lt $PATIENCE_NS
}

death_is_told()
{
	told_on 0
}

death_is_told_by_every_cpu()
{
	local cpu
	[[ $(nproc) -gt 1 ]] || skip "there is one CPU only" || return
	for ((cpu = 1; cpu < $(nproc); cpu++)); do
		told_on $cpu
	done
}

# shorten WHAT: packets at a time, to 8, and back in the end
shorten()
{
	local file=/proc/sys/net/core/$1
	defer sh -c "echo $(< "$file") > $file"
	echo 8 > "$file"
}

need_module
need_netem
need taskset
# There nothing bounds what a receive softirq finds to do, RCU waits for it, and what
# is freed fills the memory.
[[ $(uname -v) != *PREEMPT_RT* ]] ||
	skip_all "a loop of packets takes a CPU of a real-time kernel for good"
# With all checks a round of that softirq takes so long that no time is left between
# two, unless it is a short one.
case ${HB_VEHICLE:-} in
*debug | *san)
	shorten netdev_budget
	shorten dev_weight
	;;
esac
setup_pair
lay_loop
run_tests

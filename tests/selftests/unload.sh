#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The end, again and again, with beats, timers, dumps and monitors in flight: of
# the module, of a namespace, of all peers. COUNT (20; 5 where it is slow) times each.
#
#   +-----------------------+           +-------------------+
#   | A   node a            |           | B   node b        |
#   |     10.0.0.1     eth0 +-----------+ eth0 10.0.0.2     |
#   | monitors, dumps,      |           |                   |
#   | 100 peers at nowhere  |           |                   |
#   +-----------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

COUNT=$(often 20 5)
PEERS=100
# Beats come as fast as is useful, but leave the CPU to others too: to a neighbour that
# does not answer, each takes 80 us in User-Mode Linux on a slow host, so that every 2
# ms nothing else ran any more. That matters most to KASAN: what is freed waits in a
# quarantine that only allocations which may sleep empty, so softirqs that let nobody
# else run fill the memory, and stall RCU. Emulated on two CPUs, such a kernel
# needs two thirds of its time for 2000 beats a second, and got half of it once.
case ${HB_VEHICLE:-} in
*debug) EVERY_US=100000 ;;
*san) EVERY_US=500000 ;;
*) EVERY_US=20000 ;;
esac

ALL_TESTS="
	peers
	namespaces
	module
	memory
"

# load NS: a hundred peers that beat into the void
load()
{
	numbered $PEERS "peer-new name=s:p%s path=[ addr4=4:10.0.0.9 ] auth=u32:0 \
interval-us=u32:$EVERY_US" | in_ns "$1" genl -
}

timing=(interval "${SLOW}ms" multiplier 250 auth none)

# A and B watch each other every millisecond
pair()
{
	hb "$A" node set name a
	hb "$B" node set name b
	hb "$A" peer add b addr 10.0.0.2 "${timing[@]}"
	hb "$B" peer add a addr 10.0.0.1 "${timing[@]}"
	wait_for "$A" b up
	wait_for "$B" a up
}

# Reads all there is until it can't be read
read_on()
{
	while "$HBCTL" -n "$1" -j -s > /dev/null 2>&1; do
		"$HBCTL" -n "$1" -j events > /dev/null 2>&1 || break
	done
}

peers()
{
	local i reader
	pair
	read_on "$A" &
	reader=$!
	for ((i = 0; i < COUNT; i++)); do
		load "$A" || fail "load $i"
		wait_for "$B" a up || break
		hb "$A" peer del all || fail "delete $i"
		wait_for "$B" a left || break
		check_eq "reason" "$(peer "$B" a reason)" goodbye
		hb "$A" peer add b addr 10.0.0.2 "${timing[@]}"
	done
	wait_for "$A" b up
	kill $reader
	wait $reader
	hb "$A" peer del all
}

# Makes A with its cable
plug_in()
{
	ip netns add "$A"
	ip -n "$A" link set lo up
	link "$A" eth0 1 "$B" eth0 2
}

pull_out()
{
	ip netns del "$A"
	busywait unplugged "$B" || fail "A does not go"
}

# A new namespace at the other end of B's cable each time
namespaces()
{
	local i monitor reader
	hb "$B" peer del all
	pull_out
	for ((i = 0; i < COUNT; i++)); do
		plug_in
		hb "$B" peer del a 2> /dev/null
		pair || break
		load "$A"
		read_on "$A" &
		reader=$!
		listen "$A" "$TMP/monitor"
		monitor=$!
		# a process in a namespace would keep it
		kill $monitor
		wait $monitor
		ip netns del "$A"
		wait_for "$B" a left || break
		check_eq "reason" "$(peer "$B" a reason)" namespace
		# it ends by itself, unless it finds the next A at this name
		kill $reader 2> /dev/null
		wait $reader
		busywait unplugged "$B" || fail "A $i does not go" || break
	done
	plug_in
	hb "$B" peer del all
}

module()
{
	local i monitor reader code
	need_ko_here || return
	for ((i = 0; i < COUNT; i++)); do
		pair || break
		load "$A"
		load "$B"
		read_on "$A" &
		reader=$!
		listen "$A" "$TMP/monitor"
		monitor=$!
		listen "$B" "$TMP/monitor2"
		# while a dump is under way, it holds the module
		busywait rmmod hb 2> /dev/null || fail "rmmod $i" || break
		wait $monitor
		code=$?
		check_eq "end of the monitor" $code 4
		# without a module there is nothing to read
		wait $reader
		insmod "$HB_KO" || fail "insmod $i" || break
	done
	check_eq "peers after it all" "$(hb "$A" -j peer show | jq length)" 0
}

need_ko_here()
{
	[[ -e ${HB_KO:-} ]] || skip "HB_KO does not name the module to load"
}

# With two nodes and no peers, as at the start: a leak of the peers of a cycle,
# or of a ring of events, is more than this
memory()
{
	hb "$A" node set name a
	hb "$B" node set name b
	hb "$A" peer del all
	hb "$B" peer del all
	slowwait calm || fail "$(kernel_kb) kB, not $at_start"
	note "$at_start kB at the start, $(kernel_kb) kB at the end"
}

calm()
{
	(($(kernel_kb) < at_start + 1024 + COUNT * 64 + quarantine_kb))
}

need_module
setup_pair
load "$A" && load "$B"
hb "$A" peer del all
hb "$B" peer del all
at_start=$(kernel_kb)
# What KASAN may hold back, a 32nd of the memory; leaks are found by kmemleak there.
quarantine_kb=0
[[ ${HB_VEHICLE:-} != *@(debug|kasan) ]] ||
	quarantine_kb=$(awk '/^MemTotal:/ { print int($2 / 32) }' /proc/meminfo)
run_tests

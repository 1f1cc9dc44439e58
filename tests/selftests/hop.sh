#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A beat goes from CPU to CPU (receive packet steering) while both stand still, one after
# the other: the second one is done with its queue before the first one hands it the beat.
# Nobody dies of it. Needs three CPUs; node a judges on CPU 0.
#
#   +------------------+         +-----------------------+         +-----------------+
#   | A   node a       |         | R   a router          |         | B   node b      |
#   |    10.0.0.1 eth0 +---------+ ra 10.0.0.3           |         |                 |
#   |         by CPU 2 |         |           10.0.1.3 rb +---------+ eth0 10.0.1.2   |
#   +------------------+         |              by CPU 1 |         +-----------------+
#                                +-----------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	handed_on_beats_are_heard
	handed_on_beats_unheard_are_a_death
"

STALL=/sys/module/hb_stall/parameters
DRAIN=/sys/module/hb/parameters/drain
# An interval; D is three. CPU 1 stands still for six, CPU 2 for six from the fifth on.
T=$((50 * SLOW))

# steer NS DEV CPU|none: what arrives there
steer()
{
	local mask=0
	[[ $3 == none ]] || mask=$((1 << $3))
	ip netns exec "$1" sh -c "echo $mask > /sys/class/net/$2/queues/rx-0/rps_cpus"
}

# All timers are on CPU 0 to begin with, as is all that is received.
fresh()
{
	hb "$A" peer del all
	hb "$B" peer del all
	taskset 1 "$HBCTL" -n "$A" peer add b addr 10.0.1.2 interval ${T}ms auth none
	taskset 1 "$HBCTL" -n "$B" peer add a addr 10.0.0.1 interval ${T}ms auth none
	wait_for "$A" b up
	wait_for "$B" a up
}

hand_on()
{
	fresh
	steer "$R" rb 1
	steer "$A" eth0 2
	pause_ms $((6 * T))
	taskset 4 sh -c "echo 2 $((6 * T)) $((5 * T)) > $STALL/later
		echo 1 $((6 * T)) > $STALL/stall"
	pause_ms $((12 * T))
	steer "$R" rb none
	steer "$A" eth0 none
}

handed_on_beats_are_heard()
{
	local saves
	saves=$(stat "$A" drain_saves)
	hand_on
	check_eq "deaths" "$(peer "$A" b downs)" 0
	check_num "verdicts put off in vain" "$(stat "$A" drain_saves)" -gt "$saves"
	# so it was not heard before the second CPU went on
	check_num "longest silence, ns" "$(hb "$A" -j stats peers b |
		jq '.[0].gap_max_ns')" -gt $((9 * T * 1000000))
}

handed_on_beats_unheard_are_a_death()
{
	echo 0 > $DRAIN
	hand_on
	echo 1 > $DRAIN
	check_num "deaths" "$(peer "$A" b downs)" -gt 0
}

need_module
need taskset
[[ $(nproc) -gt 2 ]] || skip_all "there are less than three CPUs"
load_stall
setup_ns A R B
link "$A" eth0 1 "$R" ra 3 0
link "$B" eth0 2 "$R" rb 3 1
[[ -e /sys/class/net/lo/queues/rx-0/rps_cpus ]] ||
	skip_all "this kernel can't steer packets to a CPU"
ip netns exec "$R" sysctl -qw net.ipv4.ip_forward=1
ip -n "$A" route add default via 10.0.0.3
ip -n "$B" route add default via 10.0.1.3
hb "$A" node set name a
hb "$B" node set name b
run_tests

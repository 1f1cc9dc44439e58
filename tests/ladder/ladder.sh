#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ladder.sh [RUNG...]: does a node tell the truth under load? In a guest, as root.
# a and b beat to each other and live all the time: whatever either says of the
# other's death is false. c's peers on d come up, fall silent and die again and
# again: each of these deaths is true and has to be told; at the end, still under
# load, d is gone for good, and no peer may stay up. Prints KTAP, a test and its
# figures for each rung and interval. SECONDS_EACH (60), INTERVALS (10ms 1ms),
# HB_PARAMS for the module, such as standby=0 for an ablation. ADVISED=1 does first what
# hbctl says of the hazard preempt-rt. The rung `paused` is for paused.sh, on the host.
#
#   +---+ veth +---+        +---+ veth +--------------+
#   | a +------+ b |        | c +------+ d  fakepeer  |
#   +---+      +---+        +---+      +--------------+

set -u
cd "$(dirname "$0")/../.." || exit
. tests/figures/cable.sh
. tests/ladder/load.sh
: "${SECONDS_EACH:=60}" "${INTERVALS:=10ms 1ms}" "${HB_PARAMS:=}"
DEATHS=4	# peers of c that die over and over
# A peer that is silent for so long has to be dead: HB_VERDICT_PATIENCE_NS, and some
LONGEST_S=12
fakepeer=$PWD/build/selftests/fakepeer
rungs=("$@")
[[ ${#rungs[@]} -gt 0 ]] || rungs=(idle cfs fifo-one fifo-all timer sock udp loss
	stall-100 stall-1000)

# nodes INTERVAL: fresh ones, with all counters at 0
nodes()
{
	local i
	cable a b 9.1
	cable c d 9.2
	hbctl -n a node set name a key-file /tmp/key
	hbctl -n b node set name b key-file /tmp/key
	hbctl -n c node set name c
	hbctl -n a peer add b addr 10.9.1.2 interval "$1"
	hbctl -n b peer add a addr 10.9.1.1 interval "$1"
	ip netns exec d "$fakepeer" 10.9.2.2 7694 > /dev/null &
	fake=$!
	for ((i = 0; i < DEATHS; i++)); do
		hbctl -n c peer add "d$i" addr 10.9.2.2 interval "$1" auth none
	done
}

no_nodes()
{
	kill -KILL "$fake"
	wait "$fake" 2> /dev/null
	ip netns del a
	ip netns del b
	ip netns del c
	ip netns del d
	sleep 0.2
}

# number NAMESPACE COMMAND FILTER: out of hbctl's JSON
number()
{
	# shellcheck disable=SC2086 # a command
	hbctl -n "$1" -j $2 | gojq "$3"
}

# All peers of c are dead, and have died as often as they came up
all_told()
{
	hbctl -n c -j peer show |
		gojq -e 'all(.state == "down" and .ups == .downs)' > /dev/null
}

# No answer from d any more: sets $untold to the peers of c that stay up. It is only
# stopped: to end, it may have to wait for RCU, and that for the hogs.
end_of_d()
{
	local end=$((SECONDS + LONGEST_S))
	kill -STOP "$fake"
	until all_told || ((SECONDS > end)); do
		sleep 0.1
	done
	untold=$(number c "peer show" 'map(.ups - .downs) | add')
}

# rung NUMBER NAME INTERVAL
rung()
{
	local n=$1 downs a b deaths untold
	shift
	nodes "$2"
	sleep 1
	a=$(number a "peer show" '.[0].downs') b=$(number b "peer show" '.[0].downs')
	start_load "$1" a b
	sleep "$SECONDS_EACH"
	end_of_d
	downs=$(($(number a "peer show" '.[0].downs') - a +
		$(number b "peer show" '.[0].downs') - b))
	stop_load
	printf '# %-10s %-5s false %s lost %s late-max-us %s gap-max-us %s ' \
		"$1" "$2" "$downs" \
		"$(number a "stats peers" '.[0].rx_lost')" \
		"$(number a "stats peers" '.[0].late_max_ns / 1000 | floor')" \
		"$(number a "stats peers" '.[0].gap_max_ns / 1000 | floor')"
	printf 'standby %s stalls %s drains %s saves %s ' \
		"$(number a stats '.[0].tx_standby')" \
		"$(number a stats '.[0].stalls')" \
		"$(number a stats '.[0].drains')" \
		"$(number a stats '.[0].drain_saves')"
	true_deaths
	printf '# hazards: %s\n' "$(hbctl -n a -j node show |
		gojq -r '.[0].hazards // ["none"] | join(" ")')"
	no_nodes
	if [[ $downs -eq 0 && $deaths -gt 0 && $untold -eq 0 ]]; then
		echo "ok $n $1 at $2: no false death in $SECONDS_EACH s"
	else
		echo "not ok $n $1 at $2: $downs false deaths, $deaths true ones," \
			"$untold of them untold"
	fi
}

# How long the dead had been silent: on average and at most over the whole rung, as
# the kernel has counted; the median of those only whose events it still has.
true_deaths()
{
	local silences
	deaths=$(number c "peer show" 'map(.downs) | add')
	silences=$(hbctl -n c -j events | gojq -c '[.[] |
		select(.event == "state" and .to == "down") |
		.silence_ns / 1000 | floor] | sort')
	printf 'deaths %s untold %s silence-us mean %s max %s ' \
		"$deaths" "$untold" \
		"$(number c "node show" '.[0].qos.detection_avg_ns / 1000 | floor')" \
		"$(number c "node show" '.[0].qos.detection_max_ns / 1000 | floor')"
	printf 'median-of-last-%s %s\n' "$(gojq length <<< "$silences")" \
		"$(gojq '.[length / 2 | floor]' <<< "$silences")"
}

# Softirqs and timers before the hogs
follow_advice()
{
	local comm
	for comm in /proc/[0-9]*/comm; do
		[[ $(< "$comm") != @(ksoftirqd|ktimers)/* ]] ||
			chrt -f -p 55 "$(basename "${comm%/comm}")"
	done
}

# shellcheck disable=SC2086 # words
insmod "$HB_KO" $HB_PARAMS && insert_stall || exit
# A kernel that has no random numbers yet does not get them for a real-time task.
(umask 077 && rm -f /tmp/key && hbctl key generate /tmp/key) || exit
echo -1 > /proc/sys/kernel/sched_rt_runtime_us
[[ ! ${ADVISED:-} ]] || follow_advice
chrt -f -p 60 $$ > /dev/null
echo "KTAP version 1"
echo "1..$((${#rungs[@]} * $(wc -w <<< "$INTERVALS")))"
n=0
for name in "${rungs[@]}"; do
	for interval in $INTERVALS; do
		rung $((++n)) "$name" "$interval"
	done
done

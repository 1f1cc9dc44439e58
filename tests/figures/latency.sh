#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# latency.sh DEATHS: time from a deadline (last beat plus K times T) to the
# multicast of the death, over so many deaths at T = 10 ms and at T = 1 ms. For the
# guest with virtual time, where it is bounded and the same in every run; prints
# KTAP, with the figures in comments.
#
#   +---------+  veth  +--------------------------+
#   | watcher +--------+ fakepeer: answers a first |
#   +---------+        | beat, then stays silent   |
#                      +---------------------------+

set -eu
cd "$(dirname "$0")/../.."
deaths=${1:-1000}
# What has to hold. The aim, 20 us, is missed when a beat, a tick of the kernel and the
# end of a process come together just before a death.
bound_ns=40000
tracing=/sys/kernel/tracing
fakepeer=$PWD/build/selftests/fakepeer

setup()
{
	insmod "$HB_KO"
	ip netns add watcher
	ip netns add silent
	ip link add eth0 netns watcher type veth peer name eth0 netns silent
	ip -n watcher addr add 10.8.0.1/24 dev eth0
	ip -n silent addr add 10.8.0.2/24 dev eth0
	ip -n watcher link set eth0 up
	ip -n silent link set eth0 up
	ip netns exec silent "$fakepeer" 10.8.0.2 7694 &
	hbctl -n watcher node set name watcher
	hbctl -n watcher monitor > /dev/null &
	# Deaths only: events of type 0, state, to state 2, down
	echo 'type == 0 && to == 2' > $tracing/events/hb/hb_event_sent/filter
	echo 1 > $tracing/events/hb/hb_event_sent/enable
}

ages()
{
	sed -n 's/.*hb_event_sent:.* age=\([0-9]*\)$/\1/p' $tracing/trace |
		head -n "$deaths"
}

# Not by the trace, which is read with interrupts off.
died()
{
	hbctl -n watcher -j peer show silent | grep -o '"downs":[0-9]*' |
		cut -d: -f2
}

# measure INTERVAL: prints the figures, fails above the bound
measure()
{
	local sorted
	echo > $tracing/trace
	hbctl -n watcher peer add silent addr 10.8.0.2 interval "$1" auth none
	until [[ $(died) -ge $deaths ]]; do
		sleep 1
	done
	hbctl -n watcher peer del silent
	mapfile -t sorted < <(ages | sort -n)
	echo "# interval $1: deaths ${#sorted[@]}, deadline to multicast in ns:" \
		"min ${sorted[0]} median ${sorted[deaths / 2]}" \
		"max ${sorted[deaths - 1]}"
	echo "# first: $(ages | head -n 8 | tr "\n" " ")"
	echo "# slowest: ${sorted[*]: -8}"
	echo "# fingerprint $(ages | md5sum | cut -c1-12)"
	[[ ${sorted[deaths - 1]} -lt $bound_ns ]]
}

setup
echo "KTAP version 1"
echo "1..2"
n=0
for interval in 10ms 1ms; do
	n=$((n + 1))
	verdict=ok
	measure "$interval" || verdict="not ok"
	echo "$verdict $n $deaths deaths at $interval are told within $bound_ns ns"
done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# latency.sh DEATHS: time from a deadline (last beat plus K times T) to the
# multicast of the death, over so many deaths at T = 10 ms and at T = 1 ms. For the
# guest with virtual time, where it is bounded and the same in every run; prints
# KTAP, with the figures in comments.

set -eu
cd "$(dirname "$0")/../.."
. tests/figures/watcher.sh

deaths=${1:-1000}
# What has to hold. The aim, 20 us, is missed when a beat, a tick of the kernel and the
# end of a process come together just before a death.
bound_ns=40000

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
	watch "$1"
	until [[ $(died) -ge $deaths ]]; do
		sleep 1
	done
	hbctl -n watcher peer del silent
	mapfile -t sorted < <(ages "$deaths" | sort -n)
	echo "# interval $1: deaths ${#sorted[@]}, deadline to multicast in ns:" \
		"min ${sorted[0]} median ${sorted[deaths / 2]}" \
		"max ${sorted[deaths - 1]}"
	echo "# first: $(ages 8 | tr "\n" " ")"
	echo "# slowest: ${sorted[*]: -8}"
	echo "# fingerprint $(ages "$deaths" | md5sum | cut -c1-12)"
	[[ ${sorted[deaths - 1]} -lt $bound_ns ]]
}

setup_watcher
echo "KTAP version 1"
echo "1..2"
n=0
for interval in 10ms 1ms; do
	n=$((n + 1))
	verdict=ok
	measure "$interval" || verdict="not ok"
	echo "$verdict $n $deaths deaths at $interval are told within $bound_ns ns"
done

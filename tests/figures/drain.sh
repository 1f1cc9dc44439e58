#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# drain.sh DEATHS [INTERVAL]: what it costs to hear all that is queued before a peer
# is judged: time from a deadline to the multicast of the death with drain=1 and
# with drain=0, over so many deaths each, by turns in the same run. First on a quiet
# node; then on one that gets packets in bursts of 600, of which the receive softirq
# leaves half for its next round. Prints KTAP, with the figures in comments. With two
# CPUs in virtual time these run by turns, so that only the median tells anything.

set -eu
cd "$(dirname "$0")/../.."
. tests/figures/watcher.sh

deaths=${1:-1000}
interval=${2:-10ms}
each=50			# deaths before it is the other's turn
aim_ns=50000		# at most, in virtual time on a quiet node, in the middle
param=/sys/module/hb/parameters/drain
told=$(mktemp -d)
blaster=

# Bursts: netem holds packets back and lets them go together; a device that sends
# more in one round than one receives leaves some in the queue. Beats wait there too.
blast()
{
	sysctl -qw net.core.dev_weight_tx_bias=10
	tc -n silent qdisc add dev eth0 root netem limit 1200 \
		slot 5ms 9ms packets 600
	ip netns exec silent python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    s.sendto(b"", ("10.8.0.1", 9))
' &
	blaster=$!
}

drains()
{
	hbctl -n watcher -j stats | grep -o '"drains":[0-9]*' | cut -d: -f2
}

# turn LOAD DRAIN: adds to the ages, and to the drains
turn()
{
	local before
	echo "$2" > $param
	before=$(drains)
	echo > $tracing/trace
	until [[ $(ages $each | wc -l) -ge $each ]]; do
		sleep 0.3
	done
	ages $each >> "$told/$1-$2"
	drained[$2]=$((${drained[$2]} + $(drains) - before))
}

# figures LOAD DRAIN: a line of them; sets $median[DRAIN]
figures()
{
	local sorted
	mapfile -t sorted < <(sort -n "$told/$1-$2")
	median[$2]=${sorted[${#sorted[@]} / 2]}
	echo "# $1, drain=$2: deaths ${#sorted[@]}, verdicts put off ${drained[$2]};" \
		"deadline to multicast in ns: min ${sorted[0]}" \
		"median ${median[$2]}" \
		"p99 ${sorted[(${#sorted[@]} * 99 - 1) / 100]} max ${sorted[-1]}"
}

# compare LOAD
compare()
{
	local n
	drained=(0 0) median=(0 0)
	for ((n = 0; n < deaths; n += each)); do
		turn "$1" 1
		turn "$1" 0
	done
	figures "$1" 0
	figures "$1" 1
}

setup_watcher
watch "$interval"
echo "KTAP version 1"
echo "1..2"
compare quiet
cost_ns=$((median[1] - median[0]))
if [[ ! ${HB_ICOUNT:-} ]]; then
	echo "ok 1 quiet: $cost_ns ns # SKIP a bound needs virtual time"
elif [[ $cost_ns -le $aim_ns ]]; then
	echo "ok 1 quiet: $cost_ns ns, no more than $aim_ns"
else
	echo "not ok 1 quiet: $cost_ns ns, more than $aim_ns"
fi
blast
compare bursts
kill $blaster
if [[ ${drained[1]} -gt 0 && ${drained[0]} -eq 0 ]]; then
	echo "ok 2 bursts: verdicts are put off, and only with drain=1"
else
	echo "not ok 2 bursts: verdicts are put off, and only with drain=1"
fi

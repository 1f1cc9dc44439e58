#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# wan.sh wan|cell [HOURS]: a bad path in simulated time, for the guest uml-tt.
# Three pairs of nodes have a path of the same kind each: one detects with fixed
# K x T, one adaptively, one as `hbctl tune` proposes by what the first one has
# measured in the first quarter of the time (for a mistake an hour). Now and then
# the left nodes' peers die for true and come back as a new life. Prints detection
# times of those deaths, from the death on, and mistakes, and what tune had said.
#
# Netem takes its randomness from the kernel, there from HB_SEED: a run is repeated
# exactly as long as nothing in the guest changes.
#
#   +------+  veth, netem at both ends  +-------+
#   | left +----------------------------+ right |   three times
#   +------+                            +-------+

set -eu
cd "$(dirname "$0")/../.."
. tests/figures/cable.sh
kind=${1:-wan}
hours=${2:-24}
pairs=(fixed adaptive tuned)
out=$(mktemp -d)
RANDOM=42

# A normal jitter of 20 ms, losses of 2 % in bursts of 2.5 on average; or a jitter
# of 200 ms and, once in a minute, an outage of up to 2 s
case $kind in
wan)
	interval=100ms
	path="delay 80ms 20ms distribution normal loss gemodel 0.8% 40%"
	;;
cell)
	interval=500ms
	path="delay 250ms 200ms"
	;;
*)
	echo "usage: wan.sh wan|cell [HOURS]" >&2
	exit 2
	;;
esac

# uniform FROM TO: a random whole number
uniform()
{
	echo $(($1 + (RANDOM * 32768 + RANDOM) % ($2 - $1 + 1)))
}

now()
{
	cut -d' ' -f1 /proc/uptime
}

# network PAIR CHANGE: how the packets of the right node fare
network()
{
	# shellcheck disable=SC2086 # words
	tc -n "right-$1" qdisc replace dev eth0 root netem limit 1000 $path $2
}

setup()
{
	local left=left-$1 right=right-$1
	cable "$left" "$right" 9.0
	# shellcheck disable=SC2086 # words
	tc -n "$left" qdisc replace dev eth0 root netem limit 1000 $path
	network "$1" ""
	hbctl -n "$left" node set name left
	hbctl -n "$right" node set name right
	hbctl -n "$left" -j monitor > "$out/$1" 2> /dev/null &
}

# start PAIR INTERVAL WORDS...: the right node watches as the left one does
start()
{
	local pair=$1 t=$2
	shift 2
	hbctl -n "left-$pair" peer add right addr 10.9.0.2 interval "$t" \
		auth none "$@"
	hbctl -n "right-$pair" peer add left addr 10.9.0.1 interval "$t" \
		auth none "$@"
	intervals[$pair]=$t
}

die()
{
	ip -n "right-$1" link set eth0 down
	echo "{\"kill\": $(now)}" >> "$out/$1.true"
}

# With another name in between, the node begins a new life.
live_again()
{
	local right=right-$1
	hbctl -n "$right" peer del all
	hbctl -n "$right" node set name other
	hbctl -n "$right" node set name right
	ip -n "$right" link set eth0 up
	hbctl -n "$right" peer add left addr 10.9.0.1 auth none \
		interval "${intervals[$1]}"
	echo "{\"live\": $(now)}" >> "$out/$1.true"
}

outages()
{
	local pair
	while sleep "$(uniform 5 115)"; do
		for pair in "${pairs[@]}"; do
			network "$pair" "loss 100%"
		done
		sleep "$(uniform 0 1).$(uniform 100 999)"
		for pair in "${pairs[@]}"; do
			network "$pair" ""
		done
	done
}

take_advice()
{
	local us k
	hbctl -n left-fixed -j tune right mistakes 1/hour > "$out/advice"
	us=$(gojq -r '.[0].proposed.interval_us' "$out/advice")
	k=$(gojq -r '.[0].proposed.multiplier' "$out/advice")
	start tuned "${us}us" multiplier "$k"
	hbctl -n left-fixed tune right mistakes 1/hour
	advised=$(now)
	for pair in "${pairs[@]}"; do
		hbctl -n "left-$pair" -j peer show > "$out/$pair.then"
	done
}

# A few deaths an hour, of all pairs alike
deaths()
{
	local pair end=$1 running=$2
	while [[ $(now | cut -d. -f1) -lt $end ]]; do
		sleep "$(uniform 300 900).$(uniform 0 9)$(uniform 0 9)"
		for pair in $running; do
			die "$pair"
		done
		sleep 60
		for pair in $running; do
			live_again "$pair"
		done
	done
}

declare -A intervals
insmod "$HB_KO"
for pair in "${pairs[@]}"; do
	setup "$pair"
done
start fixed "$interval"
start adaptive "$interval" detect adaptive
[[ $kind == wan ]] || outages &
seconds=$((hours * 3600))
deaths $((seconds / 4)) "fixed adaptive"
take_advice
sleep 10
deaths $seconds "${pairs[*]}"
for pair in "${pairs[@]}"; do
	hbctl -n "left-$pair" -j peer show > "$out/$pair.end"
done
python3 tests/figures/wan.py "$out" "$advised" "$(now)" "${pairs[@]}"
kill %% 2> /dev/null || :

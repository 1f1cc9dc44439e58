#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# jitter.sh [SECONDS]: how often the living are declared dead at 10 ms x 3 on a path that
# loses 1 % of the packets and delays them by more or less, in simulated time, for the
# guest uml-tt. Three beats lost in a row are a mistake by chance, once in 2.8 hours a
# direction; two are, if the third comes too late. Prints KTAP, with the figures in
# comments; what has to hold is that nobody dies where nothing is lost, and that a jitter
# of 2 % of T makes losses hardly deadlier: beats leave early enough for that.
#
#   +------+  veth, netem at both ends  +-------+
#   | l1   +----------------------------+ r1    |   a pair for each path
#   +------+                            +-------+

set -eu
cd "$(dirname "$0")/../.."
. tests/figures/cable.sh
seconds=${1:-1800}
paths=("delay 1ms loss 1%"
	"delay 1ms 50us distribution normal loss 1%"
	"delay 1ms 200us distribution normal loss 1%"
	"delay 2ms 500us distribution normal loss 1%"
	"delay 4ms 1ms distribution normal loss 1%"
	"delay 4ms 1ms distribution normal")

# node SIDE NUMBER PEER ADDRESS PATH
node()
{
	# shellcheck disable=SC2086 # words
	tc -n "$1$2" qdisc replace dev eth0 root netem limit 1000 $5
	hbctl -n "$1$2" node set name "$1"
	hbctl -n "$1$2" peer add "$3" addr "$4" interval 10ms auth none
}

# downs SIDE NUMBER: fails if the peer never was up
downs()
{
	hbctl -n "$1$2" -j peer show | gojq -e '.[0] | select(.ups > 0) | .downs'
}

insmod "$HB_KO"
for i in "${!paths[@]}"; do
	cable "l$i" "r$i" "9.$i"
	node l "$i" r "10.9.$i.2" "${paths[i]}"
	node r "$i" l "10.9.$i.1" "${paths[i]}"
done
sleep "$seconds"
echo "KTAP version 1"
echo "1..2"
deaths=()
for i in "${!paths[@]}"; do
	left=$(downs l "$i")
	right=$(downs r "$i")
	deaths+=($((left + right)))
	echo "# ${paths[i]}: ${deaths[i]} deaths in $seconds s"
done

# most NUMBER PATH DEATHS TEXT
most()
{
	local verdict=ok
	((deaths[$2] <= $3)) || verdict="not ok"
	echo "$verdict $1 $4"
}

# those by chance are one in 5000 s, of both directions
most 1 5 0 "nobody dies of jitter alone"
most 2 2 $((2 + seconds / 2000)) "who dies of losses does not for 0.2 ms of jitter"

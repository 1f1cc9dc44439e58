#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# idle.sh SECONDS [INTERVAL]: two nodes beat to each other in real time on an idle
# guest; counts false deaths (of nodes that live, so all), verdicts put off because
# a timer was late, and how late timers ran at most. Prints KTAP.
#
#   +------+  veth  +-------+
#   | left +--------+ right |   T = 1 ms, K = 3
#   +------+        +-------+

set -eu
cd "$(dirname "$0")/../.."
. tests/figures/cable.sh
seconds=${1:-60}
interval=${2:-1ms}

setup()
{
	insmod "$HB_KO"
	cable left right 9.0
	(umask 077 && hbctl key generate /tmp/idle.key)
	hbctl -n left node set name left key-file /tmp/idle.key
	hbctl -n right node set name right key-file /tmp/idle.key
	hbctl -n left peer add right addr 10.9.0.2 interval "$interval"
	hbctl -n right peer add left addr 10.9.0.1 interval "$interval"
}

# field NAMESPACE COMMAND NAME: a number out of hbctl's JSON
field()
{
	# shellcheck disable=SC2086 # a command
	hbctl -n "$1" -j $2 | grep -o "\"$3\": *[0-9]*" | grep -o '[0-9]*$' |
		head -n 1
}

setup
sleep "$seconds"
downs=0
for node in left right; do
	down=$(field "$node" "peer show" downs)
	downs=$((downs + down))
	echo "# $node: false deaths $down," \
		"stalls $(field "$node" stats stalls)," \
		"late at most $(field "$node" "stats peers" late_max_ns) ns," \
		"longest gap $(field "$node" "stats peers" gap_max_ns) ns," \
		"beats heard $(field "$node" stats rx_beats)"
done
echo "KTAP version 1"
echo "1..1"
if [[ $downs -eq 0 ]]; then
	echo "ok 1 no false death in $seconds s at $interval x 3"
else
	echo "not ok 1 $downs false deaths in $seconds s at $interval x 3"
fi

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ablation.sh [SECONDS [SEEDS]]: which defence saves the living, and from what? On the
# host: false deaths of the ladder at T = 1 ms, so many seconds (15) a rung, with defences
# switched off, and of seeds (100) of random stalls in simulated time. The ladder runs in
# real time, so on a machine with nothing else to do.

set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-15} seeds=${2:-100}
rungs="cfs fifo-one fifo-all timer udp stall-100 stall-1000"

# in_guest VEHICLE COMMAND...: sets $said. False deaths fail a test, that is what is
# looked for; no figure comes of a guest that ends otherwise.
in_guest()
{
	local vehicle=$1
	shift
	said=$(tests/guest --quiet --timeout 1200 "$vehicle" -- "$@") || [[ $? -eq 1 ]]
}

# ladder PARAMETERS: a line for each rung, as ladder.sh has it, shorter
ladder()
{
	# shellcheck disable=SC2086 # words
	in_guest uml-smp env HB_PARAMS="$1" SECONDS_EACH="$seconds" INTERVALS=1ms \
		tests/ladder/ladder.sh $rungs
	awk '/^# .* false / {
		printf "  %-10s", $2
		for (i = 3; i < NF; i++)
			if ($i ~ /^(false|standby|stalls|saves|untold)$/)
				printf " %s %s", $i, $(i + 1)
		print ""
	}' <<< "$said"
}

simulated()
{
	in_guest uml-tt env HB_PARAMS="$1" python3 tests/figures/seeds.py "$seeds"
	awk -v of="$seeds" '/^# seed .* false deaths/ {
		n++
		gsub(/[^0-9 ]/, " ")
		deaths += $2 + $3
	} END {
		printf "  in simulated time %d of %d seeds, %d deaths\n", n, of, deaths
	}' <<< "$said"
}

for off in "" standby=0 stall_guard=0 drain=0 "stall_guard=0 drain=0" \
	"standby=0 stall_guard=0 drain=0"; do
	echo "== off: ${off:-nothing}"
	ladder "$off"
	simulated "$off"
done

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# paused.sh: the rung of the ladder that needs the host. The whole guest stands still
# at random moments, for up to 2 s, as a virtual machine does that is moved or saved;
# its clock goes on. Same variables as ladder.sh.

set -eu
cd "$(dirname "$0")/../.."

# The process of that name below another one
below()
{
	local pid
	for pid in $(pgrep -P "$1"); do
		if [[ $(cat "/proc/$pid/comm" 2> /dev/null) == "$2" ]]; then
			echo "$pid"
		else
			below "$pid" "$2"
		fi
	done
}

# random FROM TO: so many milliseconds, in seconds
random()
{
	local ms=$(($1 + RANDOM % ($2 - $1)))
	printf '%d.%03d' $((ms / 1000)) $((ms % 1000))
}

tests/guest --quiet --timeout 5400 uml-smp -- \
	env SECONDS_EACH="${SECONDS_EACH:-60}" INTERVALS="${INTERVALS:-10ms 1ms}" \
	HB_PARAMS="${HB_PARAMS:-}" tests/ladder/ladder.sh paused &
guest=$!
until kernel=$(below $guest linux) && [[ $kernel ]]; do
	kill -0 $guest && sleep 0.5
done
# With set -e, what fails here would be the exit code.
trap 'kill -CONT $kernel 2> /dev/null || :' EXIT
n=0
while kill -0 $guest 2> /dev/null; do
	sleep "$(random 10 2000)"
	kill -STOP "$kernel" 2> /dev/null || break
	sleep "$(random 5 2000)"
	kill -CONT "$kernel" 2> /dev/null || break
	n=$((n + 1))
done
status=0
wait $guest || status=$?
echo "# $n pauses"
exit $status

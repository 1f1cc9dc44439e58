#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [TEST...]: run the tests one after another and print KTAP, as kselftest
# does. A test that takes longer than the timeout in `settings`, or TIMEOUT, has
# failed.

cd "$(dirname "$0")" || exit
. ./settings
timeout=${TIMEOUT:-$timeout}

tests=("$@")
[[ ${#tests[@]} -gt 0 ]] || tests=(basic.sh ipv6.sh neigh.sh netns.sh auth.sh replay.sh
	restart.sh timing.sh damping.sh maintenance.sh hazard.sh verdict.sh hop.sh storm.sh
	flood.sh extack.sh dump.sh tool.sh client.py golden.py goodbye.sh events.sh
	trace.sh memory.sh shortage.sh faults.py fuzz.sh
	unload.sh races.sh)

reason()
{
	sed -n 's/^# 1\.\.0 # SKIP/ # SKIP/p' "$1"
}

out=$(mktemp)
trap 'rm -f "$out"' EXIT
n=0 bad=0
echo "KTAP version 1"
echo "1..${#tests[@]}"
for test in "${tests[@]}"; do
	n=$((n + 1))
	echo "# selftests: hb: $test"
	start=$SECONDS
	timeout --kill-after 30 "${timeout:?}" "./$test" 2>&1 < /dev/null |
		sed -u 's/^/# /' | tee "$out"
	code=${PIPESTATUS[0]}
	echo "# $test took $((SECONDS - start)) s"
	case $code in
	0) echo "ok $n selftests: hb: $test" ;;
	4) echo "ok $n selftests: hb: $test$(reason "$out")" ;;
	124) echo "not ok $n selftests: hb: $test # TIMEOUT $timeout seconds"; bad=1 ;;
	*) echo "not ok $n selftests: hb: $test # exit=$code"; bad=1 ;;
	esac
done
exit "$bad"

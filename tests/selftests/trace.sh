#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tracepoints: each fires, and what it says is what the nodes, their events and
# their counters say. Two nodes meet, beat, and one falls silent, all of it traced.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	life_is_traced
	packets_are_of_the_session
	what_is_heard_was_sent
	states_are_those_of_the_events
	misses_are_those_of_the_verdict
	timers_are_as_late_as_counted
	events_are_all_sent
"

TRACING=/sys/kernel/tracing
T=$((10 * SLOW))

# said TRACEPOINT [PEER]: what it said, of that peer if it says of whom, a line each
said()
{
	sed -n "s/.* hb_$1: ${2:+peer=$2 }//p" "$TMP/trace"
}

# id NS PEER: as in the trace
id()
{
	local id
	id=$(peer "$1" "$2" id)
	printf '%016x' "$id"
}

life_is_traced()
{
	echo > $TRACING/trace
	echo 1 > $TRACING/events/hb/enable
	hb "$A" peer add b addr 10.0.0.2 interval ${T}ms auth none
	hb "$B" peer add a addr 10.0.0.1 interval ${T}ms auth none
	wait_for "$A" b up
	wait_for "$B" a up
	busywait agreed || fail "no common session"
	sleep 0.$((SLOW * 1))
	of_a=$(id "$B" a) of_b=$(id "$A" b)
	session=$(printf '%016x' "$(peer "$A" b session)")
	echo=$(printf '%016x' "$(peer "$A" b remote_session)")
	silence "$B"
	wait_for "$A" b down
	# all of them have to be looked at in the same moment
	hb "$A" peer disable b
	echo 0 > $TRACING/events/hb/enable
	cp $TRACING/trace "$TMP/trace"
	check_not "lost" grep -q LOST "$TMP/trace"
}

packets_are_of_the_session()
{
	check_num "sent" "$(said tx "$of_b" |
		grep -c "session=$session echo=$echo")" -ge 3
	check_num "heard" "$(said rx "$of_b" |
		grep -c "session=$echo echo=$session")" -ge 3
	check_eq "numbers that came twice" "$(said rx "$of_b" |
		grep "session=$echo" | sort | uniq -d)" ""
}

# What A heard of b is what B sent to a
what_is_heard_was_sent()
{
	said tx "$of_a" | sort > "$TMP/tx"
	said rx "$of_b" | sort > "$TMP/rx"
	check_eq "heard, not sent" "$(comm -13 "$TMP/tx" "$TMP/rx")" ""
}

states_are_those_of_the_events()
{
	check_eq "states" "$(said state "$of_b")" "$(hb "$A" -j events | jq -r '
		["init", "up", "down", "left", "admin-down"] as $state |
		["none", "timeout", "goodbye", "reboot", "panic", "restart",
		 "path-down", "carrier", "remote-defect", "admin"] as $reason |
		.[] | select(.event == "state") |
		"from=\(.from as $s | $state | index($s)) " +
		"to=\(.to as $s | $state | index($s)) " +
		"reason=\(.reason as $r | $reason | index($r))"')"
	check_num "of them" "$(said state "$of_b" | wc -l)" -ge 2
}

# Every verdict has its miss; the others are beats that were lost on the way, or
# overtaken between two CPUs, before the next one came
misses_are_those_of_the_verdict()
{
	said miss "$of_b" | sort > "$TMP/misses"
	hb "$A" -j events | jq -r '.[] | select(.to == "down") |
		"missed=\(.missed) silence=\(.silence_ns)"' | sort > "$TMP/verdicts"
	check_num "verdicts" "$(wc -l < "$TMP/verdicts")" -ge 1
	check_eq "verdicts without a miss" \
		"$(comm -13 "$TMP/misses" "$TMP/verdicts")" ""
	check_eq "lost before the next" \
		"$(comm -23 "$TMP/misses" "$TMP/verdicts" |
			sed 's/missed=\([0-9]*\) .*/\1/' | jq -s 'add // 0')" \
		"$(hb "$A" -j stats peers | jq '.[0].rx_lost')"
}

timers_are_as_late_as_counted()
{
	check_num "of beats" "$(said timer "$of_b" | grep -c detect=0)" -ge 3
	check_num "of verdicts" "$(said timer "$of_b" | grep -c detect=1)" -ge 1
	check_eq "latest" \
		"$(said timer "$of_b" | sed 's/.*late=//' | sort -n | tail -n 1)" \
		"$(hb "$A" -j stats peers | jq '.[0].late_max_ns')"
}

# B's are sent, too: whether there are listeners is known for all namespaces only
events_are_all_sent()
{
	said event_sent | sed 's/seq=\([0-9]*\) .*/\1/' | sort > "$TMP/sent"
	check_eq "events not sent" "$(hb "$A" -j events | jq '.[].seq' |
		sort | comm -23 - "$TMP/sent")" ""
}

need_module
need_netem
[[ -d $TRACING/events/hb ]] || skip_all "this kernel has no tracepoints"
defer sh -c "echo 0 > $TRACING/events/hb/enable"
setup_pair
listen "$A" "$TMP/monitor"
run_tests

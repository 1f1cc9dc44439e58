#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# No death is ever lost: COUNT (10000; 3000 where it is slow, which is still more
# than the ring holds; 1000 with all checks) peers die in a storm while a listener is
# stopped, and when it goes on it learns of every one of them, from its socket, from
# the kernel's ring, or from a new snapshot. A fast one sees all as it happens.
#
#   +------------------------+           +-------------------+
#   | A   node a             |           | B   fakepeer      |
#   |     10000 peers, all   |           |                   |
#   |     at 10.0.0.2   eth0 +-----------+ eth0 10.0.0.2     |
#   +------------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

COUNT=$(often 10000 3000 1000)
# Peers die this long after they came up: all of them are up before
: "${INTERVAL_S:=20}"
KEPT=8192

ALL_TESTS="
	storm
	fast_listener_loses_nothing
	stopped_listener_learns_of_all
	tiny_socket_learns_of_all
	ring_is_consecutive
	ring_since
	monitor_goes_on
"

events_are()
{
	test "$(stat "$A" events)" "$1" "$2"
}

caught_up()
{
	tail -n 1 "$TMP/$1" | grep -qE "\"seq\":($last)(,|})"
}

# storm: all come up, two listeners are stopped, all die, the two go on. By then
# there are 3 events for every peer: enabled, up, down.
storm()
{
	local pid
	numbered "$COUNT" "peer-new name=s:p%s path=[ addr4=4:10.0.0.2 ] \
interval-us=u32:$((INTERVAL_S * 1000000)) multiplier=u8:1 enabled=u8:0 auth=u32:0" |
		in_ns "$A" genl - || fail "adding"
	check_eq "peers" "$(of_node "$A" peers)" "$COUNT"
	listen "$A" "$TMP/fast"
	listen "$A" "$TMP/stopped"
	pid=$!
	listen "$A" "$TMP/tiny" --rcvbuf 4096
	numbered "$COUNT" "peer-set name=s:p%s enabled=u8:1" |
		in_ns "$A" genl - || fail "enabling"
	busywait events_are -ge $((2 * COUNT)) || fail "not all came up"
	kill -STOP $pid $!
	stopped=$(stat "$A" events)
	note "at the stop: $stopped events"
	slowwait events_are -ge $((3 * COUNT)) || fail "not all died"
	kill -CONT $pid $!
	last=$(($(next_event "$A") - 1))
	check_eq "events" "$last" $((3 * COUNT))
	for pid in fast stopped tiny; do
		slowwait caught_up $pid || fail "$pid is not done"
	done
	check_eq "dead" "$(hb "$A" -j peer show state down | jq length)" "$COUNT"
	note "$(stat "$A" event_messages) messages"
}

# What a listener has made of it: how many events, overruns, losses; how many
# deaths it saw as events and how often one twice; how many it thinks are dead at
# the end; and how many faults there are in the order of numbers.
summary()
{
	jq -r '[.event, .seq // .from // 0, .peer // .to // "-",
		.state // .to // "-"] | @tsv' "$TMP/$1" | awk -F '\t' '
	$1 == "overrun" { overruns++; next }
	$1 == "snapshot" { state[$3] = $4; next }
	next_seq && $2 != next_seq + ($1 == "sync" ? -1 : 0) { faults++ }
	$1 == "sync" { next_seq = $2 + 1; next }
	$1 == "lost" { lost += $3 - $2 + 1; next_seq = $3 + 1; next }
	{ events++; next_seq = $2 + 1; state[$3] = $4 }
	$1 == "state" && $4 == "down" { deaths++; twice += seen[$3]++ > 0 }
	END {
		for (peer in state)
			dead += state[peer] == "down"
		printf "events=%d overruns=%d lost=%d deaths=%d twice=%d " \
			"dead=%d faults=%d\n", events, overruns, lost, deaths,
			twice, dead, faults
	}'
}

# value KEY: of the summary
value()
{
	grep -o "\b$1=[0-9]*" <<< "$summary" | cut -d= -f2
}

# check_summary LISTENER: what is true of every listener; sets $summary
check_summary()
{
	summary=$(summary "$1")
	note "$1: $summary"
	check_eq "dead for $1" "$(value dead)" "$COUNT"
	check_eq "told twice" "$(value twice)" 0
	check_eq "faults in the order" "$(value faults)" 0
	check_eq "all numbers" $(($(value events) + $(value lost))) "$last"
}

fast_listener_loses_nothing()
{
	check_summary fast
	check_eq "lost" "$(value lost)" 0
	check_eq "deaths" "$(value deaths)" "$COUNT"
}

stopped_listener_learns_of_all()
{
	check_summary stopped
}

# Its socket holds a few of the deaths, and the ring not all of the others, if so many
# were left.
tiny_socket_learns_of_all()
{
	check_summary tiny
	check_num "overruns" "$(value overruns)" -gt 0
	if ((last - stopped > KEPT + 100)); then
		check_num "lost" "$(value lost)" -gt 0
	else
		note "all that was left to tell is kept"
	fi
}

ring_is_consecutive()
{
	local facts newest kept
	mapfile -t facts < <(hb "$A" -j events | jq -c --argjson last "$last" "length,
		.[0].seq, .[-1].seq, ($UNSTALLED | map(select(.seq > \$last))),
		(map(.seq) == [range(.[0].seq; .[0].seq + length)]),
		(group_by(.peer) | all(map(.monotonic_ns) | . == sort))")
	newest=${facts[2]}
	kept=$((newest < KEPT ? newest : KEPT))
	check_eq "events kept" "${facts[0]}" "$kept"
	check_eq "first" "${facts[1]}" $((newest - kept + 1))
	check_num "newest" "$newest" -ge "$last"
	check_eq "news after the last one" "${facts[3]}" "[]"
	check_eq "all of them" "${facts[4]}" true
	check_eq "time goes on for each peer" "${facts[5]}" true
}

ring_since()
{
	check_eq "the last 10" "$(hb "$A" -j events since $((last - 9)) |
		jq -c 'map(.seq)')" "$(seq -s, $((last - 9)) "$last" |
		sed 's/.*/[&]/')"
	check_eq "what is to come" \
		"$(hb "$A" -j events since $((last + 1)))" "[]"
	check_eq "what is far away" \
		"$(hb "$A" -j events since 18446744073709551615)" "[]"
}

# Where the last monitor ended
monitor_goes_on()
{
	hb "$A" -j monitor --since $((last - 99)) --count 100 > "$TMP/on"
	check_eq "numbers" "$(jq -s -c '[.[0].seq, .[-1].seq, length]' \
		< "$TMP/on")" "[$((last - 99)),$last,100]"
	hb "$A" peer del all || fail "deleting"
	check_eq "peers" "$(of_node "$A" peers)" 0
}

need_module
setup_ns A B
link "$A" eth0 1 "$B" eth0 2
hb "$A" node set name a
fakepeers "$B" 10.0.0.2 --once
run_tests

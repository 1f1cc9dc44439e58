#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Dumps while peers come and go: never one twice, never one missed that was
# there all the time, and what a change disturbed is marked. By name, too.
#
#   +-------------------+
#   | A   node a        |
#   |     400 peers     |
#   +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

DUMPS=$(often 50 15 15)
PEERS=200

ALL_TESTS="
	whole
	change_is_marked
	churn
	by_name
	of_events
"

dump()
{
	in_ns "$A" genl "$@" > "$TMP/dump"
}

whole()
{
	local command
	for command in peer-get peer-stats-get; do
		dump $command || fail "$command"
		check_eq "peers in $command" "$(grep -c '^stay' "$TMP/dump")" \
			"$PEERS"
		check_eq "end of $command" "$(tail -n 1 "$TMP/dump")" \
			"done intr=0"
	done
	check_eq "peers of the tool" "$(hb "$A" -j peer show | jq length)" \
		"$PEERS"
}

# What happens in the middle of a dump marks it, if it concerns it.
change_is_marked()
{
	local between
	for between in "peer-new name=s:x path=[ addr4=4:10.0.0.2 ] auth=u32:0" \
		       "peer-set name=s:x interval-us=u32:50000000" \
		       "peer-del name=s:x" "node-set name=s:a"; do
		dump -b "$between" peer-get || fail "dump"
		check_eq "end after $between" "$(tail -n 1 "$TMP/dump")" \
			"done intr=1"
		check_eq "peers after $between" \
			"$(grep -c '^stay' "$TMP/dump")" "$PEERS"
		check_eq "twice" "$(sort "$TMP/dump" | uniq -d)" ""
	done
	# a refused change is none
	dump -b "stats-get" peer-get || fail "dump"
	check_eq "end after reading" "$(tail -n 1 "$TMP/dump")" "done intr=0"
}

# As fast as it goes: 200 more are added and deleted
come_and_go()
{
	numbered $PEERS "peer-new name=s:go%s path=[ addr4=4:10.0.0.2 ] auth=u32:0 \
interval-us=u32:60000000" > "$TMP/come"
	numbered $PEERS "peer-del name=s:go%s" > "$TMP/go"
	while :; do
		ip netns exec "$A" genl - < "$TMP/come" || break
		ip netns exec "$A" genl - < "$TMP/go" || break
	done
}

churn()
{
	local i intr=0 churning
	come_and_go > "$TMP/churn" 2>&1 &
	churning=$!
	for ((i = 0; i < DUMPS; i++)); do
		dump peer-get || fail "dump $i"
		check_eq "stayed" "$(grep -c '^stay' "$TMP/dump")" "$PEERS" ||
			break
		check_eq "twice" "$(sort "$TMP/dump" | uniq -d)" "" || break
		! grep -q 'intr=1' "$TMP/dump" || intr=$((intr + 1))
	done
	kill $churning
	wait $churning
	note "$intr of $DUMPS dumps were disturbed"
	check_eq "refused" "$(cat "$TMP/churn")" ""
	busywait churn_ended
	numbered $PEERS "peer-del name=s:go%s" | in_ns "$A" genl - > /dev/null
	check_eq "peers" "$(of_node "$A" peers)" "$PEERS"
	hb "$A" -j peer show | jq -e length > /dev/null || fail "the tool"
}

# Its last genl goes on when the shell around it has ended
churn_ended()
{
	local n
	n=$(ip netns pids "$A" | wc -l)
	((n == 0))
}

by_name()
{
	dump peer-get name=s:stay7 || fail "dump"
	check_eq "one" "$(tr '\n' ' ' < "$TMP/dump")" "stay7 done intr=0 "
	check_eq "the tool" "$(hb "$A" -j peer show stay7 | jq -c 'map(.name)')" \
		'["stay7"]'
	dump peer-stats-get name=s:stay7 || fail "dump"
	check_eq "one" "$(tr '\n' ' ' < "$TMP/dump")" "stay7 done intr=0 "
	! dump peer-get name=s:missing || fail "found"
	check_eq "none" "$(head -n 1 "$TMP/dump")" \
		"ENOENT$(blame peer.name): there is no such peer"
	refuse 6 "there is no such peer" hb "$A" peer show missing
}

# There is a message even if there is no event; and later as many as are needed
of_events()
{
	check_eq "events at first" "$(events "$A" "$UNSTALLED")" "[]"
	dump event-get || fail "dump"
	check_eq "messages at first" "$(grep -c message "$TMP/dump")" 1
	check_eq "its end" "$(tail -n 1 "$TMP/dump")" "done intr=0"
	numbered $PEERS "peer-set name=s:stay%s enabled=u8:0" |
		in_ns "$A" genl - || fail "disabling"
	dump event-get || fail "dump"
	check_num "messages" "$(grep -c message "$TMP/dump")" -gt 1
	check_eq "events" "$(events "$A" 'map(.seq) == [range(1; 1 + length)]')" \
		true
	check_eq "events" "$(events "$A" "$UNSTALLED | length")" "$PEERS"
}

need_module
setup_ns A
hb "$A" node set name a
numbered $PEERS "peer-new name=s:stay%s path=[ addr4=4:10.0.0.2 ] auth=u32:0 \
interval-us=u32:60000000" | in_ns "$A" genl - || skip_all "peers can't be added"
run_tests

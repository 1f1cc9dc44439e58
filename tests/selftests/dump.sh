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
	full_at_each_attribute
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

# Messages are full, but for a few bytes more each time, until each attribute of each
# peer was the first that found no room: a peer is told whole or in the next message.
full_at_each_attribute()
{
	setup_ns C D
	link "$C" eth0 1 "$D" eth0 2
	hb "$C" node set name c
	hb "$D" node set name d
	silent_peers
	lived_peer
	fill_up peer-get
	# its timers would be counted
	hb "$C" peer disable up
	fill_up peer-stats-get
}

# Enough for a first message, then one of all that can be set, and one that is up
silent_peers()
{
	background "$TMP/up" ip netns exec "$D" fakepeer 10.0.0.2 7695
	busywait has_line "$TMP/up" ready || fail "nobody to be up"
	{
		numbered 31 "peer-new name=s:fill%s path=[ addr4=4:10.0.0.9 ] \
auth=u32:0 enabled=u8:0"
		echo "peer-new name=s:all path=[ addr6=6:fe80::9 ifindex=u32:1 ] \
key=[ secret=x:$(printf '%064d' 1) ] key=[ slot=u8:2 secret=x:$(printf '%064d' 2) ] \
detect=u32:1 hold-up-us=u64:1000000 maintenance-us=u64:90000000 enabled=u8:0"
		echo "peer-new name=s:up path=[ addr4=4:10.0.0.2 port=u16:7695 ] \
auth=u32:0 interval-us=u32:60000000"
	} | in_ns "$C" genl - || fail "adding"
	wait_for "$C" up up
}

# One that is disabled when it has lost beats, and was wronged twice
lived_peer()
{
	local i
	hb "$D" peer add c addr 10.0.0.1 interval $((20 * SLOW))ms auth none
	hb "$C" peer add d addr 10.0.0.2 interval $((20 * SLOW))ms auth none \
		multiplier 10
	wait_for "$C" d up
	busywait loses_beats || fail "no beat is lost"
	for i in 1 2; do
		silence "$D"
		wait_for "$C" d down
		unsilence "$D"
		wait_for "$C" d up
	done
	hb "$C" peer disable d
}

loses_beats()
{
	silence "$D"
	pause_ms $((80 * SLOW))
	unsilence "$D"
	wait_for "$C" d up
	[[ $(member "$(hb "$C" -j stats peers d)" rx_lost) -gt 0 ]]
}

# fill_up COMMAND: of the peers behind those that fill the first message
fill_up()
{
	local all kinds from to
	in_ns "$C" genl -r 32768-32768 "$1" > "$TMP/once"
	all=$(grep -vc ^done "$TMP/once")
	from=$(awk '/^fill/ { n += $2 } END { print n }' "$TMP/once")
	to=$(awk '!/^done/ { n += $2 } END { print n }' "$TMP/once")
	check_num "bytes that fill a message" "$from" -gt 4096
	in_ns "$C" genl -r "$from-$to" "$1" > "$TMP/full" || fail "$1"
	grep -v ^done "$TMP/full" | sort | uniq -c > "$TMP/kinds"
	kinds=$(awk '{ print $1 }' "$TMP/kinds" | sort -u)
	note "$1: $kinds dumps of $all peers"
	check_eq "how often each peer is told" "$kinds" $(((to - from) / 4 + 1))
	check_eq "peers of one length" "$(wc -l < "$TMP/kinds")" "$all"
	check_eq "ends" "$(grep ^done "$TMP/full" | sort -u)" "done intr=0"
}

need_module
setup_ns A
hb "$A" node set name a
numbered $PEERS "peer-new name=s:stay%s path=[ addr4=4:10.0.0.2 ] auth=u32:0 \
interval-us=u32:60000000" | in_ns "$A" genl - || skip_all "peers can't be added"
run_tests

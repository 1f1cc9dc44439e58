#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The life of a pair of nodes: up, silent, back, disabled, enabled, deleted.
# What the deaths say of themselves is part of it.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	both_up
	silence_kills
	return_revives
	one_way_silence_is_a_mistake
	disable_is_left_there
	enable_revives
	delete_is_goodbye
	add_again
	node_is_fixed_while_it_has_peers
"

K=$((10 * SLOW))
words=(interval 100ms multiplier "$K" auth none)

both_up()
{
	hb "$A" peer add b addr 10.0.0.2 "${words[@]}" || fail "add b"
	check_eq "state of a new peer" "$(peer "$A" b state)" init
	hb "$B" peer add a addr 10.0.0.1 "${words[@]}" || fail "add a"
	wait_for "$A" b up
	wait_for "$B" a up
	check_eq "events of A" "$(changes "$A" 0)" "b>up none"
	check_eq "events of B" "$(changes "$B" 0)" "a>up none"
	check_eq "session of A" "$(peer "$A" b session)" \
		"$(peer "$B" a remote_session)"
	check_eq "session of B" "$(peer "$B" a session)" \
		"$(peer "$A" b remote_session)"
	check_eq "incarnation" "$(peer "$A" b remote_incarnation)" \
		"$(of_node "$B" incarnation)"
	check_eq "id" "$(peer "$A" b id)" \
		"$(of_node "$B" id)"
	wait_stat "$A" rx_beats -gt 5
	check_eq "remote defect" "$(peer "$A" b remote_defect)" false
	check_num "round trip" "$(peer "$A" b rtt_ns)" -gt 0
}

# The evidence of a death, last one in the events of NS
check_death()
{
	local reason detect_ns silence_ns missed last_seq late_ns
	read -r reason detect_ns silence_ns missed last_seq late_ns < <(
		events "$1" 'map(select(.to == "down" and .event == "state"))' |
			pick reason detect_ns silence_ns missed last_seq late_ns |
			tail -n 1)
	check_eq "reason" "$reason" timeout
	# a peer that said it was late gets more time, up to as much again
	check_num "detection time" "$detect_ns" -ge $((K * 100000000))
	check_num "detection time" "$detect_ns" -le $((2 * K * 100000000))
	check_num "silence" "$silence_ns" -ge "$detect_ns"
	check_num "missed" "$missed" -ge $K
	check_num "last sequence number" "$last_seq" -gt 0
	check_num "lateness" "$late_ns" -le "$silence_ns"
}

silence_kills()
{
	silence "$A"
	silence "$B"
	wait_for "$A" b down
	wait_for "$B" a down
	check_death "$A"
	check_death "$B"
	check_eq "reason in peer show" "$(peer "$A" b reason)" timeout
	check_eq "deaths" "$(peer "$A" b downs)" 1
	check_num "silence in peer show" "$(peer "$A" b silence_ns)" -ge \
		$((K * 100000000))
	check_eq "session after death" "$(peer "$A" b session)" null
	check_eq "path" "$(peer "$A" b paths[0].state)" down
}

return_revives()
{
	unsilence "$A"
	unsilence "$B"
	wait_for "$A" b up
	wait_for "$B" a up
	check_eq "lives" "$(peer "$A" b ups)" 2
	check_eq "mistakes" "$(peer "$A" b mistakes)" 1
	check_eq "events of A" "$(changes "$A" 0)" \
		"b>up none, b>down timeout, b>up none"
	check_eq "reason" "$(peer "$A" b reason)" none
}

# B is heard by A too late, in a session that B never left: it was alive. Until
# A has understood, B must not hear it, or B would agree to a new session first.
one_way_silence_is_a_mistake()
{
	local since
	hb "$B" peer set a multiplier 250
	since=$(next_event "$A")
	silence "$B"
	wait_for "$A" b down
	silence "$A"
	unsilence "$B"
	wait_stat "$A" mistakes -eq 2
	check_eq "state" "$(peer "$A" b state)" down
	unsilence "$A"
	wait_for "$A" b up
	wait_for "$B" a up
	check_eq "mistakes" "$(peer "$A" b mistakes)" 2
	check_eq "what happened" "$(hb "$A" -j events since "$since" |
		jq -r '[.[] | if .event == "state" then .to else .event end] |
			map(select(. != "stall")) | join(" ")')" \
		"down mistake up"
	check_num "length of the mistake" "$(events "$A" \
		'map(select(.event == "mistake"))[0].duration_ns')" -gt 0
	hb "$B" peer set a multiplier $K
}

disable_is_left_there()
{
	local since before
	since=$(next_event "$B")
	hb "$A" peer disable b || fail "disable"
	wait_for "$B" a left
	check_eq "there" "$(changes "$B" "$since")" "a>left admin"
	check_eq "here" "$(peer "$A" b state) $(peer "$A" b reason)" \
		"admin-down admin"
	check_eq "enabled" "$(peer "$A" b enabled)" false
	# B goes on asking; A hears it and keeps quiet
	before=$(stat "$A" tx_beats)
	wait_stat "$A" rx_drop_admin -gt 3
	check_eq "beats of a disabled peer" "$(stat "$A" tx_beats)" "$before"
}

enable_revives()
{
	local since
	since=$(next_event "$A")
	hb "$A" peer enable b || fail "enable"
	wait_for "$A" b up
	wait_for "$B" a up
	check_eq "here" "$(changes "$A" "$since")" "b>init admin, b>up none"
}

delete_is_goodbye()
{
	local since
	since=$(next_event "$B")
	hb "$A" peer del b || fail "delete"
	wait_for "$B" a left
	check_eq "there" "$(changes "$B" "$since")" "a>left goodbye"
	check_eq "goodbyes" "$(stat "$B" rx_goodbyes)" 2
	refuse 6 "there is no such peer" hb "$A" peer show b
	wait_stat "$A" rx_drop_peer -gt 0
}

add_again()
{
	hb "$A" peer add b addr 10.0.0.2 "${words[@]}"
	wait_for "$A" b up
	wait_for "$B" a up
	check_eq "lives" "$(peer "$A" b ups)" 1
	check_eq "deaths at B" "$(peer "$B" a downs)" 1
	hb "$A" peer del all || fail "delete all"
	wait_for "$B" a left
	check_eq "peers" "$(hb "$A" -j peer show | jq length)" 0
}

node_is_fixed_while_it_has_peers()
{
	refuse 1 "name can't change" hb "$B" node set name c
	hb "$B" node set name b || fail "the same name"
	hb "$A" node set name c || fail "a name without peers"
	check_eq "name" "$(of_node "$A" name)" c
}

need_module
need_netem
setup_pair
run_tests

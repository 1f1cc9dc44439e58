#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An attacker on the link has recorded a whole session, with its handshake and
# its end. Whatever he sends of it later, as it was or changed, to either node
# and at any time, changes nothing but counters, and these count every packet.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+   ^   ^   +-------------------+
#                       records sends

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	record_a_session
	replay_into_the_next_session
	replay_into_the_same_session
	replay_after_a_restart
	replay_into_a_handshake
	reflection
	answers_are_limited
	answers_after_a_slower_interval
	every_bit_flipped
	every_length
	every_field
	extensions
"

# Packets that the longest of the attacks sends, at least
REPLAYS=${REPLAYS:-240}
# With a detection time that none of this comes near to
T=200ms K=250

# add_a: B's peer a; add_b: A's peer b
add_a()
{
	hb "$B" peer add a addr 10.0.0.1 interval $T multiplier $K
}

add_b()
{
	hb "$A" peer add b addr 10.0.0.2 interval $T multiplier $K
}

both_come_up()
{
	wait_for "$A" b up
	wait_for "$B" a up
	busywait agreed || fail "the sessions differ"
	busywait quiet || fail "the handshake does not end"
}

# Both sides hear each other in the session, so no answer is under way.
quiet()
{
	peer_has "$A" b remote_defect false && peer_has "$B" a remote_defect false
}

record_a_session()
{
	capture "$A" "$TMP/session"
	add_a
	add_b
	both_come_up
	wait_stat "$A" rx_beats -ge 5
	wait_stat "$B" rx_beats -ge 5
	hb "$A" peer del b
	wait_for "$B" a left
	hb "$B" peer del a
	end_capture
	grep '^out' "$TMP/session" > "$TMP/to_b"
	grep '^in' "$TMP/session" > "$TMP/to_a"
	check_num "packets to b" "$(wc -l < "$TMP/to_b")" -ge 6
	check_num "packets to a" "$(wc -l < "$TMP/to_a")" -ge 6
}

# What must not change by anything an attacker does
snapshot()
{
	local ns
	for ns in "$A" "$B"; do
		hb "$ns" -j peer show | pick name state reason session \
			remote_session remote_incarnation ups downs mistakes
		stat "$ns" events
	done
}

# account NS: how many packets were refused or were questions and answered, and
# how many were answered
account()
{
	local json sum found
	json=$("$HBCTL" -n "$1" -j stats)
	find_member "$json" tx_answers
	add_up "$json" "rx_drop_*"
	echo $((sum + found)) "$found"
}

# attack NS FILE WORDS...: send packets from NS; the count goes to $sent
attack()
{
	local ns=$1 file=$2
	shift 2
	sent=$(in_ns "$ns" replay "$@" send eth0 < "$file") || fail "replay"
}

# Each packet was refused or answered, and each answer was refused there.
accounted()
{
	local answers_a answers_b
	read -r now_a answers_a < <(account "$A")
	read -r now_b answers_b < <(account "$B")
	((now_a - start_a == to_a + answers_b - start_answers_b &&
	  now_b - start_b == to_b + answers_a - start_answers_a))
}

start_accounts()
{
	read -r start_a start_answers_a < <(account "$A")
	read -r start_b start_answers_b < <(account "$B")
	before=$(snapshot)
	to_a=0 to_b=0
}

end_accounts()
{
	busywait accounted || fail "of $to_a packets a has counted" \
		"$((now_a - start_a)), of $to_b b has $((now_b - start_b))"
	check_eq "after the attack" "$(snapshot)" "$before"
}

# The recording, into both nodes, until NR packets are sent
replay_all()
{
	local recorded rounds
	recorded=$(cat "$TMP/to_a" "$TMP/to_b" | wc -l)
	rounds=$((($1 + recorded - 1) / recorded))
	start_accounts
	attack "$A" "$TMP/to_b" --repeat $rounds
	to_b=$sent
	attack "$B" "$TMP/to_a" --repeat $rounds
	to_a=$sent
	check_num "sent" $((to_a + to_b)) -ge "$1"
	note "$((to_a + to_b)) packets"
	end_accounts
}

replay_into_the_next_session()
{
	add_a
	add_b
	both_come_up
	replay_all 1
	replay_all "$REPLAYS"
}

replay_into_the_same_session()
{
	capture "$A" "$TMP/same"
	wait_stat "$A" rx_beats -ge $(($(stat "$A" rx_beats) + 4))
	wait_stat "$B" rx_beats -ge $(($(stat "$B" rx_beats) + 4))
	end_capture
	start_accounts
	grep '^out' "$TMP/same" > "$TMP/same_to_b"
	attack "$A" "$TMP/same_to_b" --repeat 3
	to_b=$sent
	grep '^in' "$TMP/same" > "$TMP/same_to_a"
	attack "$B" "$TMP/same_to_a" --repeat 3
	to_a=$sent
	check_num "replays that a refused" \
		"$(stat "$A" rx_drop_replay)" -gt 0
	end_accounts
}

# B dies without a word and comes back at the same place
replay_after_a_restart()
{
	kill_node "$B" "$A" || fail "B is still there"
	ip netns add "$B"
	ip -n "$B" link set lo up
	link "$A" eth0 1 "$B" eth0 2
	hb "$B" node set name b key-file "$TMP/key"
	# a new life has heard nothing yet: the recording can't be its begin
	start_b=$(drops "$B")
	attack "$A" "$TMP/to_b"
	busywait peer_drops $((start_b + sent)) || fail "b has not counted"
	add_a
	both_come_up
	check_eq "lives of b" "$(peer "$A" b ups)" 2
	replay_all 120
}

peer_drops()
{
	[[ $(drops "$B") -ge $1 ]]
}

# A asks, B is silent, the attacker answers for B with all he has
replay_into_a_handshake()
{
	hb "$B" peer disable a
	hb "$A" peer del b
	add_b
	attack "$B" "$TMP/to_a" --repeat 20
	wait_stat "$B" rx_drop_admin -gt 3
	attack "$B" "$TMP/to_a" --repeat 20
	check_eq "a after the attack" "$(peer "$A" b state)" init
	check_eq "lives" "$(peer "$A" b ups)" 0
	hb "$B" peer enable a
	both_come_up
	check_eq "lives of b" "$(peer "$A" b ups)" 1
}

# What both have sent, in this session and in an earlier one, comes back to them
reflection()
{
	local foreign
	foreign=$(($(stat "$A" rx_drop_destination) + $(stat "$B" rx_drop_destination)))
	start_accounts
	attack "$B" <(cat "$TMP/to_b" "$TMP/same_to_b") --reflect
	to_a=$sent
	attack "$A" <(cat "$TMP/to_a" "$TMP/same_to_a") --reflect
	to_b=$sent
	end_accounts
	check_eq "for somebody else" $((to_a + to_b)) \
		$(($(stat "$A" rx_drop_destination) +
		   $(stat "$B" rx_drop_destination) - foreign))
}

# Questions are answered 8 times per interval and once at a time, by packets that are
# no longer than they are
answers_are_limited()
{
	local began answers intervals longest
	head -n 1 "$TMP/to_b" > "$TMP/question"
	capture "$A" "$TMP/answers"
	start_accounts
	began=$SECONDS
	attack "$A" "$TMP/question" --repeat 2000
	to_b=$sent
	end_accounts
	end_capture
	longest=$(sed -n 's/^in //p' "$TMP/answers" | wc -L)
	check_num "longest packet of b" "$longest" -le \
		"$(sed 's/^out //' "$TMP/question" | wc -L)"
	intervals=$(((SECONDS - began + 1) * 5))
	answers=$(($(stat "$B" tx_answers) - start_answers_b))
	note "$answers answers in at most $intervals intervals"
	check_num "answers" "$answers" -gt 0
	check_num "answers" "$answers" -le $((8 * intervals + 10))
	check_num "limited" "$(stat "$B" rx_drop_answer_limit)" -gt 0
}

# What was asked while B beat at an interval of a minute is not held against who asks
# at a shorter one.
answers_after_a_slower_interval()
{
	local answers i
	hb "$B" peer set a interval 1m
	busywait peer_has "$B" a tx_interval_us 60000000 || fail "no slower"
	answers=$(stat "$B" tx_answers)
	attack "$A" "$TMP/question" --repeat 100
	answers=$(($(stat "$B" tx_answers) - answers))
	check_num "answers at once" "$answers" -ge 7
	check_num "answers at once" "$answers" -le 8
	hb "$B" peer set a interval $T
	busywait peer_has "$B" a tx_interval_us 200000 || fail "no faster"
	answers=$(stat "$B" tx_answers)
	for ((i = 0; i < 20; i++)); do
		attack "$A" "$TMP/question"
		pause 0.1
	done
	check_num "answers" "$(stat "$B" tx_answers)" -gt "$answers"
	busywait quiet || fail "the handshake does not end"
}

# One beat of the live session, that was not heard: the filter keeps it from B
fresh_beat()
{
	capture "$A" "$TMP/fresh"
	busywait has_line "$TMP/fresh" '^out' || fail "A is silent"
	end_capture
	grep '^out' "$TMP/fresh" | tail -n 1 > "$TMP/beat"
}

every_bit_flipped()
{
	fresh_beat
	start_accounts
	attack "$A" "$TMP/beat" --all-flips
	to_b=$sent
	check_eq "sent" "$sent" $((104 * 8))
	end_accounts
}

every_length()
{
	local sizes
	sizes=$(stat "$B" rx_drop_size)
	start_accounts
	attack "$A" "$TMP/beat" --all-lengths
	to_b=$sent
	check_eq "sent" "$sent" 104
	end_accounts
	check_eq "too short" $(($(stat "$B" rx_drop_size) - sizes)) 96
	# One byte more than there may be, and the longest that may be
	start_accounts
	attack "$A" "$TMP/beat" --append "$(printf '%0306d' 0)"
	attack "$A" "$TMP/beat" --append "$(printf '%0304d' 0)" --fix-length
	to_b=2
	end_accounts
}

# field COUNTER WORDS...: a packet with this change is counted there, and nowhere else;
# $counts has all that were refused before, and afterwards
field()
{
	local counter=$1 was
	shift
	was=$(member "$counts" "$counter")
	attack "$A" "$TMP/beat" "$@"
	to_b=$((to_b + 1))
	busywait counted || fail "not counted: $*"
	check_eq "$counter of $*" "$(member "$counts" "$counter")" $((was + 1))
}

counted()
{
	local now before sum
	now=$("$HBCTL" -n "$B" -j stats)
	add_up "$counts" "rx_drop_*"
	before=$sum
	add_up "$now" "rx_drop_*"
	((sum > before)) && counts=$now
}

start_fields()
{
	start_accounts
	counts=$(hb "$B" -j stats)
}

every_field()
{
	start_fields
	field rx_drop_size --truncate 95
	field rx_drop_version --set 0=00
	field rx_drop_version --set 0=02
	field rx_drop_length --set 4=0069
	field rx_drop_length --append 00
	field rx_drop_length --truncate 103
	field rx_drop_header --set 1=00
	field rx_drop_header --set 1=03
	field rx_drop_header --set 6=00
	field rx_drop_header --set 24=0000000000000000
	field rx_drop_header --set 40=0000000000000000
	field rx_drop_header --set 56=00000063
	field rx_drop_header --set 56=03938701
	field rx_drop_header --set 60=00000063
	field rx_drop_header --set 60=03938701
	field rx_drop_tag --set 93=12
	field rx_drop_destination --set 16=0123456789abcdef
	field rx_drop_peer --set 8=0123456789abcdef
	field rx_drop_unsigned --set 2=0000 --truncate 96 --fix-length
	field rx_drop_tag --set 1=02
	field rx_drop_tag --set 94=0001
	field rx_drop_tag --set 96=0000000000000000
	field rx_drop_replay
	end_accounts
}

# Without a key, so that nothing but the extension is wrong
extensions()
{
	local most
	hb "$A" peer set b auth none
	hb "$B" peer set a auth none
	both_come_up
	fresh_beat
	start_fields
	field rx_drop_tlv --append 000100 --fix-length
	field rx_drop_tlv --append 00010001 --fix-length
	field rx_drop_tlv --append 0001ffff --fix-length
	field rx_drop_critical --append 80010000 --fix-length
	most=$(printf '00010000%.0s' {1..16})
	field rx_drop_tlv --append "${most}00010000" --fix-length
	# these are fine, but for their sequence number
	field rx_drop_replay --append "$most" --fix-length
	field rx_drop_replay --append 7fff0004deadbeef --fix-length
	field rx_drop_replay --set 3=80
	field rx_drop_signed --set 3=01 --append 0000000000000000 --fix-length
	field rx_drop_address --frame 26=0a000009
	end_accounts
	check_eq "b" "$(peer "$B" a state)" up
}

need_module
need_netem
setup_pair
"$HBCTL" key generate "$TMP/key" || skip_all "no key"
hb "$A" node set key-file "$TMP/key"
hb "$B" node set key-file "$TMP/key"
run_tests

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Keys: who has none or the wrong one is not heard, nor answered; rolling a key
# disturbs nobody; without keys the address has to do.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	no_key_no_peer
	wrong_key
	right_key
	roll_node_key
	roll_peer_key
	key_on_one_side_only
	wrong_address_without_key
	stranger_is_not_answered
	keys_are_not_shown
"

K=$((10 * SLOW))

add_both()
{
	hb "$A" peer add b addr 10.0.0.2 interval 100ms multiplier $K "$@"
	hb "$B" peer add a addr 10.0.0.1 interval 100ms multiplier $K "$@"
}

del_both()
{
	hb "$A" peer del all
	hb "$B" peer del all
}

both_come_up()
{
	wait_for "$A" b up
	wait_for "$B" a up
}

no_key_no_peer()
{
	refuse 1 "the node has no key" hb "$A" peer add b addr 10.0.0.2
}

# Nothing that A sends echoes what B said: all of its packets are beats of its own.
check_no_answers()
{
	check_eq "answers of A" "$(stat "$A" tx_answers)" 0
	check_num "packets of A" "$(grep -c '^out' "$1")" -gt 0
	check_eq "packets of A that echo" "$(grep '^out' "$1" |
		grep -cv "^out .\{$((2 * (14 + 20 + 8 + 32)))\}0000000000000000")" 0
}

wrong_key()
{
	capture "$A" "$TMP/wrong"
	hb "$A" node set key-file "$TMP/key1"
	hb "$B" node set key-file "$TMP/key2"
	add_both
	wait_stat "$A" rx_drop_tag -ge 5
	wait_stat "$B" rx_drop_tag -ge 5
	end_capture
	check_eq "A" "$(peer "$A" b state)" init
	check_eq "B" "$(peer "$B" a state)" init
	check_eq "questions heard" "$(stat "$A" rx_asks)" 0
	check_eq "other drops" "$(drops "$A" rx_drop_tag)" 0
	check_no_answers "$TMP/wrong"
}

right_key()
{
	hb "$B" node set key-file "$TMP/key1"
	both_come_up
	check_eq "auth" "$(peer "$A" b auth)" node-key
	tags=$(stat "$A" rx_drop_tag)
}

# check_undisturbed SESSION EVENTS TAGS: of A, and no packet was refused
check_undisturbed()
{
	check_eq "session" "$(peer "$A" b session)" "$1"
	check_eq "changes" "$(changes "$A" "$2")" ""
	check_eq "lives" "$(peer "$A" b ups)" 1
	check_eq "lives at B" "$(peer "$B" a ups)" 1
	check_eq "wrong tags" "$(stat "$A" rx_drop_tag)" "$3"
}

# beats NS N: N more of them are heard
beats()
{
	local before
	before=$(stat "$1" rx_beats)
	wait_stat "$1" rx_beats -ge $((before + $2))
}

# roll WORDS-AT-A WORDS-AT-B: from slot 1 to slot 2 and a new key in slot 1, on both sides
roll()
{
	local a b
	read -ra a <<< "$1"
	read -ra b <<< "$2"
	hb "$A" "${a[@]}" key-file "$TMP/key2" key-slot 2
	beats "$A" 3
	hb "$B" "${b[@]}" key-file "$TMP/key2" key-slot 2
	hb "$A" "${a[@]}" key-send 2
	beats "$B" 3
	hb "$B" "${b[@]}" key-send 2
	beats "$A" 3
	hb "$A" "${a[@]}" key-clear 1
	hb "$B" "${b[@]}" key-clear 1
	beats "$A" 3
	beats "$B" 3
	hb "$A" "${a[@]}" key-file "$TMP/key3" key-slot 1
	hb "$B" "${b[@]}" key-file "$TMP/key3" key-slot 1
	hb "$A" "${a[@]}" key-send 1
	hb "$B" "${b[@]}" key-send 1
	beats "$A" 3
	beats "$B" 3
	hb "$A" "${a[@]}" key-clear 2
	hb "$B" "${b[@]}" key-clear 2
	beats "$A" 3
	beats "$B" 3
}

roll_node_key()
{
	local session since
	session=$(peer "$A" b session)
	since=$(next_event "$A")
	roll "node set" "node set"
	check_undisturbed "$session" "$since" "$tags"
	check_eq "slots" "$(hb "$A" -j node show | jq -c '.[0].keys_set')" "[1]"
	hb "$A" node set key-file "$TMP/key2" key-slot 2 key-send 2
	wait_for "$B" a down
	hb "$A" node set key-clear 2 key-send 1
	wait_for "$B" a up
	wait_for "$A" b up
	del_both
}

roll_peer_key()
{
	local session since before
	add_both key-file "$TMP/key1"
	both_come_up
	check_eq "auth" "$(peer "$A" b auth)" peer-key
	session=$(peer "$A" b session)
	since=$(next_event "$A")
	before=$(stat "$A" rx_drop_tag)
	roll "peer set b" "peer set a"
	check_undisturbed "$session" "$since" "$before"
	# to the key of the node, which is the same one, and back
	hb "$A" peer set b auth node-key
	beats "$A" 3
	beats "$B" 3
	check_undisturbed "$session" "$since" "$before"
	check_eq "auth" "$(peer "$A" b auth)" node-key
	del_both
}

key_on_one_side_only()
{
	local unsigned signed
	unsigned=$(stat "$A" rx_drop_unsigned)
	signed=$(stat "$B" rx_drop_signed)
	hb "$A" peer add b addr 10.0.0.2 interval 100ms
	hb "$B" peer add a addr 10.0.0.1 interval 100ms auth none
	wait_stat "$A" rx_drop_unsigned -ge $((unsigned + 5))
	wait_stat "$B" rx_drop_signed -ge $((signed + 5))
	check_eq "A" "$(peer "$A" b state)" init
	check_eq "B" "$(peer "$B" a state)" init
	# B takes up the key: no need to start over
	hb "$B" peer set a auth node-key
	both_come_up
	del_both
}

wrong_address_without_key()
{
	local before
	before=$(stat "$A" rx_drop_address)
	ip -n "$A" addr add 10.0.0.1/32 dev lo
	hb "$A" peer add b addr 10.0.0.3 interval 100ms auth none
	hb "$B" peer add a addr 10.0.0.1 interval 100ms auth none
	wait_stat "$A" rx_drop_address -ge $((before + 5))
	check_eq "A" "$(peer "$A" b state)" init
	check_eq "refused in its name" \
		"$(hb "$A" -j stats peers b | jq '.[0].rx_dropped >= 5')" true
	hb "$A" peer set b addr 10.0.0.2
	both_come_up
	del_both
}

# A is silent by itself (its peer is disabled), so that every packet is a fault.
stranger_is_not_answered()
{
	local unsigned peers sent
	hb "$A" peer add b addr 10.0.0.2 interval 100ms disabled
	hb "$B" peer add a addr 10.0.0.1 interval 100ms auth none
	capture "$B" "$TMP/stranger"
	busywait has_line "$TMP/stranger" '^out' || fail "B is silent"
	end_capture
	grep '^out' "$TMP/stranger" | head -n 1 > "$TMP/beat"
	hb "$B" peer del all
	unsigned=$(stat "$A" rx_drop_unsigned)
	peers=$(stat "$A" rx_drop_peer)
	capture "$A" "$TMP/answers"
	sent=$(in_ns "$B" replay --repeat 100 send eth0 < "$TMP/beat")
	check_eq "sent" "$sent" 100
	wait_stat "$A" rx_drop_unsigned -eq $((unsigned + 100))
	# the id of a stranger
	in_ns "$B" replay --repeat 100 --set 8=0123456789abcdef send eth0 \
		< "$TMP/beat"
	wait_stat "$A" rx_drop_peer -eq $((peers + 100))
	end_capture
	check_eq "heard" "$(grep -c '^in' "$TMP/answers")" 200
	check_eq "answers" "$(grep -c '^out' "$TMP/answers")" 0
	hb "$A" peer del all
}

# Whoever may read sees no key, in no command
keys_are_not_shown()
{
	local key
	hb "$A" peer add b addr 10.0.0.2 key-file "$TMP/key1"
	key=$(base64 -d < "$TMP/key1" | od -An -tx1 | tr -d ' \n')
	check_eq "length of a key" ${#key} 64
	in_ns "$A" genl peer-get > "$TMP/out"
	{
		hb "$A" -j peer show
		hb "$A" -j node show
		hb "$A" -d
	} >> "$TMP/out" 2>&1
	check_not "the key in base64" grep -qF "$(cat "$TMP/key1")" "$TMP/out"
	check_not "the key in hex" grep -qiF "$key" "$TMP/out"
	hb "$A" peer del all
}

need_module
setup_pair
for n in 1 2 3; do
	"$HBCTL" key generate "$TMP/key$n" || skip_all "no key"
done
run_tests

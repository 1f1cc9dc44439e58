#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A peer that was down has to be heard for a while before it is up again, the
# longer the more often it dies. No death is put off.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	first_time_is_not_held
	return_is_held
	soon_death_doubles_it
	expires_in_silence
	second_session_is_no_mistake
	goodbye_while_held
	learns_nothing_while_held
	released_when_turned_off
	limits
"

T=$((60 * SLOW))ms
H=$((1000 * SLOW))

# start [DURATION]: both nodes up, A damps
start()
{
	hb "$A" peer del b 2> /dev/null
	hb "$A" peer add b addr 10.0.0.2 interval "$T" multiplier 10 \
		hold-up "${1:-${H}ms}" auth none
	wait_for "$A" b up
	wait_for "$B" a up
	since=$(next_event "$A")
}

die()
{
	silence "$B"
	wait_for "$A" b down
}

has_session()
{
	[[ $(peer "$A" b session) != null ]]
}

has_no_session()
{
	! has_session
}

# B is, by A, and has been told so.
is_heard()
{
	[[ $(peer "$B" a remote_defect) == false ]]
}

# held N: ms from the Nth death since $since to the return after it
held()
{
	hb "$A" -j events since "$since" | jq "[.[] | select(.event == \"state\")]
		| (map(select(.to == \"down\"))[$1 - 1]) as \$d
		| map(select(.to == \"up\" and .seq > \$d.seq))[0]
		| (.monotonic_ns - \$d.monotonic_ns) / 1000000 | floor"
}

# An hour would be longer than anything here waits.
first_time_is_not_held()
{
	start 1h
	check_eq "changes" "$(changes "$A" 1)" "b>up none"
}

return_is_held()
{
	start
	die
	unsilence "$B"
	busywait has_session || fail "b got no session"
	wait_for "$B" a up
	check_eq "state while held" "$(peer "$A" b state)" down
	check_num "us that are left" "$(peer "$A" b held_us)" -le $((H * 1000))
	busywait is_heard || fail "b is not told that it is heard"
	wait_for "$A" b up
	check_eq "us that are left" "$(peer "$A" b held_us)" null
	check_eq "changes" "$(changes "$A" "$since")" "b>down timeout, b>up none"
	check_num "ms held" "$(held 1)" -ge $H
}

# The second death is soon after the return, the third one soon after that.
soon_death_doubles_it()
{
	local i
	start
	for ((i = 1; i <= 3; i++)); do
		die
		unsilence "$B"
		wait_for "$A" b up
		check_num "ms held, time $i" "$(held $i)" -ge $((H << (i - 1)))
	done
	check_num "ms held, the last time" "$(held 3)" -lt $((H * 16))
	check_eq "deaths" "$(peer "$A" b downs)" 3
	# In real time it is if this node stood still.
	[[ ${HB_ICOUNT:-} ]] || return 0
	check_num "deaths put off" "$(events "$A" 'map(select(.reason ==
		"timeout" and .silence_ns > 2 * .detect_ns)) | length')" -eq 0
}

expires_in_silence()
{
	start
	die
	unsilence "$B"
	busywait has_session || fail "b got no session"
	silence "$B"
	busywait has_no_session || fail "the session lives on"
	check_eq "changes" "$(changes "$A" "$since")" "b>down timeout"
	check_eq "deaths" "$(peer "$A" b downs)" 1
	unsilence "$B"
	wait_for "$A" b up
}

# It did die, and started anew; that it has two sessions until it is released makes
# the verdict no mistake.
second_session_is_no_mistake()
{
	start
	die
	hb "$B" peer del a
	hb "$B" node set name c
	hb "$B" node set name b
	unsilence "$B"
	hb "$B" peer add a addr 10.0.0.1 interval "$T" multiplier 10 auth none
	busywait has_session || fail "b got no session"
	silence "$B"
	busywait has_no_session || fail "the session lives on"
	unsilence "$B"
	wait_for "$A" b up
	check_eq "mistakes" "$(events "$A" 'map(select(.event == "mistake" and
		.seq >= '"$since"')) | length')" 0
}

goodbye_while_held()
{
	start
	die
	unsilence "$B"
	busywait has_session || fail "b got no session"
	# b may be up in the session of before, and say goodbye in that
	busywait agreed || fail "the sessions differ"
	hb "$B" peer disable a
	wait_for "$A" b left
	hb "$B" peer enable a
	wait_for "$A" b up
	check_eq "changes" "$(changes "$A" "$since")" \
		"b>down timeout, b>left admin, b>up none"
}

released_when_turned_off()
{
	start
	hb "$A" peer set b hold-up 3600s
	die
	unsilence "$B"
	busywait has_session || fail "b got no session"
	hb "$A" peer set b hold-up 0us
	wait_for "$A" b up
}

# Of 16 beats an adaptive peer would have learned to detect faster than in 10 T
learns_nothing_while_held()
{
	local before
	start
	hb "$A" peer set b detect adaptive floor "$T" ceiling $((600 * SLOW))ms \
		hold-up 3600s
	die
	unsilence "$B"
	busywait has_session || fail "b got no session"
	before=$(beats)
	busywait has_beats $((before + 18)) || fail "no beats"
	check_eq "us to detect" "$(peer "$A" b detect_us)" $((600000 * SLOW))
	check_eq "state" "$(peer "$A" b state)" down
}

beats()
{
	member "$("$HBCTL" -n "$A" -j stats peers b)" rx_beats
}

has_beats()
{
	[[ $(beats) -ge $1 ]]
}

limits()
{
	refuse 1 "hold-up" hb "$A" peer set b hold-up 3601s
	check_eq "hold-up" "$(peer "$A" b hold_up_us)" 0
}

need_module
need_netem
setup_pair
hb "$B" peer add a addr 10.0.0.1 interval "$T" multiplier 10 auth none
run_tests

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Timing is changed while beats go on: faster, slower, on either side and on
# both. Nobody dies of it, no session changes, and the slower side wins.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	slower_here
	slower_there
	faster_here
	faster_there
	slower_on_both_at_once
	faster_on_both_at_once
	one_big_step
	slower_while_half_is_lost
	multiplier_up_and_down
	to_and_fro
	undisturbed
	missed_of_a_slow_peer
"

HALVES=$(often 5 5 2)

# Short, middle and long, in microseconds
S=$((1000 * SLOW)) M=$((100000 * SLOW)) L=$((1000000 * SLOW))

# set_a, set_b: change timing, with the words of the tool
set_a()
{
	hb "$A" peer set b "$@" || fail "set b $*"
}

set_b()
{
	hb "$B" peer set a "$@" || fail "set a $*"
}

# follows TX-INTERVAL DETECT-A DETECT-B, in us: what is in force
follows()
{
	peer_has "$A" b tx_interval_us "$1" detect_us "$2" &&
		peer_has "$B" a tx_interval_us "$1" detect_us "$3"
}

check_follows()
{
	busywait follows "$@" || fail "in force: $(hb "$A" -j peer show b) and" \
		"$(hb "$B" -j peer show a), not $*"
	undisturbed
}

# No state and no session has changed since the beginning.
undisturbed()
{
	check_eq "changes at A" "$(changes "$A" "$since_a")" ""
	check_eq "changes at B" "$(changes "$B" "$since_b")" ""
	check_eq "sessions" "$(sessions)" "$sessions"
	check_eq "mistakes" "$(stat "$A" mistakes) $(stat "$B" mistakes)" "0 0"
}

sessions()
{
	hb "$A" -j peer show b | pick session remote_session
	hb "$B" -j peer show a | pick session remote_session
}

# From 1 ms x 250 to 100 ms: the detection time in force is but 2.5 intervals.
slower_here()
{
	set_a interval ${M}us multiplier 5
	check_follows $M $((5 * M)) $((250 * M))
	set_a interval ${L}us
	check_follows $L $((5 * L)) $((250 * L))
}

slower_there()
{
	set_a interval ${S}us multiplier 250
	check_follows $S $((250 * S)) $((250 * S))
	set_b interval ${L}us multiplier 5
	check_follows $L $((250 * L)) $((5 * L))
}

faster_here()
{
	set_b interval ${S}us multiplier 250
	set_a interval ${L}us multiplier 5
	check_follows $L $((5 * L)) $((250 * L))
	set_a interval ${M}us
	check_follows $M $((5 * M)) $((250 * M))
	set_a interval ${S}us multiplier 250
	check_follows $S $((250 * S)) $((250 * S))
}

faster_there()
{
	set_b interval ${L}us multiplier 5
	check_follows $L $((250 * L)) $((5 * L))
	set_b interval ${M}us
	check_follows $M $((250 * M)) $((5 * M))
	set_b interval ${S}us multiplier 250
	check_follows $S $((250 * S)) $((250 * S))
}

slower_on_both_at_once()
{
	set_a interval ${M}us multiplier 5 &
	set_b interval ${M}us multiplier 5
	wait $!
	check_follows $M $((5 * M)) $((5 * M))
}

faster_on_both_at_once()
{
	set_a interval ${S}us multiplier 250 &
	set_b interval ${S}us multiplier 250
	wait $!
	check_follows $S $((250 * S)) $((250 * S))
}

# 4 of the old detection times long
one_big_step()
{
	set_a interval ${L}us
	check_follows $L $((250 * L)) $((250 * L))
	set_a interval ${S}us
	check_follows $S $((250 * S)) $((250 * S))
	set_b interval ${L}us
	check_follows $L $((250 * L)) $((250 * L))
	set_b interval ${S}us
	check_follows $S $((250 * S)) $((250 * S))
}

# The beat that tells of a slower interval is lost as often as not, and the next
# one at the new pace would come 4 detection times later: nobody may change pace
# before the other side has agreed.
slower_while_half_is_lost()
{
	local i
	tc -n "$A" qdisc replace dev eth0 root netem loss 50%
	tc -n "$B" qdisc replace dev eth0 root netem loss 50%
	for ((i = 0; i < HALVES; i++)); do
		set_a interval ${L}us
		check_follows $L $((250 * L)) $((250 * L))
		set_a interval ${S}us
		check_follows $S $((250 * S)) $((250 * S))
		set_b interval ${L}us
		check_follows $L $((250 * L)) $((250 * L))
		set_b interval ${S}us
		check_follows $S $((250 * S)) $((250 * S))
	done
	unsilence "$A"
	unsilence "$B"
}

multiplier_up_and_down()
{
	set_a interval ${M}us
	check_follows $M $((250 * M)) $((250 * M))
	set_a multiplier 5
	check_follows $M $((5 * M)) $((250 * M))
	set_b multiplier 10
	check_follows $M $((5 * M)) $((10 * M))
	busywait remote_multiplier "$A" b 10 || fail "A does not know of it"
	busywait remote_multiplier "$B" a 5 || fail "B does not know of it"
	set_a multiplier 250
	set_b multiplier 250
	check_follows $M $((250 * M)) $((250 * M))
}

remote_multiplier()
{
	[[ $(peer "$1" "$2" remote_multiplier) == "$3" ]]
}

# Without waiting for anything to settle
to_and_fro()
{
	local i
	for ((i = 0; i < 10; i++)); do
		set_a interval ${S}us
		set_b interval 300ms
		set_a interval 500ms
		set_b interval 2ms
	done
	set_a interval 20ms multiplier 50
	set_b interval 50ms multiplier 50
	check_follows 50000 2500000 2500000
}

# Nanoseconds of five seconds have more than 32 bits.
missed_of_a_slow_peer()
{
	local since
	hb "$A" peer del all
	hb "$B" peer del all
	hb "$B" peer add a addr 10.0.0.1 interval 5s multiplier 1 auth none
	hb "$A" peer add b addr 10.0.0.2 interval 5s multiplier 1 auth none
	wait_for "$A" b up
	since=$(next_event "$A")
	silence "$B"
	wait_for "$A" b down
	check_eq "missed" "$(hb "$A" -j events since "$since" |
		jq 'map(select(.event == "state" and .to == "down"))[0] |
			.missed == (.silence_ns / 5e9 | floor)')" true
	unsilence "$B"
}

need_module
need_netem
setup_pair
hb "$A" peer add b addr 10.0.0.2 interval ${S}us multiplier 250 auth none
hb "$B" peer add a addr 10.0.0.1 interval ${S}us multiplier 250 auth none
wait_for "$A" b up
wait_for "$B" a up
since_a=$(next_event "$A") since_b=$(next_event "$B")
sessions=$(sessions)
run_tests

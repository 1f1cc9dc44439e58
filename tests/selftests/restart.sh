#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A node that dies without a word and comes back, before anybody has noticed or
# after, once or twice. B is a namespace that is killed in silence and made anew
# with the same addresses.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	back_before_detection
	twice_before_detection
	back_after_detection
	dead_at_birth
	forgotten_without_goodbye
	both_restart
"

: "${T:=100ms}"

boot_b()
{
	ip netns add "$B" || return
	ip -n "$B" link set lo up
	link "$A" eth0 1 "$B" eth0 2
	hb "$B" node set name b &&
		hb "$B" peer add a addr 10.0.0.1 interval "$T" multiplier 5 auth none
}

# start MULTIPLIER: of A; both nodes up
start()
{
	hb "$A" peer del all
	hb "$A" peer add b addr 10.0.0.2 interval "$T" multiplier "$1" auth none
	wait_for "$A" b up
	wait_for "$B" a up
	since=$(next_event "$A")
}

# What A thinks is what B is
check_agreed()
{
	wait_for "$A" b up
	wait_for "$B" a up
	busywait agreed || fail "the sessions differ"
	check_eq "incarnation" "$(peer "$A" b remote_incarnation)" \
		"$(of_node "$B" incarnation)"
}

back_before_detection()
{
	start 250
	kill_node "$B" "$A"
	boot_b || fail "b does not boot"
	wait_for "$B" a up
	check_agreed
	check_eq "changes" "$(changes "$A" "$since")" "b>down restart, b>up none"
	check_eq "lives, deaths, mistakes" "$(peer "$A" b ups) $(peer "$A" b \
		downs) $(peer "$A" b mistakes)" "2 1 0"
}

twice_before_detection()
{
	start 250
	kill_node "$B" "$A"
	boot_b || fail "b does not boot"
	# b is up first; a has to see it, too
	wait_for "$B" a up
	busywait agreed || fail "the sessions differ"
	kill_node "$B" "$A"
	boot_b || fail "b does not boot again"
	wait_for "$B" a up
	check_agreed
	check_eq "changes" "$(changes "$A" "$since")" \
		"b>down restart, b>up none, b>down restart, b>up none"
}

back_after_detection()
{
	start 5
	kill_node "$B" "$A"
	wait_for "$A" b down
	check_eq "reason" "$(peer "$A" b reason)" timeout
	boot_b || fail "b does not boot"
	check_agreed
	check_eq "changes" "$(changes "$A" "$since")" "b>down timeout, b>up none"
	check_eq "mistakes" "$(peer "$A" b mistakes)" 0
}

# The second life is so short that perhaps nobody saw it: A has heard of it or
# not, but it ends with the third one, and with no death but by restart.
dead_at_birth()
{
	local got
	start 250
	kill_node "$B" "$A"
	boot_b || fail "b does not boot"
	kill_node "$B" "$A"
	boot_b || fail "b does not boot again"
	wait_for "$B" a up
	check_agreed
	got=$(changes "$A" "$since")
	[[ $got == "b>down restart, b>up none" ||
	   $got == "b>down restart, b>up none, b>down restart, b>up none" ]] ||
		fail "changes: $got"
}

# The same life of the node, but a peer that was deleted and added: its goodbye
# was lost, its session is new, and it never died.
forgotten_without_goodbye()
{
	local session
	start 250
	session=$(peer "$A" b remote_session)
	silence "$B"
	hb "$B" peer del a
	unsilence "$B"
	hb "$B" peer add a addr 10.0.0.1 interval "$T" multiplier 5 auth none
	wait_for "$B" a up
	check_agreed
	check_eq "changes" "$(changes "$A" "$since")" ""
	check_eq "lives" "$(peer "$A" b ups)" 1
	[[ $(peer "$A" b remote_session) != "$session" ]] ||
		fail "the session is the old one"
}

both_restart()
{
	start 250
	kill_node "$B" "$A"
	hb "$A" peer del all
	boot_b || fail "b does not boot"
	hb "$A" peer add b addr 10.0.0.2 interval "$T" auth none
	check_agreed
	check_eq "lives of b" "$(peer "$A" b ups)" 1
	check_eq "lives of a" "$(peer "$B" a ups)" 1
}

need_module
need_netem
setup_ns A B
ip netns del "$B"
hb "$A" node set name a
boot_b
run_tests

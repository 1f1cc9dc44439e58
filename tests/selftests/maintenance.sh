#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A silence that was announced, here or by the node itself, is no death, unless
# it lasts beyond the announced end. B is a namespace that can be killed in
# silence and made anew with the same addresses.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	silence_is_no_death
	still_silent_at_the_end
	ended_by_hand
	back_before_the_end
	over_before_the_silence
	announced_by_the_node
	announced_end_is_kept
	announcement_is_taken_back
	restart_is_no_death
	words
"

T=$((60 * SLOW))ms
# A maintenance that is still on long after the silence is noticed
WHILE=$((2 + 2 * SLOW))s

boot_b()
{
	ip netns add "$B" || return
	ip -n "$B" link set lo up
	link "$A" eth0 1 "$B" eth0 2
	hb "$B" node set name b &&
		hb "$B" peer add a addr 10.0.0.1 interval "$T" multiplier 10 \
			auth none
}

# start [MULTIPLIER]: of A; both nodes up, nobody in maintenance
start()
{
	hb "$A" peer del b 2> /dev/null
	hb "$A" peer add b addr 10.0.0.2 interval "$T" multiplier "${1:-10}" \
		auth none
	hb "$B" node maintenance end
	wait_for "$A" b up
	wait_for "$B" a up
	# it may have come up by a beat of before the end
	busywait announced false || fail "A does not know of the end"
	since=$(next_event "$A")
}

check_changes()
{
	check_eq "changes" "$(changes "$A" "$since")" "$1"
}

return_b()
{
	unsilence "$B"
	wait_for "$A" b up
}

detections()
{
	hb "$A" -j peer show b | jq '.[0].qos.detections'
}

silence_is_no_death()
{
	start
	hb "$A" peer maintenance b
	check_eq "no end" "$(peer "$A" b maintenance_us)" 18446744073709551615
	silence "$B"
	wait_for "$A" b left
	check_eq "reason" "$(peer "$A" b reason)" maintenance
	return_b
	check_changes "b>left maintenance, b>up none"
	check_eq "deaths, detections" "$(peer "$A" b downs) $(detections)" "0 0"
}

still_silent_at_the_end()
{
	start
	hb "$A" peer maintenance b for $WHILE
	silence "$B"
	wait_for "$A" b left
	wait_for "$A" b down
	check_changes "b>left maintenance, b>down timeout"
	check_eq "detections" "$(detections)" 0
	check_num "it was down at the end" "$(events "$A" \
		'.[-1].silence_ns / 1000000 | floor')" -ge 1500
	return_b
}

# Which is no lateness of ours, though the end is before the beginning.
ended_by_hand()
{
	local late_max uptime
	start
	uptime=$(cut -d. -f1 /proc/uptime)
	hb "$A" peer maintenance b for 1h
	silence "$B"
	wait_for "$A" b left
	hb "$A" peer maintenance b end
	wait_for "$A" b down
	check_changes "b>left maintenance, b>down timeout"
	late_max=$(member "$(hb "$A" -j stats peers b)" late_max_ns)
	check_num "late" "$late_max" -lt $((uptime * 500000000))
	return_b
}

back_before_the_end()
{
	start
	hb "$A" peer maintenance b for $WHILE
	silence "$B"
	wait_for "$A" b left
	return_b
	busywait over || fail "the maintenance does not end"
	check_changes "b>left maintenance, b>up none"
}

over()
{
	[[ $(peer "$A" b maintenance_us) == null ]]
}

over_before_the_silence()
{
	start
	hb "$A" peer maintenance b for 1ms
	busywait over || fail "the maintenance does not end"
	silence "$B"
	wait_for "$A" b down
	check_changes "b>down timeout"
	return_b
}

announced()
{
	[[ $(peer "$A" b remote_maintenance) == "$1" ]]
}

announced_by_the_node()
{
	start
	check_eq "before" "$(peer "$A" b remote_maintenance)" false
	hb "$B" node maintenance for 1d
	busywait announced true || fail "A does not know of it"
	silence "$B"
	wait_for "$A" b left
	return_b
	check_changes "b>left maintenance, b>up none"
}

announced_end_is_kept()
{
	start
	hb "$B" node maintenance for $WHILE
	busywait announced true || fail "A does not know of it"
	silence "$B"
	wait_for "$A" b left
	wait_for "$A" b down
	check_changes "b>left maintenance, b>down timeout"
	return_b
}

announcement_is_taken_back()
{
	start
	hb "$B" node maintenance
	busywait announced true || fail "A does not know of it"
	hb "$B" node maintenance end
	busywait announced false || fail "A does not know of its end"
	silence "$B"
	wait_for "$A" b down
	check_changes "b>down timeout"
	return_b
}

restart_is_no_death()
{
	start 250
	hb "$A" peer maintenance b for 1h
	kill_node "$B" "$A"
	boot_b || fail "b does not boot"
	wait_for "$B" a up
	wait_for "$A" b up
	busywait restarted || fail "A has not noticed"
	check_changes "b>left maintenance, b>up none"
}

restarted()
{
	[[ $(peer "$A" b ups) == 2 ]]
}

words()
{
	refuse 2 "unknown word" hb "$A" peer maintenance b fro 1s
	refuse 2 "needs a value" hb "$A" peer maintenance b for
	refuse 2 "unit" hb "$A" node maintenance for 10
	refuse 2 "now" hb "$A" node maintenance end now
	refuse 6 "no such peer" hb "$A" peer maintenance c
}

need_module
need_netem
setup_ns A B
ip netns del "$B"
hb "$A" node set name a
boot_b
run_tests

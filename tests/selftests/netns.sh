#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Namespaces: the same names, addresses and ports in several of them know
# nothing of each other; one that goes says goodbye and leaves nothing behind.
# COUNT (100; 20 where it is slow) of them come and go.
#
#   +--------------------+           +--------------------+
#   | A1  node a         |           | B1  node b         |
#   |    10.0.0.1   eth0 +-----------+ eth0   10.0.0.2    |
#   |    10.0.1.1   eth1 +--.        +--------------------+
#   +--------------------+  |  +--------------------+
#                           '--+ eth0   10.0.1.2    |  comes and goes
#                              | C   node c         |
#   +--------------------+     +--------------------+
#   | A2  node a         |           +--------------------+
#   |    10.0.0.1   eth0 +-----------+ eth0   10.0.0.2    |
#   +--------------------+           | B2  node b         |
#                                    +--------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

COUNT=$(often 100 20 10)

K=$((10 * SLOW))

ALL_TESTS="
	twins_are_strangers
	death_stays_at_home
	removal_is_goodbye
	owner_may_configure_its_own
	come_and_go
	nothing_left_behind
"

# twin A B: two nodes that watch each other, in namespaces that are there
twin()
{
	link "$1" eth0 1 "$2" eth0 2
	hb "$1" node set name a && hb "$2" node set name b &&
		hb "$1" peer add b addr 10.0.0.2 interval 100ms multiplier $K auth none &&
		hb "$2" peer add a addr 10.0.0.1 interval 100ms multiplier $K auth none
}

twins_are_strangers()
{
	twin "$A1" "$B1" || fail "the first pair"
	wait_for "$A1" b up
	check_eq "peers of the others" "$(hb "$A2" -j peer show | jq length)" 0
	check_eq "name of the others" \
		"$(of_node "$A2" name)" null
	twin "$A2" "$B2" || fail "the second pair"
	wait_for "$A2" b up
	wait_for "$B2" a up
	check_eq "events of the first" "$(changes "$A1" 0)" "b>up none"
	check_eq "id" "$(peer "$A1" b id)" "$(peer "$A2" b id)"
	[[ $(peer "$A1" b session) != $(peer "$A2" b session) ]] ||
		fail "the pairs have the same session"
}

death_stays_at_home()
{
	local before
	# but beats that the standby has overtaken: those of the others are not of
	# the session
	before=$(drops "$B1" rx_drop_replay)
	silence "$B2"
	wait_for "$A2" b down
	check_eq "the first pair" "$(changes "$A1" 0)" "b>up none"
	check_eq "refused there" "$(drops "$B1" rx_drop_replay)" "$before"
	unsilence "$B2"
	wait_for "$A2" b up
}

removal_is_goodbye()
{
	ip netns del "$B1"
	wait_for "$A1" b left
	check_eq "reason" "$(peer "$A1" b reason)" namespace
	check_eq "the second pair" "$(peer "$A2" b state)" up
}

# Without any rights but those over a namespace of one's own
owner_may_configure_its_own()
{
	local tool=$TMP/hbctl
	command -v setpriv unshare > /dev/null || skip "no setpriv here" || return
	chmod 755 "$TMP"
	install -m 755 "$(command -v "$HBCTL")" "$tool"
	nobody unshare --user --map-root-user --net true 2> /dev/null ||
		skip "no namespaces for users here" || return
	check "set" nobody unshare --user --map-root-user --net \
		"$tool" node set name x
}

nobody()
{
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# A node comes up as c, meets a, and is gone again.
one_visit()
{
	local ns=hb-visitor-$$
	ip netns add "$ns" || return
	link "$A1" eth1 1 "$ns" eth0 2 1 &&
		hb "$ns" node set name c &&
		hb "$ns" peer add a addr 10.0.1.1 interval ${SLOW}ms multiplier 200 auth none
	ip netns del "$ns"
	busywait unplugged "$A1" eth1
}

come_and_go()
{
	local i
	one_visit
	hb "$A1" peer add c addr 10.0.1.2 interval 10ms multiplier 50 auth none
	for ((i = 0; i < COUNT; i++)); do
		one_visit || fail "visit $i" || return
	done
	check_eq "the second pair" "$(peer "$A2" b state)" up
	[[ $(peer "$A1" c state) != up ]] || slowwait not_up "$A1" c ||
		fail "c is still up"
	note "c: $(peer "$A1" c ups) times up, $(peer "$A1" c state)"
}

not_up()
{
	[[ $(peer "$1" "$2" state) != up ]]
}

# The device of a visitor goes when its namespace does; and the kernel would
# show one object more for every namespace that is held by something.
nothing_left_behind()
{
	hb "$A1" peer del all
	check_eq "visitors" "$(ip netns list | grep -c visitor)" 0
	check "device of the last visitor" unplugged "$A1" eth1
	slowwait few_namespaces || fail "namespaces: $(net_count), not $at_start"
}

# Those in use: slabs of six keep room for more once each of them has one. The
# caches of CPUs count as in use until the kernel is asked to shrink them.
net_count()
{
	[[ ! -w /sys/kernel/slab/net_namespace/shrink ]] ||
		echo 1 > /sys/kernel/slab/net_namespace/shrink
	awk '$1 == "net_namespace" { print $2 }' /proc/slabinfo
}

# Where there is no such list, the count is empty, which is 0.
few_namespaces()
{
	(($(net_count) <= at_start + COUNT / 2))
}

need_module
need_netem
setup_ns A1 B1 A2 B2
at_start=$(net_count)
run_tests

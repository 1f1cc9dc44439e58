#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every way to go has its own reason at the peer, at once: it is told, so the
# detection time of ten minutes here has no part in it.
#
#   +--------------------+           +-------------------+
#   | A   node a         |           | B   node b        |
#   |     10.0.0.1  eth0 +-----------+ eth0 10.0.0.2     |
#   |     10.0.1.1  eth1 +-----------+ eth1 10.0.1.2     |
#   +--------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	leave_and_come_back
	admin
	disable_all
	deleted
	many_let_others_run
	first_copies_lost
	device_down
	device_down_without_session
	device_of_others_is_no_business
	device_away
	other_way
	device_gone
	device_below_down
	port_of_bridge_down
	port_of_bond_down
	tunnel_down
	suspend
	suspend_while_others_enable
	namespace
	unload
"

words=(interval 2400ms multiplier 250)

# meet: a and b watch each other, whatever was before
meet()
{
	hb "$A" peer del all
	hb "$B" peer del all
	hb "$A" peer add b addr "${1:-10.0.0.2}" "${words[@]}" || fail "add b"
	hb "$B" peer add a addr "${2:-10.0.0.1}" "${words[@]}" || fail "add a"
	wait_for "$A" b up
	wait_for "$B" a up
	since=$(next_event "$B")
}

# told REASON: that a has left is all that b was told, and it knows why
told()
{
	wait_for "$B" a left
	check_eq "what b was told" "$(changes "$B" "$since")" "a>left $1"
}

leave_and_come_back()
{
	local before
	meet
	before=$(stat "$B" rx_drop_replay)
	hb "$A" leave || fail "leave"
	told leave
	check_eq "here" "$(peer "$A" b state) $(peer "$A" b reason)" \
		"admin-down leave"
	# of the three copies, the first was enough
	wait_stat "$B" rx_drop_replay -eq $((before + 2))
	hb "$A" peer enable all || fail "enable"
	wait_for "$A" b up
	wait_for "$B" a up
}

admin()
{
	meet
	hb "$A" peer disable b || fail "disable"
	told admin
}

disable_all()
{
	meet
	hb "$A" peer disable all || fail "disable"
	told admin
	check_eq "here" "$(peer "$A" b state)" admin-down
}

deleted()
{
	meet
	hb "$A" peer del b || fail "delete"
	told goodbye
}

# drop NS N: the first N of every three goodbyes that come in are lost
drop()
{
	in_ns "$1" nft -f - << EOF
table inet loss {
	chain in {
		type filter hook input priority 0;
		udp dport 7694 @th,72,8 2 numgen inc mod 3 < $2 counter drop
	}
}
EOF
}

dropped()
{
	in_ns "$1" nft list table inet loss | grep -o "packets [0-9]*"
}

# switches COMMAND...: how often it had to wait for others on its CPU. Its parent does
# not wait for it, so that it can still be asked when it is done.
switches()
{
	local parent pid
	# shellcheck disable=SC2016 # all for the other shell
	taskset 1 sh -c '"$@" & echo $! > "$0"; exec sleep 1000' "$TMP/pid" "$@" &
	parent=$!
	busywait test -s "$TMP/pid"
	pid=$(< "$TMP/pid")
	rm "$TMP/pid"
	busywait grep -q "^State:.*zombie" "/proc/$pid/status"
	awk '/^nonvoluntary/ { print $2 }' "/proc/$pid/status"
	kill "$parent"
	wait "$parent"
}

# All are told, and stopped, in one request, which may take long: others, who want the
# CPU every now and then, get it meanwhile.
many_let_others_run()
{
	local others none command
	[[ ${HB_ICOUNT:-} ]] ||
		skip "in real time 2000 peers may be gone before" || return
	hb "$A" peer del all
	taskset 1 chrt -f 1 bash -c 'exec 5<> <(:); while :; do read -rt 0.0001 -u 5; done' &
	others=$!
	none=$(switches "$HBCTL" -n "$A" peer del all)
	numbered 2000 "peer-new name=s:p%s path=[ addr4=4:10.0.0.2 ] auth=u32:0 \
interval-us=u32:60000000" | in_ns "$A" genl - > /dev/null || fail "add"
	for command in "peer disable all" "peer del all"; do
		# shellcheck disable=SC2086 # words
		check_num "turns of others during $command" \
			"$(switches "$HBCTL" -n "$A" $command)" -gt $((none + 20))
	done
	kill "$others"
	wait "$others"
}

first_copies_lost()
{
	local n
	command -v nft > /dev/null || skip "there is no nft here" || return
	for n in 1 2; do
		meet
		drop "$B" $n || skip "nft has no numgen here" || return
		hb "$A" leave
		told leave
		check_eq "lost" "$(dropped "$B")" "packets $n"
		in_ns "$B" nft delete table inet loss
	done
}

# Of a peer without a device of its own, the route tells
device_down()
{
	meet
	ip -n "$A" link set eth0 down
	told device
	# Not a beat between the goodbye and the end has begun a session anew.
	check_eq "session" "$(peer "$A" b session)" null
	check_eq "state" "$(peer "$A" b state)" up
	ip -n "$A" link set eth0 up
	wait_for "$B" a up
	check_eq "events of A" "$(events "$A" 'map(select(.event == "state" and
		.to == "down")) |
		length')" 0
}

device_down_without_session()
{
	meet
	hb "$A" peer disable b
	told admin
	ip -n "$A" link set eth0 down
	ip -n "$A" link set eth0 up
	check_eq "here" "$(peer "$A" b state)" admin-down
	hb "$A" peer enable b
	wait_for "$B" a up
}

device_of_others_is_no_business()
{
	meet
	ip -n "$A" link set eth1 down
	ip -n "$A" link set eth1 up
	wait_stat "$B" rx_beats -gt "$(stat "$B" rx_beats)"
	check_eq "what b was told" "$(changes "$B" "$since")" ""
}

# Into another namespace, which closes it here
device_away()
{
	meet
	ip -n "$A" link set eth0 netns "$B" name eth9
	told device
	ip -n "$B" link set eth9 netns "$A" name eth0
	plug "$A" eth0 1 0
	wait_for "$B" a up
}

# The route over eth1 takes over, and the beats with it
other_way()
{
	ip -n "$B" addr add 10.9.9.2/32 dev lo
	ip -n "$A" route add 10.9.9.2 via 10.0.0.2 metric 1
	ip -n "$A" route add 10.9.9.2 via 10.0.1.2 metric 2
	meet 10.9.9.2 10.0.1.1
	ip -n "$A" link set eth0 down
	wait_for "$B" a up
	busywait has_changed "a>left device, a>up none" ||
		fail "$(changes "$B" "$since")"
	ip -n "$A" link set eth0 up
}

has_changed()
{
	[[ $(changes "$B" "$since") == "$1" ]]
}

# A device of its own on top of eth0, for as long as COMMAND takes
on_top()
{
	ip -n "$A" link add link eth0 name top0 type macvlan mode bridge ||
		skip "no macvlan here" || return
	ip -n "$A" addr add 10.0.2.1/24 dev top0
	ip -n "$A" link set top0 up
	ip -n "$B" addr add 10.0.2.2/24 dev eth0
	meet 10.0.2.2 10.0.2.1
	"$@"
	told device
	ip -n "$B" addr del 10.0.2.2/24 dev eth0
}

device_gone()
{
	on_top ip -n "$A" link del top0
}

device_below_down()
{
	on_top ip -n "$A" link set eth0 down || return
	ip -n "$A" link del top0
	ip -n "$A" link set eth0 up
}

# group KIND [WORD...]: A's eth0 becomes a part of a device of that kind, for as long as
# eth0 goes down. Others may still be in it, so nobody leaves.
group()
{
	ip -n "$A" link add group0 type "$@" || skip "no $1 here" || return
	ip -n "$A" link set eth0 down
	ip -n "$A" link set eth0 master group0 || fail "a part of $1"
	ip -n "$A" link set eth0 up
	ip -n "$A" addr add 10.0.3.1/24 dev group0
	ip -n "$A" link set group0 up
	ip -n "$B" addr add 10.0.3.2/24 dev eth0
	meet 10.0.3.2 10.0.3.1
	ip -n "$A" link set eth0 down
	check_not "session of A" peer_has "$A" b session null
	check_eq "what b was told" "$(changes "$B" "$since")" ""
	ip -n "$B" addr del 10.0.3.2/24 dev eth0
	ip -n "$A" link del group0
	ip -n "$A" link set eth0 up
}

port_of_bridge_down()
{
	group bridge
}

port_of_bond_down()
{
	group bond mode active-backup miimon 100
}

# One without Ethernet headers
tunnel_down()
{
	tunnel "$A" 1 2 || skip "no tunnels here" || return
	tunnel "$B" 2 1
	meet 10.0.4.2 10.0.4.1
	ip -n "$A" link set tun0 down
	told device
	ip -n "$A" link del tun0
	ip -n "$B" link del tun0
}

# tunnel NS N PEER
tunnel()
{
	ip -n "$1" link add tun0 type ipip local "10.0.0.$2" remote "10.0.0.$3" &&
		ip -n "$1" addr add "10.0.4.$2/24" dev tun0 &&
		ip -n "$1" link set tun0 up
}

need_suspend()
{
	[[ -w /sys/power/pm_test ]] || skip "no test of suspend here"
}

# Until all processes are frozen, and back: far enough for the notifiers, whom the
# kernel tells of every way to sleep
go_to_sleep()
{
	# else it spins for 5 s
	echo 0 > /sys/module/suspend/parameters/pm_test_delay
	echo freezer > /sys/power/pm_test
	echo freeze > /sys/power/state || fail "suspend"
	echo none > /sys/power/pm_test
}

suspend()
{
	local before after
	need_suspend || return
	meet
	before=$(peer "$B" a remote_incarnation)
	go_to_sleep
	wait_for "$A" b up
	wait_for "$B" a up
	after=$(peer "$B" a remote_incarnation)
	[[ $before != "$after" ]] || fail "still in the same life"
	note "$(changes "$B" "$since")"
	# both ends slept, and one of them was first
	[[ $(changes "$A" 0)$(changes "$B" "$since") == *"left suspend"* ]] ||
		fail "nobody was told"
}

# Who enables a peer while the machine goes to sleep gets it when that is awake.
suspend_while_others_enable()
{
	local i other states
	need_suspend || return
	meet
	since=$(next_event "$A")
	ip netns exec "$A" genl - < <(yes "peer-set name=s:b enabled=u8:1") > /dev/null &
	other=$!
	for i in {1..10}; do
		go_to_sleep
	done
	kill "$other"
	wait "$other"
	states=$(changes "$A" "$since")
	check_eq "rests" "$(grep -o "down suspend" <<< "$states" | wc -l)" 10
	check_eq "enabled in between" "$(grep -o "init admin" <<< "$states")" ""
	wait_for "$A" b up
}

namespace()
{
	meet
	ip netns del "$A"
	told namespace
	ip netns add "$A"
	ip -n "$A" link set lo up
	busywait gone eth0
	busywait gone eth1
	link "$A" eth0 1 "$B" eth0 2
	link "$A" eth1 1 "$B" eth1 2 1
	hb "$A" node set name a key-file "$TMP/key"
}

gone()
{
	! ip -n "$B" link show "$1" > /dev/null 2>&1
}

# goodbyes FILE: how many there are in a capture whose reason is unload (11)
goodbyes()
{
	grep -cE '^[a-z]+ .{86}02.{182}0b' "$1"
}

# Both ends have the same module, so the last words are found on the wire: of
# the node that went first, and of the other if it had not heard them yet.
unload()
{
	local n
	[[ -e ${HB_KO:-} ]] || skip "HB_KO does not name the module to load" ||
		return
	meet
	capture "$B" "$TMP/capture"
	rmmod hb || fail "rmmod"
	end_capture
	n=$(goodbyes "$TMP/capture")
	[[ $n -eq 3 || $n -eq 6 ]] || fail "$n goodbyes"
	insmod "$HB_KO" || fail "insmod"
}

need_module
setup_ns A B
link "$A" eth0 1 "$B" eth0 2
link "$A" eth1 1 "$B" eth1 2 1
"$HBCTL" key generate "$TMP/key"
hb "$A" node set name a key-file "$TMP/key"
hb "$B" node set name b key-file "$TMP/key"
run_tests

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Is a death that is told one? CPUs stand still, beats wait in queues, packets get
# lost one way; nobody dies of it, and what happened is told. Where a defence can
# be switched off, the same without it is a death: the test can fail.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	standby_beats_for_a_stalled_cpu
	standby_is_back_with_its_cpu
	no_standby_is_a_death
	standby_that_is_off_rests
	queued_beats_are_heard
	queued_beats_unheard_are_a_death
	starved_thread_is_waited_for
	starved_thread_unheard_is_a_death
	idle_thread_is_not_waited_for
	machine_that_stood_still_blames_nobody
	beats_lost_in_a_stall_are_excused
	beats_lost_in_a_stall_unexcused_are_a_death
	stall_is_told_once
	beat_that_ends_a_stall_tells_of_it
	a_dead_peer_is_found_all_the_same
	fast_peer_excuses_no_slow_one
	blame_is_on_the_network
	blame_is_on_the_peer
	one_way_is_told
"

PARAMS=/sys/module/hb/parameters
STALL=/sys/module/hb_stall/parameters/stall
# An interval, and a stall of ten of them
T=$((10 * SLOW)) LONG=$((100 * SLOW))

# with PARAMETER=0|1...: the defences, until the next call
with()
{
	local word
	for word in stall_guard=1 drain=1 standby=1 "$@"; do
		echo "${word#*=}" > "$PARAMS/${word%=*}"
	done
}

# fresh MULTIPLIER: new sessions, whose timers are on CPU 0
fresh()
{
	hb "$A" peer del all
	hb "$B" peer del all
	taskset 1 "$HBCTL" -n "$A" peer add b addr 10.0.0.2 interval ${T}ms \
		multiplier "$1" auth none
	taskset 1 "$HBCTL" -n "$B" peer add a addr 10.0.0.1 interval ${T}ms \
		multiplier "$1" auth none
	wait_for "$A" b up
	wait_for "$B" a up
	pause_ms $((SLOW * 200))
}

downs()
{
	echo $(($(peer "$A" b downs) + $(peer "$B" a downs)))
}

# stand_still CPU|all
stand_still()
{
	echo "$1 $LONG" > $STALL
}

# stall CPU|all: and there is time to judge afterwards
stall()
{
	stand_still "$@"
	pause_ms $((SLOW * 200))
}

# steer MASK: to which CPUs' backlogs what arrives goes
steer()
{
	local ns
	for ns in "$A" "$B"; do
		ip netns exec "$ns" sh -c \
			"echo $1 > /sys/class/net/eth0/queues/rx-0/rps_cpus"
	done
}

# All beats go by CPU 1's backlog, and it stands still: to CPU 0 they look lost.
stall_receiver()
{
	steer 2
	pause_ms $((SLOW * 200))
	stall 1
	steer 0
}

need_rps()
{
	ip netns exec "$A" test -e /sys/class/net/eth0/queues/rx-0/rps_cpus ||
		skip "this kernel can't steer packets to a CPU"
}

standby_beats_for_a_stalled_cpu()
{
	local before
	with
	fresh 3
	before=$(stat "$A" tx_standby)
	stall 0
	check_eq "deaths" "$(downs)" 0
	check_num "beats of the standby" "$(stat "$A" tx_standby)" -gt "$before"
}

# A node that begins with one CPU looks for another one each second.
standby_is_back_with_its_cpu()
{
	local before i online=/sys/devices/system/cpu/cpu1/online
	[[ $(nproc) -eq 2 && -e $online ]] ||
		skip "there is no second CPU that can go" || return
	with
	echo 0 > $online
	fresh 200
	before=$(stat "$A" tx_standby)
	sleep 1
	check_eq "beats of a standby, with one CPU" "$(stat "$A" tx_standby)" "$before"
	echo 1 > $online
	for ((i = 0; i < 10 && $(stat "$A" tx_standby) == before; i++)); do
		sleep 1
		stall 0
	done
	check_num "beats of the standby" "$(stat "$A" tx_standby)" -gt "$before"
}

no_standby_is_a_death()
{
	local before
	with drain=0 stall_guard=0 standby=0
	fresh 3
	before=$(downs)
	# the judge is on the other CPU
	stall 0
	check_num "deaths" "$(downs)" -gt "$before"
}

TRACING=/sys/kernel/tracing

# watch EVENT: a trace with nothing before
watch()
{
	echo > $TRACING/trace
	echo 1 > "$TRACING/events/hb/$1/enable"
}

unwatch()
{
	echo 0 > "$TRACING/events/hb/$1/enable"
}

# Switched off, it looks four times an interval whether it still is. Without a pause
# between, its CPU would do nothing else: some 40,000 looks.
standby_that_is_off_rests()
{
	local looks i
	with standby=0
	fresh 200
	# the other CPU may stand still as well, on a busy host
	for ((i = 0; i < 5; i++)); do
		watch hb_timer
		stand_still 0
		unwatch hb_timer
		looks=$(grep -c hb_timer: $TRACING/trace)
		check_num "timers of two nodes in ten intervals" "$looks" -lt 400
		[[ $looks -le 20 ]] || break
	done
	check_num "timers of two nodes in ten intervals" "$looks" -gt 20
}

saves()
{
	echo $(($(stat "$A" drain_saves) + $(stat "$B" drain_saves)))
}

# averts COMMAND: of some tries, none ends in a death, and one in a verdict that was put
# off. The judge begins on CPU 0, and may be on the very CPU that is held up when it is
# told of other stalls; then it knows.
averts()
{
	local before i
	for ((i = 0; i < 10; i++)); do
		fresh 3
		before=$(saves)
		"$@"
		check_eq "deaths" "$(downs)" 0
		[[ $(saves) -eq before ]] || return 0
	done
	fail "no verdict was averted"
}

queued_beats_are_heard()
{
	need_rps || return
	with
	averts stall_receiver
}

queued_beats_unheard_are_a_death()
{
	local before
	need_rps || return
	with stall_guard=0 drain=0
	fresh 3
	before=$(downs)
	stall_receiver
	check_num "deaths" "$(downs)" -gt "$before"
}

# thread_receives 0|1: at A, in a thread on CPU 1; sets $thread. A veth receives like
# a card, and not at once, if it is to merge what the other end did not.
thread_receives()
{
	in_ns "$B" ethtool -K eth0 tso off && receive_in_thread "$A" "$1" ||
		skip "this kernel's veth can't receive in a thread" || return
	[[ $1 == 0 ]] && return
	thread=$(pgrep -n '^napi/eth0')
	taskset -p 2 "$thread" > /dev/null || fail "no thread"
}

# CPU 1 is taken by a real-time task; softirqs run there, the thread does not. The task
# ends by itself, as whoever would end it might have to wait for that CPU. The kernel
# lets it go on for 0.95 s.
starve_thread()
{
	# shellcheck disable=SC2016 # all for the other shell
	taskset 2 chrt -f 50 bash -c 'end=$((${EPOCHREALTIME/./} + $1))
		while ((${EPOCHREALTIME/./} < end)); do :; done' - $((SLOW * 100000))
	sleep 0.$((SLOW * 1))
}

starved_thread_is_waited_for()
{
	thread_receives 1 || return
	with
	averts starve_thread
	thread_receives 0
}

starved_thread_unheard_is_a_death()
{
	local before
	thread_receives 1 || return
	with stall_guard=0 drain=0
	fresh 3
	before=$(downs)
	starve_thread
	check_num "deaths" "$(downs)" -gt "$before"
	thread_receives 0
}

idle_thread_is_not_waited_for()
{
	local before
	thread_receives 1 || return
	with
	fresh 3
	before=$(stat "$A" drain_timeouts)
	silence "$B"
	wait_for "$A" b down
	# In real time a CPU may have stood still, and been given up.
	[[ ! ${HB_ICOUNT:-} ]] ||
		check_eq "threads given up" "$(stat "$A" drain_timeouts)" "$before"
	unsilence "$B"
	thread_receives 0
}

# stalls_told NS SINCE: how many, at least nine tenths as long as they were
stalls_told()
{
	hb "$1" -j events since "$2" | jq "map(select(.event == \"stall\" and
		.late_ns >= $LONG * 900000)) | length"
}

machine_that_stood_still_blames_nobody()
{
	local i since
	with
	fresh 3
	since=$(next_event "$A")
	for ((i = 0; i < 5; i++)); do
		stall all
	done
	check_eq "deaths" "$(downs)" 0
	check_num "stalls told" "$(stalls_told "$A" "$since")" -gt 0
}

# Both beat once a second from now on.
slow_down()
{
	local node
	hb "$A" peer set b interval 1s
	hb "$B" peer set a interval 1s
	for node in "$A b" "$B a"; do
		# shellcheck disable=SC2086 # two words
		busywait peer_has $node remote_interval_us 1000000 || fail "no slower"
	done
	sleep 1.2
}

# No queue has what was lost. After the stall A gives B three seconds.
lose_beats_in_a_stall()
{
	fresh 3
	slow_down
	before=$(downs)
	silence "$B"
	echo "all 3500" > $STALL
	unsilence "$B"
	sleep 1.5
}

beats_lost_in_a_stall_are_excused()
{
	local before
	with
	lose_beats_in_a_stall
	check_eq "deaths" "$(downs)" "$before"
}

beats_lost_in_a_stall_unexcused_are_a_death()
{
	local before
	with stall_guard=0
	lose_beats_in_a_stall
	check_num "deaths" "$(downs)" -gt "$before"
}

# A stall of every CPU is told once each, though there are many peers.
stall_is_told_once()
{
	local since i told=0
	with
	fresh 3
	for i in {3..12}; do
		hb "$A" peer add "void$i" addr "10.0.0.$i" interval ${T}ms \
			auth none
	done
	# CPUs that are to stand still at the same time may not on a busy host
	for ((i = 0; i < 5 && told == 0; i++)); do
		# one that puts no verdict off is told once a second at most
		sleep 1.2
		since=$(next_event "$A")
		stall all
		told=$(stalls_told "$A" "$since")
		check_num "stalls told" "$told" -le "$(nproc)"
	done
	check_num "stalls told" "$told" -gt 0
	hb "$A" peer del all
}

# A second later the next one would, so this is looked at before. B's timers stand still
# with A's, so that no beat of before is under way.
beat_that_ends_a_stall_tells_of_it()
{
	with standby=0
	fresh 200
	slow_down
	echo "all 1800" > $STALL
	check_num "stall of a that b knows of" "$(peer "$B" a remote_stalled_us)" -gt 500000
}

# What stalls a fast peer is none to a slow one: c, which A watches a hundred times
# slower than b, is not put off by what the timers of b tell.
fast_peer_excuses_no_slow_one()
{
	local hog fake
	with
	fresh 250
	in_ns "$B" taskset 1 fakepeer 10.0.0.2 7700 &
	fake=$!
	taskset 1 "$HBCTL" -n "$A" peer add c addr 10.0.0.2 port 7700 \
		interval $((T * 10))ms multiplier 3 auth none
	while :; do
		echo "0 $((T * 2))" > $STALL
		echo "1 $((T * 2))" > $STALL
	done &
	hog=$!
	wait_for "$A" c down
	kill $hog $fake
	wait $hog $fake
	hb "$A" peer del c
}

# While CPUs go on standing still: between two stalls they run for as long as it takes
# to ask, which is less than it takes to detect
a_dead_peer_is_found_all_the_same()
{
	local i
	with
	fresh 40
	silence "$A"
	silence "$B"
	for ((i = 0; i < 40; i++)); do
		stand_still all
		! is "$A" b down || break
	done
	check_num "stalls until it is found" $i -lt 40
	wait_for "$B" a down
	unsilence "$A"
	unsilence "$B"
	wait_for "$A" b up
}

# owed_to WHOM: a late beat owed more than two intervals to in_peer, in_network or
# in_local, and less than that to the others
owed_to()
{
	sed -n 's/.*hb_late://p' $TRACING/trace | tr '=' ' ' | awk -v whom="$1" \
		-v least=$((2 * T * 1000000)) '{
			others = 0
			for (i = 5; i < NF; i += 2)
				if ($i == whom)
					own = $(i + 1)
				else
					others += $(i + 1)
			found += own > least && others < own
		}
		END { exit !found }'
}

blamed()
{
	owed_to "$1" || fail "no $1: $(grep hb_late: $TRACING/trace)"
	unwatch hb_late
}

count_late()
{
	hb "$1" -j peer show "$2" | jq -r ".[0].lateness.$3"
}

blame_is_on_the_network()
{
	with
	fresh 200
	watch hb_late
	tc -n "$B" qdisc replace dev eth0 root netem delay ${LONG}ms
	sleep 0.$((SLOW * 4 < 10 ? SLOW * 4 : 9))
	unsilence "$B"
	wait_for "$A" b up
	blamed in_network
	check_num "late beats" "$(count_late "$A" b network_count)" -gt 0
}

# The timers of both nodes are on CPU 0, what they hear is on the other.
blame_is_on_the_peer()
{
	local i
	with standby=0
	fresh 200
	watch hb_late
	# on a busy host other CPUs may stand still as well
	for ((i = 0; i < 5; i++)); do
		stall 0
		! owed_to in_peer || break
	done
	blamed in_peer
	check_eq "deaths" "$(downs)" 0
}

# What A sends gets lost: B has to declare it dead and says so, in questions that
# A hears.
one_way_is_told()
{
	local since
	with
	# three questions come just before K = 3
	fresh 5
	since=$(next_event "$A")
	silence "$A"
	wait_for "$B" a down
	wait_for "$A" b down
	check_eq "reason" "$(peer "$A" b reason)" remote-defect
	check_eq "b says it hears nothing" "$(peer "$A" b remote_defect)" true
	check_eq "one way" "$(peer "$A" b one_way)" true
	check_eq "at B" "$(peer "$B" a reason)" timeout
	unsilence "$A"
	wait_for "$A" b up
	check_eq "events" "$(hb "$A" -j events since "$since" |
		jq -r 'map(select(.event != "stall") | .event + "=" + .to) |
			join(" ")')" \
		"one-way=up state=down mistake=down state=up two-way=up"
	check_eq "one way" "$(peer "$A" b one_way)" false
	check_num "counted" "$(stat "$A" one_ways)" -gt 0
}

need_module
need_netem
need taskset chrt ethtool pgrep
[[ $(nproc) -gt 1 ]] || skip_all "there is one CPU only"
load_stall
defer with
setup_pair
run_tests

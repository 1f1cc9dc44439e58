#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everything that changes at the same time, under beats and deaths, for COUNT seconds:
# peers, their timing, paths and keys; dumps and monitors; a namespace, a device and
# its addresses; CPUs; and the module. Where hb_delay.ko is, whoever passes a
# tracepoint is held up there, so that others come between. Before that, a pair that
# beats each millisecond is read and changed for as long. The kernel's own checks
# judge, and that a death is told once it is over.
#
#   +------------+           +-----------------+           +------------+
#   | B  node b  |           | A  node a       |           | a third,   |
#   |       eth0 +-----------+ eth0       far0 +-----------+ now and    |
#   | 10.0.0.2   |           | 10.0.0.1        |           | then       |
#   +------------+           | 20 at nowhere   |           +------------+
#                            +-----------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

COUNT=$(often 60 20)
PEERS=20
# Delays of 100 us on average must leave the CPUs some time.
EVERY_US=$((SLOW * 20000))

ALL_TESTS="
	under_beats
	at_once
	death_is_told
"

# What fails because another one was faster is part of it.
goes_on()
{
	[[ ! -e $TMP/stop ]]
}

ask()
{
	in_ns "$1" genl - > /dev/null 2> "$TMP/asked-$BASHPID"
	# a request that can't even be made
	[[ $? -ne 2 ]] || cat "$TMP/asked-$BASHPID" >> "$TMP/misworded"
}

peers_come_and_go()
{
	while goes_on; do
		numbered $PEERS "peer-new name=s:p%s path=[ addr4=4:10.0.0.9 ] \
auth=u32:0 interval-us=u32:$((5 * EVERY_US))" | ask "$A"
		numbered $PEERS "peer-set name=s:p%s maintenance-us=u64:100000" | ask "$A"
		numbered $PEERS "peer-del name=s:p%s" | ask "$A"
	done
}

# The two watch each other, from now on, and in ever another way
pair_changes()
{
	local ns=$1 name=$2 number=$3 i=0 key
	key=$(printf '%064d' 1)
	while goes_on; do
		ask "$ns" <<- EOF
			node-set name=s:$4
			peer-new name=s:$name path=[ addr4=4:10.0.0.$number ] auth=u32:0
			peer-set name=s:$name interval-us=u32:$((EVERY_US * (1 + i % 3)))
			peer-set name=s:$name path=[ addr6=6:fd00:0::$number ]
			peer-set name=s:$name key=[ slot=u8:1 secret=x:$key ] key-send=u8:1
			peer-set name=s:$name detect=u32:$((i % 2))
			peer-set name=s:$name auth=u32:0 path=[ addr4=4:10.0.0.$number ]
			peer-set name=s:$name enabled=u8:$((i % 7 > 0))
			peer-set name=s:$name multiplier=u8:$((3 + i % 5)) enabled=u8:1
		EOF
		i=$((i + 1))
	done
}

reads_on()
{
	while goes_on; do
		hb "$A" -j peer show -d
		hb "$A" -j
		hb "$A" -s
		hb "$A" events
		timeout 0.3 "$HBCTL" -n "$A" monitor
	done > /dev/null 2>&1
}

namespace_comes_and_goes()
{
	local ns
	while goes_on; do
		ns=hb-c-$RANDOM$RANDOM
		ip netns add "$ns"
		link "$A" far0 1 "$ns" eth0 3 1
		hb "$ns" node set name c
		hb "$ns" peer add a addr 10.0.1.1 interval "${EVERY_US}us" auth none
		hb "$A" peer add c addr 10.0.1.3 interval "${EVERY_US}us" auth none
		sleep 0.2
		ip netns del "$ns"
		busywait unplugged "$A" far0
		hb "$A" peer del c
	done > /dev/null 2>&1
}

device_comes_and_goes()
{
	while goes_on; do
		silence "$B"
		sleep 0.2
		unsilence "$B"
		ip -n "$A" addr add 10.0.0.7/24 dev eth0
		ip -n "$B" link set eth0 address "02:00:00:00:01:$((10 + RANDOM % 80))"
		sleep 0.1
		ip -n "$A" link set eth0 down
		plug "$A" eth0 1 0
		ip -n "$A" addr del 10.0.0.7/24 dev eth0
	done > /dev/null 2>&1
}

cpus_come_and_go()
{
	local cpu cpus=(/sys/devices/system/cpu/cpu[1-9]/online)
	[[ -e ${cpus[0]} ]] || return 0
	while goes_on; do
		cpu=${cpus[RANDOM % ${#cpus[@]}]}
		echo 0 > "$cpu"
		sleep 0.2
		echo 1 > "$cpu"
		sleep 0.2
	done
	for cpu in "${cpus[@]}"; do
		echo 1 > "$cpu"
	done
} 2> /dev/null

module_comes_and_goes()
{
	[[ -e ${HB_KO:-} ]] || return 0
	while goes_on; do
		sleep 2
		unload_module
		insmod "$HB_KO"
		echo >> "$TMP/loads"
	done
}

# What does not end the session, at both ends of it
settings_change()
{
	local i=0 key
	key=$(printf '%064d' 1)
	while goes_on; do
		ask "$1" <<- EOF
			peer-set name=s:$2 detect=u32:$((i % 2)) multiplier=u8:250
			peer-set name=s:$2 interval-us=u32:$((1000 + i % 3 * 1000))
			peer-set name=s:$2 path=[ addr6=6:fd00:0::$3 ]
			peer-set name=s:$2 multiplier=u8:200 hold-up-us=u64:$((i % 2))
			peer-set name=s:$2 path=[ addr4=4:10.0.0.$3 ]
			peer-set name=s:$2 maintenance-us=u64:$((i % 4 * 1000))
			node-set maintenance-us=u64:$((i % 2 * 1000))
			node-set key=[ slot=u8:$((1 + i % 2)) secret=x:$key ]
		EOF
		i=$((i + 1))
	done
}

under_beats()
{
	local beats
	insmod_delay 20
	watch_each_other 1ms 250
	settings_change "$A" b 2 &
	settings_change "$B" a 1 &
	reads_on &
	sleep "$COUNT"
	end_works
	beats=$(stat "$A" rx_beats)
	remove_delay
	note "$beats beats heard"
	check_num "beats" "$beats" -gt "$COUNT"
}

# watch_each_other INTERVAL MULTIPLIER
watch_each_other()
{
	hb "$A" peer del all
	hb "$B" peer del all
	hb "$A" node set name a
	hb "$B" node set name b
	hb "$A" peer add b addr 10.0.0.2 interval "$1" multiplier "$2" auth none
	hb "$B" peer add a addr 10.0.0.1 interval "$1" multiplier "$2" auth none
	wait_for "$A" b up
	wait_for "$B" a up
}

end_works()
{
	local works
	touch "$TMP/stop"
	works=$(jobs -rp)
	# shellcheck disable=SC2086 # words
	slowwait gone $works || fail "something is stuck: $(ps -o pid,stat,wchan,args)"
	rm "$TMP/stop"
	check_eq "misworded requests" "$(sort -u "$TMP/misworded")" ""
}

# gone PID...: they have ended
gone()
{
	! kill -0 "$@" 2> /dev/null
}

# hb_delay attaches to tracepoints and lets go of them: it patches hb's code, and does
# so where no CPU runs it, or one of QEMU 7.2's crashes (see tests/qemu/boot.sh).
insmod_delay()
{
	[[ -e $delay_ko ]] || return 0
	unload_module
	insmod "$delay_ko" longest_us="$1"
	insmod "$HB_KO"
}

remove_delay()
{
	[[ -e $delay_ko ]] || return 0
	unload_module
	rmmod hb_delay
	insmod "$HB_KO"
}

at_once()
{
	insmod_delay 200
	pair_changes "$A" b 2 a &
	pair_changes "$B" a 1 b &
	peers_come_and_go &
	reads_on &
	namespace_comes_and_goes &
	device_comes_and_goes &
	cpus_come_and_go &
	module_comes_and_goes &
	sleep "$COUNT"
	end_works
	remove_delay
	note "for $COUNT s, with $(wc -l < "$TMP/loads") loads of the module"
}

death_is_told()
{
	local since
	watch_each_other "${EVERY_US}us" 3
	since=$(next_event "$A")
	silence "$B"
	wait_for "$A" b down
	check_eq "told" "$(changes "$A" "$since")" "b>down timeout"
	unsilence "$B"
}

need_module
[[ $(nproc) -gt 1 ]] || skip_all "there is one CPU only"
setup_pair
: > "$TMP/loads"
: > "$TMP/misworded"
delay_ko=${HB_KO%/kmod/hb.ko}/tests/stall/hb_delay.ko
[[ -e $delay_ko ]] || delay_ko=${HB_KO%/hb.ko}/hb_delay.ko
run_tests

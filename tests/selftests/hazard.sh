#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Does a node tell what may make its beats late or its deaths untold? Each hazard is
# looked for by another way than hb's, and is told if and only if it is there.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B                 |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	realtime_kernel
	deferred_softirqs
	one_cpu
	isolated_cpus
	no_fine_timers
	threaded_interrupts
	device_that_cannot_gasp
	device_that_receives_in_a_thread
	device_below_that_does
	each_has_a_sentence
"

hazards()
{
	hb "$A" -j node show | jq -r '.[0].hazards[]'
}

# told HAZARD COMMAND...: if and only if the command succeeds
told()
{
	local hazard=$1 told=no there=no
	shift
	! hazards | grep -qx "$hazard" || told=yes
	! "$@" || there=yes
	note "$hazard: $there"
	check_eq "$hazard" $told $there
}

realtime_kernel()
{
	told preempt-rt is_realtime
}

is_realtime()
{
	[[ $(uname -v) == *PREEMPT_RT* ]]
}

deferred_softirqs()
{
	told softirq-deferral is_before_6_5
}

is_before_6_5()
{
	! printf '%s\n' 6.5 "$(uname -r)" | sort -CV
}

# cpus FILE...: the numbers in lists of the kernel's, like 0-3,7
cpus()
{
	(cd /sys/devices/system/cpu && cat "$@" 2> /dev/null) | tr ', ' '\n' |
		sed -nE 's/^([0-9]+)$/\1 \1/p; s/^([0-9]+)-([0-9]+)$/\1 \2/p' |
		while read -r first last; do
			seq "$first" "$last"
		done | sort -u
}

one_cpu()
{
	told single-cpu test "$(cpus online | wc -l)" -eq 1
}

isolated_cpus()
{
	cpus online > "$TMP/online"
	cpus isolated nohz_full > "$TMP/isolated"
	told no-standby none_is_left
}

none_is_left()
{
	[[ $(wc -l < "$TMP/online") -gt 1 &&
	   $(comm -23 "$TMP/online" "$TMP/isolated" | wc -l) -lt 2 ]]
}

no_fine_timers()
{
	told coarse-timers grep -qw highres=off /proc/cmdline
}

threaded_interrupts()
{
	told threadirqs grep -qw threadirqs /proc/cmdline
}

# A veth is no card: there is nothing that could send for a kernel that has stopped.
device_that_cannot_gasp()
{
	told no-gasp true
	hb "$A" peer del b
	told no-gasp false
	hb "$A" peer add b addr 10.0.0.2 auth none
}

device_that_receives_in_a_thread()
{
	told threaded-napi false
	receive_in_thread "$A" 1 ||
		skip "this kernel's veth can't receive in a thread" || return
	told threaded-napi true
	receive_in_thread "$A" 0
	told threaded-napi false
}

# What leads to the peer then is a VLAN on the device.
device_below_that_does()
{
	ip -n "$A" link add link eth0 name vlan5 up type vlan id 5 ||
		skip "there are no VLANs here" || return
	ip -n "$A" addr add 10.5.0.1/24 dev vlan5
	hb "$A" peer set b addr 10.5.0.2
	told threaded-napi false
	receive_in_thread "$A" 1 ||
		skip "this kernel's veth can't receive in a thread" || return
	told threaded-napi true
	hb "$A" peer set b addr 10.0.0.2
	ip -n "$A" link del vlan5
	receive_in_thread "$A" 0
	told threaded-napi false
}

each_has_a_sentence()
{
	local hazard
	for hazard in $(hazards); do
		hb "$A" node show | grep -q "hazard $hazard: [a-z]" ||
			fail "no sentence on $hazard"
	done
}

need_module
need ethtool
setup_ns A B
link "$A" eth0 1 "$B" eth0 2
hb "$A" node set name a
hb "$A" peer add b addr 10.0.0.2 auth none
run_tests

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ladder.sh [RUNG...]: does a node tell the truth under load? In a guest, as root.
# a and b beat to each other and live all the time: whatever either says of the
# other's death is false. c's peers on d come up, fall silent and die again and
# again: each of these deaths is true and has to be told; at the end, still under
# load, d is gone for good, and no peer may stay up. Prints KTAP, a test and its
# figures for each rung and interval. SECONDS_EACH (60), INTERVALS (10ms 1ms),
# HB_PARAMS for the module, such as standby=0 for an ablation. The rung `paused` is
# for paused.sh, on the host.
#
#   +---+ veth +---+        +---+ veth +--------------+
#   | a +------+ b |        | c +------+ d  fakepeer  |
#   +---+      +---+        +---+      +--------------+

set -u
cd "$(dirname "$0")/../.." || exit
. tests/figures/cable.sh
: "${SECONDS_EACH:=60}" "${INTERVALS:=10ms 1ms}" "${HB_PARAMS:=}"
DEATHS=4	# peers of c that die over and over
# A peer that is silent for so long has to be dead: HB_VERDICT_PATIENCE_NS, and some
LONGEST_S=12
fakepeer=$PWD/build/selftests/fakepeer
rungs=("$@")
[[ ${#rungs[@]} -gt 0 ]] || rungs=(idle cfs fifo-one fifo-all timer sock udp loss
	stall-100 stall-1000)
load=()

# nodes INTERVAL: fresh ones, with all counters at 0
nodes()
{
	local i
	cable a b 9.1
	cable c d 9.2
	hbctl -n a node set name a key-file /tmp/key
	hbctl -n b node set name b key-file /tmp/key
	hbctl -n c node set name c
	hbctl -n a peer add b addr 10.9.1.2 interval "$1"
	hbctl -n b peer add a addr 10.9.1.1 interval "$1"
	ip netns exec d "$fakepeer" 10.9.2.2 7694 > /dev/null &
	fake=$!
	for ((i = 0; i < DEATHS; i++)); do
		hbctl -n c peer add "d$i" addr 10.9.2.2 interval "$1" auth none
	done
}

no_nodes()
{
	kill -KILL "$fake"
	wait "$fake" 2> /dev/null
	ip netns del a
	ip netns del b
	ip netns del c
	ip netns del d
	sleep 0.2
}

# hog COMMAND...: in the background, as an ordinary process unless it says else
hog()
{
	chrt -o 0 "$@" &
	load+=($!)
}

stalls()
{
	local ms=$1 cpu=0
	while echo "$cpu $ms" > /sys/module/hb_stall/parameters/stall; do
		cpu=$(((cpu + 1) % $(nproc)))
		sleep $((ms / 100 + 1))
	done
}

start_load()
{
	local i
	case $1 in
	idle | paused) ;;
	cfs) for i in 1 2 3 4; do hog bash -c 'while :; do :; done'; done ;;
	fifo-one) hog taskset 1 chrt -f 50 bash -c 'while :; do :; done' ;;
	fifo-all) for ((i = 0; i < $(nproc); i++)); do
		hog taskset $((1 << i)) chrt -f 50 bash -c 'while :; do :; done'
	done ;;
	timer) hog stress-ng --quiet --timer 4 --timer-freq 100000 ;;
	sock) hog stress-ng --quiet --sock 4 ;;
	udp) hog stress-ng --quiet --udp 4 ;;
	loss)
		for i in a b; do
			tc -n $i qdisc replace dev eth0 root netem loss 1%
		done
		;;
	stall-*)
		stalls "${1#stall-}" 2> /dev/null &
		load+=($!)
		;;
	esac
}

stop_load()
{
	local pid
	for pid in "${load[@]}"; do
		pkill -P "$pid"
		kill "$pid" 2> /dev/null
		wait "$pid" 2> /dev/null
	done
	load=()
}

# number NAMESPACE COMMAND FILTER: out of hbctl's JSON
number()
{
	# shellcheck disable=SC2086 # a command
	hbctl -n "$1" -j $2 | jq "$3"
}

# All peers of c are dead, and have died as often as they came up
all_told()
{
	hbctl -n c -j peer show |
		jq -e 'all(.state == "down" and .ups == .downs)' > /dev/null
}

# No answer from d any more: sets $untold to the peers of c that stay up. It is only
# stopped: to end, it may have to wait for RCU, and that for the hogs.
end_of_d()
{
	local end=$((SECONDS + LONGEST_S))
	kill -STOP "$fake"
	until all_told || ((SECONDS > end)); do
		sleep 0.1
	done
	untold=$(number c "peer show" 'map(.ups - .downs) | add')
}

# rung NUMBER NAME INTERVAL
rung()
{
	local n=$1 downs a b deaths untold
	shift
	nodes "$2"
	sleep 1
	a=$(number a "peer show" '.[0].downs') b=$(number b "peer show" '.[0].downs')
	start_load "$1"
	sleep "$SECONDS_EACH"
	end_of_d
	downs=$(($(number a "peer show" '.[0].downs') - a +
		$(number b "peer show" '.[0].downs') - b))
	stop_load
	printf '# %-10s %-5s false %s lost %s late-max-us %s gap-max-us %s ' \
		"$1" "$2" "$downs" \
		"$(number a "stats peers" '.[0].rx_lost')" \
		"$(number a "stats peers" '.[0].late_max_ns / 1000 | floor')" \
		"$(number a "stats peers" '.[0].gap_max_ns / 1000 | floor')"
	printf 'standby %s stalls %s drains %s saves %s ' \
		"$(number a stats '.[0].tx_standby')" \
		"$(number a stats '.[0].stalls')" \
		"$(number a stats '.[0].drains')" \
		"$(number a stats '.[0].drain_saves')"
	true_deaths
	printf '# hazards: %s\n' "$(hbctl -n a -j node show |
		jq -r '.[0].hazards // ["none"] | join(" ")')"
	no_nodes
	if [[ $downs -eq 0 && $deaths -gt 0 && $untold -eq 0 ]]; then
		echo "ok $n $1 at $2: no false death in $SECONDS_EACH s"
	else
		echo "not ok $n $1 at $2: $downs false deaths, $deaths true ones," \
			"$untold of them untold"
	fi
}

# How long the dead had been silent: on average and at most over the whole rung, as
# the kernel has counted; the median of those only whose events it still has.
true_deaths()
{
	local silences
	deaths=$(number c "peer show" 'map(.downs) | add')
	silences=$(hbctl -n c -j events | jq -c '[.[] |
		select(.event == "state" and .to == "down") |
		.silence_ns / 1000 | floor] | sort')
	printf 'deaths %s untold %s silence-us mean %s max %s ' \
		"$deaths" "$untold" \
		"$(number c "node show" '.[0].qos.detection_avg_ns / 1000 | floor')" \
		"$(number c "node show" '.[0].qos.detection_max_ns / 1000 | floor')"
	printf 'median-of-last-%s %s\n' "$(jq length <<< "$silences")" \
		"$(jq '.[length / 2 | floor]' <<< "$silences")"
}

stall_ko=${HB_KO%/kmod/hb.ko}/tests/stall/hb_stall.ko
[[ -e $stall_ko ]] || stall_ko=${HB_KO%/hb.ko}/hb_stall.ko
# shellcheck disable=SC2086 # words
insmod "$HB_KO" $HB_PARAMS && insmod "$stall_ko" || exit
# A kernel that has no random numbers yet does not get them for a real-time task.
(umask 077 && rm -f /tmp/key && hbctl key generate /tmp/key) || exit
echo -1 > /proc/sys/kernel/sched_rt_runtime_us
chrt -f -p 60 $$ > /dev/null
echo "KTAP version 1"
echo "1..$((${#rungs[@]} * $(wc -w <<< "$INTERVALS")))"
n=0
for name in "${rungs[@]}"; do
	for interval in $INTERVALS; do
		rung $((++n)) "$name" "$interval"
	done
done

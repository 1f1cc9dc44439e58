#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The loads of the rungs. To source; or load.sh RUNG [NAMESPACE...]: that load, until
# SIGTERM. A FIFO hog does as it likes only if RT throttling is off.

load=()

# The module that stops a CPU with interrupts off, beside the one under test
insert_stall()
{
	local ko=${HB_KO%/kmod/hb.ko}/tests/stall/hb_stall.ko
	[[ -e $ko ]] || ko=${HB_KO%/hb.ko}/hb_stall.ko
	insmod "$ko"
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

# start_load RUNG NAMESPACE...: whose network it is that loses
start_load()
{
	local i rung=$1
	shift
	case $rung in
	idle | paused) ;;
	cfs) for i in 1 2 3 4; do hog bash -c 'while :; do :; done'; done ;;
	fifo-one) hog taskset 1 chrt -f 50 bash -c 'while :; do :; done' ;;
	fifo-all) for ((i = 0; i < $(nproc); i++)); do
		hog taskset $((1 << i)) chrt -f 50 bash -c 'while :; do :; done'
	done ;;
	timer) hog stress-ng --quiet --timer 4 --timer-freq 100000 ;;
	sock) hog stress-ng --quiet --sock 4 ;;
	udp) hog stress-ng --quiet --udp 4 ;;
	loss) start_load loss-1 "$@" ;;
	loss-*) for i; do
		tc -n "$i" qdisc replace dev eth0 root netem loss "${rung#loss-}%"
	done ;;
	stall-*)
		stalls "${rung#stall-}" 2> /dev/null &
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

no_loss()
{
	local i
	for i; do
		tc -n "$i" qdisc del dev eth0 root 2> /dev/null
	done
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
	trap 'stop_load; no_loss "${@:2}"; exit 0' TERM
	start_load "$@"
	sleep infinity &
	load+=($!)
	wait
fi

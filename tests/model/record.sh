#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In a guest with one CPU: two nodes meet, lose packets, roll a key, say goodbye, are
# disabled, die and come back, before and after that is noticed, while an attacker sends
# all that he has recorded so far again and again. Prints what was traced of it, and what
# was counted, for trace.py.
#
#   +-------------------+           +-------------------+
#   | A   node a, 0     |           | B   node b, 1     |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+   ^   ^   +-------------------+
#                       records sends

cd "$(dirname "$0")/../selftests" || exit
# shellcheck source=../selftests/lib.sh
. ./lib.sh

TRACING=/sys/kernel/tracing
# A detection time that nothing here comes near to, and one that is waited for
T=50ms LONG=200 SHORT=6

add_a()
{
	hb "$B" peer add a addr 10.0.0.1 interval $T multiplier $LONG
}

add_b()
{
	hb "$A" peer add b addr 10.0.0.2 interval $T multiplier $LONG
}

# mark WHAT NODE: in the trace
mark()
{
	echo "$1 $2" > $TRACING/trace_marker
}

both_up()
{
	wait_for "$A" b up
	wait_for "$B" a up
	busywait agreed || fail "no common session"
	pause 0.2
}

# All that was recorded, once each and in order, to both
attack()
{
	awk '!seen[$0]++' "$TMP/all" > "$TMP/once"
	mv "$TMP/once" "$TMP/all"
	grep '^out' "$TMP/all" | in_ns "$A" replay send eth0 > /dev/null
	grep '^in' "$TMP/all" | in_ns "$B" replay send eth0 > /dev/null
	pause 0.2
}

boot_b()
{
	ip netns add "$B"
	ip -n "$B" link set lo up
	link "$A" eth0 1 "$B" eth0 2
	mark restarts 1
	hb "$B" node set name b key-file "$TMP/key"
	capture "$A" "$TMP/more"
}

# B ends without a word; what was recorded of it stays
end_b()
{
	silence "$B"
	end_capture
	cat "$TMP/more" >> "$TMP/all"
	kill_node "$B" "$A"
}

# netem WORDS...: on the way to both
netem()
{
	tc -n "$A" qdisc replace dev eth0 root netem "$@"
	tc -n "$B" qdisc replace dev eth0 root netem "$@"
}

meet()
{
	add_a
	add_b
	both_up
	cat "$TMP/more" > "$TMP/all"
	attack
}

# Lost, and some that come twice
lose()
{
	netem loss 30% duplicate 50%
	pause 1.5
	netem loss 0%
	pause 0.2
}

roll_the_key()
{
	local ns
	"$HBCTL" key generate "$TMP/key2"
	for ns in "$A" "$B"; do
		hb "$ns" node set key-file "$TMP/key2" key-slot 2
	done
	for ns in "$A" "$B"; do
		hb "$ns" node set key-send 2
	done
	for ns in "$A" "$B"; do
		hb "$ns" node set key-clear 1
	done
	cp "$TMP/key2" "$TMP/key"
	pause 0.3
	attack
}

# From now on with the new key, for what is signed by the old one is not heard at all
forget()
{
	cat "$TMP/more" >> "$TMP/all"
	hb "$A" peer del b
	wait_for "$B" a left
	attack
	mark forgets 0
	add_b
	both_up
	attack
}

fall_silent()
{
	cat "$TMP/more" > "$TMP/all"
	hb "$A" peer set b multiplier $SHORT
	silence "$B"
	wait_for "$A" b down
	# the answers are lost, the attacker's packets are not: they leave at A's end
	attack
	unsilence "$B"
	both_up
	hb "$A" peer set b multiplier $LONG
	cat "$TMP/more" > "$TMP/all"
	attack
}

disable()
{
	hb "$A" peer disable b
	wait_for "$B" a left
	attack
	hb "$A" peer enable b
	both_up
	hb "$B" peer disable a
	wait_for "$A" b left
	attack
	hb "$B" peer enable a
	both_up
	attack
}

restart_unnoticed()
{
	end_b
	boot_b
	attack
	add_a
	both_up
	attack
}

restart_noticed()
{
	hb "$A" peer set b multiplier $SHORT
	end_b
	wait_for "$A" b down
	hb "$A" peer set b multiplier $LONG
	boot_b
	add_a
	attack
	both_up
	attack
}

# Both deaf, so that nothing is counted which is not traced
stop()
{
	silence "$A"
	silence "$B"
	pause 0.2
	echo 0 > $TRACING/tracing_on
}

# counted NODE NS: as trace.py has it
counted()
{
	local json found others=0 counter
	json=$("$HBCTL" -n "$2" -j stats)
	for counter in echo session replay; do
		find_member "$json" rx_drop_$counter
		others=$((others + found))
	done
	echo "counted $1 $(member "$json" rx_beats) $(member "$json" rx_goodbyes)" \
		"$(member "$json" rx_asks) $(member "$json" rx_drop_ended) $others"
}

# id NS PEER
id()
{
	printf '%016x' "$(peer "$1" "$2" id)"
}

tell()
{
	echo "node 0 $(id "$B" a)"
	echo "node 1 $(id "$A" b)"
	cat $TRACING/trace
	counted 0 "$A"
	counted 1 "$B"
}

need_module
need_netem
[[ $(nproc) -eq 1 ]] || skip_all "there is more than one CPU here"
[[ -d $TRACING/events/hb ]] || skip_all "this kernel has no tracepoints"
setup_pair
"$HBCTL" key generate "$TMP/key"
hb "$A" node set key-file "$TMP/key"
hb "$B" node set key-file "$TMP/key"
capture "$A" "$TMP/more"
for event in tx rx state; do
	echo 1 > $TRACING/events/hb/hb_$event/enable
done
for part in meet lose roll_the_key forget fall_silent disable restart_unnoticed \
	restart_noticed stop; do
	$part > "$TMP/log" 2>&1
	((!failed)) || break
done
if ((failed)); then
	echo "$part:"
	cat "$TMP/log"
	explain
	exit 1
fi
tell

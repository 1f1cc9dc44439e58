#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A cluster of four nodes, a death, a return and a goodbye, explained as they
# happen. Runs in a guest (see `make demo`) or as root on any machine that has
# hbctl and the module. INTERVAL is the time between beats.
#
#   +-------+   +----+   +----+   +----+
#   | watch |   | n1 |   | n2 |   | n3 |    network namespaces
#   +---+---+   +--+-+   +--+-+   +--+-+
#   10.7.0.1    .2 |     .3 |     .4 |
#   ----+----------+--------+--------+---   bridge hbdemo

set -eu
interval=${INTERVAL:-10ms}
nodes=(watch n1 n2 n3)
log=$(mktemp)
monitor=

say()
{
	printf '\n\033[1m%s\033[0m\n' "$*"
}

run()
{
	printf '$ %s\n' "$*"
	"$@"
}

clean_up()
{
	[[ ! $monitor ]] || kill "$monitor" 2> /dev/null || true
	for node in "${nodes[@]}"; do
		ip netns del "$node" 2> /dev/null || true
	done
	ip link del hbdemo 2> /dev/null || true
	rm -rf "$log" "$log.key"
}
trap clean_up EXIT

# wait_for TEXT: show what the monitor prints until a line matches
wait_for()
{
	local tries=0
	until grep -qE "$1" "$log"; do
		((++tries < 200)) || { echo "demo: no '$1' in 20 s"; exit 1; }
		sleep 0.1
	done
	cat "$log"
	: > "$log"
}

add_node()
{
	local node=$1 number=$2
	ip netns add "$node"
	ip link add "hb$number" type veth peer name eth0 netns "$node"
	ip link set "hb$number" master hbdemo up
	ip -n "$node" link set lo up
	ip -n "$node" addr add "10.7.0.$number/24" dev eth0
	ip -n "$node" link set eth0 up
}

# What a node's network does to a dead machine: nothing goes in or out
silence()
{
	tc qdisc add dev "hb$1" root netem loss 100%
	tc -n "$2" qdisc add dev eth0 root netem loss 100%
}

unsilence()
{
	tc qdisc del dev "hb$1" root
	tc -n "$2" qdisc del dev eth0 root
}

say "1. This is a stock kernel, Linux $(uname -r). The module needs no other one:"
if [[ ! -d /sys/module/hb ]]; then
	run insmod "${HB_KO:-hb.ko}"
fi

say "2. A cluster: watch, n1, n2 and n3, each a network namespace on one bridge."
ip link add hbdemo up type bridge
for i in "${!nodes[@]}"; do
	add_node "${nodes[i]}" $((i + 1))
done
echo "watch 10.7.0.1, n1 10.7.0.2, n2 10.7.0.3, n3 10.7.0.4"

say "3. They share a key, and every node beats to every other each $interval."
(umask 077 && run hbctl key generate "$log.key")
run hbctl -n watch node set name watch key-file "$log.key"
for node in n1 n2 n3; do
	hbctl -n "$node" node set name "$node" key-file "$log.key"
done
for i in "${!nodes[@]}"; do
	for j in "${!nodes[@]}"; do
		((i != j)) || continue
		hbctl -n "${nodes[i]}" peer add "${nodes[j]}" \
			addr "10.7.0.$((j + 1))" interval "$interval"
	done
done
echo "\$ hbctl -n watch peer add n1 addr 10.7.0.2 interval $interval      (and so on)"

say "4. A monitor on watch: what is, then what happens."
echo '$ hbctl -n watch monitor'
hbctl -n watch monitor >> "$log" &
monitor=$!
wait_for 'sync'
tries=0
until [[ $(hbctl -n watch peer show state up | grep -c 10.7.0) -eq 3 ]]; do
	((++tries < 100)) || { echo "demo: the nodes don't come up"; exit 1; }
	sleep 0.1
done
cat "$log"
: > "$log"

say "5. All three beat. SILENCE is the age of the last beat, DETECT the time to a verdict:"
run hbctl -n watch
before=$(hbctl -n watch stats | awk '/rx-beats/ { print $2 }')
sleep 1
after=$(hbctl -n watch stats | awk '/rx-beats/ { print $2 }')
echo "In the last second watch heard $((after - before)) beats."

say "6. Now n2 falls silent: nothing goes in or out of it any more."
silence 3 n2
wait_for 'DOWN +n2'
echo "Three beats in a row did not come, so n2 was declared dead. The line is the"
echo "evidence: how long the silence was, the detection time, and how late the"
echo "timer that judged was itself."

say "7. n2 can be heard again. A verdict is final for its session, so it makes a new one:"
unsilence 3 n2
wait_for 'UP +n2'

say "8. n3 is taken out of service on purpose. It says goodbye, which is no death:"
run hbctl -n n3 peer del all
wait_for 'LEFT +n3'

say "9. At the end:"
run hbctl -n watch
say "That was it. \`make shell\` gives you such a guest to play in."

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Somebody beside one of PEERS neighbours floods the node with what looks like that
# neighbour's packets and is none of them, as fast as this machine can, for COUNT
# seconds each time: each is refused and none is answered, nobody who lives is said to
# be dead, and who dies is.
#
#   +-----------------------+           +-------------------+
#   | A   node a            |           | n1, n2, ...       |
#   |     10.0.1.1       l1 +-----------+ eth0 10.0.1.2     |  and beside n1,
#   |     10.0.2.1       l2 +-----------+ eth0 10.0.2.2     |  the flood
#   +-----------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

COUNT=$(often 10 3 5)
# A kernel with all checks takes minutes to get 64 of them up.
PEERS=64
case ${FULL:-}${HB_VEHICLE:-} in
*debug | *san) PEERS=16 ;;
esac
T=$((10 * SLOW))
KEY="key=[ slot=u8:1 secret=x:$(printf '%064d' 1) ] key-send=u8:1"

ALL_TESTS="
	all_are_up
	each_is_refused
	so_is_what_the_network_layer_sees
	death_is_told
	nobody_else_has_died
"

neighbours=()

# neighbour NUMBER: node n... at the other end of a cable of A
neighbour()
{
	local ns=${neighbours[$1 - 1]}
	plug "$ns" eth0 2 "$1"
	in_ns "$ns" genl - <<- EOF
		node-set name=s:n$1 $KEY
		peer-new name=s:a path=[ addr4=4:10.0.$1.1 ] interval-us=u32:$((T * 1000))
	EOF
}

up_at_a()
{
	[[ $(hb "$A" -j peer show | pick state | grep -c '^up$') -eq $PEERS ]]
}

all_are_up()
{
	local i ns
	for ((i = 1; i <= PEERS; i++)); do
		setup_ns ns
		neighbours+=("$ns")
		echo "link add l$i type veth peer name eth0 netns $ns"
		echo "addr add 10.0.$i.1/24 dev l$i"
		echo "link set l$i up"
	done > "$TMP/cables"
	ip -n "$A" -batch "$TMP/cables"
	for ((i = 1; i <= PEERS; i++)); do
		neighbour $i || fail "neighbour $i"
	done
	{
		echo "node-set name=s:a $KEY"
		numbered $PEERS "peer-new name=s:n%s path=[ addr4=4:10.0.%s.2 ] \
interval-us=u32:$((T * 1000))"
	} | in_ns "$A" genl - || fail "adding"
	busywait up_at_a || fail "not all are up"
}

# lost: what queues of received packets had no room for
lost()
{
	local sum=0 dropped
	while read -r _ dropped _; do
		sum=$((sum + 0x$dropped))
	done < /proc/net/softnet_stat
	echo $sum
}

deaths_at_a()
{
	echo $(($(hb "$A" -j peer show | pick downs | paste -sd+)))
}

begin_flood()
{
	heard=$(stat "$A" rx_beats) answers=$(stat "$A" tx_answers)
	background "$TMP/flood" nsenter --net="/run/netns/${neighbours[0]}" \
		flood "$@" eth0
	flood=$!
}

# Sets $sent
end_flood()
{
	kill "$flood"
	wait "$flood"
	sent=$(< "$TMP/flood")
	check_num "packets" "$sent" -gt $((100 * COUNT))
	check_num "beats heard" $(($(stat "$A" rx_beats) - heard)) -gt $((10 * PEERS))
	check_eq "answers" $(($(stat "$A" tx_answers) - answers)) 0
}

# flood_for_a_while WORDS...: nobody dies of it
flood_for_a_while()
{
	begin_flood "$@"
	sleep "$COUNT"
	end_flood
	note "$((sent / COUNT)) packets/s"
	check_eq "deaths" "$(deaths_at_a)" 0
}

# Beats that a standby has overtaken are replays, and so may be a packet that was
# spoiled twice in the same place: so these may be among them, or not.
each_is_refused()
{
	local queue refused but_replays
	queue=$(lost)
	refused=$(drops "$A")
	but_replays=$(drops "$A" rx_drop_replay)
	flood_for_a_while
	queue=$(($(lost) - queue))
	refused=$(($(drops "$A") - refused))
	but_replays=$(($(drops "$A" rx_drop_replay) - but_replays))
	note "$refused of $sent refused, $queue lost before"
	check_num "refused or lost" $((refused + queue)) -ge "$sent"
	check_num "refused" "$but_replays" -le "$sent"
}

so_is_what_the_network_layer_sees()
{
	flood_for_a_while --all
}

is_flooded()
{
	[[ $(drops "$A") -gt $((refused + 100 * COUNT)) ]]
}

death_is_told()
{
	local since refused
	since=$(next_event "$A")
	refused=$(drops "$A")
	begin_flood
	# a death alone takes less time than a flood to begin and to be seen
	busywait is_flooded || fail "there is no flood"
	wait_stat "$A" rx_beats -gt $((heard + 10 * PEERS))
	silence "${neighbours[1]}"
	wait_for "$A" n2 down
	end_flood
	check_eq "told" "$(changes "$A" "$since")" "n2>down timeout"
}

nobody_else_has_died()
{
	local ns
	check_eq "deaths at a" "$(deaths_at_a)" 1
	# n2 was told that it is not heard
	unset 'neighbours[1]'
	for ns in "${neighbours[@]}"; do
		peer_has "$ns" a ups 1 downs 0 || fail "at $ns: $(hb "$ns" peer show)"
	done
}

need_module
need_netem
need flood
setup_ns A
run_tests

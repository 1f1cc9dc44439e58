#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Beats that are answered keep the neighbour: it is not probed, and so no lost probe
# cuts the path. ARP and neighbour advertisements get lost here once the nodes are up,
# and the kernel would give the neighbour up within 2 s.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   |     fd00::1       |           |      fd00::2      |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	arp
	neighbour_discovery
	given_up_without_beats
"

lose_probes()
{
	in_ns "$A" nft -f - <<- EOF
		table netdev probes {
			chain in {
				type filter hook ingress device eth0 priority 0;
				ether type arp drop
				icmpv6 type { nd-neighbor-advert, nd-neighbor-solicit } drop
			}
		}
	EOF
}

find_probes()
{
	in_ns "$A" nft delete table netdev probes
}

# stay_up ADDR-OF-B ADDR-OF-A
stay_up()
{
	local since
	hb "$A" peer add b addr "$1" interval 100ms multiplier "$K" auth none
	hb "$B" peer add a addr "$2" interval 100ms multiplier "$K" auth none
	wait_for "$A" b up
	wait_for "$B" a up
	since=$(next_event "$A")
	lose_probes || fail "probes can't be lost"
	sleep 5
	# it may just be asked again
	busywait is_reachable "$1" || fail "neighbour: $(neighbour "$1")"
	check_eq "changes" "$(changes "$A" "$since")" ""
}

is_reachable()
{
	[[ $(neighbour "$1") == REACHABLE ]]
}

neighbour()
{
	ip -n "$A" neigh show "$1" | grep -o '[A-Z]\{4,\}'
}

forget()
{
	find_probes
	hb "$A" peer del all
	hb "$B" peer del all
}

arp()
{
	stay_up 10.0.0.2 10.0.0.1
	forget
}

neighbour_discovery()
{
	stay_up fd00:0::2 fd00:0::1
	forget
}

# The kernel does so, or the above would prove nothing: b has no peer and never answers
# what a goes on asking.
given_up_without_beats()
{
	hb "$A" peer add b addr 10.0.0.2 interval 100ms multiplier "$K" auth none
	busywait neighbour_is REACHABLE || fail "not found"
	lose_probes
	busywait neighbour_is FAILED || fail "$(neighbour 10.0.0.2)"
	forget
}

neighbour_is()
{
	[[ $(neighbour 10.0.0.2) == "$1" ]]
}

need_module
setup_pair
K=$((5 * SLOW))
in_ns "$A" nft list ruleset > /dev/null 2>&1 || skip_all "there is no nf_tables here"
for table in arp_cache ndisc_cache; do
	ip -n "$A" ntable change name "$table" dev eth0 base_reachable 400 \
		delay_probe 200 retrans 200
done
run_tests

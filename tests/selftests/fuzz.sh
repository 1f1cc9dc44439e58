#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bad requests and bad packets for COUNT seconds each, SEED says which; fuzz.c makes
# them. The kernel's own checks judge, and that a and b stay up, and that the node
# still works.
#
#   +------------------+           +-----------------------+
#   | B   node b       |           | A   node a            |           fuzz
#   |             eth0 +-----------+ eth0            fuzz0 +---------- plays peer f
#   | 10.0.0.2         |           | 10.0.0.1     10.0.9.1 |           at 10.0.9.2
#   +------------------+           +-----------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

COUNT=$(often 60 10)
: "${SEED:=$RANDOM}"

ALL_TESTS="
	requests
	packets
	still_works
"

# throw NAMESPACE KIND [DEVICE]: where the kernel says what it runs through, inputs are
# led by that
throw()
{
	local ns=$1 kind=$2 said
	shift 2
	said=$(in_ns "$ns" fuzz "$kind" "$COUNT" "$SEED" "$@")
	note "seed $SEED: $said"
	[[ ! -e /sys/kernel/debug/kcov ]] ||
		check_num "places reached" "$(grep -o '[0-9]* places' <<< "$said" |
			cut -d' ' -f1)" -gt 100
}

requests()
{
	local ns
	setup_ns ns
	throw "$ns" requests
	hb "$ns" peer del all
}

packets()
{
	local since before
	in_ns "$A" ip tuntap add fuzz0 mode tun
	ip -n "$A" addr add 10.0.9.1/24 dev fuzz0
	ip -n "$A" link set fuzz0 up
	add_both
	hb "$A" peer add f addr 10.0.9.2 interval 100ms auth none
	since=$(next_event "$A")
	before=$(drops "$A")
	throw "$A" packets fuzz0
	check_num "refused" $(($(drops "$A") - before)) -gt 100
	check_num "beats of f" "$(hb "$A" -j peer show f | grep -o '"ups":[0-9]*' |
		cut -d: -f2)" -gt 0
	check_eq "changes of b" "$(hb "$A" -j events since "$since" |
		jq -c 'map(select(.peer == "b" and .event == "state")) | length')" 0
	hb "$A" peer del f
}

add_both()
{
	hb "$A" peer add b addr 10.0.0.2 interval $((SLOW * 10))ms auth none
	hb "$B" peer add a addr 10.0.0.1 interval $((SLOW * 10))ms auth none
	wait_for "$A" b up
	wait_for "$B" a up
}

still_works()
{
	silence "$B"
	wait_for "$A" b down
	unsilence "$B"
	wait_for "$A" b up
}

need_module
need fuzz
modprobe -q tun
[[ -c /dev/net/tun ]] || skip_all "there is no TUN device here"
setup_pair
run_tests

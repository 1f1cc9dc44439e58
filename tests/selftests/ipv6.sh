#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# IPv6: global addresses, link-local ones with their device, a pair that beats
# over IPv6 one way and IPv4 the other, and the device that a peer is bound to.
#
#   +------------------------+           +------------------------+
#   | A   node a             |           | B   node b             |
#   |     10.0.0.1, fd00::1  |           |     10.0.0.2, fd00::2  |
#   |     fe80::a       eth0 +-----------+ eth0       fe80::b     |
#   |     10.0.1.1      eth1 +-----------+ eth1       10.0.1.2    |
#   +------------------------+           +------------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	global
	link_local
	link_local_needs_a_device
	mixed_with_key
	mixed_without_key
	other_address_without_key
	device_has_to_match
	device_is_used
	addresses_refused
"

add_pair()
{
	hb "$A" peer add b interval 100ms addr "$@" || fail "add b"
}

add_back()
{
	hb "$B" peer add a interval 100ms addr "$@" || fail "add a"
}

both_come_up()
{
	wait_for "$A" b up
	wait_for "$B" a up
}

remove_pair()
{
	hb "$A" peer del all
	hb "$B" peer del all
}

global()
{
	add_pair fd00:0::2 auth none
	add_back fd00:0::1 auth none
	both_come_up
	check_eq "address" "$(peer "$A" b paths[0].addr)" fd00::2
	check_eq "drops for the address" "$(stat "$A" rx_drop_address)" 0
	silence "$B"
	wait_for "$A" b down
	unsilence "$B"
	both_come_up
	remove_pair
}

link_local()
{
	add_pair fe80::b%eth0 auth none
	add_back fe80::a%eth0 auth none
	both_come_up
	check_eq "device" "$(peer "$A" b paths[0].dev)" eth0
	remove_pair
	add_pair fe80::b dev eth0 auth none
	add_back fe80::a dev eth0 auth none
	both_come_up
	remove_pair
}

link_local_needs_a_device()
{
	refuse 1 "a link-local address needs a device" \
		hb "$A" peer add b addr fe80::b auth none
	refuse 6 "eth9" hb "$A" peer add b addr fe80::b%eth9 auth none
	check_eq "peers" "$(hb "$A" -j peer show | jq length)" 0
}

# With a key it does not matter what address a packet comes from.
mixed_with_key()
{
	hbctl_key
	hb "$A" node set key-file "$TMP/key"
	hb "$B" node set key-file "$TMP/key"
	add_pair fd00:0::2
	add_back 10.0.0.1
	both_come_up
	remove_pair
}

hbctl_key()
{
	[[ -e $TMP/key ]] || "$HBCTL" key generate "$TMP/key"
}

mixed_without_key()
{
	local before
	before=$(stat "$A" rx_drop_address)
	add_pair fd00:0::2 auth none
	add_back 10.0.0.1 auth none
	wait_stat "$A" rx_drop_address -gt $((before + 5))
	check_eq "A" "$(peer "$A" b state)" init
	check_eq "B" "$(peer "$B" a state)" init
	remove_pair
}

other_address_without_key()
{
	local before
	before=$(stat "$A" rx_drop_address)
	add_pair fd00:0::9 auth none
	add_back fd00:0::1 auth none
	wait_stat "$A" rx_drop_address -gt $((before + 5))
	check_eq "A" "$(peer "$A" b state)" init
	remove_pair
}

# A sends from eth0, where B is at home, but B takes a's packets from eth1 only.
device_has_to_match()
{
	local before
	before=$(stat "$B" rx_drop_address)
	add_pair 10.0.0.2
	add_back 10.0.0.1 dev eth1
	wait_stat "$B" rx_drop_address -gt $((before + 5))
	check_eq "B" "$(peer "$B" a state)" init
	hb "$B" peer set a addr 10.0.0.1 dev eth0
	both_come_up
	remove_pair
}

# Of two ways the device says which; the other one is as good but not asked for.
device_is_used()
{
	add_pair 10.0.1.2 dev eth1 auth none
	add_back 10.0.1.1 dev eth1 auth none
	both_come_up
	silence "$B" eth0
	check_eq "state without eth0" "$(peer "$A" b state)" up
	silence "$B" eth1
	wait_for "$A" b down
	unsilence "$B" eth0
	unsilence "$B" eth1
	wait_for "$A" b up
	remove_pair
}

addresses_refused()
{
	local address
	for address in :: ff02::1%eth0 ::ffff:10.0.0.2; do
		refuse 1 "not an IPv6 unicast address" \
			hb "$A" peer add b addr "$address" auth none
	done
	for address in 0.0.0.0 224.0.0.1 255.255.255.255; do
		refuse 1 "not a unicast address" \
			hb "$A" peer add b addr "$address" auth none
	done
}

need_module
need_netem
[[ -d /proc/sys/net/ipv6 ]] || skip_all "this kernel has no IPv6"
setup_pair
link "$A" eth1 1 "$B" eth1 2 1
ip -n "$A" addr add fe80::a/64 dev eth0 nodad
ip -n "$B" addr add fe80::b/64 dev eth0 nodad
run_tests

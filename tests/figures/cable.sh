# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0

# cable NS1 NS2 NET: makes these namespaces, with a cable between them; the ends are
# eth0, with the addresses 10.NET.1 and 10.NET.2. To source, in a guest.
cable()
{
	ip netns add "$1"
	ip netns add "$2"
	ip link add eth0 netns "$1" type veth peer name eth0 netns "$2"
	ip -n "$1" addr add "10.$3.1/24" dev eth0
	ip -n "$2" addr add "10.$3.2/24" dev eth0
	ip -n "$1" link set eth0 up
	ip -n "$2" link set eth0 up
}

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every refusal says why and what is to blame, and changes nothing. Limits are
# met to the last unit. Reading is free, changing is not.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   no node       |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   |     fd00::1       |           |      fd00::2      |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	node
	node_keys
	peer_names
	leave
	all_peers
	peer_auth
	paths
	ports_in_use
	deletion
	detection
	dumps
	limits
	not_of_this_command
	nobody_may_look
	nobody_may_change
	no_ipv6
	every_text_has_a_test
"

KEY=secret=x:$(printf 'ab%.0s' {1..32})
AT="path=[ addr4=4:10.0.0.2 ]"
tested=()

# config NS: sets $config to the node and its peers, all but what goes on by itself
config()
{
	config=$("$HBCTL" -n "$1" -j)
	# an extglob in its place would take bash 0.2 s a kilobyte
	while [[ $config =~ \"since_ns\":[0-9]+ ]]; do
		config=${config/"${BASH_REMATCH[0]}"}
	done
}

# no NS ANSWER REQUEST: refused with exactly this, which blames an attribute or the
# lack of one, and nothing has changed
no()
{
	local ns=$1 want=$2 config before out
	[[ "$want $3" =~ " attr="|" missing="|"-get " ]] ||
		fail "'$want' blames nothing: $3"
	config "$ns"
	before=$config
	# shellcheck disable=SC2086 # a request is made of words
	out=$(in_ns "$ns" genl $3) && fail "done, not refused: $3"
	# the end of a dump
	out=${out%$'\n'done*}
	# shellcheck disable=SC2053 # a pattern where the kernel's own text is
	[[ $out == $want ]] || fail "'$out', not '$want': $3"
	config "$ns"
	check_eq "after '$3'" "$config" "$before"
	tested+=("${want#*: }")
}

# yes NS REQUEST: done
yes()
{
	# shellcheck disable=SC2086 # a request is made of words
	in_ns "$1" genl $2 || fail "refused: $2"
}

node()
{
	no "$B" "EINVAL missing=node.name: name the node first" \
		"node-set port=u16:7000"
	no "$B" "EINVAL missing=node.name: name the node first" "node-set"
	no "$B" "EINVAL attr=node.name: a name has 1 to 63 bytes" \
		"node-set name=s:"
	no "$B" "EINVAL attr=node.name: a name has letters, digits and ._-:@ only" \
		"node-set name=s:a/b"
	no "$B" "EINVAL attr=node.name: a name has letters, digits and ._-:@ only" \
		"node-set name=x:61c3a400"
	no "$B" "EINVAL attr=peer.name: the node has no name, without which it has no peers: set it first" \
		"peer-new name=s:a $AT auth=u32:0"
	# a name ends with its first NUL
	no "$A" "EINVAL attr=peer.name: a node can't be its own peer" \
		"peer-new name=x:61006200 $AT auth=u32:0"
	yes "$A" "node-set name=s:other"
	yes "$A" "node-set name=s:a port=u16:7001"
	yes "$A" "node-set port=u16:7694"
	yes "$A" "peer-new name=s:b $AT auth=u32:0"
	no "$A" "EBUSY attr=node.name: name can't change while there are peers" \
		"node-set name=s:c"
	no "$A" "EBUSY attr=node.port: port can't change while there are peers" \
		"node-set port=u16:7001"
	yes "$A" "node-set name=s:a port=u16:7694"
	yes "$A" "peer-del all"
}

node_keys()
{
	local empty="key-send names an empty key slot, the other one holds the key"
	local last="the key slot that is sent with can't be emptied: key-send has to name the other one"
	no "$A" "EINVAL attr=node.key-send: key-send needs a key" \
		"node-set key-send=u8:1"
	no "$A" "EINVAL attr=node.key-send: $empty" \
		"node-set key=[ slot=u8:1 $KEY ] key-send=u8:2"
	no "$A" "EINVAL attr=node.key: key slot is named twice" \
		"node-set key=[ slot=u8:1 $KEY ] key=[ $KEY ]"
	yes "$A" "node-set key=[ slot=u8:2 $KEY ]"
	yes "$A" "peer-new name=s:b $AT"
	no "$A" "EINVAL attr=node.key-send: $empty" "node-set key-send=u8:1"
	no "$A" "EBUSY attr=node.key: a peer still uses the last key of the node" \
		"node-set key=[ slot=u8:2 ]"
	yes "$A" "node-set key=[ $KEY ]"
	no "$A" "EINVAL attr=node.key: $last" "node-set key=[ slot=u8:2 ]"
	yes "$A" "node-set key=[ slot=u8:2 ] key-send=u8:1"
	yes "$A" "node-set key=[ slot=u8:2 $KEY ] key=[ slot=u8:1 ] key-send=u8:2"
	yes "$A" "peer-set name=s:b auth=u32:0"
	yes "$A" "node-set key=[ slot=u8:2 ]"
	yes "$A" "peer-del all"
}

peer_names()
{
	no "$A" "EINVAL missing=peer.name: name the peer" "peer-new $AT"
	no "$A" "EINVAL missing=peer.path: a new peer needs 1 path" \
		"peer-new name=s:b"
	no "$A" "EINVAL missing=peer.name: name the peer" \
		"peer-set multiplier=u8:2"
	no "$A" "EINVAL attr=peer.name: a node can't be its own peer" \
		"peer-new name=s:a $AT auth=u32:0"
	no "$A" "EINVAL attr=peer.name: a name has 1 to 63 bytes" \
		"peer-new name=s: $AT auth=u32:0"
	no "$A" "EINVAL attr=peer.name: a name has letters, digits and ._-:@ only" \
		"peer-new name=s:b! $AT auth=u32:0"
	yes "$A" "peer-new name=s:b $AT auth=u32:0"
	no "$A" "EEXIST attr=peer.name: there is a peer with this name or its id" \
		"peer-new name=s:b $AT auth=u32:0 multiplier=u8:9"
	no "$A" "ENOENT attr=peer.name: there is no such peer" \
		"peer-set name=s:c multiplier=u8:2"
	yes "$A" "peer-del all"
}

# Both change everything or nothing, so they do nothing else.
leave()
{
	no "$B" "EINVAL attr=node.leave: the node has no name, so it is in no cluster" \
		"node-set leave"
	no "$A" "EINVAL attr=node.port: leave goes with nothing else" \
		"node-set leave port=u16:7694"
	yes "$A" "node-set leave"
	yes "$A" "peer-new name=s:b $AT auth=u32:0"
	yes "$A" "peer-new name=s:c $AT auth=u32:0"
	yes "$A" "node-set leave"
	check_eq "peers" "$(hb "$A" -j peer show |
		jq -c 'map([.state, .reason, .enabled])')" \
		'[["admin-down","leave",false],["admin-down","leave",false]]'
}

all_peers()
{
	no "$A" "EINVAL attr=peer.name: all goes with enabled, and with nothing else" \
		"peer-set all enabled=u8:1 name=s:b"
	no "$A" "EINVAL attr=peer.multiplier: all goes with enabled, and with nothing else" \
		"peer-set all multiplier=u8:9 enabled=u8:1"
	no "$A" "EINVAL missing=peer.enabled: all goes with enabled, 0 or 1" \
		"peer-set all"
	yes "$A" "peer-set all enabled=u8:1"
	check_eq "peers" "$(hb "$A" -j peer show |
		jq -c 'map([.state, .reason, .enabled])')" \
		'[["init","admin",true],["init","admin",true]]'
	yes "$A" "peer-del all"
}

peer_auth()
{
	local none="the node has no key: give it one, or the peer one of its own, or say auth none"
	no "$A" "ENOKEY missing=peer.key: $none" "peer-new name=s:b $AT"
	no "$A" "ENOKEY missing=peer.key: auth peer-key needs a key" \
		"peer-new name=s:b $AT auth=u32:2"
	no "$A" "EINVAL attr=peer.key: a key of the peer's own goes with auth peer-key" \
		"peer-new name=s:b $AT auth=u32:0 key=[ $KEY ]"
	no "$A" "EINVAL attr=peer.key-send: a key of the peer's own goes with auth peer-key" \
		"peer-new name=s:b $AT auth=u32:0 key-send=u8:1"
	no "$A" "EINVAL attr=peer.key: key slot is named twice" \
		"peer-new name=s:b $AT key=[ $KEY ] key=[ slot=u8:1 ]"
	no "$A" "EINVAL attr=peer.key-send: key-send names an empty key slot, the other one holds the key" \
		"peer-new name=s:b $AT key=[ $KEY ] key-send=u8:2"
	yes "$A" "peer-new name=s:b $AT key=[ $KEY ]"
	no "$A" "ENOKEY attr=peer.key: auth peer-key needs a key" \
		"peer-set name=s:b key=[ slot=u8:1 ]"
	no "$A" "EINVAL attr=peer.key-send: key-send needs a key" \
		"peer-set name=s:b key=[ slot=u8:1 ] key-send=u8:1"
	no "$A" "ENOKEY attr=peer.auth: $none" \
		"peer-set name=s:b auth=u32:1 interval-us=u32:5000"
	yes "$A" "peer-del all"
}

paths()
{
	local addr
	yes "$A" "peer-new name=s:b $AT auth=u32:0"
	for addr in 0.0.0.0 224.0.0.1 255.255.255.255; do
		no "$A" "EINVAL attr=peer.path.addr4: address is not a unicast address" \
			"peer-set name=s:b interval-us=u32:777 path=[ addr4=4:$addr ]"
	done
	for addr in :: ff02::1 ::ffff:10.0.0.2; do
		no "$A" "EINVAL attr=peer.path.addr6: address is not an IPv6 unicast address" \
			"peer-set name=s:b path=[ addr6=6:$addr ifindex=u32:1 ]"
	done
	no "$A" "EINVAL attr=peer.path.addr6: a link-local address needs a device" \
		"peer-set name=s:b path=[ addr6=6:fe80::1 ]"
	no "$A" "EINVAL attr=peer.path: a path has one address, addr4 or addr6" \
		"peer-set name=s:b path=[ addr4=4:10.0.0.3 addr6=6:fd00::2 ]"
	no "$A" "EINVAL attr=peer.path: a path has one address, addr4 or addr6" \
		"peer-set name=s:b path=[ port=u16:1 ]"
	no "$A" "ENODEV attr=peer.path.ifindex: there is no such device" \
		"peer-set name=s:b path=[ addr4=4:10.0.0.3 ifindex=u32:9999 ]"
	no "$A" "EINVAL attr=peer.path: a peer has 1 path so far" \
		"peer-set name=s:b $AT $AT"
	no "$A" "EINVAL attr=peer.path.state: the state of a path is read only" \
		"peer-set name=s:b path=[ addr4=4:10.0.0.3 state=u32:1 ]"
	no "$A" "EINVAL attr=peer.path.index: the only path so far has index 0" \
		"peer-set name=s:b path=[ addr4=4:10.0.0.3 index=u8:1 ]"
	yes "$A" "peer-set name=s:b path=[ addr4=4:10.0.0.3 index=u8:0 ]"
	yes "$A" "peer-del all"
}

ports_in_use()
{
	local fake4
	fakepeers "$B" 10.0.0.2
	fake4=$!
	no "$B" "EADDRINUSE missing=node.port: can't open the UDP port, 7694 unless given, over IPv4" \
		"node-set name=s:b"
	kill "$fake4"
	[[ -d /proc/sys/net/ipv6 ]] || return
	background "$TMP/fake6" ip netns exec "$B" fakepeer fd00::2 7000
	busywait has_line "$TMP/fake6" ready
	no "$B" "EADDRINUSE attr=node.port: can't open the UDP port, 7694 unless given, over IPv6" \
		"node-set name=s:b port=u16:7000"
	# what was open over IPv4 is closed again
	kill $!
	wait $!
	yes "$B" "node-set name=s:b port=u16:7000"
}

deletion()
{
	no "$A" "ENOENT attr=peer.name: there is no such peer" \
		"peer-del name=s:b"
	no "$A" "EINVAL missing=peer.name: say either name or all" "peer-del"
	no "$A" "EINVAL attr=peer.all: say either name or all" \
		"peer-del name=s:b all"
}

dumps()
{
	no "$A" "ENOENT$(blame peer.name): there is no such peer" \
		"peer-get name=s:b"
	no "$A" "ENOENT$(blame peer-stats.name): there is no such peer" \
		"peer-stats-get name=s:b"
}

# limit WORD=KIND: MIN MAX: what a peer may be set to; beyond, the kernel names both
limit()
{
	local attr=${1%%=*} min=$2 max=$3
	yes "$A" "peer-set name=s:b $1$min"
	yes "$A" "peer-set name=s:b $1$max"
	no "$A" "ERANGE attr=peer.$attr*: integer out of range" \
		"peer-set name=s:b $1$((min - 1))"
	[[ ${4:-} ]] || no "$A" "ERANGE attr=peer.$attr*: integer out of range" \
		"peer-set name=s:b $1$((max + 1))"
}

detection()
{
	local floor="floor is at least 1 interval"
	local ceiling="ceiling is at least the floor, which is the fixed detection time unless given"
	local most="floor and ceiling are at most 15300 s"
	yes "$A" "peer-new name=s:b $AT auth=u32:0 detect=u32:1"
	no "$A" "EINVAL attr=peer.floor-us: $floor" \
		"peer-set name=s:b floor-us=u64:9999"
	yes "$A" "peer-set name=s:b floor-us=u64:10000"
	no "$A" "EINVAL attr=peer.interval-us: $floor" \
		"peer-set name=s:b interval-us=u32:10001"
	no "$A" "EINVAL attr=peer.ceiling-us: $ceiling" \
		"peer-set name=s:b ceiling-us=u64:9999"
	yes "$A" "peer-set name=s:b ceiling-us=u64:10000"
	yes "$A" "peer-set name=s:b floor-us=u64:0 ceiling-us=u64:30000"
	no "$A" "EINVAL attr=peer.ceiling-us: $ceiling" \
		"peer-set name=s:b ceiling-us=u64:29999"
	no "$A" "EINVAL attr=peer.multiplier: $ceiling" \
		"peer-set name=s:b multiplier=u8:4"
	no "$A" "EINVAL attr=peer.interval-us: $ceiling" \
		"peer-set name=s:b interval-us=u32:10001"
	no "$A" "EINVAL attr=peer.floor-us: $ceiling" \
		"peer-set name=s:b floor-us=u64:30001"
	no "$A" "ERANGE attr=peer.ceiling-us: $most" \
		"peer-set name=s:b ceiling-us=u64:15300000001"
	no "$A" "ERANGE attr=peer.floor-us: $most" \
		"peer-set name=s:b ceiling-us=u64:0 floor-us=u64:18446744073709551615"
	yes "$A" "peer-set name=s:b ceiling-us=u64:15300000000"
	no "$A" "ERANGE attr=peer.detect min=0 max=1: integer out of range" \
		"peer-set name=s:b detect=u32:2"
	no "$A" "ERANGE attr=peer.hold-up-us*: integer out of range" \
		"peer-set name=s:b hold-up-us=u64:3600000001"
	yes "$A" "peer-del name=s:b"
}

limits()
{
	local failure="Attribute failed policy validation"
	local size="binary attribute size out of range" name63
	name63=$(printf 'n%.0s' {1..63})
	# not enabled: the shortest interval is more than some kernels can stand
	yes "$A" "peer-new name=s:b $AT key=[ $KEY ] enabled=u8:0"
	limit interval-us=u32: 100 60000000
	limit multiplier=u8: 1 255 whole
	no "$A" "ERANGE attr=peer.enabled min=0 max=1: integer out of range" \
		"peer-set name=s:b enabled=u8:2"
	no "$A" "ERANGE attr=peer.auth min=0 max=2: integer out of range" \
		"peer-set name=s:b auth=u32:3"
	no "$A" "ERANGE attr=peer.key-send min=1 max=2: integer out of range" \
		"peer-set name=s:b key-send=u8:3"
	no "$A" "ERANGE attr=peer.key-send min=1 max=2: integer out of range" \
		"peer-set name=s:b key-send=u8:0"
	no "$A" "ERANGE attr=peer.key.slot min=1 max=2: integer out of range" \
		"peer-set name=s:b key=[ slot=u8:3 $KEY ]"
	no "$A" "ERANGE attr=peer.key.slot min=1 max=2: integer out of range" \
		"peer-set name=s:b key=[ slot=u8:0 $KEY ]"
	no "$A" "ERANGE attr=node.key.slot min=1 max=2: integer out of range" \
		"node-set key=[ slot=u8:3 $KEY ]"
	no "$A" "ERANGE attr=peer.key.secret min-len=32 max-len=32: $size" \
		"peer-set name=s:b key=[ ${KEY}ab ]"
	no "$A" "ERANGE attr=peer.key.secret min-len=32 max-len=32: $size" \
		"peer-set name=s:b key=[ ${KEY%ab} ]"
	no "$A" "ERANGE attr=node.port min=1*: integer out of range" \
		"node-set port=u16:0"
	no "$A" "ERANGE attr=peer.path.port min=1*: integer out of range" \
		"peer-set name=s:b path=[ addr4=4:10.0.0.2 port=u16:0 ]"
	yes "$A" "peer-set name=s:b path=[ addr4=4:10.0.0.2 port=u16:65535 ]"
	no "$A" "ERANGE attr=peer.path.ifindex*: integer out of range" \
		"peer-set name=s:b path=[ addr4=4:10.0.0.2 ifindex=u32:0 ]"
	no "$A" "ERANGE attr=peer.path.ifindex*: integer out of range" \
		"peer-set name=s:b path=[ addr4=4:10.0.0.2 ifindex=u32:2147483648 ]"
	no "$A" "ERANGE attr=peer.path.addr6 min-len=16 max-len=16: $size" \
		"peer-set name=s:b path=[ addr6=x:$(printf '%030d' 1) ]"
	no "$A" "ERANGE attr=peer.path.addr6 min-len=16 max-len=16: $size" \
		"peer-set name=s:b path=[ addr6=x:$(printf '%034d' 1) ]"
	yes "$A" "peer-new name=s:$name63 $AT auth=u32:0"
	no "$A" "E* attr=peer.name max-len=63: $failure" \
		"peer-new name=s:n$name63 $AT auth=u32:0"
	no "$A" "EINVAL attr=peer.name max-len=63: $failure" \
		"peer-new name=x:6162 $AT auth=u32:0"
	no "$A" "E* attr=node.name max-len=63: $failure" "node-set name=s:n$name63"
	yes "$A" "peer-del all"
}

# Attributes that are only read, or of no command at all
not_of_this_command()
{
	yes "$A" "peer-new name=s:b $AT auth=u32:0"
	no "$A" "EINVAL attr=peer.state: Unsupported attribute" \
		"peer-set name=s:b state=u32:1"
	no "$A" "EINVAL attr=peer.99: Unknown attribute type" \
		"peer-set name=s:b 99=u32:1"
	no "$A" "EINVAL attr=node.keys-set: Unsupported attribute" \
		"node-set keys-set=u8:1"
	no "$A" "EINVAL attr=peer.path.7: Unknown attribute type" \
		"peer-set name=s:b path=[ addr4=4:10.0.0.2 7=u8:1 ]"
	yes "$A" "peer-del all"
}

nobody()
{
	in_ns "$A" setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

need_nobody()
{
	command -v setpriv > /dev/null || skip "there is no setpriv here" || return
	chmod 755 "$TMP"
	install -m 755 "$(command -v "$HBCTL")" "$TMP/hbctl"
	install -m 755 "$(command -v genl)" "$TMP/genl"
}

nobody_may_look()
{
	local command
	need_nobody || return
	yes "$A" "peer-new name=s:b $AT auth=u32:0"
	for command in "node show" "peer show" "peer show b" events stats \
		       "stats peers" "monitor --duration 10ms"; do
		# shellcheck disable=SC2086 # a command is made of words
		nobody "$TMP/hbctl" $command > /dev/null || fail "$command"
	done
}

nobody_may_change()
{
	local before request
	need_nobody || return
	config "$A"
	before=$config
	for request in "node-set name=s:a" "peer-new name=s:c $AT auth=u32:0" \
		       "peer-set name=s:b multiplier=u8:9" "peer-del name=s:b" \
		       "peer-del all"; do
		# shellcheck disable=SC2086 # a request is made of words
		check_eq "$request" "$(nobody "$TMP/genl" $request)" "EPERM: "
	done
	config "$A"
	check_eq "after all" "$config" "$before"
	refuse 5 "" nobody "$TMP/hbctl" peer del all
	yes "$A" "peer-del all"
}

# Can be had only from a kernel without IPv6, or told to go without
no_ipv6()
{
	[[ ! -d /proc/sys/net/ipv6 ]] || skip "this kernel has IPv6" || return
	no "$A" "EAFNOSUPPORT attr=peer.path.addr6: this node has no IPv6" \
		"peer-new name=s:b path=[ addr6=6:fd00::2 ] auth=u32:0"
}

# Texts of the sources that no test has asked for
every_text_has_a_test()
{
	local sources=$HERE/../../kmod text
	[[ -d $sources ]] || skip "the sources are not here" || return
	tested+=("this node has no IPv6")
	tr -s '\t\n' '  ' < <(cat "$sources"/*.c) |
		grep -o 'NL_SET_ERR_MSG[A-Z_]*([^"]*"[^"]*"' |
		sed 's/^[^"]*"//; s/"$//' | sort -u > "$TMP/texts"
	check_num "texts" "$(wc -l < "$TMP/texts")" -gt 20
	printf '%s\n' "${tested[@]}" | sort -u > "$TMP/tested"
	while IFS= read -r text; do
		fail "no test for '$text'"
	done < <(comm -23 "$TMP/texts" "$TMP/tested")
}

need_module
setup_ns A B
link "$A" eth0 1 "$B" eth0 2
hb "$A" node set name a
run_tests

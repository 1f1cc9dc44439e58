#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A death needs no memory: all peers of a node die while softirqs get none for
# packets and messages, or get it every other time; each death is told to each
# listener in the end. Needs a kernel that fails allocations on request.
#
#   +------------------------+           +-------------------+
#   | A   node a             |           | B   fakepeer      |
#   |     COUNT peers, all   |           |                   |
#   |     at 10.0.0.2   eth0 +-----------+ eth0 10.0.0.2     |
#   +------------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	no_memory_at_all
	memory_every_other_time
"

FAIL=/sys/kernel/debug/failslab
CACHES="skbuff_head_cache skbuff_small_head"
LISTENERS="one two"
COUNT=200
# Peers die this long after they came up: all of them are up before
INTERVAL_S=$((3 * SLOW))

# lack PERCENT: so many of the allocations of packets fail that may not sleep
lack()
{
	echo "$1" > $FAIL/probability
}

events_are()
{
	test "$(stat "$A" events)" "$1" "$2"
}

# deaths LISTENER: how many it has seen, and of how many peers
deaths()
{
	jq -rs 'map(select(.event == "state" and .to == "down") | .peer) |
		"\(length) \(unique | length)"' "$TMP/$1"
}

has_deaths()
{
	[[ $(deaths "$1") == "$2 $2" ]]
}

# die PERCENT: all come up, and die with so much memory failing
die()
{
	local before listener
	hb "$A" peer del all
	before=$(stat "$A" events)
	for listener in $LISTENERS; do
		listen "$A" "$TMP/$listener-$1"
	done
	numbered $COUNT "peer-new name=s:$1p%s path=[ addr4=4:10.0.0.2 ] \
interval-us=u32:$((INTERVAL_S * 1000000)) multiplier=u8:1 auth=u32:0" |
		in_ns "$A" genl - || fail "adding"
	busywait events_are -ge $((before + COUNT)) || fail "not all came up"
	retries=$(stat "$A" event_retries)
	lack "$1"
	busywait events_are -ge $((before + 2 * COUNT)) || fail "not all died"
	sleep 0.2
}

# check_told PERCENT
check_told()
{
	local listener
	for listener in $LISTENERS; do
		listener=$listener-$1
		busywait has_deaths "$listener" $COUNT ||
			fail "deaths at $listener: $(deaths "$listener")"
		note "$listener: $(grep -c '"overrun"' "$TMP/$listener") overruns"
	done
	retries=$(($(stat "$A" event_retries) - retries))
	note "retries: $retries"
	check_num "retries" "$retries" -gt 0
}

no_memory_at_all()
{
	local messages
	die 100
	check_eq "told before there is memory" "$(deaths one-100)" "0 0"
	messages=$(stat "$A" event_messages)
	lack 0
	check_told 100
	messages=$(($(stat "$A" event_messages) - messages))
	# a reader may have room for a page
	check_num "messages, of 12 deaths at most" "$messages" -ge $((COUNT / 12))
}

memory_every_other_time()
{
	die 50
	check_told 50
	lack 0
}

need_module
[[ -d $FAIL ]] || skip_all "this kernel can't fail allocations (CONFIG_FAILSLAB)"
for cache in $CACHES; do
	[[ ! -d /sys/kernel/slab/$cache ]] || echo 1 > "/sys/kernel/slab/$cache/failslab"
done
grep -qx 1 /sys/kernel/slab/skbuff_*/failslab ||
	skip_all "packets have no memory of their own here"
defer lack 0
lack 0
echo -1 > $FAIL/times
echo 1 > $FAIL/interval
echo 0 > $FAIL/verbose
echo Y > $FAIL/cache-filter
echo Y > $FAIL/ignore-gfp-wait
setup_ns A B
link "$A" eth0 1 "$B" eth0 2
hb "$A" node set name a
fakepeers "$B" 10.0.0.2 --once
run_tests

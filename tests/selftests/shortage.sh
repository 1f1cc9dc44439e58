#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Little memory: some of the module's allocations fail, of slabs and of pages, while
# nodes beat and are asked and changed, and each packet that it looks at is copied to
# other memory by that. Who lives stays up; each of COUNT deaths is told, once and in
# order. Needs a kernel that fails allocations on request.
#
#   +------------------------+           +-------------------+
#   | A   node a        eth0 +-----------+ eth0   node b  B  |  lives
#   |                   eth1 +-----------+ eth0   node c  C  |  dies now and then
#   +------------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	all_is_well
	one_in_a_hundred
	one_in_ten
	most_pages
	nothing_was_lost
"

DEBUGFS=/sys/kernel/debug
FAULTS="failslab fail_page_alloc"
PLENTY=1000000000
COUNT=$(often 20 5)
# A beat is lost for each allocation that fails: ten in a row are not.
T=$((10 * SLOW)) K=10

# fault NAME KEY VALUE
fault()
{
	echo "$3" > "$DEBUGFS/$1/$2"
}

# Only on behalf of the module's own code
prepare_faults()
{
	local name begin size
	begin=$(< /sys/module/hb/sections/.text)
	size=$(awk '$1 == "hb" { print $2 }' /proc/modules)
	for name in $FAULTS; do
		fault "$name" verbose 0
		fault "$name" interval 1
		fault "$name" ignore-gfp-wait N
		fault "$name" stacktrace-depth 32
		fault "$name" require-start "$begin"
		fault "$name" require-end "$(printf '%#x' $((begin + size)))"
	done
	fault fail_page_alloc min-order 0
	fault failslab cache-filter N
}

# lack SLABS PAGES: so many in a hundred fail
lack()
{
	local name
	for name in $FAULTS; do
		fault "$name" times $PLENTY
	done
	fault failslab probability "$1"
	fault fail_page_alloc probability "$2"
}

# As they were, for others
end_faults()
{
	local name
	for name in $FAULTS; do
		fault "$name" probability 0
		fault "$name" require-start 0
		fault "$name" require-end 0xffffffffffffffff
	done
	copy_packets 0
}

# struck FAULT: how often since lack
struck()
{
	echo $((PLENTY - $(< "$DEBUGFS/$1/times")))
}

# copy_packets PERCENT: of those in which somebody has a look
copy_packets()
{
	[[ ! -d $DEBUGFS/fail_skb_realloc ]] || {
		fault fail_skb_realloc interval 1
		fault fail_skb_realloc times -1
		fault fail_skb_realloc verbose 0
		fault fail_skb_realloc probability "$1"
	}
}

# insist COMMAND...: until there is memory for it
insist()
{
	local said
	until said=$("$@" 2>&1); do
		[[ $said == *memory* || $said == *buffer* ]] ||
			fail "$* says: $said" || return
	done
}

all_is_well()
{
	hb "$B" peer add a addr 10.0.0.1 interval ${T}ms multiplier $K auth none
	hb "$C" peer add a addr 10.0.1.1 interval ${T}ms multiplier $K auth none
	hb "$A" peer add b addr 10.0.0.2 interval ${T}ms multiplier $K auth none
	hb "$A" peer add c addr 10.0.1.2 interval ${T}ms multiplier $K auth none
	for peer in b c; do
		wait_for "$A" $peer up
	done
	wait_for "$B" a up
	listen "$A" "$TMP/told"
	copy_packets 100
}

ask()
{
	insist hb "$A" peer add d addr 10.0.0.9 interval 1s key-file "$TMP/key"
	insist hb "$A" peer set d interval 2s
	insist hb "$A" node set key-file "$TMP/key"
	insist hb "$A" -j peer show -d
	insist hb "$A" -j events
	insist hb "$A" peer set d addr 10.0.0.8
	insist hb "$A" peer del d
}

die()
{
	silence "$C"
	wait_for "$A" c down
	unsilence "$C"
	wait_for "$A" c up
	wait_for "$C" a up
}

# with SLABS PAGES
with()
{
	local i
	lack "$1" "$2"
	for ((i = 0; i < COUNT; i++)); do
		ask
		die
	done
	slabs=$(struck failslab) pages=$(struck fail_page_alloc)
	lack 0 0
	note "failed: $slabs slabs, $pages pages; $(stat "$A" tx_errors) packets not sent"
	deaths=$((deaths + COUNT))
	check_eq "deaths of b" "$(peer "$A" b downs)" 0
	check_eq "deaths of a" "$(peer "$B" a downs)" 0
}

one_in_a_hundred()
{
	with 1 1
	check_num "slabs" "$slabs" -gt 0
}

# The network layer takes memory for a dozen packets at a time: some tries.
one_in_ten()
{
	lack 10 10
	wait_stat "$A" tx_errors -gt 0
	with 10 10
	check_num "slabs" "$slabs" -gt 0
}

# Beats are written to what is left of one, so one is asked for now and then only.
most_pages()
{
	with 0 60
	check_num "pages" "$pages" -gt 0
}

told()
{
	jq -rs 'map(select(.event == "state" and .peer == "c" and .to == "down")) |
		length' "$TMP/told"
}

has_told()
{
	[[ $(told) -ge $deaths ]]
}

nothing_was_lost()
{
	busywait has_told || fail "$(told) deaths told, of $deaths"
	check_eq "deaths told" "$(told)" $deaths
	check_eq "deaths at a" "$(peer "$A" c downs)" $deaths
	# numbers without a hole, so none was left out
	check_eq "holes" "$(jq -s 'map(.seq | values) | [.[1:], .[:-1]] | transpose |
		map(select(.[0] != .[1] + 1)) | length' "$TMP/told")" 0
}

deaths=0
need_module
need_netem
[[ -e $DEBUGFS/failslab/require-start ]] ||
	skip_all "this kernel can't fail the module's allocations (CONFIG_FAILSLAB)"
setup_ns A B C
link "$A" eth0 1 "$B" eth0 2 0
link "$A" eth1 1 "$C" eth0 2 1
hb "$A" node set name a
hb "$B" node set name b
hb "$C" node set name c
"$HBCTL" key generate "$TMP/key" || skip_all "no key"
prepare_faults
defer end_faults
run_tests

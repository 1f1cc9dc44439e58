# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What the tests share. To source; a test lists its functions in ALL_TESTS and
# ends with run_tests. A function fails through check and its kin, and goes on;
# it may return 4 through skip. Everything is undone at the end, see defer.

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TMP=$(mktemp -d)
: "${O:=$HERE/../../build/selftests}"
[[ -d $O ]] || O=$HERE
PATH=$O:$PATH
KSFT_SKIP=4

# Where a CPU may be gone for long (as kselftest has it, or one of our guests is
# known to), detection times are longer, by this factor. In virtual time no CPU is
# ever gone.
case ${HB_ICOUNT:+virtual}${KSFT_MACHINE_SLOW:-}${HB_VEHICLE:-} in
virtual*) SLOW=1 WAIT=${WAIT:-300} POLL=0.1 ;;
*yes* | *qemu* | *debug*) SLOW=5 ;;
*) SLOW=1 ;;
esac

# How long to wait for what has to happen: an upper bound, not an expectation.
: "${WAIT:=$((60 * SLOW))}"
# How long to sleep before asking again, s. Virtual time passes at once while all
# sleep, but asking costs its instructions.
: "${POLL:=0.02}"

# jq 1.6 needs 0.35 s of virtual time to start, gojq a hundredth of that.
! command -v gojq > /dev/null || jq() { gojq "$@"; }

# often FULL FEW [FEWER]: how often to do something: FULL times, or FEW where that would
# take minutes, and FEWER with all checks or a sanitizer, unless FULL=1 asks for it.
# COUNT says it from outside.
often()
{
	case ${FULL:-no}${HB_VEHICLE:-} in
	no*debug | no*san) echo "${COUNT:-${3:-$2}}" ;;
	noqemu*) echo "${COUNT:-$2}" ;;
	*) echo "${COUNT:-$1}" ;;
	esac
}

deferred=()
spaces=()
failed=0

# defer COMMAND...: when the test ends, last one first
defer()
{
	deferred+=("$(printf '%q ' "$@")")
}

undo()
{
	local i
	# A function in the background that is killed before bash has dropped this
	# shell's traps there comes here too.
	[[ $BASHPID -eq $$ ]] || return
	exec > /dev/null 2>&1
	for ((i = ${#deferred[@]} - 1; i >= 0; i--)); do
		eval "${deferred[i]}"
	done
	rm -rf "$TMP"
}
trap undo EXIT
trap 'exit 1' TERM INT

skip_all()
{
	echo "KTAP version 1"
	echo "1..0 # SKIP $*"
	exit $KSFT_SKIP
}

need()
{
	local program
	for program; do
		command -v "$program" > /dev/null ||
			skip_all "there is no $program here"
	done
}

# The tool, from PATH or from where it is built
find_hbctl()
{
	HBCTL=${HBCTL:-$(command -v hbctl)}
	[[ $HBCTL ]] || HBCTL=$HERE/../../build/hbctl/hbctl
	[[ -x $HBCTL ]] || skip_all "there is no hbctl here"
}

need_module()
{
	[[ $EUID -eq 0 ]] || skip_all "only root may do this"
	need ip tc jq fakepeer genl replay
	find_hbctl
	[[ -d /sys/module/hb ]] && return
	if [[ ${HB_KO:-} ]]; then
		insmod "$HB_KO" && return
	fi
	modprobe hb 2> /dev/null ||
		skip_all "module hb is not loaded, HB_KO does not name it"
}

need_ko()
{
	[[ ${HB_KO:-} && -e ${HB_KO:-} ]] ||
		skip_all "HB_KO does not name the module to load"
}

# What makes CPUs stand still
load_stall()
{
	local ko=${HB_KO%/kmod/hb.ko}/tests/stall/hb_stall.ko
	[[ -e $ko ]] || ko=${HB_KO%/hb.ko}/hb_stall.ko
	[[ -e $ko ]] || skip_all "there is no hb_stall.ko here"
	insmod "$ko"
	defer rmmod hb_stall
}

# Who reads from it may still hold it.
unload_module()
{
	until rmmod hb 2> /dev/null; do
		pause "$POLL"
	done
}

## Results

# note WORDS...: for the reader, whatever the result
note()
{
	echo "NOTE: $*"
}

fail()
{
	echo "FAILED: $*"
	failed=1
	return 1
}

# check WHAT COMMAND...: the command succeeds
check()
{
	local what=$1
	shift
	"$@" || fail "$what: $*"
}

# check_not WHAT COMMAND...: it does not
check_not()
{
	local what=$1
	shift
	! "$@" || fail "$what: $*"
}

check_eq()
{
	[[ $2 == "$3" ]] || fail "$1: '$2', not '$3'"
}

# check_num WHAT VALUE -eq|-ge|... VALUE
check_num()
{
	test "$2" "$3" "$4" || fail "$1: $2 $3 $4 is not so"
}

# skip REASON: as `skip ... || return`
skip()
{
	skipped=$*
	return $KSFT_SKIP
}

report()
{
	local n=$1 name=$2
	if [[ $skipped ]]; then
		echo "ok $n $name # SKIP $skipped"
	elif ((failed)); then
		sed 's/^/# /' "$TMP/log"
		echo "not ok $n $name"
	else
		sed -n 's/^NOTE:/#/p' "$TMP/log"
		echo "ok $n $name"
	fi
}

run_one()
{
	local name=$1 ran=0
	failed=0 skipped=
	{ ran=1; "$name"; } > "$TMP/log" 2>&1
	((ran)) || fail "$name can't write to $TMP/log"
	((!failed)) || explain 2>&1 | sed 's/^/# /'
	report "$2" "$name"
	((failed)) && bad=1
	[[ $skipped ]] || all_skipped=0
}

# What the nodes think, for whoever has to find out what went wrong
explain()
{
	local ns
	for ns in "${spaces[@]}"; do
		[[ -e /run/netns/$ns ]] || continue
		echo "--- $ns"
		"$HBCTL" -n "$ns" peer show -d | head -n 40
		"$HBCTL" -n "$ns" events | tail -n 12
		"$HBCTL" -n "$ns" stats | grep -v ': 0$'
	done
}

run_tests()
{
	local n=0 name bad=0 all_skipped=1
	# shellcheck disable=SC2206 # one word per test
	local tests=(${ALL_TESTS:?})
	echo "KTAP version 1"
	echo "1..${#tests[@]}"
	for name in "${tests[@]}"; do
		run_one "$name" $((++n))
	done
	((!bad)) || return 1
	((!all_skipped)) || return $KSFT_SKIP
}

## Waiting

# Never readable, for pause
exec {idle}<> <(:)

# pause S: sleep without a process
pause()
{
	read -rt "$1" -u "$idle" || :
}

# pause_ms N
pause_ms()
{
	pause "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"
}

# busywait COMMAND...: until it succeeds
busywait()
{
	local end=$((SECONDS + WAIT))
	until "$@"; do
		((SECONDS < end)) || return 1
		pause "$POLL"
	done
}

# slowwait COMMAND...: the same for what takes long or is dear to ask
slowwait()
{
	local end=$((SECONDS + 3 * WAIT))
	until "$@"; do
		((SECONDS < end)) || return 1
		pause 0.5
	done
}

## Namespaces and links

# setup_ns VARIABLE...: a namespace each, named in the variable
setup_ns()
{
	local variable space
	for variable; do
		space=hb-${variable,,}-$RANDOM$RANDOM
		ip netns add "$space" || return
		ip -n "$space" link set lo up
		spaces+=("$space")
		defer ip netns del "$space"
		printf -v "$variable" %s "$space"
	done
}

# link NS1 DEV1 N1 NS2 DEV2 N2 [NET]: a cable; the ends have the addresses
# 10.0.NET.N and fd00:NET::N, and MAC addresses that are the same every time
link()
{
	local net=${7:-0}
	ip link add "$2" netns "$1" address "02:00:00:00:$net:$3" type veth \
		peer name "$5" netns "$4" address "02:00:00:00:$net:$6" || return
	plug "$1" "$2" "$3" "$net" && plug "$4" "$5" "$6" "$net"
}

plug()
{
	# a kernel without IPv6 refuses the second line
	ip -n "$1" -force -batch - 2> /dev/null <<- EOF
		addr add 10.0.$4.$3/24 dev $2
		addr add fd00:$4::$3/64 dev $2 nodad
	EOF
	ip -n "$1" link set "$2" up
}

# The usual: nodes a and b in the namespaces A and B, at both ends of a cable
setup_pair()
{
	setup_ns A B
	link "$A" eth0 1 "$B" eth0 2
	hb "$A" node set name a
	hb "$B" node set name b
}

# silence NS [DEV]: nothing goes out any more, not even a goodbye
silence()
{
	tc -n "$1" qdisc replace dev "${2:-eth0}" root netem loss 100%
}

unsilence()
{
	tc -n "$1" qdisc del dev "${2:-eth0}" root
}

# unplugged NS [DEV]: the cable has gone with its other end
unplugged()
{
	! ip -n "$1" link show "${2:-eth0}" > /dev/null 2>&1
}

# kill_node NS OTHER: a namespace ends without a goodbye, its cable to OTHER too
kill_node()
{
	silence "$1"
	ip netns del "$1"
	busywait unplugged "$2"
}

# receive_in_thread NS 0|1: whether the veth there does; fails where it can't
receive_in_thread()
{
	in_ns "$1" ethtool -K eth0 gro on &&
		ip netns exec "$1" sh -c "echo $2 > /sys/class/net/eth0/threaded"
}

need_netem()
{
	local ns
	setup_ns ns
	ip -n "$ns" link add eth0 type veth peer name eth1
	silence "$ns" 2> /dev/null || skip_all "there is no sch_netem here"
	ip netns del "$ns"
}

# kernel_kb: memory that the kernel has allocated for itself
kernel_kb()
{
	awk '/^(Slab|Percpu|VmallocUsed):/ { n += $2 } END { print n }' \
		/proc/meminfo
}

## Nodes

# hb NS WORDS...: the tool, in a namespace
hb()
{
	"$HBCTL" -n "$@"
}

# What is asked often is read without jq, and with as few processes as can be: each
# takes 40 ms to fork in User-Mode Linux, and the tool by its path in $(...) is one
# less than by a function.

# find_member JSON KEY: sets $found to the first value of that name, null if there
# is none; not for arrays and objects
find_member()
{
	local pattern="\"$2\":(\"([^\"]*)\"|[^][{},]+)"
	found=null
	[[ ! $1 =~ $pattern ]] || found=${BASH_REMATCH[2]:-${BASH_REMATCH[1]}}
}

# member JSON KEY: prints it
member()
{
	local found
	find_member "$@"
	echo "$found"
}

# pick KEY...: of each object in the tool's array on stdin a line of these values
pick()
{
	local object key values found
	while IFS= read -r object; do
		values=
		for key; do
			find_member "$object" "$key"
			values+=" $found"
		done
		echo "${values# }"
	done < <(sed '/^\[\]$/d; s/},{"\(name\|seq\)"/}\n{"\1"/g')
}

# peer NS NAME KEY: a value of a peer, or as paths[0].KEY of its path; null if it is
# not known
peer()
{
	local json key=${3#paths\[0\].}
	json=$("$HBCTL" -n "$1" -j peer show "$2")
	[[ $key == "$3" ]] || json=${json#*\"paths\":}
	member "$json" "$key"
}

# peer_has NS NAME [KEY VALUE]...: all of these values
peer_has()
{
	local json
	json=$("$HBCTL" -n "$1" -j peer show "$2")
	shift 2
	while [[ $# -gt 0 ]]; do
		find_member "$json" "$1"
		[[ $found == "$2" ]] || return
		shift 2
	done
}

# stat NS KEY: a counter of a node
stat()
{
	member "$("$HBCTL" -n "$1" -j stats)" "$2"
}

# of_node NS KEY: a value of a node
of_node()
{
	member "$("$HBCTL" -n "$1" -j node show)" "$2"
}

# add_up JSON PATTERN [BUT]: sets $sum to that of the counters of such names but one
add_up()
{
	local pair key IFS='[],{}'
	sum=0
	for pair in $1; do
		key=${pair%:*}
		key=${key//\"/}
		# shellcheck disable=SC2053 # a pattern
		[[ $key != $2 || $key == "${3:-}" ]] || sum=$((sum + ${pair#*:}))
	done
}

# drops NS [BUT]: all packets that were refused, but for one counter
drops()
{
	add_up "$("$HBCTL" -n "$1" -j stats)" "rx_drop_*" "${2:-}"
	echo "$sum"
}

# events NS FILTER: what the jq filter makes of the array of all events
events()
{
	hb "$1" -j events | jq -c "$2"
}

# For jq: all events but that the machine stood still, which may come at any time
# shellcheck disable=SC2034 # for those who source this
UNSTALLED='map(select(.event != "stall"))'

# next_event NS: the number that the next event will get
next_event()
{
	local last
	last=$(hb "$1" -j events | grep -o '"seq":[0-9]*' | tail -n 1)
	echo $((${last#*:} + 1))
}

# changes NS SINCE: the changes of state from a number on, as "peer>state reason"
changes()
{
	hb "$1" -j events since "$2" | pick event peer to reason |
		sed -n 's/^state \(.*\) \(.*\) \(.*\)/\1>\2 \3/p' |
		sed -n 'H; ${ x; s/^\n//; s/\n/, /g; p }'
}

is()
{
	peer_has "$1" "$2" state "$3"
}

# wait_for NS PEER STATE
wait_for()
{
	busywait is "$@" || fail "$2 is not $3 at $1"
}

# Nodes a in A and b in B are in the same session, and both know it
agreed()
{
	local json mine
	json=$("$HBCTL" -n "$A" -j peer show b)
	find_member "$json" session
	mine=$found
	find_member "$json" remote_session
	peer_has "$B" a remote_session "$mine" session "$found"
}

# stat_is NS KEY -eq|-ge|... VALUE
stat_is()
{
	find_member "$("$HBCTL" -n "$1" -j stats)" "$2"
	test "$found" "$3" "$4"
}

wait_stat()
{
	busywait stat_is "$@" || fail "$2 of $1 is not $3 $4"
}

# blame ATTR: how genl says that a dump was refused for it; before 6.10 the end of a
# dump has room for the text only
blame()
{
	printf '%s\n' 6.10 "$(uname -r)" | sort -CV && echo " attr=$1"
}

# refuse EXIT TEXT COMMAND...: the command fails with this exit code and text
refuse()
{
	local want=$1 text=$2 out code
	shift 2
	out=$("$@" 2>&1)
	code=$?
	[[ $code -eq $want ]] || fail "exit code $code, not $want: $*"
	[[ $out == *"$text"* ]] || fail "'$out' lacks '$text': $*"
}

# in_ns NS COMMAND...: in its network, but with the files of here; /sys is one
in_ns()
{
	local ns=$1
	shift
	nsenter --net="/run/netns/$ns" "$@"
}

# background FILE COMMAND...: until the test ends; $! is its number, if the
# command is a program and no function
background()
{
	local file=$1
	shift
	# who waits for a line must not see one of before
	: > "$file"
	"$@" > "$file" 2> "$file.err" &
	defer kill -KILL $!
}

has_line()
{
	grep -q -e "$2" "$1"
}

# fakepeers NS ADDR WORDS...: play silent peers at an address
fakepeers()
{
	local ns=$1 addr=$2
	shift 2
	background "$TMP/fakepeer" ip netns exec "$ns" fakepeer "$@" "$addr" 7694
	busywait has_line "$TMP/fakepeer" ready
}

# listen NS FILE WORDS...: a monitor, which is synchronised; $! is its number
listen()
{
	local ns=$1 file=$2
	shift 2
	background "$file" "$HBCTL" -n "$ns" -j monitor "$@"
	busywait has_line "$file" '"sync"'
}

# numbered N FORMAT: N lines, with the numbers from 1 in place of each %s
numbered()
{
	local i
	for ((i = 1; i <= $1; i++)); do
		echo "${2//%s/$i}"
	done
}

# capture NS FILE [DEV]: record packets to a file; end_capture ends it
capture()
{
	background "$2" ip netns exec "$1" replay capture "${3:-eth0}"
	capturing=$!
	busywait has_line "$2" ready
}

end_capture()
{
	kill "$capturing"
	wait "$capturing"
}

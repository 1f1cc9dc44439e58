#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The tool itself: what it does with keys, when it has colour, what it says of words
# that it does not know, its exit codes; that all JSON is JSON, and tells of the
# same peers as the text; that its advice is not refuted by what it rests on.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	key_file_of_others
	key_that_is_none
	key_from_stdin
	keys_are_not_shown
	colour_when_told
	colour_on_a_terminal
	nearest_match
	exit_codes
	no_permission
	json_is_json
	json_of_the_monitor
	monitor_that_nobody_reads
	same_peers
	blame_in_text
	advice_within_limits
	advice_heeds_delays
"

ESC=$'\033'
# a name with all that a name may have
ODD=B-2._:@

# All that only reads, but for the monitor
READING="
	--color=never
	-d
	-s
	node show
	-s node show
	peer show
	-d peer show
	-s peer show
	peer show b
	peer show state up
	stats
	stats peers
	-d stats peers
	stats peers b --histogram
	events
	events since 1
	tune
	tune b mistakes 1/day
	tune detect 1s
"

monitor()
{
	hb "$A" monitor --duration 100ms "$@"
}

## Keys

key_file_of_others()
{
	local mode
	cp "$TMP/key" "$TMP/key.open"
	for mode in 0640 0604 0644 0660 0620 0666; do
		chmod $mode "$TMP/key.open"
		refuse 2 "mode $mode lets others at the key; chmod 600" \
			hb "$A" node set key-file "$TMP/key.open"
		refuse 2 "chmod 600" hb "$A" peer set b key-file "$TMP/key.open"
	done
	chmod 0644 "$TMP/key.open"
	refuse 2 "standard input: mode 0644 lets others at the key" \
		hb "$A" node set key-file - key-slot 2 < "$TMP/key.open"
	chmod 0400 "$TMP/key.open"
	check "a file of its owner's" \
		hb "$A" node set key-file "$TMP/key.open" key-slot 2
	check_eq "slots" "$(slots)" "[1,2]"
	hb "$A" node set key-clear 2
	refuse 1 "No such file" hb "$A" node set key-file "$TMP/missing"
	refuse 2 "is a directory" hb "$A" node set key-file "$TMP"
	refuse 1 "File exists" hb "$A" key generate "$TMP/key"
}

slots()
{
	hb "$A" -j node show | jq -c '.[0].keys_set'
}

# try_key EXIT TEXT KEY: from standard input
try_key()
{
	refuse "$1" "$2" hb "$A" node set key-file - key-slot 2 <<< "$3"
}

key_that_is_none()
{
	local key
	key=$(< "$TMP/key")
	try_key 2 "standard input: is empty" ""
	try_key 2 "more than one line" "$key"$'\n'"$key"
	try_key 2 "not base64 of 32 bytes" "${key:0:40}"
	try_key 2 "a character that is not base64" "!${key:1}"
	refuse 2 "key-slot needs a key-file" hb "$A" node set key-slot 2
	check_eq "slots" "$(slots)" "[1]"
}

key_from_stdin()
{
	try_key 0 "" "$("$HBCTL" key generate)"
	check_eq "slots" "$(slots)" "[1,2]"
	# without the end of the line
	printf %s "$(< "$TMP/key")" |
		hb "$A" node set key-file - key-slot 2 || fail "refused"
	hb "$A" node set key-clear 2
	check_eq "slots" "$(slots)" "[1]"
	"$HBCTL" key generate "$TMP/key.new" || fail "generating"
	check_eq "mode" "$(stat_mode "$TMP/key.new")" 600
	check_eq "length" "$(wc -c < "$TMP/key.new")" 45
}

# the library has a function of that name
stat_mode()
{
	command stat -c %a "$1"
}

read_all()
{
	local line json
	for json in "" -j; do
		while read -ra line; do
			[[ ${#line[@]} -eq 0 ]] || hb "$A" $json "${line[@]}"
		done <<< "$READING"
		monitor $json
		monitor $json --since 1
	done
}

keys_are_not_shown()
{
	local hex
	hex=$(base64 -d < "$TMP/key" | od -An -tx1 | tr -d ' \n')
	hb "$A" peer add k addr 10.0.0.4 key-file "$TMP/key"
	read_all > "$TMP/out" 2>&1
	# nor in what is wrong with it
	tr '=' '!' < "$TMP/key" | hb "$A" node set key-file - >> "$TMP/out" 2>&1
	check_num "lines" "$(wc -l < "$TMP/out")" -gt 100
	check_eq "length of a key" ${#hex} 64
	check_not "the key in base64" grep -qF "$(< "$TMP/key")" "$TMP/out"
	check_not "the key in hex" grep -qiF "$hex" "$TMP/out"
	hb "$A" peer del k
}

## Colour

has_colour()
{
	[[ $1 == *"${ESC}["* ]]
}

colour_when_told()
{
	local plain
	check_not "a pipe" has_colour "$(hb "$A")"
	check_not "auto" has_colour "$(hb "$A" --color=auto)"
	check_not "never" has_colour "$(hb "$A" --color=never)"
	check "always" has_colour "$(hb "$A" --color=always)"
	check "the option alone" has_colour "$(hb "$A" --color)"
	check "NO_COLOR and the option" \
		has_colour "$(NO_COLOR=1 hb "$A" --color)"
	check "events" has_colour "$(hb "$A" --color events)"
	check_not "JSON" has_colour "$(hb "$A" --color -j)"
	refuse 2 "none of auto, always, never" hb "$A" --color=maybe
	# more may have come meanwhile
	plain=$(hb "$A" events)
	check_eq "the text in it" "$(hb "$A" --color events |
		sed "s/${ESC}\[[0-9]*m//g" | head -n "$(wc -l <<< "$plain")")" "$plain"
}

# on_terminal WORDS...: the tool's standard output is one
on_terminal()
{
	script -qec "$HBCTL -n $A $*" /dev/null < /dev/null
}

colour_on_a_terminal()
{
	command -v script > /dev/null ||
		skip "there is no script to make a terminal" || return
	[[ $(script -qec "test -t 1 && echo yes" /dev/null < /dev/null) == yes* ]] ||
		skip "script can make no terminal here" || return
	local TERM=xterm NO_COLOR=
	export TERM NO_COLOR
	check "a terminal" has_colour "$(on_terminal)"
	check "auto" has_colour "$(on_terminal --color=auto)"
	check_not "never" has_colour "$(on_terminal --color=never)"
	check_not "JSON" has_colour "$(on_terminal -j)"
	NO_COLOR=1
	check_not "NO_COLOR" has_colour "$(on_terminal)"
	check "NO_COLOR and the option" has_colour "$(on_terminal --color)"
	NO_COLOR="" TERM=dumb
	check_not "a dumb terminal" has_colour "$(on_terminal)"
}

## Words

nearest_match()
{
	local typed offered words
	while IFS='|' read -r typed offered; do
		read -ra words <<< "$typed"
		refuse 2 "did you mean '$offered'?" hb "$A" "${words[@]}"
	done <<- EOF2
		monitr|monitor
		pere show|peer
		hlep|help
		node shwo|show
		peer dell b|del
		peer add x adr 10.0.0.3|addr
		peer set b intervall 10ms|interval
		node set nmae x|name
		peer show state upp|up
		node maintenance forr 1h|for
		stats peer|peers
		events sinse 3|since
		tune detct 1s|detect
		tune b mistaks 1/year|mistakes
		--jsn|--json
		monitor --sinse 4|--since
		monitor --cuont=4|--count
		--colour|--color
		stats --histogramm|--histogram
	EOF2
	refuse 2 "unknown object 'xyzzy'; see hbctl help" hb "$A" xyzzy
	refuse 2 "unknown option '--xyzzy'; see hbctl help" hb "$A" --xyzzy
	refuse 2 "unknown option '-x'" hb "$A" -jx
	refuse 2 "unknown object '\\x1b[1m'" hb "$A" "${ESC}[1m"
	refuse 2 "--color '\\x1b[1m' is none" hb "$A" --color="${ESC}[1m"
	refuse 6 "device '\\x1b[1m'" hb "$A" peer set b addr fe80::1 dev "${ESC}[1m"
	refuse 1 "/\\x1b[1m: No such" hb "$A" node set key-file "$TMP/${ESC}[1m"
}

exit_codes()
{
	refuse 0 "hbctl" "$HBCTL" --version
	refuse 0 "usage" "$HBCTL" help
	refuse 0 "" hb "$A" peer set b interval 20ms
	refuse 1 "interval" hb "$A" peer set b interval 1us
	refuse 1 "peer" hb "$A" peer add b addr 10.0.0.2 auth none
	refuse 2 "needs a unit" hb "$A" peer set b interval 10
	refuse 0 "" hb "$A" peer maintenance b for 0.500000000m
	refuse 0 "" hb "$A" peer maintenance b end
	refuse 2 "needs a value" hb "$A" peer set b interval
	refuse 2 "is there twice" hb "$A" peer set b port 1 port 2
	refuse 2 "one word too many" hb "$A" leave now
	refuse 2 "nothing to set" hb "$A" peer set b
	refuse 2 "a peer needs an addr" hb "$A" peer add x
	refuse 2 "port needs an addr" hb "$A" peer set b port 7000
	refuse 2 "dev needs an addr" hb "$A" peer set b dev eth0 interval 1s
	refuse 2 "longer than 255 times" hb "$A" tune detect 15300.0000009s
	refuse 2 "option '--count' needs a value" hb "$A" monitor --count
	refuse 2 "option '--json' takes no value" hb "$A" --json=1
	refuse 2 "has no option --stats" hb "$A" -s events
	refuse 6 "there is no such peer" hb "$A" peer show missing
	refuse 6 "no such device" hb "$A" peer set b addr fe80::1%missing
	refuse 6 "network namespace 'missing'" "$HBCTL" -n missing
	! hb "$A" 2> /dev/null > /dev/full || fail "a full disk is no failure"
}

no_permission()
{
	local drop=(setpriv --bounding-set=-net_admin)
	"${drop[@]}" true 2> /dev/null ||
		skip "there is no setpriv to drop CAP_NET_ADMIN" || return
	refuse 5 "" in_ns "$A" "${drop[@]}" "$HBCTL" peer del all
	refuse 5 "" in_ns "$A" "${drop[@]}" "$HBCTL" node set key-clear 1
	refuse 0 "" in_ns "$A" "${drop[@]}" "$HBCTL" -d
	refuse 0 "" in_ns "$A" "${drop[@]}" "$HBCTL" monitor --duration 1us
	check_eq "peers" "$(of_node "$A" peers)" 2
	# by which one could speak for a peer without a key
	in_ns "$A" "$HBCTL" -d peer show b > "$TMP/out"
	check "a session, for who may change it" grep -q session "$TMP/out"
	in_ns "$A" "${drop[@]}" "$HBCTL" -d peer show b > "$TMP/out"
	check_not "a session, for others" grep -q session "$TMP/out"
}

## JSON

# One array of objects
is_list()
{
	jq -se 'length == 1 and (.[0] | type == "array" and length > 0 and
		all(type == "object"))' "$1" > /dev/null
}

json_is_json()
{
	local line
	while read -ra line; do
		[[ ${#line[@]} -gt 0 ]] || continue
		hb "$A" -j "${line[@]}" > "$TMP/json" 2> "$TMP/err" ||
			fail "${line[*]}: $(< "$TMP/err")"
		check "JSON of ${line[*]}" is_list "$TMP/json"
		check_eq "lines of ${line[*]}" "$(wc -l < "$TMP/json")" 1
		# keys that every reader takes without quotes
		check_eq "keys of ${line[*]}" "$(jq -c '[.. | objects | keys[] |
			select(test("^[a-z][a-z0-9_]*$") | not)]' "$TMP/json")" "[]"
	done <<< "$READING"
	refuse 0 "[]" hb "$A" -j peer show state left
}

# One object a line, each with its event; the kernel's events as in `events`
json_of_the_monitor()
{
	local line n
	# a stall may be told to both
	monitor -j > "$TMP/json"
	monitor -j --since 1 > "$TMP/json.since"
	while read -r line; do
		jq -e 'type == "object" and has("event")' <<< "$line" \
			> /dev/null || fail "$line"
	done < <(cat "$TMP/json" "$TMP/json.since")
	check_eq "its own words" "$(jq -r '.event' "$TMP/json" | sort -u |
		grep -x 'snapshot\|sync' | xargs)" "snapshot sync"
	jq -c 'select(has("realtime_ns"))' "$TMP/json.since" > "$TMP/seen"
	n=$(wc -l < "$TMP/seen")
	check_num "events" "$n" -gt 0
	check_eq "events" "$(< "$TMP/seen")" "$(events "$A" ".[:$n][]")"
	check_eq "events not seen" "$(events "$A" ".[$n:] | $UNSTALLED")" "[]"
}

# It ends with its reader, and does not wait for the next event: exit code and message
monitor_that_nobody_reads()
{
	local whole=(timeout 60 "$HBCTL" monitor) pipe
	in_ns "$A" "${whole[@]}" | head -n 1 > "$TMP/out"
	pipe=("${PIPESTATUS[@]}")
	check "a snapshot" grep -q snapshot "$TMP/out"
	check_eq "killed by" "$((pipe[0] - 128))" "$(kill -l PIPE)"
	{
		trap '' PIPE
		in_ns "$A" "${whole[@]}" 2> "$TMP/err"
		echo $? > "$TMP/status"
	} | head -n 1 > "$TMP/out"
	check_eq "with the signal ignored" "$(< "$TMP/status")" 1
	check "says why" grep -q "standard output: Broken pipe" "$TMP/err"
}

# same WHAT TEXT JSON: sorted names, as often as they are there
same()
{
	check_num "peers in $1" "$(wc -l <<< "$2")" -gt 0
	check_eq "peers in $1" "$(sort <<< "$2" | xargs -d '\n')" \
		"$(sort <<< "$3" | xargs -d '\n')"
}

# What the columns below PEER begin with
column()
{
	awk 'seen { print $1 } $1 == "PEER" { seen = 1 }'
}

same_peers()
{
	local words
	same overview "$(hb "$A" | column)" \
		"$(hb "$A" -j | jq -r '.[0].peers[].name')"
	for words in "peer show" "peer show b" "peer show state up" \
		     "stats peers" "stats peers b"; do
		# shellcheck disable=SC2086 # words
		same "$words" "$(hb "$A" $words | column)" \
			"$(hb "$A" -j $words | jq -r '.[].name')"
	done
	same details "$(hb "$A" peer show -d | sed -n 's/^  name: //p')" \
		"$(hb "$A" -j peer show -d | jq -r '.[].name')"
	same tune "$(hb "$A" tune 2> /dev/null | sed -n 's/^\([^ ].*\):$/\1/p')" \
		"$(hb "$A" -j tune 2> /dev/null | jq -r '.[].name')"
	# the machine may stand still between the two
	same events "$(hb "$A" --no-timestamp events | awk '$1 != "STALL" { print $2 }')" \
		"$(hb "$A" -j events | jq -r "$UNSTALLED | .[].peer")"
	same monitor "$(monitor --no-timestamp |
		awk '$1 == "snapshot" { print $2 }')" \
		"$(monitor -j | jq -r 'select(.event == "snapshot").peer')"
	check_eq "the odd one" "$(hb "$A" peer show "$ODD" | column)" "$ODD"
}

## What it makes of what it reads

# A death that was none: lines that have what JSON has
blame_in_text()
{
	local since blame
	need_delay || return
	hb "$A" peer set b interval 20ms multiplier $((5 * SLOW))
	hb "$B" peer set a interval 20ms multiplier $((5 * SLOW))
	busywait detects $((100 * SLOW)) || fail "timing"
	since=$(next_event "$A")
	delay $((500 * SLOW))
	busywait has_event "$since" mistake || fail "no mistake"
	tc -n "$B" qdisc del dev eth0 root
	wait_for "$A" b up
	check_num "blame on the network" \
		"$(hb "$A" events since "$since" | grep -c " blame network ")" -ge 1
	for blame in peer network local; do
		check_eq "blame on $blame" \
			"$(hb "$A" events since "$since" |
				grep -c " blame $blame ")" \
			"$(hb "$A" -j events since "$since" |
				jq "map(select(.blame == \"$blame\")) | length")"
	done
	check_eq "unknown blame" \
		"$(hb "$A" events | grep -c "blame unknown\|late-[a-z]* 0ns")" 0
}

# has_event SINCE TYPE
has_event()
{
	hb "$A" -j events since "$1" | grep -q "\"event\":\"$2\""
}

detects()
{
	[[ $(peer "$A" b detect_us) -eq $(($1 * 1000)) ]]
}

need_delay()
{
	tc -n "$B" qdisc replace dev eth0 root netem limit 10000 2> /dev/null ||
		skip "there is no sch_netem here"
}

# delay MS: of all packets to A from now on; those on the way keep theirs
delay()
{
	tc -n "$B" qdisc change dev eth0 root netem limit 10000 delay "$1ms"
}

# advice WORDS... FILTER: what is advised on b
advice()
{
	hb "$A" -j tune b "${@:1:$#-1}" | jq ".[0] | ${!#}"
}

advice_within_limits()
{
	local dur
	refuse 2 "is shorter than the shortest interval" hb "$A" tune detect 99us
	refuse 2 "is longer than 255 times the longest interval" \
		hb "$A" tune detect 15301s
	refuse 2 "is no number per minute" hb "$A" tune mistakes 1/eon
	refuse 2 "is no number per minute" hb "$A" tune mistakes inf/year
	for dur in 100us 199us 200us 1ms 10m 4h 15300s; do
		check_eq "detect $dur" "$(advice detect $dur '.proposed |
			.interval_us >= 100 and .interval_us <= 60000000 and
			.multiplier >= 1 and .multiplier <= 255 and
			.interval_us * .multiplier == .detect_us')" true
	done
	check_eq "in time" "$(advice detect 4h '.proposed |
		.detect_us > 14399000000 and .detect_us <= 14400000000')" true
	check_eq "what can't be" \
		"$(advice mistakes 0.0000000000000000000000000001/year \
			'.proposed | .interval_us <= 60000000 and
			.multiplier <= 255' 2> /dev/null)" true
	# what it proposes can be set
	hb "$A" peer set b multiplier \
		"$(advice detect 15300s .proposed.multiplier)" || fail "refused"
	hb "$A" peer set b detect adaptive ceiling 77s floor 66s
	check_num "adaptive, present" "$(advice .present.detect_us)" -ge 66000000
	check_eq "adaptive, present" "$(advice .present.detect)" '"adaptive"'
	hb "$A" peer set b detect fixed
}

# Gaps of 200 ms and no loss, and a detection time that outlasts them
advice_heeds_delays()
{
	local ms rate seconds
	need_delay || return
	hb "$A" peer del b
	hb "$A" peer add b addr 10.0.0.2 interval 20ms multiplier 200 auth none
	hb "$B" peer set a interval 20ms multiplier 200
	wait_for "$A" b up
	for ms in 200 400 600 800 1000 1200; do
		delay $ms
		sleep 0.5
	done
	# the first may have begun before there was a session
	check_num "delays" "$(advice .delays)" -ge 4
	check_num "longest gap" "$(advice .gap_max_ns)" -ge 190000000
	while read -r rate seconds; do
		check "advice for $rate" heeds "$(advice mistakes "$rate" .)" \
			"${rate%/*}" "$seconds"
	done <<- EOF2
		1/year 31557600
		1/day 86400
		1/hour 3600
		10/minute 60
		100/minute 60
		1000/minute 60
	EOF2
}

# heeds ADVICE N SECONDS: what was seen so far happened at most N times in so many
# seconds, and, if nothing was, the longest gap is shorter
heeds()
{
	jq -e --argjson n "$2" --argjson s "$3" '. as $all |
		($n * .span_ns / 1e9 / $s) as $most |
		.proposed | .seen <= $most and .late <= $most and
		.mistake_every_ns >= $s * 1e9 / $n * 0.999 and
		(.seen > 0 or .detect_us * 1000 > $all.gap_max_ns)' <<< "$1" \
		> /dev/null
}

need_module
need base64 od awk
setup_pair
"$HBCTL" key generate "$TMP/key" || skip_all "no key"
hb "$A" node set key-file "$TMP/key"
hb "$A" peer add b addr 10.0.0.2 interval 100ms multiplier $((10 * SLOW)) auth none
hb "$B" peer add a addr 10.0.0.1 interval 100ms multiplier $((10 * SLOW)) auth none
hb "$A" peer add "$ODD" addr 10.0.0.3 auth none
wait_for "$A" b up
run_tests

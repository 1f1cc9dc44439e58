#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The table of states in the documentation is the one of the state machine.
. "$(dirname "$0")/lib.sh"

# Both as lines "EVENT STATE: what the documentation has in that cell"

# of_code: a cell is STAY(SAME) or TO(STATE, HB_ACT_... | HB_ACT_...)
of_code()
{
	tr -s '\t\n' '  ' < kmod/core/fsm.c |
		grep -oE '\[HB_(STATE|FSM)_[A-Z_]+\] = (\{|STAY\(|TO\([^)]*)' |
		awk '
		BEGIN {
			n = split("REPORT R MISTAKE M END E WATCH W " \
				  "UNWATCH U START B STOP S AGAIN 2", act)
		}
		{ gsub(/HB_(STATE|FSM)_|[][]/, ""); name = tolower($1) }
		/\{$/ { from = name; next }
		{
			to = ""
			said = from
			if (match($0, /TO\([A-Z_]+/))
				said = tolower(substr($0, RSTART + 3, RLENGTH - 3))
			for (i = 1; i < n; i += 2)
				if ($0 ~ "HB_ACT_" act[i] "( |$)")
					to = to act[i + 1]
			if (said != from)
				to = said " " to
			print name, from ": " to
		}'
}

# of_doc: a simple table, whose columns are where its line of "=" has them
of_doc()
{
	awk '
	/^States$/ { here = 1 }
	here && /^=+ +=/ {
		lines++
		for (n = at = 0; match(substr($0, at + 1), /=+/); n++) {
			begin[n] = at + RSTART
			len[n] = RLENGTH
			at += RSTART + RLENGTH - 1
		}
		next
	}
	!lines { next }
	lines == 3 { exit }
	{
		for (i = 0; i < n; i++) {
			cell = substr($0, begin[i], len[i])
			gsub(/^ +| +$/, "", cell)
			gsub(/a-d|admin-down/, "admin_down", cell)
			if (lines == 1)
				state[i] = cell
			else if (!i)
				event = cell
			else
				print event, state[i] ": " cell
		}
	}' Documentation/networking/hb.rst
}

# The order of letters in a cell is free.
sorted()
{
	while IFS=: read -r where cell; do
		letters=${cell##* }
		[[ $letters =~ ^[A-Z2]*$ ]] || letters=
		printf '%s:%s%s\n' "$where" "${cell%"$letters"}" \
			"$(grep -o . <<< "$letters" | sort | tr -d '\n')"
	done | sed 's/ *$//' | sort
}

[[ $(of_code) ]] || {
	echo "kmod/core/fsm.c: there is no table to be read"
	exit 1
}
diff -u --label kmod/core/fsm.c --label Documentation/networking/hb.rst \
	<(of_code | sorted) <(of_doc | sorted)

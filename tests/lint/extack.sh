#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Whoever is refused is told why: wherever a function that can reach an extack
# names an error, the same block or its condition sets the text. Memory and room
# in a message run out through no fault of the caller's, so these need none.
. "$(dirname "$0")/lib.sh"

sources=$(lint_sources 'kmod/*.c')
# shellcheck disable=SC2086 # one word per file
awk '
function depth(s) {
	match(s, /^\t*/)
	return RLENGTH
}

# Is text set before line n, in its block or in what opens that?
function told(n,	i, d) {
	d = depth(line[n])
	for (i = n; i > start; i--) {
		if (line[i] ~ /NL_SET_ERR_MSG/)
			return 1
		if (line[i] ~ /[^ \t]/ && depth(line[i]) < d)
			return line[i] ~ /== -E/
	}
	return 0
}

function judge(	i, e) {
	for (i = start; i <= NR; i++) {
		e = line[i]
		gsub(/-E(NOMEM|MSGSIZE)/, "", e)
		gsub(/[!=]= -E[A-Z]+/, "", e)
		if (e !~ /-E[A-Z]+/ || told(i))
			continue
		printf "%s:%d: no text: %s\n", FILENAME, FNR - NR + i, line[i]
		bad = 1
	}
}

{ line[NR] = $0 }
/^[^ \t#{}\/*]/ { reach = 0 }
/extack|genl_info|netlink_callback/ { reach = 1 }
/^{/ { start = NR }
/^}/ { if (reach && start) judge(); start = 0; reach = 0 }
END { exit bad }
' $sources

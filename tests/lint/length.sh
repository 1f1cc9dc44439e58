#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Functions have a median of at most 12 lines of body and never more than 60;
# files of the module, the tool and the unit tests at most 450 lines.
. "$(dirname "$0")/lib.sh"
lint_need ctags universal-ctags

status=0
mapfile -t files < <(lint_sources 'kmod/*.[ch]' 'hbctl/*.[ch]')

# Lines between the braces of each function: LENGTH FILE:NAME
bodies()
{
	ctags -x --c-kinds=f --fields=+e --_xformat='%F %N %n %e' "$@" |
		while read -r file name first last; do
			open=$(sed -n "$first,$last{/{/{=;q}}" "$file")
			[[ $last -gt $open ]] || last=$((open + 1))
			echo "$((last - open - 1)) $file:$name"
		done | sort -n
}

judge()
{
	local what=$1 median longest
	shift
	mapfile -t all < <(bodies "$@")
	median=${all[${#all[@]} / 2]%% *}
	longest=${all[-1]}
	echo "$what: ${#all[@]} functions, median $median, longest $longest"
	[[ $median -le 12 && ${longest%% *} -le 60 ]] || status=1
}

for part in kmod hbctl; do
	mapfile -t sources < <(printf '%s\n' "${files[@]}" | grep "^$part/.*c$")
	[[ ${#sources[@]} -eq 0 ]] || judge "$part" "${sources[@]}"
done
mapfile -t -O "${#files[@]}" files < <(lint_sources 'tests/kunit/*.[ch]')
for file in "${files[@]}"; do
	lines=$(wc -l < "$file")
	[[ $lines -le 450 ]] || {
		echo "$file: $lines lines"
		status=1
	}
done
exit $status

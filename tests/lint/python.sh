#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# All Python scripts compile, and pyflakes finds nothing if there is one.
. "$(dirname "$0")/lib.sh"

mapfile -t scripts < <(lint_files '*.py'
	lint_files | while read -r file; do
		[[ $file == *.* ]] || ! head -n 1 "$file" |
			grep -aq '^#!.*python' || echo "$file"
	done)
for script in "${scripts[@]}"; do
	/usr/bin/python3 - "$script" <<- 'END'
		import sys
		name = sys.argv[1]
		compile(open(name, encoding="utf-8").read(), name, "exec")
	END
done
! command -v pyflakes3 >/dev/null || pyflakes3 "${scripts[@]}"

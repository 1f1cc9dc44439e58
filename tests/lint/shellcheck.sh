#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# All shell scripts, whatever their name.
. "$(dirname "$0")/lib.sh"
lint_need shellcheck shellcheck

mapfile -t scripts < <(lint_files '*.sh'
	lint_files | while read -r file; do
		[[ $file == *.* ]] || ! head -n 1 "$file" |
			grep -aqE '^#!.*\b(ba)?sh\b' || echo "$file"
	done)
shellcheck -x -P SCRIPTDIR -P . "${scripts[@]}"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every file that can hold a comment names its licence in its first lines.
. "$(dirname "$0")/lib.sh"

status=0
while read -r file; do
	case $file in
	COPYING | VERSION | LICENSES/* | *.md | *.json | *.golden) continue ;;
	.gitignore | .editorconfig | tests/fuzz/corpus/*) continue ;;
	esac
	head -n 5 "$file" | grep -aq 'SPDX-License-Identifier: ' || {
		echo "$file: no licence"
		status=1
	}
done < <(lint_files)
exit $status

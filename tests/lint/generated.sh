#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The generated files are what the generator makes of the specification now.
. "$(dirname "$0")/lib.sh"

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
tests/lint/generate.sh "$(lint_kernel_source)" "$out"
status=0
while read -r file; do
	diff -u --label "$file" --label "$file (generated)" \
		"$file" "$out/$file" || status=1
done < <(cd "$out" && find . -type f -printf '%P\n' | sort)
exit $status

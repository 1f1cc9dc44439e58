#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Kernel-doc comments say all they must and nothing that isn't so.
. "$(dirname "$0")/lib.sh"

mapfile -t sources < <(lint_sources 'kmod/*.[ch]' 'tests/kunit/*.[ch]')
/usr/bin/python3 "$(lint_kernel_source)/tools/docs/kernel-doc" \
	-none -Wall -Werror "${sources[@]}" |& sort -u

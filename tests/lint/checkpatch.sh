#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel's own taste in C: not an error, not a warning, not a check.
. "$(dirname "$0")/lib.sh"
lint_need perl perl
lint_need codespell codespell

# kzalloc_obj() and its like are not in 6.1; an argument that is the name of a
# member or an array has no side effects to repeat.
ignore=ALLOC_WITH_SIZEOF,MACRO_ARG_REUSE

check()
{
	local ignored=$1
	shift
	[[ $# -eq 0 ]] ||
		perl "$(lint_kernel_source)/scripts/checkpatch.pl" --no-tree \
			--no-summary --terse --show-types --strict \
			--max-line-length=80 --ignore="$ignored" -f "$@" ||
		status=1
}

status=0
mapfile -t kernel < <(lint_sources 'kmod/*.[ch]' 'tests/kunit/*.[ch]' \
	'tests/stall/*.[ch]' | grep -vx "kmod/trace.h\|kmod/compat.h")
mapfile -t user < <(lint_sources 'hbctl/*.[ch]' 'tests/selftests/*.[ch]')
check "$ignore" "${kernel[@]}"
# User space has the types of <stdint.h>, volatile for signals, no __printf() and
# no strscpy(), and says how it is used.
check "$ignore,PREFER_KERNEL_TYPES,VOLATILE,PREFER_DEFINED_ATTRIBUTE_MACRO,STRCPY,EMBEDDED_FUNCTION_NAME" "${user[@]}"
# What no header tells, the version has to.
check "$ignore,LINUX_VERSION_CODE,CONSTANT_COMPARISON" kmod/compat.h
# TRACE_EVENT() is not written like a function call, anywhere.
check "$ignore,PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE" kmod/trace.h
# The same words as with its --codespell, which takes a hundred times as long.
codespell "${kernel[@]}" "${user[@]}" kmod/compat.h kmod/trace.h || status=1
exit $status

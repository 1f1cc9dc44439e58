#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The other compiler, W=1. The kernel was made by gcc, so what only gcc knows is
# taken out of the command line, and objtool, which knows only gcc's code, is
# not asked.
. "$(dirname "$0")/lib.sh"
. tests/lint/build.sh
lint_need clang clang

wrapper=$(mktemp)
trap 'rm -f "$wrapper"' EXIT
cat > "$wrapper" <<- 'END'
	#!/bin/bash
	for arg; do
		shift
		case $arg in
		-fplugin* | -mindirect-branch* | -mfunction-return=* | \
		-mrecord-mcount | -fconserve-stack | -fno-allow-store-* | \
		-ftrivial-auto-var-init=zero | -falign-jumps=*) ;;
		*) set -- "$@" "$arg" ;;
		esac
	done
	exec clang -Qunused-arguments "$@" -Wno-unknown-warning-option
END
chmod +x "$wrapper"
lint_build CC="$wrapper" objtool=true

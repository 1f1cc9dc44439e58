#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Manual pages are good mdoc or man.
. "$(dirname "$0")/lib.sh"
lint_need mandoc mandoc

mapfile -t pages < <(lint_files 'hbctl/*.[1-8]')
[[ ${#pages[@]} -gt 0 ]] || lint_skip "no manual page yet"
mandoc -T lint -W warning "${pages[@]}"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The specification, by the rules of the kernel's own specifications.
. "$(dirname "$0")/lib.sh"
command -v yamllint >/dev/null || lint_skip "yamllint is not installed"

mapfile -t files < <(lint_files '*.yaml' '*.yml')
rules='line-length: {max: 80}, document-start: disable'
yamllint --strict -d "{extends: default, rules: {$rules}}" "${files[@]}"

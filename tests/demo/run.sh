#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demo as a test: it has to reach its end, whose steps check themselves.

cd "$(dirname "$0")" || exit
echo "KTAP version 1"
echo "1..1"
if ./demo.sh 2>&1 | sed 's/^/# /' && [[ ${PIPESTATUS[0]} -eq 0 ]]; then
	echo "ok 1 demo"
else
	echo "not ok 1 demo"
fi

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# all.sh [TEST...]: in a guest, KUnit, all selftests or these, then what of the module
# they have reached. KTAP.

cd "$(dirname "$0")" || exit
echo "KTAP version 1"
echo "1..3"
part()
{
	local verdict=ok
	"${@:3}" | sed -u 's/^/    /'
	[[ ${PIPESTATUS[0]} -eq 0 ]] || verdict="not ok"
	echo "$verdict $1 $2"
}
part 1 kunit ../kunit/run.sh
part 2 selftests ../selftests/run.sh "$@"
part 3 coverage ./report.py

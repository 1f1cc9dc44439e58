#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh [TEST...]: KUnit and selftests in one guest: what `make check` runs.

cd "$(dirname "$0")" || exit
kunit/run.sh
selftests/run.sh "$@"

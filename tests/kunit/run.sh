#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loads the KUnit suites in a guest, which runs them, and prints their KTAP.

set -eu
insmod "${HB_KO%/kmod/hb.ko}/tests/kunit/hb_kunit.ko" || :
cat /sys/kernel/debug/kunit/hb_*/results

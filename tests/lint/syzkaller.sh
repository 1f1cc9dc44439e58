#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What syzkaller is told of the family is all that requests may hold, and nothing that
# the interface does not have.
. "$(dirname "$0")/lib.sh"

described=$(grep -ho 'HB_[A-Z0-9_]*' tests/fuzz/syzkaller/*.txt | sort -u)
accepted=$(grep -ho '\[HB_A_[A-Z0-9_]*\]' kmod/netlink-gen.c | tr -d '[]' | sort -u)
status=0
for name in $described; do
	grep -qw "$name" include/uapi/linux/hb.h || {
		echo "tests/fuzz/syzkaller: the interface has no $name"
		status=1
	}
done
for name in $accepted; do
	grep -qx "$name" <<< "$described" || {
		echo "tests/fuzz/syzkaller: there is no word on $name"
		status=1
	}
done
exit $status

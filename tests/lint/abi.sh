#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The interface to user space only grows: each number and each type that it ever had is
# in abi.golden and stays what it is. UPDATE=1 adds what is new.
. "$(dirname "$0")/lib.sh"

export LC_ALL=C
header=include/uapi/linux/hb.h golden=tests/lint/abi.golden
spec=Documentation/netlink/specs/hb.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Numbers as a program sees them; where a set ends is no promise
numbers()
{
	{
		echo '#include <stdio.h>'
		echo "#include \"$PWD/$header\""
		echo 'int main(void) {'
		grep -o '\bHB_[A-Z0-9_]*\b' $header | sort -u |
			grep -vx 'HB_A_[A-Z_]*_MAX\|HB_CMD_MAX\|HB_FAMILY_NAME\|HB_MCGRP_[A-Z]*' |
			sed 's/.*/printf("%s %llu\\n", "&", (unsigned long long)&);/'
		echo 'return 0; }'
	} > "$work/numbers.c"
	gcc -w -o "$work/numbers" "$work/numbers.c" && "$work/numbers"
}

types()
{
	python3 - $spec <<- 'END'
		import sys
		import yaml
		with open(sys.argv[1], encoding="utf-8") as text:
		    spec = yaml.safe_load(text)
		for group in spec["attribute-sets"]:
		    for attr in group["attributes"] if "subset-of" not in group else []:
		        print("type", group["name"], attr["name"], attr.get("type"))
	END
}

{ numbers; types; } | sort > "$work/now"
[[ ! ${UPDATE:-} ]] || sort -u -o $golden $golden "$work/now"
status=0
gone=$(comm -13 "$work/now" $golden)
if [[ $gone ]]; then
	echo "no longer as it was: $gone"
	status=1
fi
new=$(comm -23 "$work/now" $golden)
if [[ $new ]]; then
	echo "new, and not in $golden (UPDATE=1 tests/lint/abi.sh): $new"
	status=1
fi
exit $status

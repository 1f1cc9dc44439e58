#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Generates the netlink header, policies and op tables from the YAML spec with
# the kernel's own YNL tool into OUTDIR: generate.sh KERNEL-SOURCE OUTDIR
set -euo pipefail

ksrc=$1
out=$2
top=$(cd "$(dirname "$0")/../.." && pwd)
spec=Documentation/netlink/specs/hb.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The generator looks for the schemas beside the spec and for a file MAINTAINERS
# at the root of the tree that holds it.
mkdir -p "$work/Documentation/netlink/specs"
touch "$work/MAINTAINERS"
cp "$ksrc"/Documentation/netlink/*.yaml "$work/Documentation/netlink/"
cp "$top/$spec" "$work/$spec"

# gen MODE --header|--source FILE
gen()
{
	mkdir -p "$(dirname "$out/$3")"
	(cd "$work" && /usr/bin/python3 \
		"$ksrc/tools/net/ynl/pyynl/ynl_gen_c.py" \
		--spec "$work/$spec" --mode "$1" "$2" -o "$work/${3##*/}")
	sed -e 's|tools/net/ynl/ynl-regen.sh|make regen|' -e "s|$work/||" \
		"$work/${3##*/}" >"$out/$3"
}

gen uapi --header include/uapi/linux/hb.h
gen kernel --header kmod/netlink-gen.h
gen kernel --source kmod/netlink-gen.c

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each file of the module includes only files of lower rows, and its own header;
# the core knows nothing of the kernel but types, bytes and hashes.
. "$(dirname "$0")/lib.sh"

# From the lowest row up. Files of one row don't know each other.
rows=(
	core/proto core/wire "core/auth core/blame" core/session core/fsm core/qos
	core/damping core/estimator
	"timer stats trace stall drain frame route netlink-gen event-put"
	hb "peer nets" detect "tx event beat damp" "gasp report" adapt step maintenance
	verdict pace "hear hazard" engine goodbye rx sock netlink
	"netlink-dump netlink-events netlink-node netlink-parse netlink-peer netlink-put" main
)
pure='linux/(bitops|bits|build_bug|limits|math64|minmax|siphash|stddef|string|types|unaligned)\.h
crypto/blake2s\.h
asm/byteorder\.h
uapi/linux/hb\.h'

declare -A row
for i in "${!rows[@]}"; do
	for name in ${rows[i]}; do
		row[$name]=$i
	done
done
status=0

wrong()
{
	echo "$*"
	status=1
}

# The includes of file $1 in the manner of $2, "" or <>
includes()
{
	sed -nE "s|^# *include *[${2:0:1}]([^${2:1:1}]*)[${2:1:1}].*|\1|p" "$1"
}

check_row()
{
	local file=$1 self=$2 other
	while read -r other; do
		[[ $self != core/* || $other == */* ]] || other=core/$other
		other=${other%.h}
		[[ $other != "$self" ]] || continue
		if [[ -z ${row[$other]:-} ]]; then
			wrong "$file: $other is in no row"
		elif [[ ${row[$other]} -ge ${row[$self]} ]]; then
			wrong "$file: includes $other, which is not lower"
		fi
	done < <(includes "$file" '""')
}

check_outside()
{
	local file=$1 self=$2 header
	while read -r header; do
		case $self:$header in
		core/*)
			grep -qxE "$pure" <<< "$header" ||
				wrong "$file: the core includes <$header>"
			;;
		netlink*:net/genetlink.h | event:net/genetlink.h) ;;
		timer:linux/hrtimer.h) ;;
		*:net/genetlink.h | *:linux/hrtimer.h)
			wrong "$file: <$header> is not for it"
			;;
		esac
	done < <(includes "$file" '<>')
}

# compat.h is a part of the kernel's headers, as far as the rows go.
for file in $(lint_files 'kmod/*.[ch]'); do
	self=${file#kmod/}
	self=${self%.[ch]}
	[[ $self != compat ]] || continue
	if [[ -z ${row[$self]:-} ]]; then
		wrong "$file: is in no row"
		continue
	fi
	check_row "$file" "$self"
	check_outside "$file" "$self"
done
exit $status

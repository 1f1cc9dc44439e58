# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Configuring a kernel that is built here. To source, after cache.sh.

# configure MAKE FRAGMENT...: write $out/.config with what the fragments ask for and
# nothing more; MAKE is a function that calls make there. What Kconfig does not grant
# is an error.
configure()
{
	local make=$1
	shift
	cat "$@" > "${out:?}/wanted.config"
	"$make" KCONFIG_ALLCONFIG="$out/wanted.config" allnoconfig
	granted "$@"
}

# granted FRAGMENT...: an option which is not offered at all counts as switched off
granted()
{
	local lost
	lost=$(sed -n 's/^# \(CONFIG_[A-Z0-9_]*\) is not set$/\1=n/p; /^CONFIG_/p' "$@" |
		while IFS='=' read -r option value; do
			got=$(sed -n "s/^$option=//p" "$out/.config")
			[[ ${got:-n} == "$value" ]] || echo "$option=$value"
		done)
	[[ -z $lost ]] || die "options not granted:"$'\n'"$lost"
}

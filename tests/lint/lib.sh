# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What the lints share: run from the project's root, exit 0 if all is well, 1
# after saying what is not, 4 if it can't be told here. To source.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

lint_skip()
{
	echo "$*"
	exit 4
}

# The tool $1, which package $2 brings
lint_need()
{
	command -v "$1" >/dev/null || {
		echo "$1 is missing: tests/lib/deps.sh lint brings $2"
		exit 1
	}
}

# Files of the project that match these shell patterns; new ones count too
lint_files()
{
	git ls-files --cached --others --exclude-standard -- "$@" |
		while read -r file; do
			[[ ! -e $file ]] || echo "$file"
		done
}

# The same without what the YNL tool writes
lint_sources()
{
	lint_files "$@" |
		grep -vxE 'kmod/netlink-gen\.[ch]|include/uapi/linux/hb\.h'
}

lint_kernel_source()
{
	tests/uml/source.sh
}

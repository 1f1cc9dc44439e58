# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# A store of things that are slow to make, outside the checkout.  The name of
# an entry says what it was made from, so an entry never changes: it is made in
# a scratch folder and renamed when whole, under a lock of its own.  To source.

HB_CACHE=${HB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hb}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

say()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# key_of FILE...: a short name for the content of these files
key_of()
{
	cat -- "$@" | sha256sum | cut -c1-12
}

# cached NAME COMMAND [ARG...]: print the folder of entry NAME; if there is
# none, COMMAND fills the empty folder which is given to it as last argument.
# Never call it in a condition: bash would not stop COMMAND at its first error.
cached()
{
	local entry=$HB_CACHE/$1
	shift
	[[ -d $entry ]] || cache_fill "$entry" "$@" >&2
	[[ -d $entry ]] || die "could not make $entry"
	echo "$entry"
}

cache_fill() (
	set -euo pipefail
	entry=$1
	shift
	mkdir -p "${entry%/*}"
	exec 9> "$entry.lock"
	flock 9
	[[ ! -d $entry ]] || exit 0
	rm -rf "$entry.part"
	mkdir "$entry.part"
	"$@" "$entry.part"
	mv -T "$entry.part" "$entry"
)

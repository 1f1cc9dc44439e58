#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Nothing in the project tells of the machine it was written on: no folder of
# its user, not its name, no server that it takes packages from.
. "$(dirname "$0")/lib.sh"

# Archives that everybody knows
public='deb\.debian\.org|security\.debian\.org|ftp\..*debian\.org'

words=$(mktemp)
trap 'rm -f "$words"' EXIT

hosts()
{
	# shellcheck disable=SC2016 # apt fills it in
	apt-get indextargets --format '$(SITE)' | sed -E 's|.*//||; s|/.*||'
	apt-config dump | sed -nE 's|.*"[a-z]+://([^/"]+).*|\1|p'
	pip config list 2>/dev/null | sed -nE 's|.*//([^/"'\'']+).*|\1|p'
}

{
	hosts | sed 's/.*@//; s/:[0-9]*$//' | grep -vxE "$public|localhost" || :
	[[ $PWD == /hb ]] || echo "$PWD"
	[[ $HOME == / || $HOME == /root ]] || echo "$HOME/"
} | sort -u > "$words"

status=0
mapfile -t files < <(lint_files)
! grep -InF -f "$words" -- "${files[@]}" || status=1
# Such a folder is some user's, whoever it is.
! grep -InE '(^|[^[:alnum:]_.$}*/-])/(root|home/[a-z]+|work|Users)/[[:alnum:].]' \
	-- "${files[@]}" || status=1
exit $status

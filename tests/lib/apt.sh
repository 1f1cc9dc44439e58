# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Packages of other Debian suites, by an apt configuration of our own inside the
# cache: the machine's lists, state and archives are neither used nor changed.
# The archive's address and apt's network settings are the machine's.  To source
# after cache.sh.

APT_SUITES=(bookworm bookworm-backports trixie trixie-backports)
APT_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
APT_HOME=$HB_CACHE/apt
APT_MAX_AGE=7		# days before the lists are read again

apt_options=(
	-o "Dir::State=$APT_HOME/state"
	-o "Dir::State::status=$APT_HOME/status"
	-o "Dir::Cache=$APT_HOME/cache"
	-o "Dir::Etc::sourcelist=$APT_HOME/sources.list"
	-o "Dir::Etc::sourceparts=/dev/null"
	-o "Dir::Etc::preferences=/dev/null"
	-o "Dir::Etc::preferencesparts=/dev/null"
	-o "Dir::Cache::pkgcache=pkgcache.bin"
	-o "Dir::Cache::srcpkgcache=srcpkgcache.bin"
	-o "APT::Sandbox::User="
)

# The main archive is the one site that serves a Debian suite "as such".
apt_mirror()
{
	local site
	site=$(apt-get indextargets --format "\$(SITE)" \
		'Origin: Debian' 'Label: Debian' 'Created-By: Packages' |
		sort -u | head -n 1)
	[[ $site ]] || die "this machine's apt knows no Debian archive"
	echo "$site"
}

apt_fresh()
{
	[[ -n $(find "$APT_HOME/updated" -mtime "-$APT_MAX_AGE" 2> /dev/null) ]]
}

apt_update() (
	mkdir -p "$APT_HOME"/{state/lists/partial,cache/archives/partial}
	exec 9> "$APT_HOME/lock"
	flock 9
	! apt_fresh || exit 0
	: > "$APT_HOME/status"
	mirror=$(apt_mirror) || exit
	printf "deb [signed-by=$APT_KEYRING] $mirror %s main\n" \
		"${APT_SUITES[@]}" > "$APT_HOME/sources.list"
	apt-get "${apt_options[@]}" -o APT::Update::Error-Mode=any \
		-qq update >&2 || exit
	rm -rf "$APT_HOME/versions"
	mkdir "$APT_HOME/versions"
	touch "$APT_HOME/updated"
)

# apt_version PACKAGE SUITE: the version which SUITE has now; without a network,
# the version it had
apt_version()
{
	local memo=$APT_HOME/versions/$1@$2
	apt_fresh || apt_update || say "cannot read the lists of packages again"
	[[ -s $memo ]] || apt_ask_version "$1" "$2" > "$memo"
	[[ -s $memo ]] || die "no package $1 in $2"
	cat "$memo"
}

apt_ask_version()
{
	apt-cache "${apt_options[@]}" madison "$1" |
		awk -F ' *[|] *' -v suite="$2/main" \
			'index($3, " " suite " ") { print $2; exit }' | tr -d ' '
}

# apt_depends PACKAGE VERSION: the names it depends on directly
apt_depends()
{
	apt-cache "${apt_options[@]}" show "$1=$2" |
		sed -n 's/^Depends: //p' | tr ',' '\n' |
		sed 's/^ *//; s/[ |(].*//'
}

# apt_unpack FOLDER PACKAGE=VERSION...: download and unpack there
apt_unpack()
{
	local into=$1 deb
	shift
	mkdir -p "$into/.debs"
	(cd "$into/.debs" && apt-get "${apt_options[@]}" -qq download "$@" >&2)
	for deb in "$into"/.debs/*.deb; do
		dpkg-deb -x "$deb" "$into"
	done
	rm -r "$into/.debs"
}

# apt_closure SUITE PACKAGE...: these and all they depend on, as PACKAGE=VERSION
apt_closure()
{
	local suite=$1
	shift
	apt-get "${apt_options[@]}" -qq --simulate --no-install-recommends \
		-t "$suite" install "$@" |
		sed -n 's/^Inst \([^ ]*\) (\([^ ]*\) .*/\1=\2/p'
}

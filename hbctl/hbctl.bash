# SPDX-License-Identifier: GPL-2.0
# bash completion of hbctl(8)

# Names of peers, from the namespace that the command line names.
_hbctl_peers()
{
	local i netns=()

	for ((i = 1; i < COMP_CWORD - 1; i++)); do
		[[ ${COMP_WORDS[i]} == @(-n|--netns) ]] &&
			netns=(-n "${COMP_WORDS[i + 1]}")
	done
	hbctl "${netns[@]}" --color=never peer show 2>/dev/null |
		awk 'NR > 1 { print $1 }'
}

_hbctl_reply()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# What may follow the last word; returns 1 if it takes no value.
_hbctl_value()
{
	case $prev in
	-n | --netns)
		_hbctl_reply "$(ip netns list 2>/dev/null | cut -d' ' -f1)"
		;;
	key-file)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	key-slot | key-send | key-clear)
		_hbctl_reply "1 2"
		;;
	auth)
		_hbctl_reply "none node-key peer-key"
		;;
	detect)
		# of tune it is a duration
		[[ ${COMP_WORDS[*]} != *" tune "* ]] || return 0
		_hbctl_reply "fixed adaptive"
		;;
	state)
		_hbctl_reply "init up down left admin-down"
		;;
	dev)
		_hbctl_reply "$(ls /sys/class/net)"
		;;
	name | addr | port | interval | multiplier | floor | ceiling | hold-up | for | mistakes | since | \
		--since | --count | --duration | --rcvbuf) ;;
	*)
		return 1
		;;
	esac
}

_hbctl_words()
{
	local keys="key-file key-slot key-send"
	local peer="addr dev port interval multiplier"
	peer+=" detect floor ceiling hold-up auth $keys"

	case ${words[*]} in
	"") _hbctl_reply "node peer leave monitor events stats tune key help" ;;
	node) _hbctl_reply "show set maintenance" ;;
	"node maintenance" | "peer maintenance "*) _hbctl_reply "for end" ;;
	"node set"*) _hbctl_reply "name port $keys key-clear" ;;
	peer) _hbctl_reply "show add set del enable disable maintenance" ;;
	"peer show") _hbctl_reply "state $(_hbctl_peers)" ;;
	"peer show "*) _hbctl_reply "state" ;;
	"peer set" | "peer maintenance") _hbctl_reply "$(_hbctl_peers)" ;;
	"peer del" | "peer enable" | "peer disable")
		_hbctl_reply "all $(_hbctl_peers)"
		;;
	"peer add "*) _hbctl_reply "$peer disabled" ;;
	"peer set "*) _hbctl_reply "$peer key-clear" ;;
	events) _hbctl_reply "since" ;;
	stats) _hbctl_reply "peers" ;;
	"stats peers") _hbctl_reply "$(_hbctl_peers)" ;;
	tune) _hbctl_reply "detect mistakes $(_hbctl_peers)" ;;
	"tune "*) _hbctl_reply "detect mistakes" ;;
	key) _hbctl_reply "generate" ;;
	"key generate") mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	esac
}

_hbctl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local words=() i

	COMPREPLY=()
	_hbctl_value && return
	if [[ $cur == -* ]]; then
		_hbctl_reply "--json --netns --details --stats --timestamp
			--no-timestamp --color --version --help --histogram
			--since --count --duration --rcvbuf"
		return
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-n | --netns | --since | --count | --duration | --rcvbuf)
			((i++))
			;;
		-*) ;;
		*) words+=("${COMP_WORDS[i]}") ;;
		esac
	done
	_hbctl_words
}

complete -F _hbctl hbctl

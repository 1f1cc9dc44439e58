# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# A node that watches a peer die over and over, and how long each death took to be
# told. To source, from the top of the project.
#
#   +---------+  veth  +---------------------------+
#   | watcher +--------+ fakepeer: answers a first |
#   +---------+        | beat, then stays silent   |
#                      +---------------------------+

. tests/figures/cable.sh
tracing=/sys/kernel/tracing

setup_watcher()
{
	insmod "$HB_KO"
	cable watcher silent 8.0
	ip netns exec silent build/selftests/fakepeer 10.8.0.2 7694 > /dev/null &
	hbctl -n watcher node set name watcher
	hbctl -n watcher monitor > /dev/null &
	# Deaths only: events of type 0, state, to state 2, down
	echo 'type == 0 && to == 2' > $tracing/events/hb/hb_event_sent/filter
	echo 1 > $tracing/events/hb/hb_event_sent/enable
}

# watch INTERVAL: the peer, from now on
watch()
{
	hbctl -n watcher peer add silent addr 10.8.0.2 interval "$1" auth none
}

# ages N: of the first N deaths since the trace was cleared, in ns from the deadline
# to the multicast
ages()
{
	sed -n 's/.*hb_event_sent:.* age=\([0-9]*\)$/\1/p' $tracing/trace |
		head -n "$1"
}

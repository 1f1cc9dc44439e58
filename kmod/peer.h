/* SPDX-License-Identifier: GPL-2.0 */
/* Peers, their paths, and the table that holds them. */
#ifndef _HB_PEER_H
#define _HB_PEER_H

#include <linux/in6.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/time64.h>

#include "core/auth.h"
#include "core/blame.h"
#include "core/damping.h"
#include "core/estimator.h"
#include "core/qos.h"
#include "core/session.h"
#include "drain.h"
#include "hb.h"
#include "route.h"
#include "timer.h"

struct hb_gasp;

/* Sent packets whose time is remembered, for round-trip times. */
#define HB_TX_TIMES	8

/**
 * struct hb_addr - where a path leads
 * @family: AF_INET or AF_INET6
 * @v4: IPv4 address
 * @v6: IPv6 address
 * @port: UDP port
 * @ifindex: device to send from and accept from, or 0
 */
struct hb_addr {
	u16 family;
	__be16 port;
	int ifindex;
	union {
		__be32 v4;
		struct in6_addr v6;
	};
};

/**
 * struct hb_path - one way to a peer
 * @addr: where it leads; never changes, a new address makes a new path
 * @route: cached route
 * @rcu: frees it
 */
struct hb_path {
	struct hb_addr addr;
	struct hb_route route;
	struct rcu_head rcu;
};

/**
 * struct hb_keys - what authenticates a peer; never changes, is replaced
 * @auth: the keys
 * @rcu: frees it
 */
struct hb_keys {
	struct hb_keyring auth;
	struct rcu_head rcu;
};

/**
 * struct hb_peer_cfg - what the operator decides
 * @interval_us: HB_INTERVAL_MIN_US to HB_INTERVAL_MAX_US
 * @multiplier: 1 to 255
 * @enabled: false is admin-down
 * @auth: enum hb_auth
 * @detect: enum hb_detect
 * @floor_us: shortest detection time of detect adaptive, 0 for the fixed one
 * @ceiling_us: longest, 0 for ten times the fixed one
 * @hold_up_us: time to be heard after a death, at most HB_HOLD_UP_MAX_US
 */
struct hb_peer_cfg {
	u32 interval_us;
	u8 multiplier;
	bool enabled;
	u8 auth;
	u8 detect;
	u64 floor_us;
	u64 ceiling_us;
	u64 hold_up_us;
};

/**
 * struct hb_remote - what the peer said last
 * @interval_us: it beats at least this often
 * @min_rx_us: shortest interval it accepts
 * @stalled_us: how late it was with a beat lately
 * @multiplier: how many of our beats it may miss
 * @defect: it does not hear us
 * @heard_seq: number of the last of our packets that it heard
 * @maintenance_ns: until when its silence is no death, or 0
 */
struct hb_remote {
	u32 interval_us;
	u32 min_rx_us;
	u32 stalled_us;
	u8 multiplier;
	bool defect;
	u64 heard_seq;
	u64 maintenance_ns;
};

/**
 * struct hb_peer_stats - counters of a peer, see the netlink specification
 * @tx: beats sent
 * @tx_standby: those sent by the standby CPU
 * @tx_errors: packets that could not be sent
 * @rx: beats heard
 * @lost: gaps in the peer's sequence numbers
 * @dropped: packets refused
 * @stalls: verdicts put off
 * @ups: times it came up
 * @downs: times it was declared down
 * @mistakes: times it had been alive then
 * @late: how late the timers ran
 * @gap: time between beats
 * @burst: beats lost in a row: @burst[0] counts single ones, the last one all
 *	that are as long or longer; they stay at the largest number there is
 */
struct hb_peer_stats {
	u64 tx;
	u64 tx_standby;
	u64 tx_errors;
	u64 rx;
	u64 lost;
	u64 dropped;
	u64 stalls;
	u64 ups;
	u64 downs;
	u64 mistakes;
	struct hb_hist late;
	struct hb_hist gap;
	u32 burst[HB_BURST_MAX];
};

/**
 * struct hb_lateness - whose fault late beats were
 * @count: how often whose, by enum hb_blame
 * @last: the last one
 */
struct hb_lateness {
	u64 count[HB_BLAME_LOCAL + 1];
	struct hb_parts last;
};

/**
 * struct hb_peer - a node that we watch and beat to
 * @node: in the table of the namespace
 * @hn: the namespace; outlives the peer
 * @rcu: frees the peer
 * @id: identity on the wire
 * @name: name
 * @index: number in the namespace's index
 * @name_len: its length
 * @path: where it is; RCU, replaced under the namespace's lock
 * @keys: what authenticates it, NULL for auth none; RCU, likewise
 * @keys_next: prepared to replace @keys; under the namespace's lock
 * @gasp: frames that tell of a panic, or NULL; see gasp.c
 * @lock: protects all that follows; taken in softirq. Timers are armed under
 *	it, and events written to the ring; nothing is sent, cancelled or
 *	multicast under it.
 * @dead: removed; nothing may be armed any more
 * @watched: the detection timer is armed
 * @excuses: how often a stall has put the verdict off since the last beat
 * @draining: the verdict waits for queues to be read; cleared by a beat
 * @drain_told: that a CPU does not answer was reported; likewise
 * @one_way: it is heard, but says that it hears nothing of us
 * @returned: the mistake of the last down was counted
 * @reached: it has heard a further beat since the last packet to it
 * @state: enum hb_state
 * @reason: enum hb_reason of the last change
 * @hushed: number of the device to the peer, while that goes down: until it is
 *	down nothing is said and nothing heard; else 0
 * @asks: questions of the peer since the last beat
 * @drain_ns: deadline by which what had arrived is being read
 * @drain_ticket: from hb_drain_ticket(), once that was done
 * @drain_threads: how far the threads were seen to be
 * @cfg: what the operator decides
 * @since_ns: when @state changed last
 * @session: which packets count as life
 * @remote: what the peer said last
 * @tx_timer: sends the next beat
 * @standby: sends it from another CPU if @tx_timer is late
 * @tx_due_ns: when the next beat is due; who sends it moves this
 * @stall_told_ns: how late a beat was lately, which the peer is told
 * @stall_told_until_ns: until then
 * @tx_seq: number of the last packet sent
 * @tx_interval_ns: time between beats in force
 * @tx_cpu: CPU that @tx_timer ran on last
 * @announced_us: interval that the last packet announced
 * @announced_seq: number of the first packet that did, without one in between
 *	that announced another
 * @tx_times: when the last packets were sent, by the low bits of their number
 * @detect_timer: judges the peer
 * @observed_ns: when observation began: the last beat, or the end of a stall
 * @excused_ns: end of the last stall that was allowed for
 * @asked_ns: when the first of @asks came
 * @ask_seq: number of the last question of this session
 * @lateness: whose fault late beats were
 * @rx_ns: when the last beat came
 * @rx_seq: its number
 * @rx_sent_us: its sender's clock when it was sent
 * @rtt_ns: last round-trip time, 0 if unknown
 * @answer_ns: answers are paid for up to this time
 * @stats: counters
 * @qos: how well the detector did
 * @maintenance_ns: until when the operator excuses its silence, or 0
 * @maintenance_timer: ends an excused silence
 * @est: what is known of its arrivals
 * @est_session: discriminator of the session that @est is about
 * @damping: how long to hold it when it was down
 */
struct hb_peer {
	struct rhash_head node;
	struct hb_net *hn;
	struct rcu_head rcu;
	u64 id;
	char name[HB_NAME_MAX + 1];
	u32 index;
	u8 name_len;
	struct hb_path __rcu *path;
	struct hb_keys __rcu *keys;
	struct hb_keys *keys_next;
	struct hb_gasp *gasp;

	spinlock_t lock;	/* protects all that follows */
	bool dead;
	bool watched;
	u8 excuses;
	bool draining;
	bool drain_told;
	bool one_way;
	bool returned;
	bool reached;
	u8 state;
	u8 reason;
	int hushed;
	u32 asks;
	u64 drain_ns;
	u64 drain_ticket;
	struct hb_drain_threads drain_threads;
	struct hb_peer_cfg cfg;
	u64 since_ns;
	struct hb_session session;
	struct hb_remote remote;
	struct hb_timer tx_timer;
	struct hb_far_timer standby;
	u64 tx_due_ns;
	u64 stall_told_ns;
	u64 stall_told_until_ns;
	u64 tx_seq;
	u64 tx_interval_ns;
	int tx_cpu;
	u32 announced_us;
	u64 announced_seq;
	u64 tx_times[HB_TX_TIMES];
	struct hb_timer detect_timer;
	u64 observed_ns;
	u64 excused_ns;
	u64 asked_ns;
	u64 ask_seq;
	struct hb_lateness lateness;
	u64 rx_ns;
	u64 rx_seq;
	u32 rx_sent_us;
	u64 rtt_ns;
	u64 answer_ns;
	struct hb_peer_stats stats;
	struct hb_qos qos;
	u64 maintenance_ns;
	struct hb_timer maintenance_timer;
	struct hb_est est;
	u64 est_session;
	struct hb_damping damping;
};

/**
 * hb_peer_doubt_nothing() - forget what has put the verdict off
 * @peer: its lock is held; observation begins anew
 */
static inline void hb_peer_doubt_nothing(struct hb_peer *peer)
{
	peer->excuses = 0;
	peer->draining = false;
	peer->drain_told = false;
	peer->drain_ns = 0;
}

/**
 * hb_peer_fell_silent() - was the peer declared down because nothing was heard?
 * @peer: its lock is held
 *
 * Return: true if so, whatever is thought to be the cause.
 */
static inline bool hb_peer_fell_silent(const struct hb_peer *peer)
{
	return peer->state == HB_STATE_DOWN &&
	       (peer->reason == HB_REASON_TIMEOUT ||
		peer->reason == HB_REASON_REMOTE_DEFECT);
}

/**
 * hb_peer_cache_init() - make what peers are allocated from
 *
 * Context: process, before there are namespaces.
 * Return: 0 or -ENOMEM.
 */
int hb_peer_cache_init(void);

/**
 * hb_peer_cache_exit() - free it
 *
 * Context: process, when the last peer has been freed.
 */
void hb_peer_cache_exit(void);

/**
 * hb_peer_table_init() - make the table of a namespace
 * @hn: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int hb_peer_table_init(struct hb_net *hn);

/**
 * hb_peer_table_free() - free the table of a namespace, empty by now
 * @hn: the namespace
 *
 * Context: process.
 */
void hb_peer_table_free(struct hb_net *hn);

/**
 * hb_peer_new() - allocate a peer that is in no table yet
 * @hn: its namespace
 * @name: its name
 *
 * Context: process.
 * Return: the peer, to be freed by hb_peer_free(), or NULL without memory.
 */
struct hb_peer *hb_peer_new(struct hb_net *hn, const char *name);

/**
 * hb_peer_free() - free a peer after a grace period
 * @peer: in no table, its timers stopped
 *
 * Context: any; main.c waits for the grace periods before the module goes.
 */
void hb_peer_free(struct hb_peer *peer);

/**
 * hb_peer_add() - put a peer into the table of its namespace
 * @peer: ready for packets
 *
 * Context: process, under the namespace's lock.
 * Return: 0, -EEXIST or -ENOMEM.
 */
int hb_peer_add(struct hb_peer *peer);

/**
 * hb_peer_del() - take a peer out of the table of its namespace
 * @peer: softirq may use it until a grace period has passed
 *
 * Context: process, under the namespace's lock.
 */
void hb_peer_del(struct hb_peer *peer);

/**
 * hb_peer_find() - look up a peer
 * @hn: the namespace
 * @id: identity on the wire
 *
 * Context: any, under RCU or under the namespace's lock, which is how long the
 * peer may be used.
 * Return: the peer or NULL.
 */
struct hb_peer *hb_peer_find(struct hb_net *hn, u64 id);

/**
 * hb_peer_next() - walk the peers in the order they were added
 * @hn: the namespace
 * @index: where to start; set to the number of the peer that is returned
 *
 * Context: any, under RCU or under the namespace's lock.
 * Return: the first peer with a number of at least *@index, or NULL.
 */
struct hb_peer *hb_peer_next(struct hb_net *hn, unsigned long *index);

/**
 * hb_peer_set_path() - make a way to a peer, and use it from now on
 * @peer: the peer
 * @addr: where the way leads
 *
 * Context: process, under the namespace's lock.
 * Return: 0 or -ENOMEM, when the old one stays.
 */
int hb_peer_set_path(struct hb_peer *peer, const struct hb_addr *addr);

/**
 * hb_peer_set_keys() - authenticate a peer with other keys from now on
 * @peer: the peer
 * @keys: allocated by the caller and owned by the peer from now on, or NULL
 *
 * Context: process, under the namespace's lock.
 */
void hb_peer_set_keys(struct hb_peer *peer, struct hb_keys *keys);

#endif /* _HB_PEER_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* What a network namespace keeps. */
#ifndef _HB_HB_H
#define _HB_HB_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/rhashtable-types.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <uapi/linux/hb.h>

#include "stats.h"

struct hb_event_ring;

/**
 * struct hb_secrets - the keys of the node, as configured
 * @secret: one per slot
 * @set: slots that hold one, one bit each
 * @send: slot that signs
 */
struct hb_secrets {
	u8 secret[HB_KEY_SLOTS][HB_KEY_LEN];
	u8 set;
	u8 send;
};

/**
 * struct hb_net - the node of a network namespace
 * @net: the namespace; outlives this
 * @lock: serialises all changes; protects every field that names no other rule
 * @name: name of the node, empty until it is set
 * @id: identity on the wire; like @name, @port and @incarnation it does not
 *	change while there are peers, so softirq reads it without a lock
 * @incarnation: random number of this life of the node
 * @port: UDP port
 * @secrets: keys of the node
 * @sock4: IPv4 socket; RCU, released a grace period after it is cleared
 * @sock6: the same for IPv6; NULL if the kernel has none
 * @peers: table of peers by id; written under @lock, read under RCU
 * @index: the same peers by number, in the order they were added, for dumps;
 *	written under @lock, read under RCU
 * @index_next: number that the next peer gets
 * @npeers: number of peers
 * @asleep: the machine goes, or sleeps: no peer is beaten to or heard
 * @generation: counts changes, so that a dump can tell it was disturbed
 * @maintenance_ns: until when the node is in maintenance, or 0; written under
 *	@lock, read without one
 * @stall_told_ns: end of the last stall that was reported, CLOCK_MONOTONIC
 * @counters: counters on each CPU; this CPU's, without a lock
 * @events: events of the namespace, from the naming of the node on; has its
 *	own lock
 */
struct hb_net {
	struct net *net;
	struct mutex lock;	/* serialises all changes */
	char name[HB_NAME_MAX + 1];
	u64 id;
	u64 incarnation;
	u16 port;
	struct hb_secrets secrets;
	struct sock __rcu *sock4;
	struct sock __rcu *sock6;
	struct rhashtable peers;
	struct xarray index;
	u32 index_next;
	u32 npeers;
	bool asleep;
	u32 generation;
	atomic64_t maintenance_ns;
	atomic64_t stall_told_ns;
	struct hb_counters __percpu *counters;
	struct hb_event_ring *events;
};

extern unsigned int hb_net_id;

/**
 * hb_net_of() - the node of a network namespace
 * @net: the namespace
 *
 * Context: any, while the namespace and the module live.
 * Return: its node.
 */
static inline struct hb_net *hb_net_of(const struct net *net)
{
	return net_generic(net, hb_net_id);
}

#endif /* _HB_HB_H */

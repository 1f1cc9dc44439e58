// SPDX-License-Identifier: GPL-2.0
/* Events of a namespace: a ring with consecutive numbers, and its multicast. */
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/genetlink.h>

#include "event.h"
#include "netlink-gen.h"
#include "timer.h"
#include "trace.h"

/* Storms are gathered for this long: under a tenth of what the shortest
 * detection time takes, and some hundred deaths worth of time.
 */
#define HB_EVENT_GATHER_NS	(100 * NSEC_PER_USEC)
/* No memory: wait for some to come back. */
#define HB_EVENT_RETRY_NS	NSEC_PER_MSEC

/* Events that a message is made for; more follow in the next one */
#define HB_EVENTS_PER_MESSAGE	12

/* The ring is indexed by the low bits of the number. */
static_assert(!(HB_EVENTS_KEPT & (HB_EVENTS_KEPT - 1)));

/**
 * struct hb_event_ring - the events of a namespace
 * @hn: the namespace
 * @lock: protects all that follows; taken in softirq, under a peer's lock
 * @next: number that the next event gets
 * @told: number of the first event that was not multicast yet
 * @quiet_ns: gather until then
 * @telling: somebody multicasts; he goes on until nothing is left
 * @timer: ends the gathering
 * @ev: the events
 */
struct hb_event_ring {
	struct hb_net *hn;
	spinlock_t lock;	/* protects all that follows */
	u64 next;
	u64 told;
	u64 quiet_ns;
	bool telling;
	struct hb_timer timer;
	struct hb_event ev[HB_EVENTS_KEPT];
};

static bool hb_event_closed;

static u64 hb_event_oldest(const struct hb_event_ring *ring)
{
	return ring->next > HB_EVENTS_KEPT ? ring->next - HB_EVENTS_KEPT : 1;
}

static struct hb_event *hb_event_at(struct hb_event_ring *ring, u64 seq)
{
	return &ring->ev[seq & (HB_EVENTS_KEPT - 1)];
}

static void hb_event_timer(struct hb_timer *timer)
{
	struct hb_event_ring *ring;

	ring = container_of(timer, struct hb_event_ring, timer);
	hb_event_flush(ring->hn);
}

int hb_event_ring_new(struct hb_net *hn)
{
	struct hb_event_ring *ring;

	ring = kvzalloc(sizeof(*ring), GFP_KERNEL_ACCOUNT);
	if (!ring)
		return -ENOMEM;
	ring->hn = hn;
	ring->next = 1;
	ring->told = 1;
	spin_lock_init(&ring->lock);
	hb_timer_init(&ring->timer, hb_event_timer);
	hn->events = ring;
	return 0;
}

void hb_event_ring_free(struct hb_net *hn)
{
	struct hb_event_ring *ring = hn->events;

	if (!ring)
		return;
	/* Nobody listens here any more; with nothing to tell, no timer is armed
	 * for want of memory while it is stopped.
	 */
	spin_lock_bh(&ring->lock);
	ring->told = ring->next;
	spin_unlock_bh(&ring->lock);
	hb_timer_stop(&ring->timer);
	kvfree(ring);
	hn->events = NULL;
}

void hb_event_log(struct hb_net *hn, struct hb_event *ev)
{
	struct hb_event_ring *ring = hn->events;

	ev->realtime_ns = ktime_get_real_ns();
	spin_lock(&ring->lock);
	ev->seq = ring->next++;
	*hb_event_at(ring, ev->seq) = *ev;
	spin_unlock(&ring->lock);
	hb_stats_add(hn->counters, HB_A_STATS_EVENTS);
}

static unsigned int hb_event_fill_locked(struct hb_event_ring *ring,
					 struct sk_buff *skb, u64 *seq,
					 unsigned int most)
{
	unsigned int n = 0;

	lockdep_assert_held(&ring->lock);
	*seq = max(*seq, hb_event_oldest(ring));
	while (*seq < ring->next && n < most &&
	       hb_event_put(skb, hb_event_at(ring, *seq))) {
		++*seq;
		n++;
	}
	return n;
}

unsigned int hb_event_fill(struct hb_net *hn, struct sk_buff *skb, u64 *seq)
{
	unsigned int n;

	if (!hn->events)
		return 0;
	spin_lock_bh(&hn->events->lock);
	n = hb_event_fill_locked(hn->events, skb, seq, UINT_MAX);
	spin_unlock_bh(&hn->events->lock);
	return n;
}

void hb_event_range(struct hb_net *hn, u64 *oldest, u64 *next)
{
	*oldest = 1;
	*next = 1;
	if (!hn->events)
		return;
	spin_lock_bh(&hn->events->lock);
	*oldest = hb_event_oldest(hn->events);
	*next = hn->events->next;
	spin_unlock_bh(&hn->events->lock);
}

/* A message with the events that were not told yet, or NULL without memory. */
static struct sk_buff *hb_event_message_locked(struct hb_event_ring *ring,
					       u64 *seq)
{
	u64 n = min_t(u64, ring->next - *seq, HB_EVENTS_PER_MESSAGE);
	struct sk_buff *skb;
	void *hdr;

	/* No larger than need be: a listener's buffer is charged for it. */
	skb = genlmsg_new(n * HB_EVENT_MAX_SIZE, GFP_ATOMIC);
	if (!skb)
		return NULL;
	hdr = genlmsg_put(skb, 0, 0, &hb_nl_family, 0, HB_CMD_EVENT_NTF);
	/* Memory comes in powers of two, and would hold more. */
	hb_event_fill_locked(ring, skb, seq, HB_EVENTS_PER_MESSAGE);
	genlmsg_end(skb, hdr);
	return skb;
}

static u64 hb_event_age(const struct hb_event *ev, u64 now)
{
	return now - ev->monotonic_ns + ev->late_ns;
}

static void hb_event_trace_locked(struct hb_event_ring *ring, u64 from, u64 to)
{
	const struct hb_event *ev;
	u64 now = ktime_get_ns();

	for (from = max(from, hb_event_oldest(ring)); from < to; from++) {
		ev = hb_event_at(ring, from);
		trace_hb_event_sent(ev->seq, ev->type, ev->to,
				    hb_event_age(ev, now));
	}
}

/* Multicasts one message, without the lock. False if there was no memory. */
static bool hb_event_tell_locked(struct hb_event_ring *ring)
	__must_hold(&ring->lock)
{
	struct hb_net *hn = ring->hn;
	u64 from = ring->told, to = from;
	struct sk_buff *skb;

	skb = hb_event_message_locked(ring, &to);
	if (!skb) {
		hb_stats_add(hn->counters, HB_A_STATS_EVENT_RETRIES);
		return false;
	}
	ring->told = to;
	spin_unlock(&ring->lock);
	genlmsg_multicast_netns(&hb_nl_family, hn->net, skb, 0,
				HB_NLGRP_EVENTS, GFP_ATOMIC);
	hb_stats_add(hn->counters, HB_A_STATS_EVENT_MESSAGES);
	spin_lock(&ring->lock);
	if (trace_hb_event_sent_enabled())
		hb_event_trace_locked(ring, from, to);
	return true;
}

static void hb_event_flush_locked(struct hb_event_ring *ring)
{
	u64 now = ktime_get_ns();
	bool told = true;

	lockdep_assert_held(&ring->lock);
	if (now < ring->quiet_ns) {
		hb_timer_arm(&ring->timer, ring->quiet_ns);
		return;
	}
	ring->telling = true;
	while (told && ring->told < ring->next)
		told = hb_event_tell_locked(ring);
	ring->telling = false;
	ring->quiet_ns = ktime_get_ns() + HB_EVENT_GATHER_NS;
	if (!told)
		hb_timer_arm(&ring->timer, now + HB_EVENT_RETRY_NS);
}

void hb_event_flush(struct hb_net *hn)
{
	struct hb_event_ring *ring = hn->events;

	if (READ_ONCE(hb_event_closed))
		return;
	spin_lock(&ring->lock);
	if (!genl_has_listeners(&hb_nl_family, hn->net, HB_NLGRP_EVENTS))
		ring->told = ring->next;
	if (ring->told < ring->next && !ring->telling)
		hb_event_flush_locked(ring);
	spin_unlock(&ring->lock);
}

void hb_event_shutdown(void)
{
	WRITE_ONCE(hb_event_closed, true);
	/* Whoever saw it open is done after this. */
	synchronize_net();
}

// SPDX-License-Identifier: GPL-2.0
/* The last gasp: frames that stand ready to tell the peers of a panic.
 *
 * A panic stops the other CPUs wherever they are, with whatever they hold, and
 * may have been raised with any lock held on this one. So nothing is made or
 * looked up then. For each peer with a session a worker keeps HB_GASPS copies
 * of a complete, signed frame, with a sequence number that no beat reaches, and
 * replaces them when they would come out differently: when told, or within a
 * second. The panic notifier hands them to the devices.
 *
 * What it reads, and why that is safe:
 *
 * - The list of gasps. Entries are immutable from their publication on, but for
 *   the pointers to the frames, which are taken by exchange; they are added and
 *   removed as RCU asks for, so a writer that was stopped half way leaves a
 *   list that can be walked. They are freed after a grace period, and there is
 *   none while this CPU has interrupts off, as panic() has it.
 * - The device of a gasp, of which it holds a reference. It is read as the
 *   network layer reads it: is it up, has it a carrier, how many queues.
 * - The lock of a transmit queue, by trylock only: one that a stopped CPU holds
 *   is passed by for the next queue. Not the queueing discipline, which has a
 *   lock without such a choice. Nor is the limit on queued bytes (BQL) asked,
 *   at which a card under load mostly is: no interrupt would lift it now.
 *
 * What the driver's ndo_start_xmit() does is the driver's, as it is when
 * netconsole prints a panic: many take no lock of their own, some do, and
 * virtio may allocate from a slab. Who does not want to risk it sets gasp=0.
 * Devices made of software (tunnels, VLANs, bonds, veth) would queue, or take
 * locks of their own, and kernels with PREEMPT_RT have locks there that sleep:
 * no frames are made for these, so their peers find out by timeout.
 */
#include <linux/delay.h>
#include <linux/ip.h>
#include <linux/moduleparam.h>
#include <linux/netdevice.h>
#include <linux/panic_notifier.h>
#include <linux/pkt_sched.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "beat.h"
#include "frame.h"
#include "gasp.h"
#include "nets.h"
#include "tx.h"

static bool hb_gasp_wanted = true;
module_param_named(gasp, hb_gasp_wanted, bool, 0644);
MODULE_PARM_DESC(gasp, "tell peers of a panic");

/* How often it is sent: nobody acknowledges it. */
#define HB_GASPS		3
/* Time from one copy to the next, which the last one has to leave the device
 * before whatever the machine does after a panic
 */
#define HB_GASP_GAP_US		1000
/* Changes are gathered for so long. */
#define HB_GASP_SOON		msecs_to_jiffies(10)
/* And looked for so often, if nobody tells */
#define HB_GASP_LOOK		HZ

/* Numbers of beats count up from 1. */
#define HB_GASP_SEQ		BIT_ULL(63)

/**
 * struct hb_gasp - the frames of a peer
 * @list: in hb_gasps
 * @peer: whose &hb_peer.gasp this is
 * @dev: device that they leave by
 * @tracker: of the reference to @dev
 * @frame: the copies; who sends one takes it out
 * @rcu: frees it
 */
struct hb_gasp {
	struct list_head list;
	struct hb_peer *peer;
	struct net_device *dev;
	netdevice_tracker tracker;
	struct sk_buff *frame[HB_GASPS];
	struct rcu_head rcu;
};

static LIST_HEAD(hb_gasps);			/* read under RCU */
static DEFINE_SPINLOCK(hb_gasp_lock);		/* protects writes to the list
						 * and all hb_peer.gasp
						 */
static bool hb_gasp_closed;

static void hb_gasp_work(struct work_struct *work);
/* Two of them, so that a change neither waits for the look nor puts it off */
static DECLARE_DELAYED_WORK(hb_gasp_soon, hb_gasp_work);
static DECLARE_DELAYED_WORK(hb_gasp_look, hb_gasp_work);

bool hb_gasp_possible(const struct net_device *dev)
{
	return READ_ONCE(hb_gasp_wanted) && !IS_ENABLED(CONFIG_PREEMPT_RT) &&
	       dev->dev.parent &&
	       !(dev->priv_flags & IFF_NO_QUEUE);
}

static void hb_gasp_free(struct hb_gasp *gasp)
{
	unsigned int i;

	for (i = 0; i < HB_GASPS; i++)
		kfree_skb(gasp->frame[i]);
	netdev_put(gasp->dev, &gasp->tracker);
	kfree(gasp);
}

static void hb_gasp_free_rcu(struct rcu_head *rcu)
{
	hb_gasp_free(container_of(rcu, struct hb_gasp, rcu));
}

static void hb_gasp_drop_locked(struct hb_gasp *gasp)
{
	lockdep_assert_held(&hb_gasp_lock);
	list_del_rcu(&gasp->list);
	gasp->peer->gasp = NULL;
	hb_stats_sub(gasp->peer->hn->counters, HB_A_STATS_GASPS_READY);
	call_rcu(&gasp->rcu, hb_gasp_free_rcu);
}

void hb_gasp_drop(struct hb_peer *peer)
{
	spin_lock_bh(&hb_gasp_lock);
	if (peer->gasp)
		hb_gasp_drop_locked(peer->gasp);
	spin_unlock_bh(&hb_gasp_lock);
}

void hb_gasp_drop_device(const struct net_device *dev)
{
	struct hb_gasp *gasp, *next;

	spin_lock_bh(&hb_gasp_lock);
	list_for_each_entry_safe(gasp, next, &hb_gasps, list) {
		if (gasp->dev == dev)
			hb_gasp_drop_locked(gasp);
	}
	spin_unlock_bh(&hb_gasp_lock);
}

static struct sk_buff *hb_gasp_skb(struct net_device *dev, const u8 *frame,
				   size_t len, u16 family)
{
	unsigned int room = LL_RESERVED_SPACE(dev);
	struct sk_buff *skb;

	skb = alloc_skb(room + len + dev->needed_tailroom,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	skb_put_data(skb, frame, len);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + (family == AF_INET ?
				 sizeof(struct iphdr) :
				 sizeof(struct ipv6hdr)));
	skb->protocol = htons(family == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	skb->priority = TC_PRIO_CONTROL;
	skb->dev = dev;
	return skb;
}

static struct hb_gasp *hb_gasp_new(struct hb_peer *peer,
				   const struct hb_tx_way *way,
				   const u8 *frame, size_t len)
{
	struct hb_gasp *gasp = kzalloc(sizeof(*gasp),
				       GFP_ATOMIC | __GFP_NOWARN);
	unsigned int i;

	if (!gasp)
		return NULL;
	gasp->peer = peer;
	gasp->dev = way->dev;
	netdev_hold(gasp->dev, &gasp->tracker, GFP_ATOMIC);
	for (i = 0; i < HB_GASPS; i++) {
		gasp->frame[i] = hb_gasp_skb(way->dev, frame, len,
					     way->ends.family);
		if (!gasp->frame[i]) {
			hb_gasp_free(gasp);
			return NULL;
		}
	}
	return gasp;
}

/* What a device leaves behind is dropped when it is down, so none may be added
 * after that.
 */
static void hb_gasp_publish(struct hb_peer *peer, struct hb_gasp *gasp)
{
	spin_lock(&hb_gasp_lock);
	if (peer->gasp)
		hb_gasp_drop_locked(peer->gasp);
	if (netif_running(gasp->dev)) {
		peer->gasp = gasp;
		list_add_tail_rcu(&gasp->list, &hb_gasps);
		hb_stats_add(peer->hn->counters, HB_A_STATS_GASPS_READY);
		gasp = NULL;
	}
	spin_unlock(&hb_gasp_lock);
	if (gasp)
		hb_gasp_free(gasp);
}

/* The same as long as nothing changes; false if there is no session to tell. */
static bool hb_gasp_compose(struct hb_peer *peer, struct hb_pdu *pdu)
{
	bool live;

	spin_lock(&peer->lock);
	live = hb_session_live(&peer->session);
	*pdu = (struct hb_pdu) {
		.type = HB_WIRE_GOODBYE,
		.reason = HB_REASON_PANIC,
		.src = peer->hn->id,
		.dst = peer->id,
		.session = peer->session.mine,
		.echo = peer->session.theirs,
		.seq = HB_GASP_SEQ,
		.incarnation = peer->hn->incarnation,
		.interval_us = hb_beat_announced_us(peer),
		.min_rx_us = peer->cfg.interval_us,
		.multiplier = peer->cfg.multiplier,
		.hold_us = HB_WIRE_HOLD_NONE,
	};
	spin_unlock(&peer->lock);
	return live;
}

/* The frame that would tell the peer; 0 if none could. */
static size_t hb_gasp_write(struct hb_peer *peer, struct hb_tx_way *way,
			    u8 *frame)
{
	u8 buf[HB_WIRE_MAX_LEN] __aligned(8);
	struct hb_pdu pdu;
	size_t len;

	if (!hb_gasp_compose(peer, &pdu) || hb_tx_way(peer, way) ||
	    !way->resolved || !hb_gasp_possible(way->dev))
		return 0;
	len = hb_tx_encode(peer, &pdu, buf);
	return hb_frame_write(frame, &way->ends, buf, len);
}

static bool hb_gasp_is(const struct hb_gasp *gasp, const struct net_device *dev,
		       const u8 *frame, size_t len)
{
	const struct sk_buff *skb;

	if (!gasp || gasp->dev != dev)
		return false;
	skb = gasp->frame[0];
	return skb->len == len && !memcmp(skb->data, frame, len);
}

/* Only the worker makes gasps and the namespace's lock keeps the peer, so the
 * one that is looked at here can be dropped, but not freed, under RCU.
 */
static void hb_gasp_refresh(struct hb_peer *peer)
{
	u8 frame[HB_FRAME_MAX_LEN];
	struct hb_gasp *gasp;
	struct hb_tx_way way;
	size_t len;

	local_bh_disable();
	rcu_read_lock();
	len = hb_gasp_write(peer, &way, frame);
	if (!len) {
		hb_gasp_drop(peer);
	} else if (!hb_gasp_is(READ_ONCE(peer->gasp), way.dev, frame, len)) {
		gasp = hb_gasp_new(peer, &way, frame, len);
		if (gasp)
			hb_gasp_publish(peer, gasp);
	}
	rcu_read_unlock();
	local_bh_enable();
}

static void hb_gasp_refresh_node(struct hb_net *hn, unsigned long unused)
{
	struct hb_peer *peer;
	unsigned long i;

	xa_for_each(&hn->index, i, peer) {
		hb_gasp_refresh(peer);
		cond_resched();
	}
}

static void hb_gasp_work(struct work_struct *work)
{
	hb_nets_each(hb_gasp_refresh_node, 0);
	if (work == &hb_gasp_look.work && !READ_ONCE(hb_gasp_closed))
		schedule_delayed_work(&hb_gasp_look, HB_GASP_LOOK);
}

void hb_gasp_stale(void)
{
	if (!READ_ONCE(hb_gasp_closed))
		schedule_delayed_work(&hb_gasp_soon, HB_GASP_SOON);
}

static bool hb_gasp_try(struct sk_buff *skb, struct net_device *dev,
			unsigned int queue)
{
	struct netdev_queue *txq = netdev_get_tx_queue(dev, queue);
	bool sent = false;

	if (!HARD_TX_TRYLOCK(dev, txq))
		return false;
	if (!netif_xmit_frozen_or_drv_stopped(txq)) {
		skb_set_queue_mapping(skb, queue);
		sent = netdev_start_xmit(skb, dev, txq, false) == NETDEV_TX_OK;
	}
	HARD_TX_UNLOCK(dev, txq);
	return sent;
}

static void hb_gasp_send(struct hb_gasp *gasp, unsigned int copy)
{
	struct sk_buff *skb = xchg(&gasp->frame[copy], NULL);
	struct net_device *dev = gasp->dev;
	unsigned int queue;

	if (!skb || !netif_running(dev) || !netif_carrier_ok(dev) ||
	    !netif_device_present(dev))
		return;
	for (queue = 0; queue < dev->real_num_tx_queues; queue++) {
		if (hb_gasp_try(skb, dev, queue))
			return;
	}
}

/* Any context, interrupts off; takes no lock and no memory. */
static int hb_gasp_panic(struct notifier_block *nb, unsigned long event,
			 void *message)
{
	struct hb_gasp *gasp;
	unsigned int copy;

	if (list_empty(&hb_gasps))
		return NOTIFY_DONE;
	rcu_read_lock();
	for (copy = 0; copy < HB_GASPS; copy++) {
		list_for_each_entry_rcu(gasp, &hb_gasps, list)
			hb_gasp_send(gasp, copy);
		udelay(HB_GASP_GAP_US);
	}
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static struct notifier_block hb_gasp_panic_nb = {
	.notifier_call = hb_gasp_panic,
	.priority = INT_MAX,
};

int hb_gasp_init(void)
{
	int err;

	err = atomic_notifier_chain_register(&panic_notifier_list,
					     &hb_gasp_panic_nb);
	if (!err)
		schedule_delayed_work(&hb_gasp_look, HB_GASP_LOOK);
	return err;
}

void hb_gasp_exit(void)
{
	atomic_notifier_chain_unregister(&panic_notifier_list,
					 &hb_gasp_panic_nb);
	WRITE_ONCE(hb_gasp_closed, true);
	/* Receivers that saw it open schedule before this returns. */
	synchronize_net();
	cancel_delayed_work_sync(&hb_gasp_soon);
	cancel_delayed_work_sync(&hb_gasp_look);
}

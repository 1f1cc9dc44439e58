/* SPDX-License-Identifier: GPL-2.0 */
/* Events of a namespace: a ring with consecutive numbers, and its multicast. */
#ifndef _HB_EVENT_H
#define _HB_EVENT_H

#include <linux/types.h>

#include "event-put.h"
#include "hb.h"

struct sk_buff;

/**
 * hb_event_ring_new() - make the ring of a namespace
 * @hn: the namespace, which has none yet
 *
 * Context: process, under the namespace's lock.
 * Return: 0 or -ENOMEM.
 */
int hb_event_ring_new(struct hb_net *hn);

/**
 * hb_event_ring_free() - free the ring of a namespace, if it has one
 * @hn: the namespace, whose peers are gone
 *
 * Context: process.
 */
void hb_event_ring_free(struct hb_net *hn);

/**
 * hb_event_log() - write an event to the ring, which can't fail
 * @hn: the namespace
 * @ev: the event; its number is set
 *
 * Context: any; under the peer's lock, so that the ring has the events of a
 * peer in the order they happened. Follow up with hb_event_flush().
 */
void hb_event_log(struct hb_net *hn, struct hb_event *ev);

/**
 * hb_event_flush() - multicast what the ring holds and nobody was told yet
 * @hn: the namespace
 *
 * The first events after a quiet time are sent at once, a storm that follows is
 * gathered into few messages. Without memory for a message it is tried again.
 *
 * Context: softirq, or process with BH disabled; under no lock.
 */
void hb_event_flush(struct hb_net *hn);

/**
 * hb_event_range() - which events are there?
 * @hn: the namespace
 * @oldest: number of the oldest event in the ring
 * @next: number that the next event will get
 *
 * Context: process, under the namespace's lock.
 */
void hb_event_range(struct hb_net *hn, u64 *oldest, u64 *next);

/**
 * hb_event_fill() - put as many events into a message as fit
 * @hn: the namespace
 * @skb: the message
 * @seq: number of the first event; moved behind the last one that was put.
 *	If the ring has lost it, the oldest event comes first.
 *
 * Context: process, under the namespace's lock.
 * Return: how many events there are in the message.
 */
unsigned int hb_event_fill(struct hb_net *hn, struct sk_buff *skb, u64 *seq);

/**
 * hb_event_shutdown() - multicast nothing any more
 *
 * For the time between the end of the netlink family and that of the last
 * namespace.
 *
 * Context: process.
 */
void hb_event_shutdown(void);

#endif /* _HB_EVENT_H */

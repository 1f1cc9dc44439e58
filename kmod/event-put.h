/* SPDX-License-Identifier: GPL-2.0 */
/* An event, and its netlink attributes. */
#ifndef _HB_EVENT_PUT_H
#define _HB_EVENT_PUT_H

#include <linux/types.h>
#include <uapi/linux/hb.h>

#include "core/blame.h"

struct sk_buff;

/* Bound of what one event takes in a message, name and padding included */
#define HB_EVENT_MAX_SIZE	376

/**
 * struct hb_event - an event, see the attributes of the netlink specification
 * @seq: its number; set by hb_event_log()
 * @realtime_ns: CLOCK_REALTIME; set by hb_event_log()
 * @monotonic_ns: CLOCK_MONOTONIC
 * @peer_id: id of the peer
 * @silence_ns: time since the last beat
 * @detect_ns: detection time
 * @late_ns: how late the judging timer ran
 * @last_seq: number of the last beat
 * @duration_ns: length of a mistake
 * @incarnation: of the peer
 * @blame: where the time was spent, if that is known
 * @cpu: CPU that does not answer
 * @cpu_known: there is such a CPU
 * @missed: beats that did not come
 * @type: enum hb_event_type
 * @from: enum hb_state
 * @to: enum hb_state
 * @reason: enum hb_reason
 * @peer_len: length of @peer
 * @peer: name of the peer, without a 0 at its end
 */
struct hb_event {
	u64 seq;
	u64 realtime_ns;
	u64 monotonic_ns;
	u64 peer_id;
	u64 silence_ns;
	u64 detect_ns;
	u64 late_ns;
	u64 last_seq;
	u64 duration_ns;
	u64 incarnation;
	struct hb_parts blame;
	u32 cpu;
	u32 missed;
	u8 type;
	u8 from;
	u8 to;
	u8 reason;
	bool cpu_known;
	u8 peer_len;
	char peer[HB_NAME_MAX];
};

/**
 * hb_event_put() - append an event to a message
 * @skb: the message
 * @ev: the event
 *
 * Context: any.
 * Return: false, and nothing is appended, if less than HB_EVENT_MAX_SIZE bytes
 * are left.
 */
bool hb_event_put(struct sk_buff *skb, const struct hb_event *ev);

#endif /* _HB_EVENT_PUT_H */

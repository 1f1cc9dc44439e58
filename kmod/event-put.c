// SPDX-License-Identifier: GPL-2.0
/* The netlink attributes of an event. How long this takes is part of how soon a
 * death is known, so the room is asked for once, and not for each of twenty
 * attributes as nla_put() does; that takes three times as long.
 */
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/netlink.h>

#include "event-put.h"

static void *hb_event_put_head(u8 **pos, u16 type, u16 len)
{
	struct nlattr *nla = (struct nlattr *)*pos;

	nla->nla_type = type;
	nla->nla_len = nla_attr_size(len);
	*pos += nla_total_size(len);
	return nla_data(nla);
}

static void hb_event_put_u8(u8 **pos, u16 type, u8 value)
{
	u8 *data = hb_event_put_head(pos, type, sizeof(value));

	memset(data, 0, NLA_ALIGNTO);
	*data = value;
}

static void hb_event_put_u32(u8 **pos, u16 type, u32 value)
{
	*(u32 *)hb_event_put_head(pos, type, sizeof(value)) = value;
}

/* Where it matters the value begins at a multiple of 8, as nla_put_64bit() has
 * it.
 */
static void hb_event_put_u64(u8 **pos, u16 type, u64 value)
{
	if (!IS_ENABLED(CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS) &&
	    IS_ALIGNED((unsigned long)*pos, sizeof(value)))
		hb_event_put_head(pos, HB_A_EVENT_PAD, 0);
	memcpy(hb_event_put_head(pos, type, sizeof(value)), &value,
	       sizeof(value));
}

static void hb_event_put_name(u8 **pos, u16 type, const char *name, size_t len)
{
	u8 *data = hb_event_put_head(pos, type, len + 1);

	memcpy(data, name, len);
	memset(data + len, 0, NLA_ALIGN(len + 1) - len);
}

/* What does not apply is left out: absent is unknown, 0 is a figure. */
static void hb_event_put_evidence(u8 **pos, const struct hb_event *ev)
{
	if (ev->detect_ns) {
		hb_event_put_u64(pos, HB_A_EVENT_SILENCE_NS, ev->silence_ns);
		hb_event_put_u64(pos, HB_A_EVENT_DETECT_NS, ev->detect_ns);
		hb_event_put_u64(pos, HB_A_EVENT_LAST_SEQ, ev->last_seq);
		hb_event_put_u32(pos, HB_A_EVENT_MISSED, ev->missed);
	}
	if (ev->type == HB_EVENT_TYPE_STALL ||
	    ev->reason == HB_REASON_TIMEOUT ||
	    ev->reason == HB_REASON_REMOTE_DEFECT)
		hb_event_put_u64(pos, HB_A_EVENT_LATE_NS, ev->late_ns);
	if (ev->type == HB_EVENT_TYPE_MISTAKE)
		hb_event_put_u64(pos, HB_A_EVENT_DURATION_NS, ev->duration_ns);
	if (ev->incarnation)
		hb_event_put_u64(pos, HB_A_EVENT_INCARNATION, ev->incarnation);
}

/* Whose fault it was; of a death only our own part is known. */
static void hb_event_put_blame(u8 **pos, const struct hb_event *ev)
{
	const struct hb_parts *blame = &ev->blame;

	if (ev->cpu_known)
		hb_event_put_u32(pos, HB_A_EVENT_CPU, ev->cpu);
	if (ev->type != HB_EVENT_TYPE_MISTAKE &&
	    ev->reason != HB_REASON_TIMEOUT &&
	    ev->reason != HB_REASON_REMOTE_DEFECT)
		return;
	hb_event_put_u32(pos, HB_A_EVENT_BLAME, blame->most);
	hb_event_put_u64(pos, HB_A_EVENT_LATE_LOCAL_NS, blame->local_ns);
	if (ev->type != HB_EVENT_TYPE_MISTAKE)
		return;
	hb_event_put_u64(pos, HB_A_EVENT_LATE_PEER_NS, blame->peer_ns);
	hb_event_put_u64(pos, HB_A_EVENT_LATE_NETWORK_NS, blame->network_ns);
}

bool hb_event_put(struct sk_buff *skb, const struct hb_event *ev)
{
	u8 *nest = skb_tail_pointer(skb), *pos = nest;

	if (skb_tailroom(skb) < HB_EVENT_MAX_SIZE)
		return false;
	hb_event_put_head(&pos, HB_A_EVENTS_EVENT | NLA_F_NESTED, 0);
	hb_event_put_u64(&pos, HB_A_EVENT_SEQ, ev->seq);
	hb_event_put_u32(&pos, HB_A_EVENT_TYPE, ev->type);
	hb_event_put_u64(&pos, HB_A_EVENT_REALTIME_NS, ev->realtime_ns);
	hb_event_put_u64(&pos, HB_A_EVENT_MONOTONIC_NS, ev->monotonic_ns);
	hb_event_put_name(&pos, HB_A_EVENT_PEER, ev->peer, ev->peer_len);
	hb_event_put_u64(&pos, HB_A_EVENT_PEER_ID, ev->peer_id);
	hb_event_put_u8(&pos, HB_A_EVENT_PATH, 0);
	hb_event_put_u32(&pos, HB_A_EVENT_FROM, ev->from);
	hb_event_put_u32(&pos, HB_A_EVENT_TO, ev->to);
	hb_event_put_u32(&pos, HB_A_EVENT_REASON, ev->reason);
	hb_event_put_evidence(&pos, ev);
	hb_event_put_blame(&pos, ev);
	((struct nlattr *)nest)->nla_len = pos - nest;
	DEBUG_NET_WARN_ON_ONCE(pos - nest > HB_EVENT_MAX_SIZE);
	skb_put(skb, pos - nest);
	return true;
}

// SPDX-License-Identifier: GPL-2.0
/* Dumps of the ring of events, which go on by their numbers. */
#include <net/genetlink.h>
#include <net/sock.h>

#include "event.h"
#include "netlink-gen.h"
#include "netlink.h"

/**
 * struct hb_nl_event_cursor - where a dump of events goes on
 * @seq: number of the first event that was not sent yet
 * @end: number of the event that was next when the dump began
 * @begun: there was a message already
 */
struct hb_nl_event_cursor {
	u64 seq;
	u64 end;
	bool begun;
};

static int hb_nl_put_events(struct sk_buff *skb, struct hb_net *hn,
			    struct hb_nl_event_cursor *cursor)
{
	u64 oldest, next;

	hb_event_range(hn, &oldest, &next);
	if (nla_put_u64_64bit(skb, HB_A_EVENTS_OLDEST, oldest,
			      HB_A_EVENTS_PAD) ||
	    nla_put_u64_64bit(skb, HB_A_EVENTS_NEXT, next, HB_A_EVENTS_PAD))
		return -EMSGSIZE;
	if (!cursor->begun)
		cursor->end = next;
	hb_event_fill(hn, skb, &cursor->seq);
	return 0;
}

static int hb_nl_dump_events(struct sk_buff *skb, struct netlink_callback *cb,
			     struct hb_net *hn)
{
	struct hb_nl_event_cursor *cursor = (void *)cb->ctx;
	void *hdr;

	/* The first message comes even if there is no event. Without a ring
	 * nothing moves the cursor, and there is nothing either.
	 */
	if (cursor->begun && (cursor->seq >= cursor->end || !hn->events))
		return 0;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &hb_nl_family, NLM_F_MULTI, HB_CMD_EVENT_GET);
	if (!hdr || hb_nl_put_events(skb, hn, cursor))
		return -EMSGSIZE;
	cursor->begun = true;
	genlmsg_end(skb, hdr);
	return skb->len;
}

int hb_nl_event_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hb_net *hn = hb_net_of(sock_net(cb->skb->sk));
	struct nlattr *since = genl_info_dump(cb)->attrs[HB_A_EVENTS_SINCE];
	struct hb_nl_event_cursor *cursor = (void *)cb->ctx;
	int ret;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->ctx));
	if (!cursor->begun && since)
		cursor->seq = nla_get_u64(since);
	mutex_lock(&hn->lock);
	ret = hb_nl_dump_events(skb, cb, hn);
	mutex_unlock(&hn->lock);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0
/* Nests of replies. */
#include <linux/math64.h>
#include <net/genetlink.h>

#include "netlink.h"

static int hb_nl_put_qos_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, HB_A_QOS_PAD);
}

static int hb_nl_put_detections(struct sk_buff *skb,
				const struct hb_qos_sum *sum)
{
	u64 avg = hb_qos_mean(sum->detection_ns, sum->detections);

	if (hb_nl_put_qos_u64(skb, HB_A_QOS_DETECTIONS, sum->detections))
		return -EMSGSIZE;
	if (!sum->detections)
		return 0;
	if (hb_nl_put_qos_u64(skb, HB_A_QOS_DETECTION_MIN_NS,
			      sum->detection_min_ns) ||
	    hb_nl_put_qos_u64(skb, HB_A_QOS_DETECTION_AVG_NS, avg) ||
	    hb_nl_put_qos_u64(skb, HB_A_QOS_DETECTION_MAX_NS,
			      sum->detection_max_ns))
		return -EMSGSIZE;
	return 0;
}

static int hb_nl_put_mistakes(struct sk_buff *skb,
			      const struct hb_qos_sum *sum)
{
	u64 avg = hb_qos_mean(sum->wrong_ns, sum->mistakes);

	if (hb_nl_put_qos_u64(skb, HB_A_QOS_MISTAKES, sum->mistakes))
		return -EMSGSIZE;
	if (sum->spans &&
	    hb_nl_put_qos_u64(skb, HB_A_QOS_RECURRENCE_NS,
			      hb_qos_mean(sum->span_ns, sum->spans)))
		return -EMSGSIZE;
	if (!sum->mistakes)
		return 0;
	if (hb_nl_put_qos_u64(skb, HB_A_QOS_DURATION_AVG_NS, avg) ||
	    hb_nl_put_qos_u64(skb, HB_A_QOS_DURATION_MAX_NS, sum->wrong_max_ns))
		return -EMSGSIZE;
	return 0;
}

/* What was never measured is left out. */
int hb_nl_put_qos(struct sk_buff *skb, int attr, const struct hb_qos_sum *sum)
{
	struct nlattr *nest;

	if (!sum->known_ns)
		return 0;
	nest = nla_nest_start(skb, attr);
	if (!nest ||
	    hb_nl_put_qos_u64(skb, HB_A_QOS_OBSERVED_NS, sum->observed_ns) ||
	    hb_nl_put_detections(skb, sum) || hb_nl_put_mistakes(skb, sum) ||
	    nla_put_u32(skb, HB_A_QOS_ACCURACY_PPB, hb_qos_accuracy_ppb(sum)) ||
	    nla_put_u32(skb, HB_A_QOS_AVAILABILITY_PPB,
			hb_qos_availability_ppb(sum)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int hb_nl_put_node_qos(struct sk_buff *skb, struct hb_net *hn)
{
	struct hb_qos_sum sum = {};
	struct hb_peer *peer;
	unsigned long i;

	xa_for_each(&hn->index, i, peer) {
		spin_lock_bh(&peer->lock);
		hb_qos_add(&sum, &peer->qos, ktime_get_ns());
		spin_unlock_bh(&peer->lock);
	}
	return hb_nl_put_qos(skb, HB_A_NODE_QOS, &sum);
}

static int hb_nl_put_burst(struct sk_buff *skb, int attr, u32 length, u64 count)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest || nla_put_u32(skb, HB_A_BURST_LENGTH, length) ||
	    nla_put_u64_64bit(skb, HB_A_BURST_COUNT, count, HB_A_BURST_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int hb_nl_put_bursts(struct sk_buff *skb, int attr,
		     const u32 burst[HB_BURST_MAX])
{
	unsigned int i;

	for (i = 0; i < HB_BURST_MAX; i++) {
		if (burst[i] && hb_nl_put_burst(skb, attr, i + 1, burst[i]))
			return -EMSGSIZE;
	}
	return 0;
}

static int hb_nl_put_bucket(struct sk_buff *skb, int attr, unsigned int bucket,
			    u64 count)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest ||
	    nla_put_u64_64bit(skb, HB_A_BUCKET_BELOW_NS,
			      hb_hist_below(bucket), HB_A_BUCKET_PAD) ||
	    nla_put_u64_64bit(skb, HB_A_BUCKET_COUNT, count, HB_A_BUCKET_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int hb_nl_put_hist(struct sk_buff *skb, int attr, const struct hb_hist *hist)
{
	unsigned int i;

	for (i = 0; i < HB_HIST_BUCKETS; i++) {
		if (hist->bucket[i] &&
		    hb_nl_put_bucket(skb, attr, i, hist->bucket[i]))
			return -EMSGSIZE;
	}
	return 0;
}

int hb_nl_put_maintenance(struct sk_buff *skb, int attr, u64 until, int pad)
{
	u64 now = ktime_get_ns();
	u64 left = U64_MAX;

	if (until <= now)
		return 0;
	if (until != U64_MAX)
		left = div_u64(until - now, NSEC_PER_USEC);
	return nla_put_u64_64bit(skb, attr, left, pad);
}

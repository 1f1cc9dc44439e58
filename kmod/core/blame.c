// SPDX-License-Identifier: GPL-2.0
/* Where the time of a late beat was spent. Pure: no clock, no lock, no skb. */
#include <linux/minmax.h>

#include "blame.h"

static u64 hb_blame_beyond(u64 value, u64 limit)
{
	return value > limit ? value - limit : 0;
}

static u8 hb_blame_most(const struct hb_parts *blame)
{
	u64 most = max3(blame->peer_ns, blame->network_ns, blame->local_ns);

	if (!most)
		return HB_BLAME_UNKNOWN;
	if (most == blame->local_ns)
		return HB_BLAME_LOCAL;
	return most == blame->network_ns ? HB_BLAME_NETWORK : HB_BLAME_PEER;
}

struct hb_parts hb_blame_gap(const struct hb_gap *gap)
{
	u64 lost_ns = gap->lost * gap->interval_ns;
	u64 held = hb_blame_beyond(gap->rx_ns, gap->tx_ns);
	struct hb_parts blame = {
		.peer_ns = hb_blame_beyond(gap->tx_ns,
					   gap->interval_ns + lost_ns),
		.local_ns = min(held, gap->local_ns),
	};

	/* No more was lost than the time in which it was sent. */
	blame.network_ns = min(lost_ns, gap->tx_ns) + held - blame.local_ns;
	blame.most = hb_blame_most(&blame);
	return blame;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Where the time of a late beat was spent. Pure: no clock, no lock, no skb. */
#ifndef _HB_BLAME_H
#define _HB_BLAME_H

#include <linux/types.h>
#include <uapi/linux/hb.h>

/**
 * struct hb_gap - what is known of the time between two beats
 * @rx_ns: it took here
 * @tx_ns: it took at the sender, by its own stamps
 * @lost: beats between the two that were sent and did not come
 * @interval_ns: it should have taken
 * @local_ns: of it, so long was this node late itself
 */
struct hb_gap {
	u64 rx_ns;
	u64 tx_ns;
	u64 lost;
	u64 interval_ns;
	u64 local_ns;
};

/**
 * struct hb_parts - where the time was spent beyond one interval
 * @peer_ns: the sender sent later than its own interval asks for
 * @network_ns: beats were lost, or held up on the way
 * @local_ns: this node did not run
 * @most: enum hb_blame of the largest part
 */
struct hb_parts {
	u64 peer_ns;
	u64 network_ns;
	u64 local_ns;
	u8 most;
};

/**
 * hb_blame_late() - is a beat late enough to ask why?
 * @gap: what is known
 *
 * Context: any.
 * Return: true if it came more than half an interval late.
 */
static inline bool hb_blame_late(const struct hb_gap *gap)
{
	return gap->rx_ns > gap->interval_ns + gap->interval_ns / 2;
}

/**
 * hb_blame_gap() - split the time of a late beat
 * @gap: what is known
 *
 * Needs no common clock: two stamps of one clock are compared with two of the
 * other. Clocks that differ by 100 ppm are off by a microsecond in 10 ms.
 *
 * Context: any.
 * Return: the parts.
 */
struct hb_parts hb_blame_gap(const struct hb_gap *gap);

#endif /* _HB_BLAME_H */

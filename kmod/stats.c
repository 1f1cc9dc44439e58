// SPDX-License-Identifier: GPL-2.0
/* Counters of a namespace, and logarithmic histograms. */
#include <linux/bitops.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "stats.h"

u64 hb_stats_sum(const struct hb_counters __percpu *c, int attr)
{
	unsigned long sum = 0;	/* wraps like its parts */
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(c, cpu)->v[attr]);
	return sum;
}

static unsigned int hb_hist_bucket(u64 ns)
{
	return min_t(unsigned int, fls64(ns >> HB_HIST_FIRST_BITS),
		     HB_HIST_BUCKETS - 1);
}

void hb_hist_add(struct hb_hist *hist, u64 ns)
{
	hist->bucket[hb_hist_bucket(ns)]++;
	hist->max_ns = max(hist->max_ns, ns);
}

u64 hb_hist_below(unsigned int bucket)
{
	if (bucket == HB_HIST_BUCKETS - 1)
		return U64_MAX;
	return BIT_ULL(HB_HIST_FIRST_BITS + bucket);
}

/* As if the values of a bucket were spread evenly; the last bucket, which has
 * no end, counts whole.
 */
static u64 hb_hist_part(const struct hb_hist *hist, unsigned int bucket, u64 ns)
{
	unsigned int width_bits = HB_HIST_FIRST_BITS + max(bucket, 1U) - 1;
	u64 below = hb_hist_below(bucket);

	if (below == U64_MAX)
		return hist->bucket[bucket];
	return mul_u64_u64_div_u64(below - ns, hist->bucket[bucket],
				   BIT_ULL(width_bits));
}

u64 hb_hist_tail(const struct hb_hist *hist, u64 ns, u64 *total)
{
	unsigned int own = hb_hist_bucket(ns), i;
	u64 tail = 0;

	*total = 0;
	for (i = 0; i < HB_HIST_BUCKETS; i++) {
		*total += hist->bucket[i];
		if (i > own)
			tail += hist->bucket[i];
	}
	if (ns > hist->max_ns)
		return 0;
	return tail + hb_hist_part(hist, own, ns);
}

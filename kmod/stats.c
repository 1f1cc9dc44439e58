// SPDX-License-Identifier: GPL-2.0
/* Counters of a namespace, and logarithmic histograms. */
#include <linux/bitops.h>
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

void hb_hist_add(struct hb_hist *hist, u64 ns)
{
	unsigned int bucket = fls64(ns >> HB_HIST_FIRST_BITS);

	hist->bucket[min_t(unsigned int, bucket, HB_HIST_BUCKETS - 1)]++;
	hist->max_ns = max(hist->max_ns, ns);
}

u64 hb_hist_below(unsigned int bucket)
{
	if (bucket == HB_HIST_BUCKETS - 1)
		return U64_MAX;
	return BIT_ULL(HB_HIST_FIRST_BITS + bucket);
}

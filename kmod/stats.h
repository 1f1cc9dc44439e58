/* SPDX-License-Identifier: GPL-2.0 */
/* Counters of a namespace, and logarithmic histograms. */
#ifndef _HB_STATS_H
#define _HB_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <uapi/linux/hb.h>

enum hb_hist_limits {
	HB_HIST_FIRST_BITS = 10,	/* the first bucket ends at 1.024 us */
	HB_HIST_BUCKETS = 28,		/* the last begins at 68.7 s */
};

/**
 * struct hb_counters - counters of a namespace on one CPU
 * @v: indexed by HB_A_STATS_*; wrap at the size of a long, as SNMP's do
 */
struct hb_counters {
	unsigned long v[HB_A_STATS_MAX + 1];
};

/**
 * struct hb_hist - histogram with buckets of powers of two
 * @bucket: @bucket[0] counts values below 2^HB_HIST_FIRST_BITS ns, every
 *	further one values below twice the limit before, the last all the rest
 * @max_ns: largest value
 */
struct hb_hist {
	u64 bucket[HB_HIST_BUCKETS];
	u64 max_ns;
};

/**
 * hb_stats_add() - count
 * @c: counters of the namespace
 * @attr: HB_A_STATS_*
 *
 * Context: any.
 */
static inline void hb_stats_add(struct hb_counters __percpu *c, int attr)
{
	this_cpu_inc(c->v[attr]);
}

/**
 * hb_stats_sub() - count down, for what counts things that are there now
 * @c: counters of the namespace
 * @attr: HB_A_STATS_*
 *
 * Context: any.
 */
static inline void hb_stats_sub(struct hb_counters __percpu *c, int attr)
{
	this_cpu_dec(c->v[attr]);
}

/**
 * hb_stats_sum() - read a counter
 * @c: counters of the namespace
 * @attr: HB_A_STATS_*
 *
 * Context: any.
 * Return: the sum over all CPUs.
 */
u64 hb_stats_sum(const struct hb_counters __percpu *c, int attr);

/**
 * hb_hist_add() - count a value
 * @hist: the histogram
 * @ns: the value, in ns
 *
 * Context: any; callers serialise.
 */
void hb_hist_add(struct hb_hist *hist, u64 ns);

/**
 * hb_hist_below() - limit of a bucket
 * @bucket: 0 to HB_HIST_BUCKETS - 1
 *
 * Return: values in the bucket are below this, in ns; U64_MAX for the last.
 */
u64 hb_hist_below(unsigned int bucket);

/**
 * hb_hist_tail() - how many values are as large?
 * @hist: the histogram
 * @ns: as large as this; its own bucket counts in proportion
 * @total: set to the number of all values
 *
 * Context: any; callers serialise.
 * Return: the number.
 */
u64 hb_hist_tail(const struct hb_hist *hist, u64 ns, u64 *total);

#endif /* _HB_STATS_H */

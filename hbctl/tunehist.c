// SPDX-License-Identifier: GPL-2.0
/* Histograms with buckets of powers of two, read with care: what may be as long
 * as asked for counts, unless something else explains it.
 */
#include <math.h>

#include "tunemodel.h"

#define NS		1e9
/* Extremes are told by the longest ones only, but not by fewer than this. */
#define TAIL_MIN	10

/* Where the values of a bucket end, and begin */
static double limit(unsigned int bucket)
{
	return ldexp(1 / NS, bucket);
}

static double begin(unsigned int bucket)
{
	return limit(bucket) / 2;
}

unsigned int hb_tune_bucket(double seconds)
{
	unsigned int bucket = 0;

	while (bucket < HB_TUNE_BUCKETS - 1 && limit(bucket) <= seconds)
		bucket++;
	return bucket;
}

/* Values that are surely below. */
double hb_tune_hist_below(const struct hb_tune_hist *h, double seconds)
{
	unsigned int i;
	double sum = 0;

	for (i = 0; i < HB_TUNE_BUCKETS && limit(i) <= seconds; i++)
		sum += h->n[i];
	return sum;
}

/* Values that may be at least @least: all of its bucket may. */
double hb_tune_hist_tail(const struct hb_tune_hist *h, double least)
{
	unsigned int i = hb_tune_bucket(least);
	double sum = 0;

	if (least > h->max)
		return 0;
	for (; i < HB_TUNE_BUCKETS; i++)
		sum += h->n[i];
	return sum;
}

/* Values that are at least @least for sure; the longest is known. */
double hb_tune_hist_sure(const struct hb_tune_hist *h, double least)
{
	unsigned int i = hb_tune_bucket(least);
	double sum = begin(i) >= least ? h->n[i] : 0;

	for (i++; i < HB_TUNE_BUCKETS; i++)
		sum += h->n[i];
	return !sum && h->max && h->max >= least ? 1 : sum;
}

static void explain_gaps(struct hb_tune_data *d, const double *known)
{
	unsigned int i = hb_tune_bucket(d->interval) + 1;
	double left, over = 0;

	for (; i < HB_TUNE_BUCKETS; i++) {
		left = d->gap.n[i] - known[i];
		d->delay.n[i] = fmax(0, fmax(0, left) - over);
		over = fmax(0, -left);
		if (d->delay.n[i])
			d->delay.max = fmin(limit(i), d->gap.max);
	}
}

/* Find the gaps that no loss explains. Losing n beats in a row makes a gap of
 * n + 1 intervals, and some less as beats leave early; where there are fewer
 * such gaps, some came so late that they are in the next bucket. Nothing is
 * told of gaps of about an interval, nor are losses too long to be counted
 * taken for an explanation. Where nothing was ever lost, mistakes were delays.
 */
void hb_tune_explain(struct hb_tune_data *d)
{
	double gap = (1 - HB_TUNE_EARLY_AVG) * d->interval;
	double known[HB_TUNE_BUCKETS] = { };
	unsigned int n;

	for (n = 1; n < HB_BURST_MAX; n++)
		known[hb_tune_bucket((n + 1) * gap)] += d->burst[n];
	explain_gaps(d, known);
	d->cut = d->lost ? d->mistakes : 0;
	if (d->lost || !d->mistakes)
		return;
	d->delay.n[hb_tune_bucket(d->silence)] += d->mistakes;
	d->delay.max = fmax(d->delay.max, d->silence_max);
}

/* Whatever a distribution is, what exceeds a high threshold is about
 * exponential or thinner, if it is not heavy-tailed (Pickands, Annals of
 * Statistics 3(1), 1975). Values are taken from the middle of their bucket, but
 * for the longest.
 */
void hb_tune_tail_fit(struct hb_tune_tail *t, const struct hb_tune_hist *h)
{
	unsigned int i, top = hb_tune_bucket(h->max);
	double sum = 0, mid;

	*t = (struct hb_tune_tail){ };
	for (i = HB_TUNE_BUCKETS - 1; i && t->n < TAIL_MIN; i--) {
		if (!h->n[i])
			continue;
		t->n += h->n[i];
		t->from = begin(i);
	}
	for (i++; i && i < HB_TUNE_BUCKETS; i++) {
		mid = (begin(i) + fmin(limit(i), h->max)) / 2;
		sum += h->n[i] * (mid - t->from);
		if (i == top && h->n[i])
			sum += h->max - mid;
	}
	t->beyond = t->n ? sum / t->n : 0;
}

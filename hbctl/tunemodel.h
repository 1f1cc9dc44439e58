/* SPDX-License-Identifier: GPL-2.0 */
/* How often a living peer is declared down, by the losses and delays that were
 * measured. Pure: figures in, figures out. All times are in seconds.
 */
#ifndef HBCTL_TUNEMODEL_H
#define HBCTL_TUNEMODEL_H

#include <stdbool.h>
#include <linux/hb.h>
#include <linux/types.h>

/* Powers of two that nanoseconds of 64 bits can be below */
#define HB_TUNE_BUCKETS	65
/* How early beats leave, in intervals: hb_beat_next_gap() in kmod/beat.c */
#define HB_TUNE_EARLY_AVG	0.06
#define HB_TUNE_EARLY_MAX	0.08

/**
 * struct hb_tune_hist - how often something took how long
 * @n: @n[e] counts what took less than 2^e ns, and not less than half of it
 * @max: the longest
 */
struct hb_tune_hist {
	double n[HB_TUNE_BUCKETS];
	double max;
};

/**
 * struct hb_tune_data - what was measured of a peer
 * @interval: between two beats
 * @span: how long it was watched
 * @beats: that it sent, as far as anything was heard of them
 * @lost: beats of those that never came
 * @burst: losses in a row by their length; the last is for all above too
 * @bursts: their number
 * @longest: of them
 * @mistakes: verdicts that proved wrong
 * @cut: of those, the ones that are taken for losses in a row that went on;
 *	they are in no @burst and no @gap
 * @deadline: what such losses lasted for at least
 * @silence: that a mistake was made of and lasted for, on average
 * @silence_max: the longest such
 * @gap: times between two beats
 * @delay: those of them that no loss explains, see hb_tune_explain()
 * @late: how late timers of this node ran
 * @jitter: beats come that much out of time that one which is due right before
 *	the deadline may miss it
 */
struct hb_tune_data {
	double interval;
	double span;
	double beats;
	double lost;
	double burst[HB_BURST_MAX + 1];
	double bursts;
	unsigned int longest;
	double mistakes;
	double cut;
	double deadline;
	double silence;
	double silence_max;
	struct hb_tune_hist gap;
	struct hb_tune_hist delay;
	struct hb_tune_hist late;
	bool jitter;
};

/**
 * struct hb_tune_tail - the longest delays
 * @from: those of at least this
 * @n: their number
 * @beyond: how much longer than @from they are on average
 */
struct hb_tune_tail {
	double from;
	double n;
	double beyond;
};

/**
 * struct hb_tune_model - a path that loses and delays beats, see tunemodel.c
 * @data: what it was fitted to
 * @loss: share of beats that are lost
 * @again: share of lost beats whose next one is lost too
 * @tail: of the delays
 * @bound: nothing was lost, @loss is but its upper limit
 */
struct hb_tune_model {
	const struct hb_tune_data *data;
	double loss;
	double again;
	struct hb_tune_tail tail;
	bool bound;
};

/**
 * struct hb_tune_setting - what a peer is judged by
 * @interval: between two beats
 * @multiplier: intervals to a verdict
 * @detect: time to a verdict
 * @adaptive: it is found from the arrivals, and is the one of now
 */
struct hb_tune_setting {
	double interval;
	unsigned int multiplier;
	double detect;
	bool adaptive;
};

/* tunehist.c */
unsigned int hb_tune_bucket(double seconds);
double hb_tune_hist_below(const struct hb_tune_hist *h, double seconds);
double hb_tune_hist_tail(const struct hb_tune_hist *h, double least);
double hb_tune_hist_sure(const struct hb_tune_hist *h, double least);
void hb_tune_explain(struct hb_tune_data *d);
void hb_tune_tail_fit(struct hb_tune_tail *t, const struct hb_tune_hist *h);

/* tunemodel.c */
void hb_tune_fit(struct hb_tune_model *m, const struct hb_tune_data *d);
double hb_tune_rate(const struct hb_tune_model *m,
		    const struct hb_tune_setting *s);
double hb_tune_expected(const struct hb_tune_model *m,
			const struct hb_tune_setting *s);
double hb_tune_seen(const struct hb_tune_data *d,
		    const struct hb_tune_setting *s);
double hb_tune_late(const struct hb_tune_data *d,
		    const struct hb_tune_setting *s);
double hb_tune_upper(double n);

#endif

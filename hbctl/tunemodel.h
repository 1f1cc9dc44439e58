/* SPDX-License-Identifier: GPL-2.0 */
/* How often a living peer is declared down, by the losses that were measured.
 * Pure: figures in, figures out.
 */
#ifndef HBCTL_TUNEMODEL_H
#define HBCTL_TUNEMODEL_H

#include <stdbool.h>
#include <linux/hb.h>
#include <linux/types.h>

/**
 * struct hb_tune_data - what was measured of a peer
 * @interval: between two beats, in seconds
 * @multiplier: what it is judged by
 * @beats: that it sent, as far as anything was heard of them
 * @lost: beats of those that never came
 * @burst: losses in a row by their length; the last is for all above too
 * @bursts: their number
 * @longest: of them
 * @wrong: verdicts that proved wrong: losses in a row that are in no @burst
 * @jitter: beats come that much out of time that one which is due right before
 *	the deadline may miss it
 */
struct hb_tune_data {
	double interval;
	unsigned int multiplier;
	double beats;
	double lost;
	double burst[HB_BURST_MAX + 1];
	double bursts;
	unsigned int longest;
	double wrong;
	bool jitter;
};

/**
 * struct hb_tune_model - a path that loses beats, see tunemodel.c
 * @loss: share of beats that are lost
 * @again: share of lost beats whose next one is lost too
 * @interval: that this was measured at, in seconds
 * @jitter: as in struct hb_tune_data
 * @bound: nothing was lost, @loss is but its upper limit
 */
struct hb_tune_model {
	double loss;
	double again;
	double interval;
	bool jitter;
	bool bound;
};

void hb_tune_fit(struct hb_tune_model *m, const struct hb_tune_data *d);
double hb_tune_rate(const struct hb_tune_model *m, double interval,
		    unsigned int multiplier);
double hb_tune_seen(const struct hb_tune_data *d, double interval,
		    unsigned int multiplier);
double hb_tune_upper(double n);

#endif

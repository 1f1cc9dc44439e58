// SPDX-License-Identifier: GPL-2.0
/* How often a living peer is declared down, by the losses and delays that were
 * measured.
 *
 * Losses: a path is good or bad, and beats in the bad state are lost (Gilbert,
 * "Capacity of a Burst-Noise Channel", Bell System Technical Journal 39, 1960).
 * With a share p of lost beats and a probability q that a lost one is followed
 * by another lost one, n are lost in a row at least
 *
 *	p (1 - q) q^(n - 1) / T
 *
 * times a second. A verdict within K T is wrong if K are lost in a row. With
 * independent losses q is p, and that is, but for a factor 1 - p, once in
 * T / p^K.
 *
 * At another interval p stays, and q = p + (1 - p) e^(-T / tau), where tau is
 * how long the path remembers: this is a Markov chain in continuous time.
 *
 * Delays: a silence that no loss explains is as long at any interval. Those
 * that were seen are counted, longer ones are extrapolated, see tunehist.c.
 *
 * No figure contradicts what was seen: none is below the rate of silences that
 * would have been mistakes, nor above what their number leaves possible.
 */
#include <math.h>

#include "tunemodel.h"

/* Beats lost in a row that can make a verdict wrong, a whole number. The last
 * of them comes before the deadline by HB_TUNE_EARLY_AVG of it; jitter can make
 * it miss it.
 */
static double deadly(bool jitter, double intervals)
{
	double n = floor(intervals + 0.001);

	return n > 1 && jitter ? n - 1 : n;
}

/* Of a geometric distribution that is cut off where a verdict ends the session
 * and the counting with it, the most likely q: bits of losses that went on over
 * all of them. A wrong verdict is a loss that went on that far at least.
 */
static double fit_again(const struct hb_tune_data *d, double loss)
{
	double on = d->cut * deadly(d->jitter, d->deadline / d->interval);
	double ended = 0;
	unsigned int i;

	for (i = 1; i <= HB_BURST_MAX; i++) {
		on += d->burst[i] * (i - 1);
		ended += d->burst[i];
	}
	if (!ended || on / (on + ended) < loss)
		return loss;
	return on / (on + ended);
}

/* Of no loss in n beats nothing is known but that there are fewer than 3 / n,
 * in 95 of 100 cases (Hanley and Lippman-Hand, JAMA 249(13), 1983).
 */
void hb_tune_fit(struct hb_tune_model *m, const struct hb_tune_data *d)
{
	double cut = d->cut * floor(d->deadline / d->interval + 0.001);
	double lost = d->lost + cut, beats = d->beats + cut;

	*m = (struct hb_tune_model){
		.data = d,
		.bound = !lost,
	};
	m->loss = lost ? lost / beats : hb_tune_upper(0) / beats;
	if (m->loss > 0.99)
		m->loss = 0.99;
	m->again = fit_again(d, m->loss);
	hb_tune_tail_fit(&m->tail, &d->delay);
}

static double loss_rate(const struct hb_tune_model *m,
			const struct hb_tune_setting *s)
{
	double memory = (m->again - m->loss) / (1 - m->loss);
	double intervals = s->detect / s->interval;
	double q = m->loss, rate, last, sooner;

	if (memory > 0)
		q += (1 - m->loss) *
		     pow(memory, s->interval / m->data->interval);
	rate = m->loss * (1 - q) / s->interval;
	last = rate * pow(q, deadly(false, intervals) - 1);
	sooner = rate * pow(q, deadly(m->data->jitter, intervals) - 1);
	/* jitter goes either way: half of the last ones miss it */
	return (last + sooner) / 2;
}

/* The shortest gap so far that would have lasted for the detection time: at a
 * longer interval a gap grows by the difference at most.
 */
static double shortest(const struct hb_tune_data *d,
		       const struct hb_tune_setting *s)
{
	return s->detect - fmax(0, s->interval - d->interval);
}

static double delay_rate(const struct hb_tune_model *m,
			 const struct hb_tune_setting *s)
{
	double least = shortest(m->data, s);
	const struct hb_tune_tail *t = &m->tail;
	double n = t->n;

	if (!n)
		return 0;
	if (least < t->from)
		n = hb_tune_hist_tail(&m->data->delay, least);
	else
		n *= exp((t->from - least) / t->beyond);
	return n / m->data->span;
}

/* Wrong verdicts a second. */
double hb_tune_rate(const struct hb_tune_model *m,
		    const struct hb_tune_setting *s)
{
	return fmax(loss_rate(m, s) + delay_rate(m, s),
		    hb_tune_seen(m->data, s) / m->data->span);
}

/* The same, but no more than what was seen leaves possible. */
double hb_tune_expected(const struct hb_tune_model *m,
			const struct hb_tune_setting *s)
{
	double most = hb_tune_upper(hb_tune_seen(m->data, s));

	return fmin(hb_tune_rate(m, s), most / m->data->span);
}

/* Losses so far that would have been wrong verdicts. Those too long to be
 * counted are left to the gaps.
 */
static double seen_lost(const struct hb_tune_data *d,
			const struct hb_tune_setting *s)
{
	double least = deadly(d->jitter, s->detect / s->interval) *
		       s->interval / d->interval;
	double seen = 0;
	unsigned int i;

	for (i = 1; i < HB_BURST_MAX; i++)
		if (i >= least - 0.001)
			seen += d->burst[i];
	return seen;
}

/* Mistakes whose silence was that long, at most: the average bounds how many
 * can be far above it (Markov's inequality).
 */
static double seen_cut(const struct hb_tune_data *d, double least)
{
	if (!d->cut || least > d->silence_max)
		return 0;
	if (least <= d->silence)
		return d->cut;
	return fmax(1, d->cut * (d->silence - d->deadline) /
		       (least - d->deadline));
}

/* Silences so far that would have been wrong verdicts, or may have been, as far
 * as buckets tell. At a shorter interval losses leave shorter gaps, so that
 * only delays tell.
 */
double hb_tune_seen(const struct hb_tune_data *d,
		    const struct hb_tune_setting *s)
{
	double least = shortest(d, s), seen;

	seen = hb_tune_hist_tail(&d->delay, least) + seen_lost(d, s);
	if (s->interval >= 0.999 * d->interval) {
		seen = fmax(seen, hb_tune_hist_sure(&d->gap, least));
		if (least > fmax(d->gap.max, d->delay.max))
			seen = 0;
	}
	return seen + floor(seen_cut(d, least));
}

/* How often this node was that late with its own timers that, if it was so with
 * a beat, its peer would have declared it down. A multiplier of 1 has the beats
 * leave 10 % early.
 */
double hb_tune_late(const struct hb_tune_data *d,
		    const struct hb_tune_setting *s)
{
	return hb_tune_hist_tail(&d->late, fmax(s->detect - s->interval,
						s->detect / 10));
}

/* Upper limit, with 95 % confidence, of what gives n events on average: 3 for
 * none (Wilson and Hilferty's approximation to chi squared).
 */
double hb_tune_upper(double n)
{
	double k = n + 1, root = 1 - 1 / (9 * k) + 1.6449 / (3 * sqrt(k));

	return n ? k * root * root * root : 3;
}

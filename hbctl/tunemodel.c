// SPDX-License-Identifier: GPL-2.0
/* How often a living peer is declared down, by the losses that were measured.
 *
 * A path is good or bad, and beats in the bad state are lost (Gilbert,
 * "Capacity of a Burst-Noise Channel", Bell System Technical Journal 39, 1960).
 * With a
 * share p of lost beats and a probability q that a lost one is followed by
 * another lost one, n are lost in a row at least
 *
 *	p (1 - q) q^(n - 1) / T
 *
 * times a second. A verdict within K T is wrong if K are lost in a row. With
 * independent losses q is p, and that is, but for a factor 1 - p, once in
 * T / p^K.
 *
 * At another interval p stays, and q = p + (1 - p) e^(-T / tau), where tau is
 * how long the path remembers: this is a Markov chain in continuous time.
 */
#include <math.h>

#include "tunemodel.h"

/* Beats lost in a row that can make a verdict wrong. The last of K comes right
 * before the deadline, 1 % of it on average; jitter can make it miss that.
 */
static unsigned int deadly(bool jitter, unsigned int multiplier)
{
	return multiplier > 1 && jitter ? multiplier - 1 : multiplier;
}

/* Of a geometric distribution that is cut off where a verdict ends the session
 * and the counting with it, the most likely q: bits of losses that went on over
 * all of them. A wrong verdict is a loss that went on that far at least.
 */
static double fit_again(const struct hb_tune_data *d, double loss)
{
	unsigned int cut = deadly(d->jitter, d->multiplier);
	double on = d->wrong * cut, ended = 0;
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
	double lost = d->lost + d->wrong * d->multiplier;
	double beats = d->beats + d->wrong * d->multiplier;

	*m = (struct hb_tune_model){
		.interval = d->interval,
		.jitter = d->jitter,
		.bound = !lost,
	};
	m->loss = lost ? lost / beats : hb_tune_upper(0) / beats;
	if (m->loss > 0.99)
		m->loss = 0.99;
	m->again = fit_again(d, m->loss);
}

/* Wrong verdicts a second at an interval and a multiplier. */
double hb_tune_rate(const struct hb_tune_model *m, double interval,
		    unsigned int multiplier)
{
	double memory = (m->again - m->loss) / (1 - m->loss);
	double q = m->loss, rate, sooner;

	if (memory > 0)
		q += (1 - m->loss) * pow(memory, interval / m->interval);
	rate = m->loss * (1 - q) * pow(q, multiplier - 1.0) / interval;
	sooner = m->loss * (1 - q) / interval;
	sooner *= pow(q, deadly(m->jitter, multiplier) - 1.0);
	/* jitter goes either way: half of the last ones of K miss it */
	return (rate + sooner) / 2;
}

/* Losses so far that would have been wrong verdicts at an interval and a
 * multiplier; those that were may or may not have been that long, and count.
 */
double hb_tune_seen(const struct hb_tune_data *d, double interval,
		    unsigned int multiplier)
{
	double least = deadly(d->jitter, multiplier) * interval / d->interval;
	double seen = d->wrong;
	unsigned int i;

	for (i = 1; i <= HB_BURST_MAX; i++)
		if (i >= least - 0.001)
			seen += d->burst[i];
	/* what is longer than can be counted may be that long */
	if (least > HB_BURST_MAX)
		seen += d->burst[HB_BURST_MAX];
	return seen;
}

/* Upper limit, with 95 % confidence, of what gives n events on average: 3 for
 * none (Wilson and Hilferty's approximation to chi squared).
 */
double hb_tune_upper(double n)
{
	double k = n + 1, root = 1 - 1 / (9 * k) + 1.6449 / (3 * sqrt(k));

	return n ? k * root * root * root : 3;
}

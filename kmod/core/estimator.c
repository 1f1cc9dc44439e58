// SPDX-License-Identifier: GPL-2.0
/* Adaptive detection, after NFD-E (Chen, Toueg, Aguilera, IEEE TC 51(5), 2002):
 * the deadline counts from when the next beat is expected, not from the last
 * one, so that one late beat does not put off the next deadline. Two windows, a
 * short and a long one, whichever expects later, are 2W-FD's (Tomsic et al.,
 * IPDPS 2015). Pure: no clock, no lock.
 */
#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "estimator.h"

/* Between two beats that are further apart than this the peer's clock may have
 * wrapped, which it does after 71 minutes.
 */
#define HB_EST_APART_US	BIT_ULL(31)
#define HB_EST_US	1000

static void hb_est_begin(struct hb_est *est)
{
	est->begun = true;
	est->n = 0;
	est->offset = 0;
	est->short_ns = 0;
	est->long_ns = 0;
}

void hb_est_session(struct hb_est *est)
{
	est->begun = false;
	est->n = 0;
}

static s64 hb_est_expected(const struct hb_est *est)
{
	return max(est->short_ns, est->long_ns);
}

static void hb_est_raise(struct hb_est *est, const struct hb_est_cfg *cfg,
			 s64 late)
{
	est->peak_ns = max(est->peak_ns, min_t(s64, late, cfg->ceiling_ns));
}

/* The first beats of a session weigh more in the long windows, or its first one
 * would be remembered for long.
 */
static unsigned int hb_est_shift(const struct hb_est *est, unsigned int bits)
{
	return min_t(unsigned int, fls(est->n), bits);
}

static void hb_est_learn(struct hb_est *est, const struct hb_est_cfg *cfg,
			 s64 late)
{
	s64 limit = cfg->ceiling_ns;
	s64 x = clamp(est->offset - est->long_ns, -limit, limit);

	if (est->n < U16_MAX)
		est->n++;
	est->short_ns += (est->long_ns + x - est->short_ns) >> 1;
	est->dev_ns += (abs(x) - est->dev_ns) >>
		       hb_est_shift(est, HB_EST_DEV_BITS);
	est->long_ns += x >> hb_est_shift(est, HB_EST_LONG_BITS);
	est->peak_ns -= est->peak_ns >> HB_EST_PEAK_BITS;
	hb_est_raise(est, cfg, late);
}

void hb_est_hear(struct hb_est *est, const struct hb_est_cfg *cfg, u32 sent_us,
		 u64 now, bool learn)
{
	u64 sent = (u64)(u32)(sent_us - est->sent_us) * HB_EST_US;
	u64 came = now - est->rx_ns;
	s64 late;

	if (!est->begun || came > HB_EST_APART_US * HB_EST_US) {
		hb_est_begin(est);
	} else {
		late = came - cfg->interval_ns + est->offset -
		       hb_est_expected(est);
		est->offset += came - sent;
		if (learn)
			hb_est_learn(est, cfg, late);
	}
	est->sent_us = sent_us;
	est->rx_ns = now;
}

void hb_est_wronged(struct hb_est *est, const struct hb_est_cfg *cfg,
		    u64 silence)
{
	if (silence <= cfg->ceiling_ns && silence > cfg->interval_ns)
		hb_est_raise(est, cfg, silence - cfg->interval_ns);
}

/* D = T + expected - offset + 4 dev + 5/4 peak */
u64 hb_est_detect_ns(const struct hb_est *est, const struct hb_est_cfg *cfg)
{
	s64 limit = cfg->ceiling_ns;
	s64 slack = 4 * est->dev_ns + est->peak_ns + est->peak_ns / 4;
	s64 ahead = clamp(hb_est_expected(est) - est->offset, -limit, limit);
	s64 detect = cfg->interval_ns + ahead + slack;

	if (est->n < HB_EST_WARM)
		detect = max_t(s64, detect, cfg->fixed_ns);
	return clamp_t(s64, detect, cfg->floor_ns, limit);
}

/* Binary logarithm of x > 0, 16 bits behind the point */
static u32 hb_est_log2(u64 x)
{
	unsigned int whole = fls64(x) - 1, bit;
	u32 log = whole << 16;

	/* x in [1, 2), 31 bits behind the point; squaring doubles the log */
	x = whole > 31 ? x >> (whole - 31) : x << (31 - whole);
	for (bit = 1 << 15; bit; bit >>= 1) {
		x = x * x >> 31;
		if (x >> 32) {
			x >>= 1;
			log |= bit;
		}
	}
	return log;
}

u32 hb_est_suspicion(u64 total, u64 tail)
{
	u64 log = hb_est_log2(total + 1) - hb_est_log2(tail + 1);

	/* times 1000 log10(2) = 301.03 */
	return div_u64(log * 30103, 100) >> 16;
}

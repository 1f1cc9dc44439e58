/* SPDX-License-Identifier: GPL-2.0 */
/* Adaptive detection: when is the next beat due at the latest, by the arrivals
 * so far? Integers only. Pure: no clock, no lock.
 */
#ifndef _HB_ESTIMATOR_H
#define _HB_ESTIMATOR_H

#include <linux/types.h>

enum hb_est_limits {
	HB_EST_LONG_BITS = 10,	/* the long window is 1024 beats */
	HB_EST_DEV_BITS = 5,	/* that of the deviation 32 */
	HB_EST_PEAK_BITS = 14,	/* the peak falls by 1/16384 with every beat */
	HB_EST_WARM = 16,	/* beats before less than D = K T is dared */
};

/**
 * struct hb_est_cfg - what bounds a detection time; all in ns
 * @interval_ns: the peer sends at least this often
 * @fixed_ns: what the detection time would be without adaption
 * @floor_ns: the shortest, at least @interval_ns
 * @ceiling_ns: the longest, at least @floor_ns and below 2^50
 */
struct hb_est_cfg {
	u64 interval_ns;
	u64 fixed_ns;
	u64 floor_ns;
	u64 ceiling_ns;
};

/**
 * struct hb_est - what is known of the arrivals of a peer; all in ns
 * @begun: there was a beat in this session
 * @n: beats that were learned from in this session, up to HB_EST_WARM and more
 * @sent_us: the peer's clock when it sent the last beat
 * @rx_ns: when that came
 * @offset: its delay, as far as it differs from that of the first beat
 * @short_ns: mean of that over about 2 beats
 * @long_ns: and over about 1024
 * @dev_ns: mean deviation from @long_ns
 * @peak_ns: latest that a beat came after the time it was expected, fading
 */
struct hb_est {
	bool begun;
	u16 n;
	u32 sent_us;
	u64 rx_ns;
	s64 offset;
	s64 short_ns;
	s64 long_ns;
	s64 dev_ns;
	s64 peak_ns;
};

/**
 * hb_est_session() - a new session began
 * @est: what is known
 *
 * The clocks have nothing in common with those of before. What is known of the
 * path stays, or a peer would be wronged in each session anew.
 */
void hb_est_session(struct hb_est *est);

/**
 * hb_est_hear() - a beat came
 * @est: what is known
 * @cfg: bounds
 * @sent_us: the peer's clock when it sent it
 * @now: when it came
 * @learn: false for a beat that came after the deadline, or while we were late
 *	ourselves: nothing is learned from those
 */
void hb_est_hear(struct hb_est *est, const struct hb_est_cfg *cfg, u32 sent_us,
		 u64 now, bool learn);

/**
 * hb_est_wronged() - a peer that was declared down had been alive
 * @est: what is known
 * @cfg: bounds
 * @silence: how long it was silent
 *
 * If no more than the ceiling would have spared it, a silence like that is
 * survived from now on.
 */
void hb_est_wronged(struct hb_est *est, const struct hb_est_cfg *cfg,
		    u64 silence);

/**
 * hb_est_detect_ns() - detection time after the last beat
 * @est: what is known
 * @cfg: bounds
 *
 * Return: ns from the last beat on, from the floor to the ceiling.
 */
u64 hb_est_detect_ns(const struct hb_est *est, const struct hb_est_cfg *cfg);

/**
 * hb_est_suspicion() - how unusual is a silence?
 * @total: gaps between two beats so far
 * @tail: those among them that were as long as the silence
 *
 * Return: minus the decimal logarithm of (@tail + 1) / (@total + 1), in
 * thousandths; as phi of an accrual detector, out of what was measured instead
 * of a distribution that is assumed.
 */
u32 hb_est_suspicion(u64 total, u64 tail);

#endif /* _HB_ESTIMATOR_H */

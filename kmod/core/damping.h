/* SPDX-License-Identifier: GPL-2.0 */
/* Damping: a peer that was down has to be heard for a while before it is up
 * again, the longer the more often it dies. Deaths are never put off. Pure: no
 * clock, no lock.
 */
#ifndef _HB_DAMPING_H
#define _HB_DAMPING_H

#include <linux/types.h>

enum hb_damping_limits {
	HB_DAMPING_DOUBLINGS = 6,	/* the hold grows to 64 times */
	HB_DAMPING_MEMORY = 64,		/* holds of life that halve it again */
};

/**
 * struct hb_damping - what is kept for a peer
 * @returned: it was up again after a death
 * @doublings: of the hold
 * @back_ns: when it was last up again
 * @held_ns: when its session went live, while it is held
 */
struct hb_damping {
	bool returned;
	u8 doublings;
	u64 back_ns;
	u64 held_ns;
};

/**
 * hb_damping_died() - a peer that was up is declared down
 * @d: of the peer
 * @hold: the hold that is configured, in ns; 0 damps nothing
 * @now: ns
 *
 * A death within HB_DAMPING_MEMORY holds of the last return doubles the hold;
 * every such time that the peer lived through before it died halves it.
 */
void hb_damping_died(struct hb_damping *d, u64 hold, u64 now);

/**
 * hb_damping_hold() - the session of a peer that is down went live
 * @d: of the peer
 * @now: ns
 */
void hb_damping_hold(struct hb_damping *d, u64 now);

/**
 * hb_damping_left_ns() - for how much longer has it to be heard?
 * @d: of the peer, which is held
 * @hold: the hold that is configured, in ns
 * @now: ns
 *
 * Return: ns; 0 if it was heard for long enough.
 */
u64 hb_damping_left_ns(const struct hb_damping *d, u64 hold, u64 now);

/**
 * hb_damping_back() - a peer that was down is up again
 * @d: of the peer
 * @now: ns
 */
void hb_damping_back(struct hb_damping *d, u64 now);

#endif /* _HB_DAMPING_H */

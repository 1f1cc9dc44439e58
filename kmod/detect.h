/* SPDX-License-Identifier: GPL-2.0 */
/* How long a peer may be silent. All under the peer's lock. */
#ifndef _HB_DETECT_H
#define _HB_DETECT_H

#include "peer.h"

/**
 * hb_detect_interval_us() - the slower of two sides' intervals
 * @peer: its lock is held, or a private copy
 *
 * Return: what the peer's beats may be apart, in microseconds.
 */
static inline u32 hb_detect_interval_us(const struct hb_peer *peer)
{
	return max(peer->remote.interval_us, peer->cfg.interval_us);
}

/**
 * hb_detect_guard_ns() - a lateness of ours that is too much to judge by
 * @peer: its lock is held, or a private copy
 *
 * Return: half the interval, in ns.
 */
static inline u64 hb_detect_guard_ns(const struct hb_peer *peer)
{
	return (u64)hb_detect_interval_us(peer) * NSEC_PER_USEC / 2;
}

/**
 * hb_detect_fixed_ns() - detection time without adaption
 * @peer: its lock is held, or a private copy
 *
 * Return: multiplier times the interval, in ns.
 */
static inline u64 hb_detect_fixed_ns(const struct hb_peer *peer)
{
	return (u64)hb_detect_interval_us(peer) * peer->cfg.multiplier *
	       NSEC_PER_USEC;
}

/**
 * hb_detect_bounds() - bounds of the detection time of a peer
 * @peer: its lock is held
 * @cfg: filled
 *
 * Context: any.
 */
void hb_detect_bounds(const struct hb_peer *peer, struct hb_est_cfg *cfg);

/**
 * hb_detect_ns() - detection time in force
 * @peer: its lock is held
 *
 * Context: any.
 * Return: ns from the last beat on; with detect adaptive every beat changes it.
 */
u64 hb_detect_ns(const struct hb_peer *peer);

/**
 * hb_detect_allowed_ns() - silence after which the peer is declared down
 * @peer: its lock is held
 *
 * A peer that says it was late lately gets so much more time, up to as much
 * again as the detection time.
 *
 * Return: ns.
 */
static inline u64 hb_detect_allowed_ns(const struct hb_peer *peer)
{
	u64 detect = hb_detect_ns(peer);

	return detect + min((u64)peer->remote.stalled_us * NSEC_PER_USEC,
			    detect);
}

#endif /* _HB_DETECT_H */

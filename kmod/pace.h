/* SPDX-License-Identifier: GPL-2.0 */
/* When a peer gets its beats. */
#ifndef _HB_PACE_H
#define _HB_PACE_H

#include "peer.h"

/**
 * hb_pace_tick() - time for a beat
 * @timer: &hb_peer.tx_timer
 *
 * Context: softirq.
 */
void hb_pace_tick(struct hb_timer *timer);

/**
 * hb_pace_standby_tick() - time to see whether the beat was sent
 * @timer: &hb_peer.standby
 *
 * Context: softirq.
 */
void hb_pace_standby_tick(struct hb_timer *timer);

/**
 * hb_pace_retime() - the announced interval may have changed
 * @peer: the peer
 * @now: CLOCK_MONOTONIC in ns
 *
 * The interval in force follows what we announce: down at once, up when the
 * peer says that it judges by it.
 *
 * Context: under the peer's lock.
 */
void hb_pace_retime(struct hb_peer *peer, u64 now);

#endif /* _HB_PACE_H */

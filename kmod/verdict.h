/* SPDX-License-Identifier: GPL-2.0 */
/* Is a silent peer dead? */
#ifndef _HB_VERDICT_H
#define _HB_VERDICT_H

#include "peer.h"

/**
 * hb_verdict_expired() - a detection time may be over
 * @timer: &hb_peer.detect_timer
 *
 * Context: softirq.
 */
void hb_verdict_expired(struct hb_timer *timer);

/**
 * hb_verdict_retime() - the detection time may have become shorter
 * @peer: the peer
 * @now: CLOCK_MONOTONIC in ns
 *
 * The detection timer moves itself to later, but must be told to come sooner.
 *
 * Context: under the peer's lock.
 */
void hb_verdict_retime(struct hb_peer *peer, u64 now);

/**
 * hb_verdict_defer() - move the detection timer if it would come for nothing
 * @peer: the peer
 * @now: CLOCK_MONOTONIC in ns
 * @until: when this CPU will be woken for the peer again
 *
 * A timer that is set to come before that, and by then has been made obsolete
 * by beats that were heard, is moved now that the CPU is awake. One on another
 * CPU stays there, and one that is late tells so itself.
 *
 * Context: softirq, under the peer's lock.
 */
void hb_verdict_defer(struct hb_peer *peer, u64 now, u64 until);

#endif /* _HB_VERDICT_H */

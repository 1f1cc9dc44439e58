/* SPDX-License-Identifier: GPL-2.0 */
/* Damping: when is a peer that was down up again? */
#ifndef _HB_DAMP_H
#define _HB_DAMP_H

#include "peer.h"

/**
 * hb_damp() - what an event means to a peer that may be damped
 * @peer: the peer, before the step
 * @event: enum hb_fsm_event
 * @now: CLOCK_MONOTONIC in ns
 *
 * Context: under the peer's lock.
 * Return: the event that the state machine has to see.
 */
u8 hb_damp(struct hb_peer *peer, u8 event, u64 now);

/**
 * hb_damp_entered() - a peer has changed its state
 * @peer: the peer
 * @from: state it was in
 * @now: CLOCK_MONOTONIC in ns
 *
 * Context: under the peer's lock.
 */
void hb_damp_entered(struct hb_peer *peer, u8 from, u64 now);

/**
 * hb_damp_left_ns() - for how much longer is a peer held down?
 * @peer: the peer
 * @now: CLOCK_MONOTONIC in ns
 *
 * Context: under the peer's lock.
 * Return: ns; 0 if it is not held.
 */
u64 hb_damp_left_ns(const struct hb_peer *peer, u64 now);

#endif /* _HB_DAMP_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Adaptive detection: what the estimator of a peer learns. All under the peer's
 * lock.
 */
#ifndef _HB_ADAPT_H
#define _HB_ADAPT_H

#include "core/wire.h"
#include "peer.h"
#include "report.h"

/**
 * hb_adapt_hear() - a beat that counts as life came
 * @peer: the peer, not yet told of it
 * @pdu: the beat
 * @now: CLOCK_MONOTONIC in ns
 * @late: this node was late since the last beat
 *
 * Context: softirq.
 */
void hb_adapt_hear(struct hb_peer *peer, const struct hb_pdu *pdu, u64 now,
		   bool late);

/**
 * hb_adapt_step() - does an event prove that a peer was wronged?
 * @peer: the peer, before the step
 * @fact: what happened
 *
 * Context: any.
 */
void hb_adapt_step(struct hb_peer *peer, const struct hb_fact *fact);

#endif /* _HB_ADAPT_H */

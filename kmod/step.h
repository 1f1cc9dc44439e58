/* SPDX-License-Identifier: GPL-2.0 */
/* One step of a peer's state machine, and its effects. */
#ifndef _HB_STEP_H
#define _HB_STEP_H

#include "core/wire.h"
#include "peer.h"
#include "report.h"

/* How often a goodbye is sent */
#define HB_GOODBYES	3

/**
 * struct hb_effects - what is left to do without the lock
 * @flush: there are events to multicast
 * @send: @pdu is to be sent
 * @again: and sent again so often, byte for byte
 * @confirm: with it, confirm the neighbour that it goes to
 * @pdu: a packet
 */
struct hb_effects {
	bool flush;
	bool send;
	u8 again;
	bool confirm;
	struct hb_pdu pdu;
};

/**
 * hb_step() - let a fact change the state of a peer
 * @peer: the peer
 * @fx: what is to be done without the lock is noted here
 * @fact: what happened
 *
 * Context: softirq, or process with BH disabled; under the peer's lock.
 */
void hb_step(struct hb_peer *peer, struct hb_effects *fx,
	     const struct hb_fact *fact);

/**
 * hb_step_apply() - carry out what was noted
 * @peer: the peer
 * @fx: what was noted
 *
 * Context: softirq, or process with BH disabled; under no lock of ours.
 */
void hb_step_apply(struct hb_peer *peer, struct hb_effects *fx);

/**
 * hb_step_send() - note a packet to be sent
 * @peer: the peer
 * @fx: noted here
 * @type: enum hb_wire_type
 * @now: CLOCK_MONOTONIC in ns
 *
 * To a peer that is hushed nothing is sent.
 *
 * Context: under the peer's lock.
 */
void hb_step_send(struct hb_peer *peer, struct hb_effects *fx, u8 type,
		  u64 now);

/**
 * hb_step_goodbye() - end the live session, if any, and note a goodbye
 * @peer: the peer
 * @fx: noted here
 * @reason: enum hb_reason, for the peer
 * @now: CLOCK_MONOTONIC in ns
 *
 * Nobody acknowledges a goodbye and a network loses packets, so it is sent
 * HB_GOODBYES times. All copies have one sequence number: the peer takes the
 * first that comes and drops the others as replays.
 *
 * Context: under the peer's lock.
 */
void hb_step_goodbye(struct hb_peer *peer, struct hb_effects *fx, u8 reason,
		     u64 now);

/**
 * hb_step_begin() - begin to beat
 * @peer: the peer, enabled
 * @fx: the first beat is noted here
 * @now: CLOCK_MONOTONIC in ns
 *
 * The first beat goes out at once, the next ones from a random phase on.
 *
 * Context: under the peer's lock.
 */
void hb_step_begin(struct hb_peer *peer, struct hb_effects *fx, u64 now);

/* What to do at a deadline that has come, @late ns ago */
typedef void hb_step_due_fn(struct hb_peer *peer, struct hb_effects *fx,
			    u64 now, u64 late);

/**
 * hb_step_expired() - the callback of a peer's timer
 * @peer: the peer
 * @timer: one of its timers
 * @due: called under the peer's lock if the deadline has really come
 *
 * Counts how late the timer is.
 *
 * Context: softirq, under no lock of ours.
 */
void hb_step_expired(struct hb_peer *peer, struct hb_timer *timer,
		     hb_step_due_fn *due);

#endif /* _HB_STEP_H */

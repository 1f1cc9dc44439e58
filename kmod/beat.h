/* SPDX-License-Identifier: GPL-2.0 */
/* What we say to a peer, and when. All under the peer's lock. */
#ifndef _HB_BEAT_H
#define _HB_BEAT_H

#include "core/wire.h"
#include "peer.h"

/**
 * hb_beat_next_gap() - time from one beat to the next
 * @peer: the peer
 *
 * Never late, so that a detection time holds all its beats, but 4 to 8 % early:
 * if all beats of a detection time are lost but the last one, this is what it
 * may be delayed by, 18 % of an interval with a multiplier of 3; and nodes do
 * not keep step. A peer that may miss none gets them 10 to 25 % early (RFC 5880
 * section 6.8.7, which allows up to 25 % for all).
 *
 * Context: any.
 * Return: ns.
 */
u64 hb_beat_next_gap(const struct hb_peer *peer);

/**
 * hb_beat_announced_us() - interval that we announce
 * @peer: the peer
 *
 * Context: any.
 * Return: the slower of what we want and what the peer accepts, in
 * microseconds.
 */
u32 hb_beat_announced_us(const struct hb_peer *peer);

/**
 * hb_beat_standby_at() - when the standby CPU sends what is due
 * @peer: the peer
 *
 * A quarter of an interval late: three beats sent like that in a row still come
 * within the detection time of three.
 *
 * Context: any.
 * Return: CLOCK_MONOTONIC in ns.
 */
static inline u64 hb_beat_standby_at(const struct hb_peer *peer)
{
	return peer->tx_due_ns + peer->tx_interval_ns / 4;
}

/**
 * hb_beat_note_stall() - a beat is sent so late that the peer should know
 * @peer: the peer
 * @late: how late, in ns
 * @now: CLOCK_MONOTONIC in ns
 *
 * Told with all beats for the next two seconds.
 *
 * Context: any.
 */
void hb_beat_note_stall(struct hb_peer *peer, u64 late, u64 now);

/**
 * hb_beat_compose() - the next packet to a peer
 * @peer: the peer, whose sequence number rises
 * @pdu: filled
 * @type: enum hb_wire_type
 * @now: CLOCK_MONOTONIC in ns
 *
 * Context: any.
 */
void hb_beat_compose(struct hb_peer *peer, struct hb_pdu *pdu, u8 type,
		     u64 now);

/**
 * hb_beat_may_answer() - may we answer a peer that asks for a session?
 * @peer: the peer
 * @now: CLOCK_MONOTONIC in ns
 *
 * Answers are paid out of a bucket that an interval fills, which bounds what
 * replayed questions can make us send.
 *
 * Context: any.
 * Return: true if so, when it was paid.
 */
bool hb_beat_may_answer(struct hb_peer *peer, u64 now);

/**
 * hb_beat_measure_rtt() - take the round-trip time out of a packet
 * @peer: the peer, which tells which of our beats it heard and how long ago
 * @pdu: the packet
 * @now: when it came, CLOCK_MONOTONIC in ns
 *
 * Needs no common clock. The peer tells the time in microseconds, which is how
 * exact the result is.
 *
 * Context: any.
 */
void hb_beat_measure_rtt(struct hb_peer *peer, const struct hb_pdu *pdu,
			 u64 now);

#endif /* _HB_BEAT_H */

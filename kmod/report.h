/* SPDX-License-Identifier: GPL-2.0 */
/* Events out of facts, with the evidence. All under the peer's lock; to be
 * followed up with hb_event_flush() without it.
 */
#ifndef _HB_REPORT_H
#define _HB_REPORT_H

#include "peer.h"

/**
 * struct hb_fact - what happened to a peer
 * @event: enum hb_fsm_event
 * @reason: enum hb_reason, for a change of state that is not for the better
 * @now: when, CLOCK_MONOTONIC in ns
 * @late_ns: how late we noticed
 * @cpu: for a stall, the CPU that does not answer
 * @cpu_known: there is such a CPU
 * @blame: where the time was spent, if that is known
 */
struct hb_fact {
	u8 event;
	u8 reason;
	u64 now;
	u64 late_ns;
	int cpu;
	bool cpu_known;
	struct hb_parts blame;
};

/**
 * hb_report_missed() - how many beats should have come in a silence
 * @peer: the peer
 * @silence: ns
 *
 * Context: any.
 * Return: the number.
 */
u32 hb_report_missed(const struct hb_peer *peer, u64 silence);

/**
 * hb_report_state() - a peer has changed its state
 * @peer: the peer, in its new state
 * @fact: why
 * @from: state it was in
 *
 * Context: softirq, or process with BH disabled.
 */
void hb_report_state(struct hb_peer *peer, const struct hb_fact *fact, u8 from);

/**
 * hb_report_mistake() - a peer that is down had been alive
 * @peer: the peer
 * @fact: when
 *
 * Counted and reported once for each time it was declared down for its silence.
 *
 * Context: softirq, or process with BH disabled.
 * Return: true if it was reported.
 */
bool hb_report_mistake(struct hb_peer *peer, const struct hb_fact *fact);

/**
 * hb_report_one_way() - whether the peer hears us has changed
 * @peer: the peer
 * @fact: when
 *
 * Context: softirq, or process with BH disabled.
 */
void hb_report_one_way(struct hb_peer *peer, const struct hb_fact *fact);

/**
 * hb_report_put_off() - we were too late ourselves to judge a peer
 * @peer: the peer
 *
 * Counted only. Context: softirq.
 */
void hb_report_put_off(struct hb_peer *peer);

/**
 * hb_report_stall() - this node, or a CPU of it, stood still
 * @peer: the peer by which that was found
 * @fact: when, and for how long
 * @end: when it was over
 *
 * Once, however many peers find it.
 *
 * Context: softirq.
 * Return: true if there is an event.
 */
bool hb_report_stall(struct hb_peer *peer, const struct hb_fact *fact, u64 end);

#endif /* _HB_REPORT_H */

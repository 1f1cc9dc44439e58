/* SPDX-License-Identifier: GPL-2.0 */
/* How well the detector did on a peer: the metrics of Chen, Toueg and Aguilera,
 * "On the Quality of Service of Failure Detectors", IEEE Transactions on
 * Computers 51(5), 2002, measured. Pure: no clock, no lock.
 */
#ifndef _HB_QOS_H
#define _HB_QOS_H

#include <linux/types.h>

/**
 * struct hb_qos_sum - what adds up over peers; times are in ns
 * @observed_ns: time that peers were up and judged
 * @known_ns: time since they were first up
 * @detections: deaths declared by timeout
 * @detection_ns: from the last beat to the verdict, in total
 * @detection_min_ns: the shortest; means nothing without a detection
 * @detection_max_ns: the longest
 * @mistakes: verdicts that were wrong
 * @wrong_ns: from the wrong verdicts to the returns, in total
 * @wrong_max_ns: the longest
 * @spans: pairs of mistakes, one after the other
 * @span_ns: time lived from one to the next, in total
 */
struct hb_qos_sum {
	u64 observed_ns;
	u64 known_ns;
	u64 detections;
	u64 detection_ns;
	u64 detection_min_ns;
	u64 detection_max_ns;
	u64 mistakes;
	u64 wrong_ns;
	u64 wrong_max_ns;
	u64 spans;
	u64 span_ns;
};

/**
 * struct hb_qos - what is kept for a peer
 * @sum: what has ended
 * @seen: it was up once
 * @up: it is up
 * @first_ns: when it was first up
 * @since_ns: when it came up, if it is
 * @mistake_ns: time it had lived when the last mistake began
 */
struct hb_qos {
	struct hb_qos_sum sum;
	bool seen;
	bool up;
	u64 first_ns;
	u64 since_ns;
	u64 mistake_ns;
};

/**
 * hb_qos_up() - a peer came up
 * @q: of the peer, which was not up
 * @now: ns
 */
void hb_qos_up(struct hb_qos *q, u64 now);

/**
 * hb_qos_gone() - a peer is up no longer
 * @q: of the peer, which may not have been up at all
 * @now: ns
 */
void hb_qos_gone(struct hb_qos *q, u64 now);

/**
 * hb_qos_detected() - a peer that was up was declared down by timeout
 * @q: of the peer
 * @silence: time from its last beat to the verdict
 */
void hb_qos_detected(struct hb_qos *q, u64 silence);

/**
 * hb_qos_mistake() - a peer that was declared down had been alive
 * @q: of the peer, which is not up
 * @duration: time from the verdict to the return
 */
void hb_qos_mistake(struct hb_qos *q, u64 duration);

/**
 * hb_qos_add() - add a peer to a sum
 * @sum: zeroed, or what was added before
 * @q: of the peer
 * @now: ns, up to when what goes on counts
 */
void hb_qos_add(struct hb_qos_sum *sum, const struct hb_qos *q, u64 now);

/**
 * hb_qos_mean() - mean of times
 * @total: their sum
 * @n: how many there are
 *
 * Return: ns, 0 if there is none.
 */
u64 hb_qos_mean(u64 total, u64 n);

/**
 * hb_qos_accuracy_ppb() - query accuracy probability
 * @sum: the sum
 *
 * Return: the share of the time lived in which a peer was thought to live, in
 * parts per billion; a peer has lived while it was up and while it was wronged.
 */
u32 hb_qos_accuracy_ppb(const struct hb_qos_sum *sum);

/**
 * hb_qos_availability_ppb() - share of the time that peers were up
 * @sum: the sum
 *
 * Return: parts per billion of the time since they were first up.
 */
u32 hb_qos_availability_ppb(const struct hb_qos_sum *sum);

#endif /* _HB_QOS_H */

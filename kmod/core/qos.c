// SPDX-License-Identifier: GPL-2.0
/* How well the detector did on a peer, see qos.h. Pure: no clock, no lock. */
#include <linux/math64.h>
#include <linux/minmax.h>

#include "qos.h"

#define HB_QOS_BILLION	1000000000U

void hb_qos_up(struct hb_qos *q, u64 now)
{
	if (!q->seen)
		q->first_ns = now;
	q->seen = true;
	q->up = true;
	q->since_ns = now;
}

void hb_qos_gone(struct hb_qos *q, u64 now)
{
	if (q->up)
		q->sum.observed_ns += now - q->since_ns;
	q->up = false;
}

void hb_qos_detected(struct hb_qos *q, u64 silence)
{
	struct hb_qos_sum *sum = &q->sum;

	if (!sum->detections || silence < sum->detection_min_ns)
		sum->detection_min_ns = silence;
	sum->detection_max_ns = max(sum->detection_max_ns, silence);
	sum->detection_ns += silence;
	sum->detections++;
}

/* From one mistake to the next only the time counts that the peer lived, for a
 * dead one can't be wronged.
 */
void hb_qos_mistake(struct hb_qos *q, u64 duration)
{
	struct hb_qos_sum *sum = &q->sum;
	u64 lived = sum->observed_ns + sum->wrong_ns;

	if (sum->mistakes) {
		sum->spans++;
		sum->span_ns += lived - q->mistake_ns;
	}
	q->mistake_ns = lived;
	sum->mistakes++;
	sum->wrong_ns += duration;
	sum->wrong_max_ns = max(sum->wrong_max_ns, duration);
}

static void hb_qos_add_detections(struct hb_qos_sum *sum,
				  const struct hb_qos_sum *one)
{
	if (!one->detections)
		return;
	if (!sum->detections || one->detection_min_ns < sum->detection_min_ns)
		sum->detection_min_ns = one->detection_min_ns;
	sum->detection_max_ns = max(sum->detection_max_ns,
				    one->detection_max_ns);
	sum->detection_ns += one->detection_ns;
	sum->detections += one->detections;
}

void hb_qos_add(struct hb_qos_sum *sum, const struct hb_qos *q, u64 now)
{
	const struct hb_qos_sum *one = &q->sum;

	sum->observed_ns += one->observed_ns;
	if (q->up)
		sum->observed_ns += now - q->since_ns;
	if (q->seen)
		sum->known_ns += now - q->first_ns;
	hb_qos_add_detections(sum, one);
	sum->mistakes += one->mistakes;
	sum->wrong_ns += one->wrong_ns;
	sum->wrong_max_ns = max(sum->wrong_max_ns, one->wrong_max_ns);
	sum->spans += one->spans;
	sum->span_ns += one->span_ns;
}

u64 hb_qos_mean(u64 total, u64 n)
{
	return n ? div64_u64(total, n) : 0;
}

/* Bits that no part per billion depends on go first, so that nothing overflows.
 */
static u32 hb_qos_share_ppb(u64 part, u64 whole)
{
	while (whole >> 33) {
		part >>= 1;
		whole >>= 1;
	}
	return whole ? div64_u64(part * HB_QOS_BILLION, whole) : 0;
}

u32 hb_qos_accuracy_ppb(const struct hb_qos_sum *sum)
{
	return HB_QOS_BILLION -
	       hb_qos_share_ppb(sum->wrong_ns,
				sum->observed_ns + sum->wrong_ns);
}

u32 hb_qos_availability_ppb(const struct hb_qos_sum *sum)
{
	return hb_qos_share_ppb(sum->observed_ns, sum->known_ns);
}

// SPDX-License-Identifier: GPL-2.0
/* Quality of service of the detector, against figures found by hand. */
#include <kunit/test.h>
#include <linux/limits.h>

#include "core/qos.h"

#define S	1000000000ULL

static struct hb_qos_sum hb_qos_read(const struct hb_qos *q, u64 now)
{
	struct hb_qos_sum sum = {};

	hb_qos_add(&sum, q, now);
	return sum;
}

static void hb_qos_begins_with_nothing(struct kunit *test)
{
	struct hb_qos q = {};
	struct hb_qos_sum sum = hb_qos_read(&q, 100 * S);

	KUNIT_EXPECT_EQ(test, sum.known_ns, 0);
	KUNIT_EXPECT_EQ(test, sum.observed_ns, 0);
	KUNIT_EXPECT_EQ(test, hb_qos_mean(sum.detection_ns, sum.detections), 0);
	KUNIT_EXPECT_EQ(test, hb_qos_accuracy_ppb(&sum), 1000000000);
	KUNIT_EXPECT_EQ(test, hb_qos_availability_ppb(&sum), 0);
}

/* Up from 10 to 40 and from 50 on, read at 60: 40 of 50 seconds. */
static void hb_qos_counts_what_goes_on(struct kunit *test)
{
	struct hb_qos_sum sum;
	struct hb_qos q = {};

	hb_qos_gone(&q, 5 * S);
	hb_qos_up(&q, 10 * S);
	hb_qos_gone(&q, 40 * S);
	hb_qos_gone(&q, 45 * S);
	hb_qos_up(&q, 50 * S);
	sum = hb_qos_read(&q, 60 * S);
	KUNIT_EXPECT_EQ(test, sum.known_ns, 50 * S);
	KUNIT_EXPECT_EQ(test, sum.observed_ns, 40 * S);
	KUNIT_EXPECT_EQ(test, hb_qos_availability_ppb(&sum), 800000000);
	KUNIT_EXPECT_EQ(test, hb_qos_accuracy_ppb(&sum), 1000000000);
	sum = hb_qos_read(&q, 70 * S);
	KUNIT_EXPECT_EQ(test, sum.observed_ns, 50 * S);
}

static void hb_qos_detection_times(struct kunit *test)
{
	struct hb_qos_sum sum;
	struct hb_qos q = {};

	hb_qos_detected(&q, 30);
	hb_qos_detected(&q, 32);
	hb_qos_detected(&q, 31);
	sum = hb_qos_read(&q, 0);
	KUNIT_EXPECT_EQ(test, sum.detections, 3);
	KUNIT_EXPECT_EQ(test, sum.detection_min_ns, 30);
	KUNIT_EXPECT_EQ(test, sum.detection_max_ns, 32);
	KUNIT_EXPECT_EQ(test, hb_qos_mean(sum.detection_ns, sum.detections),
			31);
}

/* Up 0 to 100, wronged to 101, up to 200, dead to 1000, up to 1100, wronged to
 * 1103, up to 1200 and wronged to 1202. It lived 100 when the first mistake
 * began, 100 + 1 + 99 = 200 when it died, 300 at the second mistake and
 * 300 + 3 + 97 = 400 at the third: 200 and 100 from one to the next.
 */
static void hb_qos_play_mistakes(struct hb_qos *q)
{
	hb_qos_up(q, 0);
	hb_qos_gone(q, 100 * S);
	hb_qos_mistake(q, 1 * S);
	hb_qos_up(q, 101 * S);
	hb_qos_gone(q, 200 * S);
	hb_qos_up(q, 1000 * S);
	hb_qos_gone(q, 1100 * S);
	hb_qos_mistake(q, 3 * S);
	hb_qos_up(q, 1103 * S);
	hb_qos_gone(q, 1200 * S);
	hb_qos_mistake(q, 2 * S);
}

static void hb_qos_mistakes(struct kunit *test)
{
	struct hb_qos_sum sum;
	struct hb_qos q = {};

	hb_qos_play_mistakes(&q);
	sum = hb_qos_read(&q, 1202 * S);
	KUNIT_EXPECT_EQ(test, sum.mistakes, 3);
	KUNIT_EXPECT_EQ(test, hb_qos_mean(sum.wrong_ns, sum.mistakes), 2 * S);
	KUNIT_EXPECT_EQ(test, sum.wrong_max_ns, 3 * S);
	KUNIT_EXPECT_EQ(test, sum.spans, 2);
	KUNIT_EXPECT_EQ(test, hb_qos_mean(sum.span_ns, sum.spans), 150 * S);
	/* 100 + 99 + 100 + 97 */
	KUNIT_EXPECT_EQ(test, sum.observed_ns, 396 * S);
	/* 1 - 6 / 402, cut off */
	KUNIT_EXPECT_EQ(test, hb_qos_accuracy_ppb(&sum), 985074627);
	/* 396 / 1202, cut off */
	KUNIT_EXPECT_EQ(test, hb_qos_availability_ppb(&sum), 329450915);
}

static void hb_qos_one_mistake_has_no_recurrence(struct kunit *test)
{
	struct hb_qos_sum sum;
	struct hb_qos q = {};

	hb_qos_up(&q, 0);
	hb_qos_gone(&q, 7 * S);
	hb_qos_mistake(&q, 1 * S);
	sum = hb_qos_read(&q, 9 * S);
	KUNIT_EXPECT_EQ(test, sum.mistakes, 1);
	KUNIT_EXPECT_EQ(test, sum.spans, 0);
	KUNIT_EXPECT_EQ(test, hb_qos_accuracy_ppb(&sum), 875000000);
}

static void hb_qos_adds_up(struct kunit *test)
{
	struct hb_qos a = {}, b = {}, none = {};
	struct hb_qos_sum sum = {};

	hb_qos_play_mistakes(&a);
	hb_qos_up(&b, 1102 * S);
	hb_qos_detected(&a, 40);
	hb_qos_detected(&b, 20);
	hb_qos_detected(&b, 30);
	hb_qos_add(&sum, &none, 1202 * S);
	hb_qos_add(&sum, &a, 1202 * S);
	hb_qos_add(&sum, &b, 1202 * S);
	hb_qos_add(&sum, &none, 1202 * S);
	KUNIT_EXPECT_EQ(test, sum.observed_ns, 496 * S);
	KUNIT_EXPECT_EQ(test, sum.known_ns, 1302 * S);
	KUNIT_EXPECT_EQ(test, sum.detections, 3);
	KUNIT_EXPECT_EQ(test, sum.detection_min_ns, 20);
	KUNIT_EXPECT_EQ(test, sum.detection_max_ns, 40);
	KUNIT_EXPECT_EQ(test, hb_qos_mean(sum.detection_ns, sum.detections),
			30);
	KUNIT_EXPECT_EQ(test, sum.mistakes, 3);
	KUNIT_EXPECT_EQ(test, sum.spans, 2);
	/* The least is the least in any order. */
	hb_qos_add(&sum, &a, 1202 * S);
	KUNIT_EXPECT_EQ(test, sum.detection_min_ns, 20);
}

/* A thousand peers for a hundred years each, and one wrong second */
static void hb_qos_does_not_overflow(struct kunit *test)
{
	struct hb_qos_sum sum = {
		.observed_ns = 3155760000000000000ULL,
		.known_ns = U64_MAX,
		.wrong_ns = 1 * S,
	};

	/* a third of a billionth: rounded down to none */
	KUNIT_EXPECT_GE(test, hb_qos_accuracy_ppb(&sum), 999999999);
	/* 0.171074... */
	KUNIT_EXPECT_EQ(test, hb_qos_availability_ppb(&sum) / 1000, 171074);
	sum.wrong_ns = sum.observed_ns;
	KUNIT_EXPECT_EQ(test, hb_qos_accuracy_ppb(&sum), 500000000);
}

static struct kunit_case hb_qos_cases[] = {
	KUNIT_CASE(hb_qos_begins_with_nothing),
	KUNIT_CASE(hb_qos_counts_what_goes_on),
	KUNIT_CASE(hb_qos_detection_times),
	KUNIT_CASE(hb_qos_mistakes),
	KUNIT_CASE(hb_qos_one_mistake_has_no_recurrence),
	KUNIT_CASE(hb_qos_adds_up),
	KUNIT_CASE(hb_qos_does_not_overflow),
	{}
};

static struct kunit_suite hb_qos_suite = {
	.name = "hb_qos",
	.test_cases = hb_qos_cases,
};

kunit_test_suite(hb_qos_suite);

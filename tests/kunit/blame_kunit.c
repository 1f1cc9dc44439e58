// SPDX-License-Identifier: GPL-2.0
/* Where the time of a late beat went: cases by hand, and what always holds. */
#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/time64.h>

#include "core/blame.h"

#define MS	NSEC_PER_MSEC

static const struct hb_blame_case {
	const char *name;
	struct hb_gap gap;
	struct hb_parts want;
} hb_blame_cases[] = {
	{
		"in time",
		{ .rx_ns = 10 * MS, .tx_ns = 10 * MS, .interval_ns = 10 * MS },
		{ .most = HB_BLAME_UNKNOWN },
	}, {
		"the sender was frozen",
		{ .rx_ns = 35 * MS, .tx_ns = 35 * MS, .interval_ns = 10 * MS },
		{ .peer_ns = 25 * MS, .most = HB_BLAME_PEER },
	}, {
		"two were lost",
		{ .rx_ns = 30 * MS, .tx_ns = 30 * MS, .lost = 2,
		  .interval_ns = 10 * MS },
		{ .network_ns = 20 * MS, .most = HB_BLAME_NETWORK },
	}, {
		"held up on the way",
		{ .rx_ns = 27 * MS, .tx_ns = 10 * MS, .interval_ns = 10 * MS },
		{ .network_ns = 17 * MS, .most = HB_BLAME_NETWORK },
	}, {
		"we were frozen",
		{ .rx_ns = 27 * MS, .tx_ns = 10 * MS, .interval_ns = 10 * MS,
		  .local_ns = 17 * MS },
		{ .local_ns = 17 * MS, .most = HB_BLAME_LOCAL },
	}, {
		"we were late, the network later",
		{ .rx_ns = 40 * MS, .tx_ns = 10 * MS, .interval_ns = 10 * MS,
		  .local_ns = 5 * MS },
		{ .network_ns = 25 * MS, .local_ns = 5 * MS,
		  .most = HB_BLAME_NETWORK },
	}, {
		"late ourselves, but that was not why",
		{ .rx_ns = 35 * MS, .tx_ns = 35 * MS, .interval_ns = 10 * MS,
		  .local_ns = 5 * MS },
		{ .peer_ns = 25 * MS, .most = HB_BLAME_PEER },
	}, {
		"one lost, and the next one sent late",
		{ .rx_ns = 35 * MS, .tx_ns = 35 * MS, .lost = 1,
		  .interval_ns = 10 * MS },
		{ .peer_ns = 15 * MS, .network_ns = 10 * MS,
		  .most = HB_BLAME_PEER },
	}, {
		"beats sent sooner than announced were lost",
		{ .rx_ns = 20 * MS, .tx_ns = 20 * MS, .lost = 9,
		  .interval_ns = 10 * MS },
		{ .network_ns = 20 * MS, .most = HB_BLAME_NETWORK },
	},
};

KUNIT_ARRAY_PARAM_DESC(hb_blame, hb_blame_cases, name);

static void hb_blame_splits(struct kunit *test)
{
	const struct hb_blame_case *c = test->param_value;
	struct hb_parts got = hb_blame_gap(&c->gap);

	KUNIT_EXPECT_EQ(test, got.peer_ns, c->want.peer_ns);
	KUNIT_EXPECT_EQ(test, got.network_ns, c->want.network_ns);
	KUNIT_EXPECT_EQ(test, got.local_ns, c->want.local_ns);
	KUNIT_EXPECT_EQ(test, got.most, c->want.most);
}

static void hb_blame_late_is_half_an_interval(struct kunit *test)
{
	struct hb_gap gap = { .rx_ns = 15 * MS, .interval_ns = 10 * MS };

	KUNIT_EXPECT_FALSE(test, hb_blame_late(&gap));
	gap.rx_ns++;
	KUNIT_EXPECT_TRUE(test, hb_blame_late(&gap));
}

/* No part is larger than the time that there was, whatever a peer claims. */
static void hb_blame_parts_are_of_the_whole(struct kunit *test)
{
	struct rnd_state rnd;
	struct hb_parts got;
	struct hb_gap gap;
	unsigned int i;

	prandom_seed_state(&rnd, 7694);
	for (i = 0; i < 10000; i++) {
		gap = (struct hb_gap) {
			.rx_ns = prandom_u32_state(&rnd),
			.tx_ns = prandom_u32_state(&rnd),
			.lost = prandom_u32_state(&rnd) % 8,
			.interval_ns = 1 + prandom_u32_state(&rnd) % (60 * MS),
			.local_ns = prandom_u32_state(&rnd),
		};
		got = hb_blame_gap(&gap);
		KUNIT_ASSERT_LE(test, got.local_ns, gap.rx_ns);
		KUNIT_ASSERT_LE(test, got.peer_ns, gap.tx_ns);
		KUNIT_ASSERT_LE(test, got.network_ns,
				max(gap.rx_ns, gap.tx_ns));
	}
}

static struct kunit_case hb_blame_tests[] = {
	KUNIT_CASE_PARAM(hb_blame_splits, hb_blame_gen_params),
	KUNIT_CASE(hb_blame_late_is_half_an_interval),
	KUNIT_CASE(hb_blame_parts_are_of_the_whole),
	{}
};

static struct kunit_suite hb_blame_suite = {
	.name = "hb_blame",
	.test_cases = hb_blame_tests,
};

kunit_test_suite(hb_blame_suite);

// SPDX-License-Identifier: GPL-2.0
/* Damping: how long a peer is held, and how soon that is forgiven. */
#include <kunit/test.h>

#include "core/damping.h"

#define S	1000000000ULL
#define HOLD	(2 * S)
#define MEMORY	(HB_DAMPING_MEMORY * HOLD)

/* How long it is held, to the nanosecond */
static u64 hb_damping_length(struct kunit *test, struct hb_damping *d, u64 now)
{
	u64 hold = HOLD << d->doublings;

	hb_damping_hold(d, now);
	KUNIT_EXPECT_EQ(test, hb_damping_left_ns(d, HOLD, now + hold - 1),
			1ULL);
	KUNIT_EXPECT_EQ(test, hb_damping_left_ns(d, HOLD, now + hold), 0ULL);
	return hold;
}

static void hb_damping_first_death_has_no_penalty(struct kunit *test)
{
	struct hb_damping d = {};

	hb_damping_died(&d, HOLD, 1);
	KUNIT_EXPECT_EQ(test, hb_damping_length(test, &d, 1), HOLD);
}

static void hb_damping_doubles_with_every_soon_death(struct kunit *test)
{
	struct hb_damping d = {};
	unsigned int i;
	u64 now = 0;

	hb_damping_died(&d, HOLD, now);
	for (i = 0; i < 10; i++) {
		KUNIT_EXPECT_EQ(test, hb_damping_length(test, &d, now),
				HOLD << min(i, 6U));
		hb_damping_back(&d, now);
		now += MEMORY - 1;
		hb_damping_died(&d, HOLD, now);
	}
}

static void hb_damping_is_halved_by_life(struct kunit *test)
{
	struct hb_damping d = { .returned = true, .doublings = 5 };

	hb_damping_died(&d, HOLD, MEMORY);
	KUNIT_EXPECT_EQ(test, d.doublings, 4);
	hb_damping_back(&d, 0);
	hb_damping_died(&d, HOLD, 3 * MEMORY + 1);
	KUNIT_EXPECT_EQ(test, d.doublings, 1);
	hb_damping_back(&d, 0);
	hb_damping_died(&d, HOLD, 1000000 * MEMORY);
	KUNIT_EXPECT_EQ(test, d.doublings, 0);
}

static void hb_damping_is_off_without_a_hold(struct kunit *test)
{
	struct hb_damping d = { .returned = true, .doublings = 5 };

	hb_damping_died(&d, 0, 1);
	KUNIT_EXPECT_EQ(test, d.doublings, 0);
	hb_damping_hold(&d, 7);
	KUNIT_EXPECT_EQ(test, hb_damping_left_ns(&d, 0, 7), 0ULL);
}

/* The longest hold is an hour, the longest of its memories half a year. */
static void hb_damping_does_not_overflow(struct kunit *test)
{
	struct hb_damping d = {
		.returned = true,
		.doublings = HB_DAMPING_DOUBLINGS,
	};

	hb_damping_died(&d, 3600 * S, 1);
	KUNIT_EXPECT_EQ(test, d.doublings, HB_DAMPING_DOUBLINGS);
	hb_damping_hold(&d, 0);
	KUNIT_EXPECT_EQ(test, 1ULL, hb_damping_left_ns(&d, 3600 * S,
						       64 * 3600 * S - 1));
	KUNIT_EXPECT_EQ(test, 0ULL, hb_damping_left_ns(&d, 3600 * S,
						       64 * 3600 * S));
}

static struct kunit_case hb_damping_cases[] = {
	KUNIT_CASE(hb_damping_first_death_has_no_penalty),
	KUNIT_CASE(hb_damping_doubles_with_every_soon_death),
	KUNIT_CASE(hb_damping_is_halved_by_life),
	KUNIT_CASE(hb_damping_is_off_without_a_hold),
	KUNIT_CASE(hb_damping_does_not_overflow),
	{}
};

static struct kunit_suite hb_damping_suite = {
	.name = "hb_damping",
	.test_cases = hb_damping_cases,
};

kunit_test_suite(hb_damping_suite);

// SPDX-License-Identifier: GPL-2.0
/* Adaptive detection: how the estimator follows a path, and what it must not
 * follow.
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/prandom.h>

#include "core/estimator.h"

#define MS	1000000LL

static const struct hb_est_cfg hb_est_cfg = {
	.interval_ns = 100 * MS,
	.fixed_ns = 300 * MS,
	.floor_ns = 100 * MS,
	.ceiling_ns = 3000 * MS,
};

/* A sender with a clock of its own, and its path */
struct hb_est_path {
	struct hb_est est;
	u64 sent_ns;
	s64 delay_ns;
	bool learn;
};

static struct hb_est_path hb_est_path(void)
{
	return (struct hb_est_path) {
		.sent_ns = 5000 * MS,
		.delay_ns = 80 * MS,
		.learn = true,
	};
}

static void hb_est_lose(struct hb_est_path *p, unsigned int n)
{
	p->sent_ns += n * hb_est_cfg.interval_ns;
}

static void hb_est_beat(struct hb_est_path *p, s64 jitter)
{
	u32 clock = div_u64(p->sent_ns, 1000) + 4294900000U;

	hb_est_lose(p, 1);
	hb_est_hear(&p->est, &hb_est_cfg, clock + 100000,
		    p->sent_ns + p->delay_ns + jitter, p->learn);
}

static void hb_est_beats(struct hb_est_path *p, unsigned int n)
{
	while (n--)
		hb_est_beat(p, 0);
}

static s64 hb_est_detect(const struct hb_est_path *p)
{
	return hb_est_detect_ns(&p->est, &hb_est_cfg);
}

/* Without jitter only the interval is left; the clock wraps meanwhile. */
static void hb_est_converges_on_a_quiet_path(struct kunit *test)
{
	struct hb_est_path p = hb_est_path();

	KUNIT_EXPECT_EQ(test, hb_est_detect(&p), 300 * MS);
	hb_est_beats(&p, HB_EST_WARM);
	KUNIT_EXPECT_EQ(test, hb_est_detect(&p), 300 * MS);
	hb_est_beats(&p, 100);
	KUNIT_EXPECT_EQ(test, hb_est_detect(&p), 100 * MS);
}

/* Every other beat is 40 ms late: the mean is 20, the deviation 20. */
static void hb_est_converges_on_jitter(struct kunit *test)
{
	struct hb_est_path p = hb_est_path();
	unsigned int i;

	for (i = 0; i < 40000; i++)
		hb_est_beat(&p, i % 2 ? 40 * MS : 0);
	KUNIT_EXPECT_GE(test, p.est.dev_ns, 19 * MS);
	KUNIT_EXPECT_LE(test, p.est.dev_ns, 21 * MS);
	KUNIT_EXPECT_GE(test, p.est.peak_ns, 13 * MS);
	KUNIT_EXPECT_LE(test, p.est.peak_ns, 41 * MS);
	/* No beat comes near the deadline. */
	for (i = 0; i < 100; i++) {
		hb_est_beat(&p, i % 2 ? 40 * MS : 0);
		KUNIT_EXPECT_GE(test, hb_est_detect(&p), 160 * MS);
		KUNIT_EXPECT_LE(test, hb_est_detect(&p), 300 * MS);
	}
}

/* A late beat does not put off when the next one is due. */
static void hb_est_deadline_stays_where_it_was(struct kunit *test)
{
	struct hb_est_path p = hb_est_path();
	u64 before, after;

	hb_est_beats(&p, 2000);
	p.learn = false;
	before = p.est.rx_ns + hb_est_detect(&p);
	hb_est_beat(&p, 30 * MS);
	/* next to nothing of the 30 ms, but the floor is one interval */
	after = p.est.rx_ns + hb_est_detect(&p);
	KUNIT_EXPECT_EQ(test, after - before, 130 * MS);
	p.est.dev_ns = 20 * MS;
	after = p.est.rx_ns + hb_est_detect(&p);
	KUNIT_EXPECT_EQ(test, after - before, 180 * MS);
}

/* The path becomes longer by 50 ms, and shorter again. */
static void hb_est_follows_a_step(struct kunit *test)
{
	struct hb_est_path p = hb_est_path();

	hb_est_beats(&p, 2000);
	p.delay_ns += 50 * MS;
	hb_est_beat(&p, 0);
	KUNIT_EXPECT_EQ(test, p.est.peak_ns, 50 * MS);
	hb_est_beats(&p, 20);
	KUNIT_EXPECT_GE(test, p.est.short_ns, 49 * MS);
	hb_est_beats(&p, 10000);
	KUNIT_EXPECT_GE(test, p.est.long_ns, 49 * MS);
	KUNIT_EXPECT_LE(test, p.est.dev_ns, 1 * MS);
	p.delay_ns -= 50 * MS;
	hb_est_beats(&p, 20);
	/* the long window still expects late beats: some patience */
	KUNIT_EXPECT_GE(test, hb_est_detect(&p), 140 * MS);
	hb_est_beats(&p, 200000);
	KUNIT_EXPECT_LE(test, hb_est_detect(&p), 101 * MS);
}

/* Five beats are lost in a row; the next such burst is survived. */
static void hb_est_learns_bursts(struct kunit *test)
{
	struct hb_est_path p = hb_est_path();

	hb_est_beats(&p, 2000);
	hb_est_lose(&p, 5);
	hb_est_beat(&p, 0);
	KUNIT_EXPECT_EQ(test, p.est.peak_ns, 500 * MS);
	KUNIT_EXPECT_GT(test, hb_est_detect(&p), 600 * MS);
	/* a third is left after 16384 beats */
	hb_est_beats(&p, 1 << HB_EST_PEAK_BITS);
	KUNIT_EXPECT_GE(test, p.est.peak_ns, 180 * MS);
	KUNIT_EXPECT_LE(test, p.est.peak_ns, 190 * MS);
}

static void hb_est_stays_in_bounds(struct kunit *test)
{
	struct hb_est_cfg cfg = hb_est_cfg;
	struct hb_est_path p = hb_est_path();

	hb_est_beats(&p, 2000);
	cfg.floor_ns = 250 * MS;
	KUNIT_EXPECT_EQ(test, hb_est_detect_ns(&p.est, &cfg), 250 * MS);
	hb_est_beat(&p, 100000 * MS);
	KUNIT_EXPECT_EQ(test, p.est.peak_ns, 3000 * MS);
	KUNIT_EXPECT_LE(test, p.est.long_ns, 3 * MS);
	hb_est_beats(&p, 1);
	KUNIT_EXPECT_EQ(test, hb_est_detect(&p), 3000 * MS);
	/* the clamp did not move the clock: the path is where it was */
	KUNIT_EXPECT_EQ(test, p.est.offset, 0);
}

/* A queue drains after a stop: only its first beat is late, and not learned
 * from; those behind it catch up.
 */
static void hb_est_learns_nothing_while_late(struct kunit *test)
{
	struct hb_est_path p = hb_est_path();
	struct hb_est before;
	s64 late;

	hb_est_beats(&p, 2000);
	before = p.est;
	p.learn = false;
	for (late = 10000; late > 0; late -= 100)
		hb_est_beat(&p, late * MS);
	p.learn = true;
	KUNIT_EXPECT_EQ(test, p.est.peak_ns, before.peak_ns);
	KUNIT_EXPECT_EQ(test, p.est.dev_ns, before.dev_ns);
	hb_est_beats(&p, 1);
	KUNIT_EXPECT_EQ(test, p.est.offset, 0);
	KUNIT_EXPECT_EQ(test, hb_est_detect(&p), 100 * MS);
}

static void hb_est_session_forgets_clocks_only(struct kunit *test)
{
	struct hb_est_path p = hb_est_path();

	hb_est_beats(&p, 2000);
	hb_est_lose(&p, 3);
	hb_est_beat(&p, 0);
	hb_est_session(&p.est);
	p.sent_ns += 1000000 * MS;
	hb_est_beat(&p, 0);
	KUNIT_EXPECT_EQ(test, p.est.offset, 0);
	KUNIT_EXPECT_EQ(test, p.est.n, 0);
	KUNIT_EXPECT_EQ(test, p.est.peak_ns, 300 * MS);
}

static void hb_est_does_better_after_a_mistake(struct kunit *test)
{
	struct hb_est_path p = hb_est_path();

	hb_est_beats(&p, 2000);
	hb_est_wronged(&p.est, &hb_est_cfg, 900 * MS);
	KUNIT_EXPECT_GT(test, hb_est_detect(&p), 900 * MS);
	/* No ceiling would have saved it: that was no jitter. */
	hb_est_wronged(&p.est, &hb_est_cfg, 3001 * MS);
	KUNIT_EXPECT_LE(test, hb_est_detect(&p), 1200 * MS);
	hb_est_wronged(&p.est, &hb_est_cfg, 50 * MS);
	KUNIT_EXPECT_LE(test, hb_est_detect(&p), 1200 * MS);
}

/* Whatever the clocks say, the result is in bounds. */
static void hb_est_does_not_overflow(struct kunit *test)
{
	struct hb_est_cfg cfg = hb_est_cfg;
	struct hb_est est = {};
	struct rnd_state rnd;
	unsigned int i, shift;
	u64 now = 1, detect;

	prandom_seed_state(&rnd, 20020501);
	cfg.ceiling_ns = 15300000 * MS;
	for (i = 0; i < 100000; i++) {
		shift = prandom_u32_state(&rnd) % 64;
		now += (U64_MAX >> shift) / 1000;
		hb_est_hear(&est, &cfg, prandom_u32_state(&rnd), now,
			    prandom_u32_state(&rnd) % 4);
		hb_est_wronged(&est, &cfg, U64_MAX >> shift);
		detect = hb_est_detect_ns(&est, &cfg);
		KUNIT_ASSERT_GE(test, detect, cfg.floor_ns);
		KUNIT_ASSERT_LE(test, detect, cfg.ceiling_ns);
		KUNIT_ASSERT_LE(test, (u64)est.peak_ns, cfg.ceiling_ns);
		KUNIT_ASSERT_LE(test, (u64)est.dev_ns, cfg.ceiling_ns);
	}
}

static void hb_est_suspicion_is_a_logarithm(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, hb_est_suspicion(0, 0), 0);
	KUNIT_EXPECT_EQ(test, hb_est_suspicion(999, 999), 0);
	KUNIT_EXPECT_EQ(test, hb_est_suspicion(1, 0), 301);
	/* cut off, not rounded */
	KUNIT_EXPECT_EQ(test, hb_est_suspicion(999, 0), 2999);
	KUNIT_EXPECT_EQ(test, hb_est_suspicion(999, 9), 2000);
	KUNIT_EXPECT_EQ(test, hb_est_suspicion(999999999, 0), 8999);
	KUNIT_EXPECT_EQ(test, hb_est_suspicion(U64_MAX - 1, 0), 19265);
}

static struct kunit_case hb_est_cases[] = {
	KUNIT_CASE(hb_est_converges_on_a_quiet_path),
	KUNIT_CASE(hb_est_converges_on_jitter),
	KUNIT_CASE(hb_est_deadline_stays_where_it_was),
	KUNIT_CASE(hb_est_follows_a_step),
	KUNIT_CASE(hb_est_learns_bursts),
	KUNIT_CASE(hb_est_stays_in_bounds),
	KUNIT_CASE(hb_est_learns_nothing_while_late),
	KUNIT_CASE(hb_est_session_forgets_clocks_only),
	KUNIT_CASE(hb_est_does_better_after_a_mistake),
	KUNIT_CASE(hb_est_does_not_overflow),
	KUNIT_CASE(hb_est_suspicion_is_a_logarithm),
	{}
};

static struct kunit_suite hb_est_suite = {
	.name = "hb_estimator",
	.test_cases = hb_est_cases,
};

kunit_test_suite(hb_est_suite);

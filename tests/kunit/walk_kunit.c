// SPDX-License-Identifier: GPL-2.0
/* Sessions at random: sides that tick, die and return on a network that does
 * its worst, for 100,000 steps. duo.c checks each packet that is heard.
 */
#include <kunit/test.h>

#include "duo.h"

#define HB_WALK_STEPS	100000
#define HB_WALK_PACKETS	400000

static void hb_walk_any_in_flight(struct hb_duo *duo, unsigned int to,
				  void (*what)(struct hb_duo *duo,
					       unsigned int to,
					       unsigned int nth))
{
	if (duo->side[to].flying)
		what(duo, to, hb_duo_random(duo->side[to].flying));
}

/* Old or new, heard or withheld until now, and every tenth to its sender */
static void hb_walk_attack(struct hb_duo *duo)
{
	unsigned int nr;

	if (!duo->sent)
		return;
	nr = hb_duo_random(duo->sent);
	if (hb_duo_random(2))
		nr = duo->sent - 1 - nr % min(duo->sent, 50);
	hb_duo_replay(duo, nr, hb_duo_random(10) ? duo->packet[nr].to :
						   !duo->packet[nr].to);
}

static void hb_walk_step(struct hb_duo *duo)
{
	unsigned int who = hb_duo_random(2);

	switch (hb_duo_random(100)) {
	case 0:
		hb_duo_restart(duo, who);
		break;
	case 1:
		hb_duo_end(duo, who);
		break;
	case 2 ... 9:
		hb_walk_any_in_flight(duo, who, hb_duo_lose);
		break;
	case 10 ... 14:
		hb_walk_any_in_flight(duo, who, hb_duo_repeat);
		break;
	case 15 ... 24:
		hb_walk_any_in_flight(duo, who, hb_duo_deliver);
		break;
	case 25 ... 39:
		hb_walk_attack(duo);
		break;
	case 40 ... 69:
		hb_duo_tick(duo, who);
		break;
	default:
		if (duo->side[who].flying)
			hb_duo_deliver(duo, who, 0);
	}
}

/* A walk that never went anywhere would prove nothing. */
static void hb_walk_expect_all_verdicts(struct hb_duo *duo)
{
	unsigned int i, n;

	for (i = 0; i <= HB_HEARD_REPLAY; i++) {
		n = duo->side[0].heard[i] + duo->side[1].heard[i];
		kunit_info(duo->test, "%c %u\n", HB_DUO_LETTERS[i], n);
		KUNIT_EXPECT_GT(duo->test, n, 50);
	}
}

static void hb_session_random_walk_settles(struct kunit *test)
{
	struct hb_duo *duo = hb_duo_new(test, HB_WALK_PACKETS, 2);
	unsigned int i, ticks, worst = 0, settled = 0;

	for (i = 0; i < HB_WALK_STEPS; i++) {
		hb_walk_step(duo);
		if (hb_duo_random(100))
			continue;
		ticks = hb_duo_settle(duo);
		KUNIT_EXPECT_LE(test, ticks, HB_DUO_SETTLED);
		worst = max(worst, ticks);
		settled++;
	}
	kunit_info(test, "%u packets, settled %u times, %u ticks at worst\n",
		   duo->sent, settled, worst);
	hb_walk_expect_all_verdicts(duo);
}

/* The peer is dead: a whole history, played in any order, any number of times,
 * never brings it back.
 */
static void hb_session_random_replay_wakes_no_dead_peer(struct kunit *test)
{
	struct hb_duo *duo = hb_duo_new(test, HB_WALK_PACKETS, 3);
	unsigned int i;

	for (i = 0; i < 2000; i++)
		hb_walk_step(duo);
	hb_duo_settle(duo);
	hb_duo_end(duo, 0);
	for (i = 0; i < 20; i++) {
		hb_duo_replay_all(duo);
		KUNIT_EXPECT_FALSE(test,
				   hb_session_live(&duo->side[0].session));
		hb_duo_beat(duo, 0);
	}
}

static struct kunit_case hb_walk_cases[] = {
	KUNIT_CASE(hb_session_random_walk_settles),
	KUNIT_CASE(hb_session_random_replay_wakes_no_dead_peer),
	{}
};

static struct kunit_suite hb_walk_suite = {
	.name = "hb_session_walk",
	.test_cases = hb_walk_cases,
};

kunit_test_suite(hb_walk_suite);

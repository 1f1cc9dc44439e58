// SPDX-License-Identifier: GPL-2.0
/* Two sides of a session and a bad network, see duo.h. */
#include <linux/prandom.h>
#include <linux/vmalloc.h>

#include "duo.h"

/* No argument tells hb_session.random which test it serves; they take turns. */
static struct rnd_state hb_duo_rnd;

u32 hb_duo_random(u32 below)
{
	return prandom_u32_state(&hb_duo_rnd) % below;
}

static u64 hb_duo_random64(void)
{
	return (u64)prandom_u32_state(&hb_duo_rnd) << 32 |
	       prandom_u32_state(&hb_duo_rnd);
}

static void hb_duo_vfree(void *packet)
{
	vfree(packet);
}

struct hb_duo *hb_duo_new(struct kunit *test, unsigned int room, u64 seed)
{
	struct hb_duo *duo = kunit_kzalloc(test, sizeof(*duo), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, duo);
	duo->test = test;
	duo->room = room;
	duo->packet = vcalloc(room, sizeof(*duo->packet));
	KUNIT_ASSERT_NOT_NULL(test, duo->packet);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, hb_duo_vfree,
							   duo->packet));
	prandom_seed_state(&hb_duo_rnd, seed);
	hb_duo_restart(duo, 0);
	hb_duo_restart(duo, 1);
	return duo;
}

static void hb_duo_send(struct hb_duo *duo, unsigned int from, u64 session,
			u64 echo)
{
	struct hb_duo_side *peer = &duo->side[!from];

	KUNIT_ASSERT_LT(duo->test, duo->sent, duo->room);
	if (peer->flying == HB_DUO_FLIGHT)
		hb_duo_lose(duo, !from, 0);
	duo->packet[duo->sent] = (struct hb_duo_packet) {
		.session = session,
		.echo = echo,
		.seq = ++duo->side[from].seq,
		.incarnation = duo->side[from].incarnation,
		.to = !from,
	};
	peer->flight[peer->flying++] = duo->sent++;
}

void hb_duo_beat(struct hb_duo *duo, unsigned int from)
{
	struct hb_session *s = &duo->side[from].session;

	hb_duo_send(duo, from, s->mine, s->theirs);
}

void hb_duo_end(struct hb_duo *duo, unsigned int who)
{
	hb_session_end(&duo->side[who].session);
}

void hb_duo_tick(struct hb_duo *duo, unsigned int from)
{
	if (++duo->side[from].silent > HB_DUO_SILENT)
		hb_duo_end(duo, from);
	hb_duo_beat(duo, from);
}

/* The log and the packets under way are the network's, they stay. */
void hb_duo_restart(struct hb_duo *duo, unsigned int who)
{
	struct hb_duo_side *side = &duo->side[who];

	memset(&side->session, 0, sizeof(side->session));
	hb_session_init(&side->session, hb_duo_random64);
	side->incarnation = hb_duo_random64();
	side->seq = 0;
	side->silent = 0;
	side->born = duo->sent;
}

static bool hb_duo_means_life(enum hb_heard heard)
{
	return heard == HB_HEARD_LIFE || heard == HB_HEARD_NEW ||
	       heard == HB_HEARD_RESTART;
}

/* Is it no sign of life for side @to: heard before, or older than this life of
 * the side, or its own?
 */
static bool hb_duo_stale(const struct hb_duo *duo, unsigned int nr,
			 unsigned int to)
{
	const struct hb_duo_packet *packet = &duo->packet[nr];

	return packet->heard || packet->to != to || nr < duo->side[to].born;
}

static enum hb_heard hb_duo_judge(struct hb_duo *duo, unsigned int nr,
				  unsigned int to)
{
	const struct hb_duo_packet *packet = &duo->packet[nr];
	struct hb_session *s = &duo->side[to].session;
	struct hb_session before = *s;
	enum hb_heard heard;
	struct hb_pdu pdu = {
		.session = packet->session,
		.echo = packet->echo,
		.seq = packet->seq,
		.incarnation = packet->incarnation,
	};

	heard = hb_session_hear(s, &pdu);
	if (hb_duo_means_life(heard)) {
		KUNIT_EXPECT_FALSE(duo->test, hb_duo_stale(duo, nr, to));
		KUNIT_EXPECT_EQ(duo->test, s->mine, packet->echo);
		KUNIT_EXPECT_EQ(duo->test, s->theirs, packet->session);
		KUNIT_EXPECT_EQ(duo->test, s->rx_seq, packet->seq);
		KUNIT_EXPECT_EQ(duo->test, s->incarnation, packet->incarnation);
	}
	if (heard == HB_HEARD_NEW)
		KUNIT_EXPECT_EQ(duo->test, s->incarnation, before.incarnation);
	if (heard == HB_HEARD_RESTART)
		KUNIT_EXPECT_NE(duo->test, s->incarnation, before.incarnation);
	if (heard == HB_HEARD_ENDED)
		before.ended_seq = packet->seq;
	if (!hb_duo_means_life(heard))
		KUNIT_EXPECT_MEMEQ(duo->test, s, &before, sizeof(before));
	return heard;
}

static void hb_duo_hear(struct hb_duo *duo, unsigned int nr, unsigned int to)
{
	struct hb_duo_side *side = &duo->side[to];
	u64 theirs = duo->packet[nr].session;
	enum hb_heard heard;

	heard = hb_duo_judge(duo, nr, to);
	duo->packet[nr].heard |= duo->packet[nr].to == to;
	side->heard[heard]++;
	if (side->logged < HB_DUO_LOG - 1)
		side->log[side->logged++] = HB_DUO_LETTERS[heard];
	if (hb_duo_means_life(heard))
		side->silent = 0;
	if (heard == HB_HEARD_ASK)
		hb_duo_send(duo, to, hb_session_answer(&side->session, theirs),
			    theirs);
}

void hb_duo_repeat(struct hb_duo *duo, unsigned int to, unsigned int nth)
{
	KUNIT_ASSERT_LT(duo->test, nth, duo->side[to].flying);
	hb_duo_hear(duo, duo->side[to].flight[nth], to);
}

void hb_duo_lose(struct hb_duo *duo, unsigned int to, unsigned int nth)
{
	struct hb_duo_side *side = &duo->side[to];

	KUNIT_ASSERT_LT(duo->test, nth, side->flying);
	side->flying--;
	memmove(&side->flight[nth], &side->flight[nth + 1],
		(side->flying - nth) * sizeof(side->flight[0]));
}

void hb_duo_deliver(struct hb_duo *duo, unsigned int to, unsigned int nth)
{
	unsigned int nr;

	KUNIT_ASSERT_LT(duo->test, nth, duo->side[to].flying);
	nr = duo->side[to].flight[nth];
	hb_duo_lose(duo, to, nth);
	hb_duo_hear(duo, nr, to);
}

void hb_duo_replay(struct hb_duo *duo, unsigned int nr, unsigned int to)
{
	hb_duo_hear(duo, nr, to);
}

/* Whatever is stale changes nothing at all, nor does it count as a return. */
void hb_duo_replay_all(struct hb_duo *duo)
{
	unsigned int nr, to;
	enum hb_heard heard;

	for (nr = 0; nr < duo->sent; nr++) {
		for (to = 0; to < 2; to++) {
			if (!hb_duo_stale(duo, nr, to))
				continue;
			heard = hb_duo_judge(duo, nr, to);
			KUNIT_EXPECT_NE(duo->test, heard, HB_HEARD_ENDED);
		}
	}
}

bool hb_duo_matched(const struct hb_duo *duo)
{
	const struct hb_session *a = &duo->side[0].session;
	const struct hb_session *b = &duo->side[1].session;

	return hb_session_live(a) && hb_session_live(b) &&
	       a->mine == b->theirs && b->mine == a->theirs;
}

static void hb_duo_deliver_all(struct hb_duo *duo)
{
	unsigned int to;

	while (duo->side[0].flying || duo->side[1].flying)
		for (to = 0; to < 2; to++)
			if (duo->side[to].flying)
				hb_duo_deliver(duo, to, 0);
}

unsigned int hb_duo_settle(struct hb_duo *duo)
{
	unsigned int ticks;

	hb_duo_deliver_all(duo);
	for (ticks = 0; !hb_duo_matched(duo) && ticks < 100; ticks++) {
		hb_duo_tick(duo, 0);
		hb_duo_tick(duo, 1);
		hb_duo_deliver_all(duo);
	}
	return ticks;
}

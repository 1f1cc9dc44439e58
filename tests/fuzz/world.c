// SPDX-License-Identifier: GPL-2.0
/* Two honest nodes and the bytes that reach them, see world.h. */
#include <linux/bits.h>
#include <linux/string.h>
#include <uapi/linux/hb.h>

#include "fuzz.h"
#include "world.h"

static u64 world_seed;

/* The same in every run; no argument tells hb_session.random which world it
 * serves (SplitMix64).
 */
static u64 world_random(void)
{
	u64 z = world_seed += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

u64 world_id(unsigned int who)
{
	static const char *const names[] = { "alpha", "beta", "mallory" };
	static u64 ids[HONEST + 1];

	if (!ids[who])
		ids[who] = hb_auth_node_id(names[who]);
	return ids[who];
}

/* One secret for all three, as a node key is: what mallory has is the keys
 * made from it for its own pairs.
 */
static void set_key(struct world *w, unsigned int who, unsigned int with,
		    unsigned int slot)
{
	u8 secret[HB_KEY_LEN] = { 's', 'e', 'c', 'r', 'e', 't', slot };

	hb_auth_set_key(&w->node[who].link[with].auth, slot, secret,
			world_id(who), world_id(with));
}

void world_restart(struct world *w, unsigned int who)
{
	struct node *node = &w->node[who];
	unsigned int with;

	for (with = 0; with <= HONEST; with++) {
		struct hb_session *s = &node->link[with].session;

		memset(s, 0, sizeof(*s));
		hb_session_init(s, world_random);
	}
	node->incarnation = world_random();
	node->seq = 0;
	node->life++;
	node->born = w->sent;
	node->taken = w->sent;
	node->heard_life = 0;
	node->silent = 0;
}

void world_begin(struct world *w)
{
	unsigned int who;

	world_seed = 1;
	w->sent = 0;
	memset(w->node, 0, sizeof(w->node));
	for (who = 0; who < HONEST; who++) {
		set_key(w, who, !who, 0);
		set_key(w, who, MALLORY, 0);
		world_restart(w, who);
	}
}

static struct hb_session *session_of(struct world *w, unsigned int who)
{
	return &w->node[who].link[!who].session;
}

static void send_packet(struct world *w, unsigned int from, u8 type,
			u64 session, u64 echo)
{
	struct node *node = &w->node[from], *peer = &w->node[!from];
	struct packet *packet = &w->packet[w->sent];

	if (w->sent == WORLD_PACKETS)
		return;
	*packet = (struct packet) {
		.from = from,
		.life = node->life,
		.pdu = {
			.type = type,
			.flags = HB_WIRE_F_TAG,
			.src = world_id(from),
			.dst = world_id(!from),
			.session = session,
			.echo = echo,
			.seq = ++node->seq,
			.incarnation = node->incarnation,
			.multiplier = HB_DEFAULT_MULTIPLIER,
			.interval_us = HB_DEFAULT_INTERVAL_US,
			.min_rx_us = HB_DEFAULT_INTERVAL_US,
		},
	};
	packet->len = hb_wire_encode(&packet->pdu, packet->buf);
	hb_auth_sign(&node->link[!from].auth, packet->buf, packet->len);
	if (peer->flying == WORLD_FLIGHT)
		world_lose(w, !from, 0);
	peer->flight[peer->flying++] = w->sent++;
}

void world_beat(struct world *w, unsigned int from)
{
	struct hb_session *s = session_of(w, from);

	send_packet(w, from, HB_WIRE_BEAT, s->mine, s->theirs);
}

void world_end(struct world *w, unsigned int who)
{
	hb_session_end(session_of(w, who));
}

void world_goodbye(struct world *w, unsigned int from)
{
	struct hb_session *s = session_of(w, from);

	if (!hb_session_live(s))
		return;
	send_packet(w, from, HB_WIRE_GOODBYE, s->mine, s->theirs);
	hb_session_end(s);
}

void world_tick(struct world *w, unsigned int from)
{
	if (++w->node[from].silent > WORLD_SILENT)
		world_end(w, from);
	world_beat(w, from);
}

/* The next of the three steps: have the new key too, send it, drop the old one;
 * none before both have done the one before.
 */
void world_roll(struct world *w, unsigned int who)
{
	struct hb_keyring *auth = &w->node[who].link[!who].auth;
	unsigned int *roll = &w->node[who].roll;

	if (*roll == 3 || w->node[!who].roll < *roll)
		return;
	if (*roll == 0)
		set_key(w, who, !who, 1);
	else if (*roll == 1)
		auth->send = 1;
	else
		auth->set &= ~BIT(0);
	++*roll;
}

/* Who else could have made these bytes? */
static struct packet *packet_of(struct world *w, unsigned int from,
				const u8 *buf, size_t len)
{
	struct packet *packet;
	unsigned int nr;

	for (nr = w->sent; nr--;) {
		packet = &w->packet[nr];
		if (packet->from == from && packet->len == len &&
		    !memcmp(packet->buf, buf, len))
			return packet;
	}
	return NULL;
}

/* Did @who, since its last session went live, tell this discriminator to all or
 * to the one who is @theirs?
 */
static bool was_told(const struct world *w, unsigned int who, u64 mine,
		     u64 theirs)
{
	const struct packet *packet;
	unsigned int nr;

	for (nr = w->node[who].taken; nr < w->sent; nr++) {
		packet = &w->packet[nr];
		if (packet->from == who && packet->pdu.session == mine &&
		    (!packet->pdu.echo || packet->pdu.echo == theirs))
			return true;
	}
	return false;
}

static void check_life(const struct world *w, unsigned int to,
		       const struct packet *packet,
		       const struct hb_session *before,
		       const struct hb_session *s, enum hb_heard heard)
{
	const struct hb_pdu *pdu = &packet->pdu;
	const struct node *node = &w->node[to];

	/* no number twice, and nothing older than this life or one's own */
	FUZZ_CHECK(!packet->heard);
	FUZZ_CHECK(packet - w->packet >= node->born);
	FUZZ_CHECK(packet->from == !to);
	/* no earlier life once a later one was heard */
	FUZZ_CHECK(packet->life >= node->heard_life);
	FUZZ_CHECK(s->mine == pdu->echo && s->theirs == pdu->session);
	FUZZ_CHECK(s->rx_seq == pdu->seq);
	FUZZ_CHECK(s->incarnation == pdu->incarnation);
	if (heard == HB_HEARD_LIFE) {
		FUZZ_CHECK(s->mine == before->mine);
		FUZZ_CHECK(s->theirs == before->theirs);
		FUZZ_CHECK(s->rx_seq > before->rx_seq);
		return;
	}
	/* a session goes live by an echo of what we told that very one */
	FUZZ_CHECK(was_told(w, to, s->mine, s->theirs));
	FUZZ_CHECK(s->mine != before->ended_mine);
	FUZZ_CHECK((heard == HB_HEARD_NEW) ==
		   (before->incarnation == pdu->incarnation));
}

/* Words of the session that ended last, which bring nothing back */
static void check_ended(const struct packet *packet,
			const struct hb_session *before)
{
	FUZZ_CHECK(!packet->heard);
	FUZZ_CHECK(packet->pdu.echo == before->ended_mine);
	FUZZ_CHECK(packet->pdu.session == before->ended_theirs);
	FUZZ_CHECK(packet->pdu.seq > before->ended_seq);
}

static bool means_life(enum hb_heard heard)
{
	return heard == HB_HEARD_LIFE || heard == HB_HEARD_NEW ||
	       heard == HB_HEARD_RESTART;
}

static void take_life(struct world *w, unsigned int to,
		      const struct packet *packet, enum hb_heard heard)
{
	struct node *node = &w->node[to];

	node->heard_life = packet->life;
	node->silent = 0;
	if (heard != HB_HEARD_LIFE)
		node->taken = w->sent;
	if (packet->pdu.type == HB_WIRE_GOODBYE)
		world_end(w, to);
}

static void answer(struct world *w, unsigned int to, const struct hb_pdu *pdu)
{
	u64 session = hb_session_answer(session_of(w, to), pdu->session);
	unsigned int nr = w->sent;

	if (pdu->type != HB_WIRE_BEAT)
		return;
	FUZZ_CHECK(session);
	send_packet(w, to, HB_WIRE_BEAT, session, pdu->session);
	if (nr < w->sent)
		FUZZ_CHECK(w->packet[nr].len <= pdu->length);
}

/* An authentic packet of the other honest node */
static void hear_honest(struct world *w, unsigned int to, struct packet *packet,
			const struct hb_pdu *pdu)
{
	struct hb_session *s = session_of(w, to), before = *s;
	enum hb_heard heard = hb_session_hear(s, pdu);

	if (means_life(heard)) {
		check_life(w, to, packet, &before, s, heard);
		packet->heard = true;
		take_life(w, to, packet, heard);
		return;
	}
	if (heard == HB_HEARD_ENDED) {
		check_ended(packet, &before);
		packet->heard = true;
		before.ended_seq = pdu->seq;
	}
	FUZZ_CHECK(!memcmp(s, &before, sizeof(before)));
	if (heard == HB_HEARD_ASK)
		answer(w, to, pdu);
}

/* Mallory may have a session of its own, and no more. */
static void hear_mallory(struct world *w, unsigned int to,
			 const struct hb_pdu *pdu)
{
	struct hb_session before = *session_of(w, to);
	struct hb_session *s = &w->node[to].link[MALLORY].session;

	if (hb_session_hear(s, pdu) == HB_HEARD_ASK)
		hb_session_answer(s, pdu->session);
	FUZZ_CHECK(!memcmp(session_of(w, to), &before, sizeof(before)));
}

/* The order of checks is that of kmod/rx.c. */
void world_hear(struct world *w, unsigned int to, const u8 *buf, size_t len)
{
	struct packet *packet;
	unsigned int from;
	struct hb_pdu pdu;

	if (len > HB_WIRE_MAX_LEN || hb_wire_decode(buf, len, &pdu))
		return;
	if (pdu.dst != world_id(to))
		return;
	for (from = 0; from <= HONEST; from++)
		if (from != to && pdu.src == world_id(from))
			break;
	if (from > HONEST || !(pdu.flags & HB_WIRE_F_TAG) ||
	    !hb_auth_verify(&w->node[to].link[from].auth, buf, len))
		return;
	if (from == MALLORY) {
		hear_mallory(w, to, &pdu);
		return;
	}
	/* only what the other one sent, bit by bit, has such a tag */
	packet = packet_of(w, from, buf, len);
	FUZZ_CHECK(packet);
	hear_honest(w, to, packet, &pdu);
}

void world_lose(struct world *w, unsigned int to, unsigned int nth)
{
	struct node *node = &w->node[to];

	node->flying--;
	memmove(&node->flight[nth], &node->flight[nth + 1],
		(node->flying - nth) * sizeof(node->flight[0]));
}

void world_repeat(struct world *w, unsigned int to, unsigned int nth)
{
	const struct packet *packet = &w->packet[w->node[to].flight[nth]];

	world_hear(w, to, packet->buf, packet->len);
}

void world_deliver(struct world *w, unsigned int to, unsigned int nth)
{
	unsigned int nr = w->node[to].flight[nth];

	world_lose(w, to, nth);
	world_hear(w, to, w->packet[nr].buf, w->packet[nr].len);
}

static bool matched(struct world *w)
{
	const struct hb_session *a = session_of(w, ALPHA);
	const struct hb_session *b = session_of(w, BETA);

	return hb_session_live(a) && hb_session_live(b) &&
	       a->mine == b->theirs && b->mine == a->theirs;
}

static void deliver_all(struct world *w)
{
	unsigned int to;

	while (w->node[ALPHA].flying || w->node[BETA].flying)
		for (to = 0; to < HONEST; to++)
			if (w->node[to].flying)
				world_deliver(w, to, 0);
}

void world_settle(struct world *w)
{
	unsigned int ticks;

	/* with room for what they say meanwhile */
	if (w->sent + 8 * WORLD_FLIGHT > WORLD_PACKETS)
		return;
	deliver_all(w);
	for (ticks = 0; !matched(w); ticks++) {
		FUZZ_CHECK(ticks < WORLD_SETTLED);
		world_tick(w, ALPHA);
		world_tick(w, BETA);
		deliver_all(w);
	}
}

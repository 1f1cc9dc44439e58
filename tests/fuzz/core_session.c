// SPDX-License-Identifier: GPL-2.0
/* An attack on the session of alpha and beta, four bytes a step: mallory
 * decides what they do and what the network does, replays anything to anyone,
 * forges from all it has seen, and signs with its own keys. world.c checks what
 * that leads to.
 */
#include <linux/string.h>
#include <uapi/linux/hb.h>

#include "fuzz.h"
#include "world.h"

enum op {
	OP_BEAT,
	OP_TICK,
	OP_DELIVER,
	OP_LOSE,
	OP_REPEAT,
	OP_END,
	OP_RESTART,
	OP_GOODBYE,
	OP_ROLL,
	OP_REPLAY,
	OP_FORGE,
	OP_FLIP,
	OP_SPEAK,
	OP_SETTLE,
	OPS,
};

/* Of @op, three numbers that say whom and which */
struct step {
	u8 op;
	u8 a;
	u8 b;
	u8 c;
};

static struct world world;

/* Both of them near the newest and anywhere */
static struct packet *pick(u8 back)
{
	unsigned int nr = back < 128 ? back : (back - 128) * 8;

	return world.sent ? &world.packet[world.sent - 1 - nr % world.sent] :
			    NULL;
}

#define FIELD(_name) {							\
	offsetof(struct hb_wire_hdr, _name),				\
	sizeof(((struct hb_wire_hdr *)NULL)->_name),			\
}

static const struct field {
	size_t at;
	size_t size;
} fields[] = {
	FIELD(session), FIELD(echo), FIELD(seq), FIELD(incarnation),
	FIELD(src), FIELD(dst), FIELD(type), FIELD(reason), FIELD(flags),
	FIELD(version), FIELD(length), FIELD(multiplier), FIELD(interval_us),
	FIELD(heard_seq),
};

/* The value of a field in what was sent: the same one, or one of its kind */
static void put_field(u8 *buf, const struct field *to, const u8 *from, u8 how)
{
	const struct field *of = to;

	if (how & 1)
		of = &fields[to == &fields[0]];
	if (of->size == to->size)
		memcpy(buf + to->at, from + of->at, to->size);
	/* and a little more */
	buf[to->at + to->size - 1] += how >> 1 & 3;
}

/* Tags that mallory can make or knows */
static void put_tag(u8 *buf, size_t len, const struct packet *other, u8 how)
{
	const struct link *link = &world.node[how >> 2 & 1].link[MALLORY];

	if (how & 1)
		hb_auth_sign(&link->auth, buf, len);
	else if (how & 2)
		memcpy(buf + len - HB_WIRE_TAG_LEN,
		       other->buf + other->len - HB_WIRE_TAG_LEN,
		       HB_WIRE_TAG_LEN);
}

static void forge(const struct step *step)
{
	const struct packet *packet = pick(step->a), *other = pick(step->b);
	u8 buf[HB_WIRE_MAX_LEN];

	if (!packet)
		return;
	memcpy(buf, packet->buf, packet->len);
	put_field(buf, &fields[step->c % (sizeof(fields) / sizeof(fields[0]))],
		  other->buf, step->c >> 4);
	put_tag(buf, packet->len, other, step->op >> 4);
	world_hear(&world, step->op >> 7, buf, packet->len);
}

static void flip(const struct step *step)
{
	const struct packet *packet = pick(step->a);
	unsigned int bit = step->b << 8 | step->c;
	u8 buf[HB_WIRE_MAX_LEN];

	if (!packet)
		return;
	memcpy(buf, packet->buf, packet->len);
	bit %= packet->len * 8;
	buf[bit / 8] ^= 1 << bit % 8;
	world_hear(&world, !packet->from, buf, packet->len);
}

/* As itself, with discriminators of the others */
static void speak(const struct step *step)
{
	unsigned int to = step->op >> 7;
	const struct hb_session *s = &world.node[to].link[MALLORY].session;
	const struct packet *packet = pick(step->a);
	u8 buf[HB_WIRE_MAX_LEN];
	struct hb_pdu pdu;
	size_t len;

	if (!packet)
		return;
	pdu = packet->pdu;
	pdu.src = world_id(MALLORY);
	pdu.dst = world_id(to);
	if (step->b & 1)
		pdu.echo = s->mine;
	if (step->b & 2)
		pdu.seq = step->c + 1;
	len = hb_wire_encode(&pdu, buf);
	hb_auth_sign(&world.node[to].link[MALLORY].auth, buf, len);
	world_hear(&world, to, buf, len);
}

static void replay(const struct step *step)
{
	const struct packet *packet = pick(step->a);

	if (packet)
		world_hear(&world, step->b % 4 ? !packet->from : packet->from,
			   packet->buf, packet->len);
}

static void in_flight(const struct step *step,
		      void (*what)(struct world *w, unsigned int to,
				   unsigned int nth))
{
	unsigned int to = step->a % HONEST, flying = world.node[to].flying;

	if (!flying)
		return;
	/* from the oldest on, or from the newest */
	what(&world, to, step->b < 128 ? step->b % flying :
					 flying - 1 - (step->b - 128) % flying);
}

static void do_step(const struct step *step)
{
	unsigned int who = step->a % HONEST;

	switch ((step->op & 15) % OPS) {
	case OP_BEAT:
		return world_beat(&world, who);
	case OP_TICK:
		return world_tick(&world, who);
	case OP_DELIVER:
		return in_flight(step, world_deliver);
	case OP_LOSE:
		return in_flight(step, world_lose);
	case OP_REPEAT:
		return in_flight(step, world_repeat);
	case OP_END:
		return world_end(&world, who);
	case OP_RESTART:
		return world_restart(&world, who);
	case OP_GOODBYE:
		return world_goodbye(&world, who);
	case OP_ROLL:
		return world_roll(&world, who);
	case OP_REPLAY:
		return replay(step);
	case OP_FORGE:
		return forge(step);
	case OP_FLIP:
		return flip(step);
	case OP_SPEAK:
		return speak(step);
	case OP_SETTLE:
		return world_settle(&world);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct step step;

	world_begin(&world);
	for (; size >= sizeof(step); size -= sizeof(step)) {
		memcpy(&step, data, sizeof(step));
		data += sizeof(step);
		do_step(&step);
	}
	world_settle(&world);
	return 0;
}

/* What chance seldom writes: alpha asks until both are live, and a restart that
 * goes the same way.
 */
static const struct step handshake[] = {
	{ OP_BEAT, ALPHA }, { OP_DELIVER, BETA }, { OP_DELIVER, ALPHA },
	{ OP_BEAT, ALPHA }, { OP_DELIVER, BETA },
};

static const struct step restart[] = {
	{ OP_RESTART, ALPHA }, { OP_BEAT, ALPHA }, { OP_DELIVER, BETA },
	{ OP_DELIVER, ALPHA }, { OP_BEAT, ALPHA }, { OP_DELIVER, BETA },
};

static u32 draw(u32 *seed, u32 below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

static size_t insert(struct step *steps, size_t n, size_t at, size_t max,
		     const struct step *what, size_t len)
{
	if (n + len > max)
		return n;
	memmove(steps + at + len, steps + at, (n - at) * sizeof(*steps));
	memcpy(steps + at, what, len * sizeof(*steps));
	return n + len;
}

static size_t insert_random(struct step *steps, size_t n, size_t at, size_t max,
			    u32 *seed)
{
	struct step step = {
		.op = draw(seed, 16) << 4 | draw(seed, OPS),
		.a = draw(seed, 256),
		.b = draw(seed, 256),
		.c = draw(seed, 256),
	};

	return insert(steps, n, at, max, &step, 1);
}

/* The same for the two sides swapped, as their steps are symmetric */
static size_t insert_script(struct step *steps, size_t n, size_t at, size_t max,
			    u32 *seed)
{
	bool first = draw(seed, 2), swap = draw(seed, 2);
	const struct step *script = first ? handshake : restart;
	size_t len = first ? sizeof(handshake) : sizeof(restart), i, grown;

	len /= sizeof(*script);
	grown = insert(steps, n, at, max, script, len);
	for (i = at; swap && grown > n && i < at + len; i++)
		steps[i].a = !steps[i].a;
	return grown;
}

static size_t copy_some(struct step *steps, size_t n, size_t at, size_t max,
			u32 *seed)
{
	struct step some[16];
	size_t from = draw(seed, n), len = 1 + draw(seed, 16);

	if (len > n - from)
		len = n - from;
	memcpy(some, steps + from, len * sizeof(*steps));
	return insert(steps, n, at, max, some, len);
}

static size_t drop_some(struct step *steps, size_t n, u32 *seed)
{
	size_t from = draw(seed, n), len = 1 + draw(seed, 8);

	if (len > n - from)
		len = n - from;
	memmove(steps + from, steps + from + len,
		(n - from - len) * sizeof(*steps));
	return n - len;
}

static size_t mutate(struct step *steps, size_t n, size_t max, u32 *seed)
{
	size_t at = draw(seed, n + 1);

	if (!n)
		return insert_script(steps, n, at, max, seed);
	switch (draw(seed, 8)) {
	case 0:
		return insert_script(steps, n, at, max, seed);
	case 1:
		return copy_some(steps, n, at, max, seed);
	case 2:
		return drop_some(steps, n, seed);
	case 3:
	case 4:
		((u8 *)steps)[draw(seed, n * sizeof(*steps))] = draw(seed, 256);
		return n;
	}
	return insert_random(steps, n, at, max, seed);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	struct step steps[1024];
	size_t n = size / sizeof(*steps), room = max / sizeof(*steps);
	u32 rounds = 1 + seed % 4;

	if (room > sizeof(steps) / sizeof(*steps))
		room = sizeof(steps) / sizeof(*steps);
	if (n > room)
		n = room;
	memcpy(steps, data, n * sizeof(*steps));
	while (rounds--)
		n = mutate(steps, n, room, &seed);
	memcpy(data, steps, n * sizeof(*steps));
	return n * sizeof(*steps);
}

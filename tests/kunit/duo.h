/* SPDX-License-Identifier: GPL-2.0 */
/* Two sides of a session and a network that loses, holds, doubles, reorders
 * and replays what they send. A side does with its session what the engine
 * does, and no more. All numbers are random and the same in every run.
 */
#ifndef _HB_DUO_H
#define _HB_DUO_H

#include <kunit/test.h>

#include "core/session.h"

/* A letter per enum hb_heard: Life New Restart Ask Ended, bad echo, bad
 * session, replay
 */
#define HB_DUO_LETTERS	"LNRAEesp"

#define HB_DUO_LOG	32	/* verdicts kept per side */
#define HB_DUO_FLIGHT	32	/* packets under way per direction */
#define HB_DUO_SILENT	3	/* ticks without life that a session outlives */

/* Ticks after which two sides are live with each other, whatever came before:
 * those of silence, one that ends the session and asks, one that completes.
 */
#define HB_DUO_SETTLED	(HB_DUO_SILENT + 2)

/**
 * struct hb_duo_side - one side
 * @session: what is tested
 * @incarnation: of this life
 * @seq: of the last packet sent
 * @born: packets that both sides had sent when this life began
 * @silent: ticks since the last packet that counted as life
 * @logged: verdicts in @log
 * @log: a letter per packet heard, see HB_DUO_LETTERS
 * @heard: number of packets by verdict
 * @flying: packets under way to this side, the oldest first
 * @flight: their numbers
 */
struct hb_duo_side {
	struct hb_session session;
	u64 incarnation;
	u64 seq;
	unsigned int born;
	unsigned int silent;
	unsigned int logged;
	char log[HB_DUO_LOG];
	unsigned int heard[HB_HEARD_REPLAY + 1];
	unsigned int flying;
	unsigned int flight[HB_DUO_FLIGHT];
};

/**
 * struct hb_duo_packet - a packet that was sent once
 * @session: its discriminator
 * @echo: what it echoes
 * @seq: its sequence number
 * @incarnation: its sender's
 * @to: the side that it is meant for
 * @heard: that side has heard it
 */
struct hb_duo_packet {
	u64 session;
	u64 echo;
	u64 seq;
	u64 incarnation;
	unsigned int to;
	bool heard;
};

/**
 * struct hb_duo - two sides and everything they ever sent
 * @test: fails when an invariant does
 * @side: the sides
 * @room: packets that @packet has room for
 * @sent: packets in @packet
 * @packet: all packets, the oldest first
 */
struct hb_duo {
	struct kunit *test;
	struct hb_duo_side side[2];
	unsigned int room;
	unsigned int sent;
	struct hb_duo_packet *packet;
};

struct hb_duo *hb_duo_new(struct kunit *test, unsigned int room, u64 seed);
u32 hb_duo_random(u32 below);

/* What a side does: hb_duo_tick() ends a silent session, then sends a beat. */
void hb_duo_beat(struct hb_duo *duo, unsigned int from);
void hb_duo_tick(struct hb_duo *duo, unsigned int from);
void hb_duo_end(struct hb_duo *duo, unsigned int who);
void hb_duo_restart(struct hb_duo *duo, unsigned int who);

/* What the network does with the @nth oldest packet under way to side @to */
void hb_duo_deliver(struct hb_duo *duo, unsigned int to, unsigned int nth);
void hb_duo_repeat(struct hb_duo *duo, unsigned int to, unsigned int nth);
void hb_duo_lose(struct hb_duo *duo, unsigned int to, unsigned int nth);

/* What an attacker does: side @to hears a packet of the past. */
void hb_duo_replay(struct hb_duo *duo, unsigned int nr, unsigned int to);
void hb_duo_replay_all(struct hb_duo *duo);

/* Both are live with each other. */
bool hb_duo_matched(const struct hb_duo *duo);

/* Let both tick and hear everything in order until they are live with each
 * other; returns how many ticks it took.
 */
unsigned int hb_duo_settle(struct hb_duo *duo);

#endif /* _HB_DUO_H */

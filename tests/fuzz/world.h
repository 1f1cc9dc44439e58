/* SPDX-License-Identifier: GPL-2.0 */
/* Two honest nodes, alpha and beta, and mallory, who is a peer of both, has
 * recorded every packet, and decides what the network does. A node does with
 * a packet what kmod/rx.c and kmod/hear.c do. What no attacker may achieve is
 * checked with every packet that is heard, see world.c.
 */
#ifndef _HB_FUZZ_WORLD_H
#define _HB_FUZZ_WORLD_H

#include "core/auth.h"
#include "core/session.h"

enum {
	ALPHA,
	BETA,
	MALLORY,
	HONEST = MALLORY,	/* nodes that are */

	WORLD_PACKETS = 1024,	/* that honest nodes may send */
	WORLD_FLIGHT = 64,	/* under way to a node */
	WORLD_SILENT = 3,	/* ticks without life that a session outlives */
	/* Ticks after which both are live with each other, whatever came
	 * before: those of silence, one that asks, one that completes.
	 */
	WORLD_SETTLED = WORLD_SILENT + 2,
};

/**
 * struct packet - what an honest node sent to the other one
 * @pdu: as it was meant
 * @buf: as it was sent
 * @len: bytes of @buf
 * @from: its sender; it is for the other one
 * @life: of the sender
 * @heard: it counted as life, or as the return of a session
 */
struct packet {
	struct hb_pdu pdu;
	u8 buf[HB_WIRE_MAX_LEN];
	size_t len;
	unsigned int from;
	unsigned int life;
	bool heard;
};

/**
 * struct link - what an honest node keeps of a peer
 * @auth: keys of the pair
 * @session: what is tested
 */
struct link {
	struct hb_keyring auth;
	struct hb_session session;
};

/**
 * struct node - an honest node
 * @link: with each of the others
 * @incarnation: of this life
 * @seq: of the last packet to the other honest node
 * @life: number of this life
 * @born: packets that had been sent when it began
 * @taken: packets that had been sent when the last session went live
 * @heard_life: of the other honest node, the latest that was heard
 * @silent: ticks since life was heard
 * @roll: steps of rolling the key that it has done
 * @flight: numbers of packets under way to it, the oldest first
 * @flying: how many
 */
struct node {
	struct link link[HONEST + 1];
	u64 incarnation;
	u64 seq;
	unsigned int life;
	unsigned int born;
	unsigned int taken;
	unsigned int heard_life;
	unsigned int silent;
	unsigned int roll;
	unsigned int flight[WORLD_FLIGHT];
	unsigned int flying;
};

struct world {
	struct node node[HONEST];
	unsigned int sent;
	struct packet packet[WORLD_PACKETS];
};

u64 world_id(unsigned int who);
void world_begin(struct world *w);

/* What honest nodes do */
void world_beat(struct world *w, unsigned int from);
void world_tick(struct world *w, unsigned int from);
void world_end(struct world *w, unsigned int who);
void world_goodbye(struct world *w, unsigned int from);
void world_restart(struct world *w, unsigned int who);
void world_roll(struct world *w, unsigned int who);

/* What the network does with the @nth packet under way to @to */
void world_deliver(struct world *w, unsigned int to, unsigned int nth);
void world_repeat(struct world *w, unsigned int to, unsigned int nth);
void world_lose(struct world *w, unsigned int to, unsigned int nth);

/* Any bytes that reach a node */
void world_hear(struct world *w, unsigned int to, const u8 *buf, size_t len);

/* Mallory holds still: both find each other. */
void world_settle(struct world *w);

#endif /* _HB_FUZZ_WORLD_H */

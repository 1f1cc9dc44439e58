/* SPDX-License-Identifier: GPL-2.0 */
/* Which packets count as life: discriminators, echo, candidates, sequence.
 * Pure: no clock, no lock, no skb.
 */
#ifndef _HB_SESSION_H
#define _HB_SESSION_H

#include <linux/siphash.h>
#include <linux/types.h>

#include "wire.h"

/**
 * struct hb_session - one side of the session with a peer
 * @mine: our discriminator, never 0
 * @theirs: the peer's, 0 while no session is live
 * @rx_seq: highest sequence number heard in the session
 * @incarnation: of the peer, as the live or the last session told
 * @ended_mine: our discriminator of the session that ended last, or 0
 * @ended_theirs: the peer's in that session
 * @ended_seq: highest sequence number heard in that session
 * @answer_key: makes the candidates, drawn anew when one was taken
 * @random: source of random numbers
 *
 * A discriminator that was drawn at random and comes back proves that the
 * packet was made after the draw, whatever an attacker has on record.
 */
struct hb_session {
	u64 mine;
	u64 theirs;
	u64 rx_seq;
	u64 incarnation;
	u64 ended_mine;
	u64 ended_theirs;
	u64 ended_seq;
	siphash_key_t answer_key;
	u64 (*random)(void);
};

/**
 * enum hb_heard - what an authentic packet means
 * @HB_HEARD_LIFE: the peer is alive
 * @HB_HEARD_NEW: the peer is alive, in a new session with a known incarnation
 * @HB_HEARD_RESTART: the same, with an incarnation that was not heard before
 * @HB_HEARD_ASK: the peer knows no session; answer it
 * @HB_HEARD_ENDED: life in a session that has ended
 * @HB_HEARD_BAD_ECHO: echoes a discriminator that is not ours of now
 * @HB_HEARD_BAD_SESSION: echoes ours, but is not the peer's live session
 * @HB_HEARD_REPLAY: sequence number does not rise
 */
enum hb_heard {
	HB_HEARD_LIFE,
	HB_HEARD_NEW,
	HB_HEARD_RESTART,
	HB_HEARD_ASK,
	HB_HEARD_ENDED,
	HB_HEARD_BAD_ECHO,
	HB_HEARD_BAD_SESSION,
	HB_HEARD_REPLAY,
};

/**
 * hb_session_init() - begin with no session
 * @s: zeroed
 * @random: called from the context of the other functions
 *
 * Context: any.
 */
void hb_session_init(struct hb_session *s, u64 (*random)(void));

/**
 * hb_session_live() - is there a session?
 * @s: the session
 *
 * Return: true from HB_HEARD_NEW or HB_HEARD_RESTART to hb_session_end().
 */
static inline bool hb_session_live(const struct hb_session *s)
{
	return s->theirs;
}

/**
 * hb_session_hear() - judge an authentic packet
 * @s: the session
 * @pdu: the packet, of this peer, meant for us, its tag verified
 *
 * Context: caller serialises.
 * Return: what it means; only HB_HEARD_LIFE, _NEW, _RESTART and _ENDED have
 * changed @s.
 */
enum hb_heard hb_session_hear(struct hb_session *s, const struct hb_pdu *pdu);

/**
 * hb_session_answer() - discriminator that answers an asking peer
 * @s: the session
 * @theirs: discriminator that the asker sent
 *
 * With no live session this is our own discriminator, so that two sides that
 * ask at once agree; the same if the asker belongs to the live one and has
 * not taken it yet. With a live one of another it is a candidate: a keyed hash
 * of the asker's, which takes no memory that a replayed question could occupy.
 * The live session goes on until a packet comes back that carries @theirs and
 * echoes the candidate.
 *
 * Context: caller serialises.
 * Return: what to send as session, never 0.
 */
u64 hb_session_answer(const struct hb_session *s, u64 theirs);

/**
 * hb_session_end() - end the live session, if any
 * @s: the session
 *
 * What is still heard of it gives HB_HEARD_ENDED.
 *
 * Context: caller serialises.
 */
void hb_session_end(struct hb_session *s);

#endif /* _HB_SESSION_H */

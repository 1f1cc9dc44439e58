// SPDX-License-Identifier: GPL-2.0
/* Which packets count as life: discriminators, echo, candidates, sequence.
 * Pure: no clock, no lock, no skb.
 */
#include <linux/siphash.h>

#include "session.h"

static u64 hb_session_draw(const struct hb_session *s)
{
	return s->random() ?: 1;
}

static void hb_session_draw_answer_key(struct hb_session *s)
{
	s->answer_key.key[0] = s->random();
	s->answer_key.key[1] = s->random();
}

static u64 hb_session_candidate(const struct hb_session *s, u64 theirs)
{
	return siphash_1u64(theirs, &s->answer_key) ?: 1;
}

void hb_session_init(struct hb_session *s, u64 (*random)(void))
{
	s->random = random;
	s->mine = hb_session_draw(s);
	hb_session_draw_answer_key(s);
}

u64 hb_session_answer(const struct hb_session *s, u64 theirs)
{
	/* Asked from within the live session, by one who has not taken it yet:
	 * another one would make him deaf to all that is under way in it.
	 */
	if (!hb_session_live(s) || theirs == s->theirs)
		return s->mine;
	return hb_session_candidate(s, theirs);
}

void hb_session_end(struct hb_session *s)
{
	if (!hb_session_live(s))
		return;
	s->ended_mine = s->mine;
	s->ended_theirs = s->theirs;
	s->ended_seq = s->rx_seq;
	s->mine = hb_session_draw(s);
	s->theirs = 0;
	s->rx_seq = 0;
}

static enum hb_heard hb_session_take(struct hb_session *s, u64 mine,
				     const struct hb_pdu *pdu)
{
	bool known = s->incarnation == pdu->incarnation;

	hb_session_end(s);
	s->mine = mine;
	s->theirs = pdu->session;
	s->rx_seq = pdu->seq;
	s->incarnation = pdu->incarnation;
	/* Whatever else was answered so far can't be taken any more. */
	hb_session_draw_answer_key(s);
	return known ? HB_HEARD_NEW : HB_HEARD_RESTART;
}

static enum hb_heard hb_session_hear_live(struct hb_session *s,
					  const struct hb_pdu *pdu)
{
	if (pdu->session != s->theirs)
		return HB_HEARD_BAD_SESSION;
	if (pdu->seq <= s->rx_seq)
		return HB_HEARD_REPLAY;
	s->rx_seq = pdu->seq;
	return HB_HEARD_LIFE;
}

static enum hb_heard hb_session_hear_ended(struct hb_session *s,
					   const struct hb_pdu *pdu)
{
	if (pdu->session != s->ended_theirs)
		return HB_HEARD_BAD_SESSION;
	if (pdu->seq <= s->ended_seq)
		return HB_HEARD_REPLAY;
	s->ended_seq = pdu->seq;
	return HB_HEARD_ENDED;
}

enum hb_heard hb_session_hear(struct hb_session *s, const struct hb_pdu *pdu)
{
	if (!pdu->echo)
		return HB_HEARD_ASK;
	if (pdu->echo == s->mine) {
		if (hb_session_live(s))
			return hb_session_hear_live(s, pdu);
		return hb_session_take(s, s->mine, pdu);
	}
	if (pdu->echo == hb_session_candidate(s, pdu->session))
		return hb_session_take(s, pdu->echo, pdu);
	if (s->ended_mine && pdu->echo == s->ended_mine)
		return hb_session_hear_ended(s, pdu);
	return HB_HEARD_BAD_ECHO;
}

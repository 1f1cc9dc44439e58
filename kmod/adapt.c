// SPDX-License-Identifier: GPL-2.0
/* Adaptive detection: what the estimator of a peer learns. */
#include "adapt.h"
#include "core/fsm.h"
#include "detect.h"

/* A beat that came after the deadline, or while we were late ourselves, tells
 * nothing of the path.
 */
static bool hb_adapt_learns(const struct hb_peer *peer, u64 now)
{
	return peer->state == HB_STATE_UP && !peer->excuses &&
	       now - peer->rx_ns < hb_detect_ns(peer);
}

void hb_adapt_hear(struct hb_peer *peer, const struct hb_pdu *pdu, u64 now,
		   bool late)
{
	bool learns = !late && hb_adapt_learns(peer, now);
	struct hb_est_cfg cfg;

	if (peer->est_session != pdu->session)
		hb_est_session(&peer->est);
	peer->est_session = pdu->session;
	hb_detect_bounds(peer, &cfg);
	hb_est_hear(&peer->est, &cfg, pdu->sent_us, now, learns);
}

/* It returned in the session that the verdict ended, or in a new one but in the
 * same life; the first of these tells how long it really was silent. What got
 * lost the other way tells nothing.
 */
void hb_adapt_step(struct hb_peer *peer, const struct hb_fact *fact)
{
	struct hb_est_cfg cfg;

	if (peer->cfg.detect != HB_DETECT_ADAPTIVE ||
	    peer->state != HB_STATE_DOWN ||
	    peer->reason != HB_REASON_TIMEOUT || peer->returned ||
	    (fact->event != HB_FSM_RETURN && fact->event != HB_FSM_SESSION))
		return;
	hb_detect_bounds(peer, &cfg);
	hb_est_wronged(&peer->est, &cfg, fact->now - peer->rx_ns);
}

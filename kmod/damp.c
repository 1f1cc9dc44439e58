// SPDX-License-Identifier: GPL-2.0
/* Damping: when is a peer that was down up again? */
#include "core/fsm.h"
#include "damp.h"

static u64 hb_damp_hold_ns(const struct hb_peer *peer)
{
	return peer->cfg.hold_up_us * NSEC_PER_USEC;
}

u64 hb_damp_left_ns(const struct hb_peer *peer, u64 now)
{
	if (peer->state != HB_STATE_DOWN || !hb_session_live(&peer->session))
		return 0;
	return hb_damping_left_ns(&peer->damping, hb_damp_hold_ns(peer), now);
}

/* In down only a peer that is held has a session, and so beats. */
u8 hb_damp(struct hb_peer *peer, u8 event, u64 now)
{
	u64 hold = hb_damp_hold_ns(peer);

	if (peer->state != HB_STATE_DOWN)
		return event;
	switch (event) {
	case HB_FSM_SESSION:
	case HB_FSM_RESTART:
		if (!hold)
			return event;
		hb_damping_hold(&peer->damping, now);
		return HB_FSM_HOLD;
	case HB_FSM_BEAT:
		return hb_damping_left_ns(&peer->damping, hold, now) ?
			event : HB_FSM_RELEASE;
	}
	return event;
}

void hb_damp_entered(struct hb_peer *peer, u8 from, u64 now)
{
	if (from == HB_STATE_UP && peer->state == HB_STATE_DOWN)
		hb_damping_died(&peer->damping, hb_damp_hold_ns(peer), now);
	else if (from == HB_STATE_DOWN && peer->state == HB_STATE_UP)
		hb_damping_back(&peer->damping, now);
}

// SPDX-License-Identifier: GPL-2.0
/* The life of a peer: added, started, changed, stopped. */
#include <linux/random.h>
#include <linux/timekeeping.h>

#include "core/fsm.h"
#include "engine.h"
#include "gasp.h"
#include "maintenance.h"
#include "pace.h"
#include "step.h"
#include "verdict.h"

static u64 hb_engine_random(void)
{
	return get_random_u64();
}

/* What the operator decides while the machine goes to sleep holds when it is
 * awake: a beat after the goodbye would begin a session that can only time out.
 */
static bool hb_engine_is_on(const struct hb_peer *peer)
{
	lockdep_assert_held(&peer->hn->lock);
	return peer->cfg.enabled && !peer->hn->asleep;
}

void hb_engine_init(struct hb_peer *peer, const struct hb_peer_cfg *cfg)
{
	bool on;

	peer->cfg = *cfg;
	on = hb_engine_is_on(peer);
	peer->state = on ? HB_STATE_INIT : HB_STATE_ADMIN_DOWN;
	peer->reason = on ? HB_REASON_NONE : HB_REASON_ADMIN;
	peer->since_ns = ktime_get_ns();
	hb_session_init(&peer->session, hb_engine_random);
	hb_timer_init(&peer->tx_timer, hb_pace_tick);
	hb_far_timer_init(&peer->standby, hb_pace_standby_tick);
	hb_timer_init(&peer->detect_timer, hb_verdict_expired);
	hb_timer_init(&peer->maintenance_timer, hb_maintenance_expired);
}

void hb_engine_start(struct hb_peer *peer)
{
	struct hb_effects fx = {};

	local_bh_disable();
	spin_lock(&peer->lock);
	if (hb_engine_is_on(peer))
		hb_step_begin(peer, &fx, ktime_get_ns());
	spin_unlock(&peer->lock);
	hb_step_apply(peer, &fx);
	local_bh_enable();
}

void hb_engine_configure(struct hb_peer *peer, const struct hb_peer_cfg *cfg,
			 u8 reason)
{
	struct hb_fact fact = { .reason = reason };
	struct hb_effects fx = {};

	local_bh_disable();
	spin_lock(&peer->lock);
	fact.now = ktime_get_ns();
	/* Beats that nobody listened to are no gap. */
	if (cfg->detect != peer->cfg.detect)
		hb_est_session(&peer->est);
	peer->cfg = *cfg;
	/* By a path that may be another one now */
	peer->reached = false;
	fact.event = hb_engine_is_on(peer) ? HB_FSM_ENABLE : HB_FSM_DISABLE;
	hb_step(peer, &fx, &fact);
	if (fact.event == HB_FSM_ENABLE) {
		hb_pace_retime(peer, fact.now);
		hb_verdict_retime(peer, fact.now);
	}
	spin_unlock(&peer->lock);
	hb_step_apply(peer, &fx);
	local_bh_enable();
}

static void hb_engine_switch(struct hb_peer *peer, u8 event, u8 reason)
{
	struct hb_fact fact = {
		.event = event,
		.reason = reason,
	};
	struct hb_effects fx = {};

	lockdep_assert_held(&peer->hn->lock);
	local_bh_disable();
	spin_lock(&peer->lock);
	fact.now = ktime_get_ns();
	hb_step(peer, &fx, &fact);
	spin_unlock(&peer->lock);
	hb_step_apply(peer, &fx);
	local_bh_enable();
}

void hb_engine_pause(struct hb_peer *peer, u8 reason)
{
	hb_engine_switch(peer, HB_FSM_DISABLE, reason);
}

void hb_engine_resume(struct hb_peer *peer, u8 reason)
{
	if (hb_engine_is_on(peer))
		hb_engine_switch(peer, HB_FSM_ENABLE, reason);
}

void hb_engine_hush(struct hb_peer *peer, int ifindex)
{
	struct hb_effects fx = {};

	spin_lock(&peer->lock);
	if (!peer->dead && peer->state != HB_STATE_ADMIN_DOWN) {
		hb_step_goodbye(peer, &fx, HB_REASON_DEVICE, ktime_get_ns());
		peer->hushed = ifindex;
	}
	spin_unlock(&peer->lock);
	hb_step_apply(peer, &fx);
}

void hb_engine_unhush(struct hb_peer *peer, int ifindex)
{
	spin_lock(&peer->lock);
	if (peer->hushed == ifindex)
		peer->hushed = 0;
	spin_unlock(&peer->lock);
}

void hb_engine_stop(struct hb_peer *peer, u8 reason)
{
	struct hb_effects fx = {};

	local_bh_disable();
	spin_lock(&peer->lock);
	peer->dead = true;
	hb_step_goodbye(peer, &fx, reason, ktime_get_ns());
	spin_unlock(&peer->lock);
	hb_step_apply(peer, &fx);
	local_bh_enable();
	hb_gasp_drop(peer);
	hb_timer_stop(&peer->tx_timer);
	hb_far_timer_stop(&peer->standby);
	hb_timer_stop(&peer->detect_timer);
	hb_timer_stop(&peer->maintenance_timer);
}

// SPDX-License-Identifier: GPL-2.0
/* One step of a peer: facts come in, effects are noted under the
 * peer's lock and carried out after it.
 */
#include <linux/math64.h>
#include <linux/random.h>

#include "adapt.h"
#include "beat.h"
#include "core/fsm.h"
#include "damp.h"
#include "detect.h"
#include "event.h"
#include "stall.h"
#include "step.h"
#include "trace.h"
#include "tx.h"

static void hb_step_transmit(struct hb_peer *peer, struct hb_effects *fx)
{
	unsigned int times = 1 + fx->again, failed = 0;

	while (times--)
		failed += !!hb_tx_send(peer, &fx->pdu, fx->confirm);
	if (!failed)
		return;
	hb_stats_add(peer->hn->counters, HB_A_STATS_TX_ERRORS);
	spin_lock(&peer->lock);
	peer->stats.tx_errors++;
	spin_unlock(&peer->lock);
}

void hb_step_apply(struct hb_peer *peer, struct hb_effects *fx)
{
	struct hb_net *hn = peer->hn;

	if (fx->send)
		hb_step_transmit(peer, fx);
	if (fx->flush)
		hb_event_flush(hn);
}

void hb_step_send(struct hb_peer *peer, struct hb_effects *fx, u8 type,
		  u64 now)
{
	if (peer->hushed)
		return;
	hb_beat_compose(peer, &fx->pdu, type, now);
	fx->confirm = peer->reached;
	peer->reached = false;
	fx->send = true;
}

void hb_step_goodbye(struct hb_peer *peer, struct hb_effects *fx,
		     u8 reason, u64 now)
{
	if (!hb_session_live(&peer->session))
		return;
	hb_step_send(peer, fx, HB_WIRE_GOODBYE, now);
	fx->pdu.reason = reason;
	fx->again = HB_GOODBYES - 1;
	hb_session_end(&peer->session);
	hb_stats_add(peer->hn->counters, HB_A_STATS_TX_GOODBYES);
}

/* Going up needs no reason, unless an operator gave one. */
static void hb_step_enter(struct hb_peer *peer, struct hb_effects *fx,
			  const struct hb_fact *fact, u8 state)
{
	u8 from = peer->state;

	peer->state = state;
	peer->reason = state == HB_STATE_UP ? HB_REASON_NONE : fact->reason;
	peer->since_ns = fact->now;
	peer->stats.ups += state == HB_STATE_UP;
	peer->stats.downs += state == HB_STATE_DOWN;
	peer->returned = false;
	hb_report_state(peer, fact, from);
	hb_damp_entered(peer, from, fact->now);
	fx->flush = true;
}

static void hb_step_watch(struct hb_peer *peer, u64 now)
{
	peer->watched = true;
	hb_peer_doubt_nothing(peer);
	hb_timer_arm(&peer->detect_timer, now + hb_detect_allowed_ns(peer));
}

/* The first beat goes out at once, the next ones from a random phase on. */
void hb_step_begin(struct hb_peer *peer, struct hb_effects *fx,
		   u64 now)
{
	u64 phase;

	peer->tx_interval_ns = (u64)peer->cfg.interval_us * NSEC_PER_USEC;
	peer->one_way = false;
	peer->asks = 0;
	phase = mul_u64_u32_shr(peer->tx_interval_ns, get_random_u32(), 32);
	peer->tx_cpu = smp_processor_id();
	peer->tx_due_ns = now + phase;
	hb_timer_arm(&peer->tx_timer, peer->tx_due_ns);
	hb_far_timer_arm(&peer->standby, hb_beat_standby_at(peer));
	hb_step_send(peer, fx, HB_WIRE_BEAT, now);
}

void hb_step(struct hb_peer *peer, struct hb_effects *fx,
	     const struct hb_fact *fact)
{
	struct hb_fsm_step step;
	u8 event;

	lockdep_assert_held(&peer->lock);
	hb_adapt_step(peer, fact);
	/* It did die, so its return is no mistake, even if that is held up. */
	if (fact->event == HB_FSM_RESTART)
		peer->returned = true;
	/* A new session of the same life proves a verdict wrong as well as the
	 * old one does: after an outage of both directions both sides have
	 * ended the old one.
	 */
	if (fact->event == HB_FSM_SESSION)
		fx->flush |= hb_report_mistake(peer, fact);
	do {
		event = hb_damp(peer, fact->event, fact->now);
		step = hb_fsm_step(peer->state, event);
		if (step.act & HB_ACT_REPORT)
			hb_step_enter(peer, fx, fact, step.state);
		if (step.act & HB_ACT_MISTAKE)
			fx->flush |= hb_report_mistake(peer, fact);
		if (step.act & HB_ACT_END)
			hb_session_end(&peer->session);
		if (step.act & HB_ACT_WATCH)
			hb_step_watch(peer, fact->now);
		if (step.act & HB_ACT_UNWATCH)
			peer->watched = false;
		if (step.act & HB_ACT_START)
			hb_step_begin(peer, fx, fact->now);
		if (step.act & HB_ACT_STOP)
			hb_step_goodbye(peer, fx, fact->reason, fact->now);
	} while (step.act & HB_ACT_AGAIN);
}

/* Not so for a peer that is dead or disabled, and for a timer that was armed
 * again while its callback waited for the lock: it will be back.
 */
static bool hb_step_is_due(struct hb_peer *peer, struct hb_timer *timer,
			   u64 now, u64 *late)
{
	u64 deadline = hb_timer_deadline(timer);

	if (peer->dead || peer->state == HB_STATE_ADMIN_DOWN || deadline > now)
		return false;
	*late = now - deadline;
	hb_hist_add(&peer->stats.late, *late);
	hb_stall_note(now, *late, hb_detect_guard_ns(peer));
	trace_hb_timer(peer->id, timer == &peer->detect_timer, *late);
	return true;
}

/* Even if nobody has to be excused by it, for beats were queued meanwhile; but
 * not so often that it drives other events out of the ring.
 */
static void hb_step_tell_stall(struct hb_peer *peer, struct hb_effects *fx,
			       u64 now, u64 late)
{
	const struct hb_fact fact = { .now = now, .late_ns = late };
	u64 told = atomic64_read(&peer->hn->stall_told_ns);

	if (late >= hb_detect_fixed_ns(peer) && now > told + NSEC_PER_SEC)
		fx->flush |= hb_report_stall(peer, &fact, now);
}

void hb_step_expired(struct hb_peer *peer, struct hb_timer *timer,
		     hb_step_due_fn *due)
{
	struct hb_effects fx = {};
	u64 now, late;

	spin_lock(&peer->lock);
	now = ktime_get_ns();
	if (hb_step_is_due(peer, timer, now, &late)) {
		hb_step_tell_stall(peer, &fx, now, late);
		due(peer, &fx, now, late);
	}
	spin_unlock(&peer->lock);
	hb_step_apply(peer, &fx);
}

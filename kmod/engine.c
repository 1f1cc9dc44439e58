// SPDX-License-Identifier: GPL-2.0
/* The heart: facts come in, the state machine steps, effects go out. What is
 * to be sent is decided under the peer's lock and sent after it.
 */
#include <linux/math64.h>
#include <linux/random.h>
#include <linux/timekeeping.h>

#include "beat.h"
#include "core/fsm.h"
#include "engine.h"
#include "event.h"
#include "report.h"
#include "trace.h"
#include "tx.h"

/**
 * struct hb_effects - what is left to do without the lock
 * @flush: there are events to multicast
 * @send: @pdu is to be sent
 * @pdu: a packet
 */
struct hb_effects {
	bool flush;
	bool send;
	struct hb_pdu pdu;
};

static void hb_engine_apply(struct hb_peer *peer, struct hb_effects *fx)
{
	struct hb_net *hn = peer->hn;

	if (fx->send && hb_tx_send(peer, &fx->pdu)) {
		hb_stats_add(hn->counters, HB_A_STATS_TX_ERRORS);
		spin_lock(&peer->lock);
		peer->stats.tx_errors++;
		spin_unlock(&peer->lock);
	}
	if (fx->flush)
		hb_event_flush(hn);
}

static void hb_engine_send(struct hb_peer *peer, struct hb_effects *fx, u8 type,
			   u64 now)
{
	hb_beat_compose(peer, &fx->pdu, type, now);
	fx->send = true;
}

static void hb_engine_goodbye(struct hb_peer *peer, struct hb_effects *fx,
			      u8 reason, u64 now)
{
	if (!hb_session_live(&peer->session))
		return;
	hb_engine_send(peer, fx, HB_WIRE_GOODBYE, now);
	fx->pdu.reason = reason;
	hb_session_end(&peer->session);
	hb_stats_add(peer->hn->counters, HB_A_STATS_TX_GOODBYES);
}

/* Going up needs no reason, unless an operator gave one. */
static void hb_engine_enter(struct hb_peer *peer, struct hb_effects *fx,
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
	fx->flush = true;
}

static void hb_engine_watch(struct hb_peer *peer, u64 now)
{
	peer->watched = true;
	peer->stalled = false;
	hb_timer_arm(&peer->detect_timer, now + hb_peer_detect_ns(peer));
}

/* The first beat goes out at once, the next ones from a random phase on. */
static void hb_engine_begin(struct hb_peer *peer, struct hb_effects *fx,
			    u64 now)
{
	u64 phase;

	peer->tx_interval_ns = (u64)peer->cfg.interval_us * NSEC_PER_USEC;
	phase = mul_u64_u32_shr(peer->tx_interval_ns, get_random_u32(), 32);
	hb_timer_arm(&peer->tx_timer, now + phase);
	hb_engine_send(peer, fx, HB_WIRE_BEAT, now);
}

static void hb_engine_step(struct hb_peer *peer, struct hb_effects *fx,
			   const struct hb_fact *fact)
{
	struct hb_fsm_step step;

	lockdep_assert_held(&peer->lock);
	do {
		step = hb_fsm_step(peer->state, fact->event);
		if (step.act & HB_ACT_REPORT)
			hb_engine_enter(peer, fx, fact, step.state);
		if (step.act & HB_ACT_MISTAKE)
			fx->flush |= hb_report_mistake(peer, fact);
		if (step.act & HB_ACT_END)
			hb_session_end(&peer->session);
		if (step.act & HB_ACT_WATCH)
			hb_engine_watch(peer, fact->now);
		if (step.act & HB_ACT_UNWATCH)
			peer->watched = false;
		if (step.act & HB_ACT_START)
			hb_engine_begin(peer, fx, fact->now);
		if (step.act & HB_ACT_STOP)
			hb_engine_goodbye(peer, fx, fact->reason, fact->now);
	} while (step.act & HB_ACT_AGAIN);
}

/* The interval in force follows what we announce: down at once, up when the
 * peer says that it judges by it.
 */
static void hb_engine_retime_tx(struct hb_peer *peer, u64 now)
{
	u64 want = (u64)hb_beat_announced_us(peer) * NSEC_PER_USEC;
	u64 next = hb_timer_deadline(&peer->tx_timer);

	if (want > peer->tx_interval_ns && hb_session_live(&peer->session) &&
	    peer->remote.applied_us != hb_beat_announced_us(peer))
		return;
	peer->tx_interval_ns = want;
	if (next > now + want)
		hb_timer_arm(&peer->tx_timer, now + want);
}

/* The detection timer moves itself to later, but must be told to come sooner */
static void hb_engine_retime_detect(struct hb_peer *peer)
{
	u64 deadline = peer->observed_ns + hb_peer_detect_ns(peer);

	if (peer->watched && deadline < hb_timer_deadline(&peer->detect_timer))
		hb_timer_arm(&peer->detect_timer, deadline);
}

static void hb_engine_learn(struct hb_peer *peer, const struct hb_pdu *pdu,
			    u64 now)
{
	struct hb_remote remote = {
		.interval_us = pdu->interval_us,
		.min_rx_us = pdu->min_rx_us,
		.applied_us = pdu->applied_us,
		.multiplier = pdu->multiplier,
		.defect = pdu->flags & HB_WIRE_F_DEFECT,
	};

	if (remote.interval_us == peer->remote.interval_us &&
	    remote.min_rx_us == peer->remote.min_rx_us &&
	    remote.applied_us == peer->remote.applied_us) {
		peer->remote = remote;
		return;
	}
	peer->remote = remote;
	hb_engine_retime_tx(peer, now);
	hb_engine_retime_detect(peer);
}

static void hb_engine_measure_gap(struct hb_peer *peer, u64 lost, u64 now)
{
	u64 gap = now - peer->rx_ns;

	hb_hist_add(&peer->stats.gap, gap);
	peer->stats.lost += lost;
	if (lost)
		trace_hb_miss(peer->id, lost, gap);
}

static void hb_engine_take_life(struct hb_peer *peer, const struct hb_pdu *pdu,
				u64 now)
{
	peer->rx_ns = now;
	peer->rx_seq = pdu->seq;
	peer->observed_ns = now;
	peer->stalled = false;
	peer->stats.rx++;
	hb_stats_add(peer->hn->counters, HB_A_STATS_RX_BEATS);
	hb_beat_measure_rtt(peer, pdu, now);
	hb_engine_learn(peer, pdu, now);
}

static int hb_engine_asked(struct hb_peer *peer, struct hb_effects *fx,
			   const struct hb_pdu *pdu, u64 now)
{
	struct hb_net *hn = peer->hn;

	if (pdu->type != HB_WIRE_BEAT)
		return HB_A_STATS_RX_DROP_ECHO;
	hb_stats_add(hn->counters, HB_A_STATS_RX_ASKS);
	if (!hb_beat_may_answer(peer, now))
		return HB_A_STATS_RX_DROP_ANSWER_LIMIT;
	hb_engine_send(peer, fx, HB_WIRE_BEAT, now);
	fx->pdu.session = hb_session_answer(&peer->session, pdu->session);
	fx->pdu.echo = pdu->session;
	hb_stats_add(hn->counters, HB_A_STATS_TX_ANSWERS);
	return 0;
}

static void hb_engine_lived(struct hb_peer *peer, struct hb_effects *fx,
			    const struct hb_pdu *pdu, u8 event, u64 now)
{
	struct hb_fact fact = {
		.event = event,
		.reason = HB_REASON_RESTART,
		.now = now,
	};

	if (pdu->type == HB_WIRE_GOODBYE) {
		fact.event = HB_FSM_GOODBYE;
		fact.reason = pdu->reason ?: HB_REASON_GOODBYE;
		hb_stats_add(peer->hn->counters, HB_A_STATS_RX_GOODBYES);
	}
	hb_engine_step(peer, fx, &fact);
}

static int hb_engine_judge(struct hb_peer *peer, struct hb_effects *fx,
			   const struct hb_pdu *pdu, u64 now)
{
	u64 last = peer->session.rx_seq;

	/* The step comes first: it reports by what was known before. */
	switch (hb_session_hear(&peer->session, pdu)) {
	case HB_HEARD_LIFE:
		hb_engine_measure_gap(peer, pdu->seq - last - 1, now);
		hb_engine_lived(peer, fx, pdu, HB_FSM_BEAT, now);
		hb_engine_take_life(peer, pdu, now);
		return 0;
	case HB_HEARD_NEW:
		hb_engine_lived(peer, fx, pdu, HB_FSM_SESSION, now);
		hb_engine_take_life(peer, pdu, now);
		return 0;
	case HB_HEARD_RESTART:
		hb_engine_lived(peer, fx, pdu, HB_FSM_RESTART, now);
		hb_engine_take_life(peer, pdu, now);
		return 0;
	case HB_HEARD_ASK:
		return hb_engine_asked(peer, fx, pdu, now);
	case HB_HEARD_ENDED:
		/* Late words of an old session are no word on the new one. */
		if (!hb_session_live(&peer->session))
			hb_engine_lived(peer, fx, pdu, HB_FSM_RETURN, now);
		return HB_A_STATS_RX_DROP_ENDED;
	case HB_HEARD_BAD_ECHO:
		return HB_A_STATS_RX_DROP_ECHO;
	case HB_HEARD_BAD_SESSION:
		return HB_A_STATS_RX_DROP_SESSION;
	case HB_HEARD_REPLAY:
		break;
	}
	return HB_A_STATS_RX_DROP_REPLAY;
}

int hb_engine_heard(struct hb_peer *peer, const struct hb_pdu *pdu)
{
	struct hb_effects fx = {};
	int drop;

	trace_hb_rx(peer->id, pdu->seq, pdu->session, pdu->echo);
	spin_lock(&peer->lock);
	if (peer->dead)
		drop = HB_A_STATS_RX_DROP_PEER;
	else if (peer->state == HB_STATE_ADMIN_DOWN)
		drop = HB_A_STATS_RX_DROP_ADMIN;
	else
		drop = hb_engine_judge(peer, &fx, pdu, ktime_get_ns());
	peer->stats.dropped += !!drop;
	spin_unlock(&peer->lock);
	hb_engine_apply(peer, &fx);
	return drop;
}

/* False for a timer that was armed again while its callback waited for the
 * lock: it will be back.
 */
static bool hb_engine_due(struct hb_peer *peer, struct hb_timer *timer, u64 now,
			  u64 *late)
{
	u64 deadline = hb_timer_deadline(timer);

	if (peer->dead || peer->state == HB_STATE_ADMIN_DOWN || deadline > now)
		return false;
	*late = now - deadline;
	hb_hist_add(&peer->stats.late, *late);
	trace_hb_timer(peer->id, timer == &peer->detect_timer, *late);
	return true;
}

/* From the last deadline on, so that lateness does not add up; beats that a
 * stall swallowed are not made up for.
 */
static void hb_engine_arm_tx(struct hb_peer *peer, u64 now)
{
	u64 gap = hb_beat_next_gap(peer);
	u64 next = hb_timer_deadline(&peer->tx_timer) + gap;

	hb_timer_arm(&peer->tx_timer, next > now ? next : now + gap);
}

static void hb_engine_tick(struct hb_timer *timer)
{
	struct hb_peer *peer = container_of(timer, struct hb_peer, tx_timer);
	struct hb_effects fx = {};
	u64 now, late;

	spin_lock(&peer->lock);
	now = ktime_get_ns();
	if (hb_engine_due(peer, timer, now, &late)) {
		hb_engine_arm_tx(peer, now);
		hb_engine_send(peer, &fx, HB_WIRE_BEAT, now);
		peer->stats.tx++;
		hb_stats_add(peer->hn->counters, HB_A_STATS_TX_BEATS);
	}
	spin_unlock(&peer->lock);
	hb_engine_apply(peer, &fx);
}

/* Were we so late ourselves that the silence may be ours? Then the peer gets
 * one detection time of fresh observation; after it only a stall as long as
 * that again puts the verdict off.
 */
static bool hb_engine_was_stalled(const struct hb_peer *peer, u64 late)
{
	u64 guard = (u64)hb_peer_interval_us(peer) * NSEC_PER_USEC / 2;

	return late > (peer->stalled ? hb_peer_detect_ns(peer) : guard);
}

static void hb_engine_put_off(struct hb_peer *peer, struct hb_effects *fx,
			      const struct hb_fact *fact)
{
	peer->stalled = true;
	peer->observed_ns = fact->now;
	hb_report_stall(peer, fact);
	fx->flush = true;
	hb_timer_arm(&peer->detect_timer, fact->now + hb_peer_detect_ns(peer));
}

static void hb_engine_convict(struct hb_peer *peer, struct hb_effects *fx,
			      const struct hb_fact *fact)
{
	u64 silence = fact->now - peer->rx_ns;

	trace_hb_miss(peer->id, hb_report_missed(peer, silence), silence);
	hb_engine_step(peer, fx, fact);
	peer->watched = false;
}

static void hb_engine_expired(struct hb_timer *timer)
{
	struct hb_peer *peer = container_of(timer, struct hb_peer,
					    detect_timer);
	struct hb_fact fact = {
		.event = HB_FSM_EXPIRED,
		.reason = HB_REASON_TIMEOUT,
	};
	struct hb_effects fx = {};
	u64 deadline;

	spin_lock(&peer->lock);
	fact.now = ktime_get_ns();
	if (!peer->watched ||
	    !hb_engine_due(peer, timer, fact.now, &fact.late_ns))
		goto out;
	deadline = peer->observed_ns + hb_peer_detect_ns(peer);
	if (deadline > fact.now)
		hb_timer_arm(timer, deadline);
	else if (hb_engine_was_stalled(peer, fact.late_ns))
		hb_engine_put_off(peer, &fx, &fact);
	else
		hb_engine_convict(peer, &fx, &fact);
out:
	spin_unlock(&peer->lock);
	hb_engine_apply(peer, &fx);
}

static u64 hb_engine_random(void)
{
	return get_random_u64();
}

void hb_engine_init(struct hb_peer *peer, const struct hb_peer_cfg *cfg)
{
	peer->cfg = *cfg;
	peer->state = cfg->enabled ? HB_STATE_INIT : HB_STATE_ADMIN_DOWN;
	peer->reason = cfg->enabled ? HB_REASON_NONE : HB_REASON_ADMIN;
	peer->since_ns = ktime_get_ns();
	hb_session_init(&peer->session, hb_engine_random);
	hb_timer_init(&peer->tx_timer, hb_engine_tick);
	hb_timer_init(&peer->detect_timer, hb_engine_expired);
}

void hb_engine_start(struct hb_peer *peer)
{
	struct hb_effects fx = {};

	local_bh_disable();
	spin_lock(&peer->lock);
	if (peer->cfg.enabled)
		hb_engine_begin(peer, &fx, ktime_get_ns());
	spin_unlock(&peer->lock);
	hb_engine_apply(peer, &fx);
	local_bh_enable();
}

void hb_engine_configure(struct hb_peer *peer, const struct hb_peer_cfg *cfg)
{
	struct hb_fact fact = {
		.event = cfg->enabled ? HB_FSM_ENABLE : HB_FSM_DISABLE,
		.reason = HB_REASON_ADMIN,
	};
	struct hb_effects fx = {};

	lockdep_assert_held(&peer->hn->lock);
	local_bh_disable();
	spin_lock(&peer->lock);
	fact.now = ktime_get_ns();
	peer->cfg = *cfg;
	hb_engine_step(peer, &fx, &fact);
	if (cfg->enabled) {
		hb_engine_retime_tx(peer, fact.now);
		hb_engine_retime_detect(peer);
	}
	spin_unlock(&peer->lock);
	hb_engine_apply(peer, &fx);
	local_bh_enable();
}

void hb_engine_stop(struct hb_peer *peer)
{
	struct hb_effects fx = {};

	local_bh_disable();
	spin_lock(&peer->lock);
	peer->dead = true;
	hb_engine_goodbye(peer, &fx, HB_REASON_GOODBYE, ktime_get_ns());
	spin_unlock(&peer->lock);
	hb_engine_apply(peer, &fx);
	local_bh_enable();
	hb_timer_stop(&peer->tx_timer);
	hb_timer_stop(&peer->detect_timer);
}

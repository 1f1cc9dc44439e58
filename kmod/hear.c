// SPDX-License-Identifier: GPL-2.0
/* What an authentic packet of a peer does. */
#include <linux/timekeeping.h>

#include "adapt.h"
#include "beat.h"
#include "core/fsm.h"
#include "detect.h"
#include "gasp.h"
#include "hear.h"
#include "maintenance.h"
#include "pace.h"
#include "stall.h"
#include "step.h"
#include "trace.h"
#include "verdict.h"

static void hb_hear_learn(struct hb_peer *peer, const struct hb_pdu *pdu,
			  u64 now)
{
	struct hb_remote was = peer->remote;

	peer->remote = (struct hb_remote) {
		.interval_us = pdu->interval_us,
		.min_rx_us = pdu->min_rx_us,
		.stalled_us = pdu->stalled_us,
		.heard_seq = pdu->heard_seq,
		.multiplier = pdu->multiplier,
		.defect = pdu->flags & HB_WIRE_F_DEFECT,
		.maintenance_ns = hb_maintenance_told(pdu, now),
	};
	/* Another beat of ours has arrived there: the forward progress that RFC
	 * 4861 7.3.1 wants to hear of. Without it the neighbour is probed every
	 * minute or so, and three lost probes cut the path.
	 */
	peer->reached |= pdu->heard_seq && pdu->heard_seq != was.heard_seq;
	hb_pace_retime(peer, now);
	if (peer->remote.interval_us != was.interval_us ||
	    peer->remote.stalled_us != was.stalled_us)
		hb_verdict_retime(peer, now);
}

static u64 hb_hear_overdue(const struct hb_timer *timer, u64 now)
{
	u64 deadline = hb_timer_deadline(timer);

	return now > deadline ? now - deadline : 0;
}

/* How late this CPU is at present, by timers that should have run on it: the
 * receive softirq comes before them; or was, since the last beat.
 */
static u64 hb_hear_local_ns(const struct hb_peer *peer, u64 now)
{
	struct hb_stall stall;
	u64 late;

	hb_stall_since(peer->rx_ns, hb_detect_guard_ns(peer), &stall);
	late = stall.len_ns;
	if (peer->watched && hb_timer_is_here(&peer->detect_timer))
		late = max(late, hb_hear_overdue(&peer->detect_timer, now));
	if (peer->tx_cpu == smp_processor_id())
		late = max(late, hb_hear_overdue(&peer->tx_timer, now));
	return late;
}

/* Where the time since the last beat was spent, if it was too long. */
static bool hb_hear_blame(struct hb_peer *peer, const struct hb_pdu *pdu,
			  u64 now, struct hb_parts *blame)
{
	struct hb_gap gap = {
		.rx_ns = now - peer->rx_ns,
		.tx_ns = (u64)(pdu->sent_us - peer->rx_sent_us) *
			 NSEC_PER_USEC,
		.lost = pdu->seq - peer->rx_seq - 1,
		.interval_ns = (u64)pdu->interval_us * NSEC_PER_USEC,
	};

	if (!hb_blame_late(&gap))
		return false;
	gap.local_ns = hb_hear_local_ns(peer, now);
	*blame = hb_blame_gap(&gap);
	return true;
}

static void hb_hear_note_late(struct hb_peer *peer, const struct hb_pdu *pdu,
			      u64 now)
{
	struct hb_parts blame;

	if (!hb_hear_blame(peer, pdu, now, &blame))
		return;
	peer->lateness.count[blame.most]++;
	peer->lateness.last = blame;
	trace_hb_late(peer->id, &blame);
}

static void hb_hear_measure_gap(struct hb_peer *peer, u64 lost, u64 now)
{
	u64 gap = now - peer->rx_ns;
	u32 *burst;

	hb_hist_add(&peer->stats.gap, gap);
	if (!lost)
		return;
	peer->stats.lost += lost;
	burst = &peer->stats.burst[min_t(u64, lost, HB_BURST_MAX) - 1];
	*burst += *burst < U32_MAX;
	trace_hb_miss(peer->id, lost, gap);
}

static void hb_hear_set_one_way(struct hb_peer *peer, struct hb_effects *fx,
				bool one_way, u64 now)
{
	const struct hb_fact fact = { .now = now };

	if (peer->one_way == one_way)
		return;
	peer->one_way = one_way;
	hb_report_one_way(peer, &fact);
	fx->flush = true;
}

static void hb_hear_take_life(struct hb_peer *peer, struct hb_effects *fx,
			      const struct hb_pdu *pdu, u64 now)
{
	/* A goodbye is no beat: it was made at any time, with any number. */
	if (pdu->type != HB_WIRE_BEAT)
		return;
	if (peer->cfg.detect == HB_DETECT_ADAPTIVE)
		hb_adapt_hear(peer, pdu, now, hb_hear_local_ns(peer, now) >
					      hb_detect_guard_ns(peer));
	peer->rx_ns = now;
	peer->rx_seq = pdu->seq;
	peer->rx_sent_us = pdu->sent_us;
	peer->observed_ns = now;
	peer->asks = 0;
	if (peer->draining)
		hb_stats_add(peer->hn->counters, HB_A_STATS_DRAIN_SAVES);
	hb_peer_doubt_nothing(peer);
	peer->stats.rx++;
	hb_stats_add(peer->hn->counters, HB_A_STATS_RX_BEATS);
	hb_hear_set_one_way(peer, fx, false, now);
	hb_beat_measure_rtt(peer, pdu, now);
	hb_hear_learn(peer, pdu, now);
	if (peer->cfg.detect == HB_DETECT_ADAPTIVE)
		hb_verdict_retime(peer, now);
}

/* A peer that goes on asking, though we beat to it in a session, does not hear
 * us. Its number and incarnation tell a question from a replayed one of before
 * the last beat. Those of the first round trip may have crossed our answer.
 */
static void hb_hear_note_ask(struct hb_peer *peer, struct hb_effects *fx,
			     const struct hb_pdu *pdu, u64 now)
{
	if (pdu->incarnation != peer->session.incarnation ||
	    pdu->seq <= max(peer->rx_seq, peer->ask_seq))
		return;
	peer->ask_seq = pdu->seq;
	peer->remote.defect = pdu->flags & HB_WIRE_F_DEFECT;
	if (!peer->asks++)
		peer->asked_ns = now;
	if (peer->asks > 2 && now - peer->asked_ns >= peer->rtt_ns &&
	    hb_session_live(&peer->session))
		hb_hear_set_one_way(peer, fx, true, now);
}

static int hb_hear_asked(struct hb_peer *peer, struct hb_effects *fx,
			 const struct hb_pdu *pdu, u64 now)
{
	struct hb_net *hn = peer->hn;

	if (pdu->type != HB_WIRE_BEAT)
		return HB_A_STATS_RX_DROP_ECHO;
	hb_stats_add(hn->counters, HB_A_STATS_RX_ASKS);
	hb_hear_note_ask(peer, fx, pdu, now);
	if (!hb_beat_may_answer(peer, now))
		return HB_A_STATS_RX_DROP_ANSWER_LIMIT;
	hb_step_send(peer, fx, HB_WIRE_BEAT, now);
	fx->pdu.session = hb_session_answer(&peer->session, pdu->session);
	fx->pdu.echo = pdu->session;
	hb_stats_add(hn->counters, HB_A_STATS_TX_ANSWERS);
	return 0;
}

static void hb_hear_lived(struct hb_peer *peer, struct hb_effects *fx,
			  const struct hb_pdu *pdu, u8 event, u64 now)
{
	struct hb_fact fact = {
		.event = event,
		.reason = HB_REASON_RESTART,
		.now = now,
	};

	if (pdu->type == HB_WIRE_GOODBYE) {
		fact.event = pdu->reason == HB_REASON_PANIC ? HB_FSM_PANIC :
							      HB_FSM_GOODBYE;
		fact.reason = pdu->reason ?: HB_REASON_GOODBYE;
		hb_stats_add(peer->hn->counters, HB_A_STATS_RX_GOODBYES);
	} else if (event == HB_FSM_SESSION || event == HB_FSM_RESTART) {
		hb_gasp_stale();
	}
	if (event == HB_FSM_RETURN)
		hb_hear_blame(peer, pdu, now, &fact.blame);
	hb_maintenance_excuse(peer, &fact);
	hb_step(peer, fx, &fact);
}

static int hb_hear_judge(struct hb_peer *peer, struct hb_effects *fx,
			 const struct hb_pdu *pdu, u64 now)
{
	u64 last = peer->session.rx_seq;

	/* The step comes first: it reports by what was known before. */
	switch (hb_session_hear(&peer->session, pdu)) {
	case HB_HEARD_LIFE:
		if (pdu->type == HB_WIRE_BEAT) {
			hb_hear_measure_gap(peer, pdu->seq - last - 1, now);
			hb_hear_note_late(peer, pdu, now);
		}
		hb_hear_lived(peer, fx, pdu, HB_FSM_BEAT, now);
		hb_hear_take_life(peer, fx, pdu, now);
		return 0;
	case HB_HEARD_NEW:
		hb_hear_lived(peer, fx, pdu, HB_FSM_SESSION, now);
		peer->ask_seq = 0;
		hb_hear_take_life(peer, fx, pdu, now);
		return 0;
	case HB_HEARD_RESTART:
		hb_hear_lived(peer, fx, pdu, HB_FSM_RESTART, now);
		peer->ask_seq = 0;
		hb_hear_take_life(peer, fx, pdu, now);
		return 0;
	case HB_HEARD_ASK:
		return hb_hear_asked(peer, fx, pdu, now);
	case HB_HEARD_ENDED:
		/* Late words of an old session are no word on the new one. */
		if (!hb_session_live(&peer->session))
			hb_hear_lived(peer, fx, pdu, HB_FSM_RETURN, now);
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

int hb_hear(struct hb_peer *peer, const struct hb_pdu *pdu)
{
	struct hb_effects fx = {};
	int drop;

	trace_hb_rx(peer->id, pdu->seq, pdu->session, pdu->echo);
	spin_lock(&peer->lock);
	if (peer->dead)
		drop = HB_A_STATS_RX_DROP_PEER;
	else if (peer->state == HB_STATE_ADMIN_DOWN)
		drop = HB_A_STATS_RX_DROP_ADMIN;
	else if (peer->hushed)
		drop = HB_A_STATS_RX_DROP_ENDED;
	else
		drop = hb_hear_judge(peer, &fx, pdu, ktime_get_ns());
	peer->stats.dropped += !!drop;
	spin_unlock(&peer->lock);
	hb_step_apply(peer, &fx);
	return drop;
}

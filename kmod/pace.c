// SPDX-License-Identifier: GPL-2.0
/* When a peer gets its beats. A beat is due at a time, and two timers on two
 * CPUs see to it: one in time, the other one, the standby, a quarter of an
 * interval later, in case the first CPU does not run. Who sends it moves the
 * time on, so that the other finds nothing to do.
 */
#include <linux/moduleparam.h>

#include "beat.h"
#include "detect.h"
#include "pace.h"
#include "step.h"
#include "verdict.h"

static bool standby = true;
module_param(standby, bool, 0644);
MODULE_PARM_DESC(standby, "beat from a second CPU when the first is late");

/* A slower pace has to wait for the peer to judge by it, and that is so when it
 * has heard a packet that announced it. That it once went by such an interval
 * says nothing: it may not have heard yet of a faster one in between.
 */
static bool hb_pace_is_agreed(const struct hb_peer *peer)
{
	return !hb_session_live(&peer->session) ||
	       (peer->announced_us == hb_beat_announced_us(peer) &&
		peer->remote.heard_seq >= peer->announced_seq);
}

void hb_pace_retime(struct hb_peer *peer, u64 now)
{
	u64 want = (u64)hb_beat_announced_us(peer) * NSEC_PER_USEC;

	if (want == peer->tx_interval_ns ||
	    (want > peer->tx_interval_ns && !hb_pace_is_agreed(peer)))
		return;
	peer->tx_interval_ns = want;
	if (peer->tx_due_ns > now + want) {
		peer->tx_due_ns = now + want;
		hb_timer_arm(&peer->tx_timer, peer->tx_due_ns);
		hb_far_timer_arm(&peer->standby, hb_beat_standby_at(peer));
	}
}

/* The next one from when this one was due, so that lateness does not add up;
 * beats that a stall swallowed are not made up for.
 */
static void hb_pace_send(struct hb_peer *peer, struct hb_effects *fx, u64 now)
{
	u64 gap = hb_beat_next_gap(peer);
	u64 late = now - peer->tx_due_ns;

	/* Before it is composed, so that the one after a stall tells of it */
	if (late > hb_detect_guard_ns(peer))
		hb_beat_note_stall(peer, late, now);
	hb_step_send(peer, fx, HB_WIRE_BEAT, now);
	fx->pdu.late_us = min_t(u64, div_u64(late, NSEC_PER_USEC), U32_MAX);
	peer->tx_due_ns += gap;
	if (peer->tx_due_ns <= now)
		peer->tx_due_ns = now + gap;
	if (!fx->send)
		return;
	peer->stats.tx++;
	hb_stats_add(peer->hn->counters, HB_A_STATS_TX_BEATS);
}

static void hb_pace_due(struct hb_peer *peer, struct hb_effects *fx, u64 now,
			u64 late)
{
	peer->tx_cpu = smp_processor_id();
	if (peer->tx_due_ns <= now)
		hb_pace_send(peer, fx, now);
	hb_timer_arm(&peer->tx_timer, peer->tx_due_ns);
	hb_verdict_defer(peer, now, peer->tx_due_ns);
}

void hb_pace_tick(struct hb_timer *timer)
{
	struct hb_peer *peer = container_of(timer, struct hb_peer, tx_timer);

	hb_step_expired(peer, timer, hb_pace_due);
}

static void hb_pace_standby_due(struct hb_peer *peer, struct hb_effects *fx,
				u64 now, u64 late)
{
	u64 at;

	if (hb_far_timer_moves(&peer->standby))
		return;
	if (hb_beat_standby_at(peer) <= now && READ_ONCE(standby)) {
		hb_pace_send(peer, fx, now);
		peer->stats.tx_standby++;
		hb_stats_add(peer->hn->counters, HB_A_STATS_TX_STANDBY);
	}
	at = hb_beat_standby_at(peer);
	/* Switched off, it looks on. */
	if (at <= now)
		at = now + peer->tx_interval_ns / 4;
	if (peer->tx_cpu == smp_processor_id())
		hb_far_timer_arm(&peer->standby, at);
	else
		hb_timer_arm(&peer->standby.timer, at);
}

void hb_pace_standby_tick(struct hb_timer *timer)
{
	struct hb_peer *peer = container_of(timer, struct hb_peer,
					    standby.timer);

	hb_step_expired(peer, timer, hb_pace_standby_due);
}

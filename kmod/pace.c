// SPDX-License-Identifier: GPL-2.0
/* When a peer gets its beats. */
#include "beat.h"
#include "pace.h"
#include "step.h"

/* The interval in force follows what we announce: down at once, up when the
 * peer says that it judges by it.
 */
void hb_pace_retime(struct hb_peer *peer, u64 now)
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

/* From the last deadline on, so that lateness does not add up; beats that a
 * stall swallowed are not made up for.
 */
static void hb_pace_arm(struct hb_peer *peer, u64 now)
{
	u64 gap = hb_beat_next_gap(peer);
	u64 next = hb_timer_deadline(&peer->tx_timer) + gap;

	hb_timer_arm(&peer->tx_timer, next > now ? next : now + gap);
}

void hb_pace_tick(struct hb_timer *timer)
{
	struct hb_peer *peer = container_of(timer, struct hb_peer, tx_timer);
	struct hb_effects fx = {};
	u64 now, late;

	spin_lock(&peer->lock);
	now = ktime_get_ns();
	if (hb_step_due(peer, timer, now, &late)) {
		hb_pace_arm(peer, now);
		hb_step_send(peer, &fx, HB_WIRE_BEAT, now);
		peer->stats.tx++;
		hb_stats_add(peer->hn->counters, HB_A_STATS_TX_BEATS);
	}
	spin_unlock(&peer->lock);
	hb_step_apply(peer, &fx);
}

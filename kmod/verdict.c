// SPDX-License-Identifier: GPL-2.0
/* Is a silent peer dead? */
#include "core/fsm.h"
#include "step.h"
#include "trace.h"
#include "verdict.h"

/* The detection timer moves itself to later, but must be told to come sooner */
void hb_verdict_retime(struct hb_peer *peer)
{
	u64 deadline = peer->observed_ns + hb_peer_detect_ns(peer);

	if (peer->watched && deadline < hb_timer_deadline(&peer->detect_timer))
		hb_timer_arm(&peer->detect_timer, deadline);
}

/* Were we so late ourselves that the silence may be ours? Then the peer gets
 * one detection time of fresh observation; after it only a stall as long as
 * that again puts the verdict off.
 */
static bool hb_verdict_was_stalled(const struct hb_peer *peer, u64 late)
{
	u64 guard = (u64)hb_peer_interval_us(peer) * NSEC_PER_USEC / 2;

	return late > (peer->stalled ? hb_peer_detect_ns(peer) : guard);
}

static void hb_verdict_put_off(struct hb_peer *peer, struct hb_effects *fx,
			       const struct hb_fact *fact)
{
	peer->stalled = true;
	peer->observed_ns = fact->now;
	hb_report_stall(peer, fact);
	fx->flush = true;
	hb_timer_arm(&peer->detect_timer, fact->now + hb_peer_detect_ns(peer));
}

static void hb_verdict_convict(struct hb_peer *peer, struct hb_effects *fx,
			       const struct hb_fact *fact)
{
	u64 silence = fact->now - peer->rx_ns;

	trace_hb_miss(peer->id, hb_report_missed(peer, silence), silence);
	hb_step(peer, fx, fact);
	peer->watched = false;
}

void hb_verdict_expired(struct hb_timer *timer)
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
	    !hb_step_due(peer, timer, fact.now, &fact.late_ns))
		goto out;
	deadline = peer->observed_ns + hb_peer_detect_ns(peer);
	if (deadline > fact.now)
		hb_timer_arm(timer, deadline);
	else if (hb_verdict_was_stalled(peer, fact.late_ns))
		hb_verdict_put_off(peer, &fx, &fact);
	else
		hb_verdict_convict(peer, &fx, &fact);
out:
	spin_unlock(&peer->lock);
	hb_step_apply(peer, &fx);
}

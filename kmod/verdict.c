// SPDX-License-Identifier: GPL-2.0
/* Is a silent peer dead? Only if the silence is not ours: this node has run,
 * and has heard all that had arrived.
 */
#include "core/fsm.h"
#include "detect.h"
#include "drain.h"
#include "maintenance.h"
#include "stall.h"
#include "step.h"
#include "trace.h"
#include "tx.h"
#include "verdict.h"

/* How soon to look again whether queues were read, at first and at last */
#define HB_VERDICT_LOOK_MIN_NS	(10 * NSEC_PER_USEC)
#define HB_VERDICT_LOOK_MAX_NS	NSEC_PER_MSEC
/* A CPU that does not answer for so long will not soon: the kernel's own hard
 * lockup detector gives it up too (kernel.watchdog_thresh, 10 s by default).
 */
#define HB_VERDICT_PATIENCE_NS	(10ULL * NSEC_PER_SEC)
/* Stalls that excuse a silence: after each of so many this CPU has run, read
 * its queue and not found a beat.
 */
#define HB_VERDICT_EXCUSES	10

static u64 hb_verdict_deadline(const struct hb_peer *peer)
{
	return peer->observed_ns + hb_detect_allowed_ns(peer);
}

/* A deadline that is past for its being brought forward is no lateness. */
void hb_verdict_retime(struct hb_peer *peer, u64 now)
{
	u64 deadline = max(hb_verdict_deadline(peer), now);

	if (peer->watched && deadline < hb_timer_deadline(&peer->detect_timer))
		hb_timer_arm(&peer->detect_timer, deadline);
}

void hb_verdict_defer(struct hb_peer *peer, u64 now, u64 until)
{
	u64 set = hb_timer_deadline(&peer->detect_timer);

	if (!peer->watched || set > until || set <= now ||
	    hb_verdict_deadline(peer) <= set ||
	    !hb_timer_is_here(&peer->detect_timer))
		return;
	hb_timer_arm(&peer->detect_timer, hb_verdict_deadline(peer));
}

/* Did this node stand still in the silence? Then the peer gets one detection
 * time of fresh observation. A further stall before it is heard again gives it
 * what that took and a little more, and this only so often, so that a dead peer
 * is found on a node that keeps stalling.
 */
static bool hb_verdict_excused(struct hb_peer *peer, struct hb_fact *fact)
{
	u64 guard = hb_detect_guard_ns(peer), more;
	struct hb_stall stall;

	if (peer->excuses == HB_VERDICT_EXCUSES ||
	    !hb_stall_since(max(peer->rx_ns, peer->excused_ns), guard, &stall))
		return false;
	/* What overlaps with the last one was given already. */
	more = min(stall.len_ns, stall.end_ns - peer->excused_ns) + guard;
	peer->excused_ns = stall.end_ns;
	if (peer->excuses)
		peer->observed_ns = min(peer->observed_ns + more, stall.end_ns);
	else
		peer->observed_ns = stall.end_ns;
	peer->excuses++;
	fact->late_ns = stall.len_ns;
	return hb_verdict_deadline(peer) > fact->now;
}

static void hb_verdict_put_off(struct hb_peer *peer, struct hb_effects *fx,
			       const struct hb_fact *fact)
{
	hb_report_put_off(peer);
	fx->flush |= hb_report_stall(peer, fact, peer->excused_ns);
	hb_timer_arm(&peer->detect_timer, hb_verdict_deadline(peer));
}

/* A CPU that is silent for long is a stall of ours, told once. */
static void hb_verdict_blame_cpu(struct hb_peer *peer, struct hb_effects *fx,
				 struct hb_fact *fact)
{
	if (peer->drain_told)
		return;
	peer->drain_told = true;
	fact->cpu_known = true;
	hb_stats_add(peer->hn->counters, HB_A_STATS_DRAIN_TIMEOUTS);
	hb_report_put_off(peer);
	fx->flush |= hb_report_stall(peer, fact, fact->now);
}

static bool hb_verdict_threads_done(struct hb_peer *peer, int *cpu)
{
	struct net_device *dev;
	bool done = true;

	rcu_read_lock();
	dev = hb_tx_device(peer);
	if (dev)
		done = hb_drain_threads_done(dev, &peer->drain_threads, cpu);
	rcu_read_unlock();
	return done;
}

static void hb_verdict_drain_anew(struct hb_peer *peer, u64 deadline)
{
	if (peer->drain_ns == deadline)
		return;
	peer->drain_ns = deadline;
	peer->drain_ticket = 0;
	peer->drain_threads = (struct hb_drain_threads) {};
}

/* Have all CPUs and threads read what they had at the deadline, and then what
 * they handed to each other? Sets since when @cpu has been waited for.
 */
static bool hb_verdict_drained(struct hb_peer *peer, u64 deadline, int *cpu,
			       u64 *since)
{
	hb_verdict_drain_anew(peer, deadline);
	*since = deadline;
	if (!peer->drain_ticket) {
		if (!hb_drain_done(deadline, cpu) ||
		    !hb_verdict_threads_done(peer, cpu))
			return false;
		peer->drain_ticket = hb_drain_ticket();
	}
	return !peer->drain_ticket ||
	       hb_drain_rounds_done(peer->drain_ticket, cpu, since);
}

/* Has everything been heard that had arrived by the deadline? However late this
 * is, CPUs are asked once.
 */
static bool hb_verdict_heard_all(struct hb_peer *peer, struct hb_effects *fx,
				 struct hb_fact *fact)
{
	u64 deadline = hb_verdict_deadline(peer), waited = fact->now - deadline;
	u64 since;

	if ((peer->draining && waited > HB_VERDICT_PATIENCE_NS) ||
	    hb_verdict_drained(peer, deadline, &fact->cpu, &since))
		return true;
	if (!peer->draining)
		hb_stats_add(peer->hn->counters, HB_A_STATS_DRAINS);
	peer->draining = true;
	fact->late_ns = waited;
	/* A round may have begun long before anybody waited for it here. */
	if (fact->now > max(since, deadline) + hb_detect_guard_ns(peer))
		hb_verdict_blame_cpu(peer, fx, fact);
	hb_timer_arm(&peer->detect_timer,
		     fact->now + clamp(waited / 2, HB_VERDICT_LOOK_MIN_NS,
				       HB_VERDICT_LOOK_MAX_NS));
	return false;
}

static void hb_verdict_convict(struct hb_peer *peer, struct hb_effects *fx,
			       struct hb_fact *fact)
{
	u64 silence = fact->now - peer->rx_ns;
	struct hb_stall stall;

	if (peer->one_way) {
		fact->reason = HB_REASON_REMOTE_DEFECT;
		fact->blame.most = HB_BLAME_NETWORK;
	}
	if (hb_stall_since(peer->rx_ns, hb_detect_guard_ns(peer), &stall)) {
		fact->blame.local_ns = min(stall.len_ns, silence);
		fact->blame.most = HB_BLAME_LOCAL;
	}
	fact->late_ns = fact->now - hb_verdict_deadline(peer);
	hb_maintenance_excuse(peer, fact);
	trace_hb_miss(peer->id, hb_report_missed(peer, silence), silence);
	hb_step(peer, fx, fact);
	peer->watched = false;
}

static void hb_verdict_due(struct hb_peer *peer, struct hb_effects *fx,
			   u64 now, u64 late)
{
	struct hb_fact fact = {
		.event = HB_FSM_EXPIRED,
		.reason = HB_REASON_TIMEOUT,
		.now = now,
		.late_ns = late,
	};

	if (!peer->watched)
		return;
	if (hb_verdict_deadline(peer) > now)
		hb_timer_arm(&peer->detect_timer, hb_verdict_deadline(peer));
	else if (hb_verdict_excused(peer, &fact))
		hb_verdict_put_off(peer, fx, &fact);
	else if (hb_verdict_heard_all(peer, fx, &fact))
		hb_verdict_convict(peer, fx, &fact);
}

void hb_verdict_expired(struct hb_timer *timer)
{
	struct hb_peer *peer = container_of(timer, struct hb_peer,
					    detect_timer);

	hb_step_expired(peer, timer, hb_verdict_due);
}

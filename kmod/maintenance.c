// SPDX-License-Identifier: GPL-2.0
/* Maintenance: a silence that was announced is no death, neither by an operator
 * here nor by the peer itself. Whatever is longer counts.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>

#include "core/fsm.h"
#include "detect.h"
#include "maintenance.h"
#include "step.h"

/* Further away than that is never: no timer goes there. */
#define HB_MAINTENANCE_MAX_US	div_u64(KTIME_MAX / 2, NSEC_PER_USEC)

u64 hb_maintenance_until(u64 us, u64 now)
{
	if (us > HB_MAINTENANCE_MAX_US)
		return U64_MAX;
	return us ? now + us * NSEC_PER_USEC : 0;
}

u64 hb_maintenance_told(const struct hb_pdu *pdu, u64 now)
{
	if (!(pdu->flags & HB_WIRE_F_MAINTENANCE))
		return 0;
	if (pdu->maintenance_s == HB_WIRE_MAINTENANCE_ENDLESS)
		return U64_MAX;
	return now + (u64)pdu->maintenance_s * NSEC_PER_SEC;
}

static u64 hb_maintenance_end(const struct hb_peer *peer)
{
	return max(peer->maintenance_ns, peer->remote.maintenance_ns);
}

static bool hb_maintenance_silent(const struct hb_peer *peer)
{
	return !peer->dead && peer->state == HB_STATE_LEFT &&
	       peer->reason == HB_REASON_MAINTENANCE;
}

/* The timer moves itself to later, but must be told to come sooner. */
static void hb_maintenance_arm(struct hb_peer *peer, u64 now)
{
	u64 end = hb_maintenance_end(peer);

	if (end != U64_MAX)
		hb_timer_arm(&peer->maintenance_timer, max(end, now));
}

void hb_maintenance_set(struct hb_peer *peer, u64 us)
{
	u64 now;

	spin_lock_bh(&peer->lock);
	now = ktime_get_ns();
	peer->maintenance_ns = hb_maintenance_until(us, now);
	if (!us)
		peer->remote.maintenance_ns = 0;
	if (hb_maintenance_silent(peer))
		hb_maintenance_arm(peer, now);
	spin_unlock_bh(&peer->lock);
}

void hb_maintenance_excuse(struct hb_peer *peer, struct hb_fact *fact)
{
	if (peer->state != HB_STATE_UP || hb_maintenance_end(peer) <= fact->now)
		return;
	switch (fact->event) {
	case HB_FSM_EXPIRED:
		fact->event = HB_FSM_GOODBYE;
		hb_maintenance_arm(peer, fact->now);
		break;
	case HB_FSM_RESTART:
		fact->event = HB_FSM_EXCUSED;
		break;
	default:
		return;
	}
	fact->reason = HB_REASON_MAINTENANCE;
}

static void hb_maintenance_due(struct hb_peer *peer, struct hb_effects *fx,
			       u64 now, u64 late)
{
	struct hb_fact fact = {
		.event = HB_FSM_OVERDUE,
		.reason = HB_REASON_TIMEOUT,
		.now = now,
	};

	if (!hb_maintenance_silent(peer))
		return;
	if (hb_maintenance_end(peer) > now)
		hb_maintenance_arm(peer, now);
	else if (late > hb_detect_guard_ns(peer))
		/* We stood still: it may have come back meanwhile. */
		hb_timer_arm(&peer->maintenance_timer,
			     now + hb_detect_ns(peer));
	else
		hb_step(peer, fx, &fact);
}

void hb_maintenance_expired(struct hb_timer *timer)
{
	struct hb_peer *peer = container_of(timer, struct hb_peer,
					    maintenance_timer);

	hb_step_expired(peer, timer, hb_maintenance_due);
}

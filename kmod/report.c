// SPDX-License-Identifier: GPL-2.0
/* Events out of facts, with the evidence. */
#include <linux/math64.h>
#include <linux/string.h>

#include "detect.h"
#include "event.h"
#include "report.h"
#include "trace.h"

u32 hb_report_missed(const struct hb_peer *peer, u64 silence)
{
	return div64_u64(silence,
			 (u64)hb_detect_interval_us(peer) * NSEC_PER_USEC);
}

static void hb_report(struct hb_peer *peer, const struct hb_fact *fact,
		      struct hb_event *ev)
{
	ev->monotonic_ns = fact->now;
	ev->peer_id = peer->id;
	ev->late_ns = fact->late_ns;
	ev->cpu = fact->cpu;
	ev->cpu_known = fact->cpu_known;
	ev->blame = fact->blame;
	ev->incarnation = peer->session.incarnation;
	memcpy(ev->peer, peer->name, peer->name_len);
	ev->peer_len = peer->name_len;
	if (peer->rx_ns) {
		ev->silence_ns = fact->now - peer->rx_ns;
		ev->detect_ns = hb_detect_allowed_ns(peer);
		ev->missed = hb_report_missed(peer, ev->silence_ns);
		ev->last_seq = peer->rx_seq;
	}
	hb_event_log(peer->hn, ev);
}

static void hb_report_quality(struct hb_peer *peer, const struct hb_fact *fact,
			      u8 from)
{
	if (peer->state == HB_STATE_UP)
		hb_qos_up(&peer->qos, fact->now);
	else
		hb_qos_gone(&peer->qos, fact->now);
	if (from == HB_STATE_UP && hb_peer_fell_silent(peer))
		hb_qos_detected(&peer->qos, fact->now - peer->rx_ns);
}

void hb_report_state(struct hb_peer *peer, const struct hb_fact *fact, u8 from)
{
	struct hb_event ev = {
		.type = HB_EVENT_TYPE_STATE,
		.from = from,
		.to = peer->state,
		.reason = peer->reason,
	};

	hb_report_quality(peer, fact, from);
	trace_hb_state(peer->id, from, peer->state, peer->reason);
	hb_report(peer, fact, &ev);
}

bool hb_report_mistake(struct hb_peer *peer, const struct hb_fact *fact)
{
	struct hb_event ev = {
		.type = HB_EVENT_TYPE_MISTAKE,
		.from = peer->state,
		.to = peer->state,
		.duration_ns = fact->now - peer->since_ns,
	};

	if (peer->returned || !hb_peer_fell_silent(peer))
		return false;
	peer->returned = true;
	peer->stats.mistakes++;
	hb_qos_mistake(&peer->qos, ev.duration_ns);
	hb_stats_add(peer->hn->counters, HB_A_STATS_MISTAKES);
	hb_report(peer, fact, &ev);
	return true;
}

void hb_report_one_way(struct hb_peer *peer, const struct hb_fact *fact)
{
	struct hb_event ev = {
		.type = peer->one_way ? HB_EVENT_TYPE_ONE_WAY :
					HB_EVENT_TYPE_TWO_WAY,
		.from = peer->state,
		.to = peer->state,
	};

	if (peer->one_way)
		hb_stats_add(peer->hn->counters, HB_A_STATS_ONE_WAYS);
	hb_report(peer, fact, &ev);
}

void hb_report_put_off(struct hb_peer *peer)
{
	peer->stats.stalls++;
	hb_stats_add(peer->hn->counters, HB_A_STATS_STALLS);
}

bool hb_report_stall(struct hb_peer *peer, const struct hb_fact *fact, u64 end)
{
	u64 told = atomic64_read(&peer->hn->stall_told_ns);
	struct hb_event ev = {
		.type = HB_EVENT_TYPE_STALL,
		.from = peer->state,
		.to = peer->state,
	};

	if (end - fact->late_ns < told ||
	    atomic64_cmpxchg(&peer->hn->stall_told_ns, told, end) != told)
		return false;
	hb_report(peer, fact, &ev);
	return true;
}

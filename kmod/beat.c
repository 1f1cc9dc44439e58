// SPDX-License-Identifier: GPL-2.0
/* What we say to a peer, and when. */
#include <linux/math64.h>
#include <linux/random.h>

#include "beat.h"

/* A peer may ask this often per interval, on average, and so often at once, and
 * be answered.
 */
#define HB_ANSWERS_PER_INTERVAL	8
/* A stall is told for so long: they come in bursts. */
#define HB_STALL_TOLD_NS	(2 * NSEC_PER_SEC)

u64 hb_beat_next_gap(const struct hb_peer *peer)
{
	u64 unit = div_u64(peer->tx_interval_ns, 10000);

	if (peer->remote.multiplier == 1)
		return peer->tx_interval_ns -
		       unit * (1000 + get_random_u32_below(1501));
	return peer->tx_interval_ns - unit * (400 + get_random_u32_below(401));
}

u32 hb_beat_announced_us(const struct hb_peer *peer)
{
	return max(peer->cfg.interval_us, peer->remote.min_rx_us);
}

void hb_beat_note_stall(struct hb_peer *peer, u64 late, u64 now)
{
	if (now < peer->stall_told_until_ns)
		late = max(late, peer->stall_told_ns);
	peer->stall_told_ns = late;
	peer->stall_told_until_ns = now + HB_STALL_TOLD_NS;
}

static u32 hb_beat_stalled_us(const struct hb_peer *peer, u64 now)
{
	if (now >= peer->stall_told_until_ns)
		return 0;
	return min_t(u64, div_u64(peer->stall_told_ns, NSEC_PER_USEC), U32_MAX);
}

static u32 hb_beat_hold_us(const struct hb_peer *peer, u64 now)
{
	u64 hold = div_u64(now - peer->rx_ns, NSEC_PER_USEC);

	if (!peer->session.rx_seq)
		return HB_WIRE_HOLD_NONE;
	return min_t(u64, hold, HB_WIRE_HOLD_NONE);
}

/* A damped peer is down, but we hear it. */
static u16 hb_beat_flags(const struct hb_peer *peer, u32 maintenance_s)
{
	u16 flags = hb_session_live(&peer->session) ? 0 : HB_WIRE_F_DEFECT;

	return maintenance_s ? flags | HB_WIRE_F_MAINTENANCE : flags;
}

/* Rounded up, so that it is not 0 before the end. */
static u32 hb_beat_maintenance_s(const struct hb_net *hn, u64 now)
{
	u64 until = atomic64_read(&hn->maintenance_ns);

	if (until <= now)
		return 0;
	return min_t(u64, div_u64(until - now - 1, NSEC_PER_SEC) + 1,
		     HB_WIRE_MAINTENANCE_ENDLESS);
}

void hb_beat_compose(struct hb_peer *peer, struct hb_pdu *pdu, u8 type, u64 now)
{
	u32 maintenance_s = hb_beat_maintenance_s(peer->hn, now);

	lockdep_assert_held(&peer->lock);
	*pdu = (struct hb_pdu) {
		.type = type,
		.flags = hb_beat_flags(peer, maintenance_s),
		.src = peer->hn->id,
		.dst = peer->id,
		.session = peer->session.mine,
		.echo = peer->session.theirs,
		.seq = ++peer->tx_seq,
		.incarnation = peer->hn->incarnation,
		.interval_us = hb_beat_announced_us(peer),
		.min_rx_us = peer->cfg.interval_us,
		.stalled_us = hb_beat_stalled_us(peer, now),
		.multiplier = peer->cfg.multiplier,
		.heard_seq = peer->session.rx_seq,
		.hold_us = hb_beat_hold_us(peer, now),
		.sent_us = div_u64(now, NSEC_PER_USEC),
		.maintenance_s = maintenance_s,
	};
	peer->tx_times[peer->tx_seq % HB_TX_TIMES] = now;
	if (peer->announced_us != pdu->interval_us)
		peer->announced_seq = pdu->seq;
	peer->announced_us = pdu->interval_us;
}

bool hb_beat_may_answer(struct hb_peer *peer, u64 now)
{
	u64 price = div_u64(peer->tx_interval_ns, HB_ANSWERS_PER_INTERVAL);
	u64 full = now + peer->tx_interval_ns;

	/* The interval may have been longer when the last one was paid. */
	peer->answer_ns = clamp(peer->answer_ns, now, full);
	if (peer->answer_ns + price > full)
		return false;
	peer->answer_ns += price;
	return true;
}

void hb_beat_measure_rtt(struct hb_peer *peer, const struct hb_pdu *pdu,
			 u64 now)
{
	u64 hold = (u64)pdu->hold_us * NSEC_PER_USEC;
	u64 sent;

	if (pdu->hold_us == HB_WIRE_HOLD_NONE ||
	    pdu->heard_seq > peer->tx_seq ||
	    pdu->heard_seq + HB_TX_TIMES <= peer->tx_seq)
		return;
	sent = peer->tx_times[pdu->heard_seq % HB_TX_TIMES];
	if (sent + hold < now)
		peer->rtt_ns = now - sent - hold;
}

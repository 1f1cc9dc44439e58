/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints. Peers are named by their id, times are in ns. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM hb

#if !defined(_HB_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _HB_TRACE_H

#include <linux/tracepoint.h>

#include "core/blame.h"

DECLARE_EVENT_CLASS(hb_packet,
	TP_PROTO(u64 peer, u64 seq, u64 session, u64 echo),
	TP_ARGS(peer, seq, session, echo),
	TP_STRUCT__entry(
		__field(u64, peer)
		__field(u64, seq)
		__field(u64, session)
		__field(u64, echo)
	),
	TP_fast_assign(
		__entry->peer = peer;
		__entry->seq = seq;
		__entry->session = session;
		__entry->echo = echo;
	),
	TP_printk("peer=%016llx seq=%llu session=%016llx echo=%016llx",
		  __entry->peer, __entry->seq, __entry->session, __entry->echo)
);

/* A packet is handed to the network layer. */
DEFINE_EVENT(hb_packet, hb_tx,
	TP_PROTO(u64 peer, u64 seq, u64 session, u64 echo),
	TP_ARGS(peer, seq, session, echo)
);

/* An authentic packet of a peer came in. */
DEFINE_EVENT(hb_packet, hb_rx,
	TP_PROTO(u64 peer, u64 seq, u64 session, u64 echo),
	TP_ARGS(peer, seq, session, echo)
);

/* Beats that were due did not come. */
TRACE_EVENT(hb_miss,
	TP_PROTO(u64 peer, u32 missed, u64 silence),
	TP_ARGS(peer, missed, silence),
	TP_STRUCT__entry(
		__field(u64, peer)
		__field(u32, missed)
		__field(u64, silence)
	),
	TP_fast_assign(
		__entry->peer = peer;
		__entry->missed = missed;
		__entry->silence = silence;
	),
	TP_printk("peer=%016llx missed=%u silence=%llu",
		  __entry->peer, __entry->missed, __entry->silence)
);

/* A beat came late; where the time was spent, the largest part by number of
 * enum hb_blame.
 */
TRACE_EVENT(hb_late,
	TP_PROTO(u64 peer, const struct hb_parts *blame),
	TP_ARGS(peer, blame),
	TP_STRUCT__entry(
		__field(u64, peer)
		__field(u64, in_peer)
		__field(u64, in_network)
		__field(u64, in_local)
		__field(u8, most)
	),
	TP_fast_assign(
		__entry->peer = peer;
		__entry->in_peer = blame->peer_ns;
		__entry->in_network = blame->network_ns;
		__entry->in_local = blame->local_ns;
		__entry->most = blame->most;
	),
	TP_printk("peer=%016llx blame=%u in_peer=%llu in_network=%llu in_local=%llu",
		  __entry->peer, __entry->most, __entry->in_peer,
		  __entry->in_network, __entry->in_local)
);

/* A peer changes its state; numbers of enum hb_state and enum hb_reason. */
TRACE_EVENT(hb_state,
	TP_PROTO(u64 peer, u8 from, u8 to, u8 reason),
	TP_ARGS(peer, from, to, reason),
	TP_STRUCT__entry(
		__field(u64, peer)
		__field(u8, from)
		__field(u8, to)
		__field(u8, reason)
	),
	TP_fast_assign(
		__entry->peer = peer;
		__entry->from = from;
		__entry->to = to;
		__entry->reason = reason;
	),
	TP_printk("peer=%016llx from=%u to=%u reason=%u",
		  __entry->peer, __entry->from, __entry->to, __entry->reason)
);

/* A timer of a peer ran; detect is 0 for the one that beats. */
TRACE_EVENT(hb_timer,
	TP_PROTO(u64 peer, bool detect, u64 late),
	TP_ARGS(peer, detect, late),
	TP_STRUCT__entry(
		__field(u64, peer)
		__field(bool, detect)
		__field(u64, late)
	),
	TP_fast_assign(
		__entry->peer = peer;
		__entry->detect = detect;
		__entry->late = late;
	),
	TP_printk("peer=%016llx detect=%d late=%llu",
		  __entry->peer, __entry->detect, __entry->late)
);

/* An event was multicast; age is the time since what it tells was due: for a
 * death since the deadline, else since it happened.
 */
TRACE_EVENT(hb_event_sent,
	TP_PROTO(u64 seq, u8 type, u8 to, u64 age),
	TP_ARGS(seq, type, to, age),
	TP_STRUCT__entry(
		__field(u64, seq)
		__field(u8, type)
		__field(u8, to)
		__field(u64, age)
	),
	TP_fast_assign(
		__entry->seq = seq;
		__entry->type = type;
		__entry->to = to;
		__entry->age = age;
	),
	TP_printk("seq=%llu type=%u to=%u age=%llu",
		  __entry->seq, __entry->type, __entry->to, __entry->age)
);

#endif /* _HB_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace

/* This part must be outside protection */
#include <trace/define_trace.h>

// SPDX-License-Identifier: GPL-2.0
/* Attribute tables, in the order and with the names of the specification. */
#include <assert.h>
#include <string.h>
#include <linux/hb.h>

#include "parse.h"
#include "schema.h"

static const char *const state_names[] = {
	[HB_STATE_INIT] = "init",
	[HB_STATE_UP] = "up",
	[HB_STATE_DOWN] = "down",
	[HB_STATE_LEFT] = "left",
	[HB_STATE_ADMIN_DOWN] = "admin-down",
};

static const char *const reason_names[] = {
	[HB_REASON_NONE] = "none",
	[HB_REASON_TIMEOUT] = "timeout",
	[HB_REASON_GOODBYE] = "goodbye",
	[HB_REASON_REBOOT] = "reboot",
	[HB_REASON_PANIC] = "panic",
	[HB_REASON_RESTART] = "restart",
	[HB_REASON_PATH_DOWN] = "path-down",
	[HB_REASON_CARRIER] = "carrier",
	[HB_REASON_REMOTE_DEFECT] = "remote-defect",
	[HB_REASON_ADMIN] = "admin",
	[HB_REASON_LEAVE] = "leave",
	[HB_REASON_UNLOAD] = "unload",
	[HB_REASON_NAMESPACE] = "namespace",
	[HB_REASON_DEVICE] = "device",
	[HB_REASON_SHUTDOWN] = "shutdown",
	[HB_REASON_SUSPEND] = "suspend",
	[HB_REASON_MAINTENANCE] = "maintenance",
};

static const char *const auth_names[] = {
	[HB_AUTH_NONE] = "none",
	[HB_AUTH_NODE_KEY] = "node-key",
	[HB_AUTH_PEER_KEY] = "peer-key",
};

static const char *const event_type_names[] = {
	[HB_EVENT_TYPE_STATE] = "state",
	[HB_EVENT_TYPE_MISTAKE] = "mistake",
	[HB_EVENT_TYPE_STALL] = "stall",
	[HB_EVENT_TYPE_ONE_WAY] = "one-way",
	[HB_EVENT_TYPE_TWO_WAY] = "two-way",
};

static const char *const detect_names[] = {
	[HB_DETECT_FIXED] = "fixed",
	[HB_DETECT_ADAPTIVE] = "adaptive",
};

static const char *const blame_names[] = {
	[HB_BLAME_UNKNOWN] = "unknown",
	[HB_BLAME_PEER] = "peer",
	[HB_BLAME_NETWORK] = "network",
	[HB_BLAME_LOCAL] = "local",
};

static const char *const hazard_names[] = {
	[HB_HAZARD_SOFTIRQ_DEFERRAL] = "softirq-deferral",
	[HB_HAZARD_PREEMPT_RT] = "preempt-rt",
	[HB_HAZARD_THREADIRQS] = "threadirqs",
	[HB_HAZARD_COARSE_TIMERS] = "coarse-timers",
	[HB_HAZARD_SINGLE_CPU] = "single-cpu",
	[HB_HAZARD_THREADED_NAPI] = "threaded-napi",
	[HB_HAZARD_NO_GASP] = "no-gasp",
	[HB_HAZARD_CRASH_KERNEL] = "crash-kernel",
	[HB_HAZARD_NO_STANDBY] = "no-standby",
};

const struct hb_names hb_states = { ARRAY_SIZE(state_names), state_names };
const struct hb_names hb_reasons = { ARRAY_SIZE(reason_names), reason_names };
const struct hb_names hb_auths = { ARRAY_SIZE(auth_names), auth_names };
const struct hb_names hb_event_types = {
	ARRAY_SIZE(event_type_names), event_type_names,
};

const struct hb_names hb_detects = {
	ARRAY_SIZE(detect_names), detect_names,
};

static const struct hb_names blames = {
	ARRAY_SIZE(blame_names), blame_names,
};

static const struct hb_names hazards = {
	ARRAY_SIZE(hazard_names), hazard_names,
};

static const struct hb_attr qos_attrs[] = {
	[HB_A_QOS_OBSERVED_NS] = { "observed-ns", .kind = HB_KIND_NS },
	[HB_A_QOS_DETECTIONS] = { "detections", .kind = HB_KIND_UINT },
	[HB_A_QOS_DETECTION_MIN_NS] = { "detection-min-ns",
					.kind = HB_KIND_NS },
	[HB_A_QOS_DETECTION_AVG_NS] = { "detection-avg-ns",
					.kind = HB_KIND_NS },
	[HB_A_QOS_DETECTION_MAX_NS] = { "detection-max-ns",
					.kind = HB_KIND_NS },
	[HB_A_QOS_MISTAKES] = { "mistakes", .kind = HB_KIND_UINT },
	[HB_A_QOS_RECURRENCE_NS] = { "recurrence-ns", .kind = HB_KIND_NS },
	[HB_A_QOS_DURATION_AVG_NS] = { "duration-avg-ns", .kind = HB_KIND_NS },
	[HB_A_QOS_DURATION_MAX_NS] = { "duration-max-ns", .kind = HB_KIND_NS },
	[HB_A_QOS_ACCURACY_PPB] = { "accuracy-ppb", .kind = HB_KIND_PPB },
	[HB_A_QOS_AVAILABILITY_PPB] = { "availability-ppb",
					.kind = HB_KIND_PPB },
	[HB_A_QOS_PAD] = { "pad" },
};

static const struct hb_set set_qos = {
	"qos", HB_A_QOS_MAX, qos_attrs,
};

static const struct hb_attr lateness_attrs[] = {
	[HB_A_LATENESS_PEER_COUNT] = { "peer-count", .kind = HB_KIND_UINT },
	[HB_A_LATENESS_NETWORK_COUNT] = { "network-count",
					  .kind = HB_KIND_UINT },
	[HB_A_LATENESS_LOCAL_COUNT] = { "local-count", .kind = HB_KIND_UINT },
	[HB_A_LATENESS_BLAME] = { "blame", .kind = HB_KIND_ENUM,
				  .names = &blames },
	[HB_A_LATENESS_PEER_NS] = { "peer-ns", .kind = HB_KIND_NS },
	[HB_A_LATENESS_NETWORK_NS] = { "network-ns", .kind = HB_KIND_NS },
	[HB_A_LATENESS_LOCAL_NS] = { "local-ns", .kind = HB_KIND_NS },
	[HB_A_LATENESS_PAD] = { "pad" },
};

static const struct hb_set set_lateness = {
	"lateness", HB_A_LATENESS_MAX, lateness_attrs,
};

static const struct hb_attr key_attrs[] = {
	[HB_A_KEY_SLOT] = { "slot", .kind = HB_KIND_UINT },
	[HB_A_KEY_SECRET] = { "secret" },
};

static const struct hb_set set_key = {
	"key", HB_A_KEY_MAX, key_attrs,
};

static const struct hb_attr node_attrs[] = {
	[HB_A_NODE_NAME] = { "name", .kind = HB_KIND_STRING },
	[HB_A_NODE_PORT] = { "port", .kind = HB_KIND_UINT },
	[HB_A_NODE_KEY] = { "key", .nest = &set_key },
	[HB_A_NODE_KEY_SEND] = { "key-send", .kind = HB_KIND_UINT },
	[HB_A_NODE_KEYS_SET] = { "keys-set", .kind = HB_KIND_SLOTS },
	[HB_A_NODE_ID] = { "id", .kind = HB_KIND_HEX },
	[HB_A_NODE_INCARNATION] = { "incarnation", .kind = HB_KIND_HEX },
	[HB_A_NODE_PEERS] = { "peers", .kind = HB_KIND_UINT },
	[HB_A_NODE_MAINTENANCE_US] = { "maintenance-us", .kind = HB_KIND_US },
	[HB_A_NODE_LEAVE] = { "leave" },
	[HB_A_NODE_HAZARD] = { "hazard", "hazards", HB_KIND_ENUMS,
			       .names = &hazards },
	[HB_A_NODE_QOS] = { "qos", .kind = HB_KIND_ONE, .nest = &set_qos },
	[HB_A_NODE_PAD] = { "pad" },
};

static const struct hb_set set_node = {
	"node", HB_A_NODE_MAX, node_attrs,
};

static const struct hb_attr path_attrs[] = {
	[HB_A_PATH_INDEX] = { "index", .kind = HB_KIND_UINT },
	[HB_A_PATH_ADDR4] = { "addr4", "addr", HB_KIND_ADDR },
	[HB_A_PATH_ADDR6] = { "addr6", "addr", HB_KIND_ADDR },
	[HB_A_PATH_PORT] = { "port", .kind = HB_KIND_UINT },
	[HB_A_PATH_IFINDEX] = { "ifindex", .kind = HB_KIND_DEV },
	[HB_A_PATH_STATE] = { "state", .kind = HB_KIND_ENUM,
			      .names = &hb_states },
};

const struct hb_set hb_set_path = {
	"path", HB_A_PATH_MAX, path_attrs,
};

static const struct hb_attr peer_attrs[] = {
	[HB_A_PEER_NAME] = { "name", .kind = HB_KIND_STRING },
	[HB_A_PEER_ALL] = { "all" },
	[HB_A_PEER_PATH] = { "path", "paths", HB_KIND_NEST,
			     .nest = &hb_set_path },
	[HB_A_PEER_INTERVAL_US] = { "interval-us", .kind = HB_KIND_US },
	[HB_A_PEER_MULTIPLIER] = { "multiplier", .kind = HB_KIND_UINT },
	[HB_A_PEER_ENABLED] = { "enabled", .kind = HB_KIND_BOOL },
	[HB_A_PEER_AUTH] = { "auth", .kind = HB_KIND_ENUM,
			     .names = &hb_auths },
	[HB_A_PEER_KEY] = { "key", .nest = &set_key },
	[HB_A_PEER_KEY_SEND] = { "key-send", .kind = HB_KIND_UINT },
	[HB_A_PEER_KEYS_SET] = { "keys-set", .kind = HB_KIND_SLOTS },
	[HB_A_PEER_ID] = { "id", .kind = HB_KIND_HEX },
	[HB_A_PEER_STATE] = { "state", .kind = HB_KIND_ENUM,
			      .names = &hb_states },
	[HB_A_PEER_REASON] = { "reason", .kind = HB_KIND_ENUM,
			       .names = &hb_reasons },
	[HB_A_PEER_SINCE_NS] = { "since-ns", .kind = HB_KIND_NS },
	[HB_A_PEER_DETECT_US] = { "detect-us", .kind = HB_KIND_US },
	[HB_A_PEER_TX_INTERVAL_US] = { "tx-interval-us", .kind = HB_KIND_US },
	[HB_A_PEER_REMOTE_INTERVAL_US] = { "remote-interval-us",
					   .kind = HB_KIND_US },
	[HB_A_PEER_REMOTE_MULTIPLIER] = { "remote-multiplier",
					  .kind = HB_KIND_UINT },
	[HB_A_PEER_REMOTE_DEFECT] = { "remote-defect", .kind = HB_KIND_BOOL },
	[HB_A_PEER_SESSION] = { "session", .kind = HB_KIND_HEX },
	[HB_A_PEER_REMOTE_SESSION] = { "remote-session", .kind = HB_KIND_HEX },
	[HB_A_PEER_REMOTE_INCARNATION] = { "remote-incarnation",
					   .kind = HB_KIND_HEX },
	[HB_A_PEER_SILENCE_NS] = { "silence-ns", .kind = HB_KIND_NS },
	[HB_A_PEER_RTT_NS] = { "rtt-ns", .kind = HB_KIND_NS },
	[HB_A_PEER_UPS] = { "ups", .kind = HB_KIND_UINT },
	[HB_A_PEER_DOWNS] = { "downs", .kind = HB_KIND_UINT },
	[HB_A_PEER_MISTAKES] = { "mistakes", .kind = HB_KIND_UINT },
	[HB_A_PEER_DETECT] = { "detect", .kind = HB_KIND_ENUM,
			       .names = &hb_detects },
	[HB_A_PEER_FLOOR_US] = { "floor-us", .kind = HB_KIND_US },
	[HB_A_PEER_CEILING_US] = { "ceiling-us", .kind = HB_KIND_US },
	[HB_A_PEER_HOLD_UP_US] = { "hold-up-us", .kind = HB_KIND_US },
	[HB_A_PEER_MAINTENANCE_US] = { "maintenance-us", .kind = HB_KIND_US },
	[HB_A_PEER_REMOTE_MAINTENANCE] = { "remote-maintenance",
					   .kind = HB_KIND_BOOL },
	[HB_A_PEER_HELD_US] = { "held-us", .kind = HB_KIND_US },
	[HB_A_PEER_ONE_WAY] = { "one-way", .kind = HB_KIND_BOOL },
	[HB_A_PEER_SUSPICION] = { "suspicion", .kind = HB_KIND_UINT },
	[HB_A_PEER_REMOTE_STALLED_US] = { "remote-stalled-us",
					  .kind = HB_KIND_US },
	[HB_A_PEER_LATENESS] = { "lateness", .kind = HB_KIND_ONE,
				 .nest = &set_lateness },
	[HB_A_PEER_QOS] = { "qos", .kind = HB_KIND_ONE, .nest = &set_qos },
	[HB_A_PEER_PAD] = { "pad" },
};

static const struct hb_set set_peer = {
	"peer", HB_A_PEER_MAX, peer_attrs,
};

static const struct hb_attr event_attrs[] = {
	[HB_A_EVENT_SEQ] = { "seq", .kind = HB_KIND_UINT },
	[HB_A_EVENT_TYPE] = { "type", "event", HB_KIND_ENUM,
			      .names = &hb_event_types },
	[HB_A_EVENT_REALTIME_NS] = { "realtime-ns", .kind = HB_KIND_TIME },
	[HB_A_EVENT_MONOTONIC_NS] = { "monotonic-ns", .kind = HB_KIND_UINT },
	[HB_A_EVENT_PEER] = { "peer", .kind = HB_KIND_STRING },
	[HB_A_EVENT_PEER_ID] = { "peer-id", .kind = HB_KIND_HEX },
	[HB_A_EVENT_PATH] = { "path", .kind = HB_KIND_UINT },
	[HB_A_EVENT_FROM] = { "from", .kind = HB_KIND_ENUM,
			      .names = &hb_states },
	[HB_A_EVENT_TO] = { "to", .kind = HB_KIND_ENUM, .names = &hb_states },
	[HB_A_EVENT_REASON] = { "reason", .kind = HB_KIND_ENUM,
				.names = &hb_reasons },
	[HB_A_EVENT_SILENCE_NS] = { "silence-ns", .kind = HB_KIND_NS },
	[HB_A_EVENT_DETECT_NS] = { "detect-ns", .kind = HB_KIND_NS },
	[HB_A_EVENT_LATE_NS] = { "late-ns", .kind = HB_KIND_NS },
	[HB_A_EVENT_MISSED] = { "missed", .kind = HB_KIND_UINT },
	[HB_A_EVENT_LAST_SEQ] = { "last-seq", .kind = HB_KIND_UINT },
	[HB_A_EVENT_DURATION_NS] = { "duration-ns", .kind = HB_KIND_NS },
	[HB_A_EVENT_INCARNATION] = { "incarnation", .kind = HB_KIND_HEX },
	[HB_A_EVENT_BLAME] = { "blame", .kind = HB_KIND_ENUM,
			       .names = &blames },
	[HB_A_EVENT_LATE_PEER_NS] = { "late-peer-ns", .kind = HB_KIND_NS },
	[HB_A_EVENT_LATE_NETWORK_NS] = { "late-network-ns",
					 .kind = HB_KIND_NS },
	[HB_A_EVENT_LATE_LOCAL_NS] = { "late-local-ns", .kind = HB_KIND_NS },
	[HB_A_EVENT_CPU] = { "cpu", .kind = HB_KIND_UINT },
	[HB_A_EVENT_PAD] = { "pad" },
};

const struct hb_set hb_set_event = {
	"event", HB_A_EVENT_MAX, event_attrs,
};

static const struct hb_attr events_attrs[] = {
	[HB_A_EVENTS_SINCE] = { "since", .kind = HB_KIND_UINT },
	[HB_A_EVENTS_OLDEST] = { "oldest", .kind = HB_KIND_UINT },
	[HB_A_EVENTS_NEXT] = { "next", .kind = HB_KIND_UINT },
	[HB_A_EVENTS_EVENT] = { "event", "events", HB_KIND_NEST,
				.nest = &hb_set_event },
	[HB_A_EVENTS_PAD] = { "pad" },
};

static const struct hb_set set_events = {
	"events", HB_A_EVENTS_MAX, events_attrs,
};

#define COUNTER(name)	{ name, .kind = HB_KIND_UINT }

static const struct hb_attr stats_attrs[] = {
	[HB_A_STATS_TX_BEATS] = COUNTER("tx-beats"),
	[HB_A_STATS_TX_ANSWERS] = COUNTER("tx-answers"),
	[HB_A_STATS_TX_GOODBYES] = COUNTER("tx-goodbyes"),
	[HB_A_STATS_TX_ERRORS] = COUNTER("tx-errors"),
	[HB_A_STATS_RX_BEATS] = COUNTER("rx-beats"),
	[HB_A_STATS_RX_ASKS] = COUNTER("rx-asks"),
	[HB_A_STATS_RX_GOODBYES] = COUNTER("rx-goodbyes"),
	[HB_A_STATS_RX_DROP_SIZE] = COUNTER("rx-drop-size"),
	[HB_A_STATS_RX_DROP_VERSION] = COUNTER("rx-drop-version"),
	[HB_A_STATS_RX_DROP_LENGTH] = COUNTER("rx-drop-length"),
	[HB_A_STATS_RX_DROP_HEADER] = COUNTER("rx-drop-header"),
	[HB_A_STATS_RX_DROP_TLV] = COUNTER("rx-drop-tlv"),
	[HB_A_STATS_RX_DROP_CRITICAL] = COUNTER("rx-drop-critical"),
	[HB_A_STATS_RX_DROP_DESTINATION] = COUNTER("rx-drop-destination"),
	[HB_A_STATS_RX_DROP_PEER] = COUNTER("rx-drop-peer"),
	[HB_A_STATS_RX_DROP_ADDRESS] = COUNTER("rx-drop-address"),
	[HB_A_STATS_RX_DROP_UNSIGNED] = COUNTER("rx-drop-unsigned"),
	[HB_A_STATS_RX_DROP_SIGNED] = COUNTER("rx-drop-signed"),
	[HB_A_STATS_RX_DROP_TAG] = COUNTER("rx-drop-tag"),
	[HB_A_STATS_RX_DROP_ADMIN] = COUNTER("rx-drop-admin"),
	[HB_A_STATS_RX_DROP_ECHO] = COUNTER("rx-drop-echo"),
	[HB_A_STATS_RX_DROP_SESSION] = COUNTER("rx-drop-session"),
	[HB_A_STATS_RX_DROP_REPLAY] = COUNTER("rx-drop-replay"),
	[HB_A_STATS_RX_DROP_ENDED] = COUNTER("rx-drop-ended"),
	[HB_A_STATS_RX_DROP_ANSWER_LIMIT] = COUNTER("rx-drop-answer-limit"),
	[HB_A_STATS_STALLS] = COUNTER("stalls"),
	[HB_A_STATS_MISTAKES] = COUNTER("mistakes"),
	[HB_A_STATS_EVENTS] = COUNTER("events"),
	[HB_A_STATS_EVENT_MESSAGES] = COUNTER("event-messages"),
	[HB_A_STATS_EVENT_RETRIES] = COUNTER("event-retries"),
	[HB_A_STATS_TX_STANDBY] = COUNTER("tx-standby"),
	[HB_A_STATS_GASPS_READY] = COUNTER("gasps-ready"),
	[HB_A_STATS_DRAINS] = COUNTER("drains"),
	[HB_A_STATS_DRAIN_SAVES] = COUNTER("drain-saves"),
	[HB_A_STATS_DRAIN_TIMEOUTS] = COUNTER("drain-timeouts"),
	[HB_A_STATS_ONE_WAYS] = COUNTER("one-ways"),
	[HB_A_STATS_PAD] = { "pad" },
};

static const struct hb_set set_stats = {
	"stats", HB_A_STATS_MAX, stats_attrs,
};

static const struct hb_attr bucket_attrs[] = {
	[HB_A_BUCKET_BELOW_NS] = { "below-ns", .kind = HB_KIND_NS },
	[HB_A_BUCKET_COUNT] = COUNTER("count"),
	[HB_A_BUCKET_PAD] = { "pad" },
};

static const struct hb_set set_bucket = {
	"bucket", HB_A_BUCKET_MAX, bucket_attrs,
};

static const struct hb_attr burst_attrs[] = {
	[HB_A_BURST_LENGTH] = { "length", .kind = HB_KIND_UINT },
	[HB_A_BURST_COUNT] = COUNTER("count"),
	[HB_A_BURST_PAD] = { "pad" },
};

static const struct hb_set set_burst = {
	"burst", HB_A_BURST_MAX, burst_attrs,
};

static const struct hb_attr peer_stats_attrs[] = {
	[HB_A_PEER_STATS_NAME] = { "name", .kind = HB_KIND_STRING },
	[HB_A_PEER_STATS_TX_BEATS] = COUNTER("tx-beats"),
	[HB_A_PEER_STATS_TX_ERRORS] = COUNTER("tx-errors"),
	[HB_A_PEER_STATS_RX_BEATS] = COUNTER("rx-beats"),
	[HB_A_PEER_STATS_RX_LOST] = COUNTER("rx-lost"),
	[HB_A_PEER_STATS_RX_DROPPED] = COUNTER("rx-dropped"),
	[HB_A_PEER_STATS_STALLS] = COUNTER("stalls"),
	[HB_A_PEER_STATS_LATE_MAX_NS] = { "late-max-ns", .kind = HB_KIND_NS },
	[HB_A_PEER_STATS_GAP_MAX_NS] = { "gap-max-ns", .kind = HB_KIND_NS },
	[HB_A_PEER_STATS_LATE] = { "late", .kind = HB_KIND_NEST,
				   .nest = &set_bucket },
	[HB_A_PEER_STATS_GAP] = { "gap", .kind = HB_KIND_NEST,
				  .nest = &set_bucket },
	[HB_A_PEER_STATS_TX_STANDBY] = COUNTER("tx-standby"),
	[HB_A_PEER_STATS_BURST] = { "burst", .kind = HB_KIND_NEST,
				    .nest = &set_burst },
	[HB_A_PEER_STATS_PAD] = { "pad" },
};

static const struct hb_set set_peer_stats = {
	"peer-stats", HB_A_PEER_STATS_MAX, peer_stats_attrs,
};

static_assert(HB_A_STATS_MAX < HB_TB_SIZE, "HB_TB_SIZE is too small");
static_assert(HB_A_PEER_MAX < HB_TB_SIZE, "HB_TB_SIZE is too small");

static const struct hb_set *const set_of_cmd[] = {
	[HB_CMD_NODE_GET] = &set_node,
	[HB_CMD_NODE_SET] = &set_node,
	[HB_CMD_PEER_NEW] = &set_peer,
	[HB_CMD_PEER_SET] = &set_peer,
	[HB_CMD_PEER_DEL] = &set_peer,
	[HB_CMD_PEER_GET] = &set_peer,
	[HB_CMD_EVENT_GET] = &set_events,
	[HB_CMD_EVENT_NTF] = &set_events,
	[HB_CMD_STATS_GET] = &set_stats,
	[HB_CMD_PEER_STATS_GET] = &set_peer_stats,
};

/* The set of a command's request and reply, NULL for an unknown command. */
const struct hb_set *hb_schema_of(unsigned int cmd)
{
	return cmd < ARRAY_SIZE(set_of_cmd) ? set_of_cmd[cmd] : NULL;
}

/* NULL for an attribute that is newer than this program. */
const struct hb_attr *hb_schema_attr(const struct hb_set *set,
				     unsigned int type)
{
	if (!type || type > set->max)
		return NULL;
	return &set->attrs[type];
}

/* NULL for a value that is newer than this program. */
const char *hb_schema_name(const struct hb_names *names, __u64 value)
{
	return value < names->n ? names->v[value] : NULL;
}

/* The value of a name, -1 if there is none. */
int hb_schema_value(const struct hb_names *names, const char *name)
{
	unsigned int i;

	for (i = 0; i < names->n; i++)
		if (!strcmp(names->v[i], name))
			return i;
	return -1;
}

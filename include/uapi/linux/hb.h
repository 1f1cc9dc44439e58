/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/hb.yaml */
/* YNL-GEN uapi header */
/* To regenerate run: make regen */

#ifndef _UAPI_LINUX_HB_H
#define _UAPI_LINUX_HB_H

#define HB_FAMILY_NAME		"hb"
#define HB_FAMILY_VERSION	1

#define HB_NAME_MAX		63
#define HB_KEY_LEN		32
#define HB_KEY_SLOTS		2
#define HB_INTERVAL_MIN_US	100
#define HB_INTERVAL_MAX_US	60000000
#define HB_DEFAULT_PORT		7694
#define HB_DEFAULT_INTERVAL_US	10000
#define HB_DEFAULT_MULTIPLIER	3
#define HB_HOLD_UP_MAX_US	3600000000
#define HB_BURST_MAX		16
#define HB_EVENTS_KEPT		8192

/**
 * enum hb_state - State of a peer or a path, as this node sees it.
 * @HB_STATE_INIT: Not heard yet since it was added or enabled.
 * @HB_STATE_UP: Beats arrive in time.
 * @HB_STATE_DOWN: Declared dead; the reason says why.
 * @HB_STATE_LEFT: Said goodbye.
 * @HB_STATE_ADMIN_DOWN: Disabled on this node.
 */
enum hb_state {
	HB_STATE_INIT,
	HB_STATE_UP,
	HB_STATE_DOWN,
	HB_STATE_LEFT,
	HB_STATE_ADMIN_DOWN,
};

/**
 * enum hb_reason - Why the last change of state happened.
 * @HB_REASON_TIMEOUT: No valid beat for a whole detection time.
 * @HB_REASON_GOODBYE: We were deleted there, as a peer.
 * @HB_REASON_RESTART: A new incarnation of the peer replaced the one we heard.
 * @HB_REASON_ADMIN: Disabled or enabled by an operator, here or there.
 * @HB_REASON_LEAVE: The peer's operator took its node out of the cluster.
 * @HB_REASON_UNLOAD: The peer's module was unloaded.
 * @HB_REASON_NAMESPACE: The peer's network namespace went away.
 * @HB_REASON_DEVICE: The device that leads to us went away at the peer.
 * @HB_REASON_SHUTDOWN: The peer's machine was halted or powered off.
 * @HB_REASON_SUSPEND: The peer's machine was put to sleep.
 * @HB_REASON_MAINTENANCE: Fell silent during an announced maintenance.
 */
enum hb_reason {
	HB_REASON_NONE,
	HB_REASON_TIMEOUT,
	HB_REASON_GOODBYE,
	HB_REASON_REBOOT,
	HB_REASON_PANIC,
	HB_REASON_RESTART,
	HB_REASON_PATH_DOWN,
	HB_REASON_CARRIER,
	HB_REASON_REMOTE_DEFECT,
	HB_REASON_ADMIN,
	HB_REASON_LEAVE,
	HB_REASON_UNLOAD,
	HB_REASON_NAMESPACE,
	HB_REASON_DEVICE,
	HB_REASON_SHUTDOWN,
	HB_REASON_SUSPEND,
	HB_REASON_MAINTENANCE,
};

/**
 * enum hb_auth - Where the keys that authenticate a peer come from.
 * @HB_AUTH_NONE: No authentication, because the operator said so.
 * @HB_AUTH_NODE_KEY: The keys of this node.
 * @HB_AUTH_PEER_KEY: Keys of the peer's own.
 */
enum hb_auth {
	HB_AUTH_NONE,
	HB_AUTH_NODE_KEY,
	HB_AUTH_PEER_KEY,
};

/**
 * enum hb_event_type
 * @HB_EVENT_TYPE_STATE: A peer changed its state.
 * @HB_EVENT_TYPE_MISTAKE: A peer that was declared down was heard again in the
 *   same session, or in the same life, so it had been alive.
 * @HB_EVENT_TYPE_STALL: This node ran too late, or one of its CPUs did not
 *   answer, to judge a peer by; the peer got one whole detection time more.
 * @HB_EVENT_TYPE_ONE_WAY: The peer is heard but does not hear us: our packets
 *   are lost on the way to it.
 * @HB_EVENT_TYPE_TWO_WAY: The peer hears us again.
 */
enum hb_event_type {
	HB_EVENT_TYPE_STATE,
	HB_EVENT_TYPE_MISTAKE,
	HB_EVENT_TYPE_STALL,
	HB_EVENT_TYPE_ONE_WAY,
	HB_EVENT_TYPE_TWO_WAY,
};

/**
 * enum hb_detect - How the time after which a peer is declared down is found.
 * @HB_DETECT_FIXED: Multiplier times interval.
 * @HB_DETECT_ADAPTIVE: From the arrivals so far, between a floor and a
 *   ceiling; for paths whose delay varies.
 */
enum hb_detect {
	HB_DETECT_FIXED,
	HB_DETECT_ADAPTIVE,
};

/**
 * enum hb_blame - Where the time of a late beat, or of a silence, was spent.
 * @HB_BLAME_UNKNOWN: Nothing tells.
 * @HB_BLAME_PEER: The peer sent late, by its own stamps.
 * @HB_BLAME_NETWORK: Beats were lost or held up between the nodes.
 * @HB_BLAME_LOCAL: This node ran late itself.
 */
enum hb_blame {
	HB_BLAME_UNKNOWN,
	HB_BLAME_PEER,
	HB_BLAME_NETWORK,
	HB_BLAME_LOCAL,
};

/**
 * enum hb_hazard - What on this node can make beats late or deaths untold.
 * @HB_HAZARD_SOFTIRQ_DEFERRAL: Kernels before 6.5 hand all softirqs to
 *   ksoftirqd once it runs, and any task may keep it from running.
 * @HB_HAZARD_PREEMPT_RT: Softirqs run in threads; a task of higher real-time
 *   priority keeps them from running.
 * @HB_HAZARD_THREADIRQS: Booted with threadirqs, so softirqs run in threads; a
 *   module can't see it.
 * @HB_HAZARD_COARSE_TIMERS: No high-resolution timers, so that intervals round
 *   to a tick.
 * @HB_HAZARD_SINGLE_CPU: No second CPU that could beat while the first one is
 *   stuck.
 * @HB_HAZARD_THREADED_NAPI: A device that leads to a peer receives in a
 *   thread, which other tasks may keep from running.
 * @HB_HAZARD_NO_GASP: A device that leads to a peer can't send from a panic,
 *   so that peers find out by timeout.
 * @HB_HAZARD_CRASH_KERNEL: A crash kernel is loaded. Unless
 *   crash_kexec_post_notifiers is set, which a module can't see, a panic is
 *   not announced.
 * @HB_HAZARD_NO_STANDBY: All CPUs but one, or all, are isolated (isolcpus,
 *   nohz_full), so that none of them may beat while the first one is stuck.
 */
enum hb_hazard {
	HB_HAZARD_SOFTIRQ_DEFERRAL,
	HB_HAZARD_PREEMPT_RT,
	HB_HAZARD_THREADIRQS,
	HB_HAZARD_COARSE_TIMERS,
	HB_HAZARD_SINGLE_CPU,
	HB_HAZARD_THREADED_NAPI,
	HB_HAZARD_NO_GASP,
	HB_HAZARD_CRASH_KERNEL,
	HB_HAZARD_NO_STANDBY,
};

enum {
	HB_A_KEY_SLOT = 1,
	HB_A_KEY_SECRET,

	__HB_A_KEY_MAX,
	HB_A_KEY_MAX = (__HB_A_KEY_MAX - 1)
};

enum {
	HB_A_NODE_NAME = 1,
	HB_A_NODE_PORT,
	HB_A_NODE_KEY,
	HB_A_NODE_KEY_SEND,
	HB_A_NODE_KEYS_SET,
	HB_A_NODE_ID,
	HB_A_NODE_INCARNATION,
	HB_A_NODE_PEERS,
	HB_A_NODE_MAINTENANCE_US,
	HB_A_NODE_LEAVE,
	HB_A_NODE_HAZARD,
	HB_A_NODE_QOS,
	HB_A_NODE_PAD,

	__HB_A_NODE_MAX,
	HB_A_NODE_MAX = (__HB_A_NODE_MAX - 1)
};

enum {
	HB_A_QOS_OBSERVED_NS = 1,
	HB_A_QOS_DETECTIONS,
	HB_A_QOS_DETECTION_MIN_NS,
	HB_A_QOS_DETECTION_AVG_NS,
	HB_A_QOS_DETECTION_MAX_NS,
	HB_A_QOS_MISTAKES,
	HB_A_QOS_RECURRENCE_NS,
	HB_A_QOS_DURATION_AVG_NS,
	HB_A_QOS_DURATION_MAX_NS,
	HB_A_QOS_ACCURACY_PPB,
	HB_A_QOS_AVAILABILITY_PPB,
	HB_A_QOS_PAD,

	__HB_A_QOS_MAX,
	HB_A_QOS_MAX = (__HB_A_QOS_MAX - 1)
};

enum {
	HB_A_LATENESS_PEER_COUNT = 1,
	HB_A_LATENESS_NETWORK_COUNT,
	HB_A_LATENESS_LOCAL_COUNT,
	HB_A_LATENESS_BLAME,
	HB_A_LATENESS_PEER_NS,
	HB_A_LATENESS_NETWORK_NS,
	HB_A_LATENESS_LOCAL_NS,
	HB_A_LATENESS_PAD,

	__HB_A_LATENESS_MAX,
	HB_A_LATENESS_MAX = (__HB_A_LATENESS_MAX - 1)
};

enum {
	HB_A_PATH_INDEX = 1,
	HB_A_PATH_ADDR4,
	HB_A_PATH_ADDR6,
	HB_A_PATH_PORT,
	HB_A_PATH_IFINDEX,
	HB_A_PATH_STATE,

	__HB_A_PATH_MAX,
	HB_A_PATH_MAX = (__HB_A_PATH_MAX - 1)
};

enum {
	HB_A_PEER_NAME = 1,
	HB_A_PEER_ALL,
	HB_A_PEER_PATH,
	HB_A_PEER_INTERVAL_US,
	HB_A_PEER_MULTIPLIER,
	HB_A_PEER_ENABLED,
	HB_A_PEER_AUTH,
	HB_A_PEER_KEY,
	HB_A_PEER_KEY_SEND,
	HB_A_PEER_KEYS_SET,
	HB_A_PEER_ID,
	HB_A_PEER_STATE,
	HB_A_PEER_REASON,
	HB_A_PEER_SINCE_NS,
	HB_A_PEER_DETECT_US,
	HB_A_PEER_TX_INTERVAL_US,
	HB_A_PEER_REMOTE_INTERVAL_US,
	HB_A_PEER_REMOTE_MULTIPLIER,
	HB_A_PEER_REMOTE_DEFECT,
	HB_A_PEER_SESSION,
	HB_A_PEER_REMOTE_SESSION,
	HB_A_PEER_REMOTE_INCARNATION,
	HB_A_PEER_SILENCE_NS,
	HB_A_PEER_RTT_NS,
	HB_A_PEER_UPS,
	HB_A_PEER_DOWNS,
	HB_A_PEER_MISTAKES,
	HB_A_PEER_DETECT,
	HB_A_PEER_FLOOR_US,
	HB_A_PEER_CEILING_US,
	HB_A_PEER_HOLD_UP_US,
	HB_A_PEER_MAINTENANCE_US,
	HB_A_PEER_REMOTE_MAINTENANCE,
	HB_A_PEER_ONE_WAY,
	HB_A_PEER_SUSPICION,
	HB_A_PEER_REMOTE_STALLED_US,
	HB_A_PEER_LATENESS,
	HB_A_PEER_QOS,
	HB_A_PEER_HELD_US,
	HB_A_PEER_PAD,

	__HB_A_PEER_MAX,
	HB_A_PEER_MAX = (__HB_A_PEER_MAX - 1)
};

enum {
	HB_A_EVENT_SEQ = 1,
	HB_A_EVENT_TYPE,
	HB_A_EVENT_REALTIME_NS,
	HB_A_EVENT_MONOTONIC_NS,
	HB_A_EVENT_PEER,
	HB_A_EVENT_PEER_ID,
	HB_A_EVENT_PATH,
	HB_A_EVENT_FROM,
	HB_A_EVENT_TO,
	HB_A_EVENT_REASON,
	HB_A_EVENT_SILENCE_NS,
	HB_A_EVENT_DETECT_NS,
	HB_A_EVENT_LATE_NS,
	HB_A_EVENT_MISSED,
	HB_A_EVENT_LAST_SEQ,
	HB_A_EVENT_DURATION_NS,
	HB_A_EVENT_INCARNATION,
	HB_A_EVENT_BLAME,
	HB_A_EVENT_LATE_PEER_NS,
	HB_A_EVENT_LATE_NETWORK_NS,
	HB_A_EVENT_LATE_LOCAL_NS,
	HB_A_EVENT_CPU,
	HB_A_EVENT_PAD,

	__HB_A_EVENT_MAX,
	HB_A_EVENT_MAX = (__HB_A_EVENT_MAX - 1)
};

enum {
	HB_A_EVENTS_SINCE = 1,
	HB_A_EVENTS_OLDEST,
	HB_A_EVENTS_NEXT,
	HB_A_EVENTS_EVENT,
	HB_A_EVENTS_PAD,

	__HB_A_EVENTS_MAX,
	HB_A_EVENTS_MAX = (__HB_A_EVENTS_MAX - 1)
};

enum {
	HB_A_STATS_TX_BEATS = 1,
	HB_A_STATS_TX_ANSWERS,
	HB_A_STATS_TX_GOODBYES,
	HB_A_STATS_TX_ERRORS,
	HB_A_STATS_RX_BEATS,
	HB_A_STATS_RX_ASKS,
	HB_A_STATS_RX_GOODBYES,
	HB_A_STATS_RX_DROP_SIZE,
	HB_A_STATS_RX_DROP_VERSION,
	HB_A_STATS_RX_DROP_LENGTH,
	HB_A_STATS_RX_DROP_HEADER,
	HB_A_STATS_RX_DROP_TLV,
	HB_A_STATS_RX_DROP_CRITICAL,
	HB_A_STATS_RX_DROP_DESTINATION,
	HB_A_STATS_RX_DROP_PEER,
	HB_A_STATS_RX_DROP_ADDRESS,
	HB_A_STATS_RX_DROP_UNSIGNED,
	HB_A_STATS_RX_DROP_SIGNED,
	HB_A_STATS_RX_DROP_TAG,
	HB_A_STATS_RX_DROP_ADMIN,
	HB_A_STATS_RX_DROP_ECHO,
	HB_A_STATS_RX_DROP_SESSION,
	HB_A_STATS_RX_DROP_REPLAY,
	HB_A_STATS_RX_DROP_ENDED,
	HB_A_STATS_RX_DROP_ANSWER_LIMIT,
	HB_A_STATS_STALLS,
	HB_A_STATS_MISTAKES,
	HB_A_STATS_EVENTS,
	HB_A_STATS_EVENT_MESSAGES,
	HB_A_STATS_EVENT_RETRIES,
	HB_A_STATS_TX_STANDBY,
	HB_A_STATS_GASPS_READY,
	HB_A_STATS_DRAINS,
	HB_A_STATS_DRAIN_SAVES,
	HB_A_STATS_DRAIN_TIMEOUTS,
	HB_A_STATS_ONE_WAYS,
	HB_A_STATS_PAD,

	__HB_A_STATS_MAX,
	HB_A_STATS_MAX = (__HB_A_STATS_MAX - 1)
};

enum {
	HB_A_BUCKET_BELOW_NS = 1,
	HB_A_BUCKET_COUNT,
	HB_A_BUCKET_PAD,

	__HB_A_BUCKET_MAX,
	HB_A_BUCKET_MAX = (__HB_A_BUCKET_MAX - 1)
};

enum {
	HB_A_BURST_LENGTH = 1,
	HB_A_BURST_COUNT,
	HB_A_BURST_PAD,

	__HB_A_BURST_MAX,
	HB_A_BURST_MAX = (__HB_A_BURST_MAX - 1)
};

enum {
	HB_A_PEER_STATS_NAME = 1,
	HB_A_PEER_STATS_TX_BEATS,
	HB_A_PEER_STATS_TX_ERRORS,
	HB_A_PEER_STATS_RX_BEATS,
	HB_A_PEER_STATS_RX_LOST,
	HB_A_PEER_STATS_RX_DROPPED,
	HB_A_PEER_STATS_STALLS,
	HB_A_PEER_STATS_LATE_MAX_NS,
	HB_A_PEER_STATS_GAP_MAX_NS,
	HB_A_PEER_STATS_LATE,
	HB_A_PEER_STATS_GAP,
	HB_A_PEER_STATS_TX_STANDBY,
	HB_A_PEER_STATS_BURST,
	HB_A_PEER_STATS_PAD,

	__HB_A_PEER_STATS_MAX,
	HB_A_PEER_STATS_MAX = (__HB_A_PEER_STATS_MAX - 1)
};

enum {
	HB_CMD_NODE_GET = 1,
	HB_CMD_NODE_SET,
	HB_CMD_PEER_NEW,
	HB_CMD_PEER_SET,
	HB_CMD_PEER_DEL,
	HB_CMD_PEER_GET,
	HB_CMD_EVENT_GET,
	HB_CMD_EVENT_NTF,
	HB_CMD_STATS_GET,
	HB_CMD_PEER_STATS_GET,

	__HB_CMD_MAX,
	HB_CMD_MAX = (__HB_CMD_MAX - 1)
};

#define HB_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_HB_H */

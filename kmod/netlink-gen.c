// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/hb.yaml */
/* YNL-GEN kernel source */
/* To regenerate run: make regen */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/hb.h>

/* Integer value ranges */
static const struct netlink_range_validation hb_a_path_ifindex_range = {
	.min	= 1ULL,
	.max	= S32_MAX,
};

static const struct netlink_range_validation hb_a_peer_interval_us_range = {
	.min	= HB_INTERVAL_MIN_US,
	.max	= HB_INTERVAL_MAX_US,
};

static const struct netlink_range_validation hb_a_peer_hold_up_us_range = {
	.max	= HB_HOLD_UP_MAX_US,
};

/* Common nested types */
const struct nla_policy hb_key_nl_policy[HB_A_KEY_SECRET + 1] = {
	[HB_A_KEY_SLOT] = NLA_POLICY_RANGE(NLA_U8, 1, HB_KEY_SLOTS),
	[HB_A_KEY_SECRET] = NLA_POLICY_EXACT_LEN(HB_KEY_LEN),
};

const struct nla_policy hb_path_nl_policy[HB_A_PATH_STATE + 1] = {
	[HB_A_PATH_INDEX] = { .type = NLA_U8, },
	[HB_A_PATH_ADDR4] = { .type = NLA_BE32, },
	[HB_A_PATH_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[HB_A_PATH_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[HB_A_PATH_IFINDEX] = NLA_POLICY_FULL_RANGE(NLA_U32, &hb_a_path_ifindex_range),
	[HB_A_PATH_STATE] = NLA_POLICY_MAX(NLA_U32, 4),
};

/* HB_CMD_NODE_SET - do */
static const struct nla_policy hb_node_set_nl_policy[HB_A_NODE_LEAVE + 1] = {
	[HB_A_NODE_NAME] = { .type = NLA_NUL_STRING, .len = HB_NAME_MAX, },
	[HB_A_NODE_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[HB_A_NODE_KEY] = NLA_POLICY_NESTED(hb_key_nl_policy),
	[HB_A_NODE_KEY_SEND] = NLA_POLICY_RANGE(NLA_U8, 1, HB_KEY_SLOTS),
	[HB_A_NODE_MAINTENANCE_US] = { .type = NLA_U64, },
	[HB_A_NODE_LEAVE] = { .type = NLA_FLAG, },
};

/* HB_CMD_PEER_NEW - do */
static const struct nla_policy hb_peer_new_nl_policy[HB_A_PEER_MAINTENANCE_US + 1] = {
	[HB_A_PEER_NAME] = { .type = NLA_NUL_STRING, .len = HB_NAME_MAX, },
	[HB_A_PEER_PATH] = NLA_POLICY_NESTED(hb_path_nl_policy),
	[HB_A_PEER_INTERVAL_US] = NLA_POLICY_FULL_RANGE(NLA_U32, &hb_a_peer_interval_us_range),
	[HB_A_PEER_MULTIPLIER] = NLA_POLICY_MIN(NLA_U8, 1),
	[HB_A_PEER_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[HB_A_PEER_AUTH] = NLA_POLICY_MAX(NLA_U32, 2),
	[HB_A_PEER_KEY] = NLA_POLICY_NESTED(hb_key_nl_policy),
	[HB_A_PEER_KEY_SEND] = NLA_POLICY_RANGE(NLA_U8, 1, HB_KEY_SLOTS),
	[HB_A_PEER_DETECT] = NLA_POLICY_MAX(NLA_U32, 1),
	[HB_A_PEER_FLOOR_US] = { .type = NLA_U64, },
	[HB_A_PEER_CEILING_US] = { .type = NLA_U64, },
	[HB_A_PEER_HOLD_UP_US] = NLA_POLICY_FULL_RANGE(NLA_U64, &hb_a_peer_hold_up_us_range),
	[HB_A_PEER_MAINTENANCE_US] = { .type = NLA_U64, },
};

/* HB_CMD_PEER_SET - do */
static const struct nla_policy hb_peer_set_nl_policy[HB_A_PEER_MAINTENANCE_US + 1] = {
	[HB_A_PEER_NAME] = { .type = NLA_NUL_STRING, .len = HB_NAME_MAX, },
	[HB_A_PEER_ALL] = { .type = NLA_FLAG, },
	[HB_A_PEER_PATH] = NLA_POLICY_NESTED(hb_path_nl_policy),
	[HB_A_PEER_INTERVAL_US] = NLA_POLICY_FULL_RANGE(NLA_U32, &hb_a_peer_interval_us_range),
	[HB_A_PEER_MULTIPLIER] = NLA_POLICY_MIN(NLA_U8, 1),
	[HB_A_PEER_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[HB_A_PEER_AUTH] = NLA_POLICY_MAX(NLA_U32, 2),
	[HB_A_PEER_KEY] = NLA_POLICY_NESTED(hb_key_nl_policy),
	[HB_A_PEER_KEY_SEND] = NLA_POLICY_RANGE(NLA_U8, 1, HB_KEY_SLOTS),
	[HB_A_PEER_DETECT] = NLA_POLICY_MAX(NLA_U32, 1),
	[HB_A_PEER_FLOOR_US] = { .type = NLA_U64, },
	[HB_A_PEER_CEILING_US] = { .type = NLA_U64, },
	[HB_A_PEER_HOLD_UP_US] = NLA_POLICY_FULL_RANGE(NLA_U64, &hb_a_peer_hold_up_us_range),
	[HB_A_PEER_MAINTENANCE_US] = { .type = NLA_U64, },
};

/* HB_CMD_PEER_DEL - do */
static const struct nla_policy hb_peer_del_nl_policy[HB_A_PEER_ALL + 1] = {
	[HB_A_PEER_NAME] = { .type = NLA_NUL_STRING, .len = HB_NAME_MAX, },
	[HB_A_PEER_ALL] = { .type = NLA_FLAG, },
};

/* HB_CMD_PEER_GET - dump */
static const struct nla_policy hb_peer_get_nl_policy[HB_A_PEER_NAME + 1] = {
	[HB_A_PEER_NAME] = { .type = NLA_NUL_STRING, .len = HB_NAME_MAX, },
};

/* HB_CMD_EVENT_GET - dump */
static const struct nla_policy hb_event_get_nl_policy[HB_A_EVENTS_SINCE + 1] = {
	[HB_A_EVENTS_SINCE] = { .type = NLA_U64, },
};

/* HB_CMD_PEER_STATS_GET - dump */
static const struct nla_policy hb_peer_stats_get_nl_policy[HB_A_PEER_STATS_NAME + 1] = {
	[HB_A_PEER_STATS_NAME] = { .type = NLA_NUL_STRING, .len = HB_NAME_MAX, },
};

/* Ops table for hb */
static const struct genl_split_ops hb_nl_ops[] = {
	{
		.cmd	= HB_CMD_NODE_GET,
		.doit	= hb_nl_node_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= HB_CMD_NODE_SET,
		.doit		= hb_nl_node_set_doit,
		.policy		= hb_node_set_nl_policy,
		.maxattr	= HB_A_NODE_LEAVE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= HB_CMD_PEER_NEW,
		.doit		= hb_nl_peer_new_doit,
		.policy		= hb_peer_new_nl_policy,
		.maxattr	= HB_A_PEER_MAINTENANCE_US,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= HB_CMD_PEER_SET,
		.doit		= hb_nl_peer_set_doit,
		.policy		= hb_peer_set_nl_policy,
		.maxattr	= HB_A_PEER_MAINTENANCE_US,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= HB_CMD_PEER_DEL,
		.doit		= hb_nl_peer_del_doit,
		.policy		= hb_peer_del_nl_policy,
		.maxattr	= HB_A_PEER_ALL,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= HB_CMD_PEER_GET,
		.dumpit		= hb_nl_peer_get_dumpit,
		.policy		= hb_peer_get_nl_policy,
		.maxattr	= HB_A_PEER_NAME,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= HB_CMD_EVENT_GET,
		.dumpit		= hb_nl_event_get_dumpit,
		.policy		= hb_event_get_nl_policy,
		.maxattr	= HB_A_EVENTS_SINCE,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= HB_CMD_STATS_GET,
		.doit	= hb_nl_stats_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= HB_CMD_PEER_STATS_GET,
		.dumpit		= hb_nl_peer_stats_get_dumpit,
		.policy		= hb_peer_stats_get_nl_policy,
		.maxattr	= HB_A_PEER_STATS_NAME,
		.flags		= GENL_CMD_CAP_DUMP,
	},
};

static const struct genl_multicast_group hb_nl_mcgrps[] = {
	[HB_NLGRP_EVENTS] = { "events", },
};

struct genl_family hb_nl_family __ro_after_init = {
	.name		= HB_FAMILY_NAME,
	.version	= HB_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= hb_nl_ops,
	.n_split_ops	= ARRAY_SIZE(hb_nl_ops),
	.mcgrps		= hb_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(hb_nl_mcgrps),
};

// SPDX-License-Identifier: GPL-2.0
/* From struct hb_cfg to netlink attributes. Each function returns 0, or a
 * negative number if the message is full.
 */
#include <stdbool.h>

#include "cfg.h"

static int put_key(const struct hb_cfg *cfg, struct nl_msg *msg, int attr)
{
	struct nlattr *nest;

	if (!hb_cfg_has(cfg, HB_WORD_KEY_FILE))
		return 0;
	nest = nla_nest_start(msg, attr);
	if (!nest || nla_put_u8(msg, HB_A_KEY_SLOT, cfg->key_slot) ||
	    nla_put(msg, HB_A_KEY_SECRET, HB_KEY_LEN, cfg->secret))
		return -1;
	return nla_nest_end(msg, nest);
}

/* A key without a secret empties its slot. */
static int put_clear(const struct hb_cfg *cfg, struct nl_msg *msg, int attr)
{
	struct nlattr *nest;

	if (!hb_cfg_has(cfg, HB_WORD_KEY_CLEAR))
		return 0;
	nest = nla_nest_start(msg, attr);
	if (!nest || nla_put_u8(msg, HB_A_KEY_SLOT, cfg->key_clear))
		return -1;
	return nla_nest_end(msg, nest);
}

static int put_keys(const struct hb_cfg *cfg, struct nl_msg *msg, int key,
		    int send)
{
	if (put_key(cfg, msg, key) || put_clear(cfg, msg, key))
		return -1;
	if (!hb_cfg_has(cfg, HB_WORD_KEY_SEND))
		return 0;
	return nla_put_u8(msg, send, cfg->key_send);
}

int hb_cfg_put_node(const struct hb_cfg *cfg, struct nl_msg *msg)
{
	if (hb_cfg_has(cfg, HB_WORD_NAME) &&
	    nla_put_string(msg, HB_A_NODE_NAME, cfg->name))
		return -1;
	if (hb_cfg_has(cfg, HB_WORD_PORT) &&
	    nla_put_u16(msg, HB_A_NODE_PORT, cfg->port))
		return -1;
	return put_keys(cfg, msg, HB_A_NODE_KEY, HB_A_NODE_KEY_SEND);
}

static int put_addr(const struct hb_addr *addr, struct nl_msg *msg)
{
	if (!addr->len)
		return 0;
	return nla_put(msg, addr->len == 4 ? HB_A_PATH_ADDR4 : HB_A_PATH_ADDR6,
		       addr->len, addr->bytes);
}

static int put_path(const struct hb_cfg *cfg, struct nl_msg *msg)
{
	bool port = hb_cfg_has(cfg, HB_WORD_PORT);
	struct nlattr *nest;

	if (!cfg->addr.len && !port && !cfg->ifindex)
		return 0;
	nest = nla_nest_start(msg, HB_A_PEER_PATH);
	if (!nest || put_addr(&cfg->addr, msg))
		return -1;
	if (port && nla_put_u16(msg, HB_A_PATH_PORT, cfg->port))
		return -1;
	if (cfg->ifindex &&
	    nla_put_u32(msg, HB_A_PATH_IFINDEX, cfg->ifindex))
		return -1;
	return nla_nest_end(msg, nest);
}

static int put_timing(const struct hb_cfg *cfg, struct nl_msg *msg)
{
	if (hb_cfg_has(cfg, HB_WORD_INTERVAL) &&
	    nla_put_u32(msg, HB_A_PEER_INTERVAL_US, cfg->interval_us))
		return -1;
	if (hb_cfg_has(cfg, HB_WORD_MULTIPLIER) &&
	    nla_put_u8(msg, HB_A_PEER_MULTIPLIER, cfg->multiplier))
		return -1;
	if (hb_cfg_has(cfg, HB_WORD_DETECT) &&
	    nla_put_u32(msg, HB_A_PEER_DETECT, cfg->detect))
		return -1;
	if (hb_cfg_has(cfg, HB_WORD_FLOOR) &&
	    nla_put_u64(msg, HB_A_PEER_FLOOR_US, cfg->floor_us))
		return -1;
	if (hb_cfg_has(cfg, HB_WORD_CEILING) &&
	    nla_put_u64(msg, HB_A_PEER_CEILING_US, cfg->ceiling_us))
		return -1;
	if (hb_cfg_has(cfg, HB_WORD_HOLD_UP) &&
	    nla_put_u64(msg, HB_A_PEER_HOLD_UP_US, cfg->hold_up_us))
		return -1;
	return 0;
}

int hb_cfg_put_peer(const struct hb_cfg *cfg, struct nl_msg *msg)
{
	if (nla_put_string(msg, HB_A_PEER_NAME, cfg->name) ||
	    put_path(cfg, msg) || put_timing(cfg, msg))
		return -1;
	if (hb_cfg_has(cfg, HB_WORD_AUTH) &&
	    nla_put_u32(msg, HB_A_PEER_AUTH, cfg->auth))
		return -1;
	if (hb_cfg_has(cfg, HB_WORD_DISABLED) &&
	    nla_put_u8(msg, HB_A_PEER_ENABLED, 0))
		return -1;
	return put_keys(cfg, msg, HB_A_PEER_KEY, HB_A_PEER_KEY_SEND);
}

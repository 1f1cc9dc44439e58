// SPDX-License-Identifier: GPL-2.0
/* Commands that change peers. A request is read and checked whole, and what it
 * needs is allocated, before anything changes.
 */
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "engine.h"
#include "gasp.h"
#include "maintenance.h"
#include "netlink-gen.h"
#include "netlink.h"

/* The longest that a fixed detection time can be */
#define HB_NL_DETECT_MAX_US	((u64)HB_INTERVAL_MAX_US * U8_MAX)

static void hb_nl_parse_cfg(struct genl_info *info, struct hb_peer_cfg *cfg)
{
	struct nlattr **tb = info->attrs;

	if (tb[HB_A_PEER_INTERVAL_US])
		cfg->interval_us = nla_get_u32(tb[HB_A_PEER_INTERVAL_US]);
	if (tb[HB_A_PEER_MULTIPLIER])
		cfg->multiplier = nla_get_u8(tb[HB_A_PEER_MULTIPLIER]);
	if (tb[HB_A_PEER_ENABLED])
		cfg->enabled = nla_get_u8(tb[HB_A_PEER_ENABLED]);
	if (tb[HB_A_PEER_DETECT])
		cfg->detect = nla_get_u32(tb[HB_A_PEER_DETECT]);
	if (tb[HB_A_PEER_FLOOR_US])
		cfg->floor_us = nla_get_u64(tb[HB_A_PEER_FLOOR_US]);
	if (tb[HB_A_PEER_CEILING_US])
		cfg->ceiling_us = nla_get_u64(tb[HB_A_PEER_CEILING_US]);
	if (tb[HB_A_PEER_HOLD_UP_US])
		cfg->hold_up_us = nla_get_u64(tb[HB_A_PEER_HOLD_UP_US]);
	if (tb[HB_A_PEER_AUTH])
		cfg->auth = nla_get_u32(tb[HB_A_PEER_AUTH]);
	else if (tb[HB_A_PEER_KEY])
		cfg->auth = HB_AUTH_PEER_KEY;
}

/* A bound of 0 is one that was not given. One that is there already may be hurt
 * by a new interval, multiplier or floor, which is to blame then.
 */
static int hb_nl_check_detect(struct genl_info *info,
			      const struct hb_peer_cfg *cfg)
{
	u64 fixed = (u64)cfg->interval_us * cfg->multiplier;
	struct nlattr **tb = info->attrs;
	struct nlattr *timing = tb[HB_A_PEER_INTERVAL_US] ?:
				tb[HB_A_PEER_MULTIPLIER];
	struct nlattr *floor = tb[HB_A_PEER_FLOOR_US] ?: timing;
	struct nlattr *ceiling = tb[HB_A_PEER_CEILING_US] ?: floor;

	if (cfg->floor_us && cfg->floor_us < cfg->interval_us) {
		NL_SET_ERR_MSG_ATTR(info->extack, floor,
				    "floor is at least 1 interval");
		return -EINVAL;
	}
	if (cfg->ceiling_us && cfg->ceiling_us < (cfg->floor_us ?: fixed)) {
		NL_SET_ERR_MSG_ATTR(info->extack, ceiling,
				    "ceiling is at least the floor, which is the fixed detection time unless given");
		return -EINVAL;
	}
	if (max(cfg->floor_us, cfg->ceiling_us) > HB_NL_DETECT_MAX_US) {
		if (cfg->floor_us > HB_NL_DETECT_MAX_US)
			ceiling = floor;
		NL_SET_ERR_MSG_ATTR(info->extack, ceiling,
				    "floor and ceiling are at most 15300 s");
		return -ERANGE;
	}
	return 0;
}

/* Keys in the request go with auth peer-key only. */
static int hb_nl_check_auth(struct hb_net *hn, struct genl_info *info,
			    const struct hb_peer_cfg *cfg)
{
	struct nlattr *key = info->attrs[HB_A_PEER_KEY];
	struct nlattr *send = info->attrs[HB_A_PEER_KEY_SEND];

	if (cfg->auth == HB_AUTH_NODE_KEY && !hn->secrets.set) {
		NL_SET_ERR_MSG(info->extack,
			       "the node has no key: give it one, or the peer one of its own, or say auth none");
		hb_nl_blame(info->extack, info->attrs[HB_A_PEER_AUTH],
			    HB_A_PEER_KEY);
		return -ENOKEY;
	}
	if (cfg->auth != HB_AUTH_PEER_KEY && (key || send)) {
		NL_SET_ERR_MSG_ATTR(info->extack, key ?: send,
				    "a key of the peer's own goes with auth peer-key");
		return -EINVAL;
	}
	return 0;
}

static int hb_nl_change_auth(struct hb_peer *peer, struct genl_info *info,
			     const struct hb_key_change *change,
			     struct hb_keyring *auth)
{
	unsigned int slot;
	int err;

	err = hb_nl_check_slots(auth->set, &auth->send, change, info->extack);
	if (err)
		return err;
	for (slot = 0; slot < HB_KEY_SLOTS; slot++) {
		if (change->set & BIT(slot))
			hb_auth_set_key(auth, slot, change->secret[slot],
					peer->hn->id, peer->id);
		if (change->clear & BIT(slot))
			memzero_explicit(&auth->key[slot],
					 sizeof(auth->key[slot]));
	}
	auth->set &= ~change->clear;
	if (!auth->set) {
		NL_SET_ERR_MSG(info->extack, "auth peer-key needs a key");
		hb_nl_blame(info->extack, change->attr, HB_A_PEER_KEY);
		return -ENOKEY;
	}
	return 0;
}

/* Makes the keys that the peer will have, in keys_next; none for auth none. */
static int hb_nl_prepare_peer_keys(struct hb_peer *peer, struct genl_info *info,
				   const struct hb_key_change *change,
				   u8 auth)
{
	struct hb_keys *old, *keys = NULL;
	int err = 0;

	old = rcu_dereference_protected(peer->keys,
					lockdep_is_held(&peer->hn->lock));
	if (auth == HB_AUTH_NODE_KEY) {
		keys = hb_nl_node_keys(peer->hn, &peer->hn->secrets, peer);
		err = keys ? 0 : -ENOMEM;
	} else if (auth == HB_AUTH_PEER_KEY) {
		keys = kzalloc(sizeof(*keys), GFP_KERNEL_ACCOUNT);
		if (!keys)
			return -ENOMEM;
		if (peer->cfg.auth == HB_AUTH_PEER_KEY && old)
			keys->auth = old->auth;
		err = hb_nl_change_auth(peer, info, change, &keys->auth);
	}
	if (err) {
		kfree_sensitive(keys);
		keys = NULL;
	}
	peer->keys_next = keys;
	return err;
}

/* Everything of a request that can fail, for a new peer or an old one. */
static int hb_nl_prepare_peer(struct hb_peer *peer, struct genl_info *info,
			      const struct hb_key_change *change,
			      const struct hb_peer_cfg *cfg)
{
	struct hb_addr addr;
	int err;

	err = hb_nl_check_detect(info, cfg) ?:
	      hb_nl_check_auth(peer->hn, info, cfg);
	if (err)
		return err;
	if (info->attrs[HB_A_PEER_PATH]) {
		err = hb_nl_parse_path(info, peer->hn, &addr);
		if (err)
			return err;
	}
	err = hb_nl_prepare_peer_keys(peer, info, change, cfg->auth);
	if (err || !info->attrs[HB_A_PEER_PATH])
		return err;
	err = hb_peer_set_path(peer, &addr);
	if (err) {
		kfree_sensitive(peer->keys_next);
		peer->keys_next = NULL;
	}
	return err;
}

static void hb_nl_take_keys(struct hb_peer *peer)
{
	hb_peer_set_keys(peer, peer->keys_next);
	peer->keys_next = NULL;
}

static int hb_nl_check_new(struct hb_net *hn, struct genl_info *info)
{
	struct nlattr *name = info->attrs[HB_A_PEER_NAME];

	if (!*hn->name) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "the node has no name, without which it has no peers: set it first");
		return -EINVAL;
	}
	if (hb_nl_is_name(name, hn->name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "a node can't be its own peer");
		return -EINVAL;
	}
	return hb_nl_parse_name(name, info->extack);
}

static void hb_nl_set_maintenance(struct hb_peer *peer, struct genl_info *info)
{
	struct nlattr *attr = info->attrs[HB_A_PEER_MAINTENANCE_US];

	if (attr)
		hb_maintenance_set(peer, nla_get_u64(attr));
}

static int hb_nl_add_peer(struct hb_peer *peer, struct genl_info *info,
			  const struct hb_key_change *change)
{
	struct nlattr *name = info->attrs[HB_A_PEER_NAME];
	struct hb_peer_cfg cfg = {
		.interval_us = HB_DEFAULT_INTERVAL_US,
		.multiplier = HB_DEFAULT_MULTIPLIER,
		.enabled = true,
		.auth = HB_AUTH_NODE_KEY,
	};
	int err;

	hb_nl_parse_cfg(info, &cfg);
	err = hb_nl_prepare_peer(peer, info, change, &cfg);
	if (err)
		return err;
	hb_nl_take_keys(peer);
	hb_engine_init(peer, &cfg);
	err = hb_peer_add(peer);
	if (err == -EEXIST)
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "there is a peer with this name or its id");
	return err;
}

static int hb_nl_new_peer(struct hb_net *hn, struct genl_info *info,
			  const struct hb_key_change *change)
{
	struct hb_peer *peer;
	int err;

	err = hb_nl_check_new(hn, info);
	if (err)
		return err;
	peer = hb_peer_new(hn, nla_data(info->attrs[HB_A_PEER_NAME]));
	if (!peer)
		return -ENOMEM;
	err = hb_nl_add_peer(peer, info, change);
	if (err) {
		hb_peer_free(peer);
		return err;
	}
	hb_nl_set_maintenance(peer, info);
	hb_engine_start(peer);
	return 0;
}

static int hb_nl_find_peer(struct hb_net *hn, struct genl_info *info,
			   struct hb_peer **peer)
{
	struct nlattr *name = info->attrs[HB_A_PEER_NAME];

	*peer = hb_peer_find(hn, hb_auth_node_id(nla_data(name)));
	if (*peer && hb_nl_is_name(name, (*peer)->name))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, name, "there is no such peer");
	return -ENOENT;
}

static int hb_nl_change_peer(struct hb_net *hn, struct genl_info *info,
			     const struct hb_key_change *change)
{
	struct hb_peer_cfg cfg;
	struct hb_peer *peer;
	int err;

	err = hb_nl_find_peer(hn, info, &peer);
	if (err)
		return err;
	cfg = peer->cfg;
	hb_nl_parse_cfg(info, &cfg);
	err = hb_nl_prepare_peer(peer, info, change, &cfg);
	if (err)
		return err;
	hb_nl_take_keys(peer);
	hb_gasp_stale();
	hb_engine_configure(peer, &cfg, HB_REASON_ADMIN);
	hb_nl_set_maintenance(peer, info);
	hn->generation++;
	return 0;
}

static int hb_nl_check_all(struct genl_info *info)
{
	const struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) == HB_A_PEER_ALL ||
		    nla_type(attr) == HB_A_PEER_ENABLED)
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "all goes with enabled, and with nothing else");
		return -EINVAL;
	}
	if (!info->attrs[HB_A_PEER_ENABLED]) {
		NL_SET_ERR_MSG(info->extack, "all goes with enabled, 0 or 1");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, HB_A_PEER_ENABLED);
		return -EINVAL;
	}
	return 0;
}

void hb_nl_switch_all(struct hb_net *hn, bool enabled, u8 reason)
{
	struct hb_peer_cfg cfg;
	struct hb_peer *peer;
	unsigned long i;

	xa_for_each(&hn->index, i, peer) {
		cfg = peer->cfg;
		cfg.enabled = enabled;
		hb_engine_configure(peer, &cfg, reason);
		cond_resched();
	}
	hn->generation++;
}

static int hb_nl_change_all(struct genl_info *info)
{
	struct hb_net *hn = hb_net_of(genl_info_net(info));
	int err;

	err = hb_nl_check_all(info);
	if (err)
		return err;
	mutex_lock(&hn->lock);
	hb_nl_switch_all(hn, nla_get_u8(info->attrs[HB_A_PEER_ENABLED]),
			 HB_REASON_ADMIN);
	mutex_unlock(&hn->lock);
	return 0;
}

static int hb_nl_peer_doit(struct genl_info *info,
			   int (*fn)(struct hb_net *hn, struct genl_info *info,
				     const struct hb_key_change *change))
{
	struct hb_net *hn = hb_net_of(genl_info_net(info));
	struct hb_key_change change;
	int err;

	if (!info->attrs[HB_A_PEER_NAME]) {
		NL_SET_ERR_MSG(info->extack, "name the peer");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, HB_A_PEER_NAME);
		return -EINVAL;
	}
	err = hb_nl_parse_keys(info, HB_A_PEER_KEY,
			       info->attrs[HB_A_PEER_KEY_SEND], &change);
	if (!err) {
		mutex_lock(&hn->lock);
		err = fn(hn, info, &change);
		mutex_unlock(&hn->lock);
	}
	memzero_explicit(&change, sizeof(change));
	return err;
}

int hb_nl_peer_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	if (!info->attrs[HB_A_PEER_PATH]) {
		NL_SET_ERR_MSG(info->extack, "a new peer needs 1 path");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, HB_A_PEER_PATH);
		err = -EINVAL;
	} else {
		err = hb_nl_peer_doit(info, hb_nl_new_peer);
	}
	hb_nl_wipe_keys(info, HB_A_PEER_KEY);
	return err;
}

int hb_nl_peer_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	if (info->attrs[HB_A_PEER_ALL])
		err = hb_nl_change_all(info);
	else
		err = hb_nl_peer_doit(info, hb_nl_change_peer);
	hb_nl_wipe_keys(info, HB_A_PEER_KEY);
	return err;
}

static void hb_nl_remove_peer(struct hb_peer *peer)
{
	hb_peer_del(peer);
	hb_engine_stop(peer, HB_REASON_GOODBYE);
	hb_peer_free(peer);
}

static int hb_nl_del_peers(struct hb_net *hn, struct genl_info *info)
{
	struct hb_peer *peer;
	unsigned long i;
	int err;

	if (info->attrs[HB_A_PEER_ALL]) {
		xa_for_each(&hn->index, i, peer) {
			hb_nl_remove_peer(peer);
			cond_resched();
		}
		return 0;
	}
	err = hb_nl_find_peer(hn, info, &peer);
	if (!err)
		hb_nl_remove_peer(peer);
	return err;
}

int hb_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct hb_net *hn = hb_net_of(genl_info_net(info));
	int err;

	if (!info->attrs[HB_A_PEER_NAME] == !info->attrs[HB_A_PEER_ALL]) {
		NL_SET_ERR_MSG(info->extack, "say either name or all");
		hb_nl_blame(info->extack, info->attrs[HB_A_PEER_ALL],
			    HB_A_PEER_NAME);
		return -EINVAL;
	}
	mutex_lock(&hn->lock);
	err = hb_nl_del_peers(hn, info);
	mutex_unlock(&hn->lock);
	return err;
}

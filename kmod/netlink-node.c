// SPDX-License-Identifier: GPL-2.0
/* Commands on the node. A request is read and checked whole, and what it needs
 * is allocated, before anything changes.
 */
#include <linux/random.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "event.h"
#include "gasp.h"
#include "hazard.h"
#include "maintenance.h"
#include "netlink-gen.h"
#include "netlink.h"
#include "sock.h"

static int hb_nl_check_node_fixed(struct hb_net *hn, struct genl_info *info)
{
	struct nlattr *name = info->attrs[HB_A_NODE_NAME];
	struct nlattr *port = info->attrs[HB_A_NODE_PORT];

	if (!hn->npeers)
		return 0;
	if (name && !hb_nl_is_name(name, hn->name)) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "name can't change while there are peers");
		return -EBUSY;
	}
	if (port && nla_get_u16(port) != hn->port) {
		NL_SET_ERR_MSG_ATTR(info->extack, port,
				    "port can't change while there are peers");
		return -EBUSY;
	}
	return 0;
}

static int hb_nl_check_node(struct hb_net *hn, struct genl_info *info)
{
	struct nlattr *name = info->attrs[HB_A_NODE_NAME];
	int err;

	if (!name && !*hn->name) {
		NL_SET_ERR_MSG(info->extack, "name the node first");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, HB_A_NODE_NAME);
		return -EINVAL;
	}
	if (name) {
		err = hb_nl_parse_name(name, info->extack);
		if (err)
			return err;
	}
	return hb_nl_check_node_fixed(hn, info);
}

static bool hb_nl_uses_node_key(const struct hb_peer *peer)
{
	return peer->cfg.auth == HB_AUTH_NODE_KEY;
}

static int hb_nl_check_node_keys(struct hb_net *hn, u8 after,
				 const struct nlattr *attr,
				 struct netlink_ext_ack *extack)
{
	struct hb_peer *peer;
	unsigned long i;

	if (after)
		return 0;
	xa_for_each(&hn->index, i, peer) {
		if (hb_nl_uses_node_key(peer)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "a peer still uses the last key of the node");
			return -EBUSY;
		}
	}
	return 0;
}

static int hb_nl_change_secrets(struct hb_net *hn, struct genl_info *info,
				const struct hb_key_change *change,
				struct hb_secrets *secrets)
{
	unsigned int slot;
	int err;

	*secrets = hn->secrets;
	err = hb_nl_check_slots(secrets->set, &secrets->send, change,
				info->extack);
	if (err)
		return err;
	for (slot = 0; slot < HB_KEY_SLOTS; slot++) {
		if ((change->set | change->clear) & BIT(slot))
			memcpy(secrets->secret[slot], change->secret[slot],
			       HB_KEY_LEN);
	}
	secrets->set = (secrets->set | change->set) & ~change->clear;
	return hb_nl_check_node_keys(hn, secrets->set, change->attr,
				     info->extack);
}

struct hb_keys *hb_nl_node_keys(const struct hb_net *hn,
				const struct hb_secrets *secrets,
				const struct hb_peer *peer)
{
	struct hb_keys *keys = kzalloc(sizeof(*keys), GFP_KERNEL_ACCOUNT);
	unsigned int slot;

	if (!keys)
		return NULL;
	for (slot = 0; slot < HB_KEY_SLOTS; slot++) {
		if (secrets->set & BIT(slot))
			hb_auth_set_key(&keys->auth, slot,
					secrets->secret[slot], hn->id,
					peer->id);
	}
	keys->auth.send = secrets->send;
	return keys;
}

static void hb_nl_drop_prepared_keys(struct hb_net *hn)
{
	struct hb_peer *peer;
	unsigned long i;

	xa_for_each(&hn->index, i, peer) {
		kfree_sensitive(peer->keys_next);
		peer->keys_next = NULL;
	}
}

static int hb_nl_prepare_keys(struct hb_net *hn,
			      const struct hb_secrets *secrets)
{
	struct hb_peer *peer;
	unsigned long i;

	xa_for_each(&hn->index, i, peer) {
		if (!hb_nl_uses_node_key(peer))
			continue;
		peer->keys_next = hb_nl_node_keys(hn, secrets, peer);
		if (!peer->keys_next) {
			hb_nl_drop_prepared_keys(hn);
			return -ENOMEM;
		}
	}
	return 0;
}

static void hb_nl_use_prepared_keys(struct hb_net *hn)
{
	struct hb_peer *peer;
	unsigned long i;

	xa_for_each(&hn->index, i, peer) {
		if (!peer->keys_next)
			continue;
		hb_peer_set_keys(peer, peer->keys_next);
		peer->keys_next = NULL;
	}
}

static int hb_nl_open_node(struct hb_net *hn, struct genl_info *info)
{
	struct nlattr *attr = info->attrs[HB_A_NODE_PORT];
	u16 port = hn->port ?: HB_DEFAULT_PORT;
	int err;

	if (!hn->events) {
		err = hb_event_ring_new(hn);
		if (err)
			return err;
	}
	if (attr)
		port = nla_get_u16(attr);
	if (port == hn->port)
		return 0;
	err = hb_sock_open(hn, port, info->extack);
	if (err)
		hb_nl_blame(info->extack, attr, HB_A_NODE_PORT);
	return err;
}

static void hb_nl_rename_node(struct hb_net *hn, const struct nlattr *name)
{
	if (!name || hb_nl_is_name(name, hn->name))
		return;
	strscpy(hn->name, nla_data(name), sizeof(hn->name));
	hn->id = hb_auth_node_id(hn->name);
	hn->incarnation = get_random_u64();
}

static void hb_nl_set_node_maintenance(struct hb_net *hn,
				       const struct nlattr *attr)
{
	if (attr)
		atomic64_set(&hn->maintenance_ns,
			     hb_maintenance_until(nla_get_u64(attr),
						  ktime_get_ns()));
}

static int hb_nl_set_node(struct hb_net *hn, struct genl_info *info,
			  const struct hb_key_change *change,
			  struct hb_secrets *secrets)
{
	int err;

	err = hb_nl_check_node(hn, info);
	if (err)
		return err;
	err = hb_nl_change_secrets(hn, info, change, secrets);
	if (err)
		return err;
	err = hb_nl_prepare_keys(hn, secrets);
	if (err)
		return err;
	err = hb_nl_open_node(hn, info);
	if (err) {
		hb_nl_drop_prepared_keys(hn);
		return err;
	}
	hb_nl_rename_node(hn, info->attrs[HB_A_NODE_NAME]);
	hb_nl_set_node_maintenance(hn, info->attrs[HB_A_NODE_MAINTENANCE_US]);
	hn->secrets = *secrets;
	hb_nl_use_prepared_keys(hn);
	hb_gasp_stale();
	hn->generation++;
	return 0;
}

static int hb_nl_check_leave(struct hb_net *hn, struct genl_info *info)
{
	const struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) == HB_A_NODE_LEAVE)
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "leave goes with nothing else");
		return -EINVAL;
	}
	if (!*hn->name) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HB_A_NODE_LEAVE],
				    "the node has no name, so it is in no cluster");
		return -EINVAL;
	}
	return 0;
}

static int hb_nl_leave(struct genl_info *info)
{
	struct hb_net *hn = hb_net_of(genl_info_net(info));
	int err;

	mutex_lock(&hn->lock);
	err = hb_nl_check_leave(hn, info);
	if (!err)
		hb_nl_switch_all(hn, false, HB_REASON_LEAVE);
	mutex_unlock(&hn->lock);
	return err;
}

static int hb_nl_change_node(struct genl_info *info)
{
	struct hb_net *hn = hb_net_of(genl_info_net(info));
	struct hb_key_change change;
	struct hb_secrets secrets;
	int err;

	err = hb_nl_parse_keys(info, HB_A_NODE_KEY,
			       info->attrs[HB_A_NODE_KEY_SEND], &change);
	if (!err) {
		mutex_lock(&hn->lock);
		err = hb_nl_set_node(hn, info, &change, &secrets);
		mutex_unlock(&hn->lock);
	}
	memzero_explicit(&change, sizeof(change));
	memzero_explicit(&secrets, sizeof(secrets));
	return err;
}

int hb_nl_node_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	if (info->attrs[HB_A_NODE_LEAVE])
		err = hb_nl_leave(info);
	else
		err = hb_nl_change_node(info);
	hb_nl_wipe_keys(info, HB_A_NODE_KEY);
	return err;
}

static int hb_nl_put_hazards(struct sk_buff *skb, struct hb_net *hn)
{
	unsigned long found = hb_hazards(hn);
	unsigned int hazard;

	for_each_set_bit(hazard, &found, BITS_PER_TYPE(u32)) {
		if (nla_put_u32(skb, HB_A_NODE_HAZARD, hazard))
			return -EMSGSIZE;
	}
	return 0;
}

static int hb_nl_put_node(struct sk_buff *skb, struct hb_net *hn)
{
	if (nla_put_u32(skb, HB_A_NODE_PEERS, hn->npeers) ||
	    hb_nl_put_hazards(skb, hn) ||
	    hb_nl_put_node_qos(skb, hn))
		return -EMSGSIZE;
	if (!*hn->name)
		return 0;
	if (hb_nl_put_maintenance(skb, HB_A_NODE_MAINTENANCE_US,
				  atomic64_read(&hn->maintenance_ns),
				  HB_A_NODE_PAD) ||
	    nla_put_string(skb, HB_A_NODE_NAME, hn->name) ||
	    nla_put_u16(skb, HB_A_NODE_PORT, hn->port) ||
	    nla_put_u8(skb, HB_A_NODE_KEYS_SET, hn->secrets.set) ||
	    nla_put_u64_64bit(skb, HB_A_NODE_ID, hn->id, HB_A_NODE_PAD) ||
	    nla_put_u64_64bit(skb, HB_A_NODE_INCARNATION, hn->incarnation,
			      HB_A_NODE_PAD))
		return -EMSGSIZE;
	if (!hn->secrets.set)
		return 0;
	return nla_put_u8(skb, HB_A_NODE_KEY_SEND, hn->secrets.send + 1);
}

static int hb_nl_put_stats(struct sk_buff *skb, struct hb_net *hn)
{
	int attr;

	for (attr = 1; attr < HB_A_STATS_PAD; attr++) {
		if (nla_put_u64_64bit(skb, attr,
				      hb_stats_sum(hn->counters, attr),
				      HB_A_STATS_PAD))
			return -EMSGSIZE;
	}
	return 0;
}

static int hb_nl_reply(struct genl_info *info,
		       int (*put)(struct sk_buff *skb, struct hb_net *hn))
{
	struct hb_net *hn = hb_net_of(genl_info_net(info));
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &hb_nl_family, 0,
				info->genlhdr->cmd);
	mutex_lock(&hn->lock);
	err = hdr ? put(skb, hn) : -EMSGSIZE;
	mutex_unlock(&hn->lock);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

int hb_nl_node_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return hb_nl_reply(info, hb_nl_put_node);
}

int hb_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return hb_nl_reply(info, hb_nl_put_stats);
}

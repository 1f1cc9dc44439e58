/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/hb.yaml */
/* YNL-GEN kernel header */
/* To regenerate run: make regen */

#ifndef _LINUX_HB_GEN_H
#define _LINUX_HB_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/hb.h>

/* Common nested types */
extern const struct nla_policy hb_key_nl_policy[HB_A_KEY_SECRET + 1];
extern const struct nla_policy hb_path_nl_policy[HB_A_PATH_STATE + 1];

int hb_nl_node_get_doit(struct sk_buff *skb, struct genl_info *info);
int hb_nl_node_set_doit(struct sk_buff *skb, struct genl_info *info);
int hb_nl_peer_new_doit(struct sk_buff *skb, struct genl_info *info);
int hb_nl_peer_set_doit(struct sk_buff *skb, struct genl_info *info);
int hb_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info);
int hb_nl_peer_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hb_nl_event_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int hb_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int hb_nl_peer_stats_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);

enum {
	HB_NLGRP_EVENTS,
};

extern struct genl_family hb_nl_family;

#endif /* _LINUX_HB_GEN_H */

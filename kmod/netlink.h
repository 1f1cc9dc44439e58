/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the netlink layer share. */
#ifndef _HB_NETLINK_H
#define _HB_NETLINK_H

#include <net/netlink.h>

#include "hb.h"
#include "peer.h"

/**
 * struct hb_key_change - what a request does to keys
 * @set: slots that get a key, one bit each
 * @clear: slots that are emptied
 * @send: slot to sign with plus 1, or 0 if the request does not say
 * @attr: where the request says @send, or else where it names the last slot;
 *	NULL if it says nothing of keys
 * @secret: the keys of the slots in @set
 */
struct hb_key_change {
	u8 set;
	u8 clear;
	u8 send;
	const struct nlattr *attr;
	u8 secret[HB_KEY_SLOTS][HB_KEY_LEN];
};

/**
 * hb_nl_blame() - say what is wrong: an attribute, or that there is none
 * @extack: where to say it
 * @attr: the attribute to blame, or NULL
 * @missing: type of the one that is missing, without @attr
 *
 * Context: process.
 */
void hb_nl_blame(struct netlink_ext_ack *extack, const struct nlattr *attr,
		 int missing);

/**
 * hb_nl_parse_name() - check a name
 * @attr: the name
 * @extack: says what is wrong
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int hb_nl_parse_name(const struct nlattr *attr, struct netlink_ext_ack *extack);

/**
 * hb_nl_is_name() - is it this name?
 * @attr: NUL-terminated, which the policy has seen to
 * @name: the name
 *
 * nla_strcmp() also compares what may follow the first NUL, but a name ends
 * there for all that read it.
 *
 * Context: any.
 * Return: true if they are the same.
 */
static inline bool hb_nl_is_name(const struct nlattr *attr, const char *name)
{
	return !strcmp(nla_data(attr), name);
}

/**
 * hb_nl_parse_keys() - read all keys of a request
 * @info: the request
 * @attrtype: attribute that holds a key
 * @send: attribute with the slot to sign with, or NULL
 * @change: filled; to be cleared by the caller, for it holds secrets
 *
 * Context: process.
 * Return: 0 or a negative error, with extack.
 */
int hb_nl_parse_keys(struct genl_info *info, int attrtype,
		     const struct nlattr *send, struct hb_key_change *change);

/**
 * hb_nl_wipe_keys() - leave no key in a request
 * @info: the request, which has been carried out or refused
 * @attrtype: attribute that holds a key
 *
 * Its memory, and that of the echo of one that was refused, is given back as it
 * is. A request that the policy of the family refuses does not come so far.
 *
 * Context: process.
 */
void hb_nl_wipe_keys(struct genl_info *info, int attrtype);

/**
 * hb_nl_parse_path() - read the path of a request
 * @info: the request, which has HB_A_PEER_PATH
 * @hn: the namespace
 * @addr: filled
 *
 * Context: process, under the namespace's lock.
 * Return: 0 or a negative error, with extack.
 */
int hb_nl_parse_path(struct genl_info *info, struct hb_net *hn,
		     struct hb_addr *addr);

/**
 * hb_nl_check_slots() - may the slots change like this?
 * @set: slots that hold a key, before
 * @send: slot that signs, before; set to the one after
 * @change: what the request does
 * @extack: says why not
 *
 * Context: process.
 * Return: 0 or -EINVAL.
 */
int hb_nl_check_slots(u8 set, u8 *send, const struct hb_key_change *change,
		      struct netlink_ext_ack *extack);

/**
 * hb_nl_node_keys() - derive the keys of a peer from those of the node
 * @hn: the namespace
 * @secrets: keys of the node, the present ones or those to come
 * @peer: the peer
 *
 * Context: process, under the namespace's lock.
 * Return: keys for hb_peer_set_keys(), or NULL without memory.
 */
struct hb_keys *hb_nl_node_keys(const struct hb_net *hn,
				const struct hb_secrets *secrets,
				const struct hb_peer *peer);

/**
 * hb_nl_switch_all() - enable or disable all peers
 * @hn: the namespace
 * @enabled: which of the two
 * @reason: enum hb_reason
 *
 * Nothing of this can fail, so it is all or nothing.
 *
 * Context: process, under the namespace's lock.
 */
void hb_nl_switch_all(struct hb_net *hn, bool enabled, u8 reason);

/**
 * hb_nl_put_qos() - put a nest with the quality of service
 * @skb: the reply
 * @attr: type of the nest
 * @sum: what was measured; without a peer that was ever up nothing is put
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int hb_nl_put_qos(struct sk_buff *skb, int attr, const struct hb_qos_sum *sum);

/**
 * hb_nl_put_node_qos() - the same over all peers of a node
 * @skb: the reply
 * @hn: the namespace
 *
 * Context: process, under the namespace's lock.
 * Return: 0 or -EMSGSIZE.
 */
int hb_nl_put_node_qos(struct sk_buff *skb, struct hb_net *hn);

/**
 * hb_nl_put_bursts() - put a nest for each length of losses
 * @skb: the reply
 * @attr: type of the nests
 * @burst: &hb_peer_stats.burst
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int hb_nl_put_bursts(struct sk_buff *skb, int attr,
		     const u32 burst[HB_BURST_MAX]);

/**
 * hb_nl_put_maintenance() - put the time that a maintenance has left
 * @skb: the reply
 * @attr: type of the attribute
 * @until: its end in ns, 0 for none, U64_MAX for a maintenance without end
 * @pad: type of padding
 *
 * Context: any.
 * Return: 0, which may mean that there is no maintenance, or -EMSGSIZE.
 */
int hb_nl_put_maintenance(struct sk_buff *skb, int attr, u64 until, int pad);

/**
 * hb_nl_put_hist() - put a nest for each bucket that is not empty
 * @skb: the reply
 * @attr: type of the nests
 * @hist: the histogram
 *
 * Context: any.
 * Return: 0 or -EMSGSIZE.
 */
int hb_nl_put_hist(struct sk_buff *skb, int attr, const struct hb_hist *hist);

#endif /* _HB_NETLINK_H */

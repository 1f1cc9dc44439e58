// SPDX-License-Identifier: GPL-2.0
/* Attributes of requests: names, keys and paths. */
#include <linux/ctype.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <net/genetlink.h>
#include <net/ipv6.h>

#include "netlink-gen.h"
#include "netlink.h"

void hb_nl_blame(struct netlink_ext_ack *extack, const struct nlattr *attr,
		 int missing)
{
	if (attr)
		NL_SET_BAD_ATTR(extack, attr);
	else
		NL_SET_ERR_ATTR_MISS(extack, NULL, missing);
}

int hb_nl_parse_name(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const char *name = nla_data(attr);

	if (!*name) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a name has 1 to 63 bytes");
		return -EINVAL;
	}
	for (; *name; name++) {
		if (!isascii(*name) ||
		    !(isalnum(*name) || strchr("._-:@", *name))) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "a name has letters, digits and ._-:@ only");
			return -EINVAL;
		}
	}
	return 0;
}

static int hb_nl_parse_key(const struct nlattr *attr,
			   struct netlink_ext_ack *extack,
			   struct hb_key_change *change)
{
	struct nlattr *tb[HB_A_KEY_MAX + 1];
	unsigned int slot = 0;
	int err;

	err = nla_parse_nested(tb, HB_A_KEY_SECRET, attr, hb_key_nl_policy,
			       extack);
	if (err)
		return err;
	if (tb[HB_A_KEY_SLOT])
		slot = nla_get_u8(tb[HB_A_KEY_SLOT]) - 1;
	if ((change->set | change->clear) & BIT(slot)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "key slot is named twice");
		return -EINVAL;
	}
	if (!tb[HB_A_KEY_SECRET]) {
		change->clear |= BIT(slot);
		return 0;
	}
	change->set |= BIT(slot);
	nla_memcpy(change->secret[slot], tb[HB_A_KEY_SECRET], HB_KEY_LEN);
	return 0;
}

int hb_nl_parse_keys(struct genl_info *info, int attrtype,
		     const struct nlattr *send, struct hb_key_change *change)
{
	const struct nlattr *attr;
	int rem, err;

	memset(change, 0, sizeof(*change));
	if (send)
		change->send = nla_get_u8(send);
	change->attr = send;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != attrtype)
			continue;
		if (!send)
			change->attr = attr;
		err = hb_nl_parse_key(attr, info->extack, change);
		if (err)
			return err;
	}
	return 0;
}

void hb_nl_wipe_keys(struct genl_info *info, int attrtype)
{
	const struct nlattr *attr;
	struct nlattr *part;
	int rem, left;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != attrtype)
			continue;
		nla_for_each_nested(part, attr, left) {
			if (nla_type(part) == HB_A_KEY_SECRET)
				memzero_explicit(nla_data(part), nla_len(part));
		}
	}
}

int hb_nl_check_slots(u8 set, u8 *send, const struct hb_key_change *change,
		      struct netlink_ext_ack *extack)
{
	u8 after = (set | change->set) & ~change->clear;

	if (change->send)
		*send = change->send - 1;
	else if (!set && after)
		*send = ffs(after) - 1;
	if (!after && change->send) {
		NL_SET_ERR_MSG_ATTR(extack, change->attr,
				    "key-send needs a key");
		return -EINVAL;
	}
	if (!after || (after & BIT(*send)))
		return 0;
	if (change->send)
		NL_SET_ERR_MSG_ATTR(extack, change->attr,
				    "key-send names an empty key slot, the other one holds the key");
	else
		NL_SET_ERR_MSG_ATTR(extack, change->attr,
				    "the key slot that is sent with can't be emptied: key-send has to name the other one");
	return -EINVAL;
}

static int hb_nl_check_addr4(const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	__be32 addr = nla_get_in_addr(attr);

	if (ipv4_is_zeronet(addr) || ipv4_is_multicast(addr) ||
	    ipv4_is_lbcast(addr)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "address is not a unicast address");
		return -EINVAL;
	}
	return 0;
}

static int hb_nl_check_addr6(const struct nlattr *attr, struct nlattr **tb,
			     struct netlink_ext_ack *extack)
{
	struct in6_addr addr = nla_get_in6_addr(attr);

	if (ipv6_addr_any(&addr) || ipv6_addr_is_multicast(&addr) ||
	    ipv6_addr_v4mapped(&addr)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "address is not an IPv6 unicast address");
		return -EINVAL;
	}
	if ((ipv6_addr_type(&addr) & IPV6_ADDR_LINKLOCAL) &&
	    !tb[HB_A_PATH_IFINDEX]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a link-local address needs a device");
		return -EINVAL;
	}
	return 0;
}

static int hb_nl_parse_addr(const struct nlattr *path, struct nlattr **tb,
			    const struct hb_net *hn,
			    struct netlink_ext_ack *extack,
			    struct hb_addr *addr)
{
	const struct nlattr *addr4 = tb[HB_A_PATH_ADDR4];
	const struct nlattr *addr6 = tb[HB_A_PATH_ADDR6];

	if (!addr4 == !addr6) {
		NL_SET_ERR_MSG_ATTR(extack, path,
				    "a path has one address, addr4 or addr6");
		return -EINVAL;
	}
	if (addr4) {
		addr->family = AF_INET;
		addr->v4 = nla_get_in_addr(addr4);
		return hb_nl_check_addr4(addr4, extack);
	}
	if (!rcu_access_pointer(hn->sock6)) {
		NL_SET_ERR_MSG_ATTR(extack, addr6, "this node has no IPv6");
		return -EAFNOSUPPORT;
	}
	addr->family = AF_INET6;
	addr->v6 = nla_get_in6_addr(addr6);
	return hb_nl_check_addr6(addr6, tb, extack);
}

static int hb_nl_parse_ifindex(const struct nlattr *attr, struct net *net,
			       struct netlink_ext_ack *extack, int *ifindex)
{
	struct net_device *dev;

	if (!attr)
		return 0;
	*ifindex = nla_get_u32(attr);
	rcu_read_lock();
	dev = dev_get_by_index_rcu(net, *ifindex);
	rcu_read_unlock();
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "there is no such device");
		return -ENODEV;
	}
	return 0;
}

static int hb_nl_check_one_path(struct genl_info *info)
{
	const struct nlattr *attr;
	int rem, n = 0;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		n += nla_type(attr) == HB_A_PEER_PATH;
	if (n > 1) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[HB_A_PEER_PATH],
				    "a peer has 1 path so far");
		return -EINVAL;
	}
	return 0;
}

static int hb_nl_check_path(struct nlattr **tb, struct netlink_ext_ack *extack)
{
	if (tb[HB_A_PATH_STATE]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[HB_A_PATH_STATE],
				    "the state of a path is read only");
		return -EINVAL;
	}
	if (tb[HB_A_PATH_INDEX] && nla_get_u8(tb[HB_A_PATH_INDEX])) {
		NL_SET_ERR_MSG_ATTR(extack, tb[HB_A_PATH_INDEX],
				    "the only path so far has index 0");
		return -EINVAL;
	}
	return 0;
}

int hb_nl_parse_path(struct genl_info *info, struct hb_net *hn,
		     struct hb_addr *addr)
{
	struct netlink_ext_ack *extack = info->extack;
	struct nlattr *tb[HB_A_PATH_MAX + 1];
	int err;

	err = hb_nl_check_one_path(info);
	if (err)
		return err;
	err = nla_parse_nested(tb, HB_A_PATH_STATE, info->attrs[HB_A_PEER_PATH],
			       hb_path_nl_policy, extack);
	if (err)
		return err;
	memset(addr, 0, sizeof(*addr));
	err = hb_nl_check_path(tb, extack);
	if (!err)
		err = hb_nl_parse_addr(info->attrs[HB_A_PEER_PATH], tb, hn,
				       extack, addr);
	if (!err)
		err = hb_nl_parse_ifindex(tb[HB_A_PATH_IFINDEX], hn->net,
					  extack, &addr->ifindex);
	addr->port = htons(tb[HB_A_PATH_PORT] ?
			   nla_get_u16(tb[HB_A_PATH_PORT]) : hn->port);
	return err;
}

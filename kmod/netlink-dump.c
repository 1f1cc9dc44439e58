// SPDX-License-Identifier: GPL-2.0
/* Dumps of peers. A dump goes on by number, never by pointer, so that it
 * survives any change between two of its messages and marks that there was one.
 */
#include <net/genetlink.h>
#include <net/sock.h>

#include "damp.h"
#include "detect.h"
#include "netlink-gen.h"
#include "netlink.h"

/**
 * struct hb_nl_cursor - where a dump of peers goes on
 * @index: number of the first peer that was not sent yet
 * @done: the one peer that was asked for was sent
 */
struct hb_nl_cursor {
	unsigned long index;
	bool done;
};

/* A copy of what a dump tells of a peer, taken under its lock. */
struct hb_nl_view {
	struct hb_peer_cfg cfg;
	struct hb_remote remote;
	u8 state;
	u8 reason;
	u64 now;
	u64 since_ns;
	u64 detect_us;
	u64 tx_interval_us;
	u64 session;
	u64 remote_session;
	u64 incarnation;
	u64 rx_ns;
	u64 rtt_ns;
	u64 ups;
	u64 downs;
	u64 mistakes;
	bool one_way;
	struct hb_lateness lateness;
	u64 maintenance_ns;
	u64 held_ns;
	struct hb_est_cfg est;
	u32 suspicion;
	struct hb_qos_sum qos;
};

static u32 hb_nl_suspicion(const struct hb_hist *gap, u64 silence)
{
	u64 total, tail = hb_hist_tail(gap, silence, &total);

	return hb_est_suspicion(total, tail);
}

static void hb_nl_view_peer(struct hb_peer *peer, struct hb_nl_view *view)
{
	spin_lock_bh(&peer->lock);
	*view = (struct hb_nl_view) {
		.cfg = peer->cfg,
		.remote = peer->remote,
		.state = peer->state,
		.reason = peer->reason,
		.now = ktime_get_ns(),
		.since_ns = peer->since_ns,
		.detect_us = div_u64(hb_detect_ns(peer), NSEC_PER_USEC),
		.tx_interval_us = div_u64(peer->tx_interval_ns, NSEC_PER_USEC),
		.session = peer->session.mine,
		.remote_session = peer->session.theirs,
		.incarnation = peer->session.incarnation,
		.rx_ns = peer->rx_ns,
		.rtt_ns = peer->rtt_ns,
		.ups = peer->stats.ups,
		.downs = peer->stats.downs,
		.mistakes = peer->stats.mistakes,
		.one_way = peer->one_way,
		.lateness = peer->lateness,
		.maintenance_ns = peer->maintenance_ns,
	};
	hb_qos_add(&view->qos, &peer->qos, view->now);
	view->held_ns = hb_damp_left_ns(peer, view->now);
	hb_detect_bounds(peer, &view->est);
	view->suspicion = hb_nl_suspicion(&peer->stats.gap,
					  view->now - peer->rx_ns);
	spin_unlock_bh(&peer->lock);
}

static int hb_nl_put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, HB_A_PEER_PAD);
}

static int hb_nl_put_late(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, HB_A_LATENESS_PAD);
}

static int hb_nl_put_path(struct sk_buff *skb, const struct hb_addr *addr,
			  u8 state)
{
	struct nlattr *nest = nla_nest_start(skb, HB_A_PEER_PATH);
	int err;

	if (!nest)
		return -EMSGSIZE;
	if (addr->family == AF_INET)
		err = nla_put_in_addr(skb, HB_A_PATH_ADDR4, addr->v4);
	else
		err = nla_put_in6_addr(skb, HB_A_PATH_ADDR6, &addr->v6);
	if (err || nla_put_u8(skb, HB_A_PATH_INDEX, 0) ||
	    nla_put_u16(skb, HB_A_PATH_PORT, ntohs(addr->port)) ||
	    nla_put_u32(skb, HB_A_PATH_STATE, state) ||
	    (addr->ifindex &&
	     nla_put_u32(skb, HB_A_PATH_IFINDEX, addr->ifindex)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int hb_nl_put_auth(struct sk_buff *skb, const struct hb_peer *peer,
			  u8 auth)
{
	const struct hb_keys *keys;

	keys = rcu_dereference_protected(peer->keys,
					 lockdep_is_held(&peer->hn->lock));
	if (nla_put_u32(skb, HB_A_PEER_AUTH, auth))
		return -EMSGSIZE;
	if (!keys)
		return 0;
	if (nla_put_u8(skb, HB_A_PEER_KEYS_SET, keys->auth.set) ||
	    nla_put_u8(skb, HB_A_PEER_KEY_SEND, keys->auth.send + 1))
		return -EMSGSIZE;
	return 0;
}

static int hb_nl_put_cfg(struct sk_buff *skb, const struct hb_peer *peer,
			 const struct hb_nl_view *view)
{
	const struct hb_path *path;

	path = rcu_dereference_protected(peer->path,
					 lockdep_is_held(&peer->hn->lock));
	if (nla_put_string(skb, HB_A_PEER_NAME, peer->name) ||
	    hb_nl_put_u64(skb, HB_A_PEER_ID, peer->id) ||
	    nla_put_u32(skb, HB_A_PEER_INTERVAL_US, view->cfg.interval_us) ||
	    nla_put_u8(skb, HB_A_PEER_MULTIPLIER, view->cfg.multiplier) ||
	    nla_put_u8(skb, HB_A_PEER_ENABLED, view->cfg.enabled) ||
	    nla_put_u32(skb, HB_A_PEER_DETECT, view->cfg.detect) ||
	    hb_nl_put_u64(skb, HB_A_PEER_HOLD_UP_US, view->cfg.hold_up_us) ||
	    hb_nl_put_maintenance(skb, HB_A_PEER_MAINTENANCE_US,
				  view->maintenance_ns, HB_A_PEER_PAD) ||
	    hb_nl_put_auth(skb, peer, view->cfg.auth))
		return -EMSGSIZE;
	return hb_nl_put_path(skb, &path->addr, view->state);
}

static int hb_nl_put_lateness(struct sk_buff *skb,
			      const struct hb_lateness *late)
{
	struct nlattr *nest = nla_nest_start(skb, HB_A_PEER_LATENESS);

	if (!nest ||
	    hb_nl_put_late(skb, HB_A_LATENESS_PEER_COUNT,
			   late->count[HB_BLAME_PEER]) ||
	    hb_nl_put_late(skb, HB_A_LATENESS_NETWORK_COUNT,
			   late->count[HB_BLAME_NETWORK]) ||
	    hb_nl_put_late(skb, HB_A_LATENESS_LOCAL_COUNT,
			   late->count[HB_BLAME_LOCAL]) ||
	    nla_put_u32(skb, HB_A_LATENESS_BLAME, late->last.most) ||
	    hb_nl_put_late(skb, HB_A_LATENESS_PEER_NS, late->last.peer_ns) ||
	    hb_nl_put_late(skb, HB_A_LATENESS_NETWORK_NS,
			   late->last.network_ns) ||
	    hb_nl_put_late(skb, HB_A_LATENESS_LOCAL_NS, late->last.local_ns))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int hb_nl_put_remote(struct sk_buff *skb, const struct hb_nl_view *view)
{
	const struct hb_remote *remote = &view->remote;

	/* Nothing was ever heard. */
	if (!view->rx_ns)
		return 0;
	if (nla_put_u32(skb, HB_A_PEER_REMOTE_INTERVAL_US,
			remote->interval_us) ||
	    nla_put_u8(skb, HB_A_PEER_REMOTE_MULTIPLIER, remote->multiplier) ||
	    nla_put_u8(skb, HB_A_PEER_REMOTE_DEFECT, remote->defect) ||
	    nla_put_u8(skb, HB_A_PEER_ONE_WAY, view->one_way) ||
	    nla_put_u32(skb, HB_A_PEER_REMOTE_STALLED_US,
			remote->stalled_us) ||
	    nla_put_u8(skb, HB_A_PEER_REMOTE_MAINTENANCE,
		       remote->maintenance_ns > view->now) ||
	    (view->held_ns &&
	     hb_nl_put_u64(skb, HB_A_PEER_HELD_US,
			   div_u64(view->held_ns, NSEC_PER_USEC))) ||
	    hb_nl_put_u64(skb, HB_A_PEER_REMOTE_INCARNATION,
			  view->incarnation) ||
	    hb_nl_put_u64(skb, HB_A_PEER_SILENCE_NS, view->now - view->rx_ns))
		return -EMSGSIZE;
	return hb_nl_put_lateness(skb, &view->lateness);
}

static int hb_nl_put_adaptive(struct sk_buff *skb,
			      const struct hb_nl_view *view)
{
	if (view->state == HB_STATE_UP &&
	    nla_put_u32(skb, HB_A_PEER_SUSPICION, view->suspicion))
		return -EMSGSIZE;
	if (view->cfg.detect != HB_DETECT_ADAPTIVE)
		return 0;
	if (hb_nl_put_u64(skb, HB_A_PEER_FLOOR_US,
			  div_u64(view->est.floor_ns, NSEC_PER_USEC)) ||
	    hb_nl_put_u64(skb, HB_A_PEER_CEILING_US,
			  div_u64(view->est.ceiling_ns, NSEC_PER_USEC)))
		return -EMSGSIZE;
	return 0;
}

/* Who knows them can speak for a peer without authentication. */
static int hb_nl_put_session(struct sk_buff *skb,
			     const struct hb_nl_view *view)
{
	if (!view->remote_session)
		return 0;
	if (hb_nl_put_u64(skb, HB_A_PEER_SESSION, view->session) ||
	    hb_nl_put_u64(skb, HB_A_PEER_REMOTE_SESSION, view->remote_session))
		return -EMSGSIZE;
	return 0;
}

static int hb_nl_put_state(struct sk_buff *skb, const struct hb_nl_view *view)
{
	if (nla_put_u32(skb, HB_A_PEER_STATE, view->state) ||
	    nla_put_u32(skb, HB_A_PEER_REASON, view->reason) ||
	    hb_nl_put_u64(skb, HB_A_PEER_SINCE_NS,
			  view->now - view->since_ns) ||
	    hb_nl_put_u64(skb, HB_A_PEER_DETECT_US, view->detect_us) ||
	    nla_put_u32(skb, HB_A_PEER_TX_INTERVAL_US, view->tx_interval_us) ||
	    hb_nl_put_u64(skb, HB_A_PEER_UPS, view->ups) ||
	    hb_nl_put_u64(skb, HB_A_PEER_DOWNS, view->downs) ||
	    hb_nl_put_u64(skb, HB_A_PEER_MISTAKES, view->mistakes))
		return -EMSGSIZE;
	if (view->rtt_ns && hb_nl_put_u64(skb, HB_A_PEER_RTT_NS, view->rtt_ns))
		return -EMSGSIZE;
	return 0;
}

static int hb_nl_put_peer(struct sk_buff *skb, struct hb_peer *peer,
			  bool admin)
{
	struct hb_nl_view view;

	hb_nl_view_peer(peer, &view);
	if (hb_nl_put_cfg(skb, peer, &view) ||
	    hb_nl_put_adaptive(skb, &view) ||
	    hb_nl_put_state(skb, &view) ||
	    (admin && hb_nl_put_session(skb, &view)) ||
	    hb_nl_put_remote(skb, &view) ||
	    hb_nl_put_qos(skb, HB_A_PEER_QOS, &view.qos))
		return -EMSGSIZE;
	return 0;
}

static int hb_nl_put_counter(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, HB_A_PEER_STATS_PAD);
}

static int hb_nl_put_peer_stats(struct sk_buff *skb, struct hb_peer *peer,
				bool admin)
{
	struct hb_peer_stats s;

	spin_lock_bh(&peer->lock);
	s = peer->stats;
	spin_unlock_bh(&peer->lock);
	if (nla_put_string(skb, HB_A_PEER_STATS_NAME, peer->name) ||
	    hb_nl_put_counter(skb, HB_A_PEER_STATS_TX_BEATS, s.tx) ||
	    hb_nl_put_counter(skb, HB_A_PEER_STATS_TX_ERRORS, s.tx_errors) ||
	    hb_nl_put_counter(skb, HB_A_PEER_STATS_RX_BEATS, s.rx) ||
	    hb_nl_put_counter(skb, HB_A_PEER_STATS_RX_LOST, s.lost) ||
	    hb_nl_put_counter(skb, HB_A_PEER_STATS_RX_DROPPED, s.dropped) ||
	    hb_nl_put_counter(skb, HB_A_PEER_STATS_STALLS, s.stalls) ||
	    hb_nl_put_counter(skb, HB_A_PEER_STATS_LATE_MAX_NS,
			      s.late.max_ns) ||
	    hb_nl_put_counter(skb, HB_A_PEER_STATS_GAP_MAX_NS, s.gap.max_ns) ||
	    hb_nl_put_counter(skb, HB_A_PEER_STATS_TX_STANDBY, s.tx_standby) ||
	    hb_nl_put_hist(skb, HB_A_PEER_STATS_LATE, &s.late) ||
	    hb_nl_put_hist(skb, HB_A_PEER_STATS_GAP, &s.gap) ||
	    hb_nl_put_bursts(skb, HB_A_PEER_STATS_BURST, s.burst))
		return -EMSGSIZE;
	return 0;
}

/* What a dump of peers needs to know of its command; @admin: who asks could
 * change the peer.
 */
struct hb_nl_dump {
	int cmd;
	int name_attr;
	bool admin;
	int (*put)(struct sk_buff *skb, struct hb_peer *peer, bool admin);
};

static int hb_nl_dump_peer(struct sk_buff *skb, struct netlink_callback *cb,
			   const struct hb_nl_dump *dump, struct hb_peer *peer)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &hb_nl_family, NLM_F_MULTI,
				dump->cmd);

	if (!hdr)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, hdr);
	if (dump->put(skb, peer, dump->admin)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int hb_nl_dump_named(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct hb_nl_dump *dump, struct hb_net *hn,
			    const struct nlattr *name)
{
	struct hb_nl_cursor *cursor = (void *)cb->ctx;
	struct hb_peer *peer;

	if (cursor->done)
		return 0;
	cursor->done = true;
	peer = hb_peer_find(hn, hb_auth_node_id(nla_data(name)));
	if (!peer || !hb_nl_is_name(name, peer->name)) {
		NL_SET_ERR_MSG_ATTR(cb->extack, name, "there is no such peer");
		return -ENOENT;
	}
	return hb_nl_dump_peer(skb, cb, dump, peer) ?: skb->len;
}

static int hb_nl_dump_all(struct sk_buff *skb, struct netlink_callback *cb,
			  const struct hb_nl_dump *dump, struct hb_net *hn)
{
	struct hb_nl_cursor *cursor = (void *)cb->ctx;
	struct hb_peer *peer;

	while ((peer = hb_peer_next(hn, &cursor->index))) {
		if (hb_nl_dump_peer(skb, cb, dump, peer))
			return skb->len ?: -EMSGSIZE;
		cursor->index++;
	}
	return skb->len;
}

static int hb_nl_dump_peers(struct sk_buff *skb, struct netlink_callback *cb,
			    const struct hb_nl_dump *dump)
{
	struct hb_net *hn = hb_net_of(sock_net(cb->skb->sk));
	struct nlattr *name = genl_info_dump(cb)->attrs[dump->name_attr];
	int ret;

	BUILD_BUG_ON(sizeof(struct hb_nl_cursor) > sizeof(cb->ctx));
	mutex_lock(&hn->lock);
	cb->seq = hn->generation;
	if (name)
		ret = hb_nl_dump_named(skb, cb, dump, hn, name);
	else
		ret = hb_nl_dump_all(skb, cb, dump, hn);
	mutex_unlock(&hn->lock);
	return ret;
}

int hb_nl_peer_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct hb_nl_dump dump = {
		.cmd = HB_CMD_PEER_GET,
		.name_attr = HB_A_PEER_NAME,
		.admin = netlink_net_capable(cb->skb, CAP_NET_ADMIN),
		.put = hb_nl_put_peer,
	};

	return hb_nl_dump_peers(skb, cb, &dump);
}

int hb_nl_peer_stats_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	static const struct hb_nl_dump dump = {
		.cmd = HB_CMD_PEER_STATS_GET,
		.name_attr = HB_A_PEER_STATS_NAME,
		.put = hb_nl_put_peer_stats,
	};

	return hb_nl_dump_peers(skb, cb, &dump);
}

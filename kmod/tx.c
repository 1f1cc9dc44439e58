// SPDX-License-Identifier: GPL-2.0
/* Packets out: encode, sign, route, hand to the network layer. Only functions
 * of the kernel image are used, so that hb.ko needs no other module.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/pkt_sched.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ip6_tunnel.h>
#include <net/ip.h>
#include <net/neighbour.h>
#include <net/route.h>
#include <net/udp.h>

#include "trace.h"
#include "tx.h"

#define HB_TX_HEADROOM	(LL_MAX_HEADER + sizeof(struct ipv6hdr) + \
			 sizeof(struct udphdr))
#define HB_TX_SIZE	(SKB_DATA_ALIGN(HB_TX_HEADROOM + HB_WIRE_SENT_LEN) + \
			 SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))

size_t hb_tx_encode(const struct hb_peer *peer, struct hb_pdu *pdu, u8 *buf)
{
	const struct hb_keys *keys = rcu_dereference(peer->keys);

	/* The second copy of a goodbye may come after the last key has gone. */
	pdu->flags &= ~HB_WIRE_F_TAG;
	if (keys)
		pdu->flags |= HB_WIRE_F_TAG;
	hb_wire_encode(pdu, buf);
	if (keys)
		hb_auth_sign(&keys->auth, buf, pdu->length);
	return pdu->length;
}

/* From the caches of the receive softirq, to which hb_rx() gives back. */
static struct sk_buff *hb_tx_alloc(void)
{
	void *data = napi_alloc_frag(HB_TX_SIZE);
	struct sk_buff *skb;

	if (!data)
		return NULL;
	skb = napi_build_skb(data, HB_TX_SIZE);
	if (!skb)
		skb_free_frag(data);
	return skb;
}

static struct sk_buff *hb_tx_build(struct hb_peer *peer, struct hb_pdu *pdu)
{
	struct sk_buff *skb = hb_tx_alloc();

	if (!skb)
		return NULL;
	skb_reserve(skb, HB_TX_HEADROOM);
	skb->priority = TC_PRIO_CONTROL;
	skb_put(skb, hb_tx_encode(peer, pdu, skb_tail_pointer(skb)));
	return skb;
}

static void hb_tx_push_udp(struct sk_buff *skb, __be16 source, __be16 dest)
{
	struct udphdr *uh = __skb_push(skb, sizeof(*uh));

	skb_reset_transport_header(skb);
	uh->source = source;
	uh->dest = dest;
	uh->len = htons(skb->len);
	uh->check = 0;
}

static struct rtable *hb_tx_route4(struct sock *sk, struct hb_path *path,
				   __be32 *saddr)
{
	struct flowi4 fl4 = {
		.flowi4_oif = path->addr.ifindex,
		.flowi4_proto = IPPROTO_UDP,
		.daddr = path->addr.v4,
		.fl4_dport = path->addr.port,
		.fl4_sport = inet_sk(sk)->inet_sport,
	};
	struct rtable *rt = hb_route_get4(&path->route, saddr);

	if (rt)
		return rt;
	rt = ip_route_output_flow(sock_net(sk), &fl4, sk);
	if (IS_ERR(rt))
		return rt;
	hb_route_set4(&path->route, &rt->dst, fl4.saddr);
	*saddr = fl4.saddr;
	return rt;
}

static int hb_tx_send4(struct sock *sk, struct sk_buff *skb,
		       struct hb_path *path)
{
	__be32 saddr;
	struct rtable *rt = hb_tx_route4(sk, path, &saddr);
	unsigned int len;

	if (IS_ERR(rt)) {
		kfree_skb(skb);
		return PTR_ERR(rt);
	}
	hb_tx_push_udp(skb, inet_sk(sk)->inet_sport, path->addr.port);
	skb_dst_set(skb, &rt->dst);
	udp_set_csum(false, skb, saddr, path->addr.v4, skb->len);
	len = skb->len;
	hb_frame_ip4(__skb_push(skb, sizeof(struct iphdr)), saddr,
		     path->addr.v4, len);
	skb_reset_network_header(skb);
	ip_local_out(sock_net(sk), sk, skb);
	return 0;
}

/* A device without an Ethernet header, a neighbour that was not found yet or a
 * route that encrypts or encapsulates: there is no frame that could be written
 * in advance.
 */
static void hb_tx_resolve(struct dst_entry *dst, const void *daddr,
			  struct hb_tx_way *way)
{
	struct net_device *dev = dst->dev;
	struct neighbour *neigh;

	way->dev = dev;
	if (dst_xfrm(dst) || dst->lwtstate || dev->type != ARPHRD_ETHER ||
	    dev->addr_len != ETH_ALEN)
		return;
	neigh = dst_neigh_lookup(dst, daddr);
	if (!neigh)
		return;
	if (READ_ONCE(neigh->nud_state) & NUD_VALID) {
		neigh_ha_snapshot(way->ends.dmac, neigh, dev);
		ether_addr_copy(way->ends.smac, dev->dev_addr);
		way->resolved = true;
	}
	neigh_release(neigh);
}

static int hb_tx_way4(struct sock *sk, struct hb_path *path,
		      struct hb_tx_way *way)
{
	struct rtable *rt = hb_tx_route4(sk, path, &way->ends.saddr4);

	if (IS_ERR(rt))
		return PTR_ERR(rt);
	way->ends.family = AF_INET;
	way->ends.daddr4 = path->addr.v4;
	hb_tx_resolve(&rt->dst, &path->addr.v4, way);
	ip_rt_put(rt);
	return 0;
}

#if IS_ENABLED(CONFIG_IPV6)
static struct dst_entry *hb_tx_route6(struct sock *sk, struct hb_path *path,
				      struct in6_addr *saddr)
{
	struct flowi6 fl6 = {
		.flowi6_oif = path->addr.ifindex,
		.flowi6_proto = IPPROTO_UDP,
		.daddr = path->addr.v6,
		.fl6_dport = path->addr.port,
		.fl6_sport = inet_sk(sk)->inet_sport,
	};
	struct dst_entry *dst = hb_route_get6(&path->route, saddr);

	if (dst)
		return dst;
	dst = ip6_dst_lookup_flow(sock_net(sk), sk, &fl6, NULL);
	if (IS_ERR(dst))
		return dst;
	hb_route_set6(&path->route, dst, &fl6.saddr);
	*saddr = fl6.saddr;
	return dst;
}

static int hb_tx_send6(struct sock *sk, struct sk_buff *skb,
		       struct hb_path *path)
{
	struct in6_addr saddr;
	struct dst_entry *dst = hb_tx_route6(sk, path, &saddr);
	struct ipv6hdr *ip6h;

	if (IS_ERR(dst)) {
		kfree_skb(skb);
		return PTR_ERR(dst);
	}
	hb_tx_push_udp(skb, inet_sk(sk)->inet_sport, path->addr.port);
	skb_dst_set(skb, dst);
	udp6_set_csum(false, skb, &saddr, &path->addr.v6, skb->len);
	ip6h = __skb_push(skb, sizeof(*ip6h));
	skb_reset_network_header(skb);
	ip6_flow_hdr(ip6h, HB_FRAME_TOS, 0);
	ip6h->payload_len = htons(skb->len - sizeof(*ip6h));
	ip6h->nexthdr = IPPROTO_UDP;
	ip6h->hop_limit = HB_FRAME_TTL;
	ip6h->daddr = path->addr.v6;
	ip6h->saddr = saddr;
	skb->protocol = htons(ETH_P_IPV6);
	ip6tunnel_xmit(sk, skb, NULL, 0);
	return 0;
}

static int hb_tx_way6(struct sock *sk, struct hb_path *path,
		      struct hb_tx_way *way)
{
	struct dst_entry *dst = hb_tx_route6(sk, path, &way->ends.saddr6);

	if (IS_ERR(dst))
		return PTR_ERR(dst);
	way->ends.family = AF_INET6;
	way->ends.daddr6 = path->addr.v6;
	hb_tx_resolve(dst, &path->addr.v6, way);
	dst_release(dst);
	return 0;
}
#else
static struct dst_entry *hb_tx_route6(struct sock *sk, struct hb_path *path,
				      struct in6_addr *saddr)
{
	return ERR_PTR(-EAFNOSUPPORT);
}

static int hb_tx_send6(struct sock *sk, struct sk_buff *skb,
		       struct hb_path *path)
{
	kfree_skb(skb);
	return -EAFNOSUPPORT;
}

static int hb_tx_way6(struct sock *sk, struct hb_path *path,
		      struct hb_tx_way *way)
{
	return -EAFNOSUPPORT;
}
#endif

static struct sock *hb_tx_sock(const struct hb_peer *peer,
			       const struct hb_path *path)
{
	return path->addr.family == AF_INET ?
		rcu_dereference(peer->hn->sock4) :
		rcu_dereference(peer->hn->sock6);
}

static int hb_tx_send_rcu(struct hb_peer *peer, struct hb_pdu *pdu,
			  bool confirm)
{
	struct hb_path *path = rcu_dereference(peer->path);
	struct sock *sk = hb_tx_sock(peer, path);
	struct sk_buff *skb;

	if (!sk)
		return -ENOTCONN;
	skb = hb_tx_build(peer, pdu);
	if (!skb)
		return -ENOMEM;
	skb_set_dst_pending_confirm(skb, confirm);
	trace_hb_tx(peer->id, pdu->seq, pdu->session, pdu->echo);
	if (path->addr.family == AF_INET)
		return hb_tx_send4(sk, skb, path);
	return hb_tx_send6(sk, skb, path);
}

int hb_tx_send(struct hb_peer *peer, struct hb_pdu *pdu, bool confirm)
{
	int err;

	rcu_read_lock();
	err = hb_tx_send_rcu(peer, pdu, confirm);
	rcu_read_unlock();
	return err;
}

int hb_tx_way(struct hb_peer *peer, struct hb_tx_way *way)
{
	struct hb_path *path = rcu_dereference(peer->path);
	struct sock *sk = hb_tx_sock(peer, path);

	if (!sk)
		return -ENOTCONN;
	memset(way, 0, sizeof(*way));
	way->ends.sport = inet_sk(sk)->inet_sport;
	way->ends.dport = path->addr.port;
	return path->addr.family == AF_INET ? hb_tx_way4(sk, path, way) :
					      hb_tx_way6(sk, path, way);
}

static struct dst_entry *hb_tx_route(struct sock *sk, struct hb_path *path)
{
	struct in6_addr saddr6;
	struct rtable *rt;
	__be32 saddr4;

	if (path->addr.family == AF_INET6)
		return hb_tx_route6(sk, path, &saddr6);
	rt = hb_tx_route4(sk, path, &saddr4);
	return IS_ERR(rt) ? ERR_CAST(rt) : &rt->dst;
}

struct net_device *hb_tx_device(const struct hb_peer *peer)
{
	struct hb_path *path = rcu_dereference(peer->path);
	struct sock *sk = hb_tx_sock(peer, path);
	struct net_device *dev;
	struct dst_entry *dst;

	if (!sk)
		return NULL;
	dst = hb_tx_route(sk, path);
	if (IS_ERR(dst))
		return NULL;
	dev = dst->dev;
	dst_release(dst);
	return dev;
}

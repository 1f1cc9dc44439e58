// SPDX-License-Identifier: GPL-2.0
/* Packets in. Checks go from cheap to dear, and none changes any state before
 * the tag is verified.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "hear.h"
#include "rx.h"

static bool hb_rx_from_addr(const struct sk_buff *skb,
			    const struct hb_addr *addr)
{
	if (ip_hdr(skb)->version == 4)
		return addr->family == AF_INET &&
		       ip_hdr(skb)->saddr == addr->v4;
	return addr->family == AF_INET6 &&
	       ipv6_addr_equal(&ipv6_hdr(skb)->saddr, &addr->v6);
}

/* A key says who a packet is from, wherever it is from; without one the address
 * has to.
 */
static bool hb_rx_from_path(const struct sk_buff *skb, struct hb_peer *peer,
			    bool authenticated)
{
	const struct hb_addr *addr = &rcu_dereference(peer->path)->addr;

	if (addr->ifindex && addr->ifindex != skb->dev->ifindex &&
	    addr->ifindex != skb->skb_iif)
		return false;
	return authenticated || hb_rx_from_addr(skb, addr);
}

static int hb_rx_authenticate(const struct hb_keys *keys,
			      const struct hb_pdu *pdu, const u8 *buf)
{
	bool tag = pdu->flags & HB_WIRE_F_TAG;

	if (!keys)
		return tag ? HB_A_STATS_RX_DROP_SIGNED : 0;
	if (!tag)
		return HB_A_STATS_RX_DROP_UNSIGNED;
	return hb_auth_verify(&keys->auth, buf, pdu->length) ? 0 :
		HB_A_STATS_RX_DROP_TAG;
}

static void hb_rx_refused(struct hb_peer *peer)
{
	spin_lock(&peer->lock);
	peer->stats.dropped++;
	spin_unlock(&peer->lock);
}

static int hb_rx_peer(struct hb_peer *peer, const struct sk_buff *skb,
		      const struct hb_pdu *pdu, const u8 *buf)
{
	const struct hb_keys *keys = rcu_dereference(peer->keys);
	int drop;

	if (!hb_rx_from_path(skb, peer, keys))
		drop = HB_A_STATS_RX_DROP_ADDRESS;
	else
		drop = hb_rx_authenticate(keys, pdu, buf);
	if (drop) {
		hb_rx_refused(peer);
		return drop;
	}
	return hb_hear(peer, pdu);
}

static int hb_rx_packet(struct hb_net *hn, struct sk_buff *skb)
{
	unsigned int len = skb->len - sizeof(struct udphdr);
	struct hb_peer *peer;
	struct hb_pdu pdu;
	const u8 *buf;
	int drop;

	if (skb->len < sizeof(struct udphdr) || len > HB_WIRE_MAX_LEN ||
	    !pskb_may_pull(skb, skb->len))
		return HB_A_STATS_RX_DROP_SIZE;
	/* Nobody writes to the head of a packet under way, so what is checked
	 * is what is used.
	 */
	buf = skb->data + sizeof(struct udphdr);
	drop = hb_wire_decode(buf, len, &pdu);
	if (drop)
		return drop;
	if (pdu.dst != hn->id)
		return HB_A_STATS_RX_DROP_DESTINATION;
	peer = hb_peer_find(hn, pdu.src);
	if (!peer)
		return HB_A_STATS_RX_DROP_PEER;
	return hb_rx_peer(peer, skb, &pdu, buf);
}

int hb_rx(struct sock *sk, struct sk_buff *skb)
{
	struct hb_net *hn = rcu_dereference_sk_user_data(sk);
	int drop = hn ? hb_rx_packet(hn, skb) : 0;

	if (drop)
		hb_stats_add(hn->counters, drop);
	if (hn && !drop)
		napi_consume_skb(skb, 1);
	else
		kfree_skb(skb);
	return 0;
}

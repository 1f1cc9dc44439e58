// SPDX-License-Identifier: GPL-2.0
/* A packet as a whole Ethernet frame, in bytes. No clock, no lock, no skb. */
#include <linux/ip.h>
#include <linux/string.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "frame.h"

/* Copied whole, for what follows an Ethernet header is not aligned. */
static u8 *hb_frame_put(u8 *pos, const void *part, size_t len)
{
	memcpy(pos, part, len);
	return pos + len;
}

static u8 *hb_frame_put_eth(u8 *pos, const struct hb_frame_ends *ends)
{
	struct ethhdr eth = {
		.h_proto = htons(ends->family == AF_INET ? ETH_P_IP :
							   ETH_P_IPV6),
	};

	memcpy(eth.h_dest, ends->dmac, ETH_ALEN);
	memcpy(eth.h_source, ends->smac, ETH_ALEN);
	return hb_frame_put(pos, &eth, sizeof(eth));
}

void hb_frame_ip4(struct iphdr *iph, __be32 saddr, __be32 daddr, u16 len)
{
	*iph = (struct iphdr) {
		.version = 4,
		.ihl = sizeof(*iph) / 4,
		.tos = HB_FRAME_TOS,
		.tot_len = htons(sizeof(*iph) + len),
		.frag_off = htons(IP_DF),
		.ttl = HB_FRAME_TTL,
		.protocol = IPPROTO_UDP,
		.saddr = saddr,
		.daddr = daddr,
	};
}

static u8 *hb_frame_put_ip4(u8 *pos, const struct hb_frame_ends *ends, u16 len)
{
	struct iphdr iph;

	hb_frame_ip4(&iph, ends->saddr4, ends->daddr4, len);
	iph.check = ip_fast_csum(&iph, iph.ihl);
	return hb_frame_put(pos, &iph, sizeof(iph));
}

static u8 *hb_frame_put_ip6(u8 *pos, const struct hb_frame_ends *ends, u16 len)
{
	struct ipv6hdr ip6h = {
		.payload_len = htons(len),
		.nexthdr = IPPROTO_UDP,
		.hop_limit = HB_FRAME_TTL,
		.saddr = ends->saddr6,
		.daddr = ends->daddr6,
	};

	ip6_flow_hdr(&ip6h, HB_FRAME_TOS, 0);
	return hb_frame_put(pos, &ip6h, sizeof(ip6h));
}

static __sum16 hb_frame_udp_check(const struct hb_frame_ends *ends,
				  const struct udphdr *uh, const u8 *data,
				  size_t len)
{
	__wsum sum = csum_partial(data, len, csum_partial(uh, sizeof(*uh), 0));
	u16 ulen = sizeof(*uh) + len;
	__sum16 check;

	if (ends->family == AF_INET)
		check = csum_tcpudp_magic(ends->saddr4, ends->daddr4, ulen,
					  IPPROTO_UDP, sum);
	else
		check = csum_ipv6_magic(&ends->saddr6, &ends->daddr6, ulen,
					IPPROTO_UDP, sum);
	return check ?: CSUM_MANGLED_0;
}

size_t hb_frame_write(u8 *frame, const struct hb_frame_ends *ends,
		      const u8 *data, size_t len)
{
	struct udphdr uh = {
		.source = ends->sport,
		.dest = ends->dport,
		.len = htons(sizeof(uh) + len),
	};
	u8 *pos = hb_frame_put_eth(frame, ends);

	uh.check = hb_frame_udp_check(ends, &uh, data, len);
	if (ends->family == AF_INET)
		pos = hb_frame_put_ip4(pos, ends, sizeof(uh) + len);
	else
		pos = hb_frame_put_ip6(pos, ends, sizeof(uh) + len);
	pos = hb_frame_put(pos, &uh, sizeof(uh));
	return hb_frame_put(pos, data, len) - frame;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* A packet as a whole Ethernet frame, in bytes. No clock, no lock, no skb. */
#ifndef _HB_FRAME_H
#define _HB_FRAME_H

#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include "core/proto.h"

/* CS6, network control (RFC 4594 section 3.1): a beat that waits behind bulk
 * data is a false death.
 */
#define HB_FRAME_TOS	0xc0
/* As RFC 5881 section 5 sends. */
#define HB_FRAME_TTL	255

#define HB_FRAME_MAX_LEN (ETH_HLEN + sizeof(struct ipv6hdr) + \
			  sizeof(struct udphdr) + HB_WIRE_MAX_LEN)

/**
 * struct hb_frame_ends - where a frame comes from and where it goes
 * @smac: hardware address of our device
 * @dmac: that of the next hop
 * @family: AF_INET or AF_INET6
 * @sport: our UDP port
 * @dport: the peer's
 * @saddr4: our address, IPv4
 * @saddr6: the same, IPv6
 * @daddr4: the peer's address, IPv4
 * @daddr6: the same, IPv6
 */
struct hb_frame_ends {
	u8 smac[ETH_ALEN];
	u8 dmac[ETH_ALEN];
	u16 family;
	__be16 sport;
	__be16 dport;
	union {
		__be32 saddr4;
		struct in6_addr saddr6;
	};
	union {
		__be32 daddr4;
		struct in6_addr daddr6;
	};
};

/**
 * hb_frame_ip4() - write an IPv4 header but for its checksum
 * @iph: the header
 * @saddr: source
 * @daddr: destination
 * @len: bytes that follow
 *
 * A beat is never fragmented, so it needs no number for its fragments
 * (RFC 6864).
 *
 * Context: any.
 */
void hb_frame_ip4(struct iphdr *iph, __be32 saddr, __be32 daddr, u16 len);

/**
 * hb_frame_write() - put Ethernet, IP and UDP headers in front of a packet
 * @frame: HB_FRAME_MAX_LEN bytes
 * @ends: from where to where
 * @data: the packet
 * @len: its length, at most HB_WIRE_MAX_LEN
 *
 * All checksums are complete: nothing is left to the device.
 *
 * Context: any.
 * Return: length of the frame.
 */
size_t hb_frame_write(u8 *frame, const struct hb_frame_ends *ends,
		      const u8 *data, size_t len);

#endif /* _HB_FRAME_H */

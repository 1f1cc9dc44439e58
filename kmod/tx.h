/* SPDX-License-Identifier: GPL-2.0 */
/* Packets out: encode, sign, route, hand to the network layer. */
#ifndef _HB_TX_H
#define _HB_TX_H

#include "core/wire.h"
#include "frame.h"
#include "peer.h"

/**
 * hb_tx_send() - send a packet to a peer
 * @peer: the peer
 * @pdu: what to say; the flag of the tag and the length are set here
 * @confirm: the next hop is known to pass our packets on: it needs no probe
 *
 * Context: softirq, or process with BH disabled; the peer stays.
 * Return: 0, or a negative error when the packet could not be built or routed.
 * What the network layer drops later is not known here.
 */
int hb_tx_send(struct hb_peer *peer, struct hb_pdu *pdu, bool confirm);

/**
 * struct hb_tx_way - how packets to a peer leave this machine now
 * @dev: device, to be used under RCU only
 * @ends: addresses; the hardware's if @resolved
 * @resolved: the next hop's hardware address is known, and is Ethernet's
 */
struct hb_tx_way {
	struct net_device *dev;
	struct hb_frame_ends ends;
	bool resolved;
};

/**
 * hb_tx_way() - look up how packets to a peer leave
 * @peer: the peer
 * @way: filled
 *
 * Context: under RCU with BH disabled; the peer stays.
 * Return: 0, or a negative error when there is no route.
 */
int hb_tx_way(struct hb_peer *peer, struct hb_tx_way *way);

/**
 * hb_tx_device() - which device do packets to a peer leave by?
 * @peer: the peer
 *
 * Context: under RCU with BH disabled; the peer stays.
 * Return: the device, to be used under RCU only, or NULL without a route.
 */
struct net_device *hb_tx_device(const struct hb_peer *peer);

/**
 * hb_tx_encode() - the bytes of a packet, signed
 * @peer: whose key signs
 * @pdu: what to say; the flag of the tag and the length are set here
 * @buf: HB_WIRE_SENT_LEN bytes
 *
 * Context: under RCU.
 * Return: their number.
 */
size_t hb_tx_encode(const struct hb_peer *peer, struct hb_pdu *pdu, u8 *buf);

#endif /* _HB_TX_H */

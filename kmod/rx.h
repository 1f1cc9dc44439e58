/* SPDX-License-Identifier: GPL-2.0 */
/* Packets in. */
#ifndef _HB_RX_H
#define _HB_RX_H

struct sk_buff;
struct sock;

/**
 * hb_rx() - encap_rcv of our sockets: check a packet, tell the engine
 * @sk: socket, whose user data is the namespace
 * @skb: packet from the UDP header on, checksum verified; consumed
 *
 * Nothing is ever queued on the socket, so a flood can't push out good packets.
 *
 * Context: softirq, under RCU.
 * Return: 0, which says that the packet is consumed.
 */
int hb_rx(struct sock *sk, struct sk_buff *skb);

#endif /* _HB_RX_H */

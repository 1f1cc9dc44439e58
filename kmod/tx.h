/* SPDX-License-Identifier: GPL-2.0 */
/* Packets out: encode, sign, route, hand to the network layer. */
#ifndef _HB_TX_H
#define _HB_TX_H

#include "core/wire.h"
#include "peer.h"

/**
 * hb_tx_send() - send a packet to a peer
 * @peer: the peer
 * @pdu: what to say; the flag of the tag and the length are set here
 *
 * Context: softirq, or process with BH disabled; the peer stays.
 * Return: 0, or a negative error when the packet could not be built or routed.
 * What the network layer drops later is not known here.
 */
int hb_tx_send(struct hb_peer *peer, struct hb_pdu *pdu);

#endif /* _HB_TX_H */

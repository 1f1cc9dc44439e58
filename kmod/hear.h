/* SPDX-License-Identifier: GPL-2.0 */
/* What an authentic packet of a peer does. */
#ifndef _HB_HEAR_H
#define _HB_HEAR_H

#include "core/wire.h"
#include "peer.h"

/**
 * hb_hear() - an authentic packet of a peer came in
 * @peer: the peer
 * @pdu: the packet
 *
 * Context: softirq, under RCU.
 * Return: 0, or the HB_A_STATS_RX_DROP_* attribute that counts why it did not
 * count as life.
 */
int hb_hear(struct hb_peer *peer, const struct hb_pdu *pdu);

#endif /* _HB_HEAR_H */

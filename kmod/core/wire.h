/* SPDX-License-Identifier: GPL-2.0 */
/* Packet bytes to and from struct hb_pdu. Pure: no clock, no lock, no skb. */
#ifndef _HB_WIRE_H
#define _HB_WIRE_H

#include <linux/types.h>
#include <uapi/linux/hb.h>

#include "proto.h"

#define HB_REASONS	(HB_REASON_MAINTENANCE + 1)

/**
 * struct hb_pdu - a decoded packet, in host byte order
 * @src: id of the sender
 * @dst: id of the node this is meant for
 * @session: sender's discriminator
 * @echo: receiver's discriminator, 0 if the sender knows none
 * @seq: rises with every packet of the sender to this peer
 * @incarnation: of the sender
 * @heard_seq: @seq of the last beat the sender heard
 * @interval_us: the sender promises a beat at least this often
 * @min_rx_us: shortest interval the sender accepts
 * @stalled_us: how long the sender itself did not run lately
 * @hold_us: time between hearing @heard_seq and sending this
 * @sent_us: sender's clock when it made this, wraps; only differences count
 * @late_us: how late the sender was with this beat, by its own schedule
 * @flags: enum hb_wire_flags
 * @length: bytes of the whole packet, tag included; set by both directions
 * @maintenance_s: how long HB_WIRE_F_MAINTENANCE will last
 * @type: enum hb_wire_type
 * @multiplier: missed beats after which the sender declares us down
 * @path: number of the path within the peer
 * @health: 0 is well, higher is worse
 * @reason: enum hb_reason of a goodbye
 */
struct hb_pdu {
	u64 src;
	u64 dst;
	u64 session;
	u64 echo;
	u64 seq;
	u64 incarnation;
	u64 heard_seq;
	u32 interval_us;
	u32 min_rx_us;
	u32 stalled_us;
	u32 hold_us;
	u32 sent_us;
	u32 late_us;
	u16 flags;
	u16 length;
	u32 maintenance_s;
	u8 type;
	u8 multiplier;
	u8 path;
	u8 health;
	u8 reason;
};

/**
 * hb_wire_encode() - write the header of a packet
 * @pdu: what to say; @length is set from @flags
 * @buf: HB_WIRE_SENT_LEN bytes
 *
 * The tag, if HB_WIRE_F_TAG asks for one, is left to hb_auth_sign().
 *
 * Context: any.
 * Return: length of the packet, tag included.
 */
size_t hb_wire_encode(struct hb_pdu *pdu, u8 *buf);

/**
 * hb_wire_decode() - check and read a packet
 * @buf: the packet
 * @len: its length in bytes
 * @pdu: filled on success
 *
 * Does not look at the tag. Unknown extensions are skipped unless they are
 * critical.
 *
 * Context: any.
 * Return: 0, or the HB_A_STATS_RX_DROP_* attribute that counts the defect.
 */
int hb_wire_decode(const u8 *buf, size_t len, struct hb_pdu *pdu);

#endif /* _HB_WIRE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Wire version 1: the bytes of a packet and the limits of its fields. */
#ifndef _HB_PROTO_H
#define _HB_PROTO_H

#include <linux/build_bug.h>
#include <linux/types.h>

#define HB_WIRE_VERSION		1

enum hb_wire_limits {
	HB_WIRE_TAG_LEN = 8,
	HB_WIRE_TLV_HDR_LEN = 4,
	HB_WIRE_TLV_MAX = 16,		/* extensions in one packet */
	HB_WIRE_MAX_LEN = 256,		/* header, extensions and tag */
};

enum hb_wire_type {
	HB_WIRE_BEAT = 1,
	HB_WIRE_GOODBYE = 2,
};

enum hb_wire_flags {
	HB_WIRE_F_TAG = 0x0001,		/* a tag ends the packet */
	HB_WIRE_F_DEFECT = 0x0002,	/* I do not hear you */
	HB_WIRE_F_MAINTENANCE = 0x0004,	/* my silence is no death */
};

/* Set in the type of an extension that a receiver must not ignore. */
#define HB_WIRE_TLV_CRITICAL	0x8000

/* hold_us when nothing was heard yet, or longer ago than it can say */
#define HB_WIRE_HOLD_NONE	0xffffffff

/* maintenance_s without an end */
#define HB_WIRE_MAINTENANCE_ENDLESS	0xffffffff

/**
 * struct hb_wire_hdr - fixed header, big-endian
 * @version: HB_WIRE_VERSION
 * @type: enum hb_wire_type
 * @flags: enum hb_wire_flags
 * @length: bytes of the whole packet, tag included
 * @multiplier: missed beats after which the sender declares us down
 * @path: number of the path within the peer
 * @src: id of the sender
 * @dst: id of the node this is meant for
 * @session: sender's discriminator
 * @echo: receiver's discriminator, 0 if the sender knows none
 * @seq: rises with every packet of the sender to this peer
 * @incarnation: random number of this life of the sender
 * @interval_us: the sender promises a beat at least this often
 * @min_rx_us: shortest interval the sender accepts
 * @maintenance_s: with HB_WIRE_F_MAINTENANCE, how long that will last,
 *	HB_WIRE_MAINTENANCE_ENDLESS if it does not say
 * @stalled_us: how long the sender itself did not run lately
 * @heard_seq: seq of the last beat the sender heard; it goes by what that said
 * @hold_us: time between hearing it and sending this
 * @sent_us: sender's clock when it made this, wraps; only differences count
 * @late_us: how late the sender was with this beat, by its own schedule
 * @health: 0 is well, higher is worse
 * @reason: enum hb_reason of a goodbye
 * @reserved: sent as 0, ignored
 */
struct hb_wire_hdr {
	u8	version;
	u8	type;
	__be16	flags;
	__be16	length;
	u8	multiplier;
	u8	path;
	__be64	src;
	__be64	dst;
	__be64	session;
	__be64	echo;
	__be64	seq;
	__be64	incarnation;
	__be32	interval_us;
	__be32	min_rx_us;
	__be32	maintenance_s;
	__be32	stalled_us;
	__be64	heard_seq;
	__be32	hold_us;
	__be32	sent_us;
	__be32	late_us;
	u8	health;
	u8	reason;
	__be16	reserved;
};

static_assert(sizeof(struct hb_wire_hdr) == 96);

/* Bytes that we send at most: version 1 knows no extension. */
#define HB_WIRE_SENT_LEN	(sizeof(struct hb_wire_hdr) + HB_WIRE_TAG_LEN)

/**
 * struct hb_wire_tlv - head of an extension
 * @type: what it is; HB_WIRE_TLV_CRITICAL if it must not be ignored
 * @length: bytes of the value that follows, head excluded
 */
struct hb_wire_tlv {
	__be16	type;
	__be16	length;
};

static_assert(sizeof(struct hb_wire_tlv) == HB_WIRE_TLV_HDR_LEN);

#endif /* _HB_PROTO_H */

// SPDX-License-Identifier: GPL-2.0
/* Packet bytes to and from struct hb_pdu. Pure: no clock, no lock, no skb. */
#include <linux/string.h>
#include <asm/byteorder.h>
#include <uapi/linux/hb.h>

#include "wire.h"

size_t hb_wire_encode(struct hb_pdu *pdu, u8 *buf)
{
	struct hb_wire_hdr hdr = {
		.version = HB_WIRE_VERSION,
		.type = pdu->type,
		.flags = cpu_to_be16(pdu->flags),
		.multiplier = pdu->multiplier,
		.path = pdu->path,
		.src = cpu_to_be64(pdu->src),
		.dst = cpu_to_be64(pdu->dst),
		.session = cpu_to_be64(pdu->session),
		.echo = cpu_to_be64(pdu->echo),
		.seq = cpu_to_be64(pdu->seq),
		.incarnation = cpu_to_be64(pdu->incarnation),
		.interval_us = cpu_to_be32(pdu->interval_us),
		.min_rx_us = cpu_to_be32(pdu->min_rx_us),
		.stalled_us = cpu_to_be32(pdu->stalled_us),
		.heard_seq = cpu_to_be64(pdu->heard_seq),
		.hold_us = cpu_to_be32(pdu->hold_us),
		.sent_us = cpu_to_be32(pdu->sent_us),
		.late_us = cpu_to_be32(pdu->late_us),
		.health = pdu->health,
		.reason = pdu->reason,
		.maintenance_s = cpu_to_be32(pdu->maintenance_s),
	};

	pdu->length = sizeof(hdr);
	if (pdu->flags & HB_WIRE_F_TAG)
		pdu->length += HB_WIRE_TAG_LEN;
	hdr.length = cpu_to_be16(pdu->length);
	memcpy(buf, &hdr, sizeof(hdr));
	return pdu->length;
}

static void hb_wire_read_hdr(const struct hb_wire_hdr *hdr, struct hb_pdu *pdu)
{
	*pdu = (struct hb_pdu) {
		.src = be64_to_cpu(hdr->src),
		.dst = be64_to_cpu(hdr->dst),
		.session = be64_to_cpu(hdr->session),
		.echo = be64_to_cpu(hdr->echo),
		.seq = be64_to_cpu(hdr->seq),
		.incarnation = be64_to_cpu(hdr->incarnation),
		.heard_seq = be64_to_cpu(hdr->heard_seq),
		.interval_us = be32_to_cpu(hdr->interval_us),
		.min_rx_us = be32_to_cpu(hdr->min_rx_us),
		.stalled_us = be32_to_cpu(hdr->stalled_us),
		.hold_us = be32_to_cpu(hdr->hold_us),
		.sent_us = be32_to_cpu(hdr->sent_us),
		.late_us = be32_to_cpu(hdr->late_us),
		.flags = be16_to_cpu(hdr->flags),
		.length = be16_to_cpu(hdr->length),
		.maintenance_s = be32_to_cpu(hdr->maintenance_s),
		.type = hdr->type,
		.multiplier = hdr->multiplier,
		.path = hdr->path,
		.health = hdr->health,
		/* A reason that a later version adds is no reason to drop. */
		.reason = hdr->reason < HB_REASONS ? hdr->reason :
							   HB_REASON_NONE,
	};
}

static bool hb_wire_interval_ok(u32 us)
{
	return us >= HB_INTERVAL_MIN_US && us <= HB_INTERVAL_MAX_US;
}

static bool hb_wire_hdr_ok(const struct hb_pdu *pdu)
{
	if (pdu->type != HB_WIRE_BEAT && pdu->type != HB_WIRE_GOODBYE)
		return false;
	if (!pdu->multiplier || !pdu->session || !pdu->seq)
		return false;
	return hb_wire_interval_ok(pdu->interval_us) &&
	       hb_wire_interval_ok(pdu->min_rx_us);
}

/* No extension is known to version 1, so all it does is to walk them. */
static int hb_wire_walk(const u8 *pos, size_t left)
{
	struct hb_wire_tlv tlv;
	unsigned int n = 0;
	size_t size;

	while (left) {
		if (left < sizeof(tlv) || ++n > HB_WIRE_TLV_MAX)
			return HB_A_STATS_RX_DROP_TLV;
		memcpy(&tlv, pos, sizeof(tlv));
		size = sizeof(tlv) + be16_to_cpu(tlv.length);
		if (size > left)
			return HB_A_STATS_RX_DROP_TLV;
		if (be16_to_cpu(tlv.type) & HB_WIRE_TLV_CRITICAL)
			return HB_A_STATS_RX_DROP_CRITICAL;
		pos += size;
		left -= size;
	}
	return 0;
}

int hb_wire_decode(const u8 *buf, size_t len, struct hb_pdu *pdu)
{
	struct hb_wire_hdr hdr;
	size_t fixed = sizeof(hdr);

	if (len < sizeof(hdr))
		return HB_A_STATS_RX_DROP_SIZE;
	/* First: what follows is the business of a version. */
	if (buf[0] != HB_WIRE_VERSION)
		return HB_A_STATS_RX_DROP_VERSION;
	if (len > HB_WIRE_MAX_LEN)
		return HB_A_STATS_RX_DROP_SIZE;

	memcpy(&hdr, buf, sizeof(hdr));
	hb_wire_read_hdr(&hdr, pdu);
	if (pdu->flags & HB_WIRE_F_TAG)
		fixed += HB_WIRE_TAG_LEN;
	if (pdu->length != len || len < fixed)
		return HB_A_STATS_RX_DROP_LENGTH;
	if (!hb_wire_hdr_ok(pdu))
		return HB_A_STATS_RX_DROP_HEADER;
	return hb_wire_walk(buf + sizeof(hdr), len - fixed);
}

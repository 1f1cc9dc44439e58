// SPDX-License-Identifier: GPL-2.0
/* Any bytes as a packet. What is refused is refused for the first reason that
 * Documentation/networking/hb.rst lists, as another reading of the bytes finds
 * it; what is accepted encodes to the same bytes again.
 */
#include <linux/string.h>
#include <asm/byteorder.h>
#include <uapi/linux/hb.h>

#include "core/wire.h"
#include "fuzz.h"

#define HDR_LEN		sizeof(struct hb_wire_hdr)
#define AT(_field)	offsetof(struct hb_wire_hdr, _field)

static u64 get(const u8 *buf, size_t at, size_t bytes)
{
	struct fuzz_in in = { buf + at, bytes };

	return fuzz_take(&in, bytes);
}

static bool interval_ok(u64 us)
{
	return us >= 100 && us <= 60 * 1000 * 1000;
}

static int walk(const u8 *buf, size_t at, size_t end)
{
	unsigned int n;

	for (n = 0; at < end; n++) {
		if (n == 16 || at + 4 > end ||
		    at + 4 + get(buf, at + 2, 2) > end)
			return HB_A_STATS_RX_DROP_TLV;
		if (buf[at] & 0x80)
			return HB_A_STATS_RX_DROP_CRITICAL;
		at += 4 + get(buf, at + 2, 2);
	}
	return 0;
}

static int expected(const u8 *buf, size_t len)
{
	size_t tag = 0;

	if (len < 96)
		return HB_A_STATS_RX_DROP_SIZE;
	if (buf[AT(version)] != 1)
		return HB_A_STATS_RX_DROP_VERSION;
	if (len > 256)
		return HB_A_STATS_RX_DROP_SIZE;
	if (get(buf, AT(flags), 2) & 1)
		tag = 8;
	if (get(buf, AT(length), 2) != len || len < 96 + tag)
		return HB_A_STATS_RX_DROP_LENGTH;
	if ((buf[AT(type)] != 1 && buf[AT(type)] != 2) ||
	    !buf[AT(multiplier)] || !get(buf, AT(session), 8) ||
	    !get(buf, AT(seq), 8) || !interval_ok(get(buf, AT(interval_us), 4)))
		return HB_A_STATS_RX_DROP_HEADER;
	if (!interval_ok(get(buf, AT(min_rx_us), 4)))
		return HB_A_STATS_RX_DROP_HEADER;
	return walk(buf, 96, len - tag);
}

/* What decoding forgets: extensions, reserved bytes, reasons of the future */
static void forget(u8 *hdr, size_t len)
{
	hdr[AT(length)] = len >> 8;
	hdr[AT(length) + 1] = len;
	memset(hdr + AT(reserved), 0, 2);
	if (hdr[AT(reason)] > HB_REASON_MAINTENANCE)
		hdr[AT(reason)] = HB_REASON_NONE;
}

static void encode_again(const u8 *buf, const struct hb_pdu *pdu)
{
	u8 hdr[HDR_LEN], out[HB_WIRE_MAX_LEN] = {};
	struct hb_pdu there = *pdu, back;
	size_t len = hb_wire_encode(&there, out);

	FUZZ_CHECK(len == HDR_LEN + (pdu->flags & HB_WIRE_F_TAG ? 8 : 0));
	memcpy(hdr, buf, sizeof(hdr));
	forget(hdr, len);
	FUZZ_CHECK(!memcmp(hdr, out, sizeof(hdr)));
	FUZZ_CHECK(!hb_wire_decode(out, len, &back));
	FUZZ_CHECK(!memcmp(&back, &there, offsetof(struct hb_pdu, reason) + 1));
}

/* A packet that was cut short on its way says how long it was. */
static void cut_short(const u8 *buf, size_t len)
{
	struct hb_pdu pdu;
	u8 *cut;

	for (; len; len--) {
		cut = fuzz_copy(buf, len - 1);
		FUZZ_CHECK(hb_wire_decode(cut, len - 1, &pdu));
		free(cut);
	}
}

/* Lengths and checks that chance would take long to get right */
static void mend(u8 *buf, size_t len)
{
	if (len < HDR_LEN)
		return;
	buf[AT(version)] = HB_WIRE_VERSION;
	buf[AT(length)] = len >> 8;
	buf[AT(length) + 1] = len;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	size = LLVMFuzzerMutate(data, size, max);
	if (seed % 4)
		mend(data, size);
	return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u8 *buf = fuzz_copy(data, size);
	struct hb_pdu pdu;
	int drop;

	drop = hb_wire_decode(buf, size, &pdu);
	FUZZ_CHECK(drop == expected(buf, size));
	if (!drop) {
		FUZZ_CHECK(pdu.length == size);
		FUZZ_CHECK(pdu.reason < HB_REASONS);
		encode_again(buf, &pdu);
		cut_short(buf, size);
	}
	free(buf);
	return 0;
}

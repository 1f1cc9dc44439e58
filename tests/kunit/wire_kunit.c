// SPDX-License-Identifier: GPL-2.0
/* Bytes to packets and back: golden bytes, every defect, every limit. */
#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <uapi/linux/hb.h>

#include "core/wire.h"
#include "wire_golden.h"

#define HB_HDR_LEN	sizeof(struct hb_wire_hdr)
#define HB_PDU_LEN	offsetofend(struct hb_pdu, reason)
#define HB_AT(_field)	offsetof(struct hb_wire_hdr, _field)

static void hb_wire_put(u8 *buf, size_t at, size_t size, u64 value)
{
	while (size--) {
		buf[at + size] = value;
		value >>= 8;
	}
}

/* In memory of exactly its size, so that KASAN sees a read beyond the end; not
 * that of a memcpy(), which in UML is the C library's.
 */
static int hb_wire_decode_exact(struct kunit *test, const u8 *buf, size_t len)
{
	u8 *copy = kunit_kmalloc(test, len, GFP_KERNEL);
	struct hb_pdu pdu;
	int drop;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, buf, len);
	drop = hb_wire_decode(copy, len, &pdu);
	kunit_kfree(test, copy);
	return drop;
}

static void hb_wire_golden_packets_are_written(struct kunit *test)
{
	const struct hb_golden *golden = test->param_value;
	u8 buf[HB_WIRE_MAX_LEN], rest[HB_WIRE_MAX_LEN];
	struct hb_pdu pdu = golden->pdu;
	size_t len = HB_HDR_LEN;

	if (pdu.flags & HB_WIRE_F_TAG)
		len += HB_WIRE_TAG_LEN;
	memset(buf, 0xa5, sizeof(buf));
	memset(rest, 0xa5, sizeof(rest));
	KUNIT_EXPECT_EQ(test, hb_wire_encode(&pdu, buf), len);
	KUNIT_EXPECT_EQ(test, pdu.length, len);
	KUNIT_EXPECT_MEMEQ(test, buf, golden->bytes, HB_HDR_LEN);
	KUNIT_EXPECT_MEMEQ(test, buf + HB_HDR_LEN, rest,
			   sizeof(buf) - HB_HDR_LEN);
}

static void hb_wire_golden_packets_are_read(struct kunit *test)
{
	const struct hb_golden *golden = test->param_value;
	u8 buf[HB_HDR_LEN + HB_WIRE_TAG_LEN] = {};
	struct hb_pdu pdu = {}, want = golden->pdu;

	want.length = HB_HDR_LEN;
	if (want.flags & HB_WIRE_F_TAG)
		want.length += HB_WIRE_TAG_LEN;
	memcpy(buf, golden->bytes, HB_HDR_LEN);
	KUNIT_ASSERT_EQ(test, hb_wire_decode(buf, want.length, &pdu), 0);
	KUNIT_EXPECT_MEMEQ(test, &pdu, &want, HB_PDU_LEN);
}

static void hb_wire_random_pdu(struct rnd_state *rnd, struct hb_pdu *pdu)
{
	u32 span = HB_INTERVAL_MAX_US - HB_INTERVAL_MIN_US + 1;

	prandom_bytes_state(rnd, pdu, sizeof(*pdu));
	pdu->type = pdu->type % 2 ? HB_WIRE_BEAT : HB_WIRE_GOODBYE;
	pdu->reason %= HB_REASONS;
	pdu->multiplier = pdu->multiplier ?: 1;
	pdu->session = pdu->session ?: 1;
	pdu->seq = pdu->seq ?: 1;
	pdu->interval_us = HB_INTERVAL_MIN_US + pdu->interval_us % span;
	pdu->min_rx_us = HB_INTERVAL_MIN_US + pdu->min_rx_us % span;
}

static void hb_wire_random_packets_survive_the_trip(struct kunit *test)
{
	struct hb_pdu there, back;
	u8 buf[HB_WIRE_MAX_LEN];
	struct rnd_state rnd;
	unsigned int i;
	size_t len;

	prandom_seed_state(&rnd, 7694);
	for (i = 0; i < 10000; i++) {
		memset(&back, 0, sizeof(back));
		hb_wire_random_pdu(&rnd, &there);
		len = hb_wire_encode(&there, buf);
		KUNIT_ASSERT_EQ(test, hb_wire_decode(buf, len, &back), 0);
		KUNIT_ASSERT_MEMEQ(test, &there, &back, HB_PDU_LEN);
	}
}

static void hb_wire_every_truncation_is_dropped(struct kunit *test)
{
	u8 buf[HB_HDR_LEN + HB_WIRE_TAG_LEN] = {};
	size_t len;
	int want;

	memcpy(buf, hb_beat_bytes, sizeof(hb_beat_bytes));
	KUNIT_EXPECT_EQ(test, hb_wire_decode_exact(test, buf, sizeof(buf)), 0);
	for (len = 0; len < sizeof(buf); len++) {
		want = len < HB_HDR_LEN ? HB_A_STATS_RX_DROP_SIZE :
					  HB_A_STATS_RX_DROP_LENGTH;
		KUNIT_EXPECT_EQ(test, hb_wire_decode_exact(test, buf, len),
				want);
	}
}

static void hb_wire_tag_flag_needs_room_for_a_tag(struct kunit *test)
{
	u8 buf[HB_HDR_LEN + HB_WIRE_TAG_LEN] = {};
	size_t len;
	int want;

	memcpy(buf, hb_beat_bytes, sizeof(hb_beat_bytes));
	for (len = HB_HDR_LEN; len <= sizeof(buf); len++) {
		want = len < sizeof(buf) ? HB_A_STATS_RX_DROP_LENGTH : 0;
		hb_wire_put(buf, HB_AT(length), 2, len);
		KUNIT_EXPECT_EQ(test, hb_wire_decode_exact(test, buf, len),
				want);
	}
}

static void hb_wire_every_length_lie_is_dropped(struct kunit *test)
{
	struct hb_pdu pdu;
	u8 buf[HB_HDR_LEN];
	unsigned int lie;
	int want;

	memcpy(buf, hb_goodbye_bytes, sizeof(buf));
	for (lie = 0; lie <= U16_MAX; lie++) {
		want = lie == sizeof(buf) ? 0 : HB_A_STATS_RX_DROP_LENGTH;
		hb_wire_put(buf, HB_AT(length), 2, lie);
		KUNIT_ASSERT_EQ(test, hb_wire_decode(buf, sizeof(buf), &pdu),
				want);
	}
}

static void hb_wire_only_version_1_is_read(struct kunit *test)
{
	unsigned int version;
	struct hb_pdu pdu;
	u8 buf[HB_HDR_LEN];
	int want;

	memcpy(buf, hb_goodbye_bytes, sizeof(buf));
	for (version = 0; version <= U8_MAX; version++) {
		want = version == 1 ? 0 : HB_A_STATS_RX_DROP_VERSION;
		buf[HB_AT(version)] = version;
		KUNIT_EXPECT_EQ(test, hb_wire_decode(buf, sizeof(buf), &pdu),
				want);
	}
}

#define HB_EDGE(_field, _value, _ok) {					\
	.name = #_field " " #_value,					\
	.at = HB_AT(_field),						\
	.size = sizeof_field(struct hb_wire_hdr, _field),		\
	.value = (_value),						\
	.ok = (_ok),							\
}

static const struct hb_wire_edge {
	const char *name;
	size_t at;
	size_t size;
	u64 value;
	bool ok;
} hb_wire_edges[] = {
	HB_EDGE(type, 0, false),
	HB_EDGE(type, 1, true),
	HB_EDGE(type, 2, true),
	HB_EDGE(type, 3, false),
	HB_EDGE(flags, 0, true),
	HB_EDGE(flags, 0xfffe, true),
	HB_EDGE(multiplier, 0, false),
	HB_EDGE(multiplier, 1, true),
	HB_EDGE(multiplier, U8_MAX, true),
	HB_EDGE(path, U8_MAX, true),
	HB_EDGE(src, 0, true),
	HB_EDGE(dst, U64_MAX, true),
	HB_EDGE(session, 0, false),
	HB_EDGE(session, 1, true),
	HB_EDGE(session, 1ULL << 32, true),
	HB_EDGE(session, U64_MAX, true),
	HB_EDGE(echo, 0, true),
	HB_EDGE(echo, U64_MAX, true),
	HB_EDGE(seq, 0, false),
	HB_EDGE(seq, 1, true),
	HB_EDGE(seq, U64_MAX, true),
	HB_EDGE(incarnation, 0, true),
	HB_EDGE(incarnation, U64_MAX, true),
	HB_EDGE(interval_us, HB_INTERVAL_MIN_US - 1, false),
	HB_EDGE(interval_us, HB_INTERVAL_MIN_US, true),
	HB_EDGE(interval_us, HB_INTERVAL_MAX_US, true),
	HB_EDGE(interval_us, HB_INTERVAL_MAX_US + 1, false),
	HB_EDGE(interval_us, U32_MAX, false),
	HB_EDGE(min_rx_us, HB_INTERVAL_MIN_US - 1, false),
	HB_EDGE(min_rx_us, HB_INTERVAL_MIN_US, true),
	HB_EDGE(min_rx_us, HB_INTERVAL_MAX_US, true),
	HB_EDGE(min_rx_us, HB_INTERVAL_MAX_US + 1, false),
	HB_EDGE(min_rx_us, U32_MAX, false),
	HB_EDGE(reserved, U16_MAX, true),
	HB_EDGE(stalled_us, U32_MAX, true),
	HB_EDGE(sent_us, U32_MAX, true),
	HB_EDGE(late_us, U32_MAX, true),
	HB_EDGE(heard_seq, U64_MAX, true),
	HB_EDGE(health, U8_MAX, true),
	HB_EDGE(reason, HB_REASONS - 1, true),
	HB_EDGE(reason, HB_REASONS, true),
	HB_EDGE(maintenance_s, U32_MAX, true),
};

KUNIT_ARRAY_PARAM_DESC(hb_wire_edge, hb_wire_edges, name);

static void hb_wire_fields_have_limits(struct kunit *test)
{
	const struct hb_wire_edge *edge = test->param_value;
	struct hb_pdu pdu = {};
	u8 buf[HB_HDR_LEN];

	memcpy(buf, hb_goodbye_bytes, sizeof(buf));
	hb_wire_put(buf, edge->at, edge->size, edge->value);
	KUNIT_EXPECT_EQ(test, hb_wire_decode(buf, sizeof(buf), &pdu),
			edge->ok ? 0 : HB_A_STATS_RX_DROP_HEADER);
	KUNIT_EXPECT_LT(test, pdu.reason, HB_REASONS);
}

#define HB_CRIT		HB_WIRE_TLV_CRITICAL
#define HB_DROP_TLV	HB_A_STATS_RX_DROP_TLV
#define HB_DROP_CRIT	HB_A_STATS_RX_DROP_CRITICAL

/* @count extensions of @length bytes each, the last one of type @type, then
 * @stray bytes; the last one says that it has @lie bytes more than it has.
 */
static const struct hb_wire_ext {
	const char *name;
	unsigned int count;
	unsigned int length;
	unsigned int stray;
	unsigned int lie;
	u16 type;
	int want;
} hb_wire_exts[] = {
	{ "none" },
	{ "one empty", 1, .type = 1 },
	{ "one", 1, 5, .type = 1 },
	{ "one of type 0", 1, 5 },
	{ "one of the last optional type", 1, 5, .type = 0x7fff },
	{ "one that fills the packet", 1, 148 },
	{ "two", 2, 70 },
	{ "as many as may be", HB_WIRE_TLV_MAX, 4 },
	{ "as many as may be, empty", HB_WIRE_TLV_MAX },
	{ "one too many", HB_WIRE_TLV_MAX + 1, 4, .want = HB_DROP_TLV },
	{ "one too many, empty", HB_WIRE_TLV_MAX + 1, .want = HB_DROP_TLV },
	{ "as many empty ones as there is room for", 38, .want = HB_DROP_TLV },
	{ "critical", 1, 5, .type = HB_CRIT, .want = HB_DROP_CRIT },
	{ "critical, empty", 1, 0, .type = 0xffff, .want = HB_DROP_CRIT },
	{ "critical after optional", 16, 2, .type = HB_CRIT | 1,
	  .want = HB_DROP_CRIT },
	{ "one byte too long", 1, 5, .lie = 1, .want = HB_DROP_TLV },
	{ "too long by a tag", 1, 5, .lie = 8, .want = HB_DROP_TLV },
	{ "much too long", 1, 5, .lie = U16_MAX - 5, .want = HB_DROP_TLV },
	{ "critical and too long", 1, 5, .lie = 1, .type = HB_CRIT,
	  .want = HB_DROP_TLV },
	{ "the last of many too long", 15, 2, .lie = 1, .want = HB_DROP_TLV },
	{ "one stray byte", 0, .stray = 1, .want = HB_DROP_TLV },
	{ "three stray bytes", 1, 5, .stray = 3, .want = HB_DROP_TLV },
};

KUNIT_ARRAY_PARAM_DESC(hb_wire_ext, hb_wire_exts, name);

static size_t hb_wire_build_ext(const struct hb_wire_ext *ext, u16 flags,
				u8 *buf)
{
	size_t len = HB_HDR_LEN;
	unsigned int i;
	bool last;

	memset(buf, 0, HB_WIRE_MAX_LEN);
	memcpy(buf, hb_goodbye_bytes, HB_HDR_LEN);
	for (i = 1; i <= ext->count; i++) {
		last = i == ext->count;
		hb_wire_put(buf, len, 2, last ? ext->type : 1);
		hb_wire_put(buf, len + 2, 2,
			    ext->length + (last ? ext->lie : 0));
		len += HB_WIRE_TLV_HDR_LEN + ext->length;
	}
	len += ext->stray;
	if (flags & HB_WIRE_F_TAG)
		len += HB_WIRE_TAG_LEN;
	hb_wire_put(buf, HB_AT(flags), 2, flags);
	hb_wire_put(buf, HB_AT(length), 2, len);
	return len;
}

/* With and without a tag: the tag is no extension, nor part of one. */
static void hb_wire_extensions_are_walked(struct kunit *test)
{
	const struct hb_wire_ext *ext = test->param_value;
	u8 buf[HB_WIRE_MAX_LEN];
	size_t len;

	len = hb_wire_build_ext(ext, 0, buf);
	KUNIT_EXPECT_EQ(test, hb_wire_decode_exact(test, buf, len), ext->want);
	len = hb_wire_build_ext(ext, HB_WIRE_F_TAG, buf);
	KUNIT_EXPECT_EQ(test, hb_wire_decode_exact(test, buf, len), ext->want);
}

static void hb_wire_longest_packet_is_256_bytes(struct kunit *test)
{
	static const struct hb_wire_ext full = { "full", 1, 156 };
	u8 buf[HB_WIRE_MAX_LEN + 1] = {};
	struct hb_pdu pdu;
	size_t len;

	len = hb_wire_build_ext(&full, 0, buf);
	KUNIT_EXPECT_EQ(test, len, 256);
	KUNIT_EXPECT_EQ(test, hb_wire_decode(buf, len, &pdu), 0);
	hb_wire_put(buf, HB_AT(length), 2, 257);
	KUNIT_EXPECT_EQ(test, hb_wire_decode(buf, 257, &pdu),
			HB_A_STATS_RX_DROP_SIZE);
}

/* Anything at all behind a good version and length: never a read beyond. */
static void hb_wire_random_bytes_do_no_harm(struct kunit *test)
{
	const unsigned int more = HB_WIRE_MAX_LEN - HB_HDR_LEN;
	unsigned int i, good = 0;
	u8 buf[HB_WIRE_MAX_LEN];
	struct rnd_state rnd;
	size_t len;
	int drop;

	prandom_seed_state(&rnd, 4967);
	for (i = 0; i < 20000; i++) {
		len = HB_HDR_LEN + prandom_u32_state(&rnd) % (more + 1);
		memcpy(buf, hb_beat_bytes, HB_HDR_LEN);
		prandom_bytes_state(&rnd, buf + HB_HDR_LEN, len - HB_HDR_LEN);
		hb_wire_put(buf, HB_AT(length), 2, len);
		hb_wire_put(buf, prandom_u32_state(&rnd) % HB_HDR_LEN, 1,
			    prandom_u32_state(&rnd));
		drop = hb_wire_decode_exact(test, buf, len);
		KUNIT_ASSERT_TRUE(test, !drop ||
				  (drop >= HB_A_STATS_RX_DROP_SIZE &&
				   drop <= HB_A_STATS_RX_DROP_CRITICAL));
		good += !drop;
	}
	KUNIT_EXPECT_GT(test, good, 0);
}

static struct kunit_case hb_wire_cases[] = {
	KUNIT_CASE_PARAM(hb_wire_golden_packets_are_written,
			 hb_golden_gen_params),
	KUNIT_CASE_PARAM(hb_wire_golden_packets_are_read, hb_golden_gen_params),
	KUNIT_CASE(hb_wire_random_packets_survive_the_trip),
	KUNIT_CASE(hb_wire_every_truncation_is_dropped),
	KUNIT_CASE(hb_wire_tag_flag_needs_room_for_a_tag),
	KUNIT_CASE(hb_wire_every_length_lie_is_dropped),
	KUNIT_CASE(hb_wire_only_version_1_is_read),
	KUNIT_CASE_PARAM(hb_wire_fields_have_limits, hb_wire_edge_gen_params),
	KUNIT_CASE_PARAM(hb_wire_extensions_are_walked, hb_wire_ext_gen_params),
	KUNIT_CASE(hb_wire_longest_packet_is_256_bytes),
	KUNIT_CASE(hb_wire_random_bytes_do_no_harm),
	{}
};

static struct kunit_suite hb_wire_suite = {
	.name = "hb_wire",
	.test_cases = hb_wire_cases,
};

kunit_test_suite(hb_wire_suite);

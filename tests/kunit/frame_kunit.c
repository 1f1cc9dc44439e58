// SPDX-License-Identifier: GPL-2.0
/* Frames by the byte, their checksums added up in the plainest way. */
#include <kunit/test.h>
#include <linux/string.h>

#include "frame.h"

#define HB_FRAME_DATA	"the quick brown fox"	/* of odd length */

/* Ones' complement sum of big-endian words (RFC 1071) */
static u32 hb_frame_sum(const u8 *bytes, size_t len, u32 sum)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : bytes[i] << 8;
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Of a datagram at @udp, with the pseudo-header of @addrs and its protocol */
static u32 hb_frame_udp_sum(const u8 *addrs, size_t size, const u8 *udp,
			    size_t len)
{
	return hb_frame_sum(udp, len, hb_frame_sum(addrs, size,
						   IPPROTO_UDP + len));
}

static const struct hb_frame_ends hb_frame_ends4 = {
	.smac = { 2, 0, 0, 0, 0, 1 },
	.dmac = { 2, 0, 0, 0, 0, 2 },
	.family = AF_INET,
	.sport = cpu_to_be16(7694),
	.dport = cpu_to_be16(7695),
	.saddr4 = cpu_to_be32(0x0a000001),
	.daddr4 = cpu_to_be32(0x0a0000fe),
};

static const struct hb_frame_ends hb_frame_ends6 = {
	.smac = { 2, 0, 0, 0, 0, 1 },
	.dmac = { 2, 0, 0, 0, 0, 2 },
	.family = AF_INET6,
	.sport = cpu_to_be16(7694),
	.dport = cpu_to_be16(7695),
	.saddr6.s6_addr = { 0xfd, [15] = 1 },
	.daddr6.s6_addr = { 0xfd, [15] = 2 },
};

static const u8 hb_frame_ports[] = { 0x1e, 0x0e, 0x1e, 0x0f };

static void hb_frame_of_ip4(struct kunit *test)
{
	static const u8 head[] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00,
		0x45, 0xc0, 0, 20 + 8 + 19, 0, 0, 0x40, 0, 255, 17,
	};
	u8 frame[HB_FRAME_MAX_LEN];
	size_t len = strlen(HB_FRAME_DATA);

	KUNIT_ASSERT_EQ(test, hb_frame_write(frame, &hb_frame_ends4,
					     HB_FRAME_DATA, len),
			14 + 20 + 8 + len);
	KUNIT_EXPECT_FALSE(test, memcmp(frame, head, sizeof(head)));
	KUNIT_EXPECT_FALSE(test, memcmp(frame + 34, hb_frame_ports, 4));
	KUNIT_EXPECT_FALSE(test, memcmp(frame + 42, HB_FRAME_DATA, len));
	KUNIT_EXPECT_EQ(test, hb_frame_sum(frame + 14, 20, 0), 0xffff);
	KUNIT_EXPECT_EQ(test, hb_frame_udp_sum(frame + 26, 8, frame + 34,
					       8 + len), 0xffff);
}

static void hb_frame_of_ip6(struct kunit *test)
{
	static const u8 head[] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xdd,
		0x6c, 0, 0, 0, 0, 8 + 19, 17, 255, 0xfd,
	};
	u8 frame[HB_FRAME_MAX_LEN];
	size_t len = strlen(HB_FRAME_DATA);

	KUNIT_ASSERT_EQ(test, hb_frame_write(frame, &hb_frame_ends6,
					     HB_FRAME_DATA, len),
			14 + 40 + 8 + len);
	KUNIT_EXPECT_FALSE(test, memcmp(frame, head, sizeof(head)));
	KUNIT_EXPECT_FALSE(test, memcmp(frame + 54, hb_frame_ports, 4));
	KUNIT_EXPECT_FALSE(test, memcmp(frame + 62, HB_FRAME_DATA, len));
	KUNIT_EXPECT_EQ(test, hb_frame_udp_sum(frame + 22, 32, frame + 54,
					       8 + len), 0xffff);
}

/* A checksum of 0 would say that there is none (RFC 768, RFC 8200). */
static void hb_frame_udp_checksum_is_never_0(struct kunit *test)
{
	u8 frame[HB_FRAME_MAX_LEN];
	u8 data[2] = {};
	u32 word;

	for (word = 0; word <= 0xffff; word++) {
		data[0] = word >> 8;
		data[1] = word;
		hb_frame_write(frame, &hb_frame_ends4, data, sizeof(data));
		if (!frame[40] && !frame[41])
			KUNIT_FAIL(test, "0 for %04x", word);
	}
}

static struct kunit_case hb_frame_cases[] = {
	KUNIT_CASE(hb_frame_of_ip4),
	KUNIT_CASE(hb_frame_of_ip6),
	KUNIT_CASE(hb_frame_udp_checksum_is_never_0),
	{}
};

static struct kunit_suite hb_frame_suite = {
	.name = "hb_frame",
	.test_cases = hb_frame_cases,
};

kunit_test_suite(hb_frame_suite);

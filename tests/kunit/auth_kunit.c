// SPDX-License-Identifier: GPL-2.0
/* Ids, pair keys and tags, against values that Python computed:
 *
 *   id = hashlib.blake2s(name, digest_size=8).digest()		# little-endian
 *   key = hashlib.blake2s(b"hb1 pair\0" + struct.pack(">QQ", *sorted(ids)),
 *			   key=bytes(range(32)), digest_size=16).digest()
 *   tag = siphash_2_4(key, bytes(range(96)))			# little-endian
 *
 * with a SipHash written from its paper and checked with the paper's vector.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "core/auth.h"
#include "core/proto.h"
#include "wire_golden.h"

#define HB_ALPHA	0x81d8ea2298fb249fULL
#define HB_BETA		0x8abfa299727d368cULL
#define HB_SIGNED_LEN	(96 + HB_WIRE_TAG_LEN)

static const u64 hb_pair_key[2] = { 0xd69d4d3416110ff3, 0x2a56599cf19e831 };

static const u8 hb_tag[HB_WIRE_TAG_LEN] = {
	0xb0, 0x58, 0x04, 0x83, 0x47, 0xda, 0xf4, 0x93,
};

static void hb_auth_count_up(u8 *buf, size_t len)
{
	while (len--)
		buf[len] = len;
}

/* The pair alpha and beta with the secret @first, 1, 2, 3 ... */
static void hb_auth_add_key(struct hb_keyring *auth, unsigned int slot,
			    u8 first)
{
	u8 secret[HB_KEY_LEN];

	hb_auth_count_up(secret, sizeof(secret));
	secret[0] = first;
	hb_auth_set_key(auth, slot, secret, HB_ALPHA, HB_BETA);
}

static void hb_auth_node_id_is_known(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, hb_auth_node_id("alpha"), HB_ALPHA);
	KUNIT_EXPECT_EQ(test, hb_auth_node_id("beta"), HB_BETA);
}

static void hb_auth_pair_key_is_known(struct kunit *test)
{
	struct hb_keyring auth = {};

	hb_auth_add_key(&auth, 1, 0);
	KUNIT_EXPECT_EQ(test, auth.set, BIT(1));
	KUNIT_EXPECT_EQ(test, auth.key[1].key[0], hb_pair_key[0]);
	KUNIT_EXPECT_EQ(test, auth.key[1].key[1], hb_pair_key[1]);
	KUNIT_EXPECT_EQ(test, auth.key[0].key[0], 0);
}

static void hb_auth_tag_is_known(struct kunit *test)
{
	u8 buf[HB_SIGNED_LEN], plain[HB_SIGNED_LEN];
	struct hb_keyring auth = {};

	hb_auth_count_up(plain, sizeof(plain));
	hb_auth_count_up(buf, sizeof(buf));
	hb_auth_add_key(&auth, 0, 0);
	hb_auth_sign(&auth, buf, sizeof(buf));
	KUNIT_EXPECT_MEMEQ(test, buf, plain, 96);
	KUNIT_EXPECT_MEMEQ(test, buf + 96, hb_tag, sizeof(hb_tag));
	KUNIT_EXPECT_TRUE(test, hb_auth_verify(&auth, buf, sizeof(buf)));
}

static void hb_auth_golden_packets_are_signed(struct kunit *test)
{
	const struct hb_golden *golden = test->param_value;
	u8 buf[HB_SIGNED_LEN];
	struct hb_keyring auth = {};

	if (!(golden->pdu.flags & HB_WIRE_F_TAG))
		return;
	memcpy(buf, golden->bytes, 96);
	hb_auth_add_key(&auth, 0, 0);
	hb_auth_sign(&auth, buf, sizeof(buf));
	KUNIT_EXPECT_MEMEQ(test, buf + 96, golden->tag, sizeof(golden->tag));
	KUNIT_EXPECT_TRUE(test, hb_auth_verify(&auth, buf, sizeof(buf)));
}

static void hb_auth_tag_does_not_depend_on_alignment(struct kunit *test)
{
	u8 buf[HB_SIGNED_LEN + 8];
	struct hb_keyring auth = {};
	unsigned int shift;

	hb_auth_add_key(&auth, 0, 0);
	for (shift = 0; shift < 8; shift++) {
		hb_auth_count_up(buf + shift, HB_SIGNED_LEN);
		hb_auth_sign(&auth, buf + shift, HB_SIGNED_LEN);
		KUNIT_EXPECT_MEMEQ(test, buf + shift + 96, hb_tag,
				   sizeof(hb_tag));
	}
}

static void hb_auth_pair_key_is_the_same_on_both_sides(struct kunit *test)
{
	static const u8 secret[HB_KEY_LEN] = { 1 };
	struct hb_keyring a = {}, b = {};

	hb_auth_set_key(&a, 0, secret, HB_ALPHA, HB_BETA);
	hb_auth_set_key(&b, 0, secret, HB_BETA, HB_ALPHA);
	KUNIT_EXPECT_MEMEQ(test, &a.key[0], &b.key[0], sizeof(a.key[0]));
}

static void hb_auth_pair_key_is_of_this_pair_and_secret(struct kunit *test)
{
	static const u8 secret[HB_KEY_LEN] = { 1 };
	static const u8 other[HB_KEY_LEN] = { [HB_KEY_LEN - 1] = 1 };
	struct hb_keyring a = {}, b = {};

	hb_auth_set_key(&a, 0, secret, HB_ALPHA, HB_BETA);
	hb_auth_set_key(&b, 0, other, HB_ALPHA, HB_BETA);
	KUNIT_EXPECT_MEMNEQ(test, &a.key[0], &b.key[0], sizeof(a.key[0]));
	hb_auth_set_key(&b, 0, secret, HB_ALPHA, HB_BETA + 1);
	KUNIT_EXPECT_MEMNEQ(test, &a.key[0], &b.key[0], sizeof(a.key[0]));
	hb_auth_set_key(&b, 0, secret, HB_ALPHA, HB_ALPHA);
	KUNIT_EXPECT_MEMNEQ(test, &a.key[0], &b.key[0], sizeof(a.key[0]));
	hb_auth_set_key(&b, 0, secret, HB_ALPHA, HB_BETA);
	KUNIT_EXPECT_MEMEQ(test, &a.key[0], &b.key[0], sizeof(a.key[0]));
}

static void hb_auth_every_flipped_bit_is_refused(struct kunit *test)
{
	u8 buf[HB_SIGNED_LEN];
	struct hb_keyring auth = {};
	unsigned int bit;

	hb_auth_count_up(buf, sizeof(buf));
	hb_auth_add_key(&auth, 0, 0);
	hb_auth_add_key(&auth, 1, 1);
	hb_auth_sign(&auth, buf, sizeof(buf));
	for (bit = 0; bit < 8 * sizeof(buf); bit++) {
		buf[bit / 8] ^= BIT(bit % 8);
		KUNIT_EXPECT_FALSE_MSG(test, hb_auth_verify(&auth, buf,
							    sizeof(buf)),
				       "bit %u", bit);
		buf[bit / 8] ^= BIT(bit % 8);
	}
	KUNIT_EXPECT_TRUE(test, hb_auth_verify(&auth, buf, sizeof(buf)));
}

static void hb_auth_other_length_is_refused(struct kunit *test)
{
	u8 buf[HB_SIGNED_LEN];
	struct hb_keyring auth = {};
	size_t len;

	hb_auth_count_up(buf, sizeof(buf));
	hb_auth_add_key(&auth, 0, 0);
	hb_auth_sign(&auth, buf, sizeof(buf));
	for (len = HB_WIRE_TAG_LEN; len < sizeof(buf); len++)
		KUNIT_EXPECT_FALSE(test, hb_auth_verify(&auth, buf, len));
}

static void hb_auth_both_slots_are_accepted(struct kunit *test)
{
	struct hb_keyring old = {}, new = {}, both = {};
	u8 buf[HB_SIGNED_LEN] = {};

	hb_auth_add_key(&old, 0, 10);
	hb_auth_add_key(&new, 0, 20);
	hb_auth_add_key(&both, 0, 10);
	hb_auth_add_key(&both, 1, 20);
	hb_auth_sign(&old, buf, sizeof(buf));
	KUNIT_EXPECT_TRUE(test, hb_auth_verify(&both, buf, sizeof(buf)));
	KUNIT_EXPECT_FALSE(test, hb_auth_verify(&new, buf, sizeof(buf)));
	hb_auth_sign(&new, buf, sizeof(buf));
	KUNIT_EXPECT_TRUE(test, hb_auth_verify(&both, buf, sizeof(buf)));
	KUNIT_EXPECT_FALSE(test, hb_auth_verify(&old, buf, sizeof(buf)));
}

/* An empty slot holds zeros; that must not make zeros a key. */
static void hb_auth_empty_slots_accept_nothing(struct kunit *test)
{
	struct hb_keyring none = {}, one = {}, zero = { .set = BIT(0) };
	u8 buf[HB_SIGNED_LEN] = {};

	hb_auth_add_key(&one, 1, 10);
	hb_auth_sign(&zero, buf, sizeof(buf));
	KUNIT_EXPECT_TRUE(test, hb_auth_verify(&zero, buf, sizeof(buf)));
	KUNIT_EXPECT_FALSE(test, hb_auth_verify(&none, buf, sizeof(buf)));
	KUNIT_EXPECT_FALSE(test, hb_auth_verify(&one, buf, sizeof(buf)));
}

static void hb_auth_cleared_slot_is_refused(struct kunit *test)
{
	struct hb_keyring auth = {};
	u8 buf[HB_SIGNED_LEN] = {};

	hb_auth_add_key(&auth, 0, 10);
	hb_auth_sign(&auth, buf, sizeof(buf));
	auth.set = 0;
	KUNIT_EXPECT_FALSE(test, hb_auth_verify(&auth, buf, sizeof(buf)));
}

static void hb_auth_replaced_key_is_refused(struct kunit *test)
{
	struct hb_keyring auth = {};
	u8 buf[HB_SIGNED_LEN] = {};

	hb_auth_add_key(&auth, 0, 10);
	hb_auth_sign(&auth, buf, sizeof(buf));
	hb_auth_add_key(&auth, 0, 20);
	KUNIT_EXPECT_FALSE(test, hb_auth_verify(&auth, buf, sizeof(buf)));
}

static void hb_auth_send_slot_signs(struct kunit *test)
{
	struct hb_keyring sender = {}, old = {}, new = {};
	u8 buf[HB_SIGNED_LEN] = {};

	hb_auth_add_key(&sender, 0, 10);
	hb_auth_add_key(&sender, 1, 20);
	hb_auth_add_key(&old, 0, 10);
	hb_auth_add_key(&new, 0, 20);
	hb_auth_sign(&sender, buf, sizeof(buf));
	KUNIT_EXPECT_TRUE(test, hb_auth_verify(&old, buf, sizeof(buf)));
	sender.send = 1;
	hb_auth_sign(&sender, buf, sizeof(buf));
	KUNIT_EXPECT_TRUE(test, hb_auth_verify(&new, buf, sizeof(buf)));
	KUNIT_EXPECT_FALSE(test, hb_auth_verify(&old, buf, sizeof(buf)));
}

static struct kunit_case hb_auth_cases[] = {
	KUNIT_CASE(hb_auth_node_id_is_known),
	KUNIT_CASE(hb_auth_pair_key_is_known),
	KUNIT_CASE(hb_auth_tag_is_known),
	KUNIT_CASE_PARAM(hb_auth_golden_packets_are_signed,
			 hb_golden_gen_params),
	KUNIT_CASE(hb_auth_tag_does_not_depend_on_alignment),
	KUNIT_CASE(hb_auth_pair_key_is_the_same_on_both_sides),
	KUNIT_CASE(hb_auth_pair_key_is_of_this_pair_and_secret),
	KUNIT_CASE(hb_auth_every_flipped_bit_is_refused),
	KUNIT_CASE(hb_auth_other_length_is_refused),
	KUNIT_CASE(hb_auth_both_slots_are_accepted),
	KUNIT_CASE(hb_auth_empty_slots_accept_nothing),
	KUNIT_CASE(hb_auth_cleared_slot_is_refused),
	KUNIT_CASE(hb_auth_replaced_key_is_refused),
	KUNIT_CASE(hb_auth_send_slot_signs),
	{}
};

static struct kunit_suite hb_auth_suite = {
	.name = "hb_auth",
	.test_cases = hb_auth_cases,
};

kunit_test_suite(hb_auth_suite);

// SPDX-License-Identifier: GPL-2.0
/* Tags: what a side signs the other accepts; what was changed by a bit, cut,
 * or signed with the key of another pair, of another secret or of an empty slot
 * is refused.
 */
#include <linux/string.h>
#include <uapi/linux/hb.h>

#include "core/auth.h"
#include "core/proto.h"
#include "fuzz.h"

/* The values of tests/kunit/auth_kunit.c, so that crypto.c is right */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct hb_keyring auth = {};
	u8 secret[HB_KEY_LEN], buf[104];
	unsigned int i;

	(void)argc;
	(void)argv;
	for (i = 0; i < sizeof(secret); i++)
		secret[i] = i;
	for (i = 0; i < sizeof(buf); i++)
		buf[i] = i;
	FUZZ_CHECK(hb_auth_node_id("alpha") == 0x81d8ea2298fb249fULL);
	FUZZ_CHECK(hb_auth_node_id("beta") == 0x8abfa299727d368cULL);
	hb_auth_set_key(&auth, 0, secret, 0x8abfa299727d368cULL,
			0x81d8ea2298fb249fULL);
	FUZZ_CHECK(auth.key[0].key[0] == 0xd69d4d3416110ff3ULL);
	FUZZ_CHECK(auth.key[0].key[1] == 0x02a56599cf19e831ULL);
	hb_auth_sign(&auth, buf, sizeof(buf));
	FUZZ_CHECK(!memcmp(buf + 96, "\xb0\x58\x04\x83\x47\xda\xf4\x93", 8));
	return 0;
}

static void take_secret(struct fuzz_in *in, u8 secret[HB_KEY_LEN])
{
	unsigned int i;

	for (i = 0; i < HB_KEY_LEN; i++)
		secret[i] = fuzz_take(in, 1);
}

/* Every bit, though only eight of them for long packets */
static void flip_bits(const struct hb_keyring *auth, u8 *buf, size_t len,
		      unsigned int first)
{
	unsigned int bits = len * 8, step = bits < 512 ? 1 : bits / 8, i;

	for (i = first % step; i < bits; i += step) {
		buf[i / 8] ^= 1 << i % 8;
		FUZZ_CHECK(!hb_auth_verify(auth, buf, len));
		buf[i / 8] ^= 1 << i % 8;
	}
	/* the tag itself, bit by bit */
	for (i = bits - 64; i < bits; i++) {
		buf[i / 8] ^= 1 << i % 8;
		FUZZ_CHECK(!hb_auth_verify(auth, buf, len));
		buf[i / 8] ^= 1 << i % 8;
	}
}

static void others_are_refused(const struct hb_keyring *auth, u8 *buf,
			       size_t len, const u8 secret[HB_KEY_LEN],
			       const u64 id[3])
{
	struct hb_keyring other = { .send = auth->send };
	u8 wrong[HB_KEY_LEN];

	/* of one of the two with a third, by the same secret */
	if (id[2] != id[0] && id[2] != id[1]) {
		hb_auth_set_key(&other, other.send, secret, id[0], id[2]);
		hb_auth_sign(&other, buf, len);
		FUZZ_CHECK(!hb_auth_verify(auth, buf, len));
	}
	memcpy(wrong, secret, sizeof(wrong));
	wrong[id[2] % sizeof(wrong)] ^= 1 << id[2] % 8;
	hb_auth_set_key(&other, other.send, wrong, id[0], id[1]);
	hb_auth_sign(&other, buf, len);
	FUZZ_CHECK(!hb_auth_verify(auth, buf, len));
	/* a key of zeros is what an empty slot holds */
	other = (struct hb_keyring) { .send = auth->send };
	hb_auth_sign(&other, buf, len);
	FUZZ_CHECK(!hb_auth_verify(auth, buf, len));
}

/* Both keys are accepted in either slot; without its slot one is not. */
static void roll(const u8 *msg, size_t len, const u8 secret[HB_KEY_LEN],
		 const u64 id[3])
{
	struct hb_keyring old = {}, both = {};
	u8 next[HB_KEY_LEN];
	u8 *buf = fuzz_copy(msg, len);

	memcpy(next, secret, sizeof(next));
	next[0] ^= 1;
	hb_auth_set_key(&old, 0, secret, id[0], id[1]);
	hb_auth_set_key(&both, 1, secret, id[0], id[1]);
	hb_auth_set_key(&both, 0, next, id[0], id[1]);
	hb_auth_sign(&old, buf, len);
	FUZZ_CHECK(hb_auth_verify(&both, buf, len));
	both.set &= ~2;
	FUZZ_CHECK(!hb_auth_verify(&both, buf, len));
	both.set = 0;
	FUZZ_CHECK(!hb_auth_verify(&both, buf, len));
	free(buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_in in = { data, size };
	struct hb_keyring here = {}, there = {};
	unsigned int slot, first;
	u8 secret[HB_KEY_LEN];
	u64 id[3];
	u8 *buf;

	slot = fuzz_take(&in, 1) % HB_KEY_SLOTS;
	first = fuzz_take(&in, 2);
	id[0] = fuzz_take(&in, 8);
	id[1] = fuzz_take(&in, 8);
	id[2] = fuzz_take(&in, 8);
	take_secret(&in, secret);
	if (id[0] == id[1] || in.size < HB_WIRE_TAG_LEN)
		return 0;
	/* each side names itself first */
	here.send = slot;
	hb_auth_set_key(&here, slot, secret, id[0], id[1]);
	hb_auth_set_key(&there, !slot, secret, id[1], id[0]);
	buf = fuzz_copy(in.data, in.size);
	hb_auth_sign(&here, buf, in.size);
	FUZZ_CHECK(!memcmp(buf, in.data, in.size - HB_WIRE_TAG_LEN));
	FUZZ_CHECK(hb_auth_verify(&there, buf, in.size));
	flip_bits(&there, buf, in.size, first);
	if (in.size > HB_WIRE_TAG_LEN)
		FUZZ_CHECK(!hb_auth_verify(&there, buf, in.size - 1));
	others_are_refused(&there, buf, in.size, secret, id);
	roll(in.data, in.size, secret, id);
	free(buf);
	return 0;
}

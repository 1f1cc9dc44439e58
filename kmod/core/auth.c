// SPDX-License-Identifier: GPL-2.0
/* Node ids, pair keys and packet tags. Pure: no clock, no lock, no skb. */
#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <crypto/blake2s.h>
#include <asm/byteorder.h>

#include "auth.h"
#include "proto.h"

u64 hb_auth_node_id(const char *name)
{
	struct blake2s_ctx ctx;
	__le64 id;

	blake2s_init(&ctx, sizeof(id));
	blake2s_update(&ctx, (const u8 *)name, strlen(name));
	blake2s_final(&ctx, (u8 *)&id);
	return le64_to_cpu(id) ?: 1;
}

void hb_auth_set_key(struct hb_keyring *auth, unsigned int slot,
		     const u8 secret[HB_KEY_LEN], u64 a, u64 b)
{
	__be64 ids[2] = { cpu_to_be64(min(a, b)), cpu_to_be64(max(a, b)) };
	static const u8 label[] = "hb1 pair";
	struct blake2s_ctx ctx;
	__le64 key[2];

	blake2s_init_key(&ctx, sizeof(key), secret, HB_KEY_LEN);
	blake2s_update(&ctx, label, sizeof(label));
	blake2s_update(&ctx, (const u8 *)ids, sizeof(ids));
	blake2s_final(&ctx, (u8 *)key);
	auth->key[slot].key[0] = le64_to_cpu(key[0]);
	auth->key[slot].key[1] = le64_to_cpu(key[1]);
	auth->set |= BIT(slot);
	memzero_explicit(key, sizeof(key));
}

static __le64 hb_auth_tag(const siphash_key_t *key, const u8 *buf, size_t len)
{
	return cpu_to_le64(siphash(buf, len - HB_WIRE_TAG_LEN, key));
}

void hb_auth_sign(const struct hb_keyring *auth, u8 *buf, size_t len)
{
	__le64 tag = hb_auth_tag(&auth->key[auth->send], buf, len);

	memcpy(buf + len - HB_WIRE_TAG_LEN, &tag, sizeof(tag));
}

bool hb_auth_verify(const struct hb_keyring *auth, const u8 *buf, size_t len)
{
	unsigned int slot;
	__le64 want, tag;

	memcpy(&tag, buf + len - HB_WIRE_TAG_LEN, sizeof(tag));
	for (slot = 0; slot < HB_KEY_SLOTS; slot++) {
		if (!(auth->set & BIT(slot)))
			continue;
		want = hb_auth_tag(&auth->key[slot], buf, len);
		/* Words are compared whole, so in constant time. */
		if (want == tag)
			return true;
	}
	return false;
}

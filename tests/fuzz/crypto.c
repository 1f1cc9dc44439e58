// SPDX-License-Identifier: GPL-2.0
/* SipHash-2-4 and BLAKE2s (RFC 7693), which the kernel has and the C library
 * has not. core_auth.c checks both by the values that KUnit checks the kernel's
 * by.
 */
#include <string.h>
#include <linux/siphash.h>
#include <crypto/blake2s.h>
#include <asm/byteorder.h>

static u64 rol64(u64 x, unsigned int n)
{
	return x << n | x >> (64 - n);
}

static u32 ror32(u32 x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

static void sip_round(u64 *v)
{
	v[0] += v[1];
	v[1] = rol64(v[1], 13) ^ v[0];
	v[0] = rol64(v[0], 32);
	v[2] += v[3];
	v[3] = rol64(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rol64(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rol64(v[1], 17) ^ v[2];
	v[2] = rol64(v[2], 32);
}

static void sip_word(u64 *v, u64 word)
{
	v[3] ^= word;
	sip_round(v);
	sip_round(v);
	v[0] ^= word;
}

u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	const u64 k0 = key->key[0], k1 = key->key[1];
	u64 v[4] = {
		0x736f6d6570736575ULL ^ k0, 0x646f72616e646f6dULL ^ k1,
		0x6c7967656e657261ULL ^ k0, 0x7465646279746573ULL ^ k1,
	};
	const u8 *in = data;
	u64 word = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		word |= (u64)in[i] << i % 8 * 8;
		if (i % 8 < 7)
			continue;
		sip_word(v, word);
		word = 0;
	}
	sip_word(v, word | (u64)len << 56);
	v[2] ^= 0xff;
	for (i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

u64 siphash_1u64(u64 word, const siphash_key_t *key)
{
	__le64 le = cpu_to_le64(word);

	return siphash(&le, sizeof(le), key);
}

static const u32 blake2s_iv[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const u8 blake2s_sigma[10][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
	{ 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
	{ 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
	{ 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
	{ 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
	{ 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
	{ 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
	{ 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
	{ 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

static void blake2s_mix(u32 *v, unsigned int i, u32 x, u32 y)
{
	unsigned int diagonal = i / 4;
	u32 *a = &v[i % 4];
	u32 *b = &v[4 + (i + diagonal) % 4];
	u32 *c = &v[8 + (i + 2 * diagonal) % 4];
	u32 *d = &v[12 + (i + 3 * diagonal) % 4];

	*a += *b + x;
	*d = ror32(*d ^ *a, 16);
	*c += *d;
	*b = ror32(*b ^ *c, 12);
	*a += *b + y;
	*d = ror32(*d ^ *a, 8);
	*c += *d;
	*b = ror32(*b ^ *c, 7);
}

static void blake2s_block(struct blake2s_ctx *ctx, bool last)
{
	u32 v[16], m[16];
	unsigned int i;

	memcpy(m, ctx->buf, sizeof(m));
	for (i = 0; i < 16; i++)
		m[i] = le32_to_cpu(m[i]);
	memcpy(v, ctx->h, sizeof(ctx->h));
	memcpy(v + 8, blake2s_iv, sizeof(blake2s_iv));
	v[12] ^= (u32)ctx->bytes;
	v[13] ^= (u32)(ctx->bytes >> 32);
	v[14] ^= last ? ~0U : 0;
	for (i = 0; i < 80; i++)
		blake2s_mix(v, i % 8, m[blake2s_sigma[i / 8][i % 8 * 2]],
			    m[blake2s_sigma[i / 8][i % 8 * 2 + 1]]);
	for (i = 0; i < 8; i++)
		ctx->h[i] ^= v[i] ^ v[i + 8];
}

void blake2s_update(struct blake2s_ctx *ctx, const u8 *in, size_t len)
{
	while (len--) {
		/* the last block waits for blake2s_final() */
		if (ctx->buffered == sizeof(ctx->buf)) {
			ctx->bytes += sizeof(ctx->buf);
			blake2s_block(ctx, false);
			ctx->buffered = 0;
		}
		ctx->buf[ctx->buffered++] = *in++;
	}
}

void blake2s_init_key(struct blake2s_ctx *ctx, size_t outlen, const void *key,
		      size_t keylen)
{
	u8 block[sizeof(ctx->buf)] = {};

	*ctx = (struct blake2s_ctx) { .outlen = outlen };
	memcpy(ctx->h, blake2s_iv, sizeof(ctx->h));
	ctx->h[0] ^= 0x01010000 ^ (u32)keylen << 8 ^ (u32)outlen;
	if (!keylen)
		return;
	memcpy(block, key, keylen);
	blake2s_update(ctx, block, sizeof(block));
}

void blake2s_init(struct blake2s_ctx *ctx, size_t outlen)
{
	blake2s_init_key(ctx, outlen, NULL, 0);
}

void blake2s_final(struct blake2s_ctx *ctx, u8 *out)
{
	unsigned int i;

	ctx->bytes += ctx->buffered;
	memset(ctx->buf + ctx->buffered, 0, sizeof(ctx->buf) - ctx->buffered);
	blake2s_block(ctx, true);
	for (i = 0; i < 8; i++)
		ctx->h[i] = cpu_to_le32(ctx->h[i]);
	memcpy(out, ctx->h, ctx->outlen);
}

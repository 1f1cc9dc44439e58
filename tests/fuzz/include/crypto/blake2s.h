/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's interface to BLAKE2s; see crypto.c. */
#ifndef _HB_FUZZ_BLAKE2S_H
#define _HB_FUZZ_BLAKE2S_H

#include <linux/types.h>

struct blake2s_ctx {
	u32 h[8];
	u64 bytes;
	u8 buf[64];
	unsigned int buffered;
	unsigned int outlen;
};

void blake2s_init(struct blake2s_ctx *ctx, size_t outlen);
void blake2s_init_key(struct blake2s_ctx *ctx, size_t outlen, const void *key,
		      size_t keylen);
void blake2s_update(struct blake2s_ctx *ctx, const u8 *in, size_t len);
void blake2s_final(struct blake2s_ctx *ctx, u8 *out);

#endif /* _HB_FUZZ_BLAKE2S_H */

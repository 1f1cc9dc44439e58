/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's interface to SipHash-2-4; see crypto.c. */
#ifndef _HB_FUZZ_SIPHASH_H
#define _HB_FUZZ_SIPHASH_H

#include <linux/types.h>

typedef struct {
	u64 key[2];
} siphash_key_t;

u64 siphash(const void *data, size_t len, const siphash_key_t *key);
u64 siphash_1u64(u64 word, const siphash_key_t *key);

#endif /* _HB_FUZZ_SIPHASH_H */

/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HB_FUZZ_BITOPS_H
#define _HB_FUZZ_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

/* Number of the highest bit that is set, the lowest being 1; 0 of 0 */
static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

static inline int fls(unsigned int x)
{
	return fls64(x);
}

#endif /* _HB_FUZZ_BITOPS_H */

/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HB_FUZZ_MATH64_H
#define _HB_FUZZ_MATH64_H

#include <linux/types.h>

static inline u64 div_u64(u64 a, u32 b)
{
	return a / b;
}

static inline u64 div64_u64(u64 a, u64 b)
{
	return a / b;
}

/* Not the C library's, which takes an int */
#define abs(_x) ({ typeof(_x) __x = (_x); __x < 0 ? -__x : __x; })

#endif /* _HB_FUZZ_MATH64_H */

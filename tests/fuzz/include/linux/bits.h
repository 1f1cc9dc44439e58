/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HB_FUZZ_BITS_H
#define _HB_FUZZ_BITS_H

#define BIT(_n)	(1UL << (_n))
#define BIT_ULL(_n)	(1ULL << (_n))

#endif /* _HB_FUZZ_BITS_H */

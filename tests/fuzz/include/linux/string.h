/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HB_FUZZ_STRING_H
#define _HB_FUZZ_STRING_H

#include <string.h>

#define memzero_explicit	explicit_bzero

#endif /* _HB_FUZZ_STRING_H */

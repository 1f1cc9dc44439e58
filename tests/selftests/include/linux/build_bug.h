/* SPDX-License-Identifier: GPL-2.0 */
/* What kmod/core/proto.h needs in user space. */
#ifndef _HB_SELFTESTS_BUILD_BUG_H
#define _HB_SELFTESTS_BUILD_BUG_H

#include <assert.h>
#include <stdint.h>

typedef uint8_t u8;

#endif /* _HB_SELFTESTS_BUILD_BUG_H */

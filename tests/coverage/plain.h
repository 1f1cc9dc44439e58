/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before all else when the module is built to count its branches: what macros
 * of the kernel test in our lines, and not we, is left out. Nobody can take these
 * branches: they ask whether something is a constant, or check what is wrong only if the
 * module is, and in the other guests they do.
 */

/* cpu_to_be64() and its kin: swapped by the compiler, as on most architectures */
#define __HAVE_BUILTIN_BSWAP16__
#define __HAVE_BUILTIN_BSWAP32__
#define __HAVE_BUILTIN_BSWAP64__

#include <linux/bitops.h>
#include <linux/lockdep.h>
#include <linux/rcupdate.h>

/* test_bit() and its kin: no constants */
#undef bitop
#define bitop(op, nr, addr) op(nr, addr)

/* rcu_dereference(), list_for_each_entry_rcu() and their kin: as without PROVE_RCU */
#undef RCU_LOCKDEP_WARN
#define RCU_LOCKDEP_WARN(c, s) do { } while (0 && (c))

/* lockdep_assert_held() and its kin: as without LOCKDEP */
#undef lockdep_assert
#define lockdep_assert(c) do { } while (0 && (c))

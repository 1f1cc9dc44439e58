/* SPDX-License-Identifier: GPL-2.0 */
/* What on this node can make beats late or deaths untold. */
#ifndef _HB_HAZARD_H
#define _HB_HAZARD_H

#include "hb.h"

/**
 * hb_hazards() - look for hazards
 * @hn: the namespace, whose peers say which devices matter
 *
 * Two of them can't be seen from a module and are left to whoever shows them:
 * whether crash_kexec_post_notifiers is set, without which a crash kernel keeps
 * panics untold, and whether interrupts were forced into threads.
 *
 * Context: process, under the namespace's lock.
 * Return: enum hb_hazard, one bit each.
 */
u32 hb_hazards(struct hb_net *hn);

#endif /* _HB_HAZARD_H */

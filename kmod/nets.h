/* SPDX-License-Identifier: GPL-2.0 */
/* All network namespaces, one after another. */
#ifndef _HB_NETS_H
#define _HB_NETS_H

#include "hb.h"

/**
 * hb_nets_each() - do something to the node of every namespace
 * @fn: called under the namespace's lock
 * @arg: handed to @fn
 *
 * A namespace that is in the list has a node, from the time the module's
 * namespaces are registered until it begins to unregister them. One that nobody
 * uses any more, but whose end has not begun yet, still beats.
 *
 * Context: process, sleeps.
 */
void hb_nets_each(void (*fn)(struct hb_net *hn, unsigned long arg),
		  unsigned long arg);

#endif /* _HB_NETS_H */

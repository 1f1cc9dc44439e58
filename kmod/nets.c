// SPDX-License-Identifier: GPL-2.0
/* All network namespaces, one after another. */
#include <linux/rtnetlink.h>
#include <linux/rwsem.h>

#include "nets.h"

void hb_nets_each(void (*fn)(struct hb_net *hn, unsigned long arg),
		  unsigned long arg)
{
	struct hb_net *hn;
	struct net *net;

	/* A namespace leaves the list under this before it begins to end. */
	down_read(&net_rwsem);
	for_each_net(net) {
		hn = hb_net_of(net);
		mutex_lock(&hn->lock);
		fn(hn, arg);
		mutex_unlock(&hn->lock);
	}
	up_read(&net_rwsem);
}

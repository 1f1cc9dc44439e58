// SPDX-License-Identifier: GPL-2.0
/* All network namespaces, one after another. */
#include <linux/rtnetlink.h>
#include <linux/rwsem.h>

#include "nets.h"

static bool hb_nets_lock(struct hb_net *hn, bool wait)
{
	if (!wait)
		return mutex_trylock(&hn->lock);
	mutex_lock(&hn->lock);
	return true;
}

static void hb_nets_walk(void (*fn)(struct hb_net *hn, unsigned long arg),
			 unsigned long arg, bool wait)
{
	struct hb_net *hn;
	struct net *net;

	/* A namespace leaves the list under this before it begins to end. */
	down_read(&net_rwsem);
	for_each_net(net) {
		hn = hb_net_of(net);
		if (!hb_nets_lock(hn, wait))
			continue;
		fn(hn, arg);
		mutex_unlock(&hn->lock);
	}
	up_read(&net_rwsem);
}

void hb_nets_each(void (*fn)(struct hb_net *hn, unsigned long arg),
		  unsigned long arg)
{
	hb_nets_walk(fn, arg, true);
}

void hb_nets_each_idle(void (*fn)(struct hb_net *hn, unsigned long arg),
		       unsigned long arg)
{
	hb_nets_walk(fn, arg, false);
}

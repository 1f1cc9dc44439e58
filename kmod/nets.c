// SPDX-License-Identifier: GPL-2.0
/* All network namespaces, one after another. */
#include <linux/rtnetlink.h>
#include <linux/rwsem.h>

#include "nets.h"

static void hb_nets_do(struct hb_net *hn,
		       void (*fn)(struct hb_net *hn, unsigned long arg),
		       unsigned long arg)
{
	mutex_lock(&hn->lock);
	fn(hn, arg);
	mutex_unlock(&hn->lock);
}

void hb_nets_each(void (*fn)(struct hb_net *hn, unsigned long arg),
		  unsigned long arg)
{
	struct net *net;

	down_read(&net_rwsem);
	for_each_net(net) {
		if (!maybe_get_net(net)) {
			/* It waits for its end, which needs the semaphore, and
			 * nobody else has its lock for long.
			 */
			hb_nets_do(hb_net_of(net), fn, arg);
			continue;
		}
		/* Nobody waits for a namespace to be made, or to end, while
		 * this waits for the lock of one.
		 */
		up_read(&net_rwsem);
		hb_nets_do(hb_net_of(net), fn, arg);
		down_read(&net_rwsem);
		/* It leaves the list under the semaphore, if this was the last
		 * reference, so the next one can be found from here.
		 */
		put_net(net);
	}
	up_read(&net_rwsem);
}

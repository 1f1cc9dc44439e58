// SPDX-License-Identifier: GPL-2.0
/* Heartbeats for Linux clusters: load and unload, namespaces come and go. */
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "drain.h"
#include "engine.h"
#include "event.h"
#include "gasp.h"
#include "goodbye.h"
#include "netlink-gen.h"
#include "peer.h"
#include "sock.h"
#include "timer.h"

unsigned int hb_net_id __read_mostly;

/* Why a namespace ends; written once, before the module takes them all away */
static u8 hb_net_end_reason = HB_REASON_NAMESPACE;

static int __net_init hb_net_init(struct net *net)
{
	struct hb_net *hn = hb_net_of(net);
	int err;

	hn->net = net;
	hn->generation = 1;
	mutex_init(&hn->lock);
	hn->counters = alloc_percpu(struct hb_counters);
	if (!hn->counters)
		return -ENOMEM;
	err = hb_peer_table_init(hn);
	if (err)
		free_percpu(hn->counters);
	return err;
}

/* While the devices of the namespace are still there: say goodbye. Packets and
 * timers may be in flight; those that find a peer see that it is dead.
 */
static void __net_exit hb_net_pre_exit(struct net *net)
{
	struct hb_net *hn = hb_net_of(net);
	struct hb_peer *peer;
	unsigned long i;

	mutex_lock(&hn->lock);
	xa_for_each(&hn->index, i, peer) {
		hb_peer_del(peer);
		hb_engine_stop(peer, hb_net_end_reason);
		hb_peer_free(peer);
		cond_resched();
	}
	mutex_unlock(&hn->lock);
}

/* A grace period after the above. Peers may still wait for theirs, they need
 * nothing of the namespace but what their routes hold.
 */
static void __net_exit hb_net_exit(struct net *net)
{
	struct hb_net *hn = hb_net_of(net);

	hb_sock_close(hn);
	hb_event_ring_free(hn);
	hb_peer_table_free(hn);
	free_percpu(hn->counters);
	memzero_explicit(&hn->secrets, sizeof(hn->secrets));
}

static struct pernet_operations hb_net_ops = {
	.init = hb_net_init,
	.pre_exit = hb_net_pre_exit,
	.exit = hb_net_exit,
	.id = &hb_net_id,
	.size = sizeof(struct hb_net),
};

static int __init hb_init(void)
{
	int err;

	hb_timers_init();
	hb_drain_init();
	err = hb_peer_cache_init();
	if (err)
		return err;
	err = register_pernet_subsys(&hb_net_ops);
	if (err)
		goto err_cache;
	err = hb_gasp_init();
	if (err)
		goto err_unregister_net;
	err = hb_goodbye_init();
	if (err)
		goto err_gasp;
	/* ORDER: commands need all the rest, so this comes last. */
	err = genl_register_family(&hb_nl_family);
	if (err)
		goto err_goodbye;
	pr_info("version " HB_VERSION "\n");
	return 0;

err_goodbye:
	hb_goodbye_exit();
err_gasp:
	hb_gasp_exit();
err_unregister_net:
	unregister_pernet_subsys(&hb_net_ops);
	/* Nothing was freed by RCU: there was no peer yet. */
err_cache:
	hb_peer_cache_exit();
	return err;
}

static void __exit hb_exit(void)
{
	hb_event_shutdown();
	genl_unregister_family(&hb_nl_family);
	hb_goodbye_exit();
	hb_gasp_exit();
	hb_net_end_reason = HB_REASON_UNLOAD;
	unregister_pernet_subsys(&hb_net_ops);
	hb_drain_exit();
	hb_timers_exit();
	/* Functions of this module free peers, paths, keys and gasps. */
	rcu_barrier();
	hb_peer_cache_exit();
}

module_init(hb_init);
module_exit(hb_exit);

MODULE_DESCRIPTION("In-kernel heartbeats: fast, truthful node failure detection");
MODULE_AUTHOR("The hb developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(HB_VERSION);
MODULE_ALIAS_GENL_FAMILY(HB_FAMILY_NAME);

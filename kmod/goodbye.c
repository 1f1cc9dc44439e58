// SPDX-License-Identifier: GPL-2.0
/* Goodbyes that the machine says: reboot, shutdown, suspend, devices. What an
 * operator says comes over netlink, the end of a namespace to main.c.
 */
#include <linux/delay.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/reboot.h>
#include <linux/suspend.h>

#include "engine.h"
#include "gasp.h"
#include "goodbye.h"
#include "nets.h"
#include "peer.h"
#include "tx.h"

/* A driver that shuts its device down next forgets what is in the rings. */
#define HB_GOODBYE_LEAVES_MS	10

/* While we unregister, the kernel tells us of devices that go nowhere. */
static bool hb_goodbye_closed;

static void hb_goodbye_node(struct hb_net *hn, unsigned long reason)
{
	struct hb_peer *peer;
	unsigned long i;

	hn->asleep = true;
	xa_for_each(&hn->index, i, peer)
		hb_engine_pause(peer, reason);
}

/* The life that slept is over: an answer to what was asked in it proves
 * nothing now. All peers are paused, so nobody reads the incarnation. A node
 * that was made after the others went to sleep just lives on.
 */
static void hb_goodbye_wake_node(struct hb_net *hn, unsigned long reason)
{
	struct hb_peer *peer;
	unsigned long i;

	if (!hn->asleep)
		return;
	hn->asleep = false;
	if (*hn->name)
		hn->incarnation = get_random_u64();
	xa_for_each(&hn->index, i, peer)
		hb_engine_resume(peer, reason);
}

static int hb_goodbye_reboot(struct notifier_block *nb, unsigned long code,
			     void *cmd)
{
	hb_nets_each(hb_goodbye_node, code == SYS_RESTART ? HB_REASON_REBOOT :
							    HB_REASON_SHUTDOWN);
	msleep(HB_GOODBYE_LEAVES_MS);
	return NOTIFY_DONE;
}

static int hb_goodbye_pm(struct notifier_block *nb, unsigned long event,
			 void *unused)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		hb_nets_each(hb_goodbye_node, HB_REASON_SUSPEND);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		hb_nets_each(hb_goodbye_wake_node, HB_REASON_SUSPEND);
		break;
	}
	return NOTIFY_DONE;
}

/* The route tells, so that a peer without a device of its own counts too. A
 * VLAN goes with the device below it, a bond or a bridge may have others.
 */
static bool hb_goodbye_leads_over(struct hb_peer *peer, struct net_device *dev)
{
	struct hb_tx_way way;

	if (hb_tx_way(peer, &way))
		return false;
	if (way.dev == dev)
		return true;
	return netdev_has_upper_dev_all_rcu(dev, way.dev) &&
	       !netif_is_lag_master(way.dev) &&
	       !netif_is_bridge_master(way.dev);
}

/* The device can still send, but a beat after the goodbye would begin a new
 * session, which could only time out. So it is quiet until the device is down;
 * from then on the peer can be reached by another route, or not at all.
 */
static void hb_goodbye_device(struct net_device *dev)
{
	struct hb_net *hn = hb_net_of(dev_net(dev));
	struct hb_peer *peer;
	unsigned long i;

	local_bh_disable();
	rcu_read_lock();
	xa_for_each(&hn->index, i, peer) {
		if (hb_goodbye_leads_over(peer, dev))
			hb_engine_hush(peer, dev->ifindex);
	}
	rcu_read_unlock();
	local_bh_enable();
}

static void hb_goodbye_device_is_down(const struct net_device *dev)
{
	struct hb_net *hn = hb_net_of(dev_net(dev));
	struct hb_peer *peer;
	unsigned long i;

	hb_gasp_drop_device(dev);
	local_bh_disable();
	rcu_read_lock();
	xa_for_each(&hn->index, i, peer)
		hb_engine_unhush(peer, dev->ifindex);
	rcu_read_unlock();
	local_bh_enable();
}

static int hb_goodbye_netdev(struct notifier_block *nb, unsigned long event,
			     void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (READ_ONCE(hb_goodbye_closed))
		return NOTIFY_DONE;
	if (event == NETDEV_GOING_DOWN)
		hb_goodbye_device(dev);
	else if (event == NETDEV_DOWN)
		hb_goodbye_device_is_down(dev);
	else if (event == NETDEV_CHANGEADDR)
		hb_gasp_stale();
	return NOTIFY_DONE;
}

/* All of them first, while everything that sends still works. */
static struct notifier_block hb_goodbye_reboot_nb = {
	.notifier_call = hb_goodbye_reboot,
	.priority = INT_MAX,
};

static struct notifier_block hb_goodbye_pm_nb = {
	.notifier_call = hb_goodbye_pm,
	.priority = INT_MAX,
};

static struct notifier_block hb_goodbye_netdev_nb = {
	.notifier_call = hb_goodbye_netdev,
	.priority = INT_MAX,
};

int hb_goodbye_init(void)
{
	int err;

	err = register_reboot_notifier(&hb_goodbye_reboot_nb);
	if (err)
		return err;
	err = register_pm_notifier(&hb_goodbye_pm_nb);
	if (err)
		goto err_reboot;
	err = register_netdevice_notifier(&hb_goodbye_netdev_nb);
	if (err)
		goto err_pm;
	return 0;

err_pm:
	unregister_pm_notifier(&hb_goodbye_pm_nb);
err_reboot:
	unregister_reboot_notifier(&hb_goodbye_reboot_nb);
	return err;
}

void hb_goodbye_exit(void)
{
	WRITE_ONCE(hb_goodbye_closed, true);
	unregister_netdevice_notifier(&hb_goodbye_netdev_nb);
	unregister_pm_notifier(&hb_goodbye_pm_nb);
	unregister_reboot_notifier(&hb_goodbye_reboot_nb);
}

// SPDX-License-Identifier: GPL-2.0
/* What on this node can make beats late or deaths untold. */
#include <linux/cpumask.h>
#include <linux/kexec.h>
#include <linux/netdevice.h>

#include "drain.h"
#include "gasp.h"
#include "hazard.h"
#include "peer.h"
#include "timer.h"
#include "tx.h"

/* Timers that fire at a tick are coarser than this. */
#define HB_HAZARD_RESOLUTION_NS	1000

static u32 hb_hazard_bit(bool found, unsigned int hazard)
{
	return found ? BIT(hazard) : 0;
}

static u32 hb_hazard_of_peer(struct hb_peer *peer)
{
	struct net_device *dev;
	u32 found = 0;

	local_bh_disable();
	rcu_read_lock();
	dev = hb_tx_device(peer);
	if (dev)
		found = hb_hazard_bit(!hb_gasp_possible(dev),
				      HB_HAZARD_NO_GASP) |
			hb_hazard_bit(hb_drain_has_threads(dev),
				      HB_HAZARD_THREADED_NAPI);
	rcu_read_unlock();
	local_bh_enable();
	return found;
}

/* A standby goes to a CPU that is not isolated: from such a one, as most beats
 * are sent by, there has to be another.
 */
static bool hb_hazard_isolated(void)
{
	unsigned int cpu, welcome = 0;

	rcu_read_lock();
	for_each_online_cpu(cpu)
		welcome += hb_timer_is_welcome(cpu);
	rcu_read_unlock();
	return num_online_cpus() > 1 && welcome < 2;
}

u32 hb_hazards(struct hb_net *hn)
{
	struct hb_peer *peer;
	unsigned long i;
	u32 found;

	found = hb_hazard_bit(HB_SOFTIRQ_DEFERRAL, HB_HAZARD_SOFTIRQ_DEFERRAL) |
		hb_hazard_bit(IS_ENABLED(CONFIG_PREEMPT_RT),
			      HB_HAZARD_PREEMPT_RT) |
		hb_hazard_bit(hb_timer_resolution() > HB_HAZARD_RESOLUTION_NS,
			      HB_HAZARD_COARSE_TIMERS) |
		hb_hazard_bit(num_online_cpus() == 1, HB_HAZARD_SINGLE_CPU) |
		hb_hazard_bit(hb_hazard_isolated(), HB_HAZARD_NO_STANDBY) |
		hb_hazard_bit(kexec_crash_loaded(), HB_HAZARD_CRASH_KERNEL);
	xa_for_each(&hn->index, i, peer)
		found |= hb_hazard_of_peer(peer);
	return found;
}

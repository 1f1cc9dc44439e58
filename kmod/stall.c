// SPDX-License-Identifier: GPL-2.0
/* Did this machine, or one of its CPUs, not run for a while? Every timer of
 * ours tells how late it was. What one CPU missed is no excuse for another one,
 * which has read its queues in time; but if no CPU ran, none has.
 */
#include <linux/moduleparam.h>
#include <linux/percpu.h>

#include "stall.h"

static bool stall_guard = true;
module_param(stall_guard, bool, 0644);
MODULE_PARM_DESC(stall_guard,
		 "judge nobody by the time in which this node stood still");

/* A stall that began so much later than another CPU ran is that CPU's too. */
#define HB_STALL_SLACK_NS	(50 * NSEC_PER_USEC)

/**
 * struct hb_stall_cpu - what a CPU knows of itself
 * @ran_ns: when one of our timers ran in time there; written by its CPU only
 * @stall: the last stall that concerns it; any CPU writes, the fields need not
 *	fit each other to the nanosecond
 */
struct hb_stall_cpu {
	u64 ran_ns;
	struct hb_stall stall;
};

static DEFINE_PER_CPU_ALIGNED(struct hb_stall_cpu, hb_stall_cpu);

/* Did another CPU run while this one did not? */
static bool hb_stall_is_local(u64 began)
{
	int cpu, self = smp_processor_id();

	for_each_online_cpu(cpu) {
		if (cpu != self &&
		    READ_ONCE(per_cpu_ptr(&hb_stall_cpu, cpu)->ran_ns) >
		    began + HB_STALL_SLACK_NS)
			return true;
	}
	return false;
}

static void hb_stall_set(int cpu, u64 end, u64 len)
{
	struct hb_stall *stall = &per_cpu_ptr(&hb_stall_cpu, cpu)->stall;

	/* Many timers tell of one stall, the first one of most of it. */
	if (end - len < READ_ONCE(stall->end_ns))
		return;
	WRITE_ONCE(stall->len_ns, len);
	WRITE_ONCE(stall->end_ns, end);
}

void hb_stall_note(u64 now, u64 late, u64 guard)
{
	int cpu;

	if (late <= guard) {
		this_cpu_write(hb_stall_cpu.ran_ns, now);
		return;
	}
	if (!READ_ONCE(stall_guard))
		return;
	if (hb_stall_is_local(now - late)) {
		hb_stall_set(smp_processor_id(), now, late);
		return;
	}
	for_each_online_cpu(cpu)
		hb_stall_set(cpu, now, late);
}

void hb_stall_last(struct hb_stall *stall)
{
	const struct hb_stall *last = this_cpu_ptr(&hb_stall_cpu.stall);

	stall->end_ns = READ_ONCE(last->end_ns);
	stall->len_ns = READ_ONCE(last->len_ns);
}

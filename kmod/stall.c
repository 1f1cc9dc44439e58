// SPDX-License-Identifier: GPL-2.0
/* Did this machine, or one of its CPUs, not run for a while? Every timer of
 * ours tells how late it was. What one CPU missed is no excuse for another one,
 * which has read its queues in time; but if no CPU ran, none has.
 */
#include <linux/bitops.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/time64.h>

#include "stall.h"

static bool stall_guard = true;
module_param(stall_guard, bool, 0644);
MODULE_PARM_DESC(stall_guard,
		 "judge nobody by the time in which this node stood still");

/* Every lateness above this is noted, whoever it matters to; less than this
 * matters only to fast peers, whose own timers tell.
 */
#define HB_STALL_NOTED_NS	NSEC_PER_MSEC
/* A stall that began so much later than another CPU ran is that CPU's too. */
#define HB_STALL_SLACK_NS	(50 * NSEC_PER_USEC)
/* Powers of two that stalls are sorted by: from 33 us on, to 9 min and more */
#define HB_STALL_CLASS_MIN	15
#define HB_STALL_CLASSES	25

/**
 * struct hb_stall_cpu - what a CPU knows of itself
 * @ran_ns: when one of our timers ran there last; written by its CPU only
 * @ran_late_ns: how late that was, less than is noted; likewise
 * @newest_ns: end of the last stall, of whatever length
 * @last: the last stall of each class, so that a short one does not hide a long
 *	one from those that it does not matter to; any CPU writes, the fields
 *	need not fit each other to the nanosecond
 */
struct hb_stall_cpu {
	u64 ran_ns;
	u64 ran_late_ns;
	u64 newest_ns;
	struct hb_stall last[HB_STALL_CLASSES];
};

static DEFINE_PER_CPU_ALIGNED(struct hb_stall_cpu, hb_stall_cpu);

static unsigned int hb_stall_class(u64 len)
{
	return clamp(fls64(len), HB_STALL_CLASS_MIN + 1,
		     HB_STALL_CLASS_MIN + HB_STALL_CLASSES) -
	       HB_STALL_CLASS_MIN - 1;
}

/* Did a CPU run within a time? It did if one of our timers ran there, and was
 * not late by much of that time itself.
 */
static bool hb_stall_ran(int cpu, u64 began, u64 len)
{
	const struct hb_stall_cpu *sc = per_cpu_ptr(&hb_stall_cpu, cpu);

	return READ_ONCE(sc->ran_ns) > began + HB_STALL_SLACK_NS &&
	       READ_ONCE(sc->ran_late_ns) <= max(len / 4, HB_STALL_SLACK_NS);
}

/* Did another CPU run while this one did not? */
static bool hb_stall_is_local(u64 began, u64 len)
{
	int cpu, self = smp_processor_id();

	for_each_online_cpu(cpu) {
		if (cpu != self && hb_stall_ran(cpu, began, len))
			return true;
	}
	return false;
}

static void hb_stall_set(int cpu, u64 end, u64 len)
{
	struct hb_stall_cpu *sc = per_cpu_ptr(&hb_stall_cpu, cpu);
	unsigned int i, class = hb_stall_class(len);

	/* Many timers tell of one stall, the first one of most of it. */
	for (i = class; i < HB_STALL_CLASSES; i++) {
		if (end - len < READ_ONCE(sc->last[i].end_ns))
			return;
	}
	WRITE_ONCE(sc->last[class].len_ns, len);
	WRITE_ONCE(sc->last[class].end_ns, end);
	WRITE_ONCE(sc->newest_ns, end);
}

void hb_stall_note(u64 now, u64 late, u64 guard)
{
	int cpu;

	if (late <= min(guard, HB_STALL_NOTED_NS)) {
		this_cpu_write(hb_stall_cpu.ran_late_ns, late);
		this_cpu_write(hb_stall_cpu.ran_ns, now);
		return;
	}
	if (!READ_ONCE(stall_guard))
		return;
	if (hb_stall_is_local(now - late, late)) {
		hb_stall_set(smp_processor_id(), now, late);
		return;
	}
	for_each_online_cpu(cpu)
		hb_stall_set(cpu, now, late);
}

bool hb_stall_since(u64 since, u64 guard, struct hb_stall *stall)
{
	const struct hb_stall_cpu *sc = this_cpu_ptr(&hb_stall_cpu);
	unsigned int i;
	u64 end, len;

	*stall = (struct hb_stall) {};
	if (READ_ONCE(sc->newest_ns) <= since)
		return false;
	for (i = hb_stall_class(guard); i < HB_STALL_CLASSES; i++) {
		end = READ_ONCE(sc->last[i].end_ns);
		len = READ_ONCE(sc->last[i].len_ns);
		if (len > guard && end > max(since, stall->end_ns))
			*stall = (struct hb_stall) { end, len };
	}
	return stall->end_ns;
}

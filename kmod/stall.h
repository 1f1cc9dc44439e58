/* SPDX-License-Identifier: GPL-2.0 */
/* Did this machine, or one of its CPUs, not run for a while? */
#ifndef _HB_STALL_H
#define _HB_STALL_H

#include <linux/types.h>

/**
 * struct hb_stall - a time in which a CPU did not run our timers
 * @end_ns: when it was over, CLOCK_MONOTONIC in ns; 0 if there was none
 * @len_ns: how long it was
 */
struct hb_stall {
	u64 end_ns;
	u64 len_ns;
};

/**
 * hb_stall_note() - a timer of ours ran
 * @now: CLOCK_MONOTONIC in ns
 * @late: how late it ran, in ns
 * @guard: a lateness that is a stall to whoever owns the timer, in ns
 *
 * While one CPU stalls others may go on. If none did, the whole machine stood
 * still, and all of its CPUs have stalled.
 *
 * Context: softirq.
 */
void hb_stall_note(u64 now, u64 late, u64 guard);

/**
 * hb_stall_since() - the last stall that concerns who runs on this CPU
 * @since: it ended later than that, CLOCK_MONOTONIC in ns
 * @guard: it was longer than that, in ns
 * @stall: filled; all 0 if there was none
 *
 * What is shorter than another peer's guard but not than @guard may be missing
 * below 1 ms.
 *
 * Context: softirq.
 * Return: true if there was one.
 */
bool hb_stall_since(u64 since, u64 guard, struct hb_stall *stall);

#endif /* _HB_STALL_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Has everything that had arrived by a certain time been heard? */
#ifndef _HB_DRAIN_H
#define _HB_DRAIN_H

#include <linux/types.h>

/**
 * hb_drain_done() - were all queues read that a beat may wait in?
 * @since: CLOCK_MONOTONIC in ns
 * @cpu: set to a CPU that has not done so yet
 *
 * The backlogs of all CPUs, and the devices that they poll. A CPU that has not
 * read its queues since then is asked to; ask again a little later.
 *
 * Context: softirq.
 * Return: true if what had arrived by @since has been handed to its receivers.
 */
bool hb_drain_done(u64 since, int *cpu);

/**
 * hb_drain_init() - prepare
 *
 * Context: process.
 */
void hb_drain_init(void);

/**
 * hb_drain_exit() - wait for CPUs that were asked
 *
 * Nobody asks any more. Context: process.
 */
void hb_drain_exit(void);

#endif /* _HB_DRAIN_H */

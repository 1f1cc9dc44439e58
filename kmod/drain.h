/* SPDX-License-Identifier: GPL-2.0 */
/* Has everything that had arrived by a certain time been heard? */
#ifndef _HB_DRAIN_H
#define _HB_DRAIN_H

#include <linux/types.h>

struct net_device;

/**
 * hb_drain_done() - were all queues read that a beat may wait in?
 * @since: CLOCK_MONOTONIC in ns
 * @cpu: set to a CPU that has not done so yet
 *
 * The backlogs of all CPUs, and the devices that they poll. A CPU that has not
 * read its queues since then is asked to; ask again a little later.
 *
 * Context: softirq.
 * Return: true if what had arrived by @since has been handed to its receivers,
 * or to other CPUs, see hb_drain_ticket().
 */
bool hb_drain_done(u64 since, int *cpu);

/**
 * hb_drain_ticket() - which rounds have to end until all is heard?
 *
 * With receive packet steering (RPS) a CPU or a thread that has read a beat may
 * leave it to a CPU that was done before. So when all are done, all have to
 * read once more for each time that a packet may be handed on, which is taken
 * to be twice: a thread does it a moment after it is done, and a veth steers
 * again. They do so in rounds, which all who judge share.
 *
 * Context: softirq.
 * Return: for hb_drain_rounds_done(), or 0 without RPS.
 */
u64 hb_drain_ticket(void);

/**
 * hb_drain_rounds_done() - have all CPUs read so often since?
 * @ticket: from hb_drain_ticket(), not 0
 * @cpu: set to a CPU that has yet to, in this round
 * @since: set to when that began, CLOCK_MONOTONIC in ns
 *
 * Context: softirq; as hb_drain_done().
 * Return: true if so.
 */
bool hb_drain_rounds_done(u64 ticket, int *cpu, u64 *since);

/**
 * struct hb_drain_threads - how far threads have received, one after another
 * @ran_ns: how long the next one had run when it was looked at first, or 0
 * @done: so many have
 */
struct hb_drain_threads {
	u64 ran_ns;
	unsigned int done;
};

/**
 * hb_drain_threads_done() - have threads received what a device has?
 * @dev: the device; those below it count, too
 * @threads: all 0 at the first call of a series
 * @cpu: set to where one is that has not
 *
 * A thread that is busy all the time is done when it has run for 10 ms since
 * it was looked at first.
 *
 * Context: under RCU.
 * Return: true if nobody has to be waited for.
 */
bool hb_drain_threads_done(struct net_device *dev,
			   struct hb_drain_threads *threads, int *cpu);

/**
 * hb_drain_has_threads() - may hb_drain_threads_done() have to wait?
 * @dev: the device; those below it count, too
 *
 * Context: under RCU.
 * Return: true if a queue is read by a thread.
 */
bool hb_drain_has_threads(struct net_device *dev);

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

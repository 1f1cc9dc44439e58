/* SPDX-License-Identifier: GPL-2.0 */
/* A one-shot deadline on CLOCK_MONOTONIC that expires in softirq. */
#ifndef _HB_TIMER_H
#define _HB_TIMER_H

#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/smp.h>
#include <linux/timerqueue.h>
#include <linux/types.h>

/**
 * struct hb_timer - a deadline
 * @node: the deadline, and the place among those of a CPU
 * @expired: called in softirq when the deadline has passed
 * @cpu: where it was armed last, which is where it expires
 * @running: how many CPUs are in @expired: it may be armed on another one, and
 *	expire there, before the first has finished
 */
struct hb_timer {
	struct timerqueue_node node;
	void (*expired)(struct hb_timer *timer);
	int cpu;
	atomic_t running;
};

/**
 * hb_timers_init() - before any timer is armed
 *
 * Context: process.
 */
void hb_timers_init(void);

/**
 * hb_timers_exit() - after the last timer was stopped
 *
 * Context: process.
 */
void hb_timers_exit(void);

/**
 * hb_timer_init() - prepare a timer
 * @timer: the timer
 * @expired: what to call
 *
 * Context: any.
 */
void hb_timer_init(struct hb_timer *timer,
		   void (*expired)(struct hb_timer *timer));

/**
 * hb_timer_arm() - set the deadline, or move it
 * @timer: the timer
 * @at_ns: when, on CLOCK_MONOTONIC; in the past means at once
 *
 * It expires on this CPU.
 *
 * Context: any, the callback of @timer too. Callers serialise by the lock of
 * the object that owns the timer, so that an older deadline never replaces a
 * newer one.
 */
void hb_timer_arm(struct hb_timer *timer, u64 at_ns);

/**
 * hb_timer_deadline() - when the timer is or was to expire
 * @timer: the timer
 *
 * Context: serialised with hb_timer_arm().
 * Return: time on CLOCK_MONOTONIC in ns.
 */
u64 hb_timer_deadline(const struct hb_timer *timer);

/**
 * hb_timer_is_here() - does the timer expire on this CPU?
 * @timer: the timer, armed
 *
 * Context: preemption disabled, serialised with hb_timer_arm().
 * Return: true if so.
 */
bool hb_timer_is_here(const struct hb_timer *timer);

/**
 * hb_timer_stop() - make sure that the callback does not run and will not
 * @timer: the timer, which nobody may arm any more
 *
 * Context: process; waits for a callback that runs.
 */
void hb_timer_stop(struct hb_timer *timer);

/**
 * struct hb_far_timer - a deadline on a CPU other than the one that sets it
 * @csd: carries it to the other CPU
 * @timer: the deadline; its callback arms it again on its own CPU by
 *	hb_timer_arm()
 * @moving_ns: the deadline while it is being carried, else 0
 */
struct hb_far_timer {
	call_single_data_t csd;
	struct hb_timer timer;
	atomic64_t moving_ns;
};

/**
 * hb_far_timer_init() - prepare a timer
 * @far: the timer
 * @expired: what to call
 *
 * Context: any.
 */
void hb_far_timer_init(struct hb_far_timer *far,
		       void (*expired)(struct hb_timer *timer));

/**
 * hb_far_timer_arm() - set the deadline on the next CPU
 * @far: the timer; one that is on its way already stays as it is
 * @at_ns: when, on CLOCK_MONOTONIC
 *
 * Where no other CPU may be disturbed by timers, it is set on this one, a
 * second later; its callback looks again.
 *
 * Context: any but hard interrupt, with preemption disabled. Callers serialise
 * as for hb_timer_arm().
 */
void hb_far_timer_arm(struct hb_far_timer *far, u64 at_ns);

/**
 * hb_far_timer_moves() - is the deadline on its way to another CPU?
 * @far: the timer
 *
 * Context: any.
 * Return: true if so, and it can't be set anew.
 */
bool hb_far_timer_moves(const struct hb_far_timer *far);

/**
 * hb_far_timer_stop() - make sure that the callback does not run and will not
 * @far: the timer, which nobody may arm any more
 *
 * Context: process; waits for the other CPU.
 */
void hb_far_timer_stop(struct hb_far_timer *far);

/**
 * hb_timer_is_welcome() - may a CPU be disturbed by timers of another one?
 * @cpu: the CPU
 *
 * Those that were isolated from timers or the scheduler are left in peace.
 *
 * Context: any.
 * Return: true if so.
 */
bool hb_timer_is_welcome(int cpu);

/**
 * hb_timer_resolution() - how exact timers are
 *
 * Context: any.
 * Return: ns; the length of a tick without high-resolution timers.
 */
unsigned int hb_timer_resolution(void);

#endif /* _HB_TIMER_H */

// SPDX-License-Identifier: GPL-2.0
/* A one-shot deadline on CLOCK_MONOTONIC that expires in softirq. Those of a
 * CPU are in one queue with one interrupt for the first of them, which
 * schedules a tasklet that calls all that have passed. Tasklets come after the
 * receive softirq in the same pass, so that beats which are queued on this CPU
 * are heard before anybody is judged.
 *
 * Soft hrtimers would do if softirqs always ran in time. But those that are
 * raised late in a pass which a tick has come into are left to ksoftirqd, which
 * may have to wait for a CPU. The end of any later interrupt runs them, but for
 * soft hrtimers none is set until they have run, so that it may take until the
 * next tick. Before 6.5 interrupts leave them to ksoftirqd too, but for
 * tasklets (SOFTIRQ_NOW_MASK). With PREEMPT_RT tasklets run in ksoftirqd, and
 * soft hrtimers in a thread of a higher priority.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/sched/isolation.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "timer.h"

/* Without another CPU, it looks for one so much later. */
#define HB_FAR_TIMER_RETRY_NS	NSEC_PER_SEC

/* Pinned: left to itself, a timer of an idle CPU moves to a busy one. */
#define HB_TIMER_MODE	(IS_ENABLED(CONFIG_PREEMPT_RT) ?	\
			 HRTIMER_MODE_ABS_PINNED_SOFT :		\
			 HRTIMER_MODE_ABS_PINNED_HARD)
/* How soon to interrupt again for what softirqs may leave behind: half of how
 * late it is, so that on an overloaded CPU others run, too.
 */
#define HB_TIMER_KICK_MIN_NS	(100 * NSEC_PER_USEC)
#define HB_TIMER_KICK_MAX_NS	(10 * NSEC_PER_MSEC)

/**
 * struct hb_timers - the timers of a CPU
 * @lock: protects all that follows, and who is in @queue
 * @queue: by deadline, the first one first
 * @alarm: an interrupt at the first deadline
 * @running: those that have passed are being called; then @alarm is set
 * @tasklet: calls them
 *
 * What a CPU that goes offline leaves behind expires on the one that its @alarm
 * moves to.
 */
struct hb_timers {
	raw_spinlock_t lock;	/* protects all that follows */
	struct timerqueue_head queue;
	struct hrtimer alarm;
	bool running;
	struct tasklet_struct tasklet;
};

static DEFINE_PER_CPU(struct hb_timers, hb_timers);

static void hb_timers_set_alarm(struct hb_timers *timers)
{
	struct timerqueue_node *first = timerqueue_getnext(&timers->queue);

	if (first)
		hrtimer_start(&timers->alarm, first->expires, HB_TIMER_MODE);
}

/* The first one whose deadline has passed, no longer in the queue */
static struct hb_timer *hb_timers_next(struct hb_timers *timers, ktime_t now)
{
	struct timerqueue_node *first = timerqueue_getnext(&timers->queue);
	struct hb_timer *timer;

	if (!first || first->expires > now)
		return NULL;
	timerqueue_del(&timers->queue, first);
	timer = container_of(first, struct hb_timer, node);
	atomic_inc(&timer->running);
	return timer;
}

/* Softirq */
static void hb_timers_run(struct hb_timers *timers)
{
	ktime_t now = ktime_get();
	struct hb_timer *timer;

	raw_spin_lock_irq(&timers->lock);
	timers->running = true;
	while ((timer = hb_timers_next(timers, now))) {
		raw_spin_unlock_irq(&timers->lock);
		timer->expired(timer);
		/* Pairs with hb_timer_stop(). */
		atomic_dec_return_release(&timer->running);
		raw_spin_lock_irq(&timers->lock);
	}
	timers->running = false;
	hb_timers_set_alarm(timers);
	raw_spin_unlock_irq(&timers->lock);
}

static void hb_timers_tasklet(struct tasklet_struct *tasklet)
{
	struct hb_timers *timers = from_tasklet(timers, tasklet, tasklet);

	hb_timers_run(timers);
}

/* An interrupt while softirqs run, which may leave this to ksoftirqd. */
static enum hrtimer_restart hb_timers_kick(struct hb_timers *timers)
{
	enum hrtimer_restart restart = HRTIMER_NORESTART;
	struct timerqueue_node *first;
	s64 late;

	raw_spin_lock(&timers->lock);
	first = timerqueue_getnext(&timers->queue);
	/* It is if the CPU that it was of is back, and has set it. */
	if (first && !hrtimer_is_queued(&timers->alarm)) {
		late = ktime_sub(ktime_get(), first->expires);
		hrtimer_forward_now(&timers->alarm,
				    clamp(late / 2, HB_TIMER_KICK_MIN_NS,
					  HB_TIMER_KICK_MAX_NS));
		restart = HRTIMER_RESTART;
	}
	raw_spin_unlock(&timers->lock);
	return restart;
}

static enum hrtimer_restart hb_timers_alarm(struct hrtimer *alarm)
{
	struct hb_timers *timers = container_of(alarm, struct hb_timers,
						alarm);

	if (IS_ENABLED(CONFIG_PREEMPT_RT)) {
		hb_timers_run(timers);
		return HRTIMER_NORESTART;
	}
	/* Softirqs run at the end of an interrupt, unless they do already. */
	tasklet_schedule(&timers->tasklet);
	return in_serving_softirq() ? hb_timers_kick(timers) :
				      HRTIMER_NORESTART;
}

void hb_timer_init(struct hb_timer *timer,
		   void (*expired)(struct hb_timer *timer))
{
	timerqueue_init(&timer->node);
	timer->node.expires = 0;
	timer->expired = expired;
	timer->cpu = raw_smp_processor_id();
	atomic_set(&timer->running, 0);
}

static void hb_timers_remove(struct hb_timers *timers, struct hb_timer *timer)
{
	if (!RB_EMPTY_NODE(&timer->node.node))
		timerqueue_del(&timers->queue, &timer->node);
}

/* The queue that it is in, if any */
static void hb_timer_leave(struct hb_timer *timer)
{
	struct hb_timers *timers = per_cpu_ptr(&hb_timers, timer->cpu);
	unsigned long flags;

	raw_spin_lock_irqsave(&timers->lock, flags);
	hb_timers_remove(timers, timer);
	raw_spin_unlock_irqrestore(&timers->lock, flags);
}

void hb_timer_arm(struct hb_timer *timer, u64 at_ns)
{
	struct hb_timers *timers = this_cpu_ptr(&hb_timers);
	unsigned long flags;

	if (timer->cpu != smp_processor_id())
		hb_timer_leave(timer);
	raw_spin_lock_irqsave(&timers->lock, flags);
	hb_timers_remove(timers, timer);
	timer->cpu = smp_processor_id();
	timer->node.expires = ns_to_ktime(at_ns);
	if (timerqueue_add(&timers->queue, &timer->node) && !timers->running)
		hb_timers_set_alarm(timers);
	raw_spin_unlock_irqrestore(&timers->lock, flags);
}

u64 hb_timer_deadline(const struct hb_timer *timer)
{
	return ktime_to_ns(timer->node.expires);
}

bool hb_timer_is_here(const struct hb_timer *timer)
{
	return timer->cpu == smp_processor_id();
}

void hb_timer_stop(struct hb_timer *timer)
{
	hb_timer_leave(timer);
	/* Pairs with hb_timers_run(). */
	while (atomic_read_acquire(&timer->running))
		usleep_range(20, 100);
}

/* Hard interrupt on the CPU that the timer goes to */
static void hb_timer_arrived(void *info)
{
	struct hb_far_timer *far = info;

	hb_timer_arm(&far->timer, atomic64_read(&far->moving_ns));
	/* Pairs with hb_far_timer_stop(), which cancels what was armed, and
	 * with hb_far_timer_moves().
	 */
	atomic64_set_release(&far->moving_ns, 0);
}

void hb_far_timer_init(struct hb_far_timer *far,
		       void (*expired)(struct hb_timer *timer))
{
	hb_timer_init(&far->timer, expired);
	INIT_CSD(&far->csd, hb_timer_arrived, far);
	atomic64_set(&far->moving_ns, 0);
}

bool hb_far_timer_moves(const struct hb_far_timer *far)
{
	/* Pairs with hb_timer_arrived(): who sees it there sees where. */
	return atomic64_read_acquire(&far->moving_ns);
}

bool hb_timer_is_welcome(int cpu)
{
	return housekeeping_cpu(cpu, HK_TYPE_TIMER) &&
	       housekeeping_cpu(cpu, HK_TYPE_DOMAIN);
}

/* The next CPU, in turn, or this one if no other will do. */
static int hb_timer_other_cpu(void)
{
	int self = smp_processor_id(), cpu;

	for_each_cpu_wrap(cpu, cpu_online_mask, self + 1) {
		if (cpu == self || hb_timer_is_welcome(cpu))
			return cpu;
	}
	return self;
}

/* False if there is no other CPU, or it has just gone. */
static bool hb_far_timer_move(struct hb_far_timer *far, u64 at_ns)
{
	int cpu = hb_timer_other_cpu();

	if (cpu == smp_processor_id())
		return false;
	atomic64_set(&far->moving_ns, max(at_ns, 1ULL));
	if (!smp_call_function_single_async(cpu, &far->csd))
		return true;
	atomic64_set(&far->moving_ns, 0);
	return false;
}

void hb_far_timer_arm(struct hb_far_timer *far, u64 at_ns)
{
	if (!hb_far_timer_moves(far) && !hb_far_timer_move(far, at_ns))
		hb_timer_arm(&far->timer, at_ns + HB_FAR_TIMER_RETRY_NS);
}

void hb_far_timer_stop(struct hb_far_timer *far)
{
	/* Pairs with hb_timer_arrived(). */
	atomic64_cond_read_acquire(&far->moving_ns, !VAL);
	hb_timer_stop(&far->timer);
}

void hb_timers_init(void)
{
	struct hb_timers *timers;
	int cpu;

	for_each_possible_cpu(cpu) {
		timers = per_cpu_ptr(&hb_timers, cpu);
		raw_spin_lock_init(&timers->lock);
		timerqueue_init_head(&timers->queue);
		hrtimer_setup(&timers->alarm, hb_timers_alarm,
			      CLOCK_MONOTONIC, HB_TIMER_MODE);
		tasklet_setup(&timers->tasklet, hb_timers_tasklet);
	}
}

void hb_timers_exit(void)
{
	struct hb_timers *timers;
	int cpu;

	for_each_possible_cpu(cpu) {
		timers = per_cpu_ptr(&hb_timers, cpu);
		hrtimer_cancel(&timers->alarm);
		tasklet_kill(&timers->tasklet);
	}
}

unsigned int hb_timer_resolution(void)
{
	return hrtimer_resolution;
}

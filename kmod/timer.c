// SPDX-License-Identifier: GPL-2.0
/* A one-shot deadline on CLOCK_MONOTONIC that expires in softirq. The soft
 * hrtimer runs after the receive softirq in the same pass, so that beats which
 * are queued on this CPU are heard before anybody is judged. It is pinned: left
 * to itself, a timer of an idle CPU moves to a busy one.
 */
#include <linux/cpumask.h>
#include <linux/sched/isolation.h>
#include <linux/smp.h>

#include "timer.h"

/* Without another CPU, it looks for one so much later. */
#define HB_FAR_TIMER_RETRY_NS	NSEC_PER_SEC

/* Before 6.5 an interrupt leaves softirqs to ksoftirqd once that is about to
 * run, however long it has to wait for a CPU; but it does not if a tasklet is
 * among them (SOFTIRQ_NOW_MASK). Tasklets come after the receive softirq, too.
 */
#if HB_TIMER_BY_TASKLET
#define HB_TIMER_MODE	HRTIMER_MODE_ABS_PINNED_HARD

static void hb_timer_tasklet(struct tasklet_struct *tasklet)
{
	struct hb_timer *timer = from_tasklet(timer, tasklet, tasklet);

	timer->expired(timer);
}

static void hb_timer_setup(struct hb_timer *timer)
{
	tasklet_setup(&timer->tasklet, hb_timer_tasklet);
}

static void hb_timer_run(struct hb_timer *timer)
{
	tasklet_schedule(&timer->tasklet);
}

static void hb_timer_end(struct hb_timer *timer)
{
	tasklet_kill(&timer->tasklet);
}
#else
#define HB_TIMER_MODE	HRTIMER_MODE_ABS_PINNED_SOFT

static void hb_timer_setup(struct hb_timer *timer)
{
}

static void hb_timer_run(struct hb_timer *timer)
{
	timer->expired(timer);
}

static void hb_timer_end(struct hb_timer *timer)
{
}
#endif

static enum hrtimer_restart hb_timer_expired(struct hrtimer *hrt)
{
	struct hb_timer *timer = container_of(hrt, struct hb_timer, hrt);

	timer->again = false;
	hb_timer_run(timer);
	return timer->again ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

void hb_timer_init(struct hb_timer *timer,
		   void (*expired)(struct hb_timer *timer))
{
	timer->expired = expired;
	hb_timer_setup(timer);
	hrtimer_setup(&timer->hrt, hb_timer_expired, CLOCK_MONOTONIC,
		      HB_TIMER_MODE);
}

void hb_timer_arm(struct hb_timer *timer, u64 at_ns)
{
	timer->cpu = smp_processor_id();
	hrtimer_start(&timer->hrt, ns_to_ktime(at_ns), HB_TIMER_MODE);
}

/* Who arms a timer holds the lock that the caller does, so one that is not
 * queued now won't be before that is released; if it is then, the core leaves
 * it as it is, whatever the callback returns. A tasklet is no callback of the
 * hrtimer.
 */
void hb_timer_arm_again(struct hb_timer *timer, u64 at_ns)
{
	if (HB_TIMER_BY_TASKLET || hrtimer_is_queued(&timer->hrt)) {
		hb_timer_arm(timer, at_ns);
		return;
	}
	hrtimer_set_expires(&timer->hrt, ns_to_ktime(at_ns));
	timer->again = true;
}

u64 hb_timer_deadline(const struct hb_timer *timer)
{
	return ktime_to_ns(hrtimer_get_expires(&timer->hrt));
}

bool hb_timer_is_here(const struct hb_timer *timer)
{
	return timer->cpu == smp_processor_id();
}

void hb_timer_stop(struct hb_timer *timer)
{
	hrtimer_cancel(&timer->hrt);
	hb_timer_end(timer);
}

/* Hard interrupt on the CPU that the timer goes to */
static void hb_timer_arrived(void *info)
{
	struct hb_far_timer *far = info;

	hb_timer_arm(&far->timer, far->at_ns);
	/* Pairs with hb_far_timer_stop(), which cancels what was armed. */
	smp_store_release(&far->moving, false);
}

void hb_far_timer_init(struct hb_far_timer *far,
		       void (*expired)(struct hb_timer *timer))
{
	hb_timer_init(&far->timer, expired);
	INIT_CSD(&far->csd, hb_timer_arrived, far);
	far->moving = false;
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
	far->at_ns = at_ns;
	far->moving = true;
	if (!smp_call_function_single_async(cpu, &far->csd))
		return true;
	far->moving = false;
	return false;
}

void hb_far_timer_arm(struct hb_far_timer *far, u64 at_ns)
{
	if (!far->moving && !hb_far_timer_move(far, at_ns))
		hb_timer_arm(&far->timer, at_ns + HB_FAR_TIMER_RETRY_NS);
}

void hb_far_timer_stop(struct hb_far_timer *far)
{
	/* Pairs with hb_timer_arrived(). */
	smp_cond_load_acquire(&far->moving, !VAL);
	hb_timer_stop(&far->timer);
}

unsigned int hb_timer_resolution(void)
{
	return hrtimer_resolution;
}

// SPDX-License-Identifier: GPL-2.0
/* A one-shot deadline on CLOCK_MONOTONIC that expires in softirq. The soft
 * hrtimer runs after the receive softirq in the same pass, so that beats which
 * are queued on this CPU are heard before anybody is judged.
 */
#include "timer.h"

static enum hrtimer_restart hb_timer_expired(struct hrtimer *hrt)
{
	struct hb_timer *timer = container_of(hrt, struct hb_timer, hrt);

	timer->expired(timer);
	/* Armed again by then, if at all: hrtimer_start() may race with this
	 * callback, a restart from here may not.
	 */
	return HRTIMER_NORESTART;
}

void hb_timer_init(struct hb_timer *timer,
		   void (*expired)(struct hb_timer *timer))
{
	timer->expired = expired;
	hrtimer_setup(&timer->hrt, hb_timer_expired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}

void hb_timer_arm(struct hb_timer *timer, u64 at_ns)
{
	hrtimer_start(&timer->hrt, ns_to_ktime(at_ns), HRTIMER_MODE_ABS_SOFT);
}

u64 hb_timer_deadline(const struct hb_timer *timer)
{
	return ktime_to_ns(hrtimer_get_expires(&timer->hrt));
}

void hb_timer_stop(struct hb_timer *timer)
{
	hrtimer_cancel(&timer->hrt);
}

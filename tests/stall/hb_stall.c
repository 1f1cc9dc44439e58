// SPDX-License-Identifier: GPL-2.0
/* For tests: make a CPU stand still with interrupts off, or all of them.
 *
 * `echo CPU MS > /sys/module/hb_stall/parameters/stall`, or `all MS`, returns
 * when it is over. `echo CPU MS IN_MS > .../later` returns at once, and the CPU
 * stands still in so many milliseconds. `echo SEED MS US > .../storm` goes on
 * for MS milliseconds with random stalls of up to US microseconds each, whole
 * magnitudes alike; the seed makes them the same again. After `echo FROM TO >
 * .../within`, in ns of CLOCK_MONOTONIC, `within` says how many of them there
 * were in that time, at least in part, and how long they were.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>

#define HB_STALL_MAX_MS	10000
#define HB_STORM_MAX_US	(HB_STALL_MAX_MS * USEC_PER_MSEC)
#define HB_STORM_KEPT	16384U

struct hb_storm_stall {
	u64 end_ns;
	u64 len_ns;
};

/* One at a time; the timer's callback is the only writer while it runs. */
static struct {
	struct hrtimer timer;
	struct rnd_state random;
	u32 longest_us;
	u64 end_ns;
	unsigned int n;
	struct hb_storm_stall stall[HB_STORM_KEPT];
} hb_storm;

/* By the clock: a delay alone counts loops, and was calibrated at boot, where a
 * busy host makes it too short, by half and more. In simulated time nothing but
 * delays moves the clock.
 */
static void hb_stall_us(unsigned int us)
{
	u64 end = ktime_get_ns() + us * (u64)NSEC_PER_USEC, now;

	while ((now = ktime_get_ns()) < end)
		udelay(min_t(u64, div_u64(end - now, NSEC_PER_USEC) + 1,
			     USEC_PER_MSEC));
}

static void hb_stall_here(void *info)
{
	hb_stall_us(*(unsigned int *)info * USEC_PER_MSEC);
}

static int hb_stall_set(const char *val, const struct kernel_param *kp)
{
	unsigned int cpu, ms;
	bool all = sscanf(val, "all %u", &ms) == 1;

	if ((!all && sscanf(val, "%u %u", &cpu, &ms) != 2) ||
	    ms > HB_STALL_MAX_MS)
		return -EINVAL;
	if (all) {
		on_each_cpu(hb_stall_here, &ms, 1);
		return 0;
	}
	/* Interrupts are off in such a call. */
	return smp_call_function_single(cpu, hb_stall_here, &ms, 1);
}

static const struct kernel_param_ops hb_stall_ops = {
	.set = hb_stall_set,
};

module_param_cb(stall, &hb_stall_ops, NULL, 0200);
MODULE_PARM_DESC(stall, "CPU or all, and milliseconds");

/* One at a time */
static struct {
	struct hrtimer timer;
	unsigned int ms;
	unsigned int in_ms;
} hb_later;

static enum hrtimer_restart hb_later_stalls(struct hrtimer *timer)
{
	hb_stall_here(&hb_later.ms);
	return HRTIMER_NORESTART;
}

static void hb_later_here(void *info)
{
	hrtimer_start(&hb_later.timer, ms_to_ktime(hb_later.in_ms),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

static int hb_later_set(const char *val, const struct kernel_param *kp)
{
	unsigned int cpu, ms, in_ms;

	if (sscanf(val, "%u %u %u", &cpu, &ms, &in_ms) != 3 ||
	    ms > HB_STALL_MAX_MS || in_ms > HB_STALL_MAX_MS)
		return -EINVAL;
	hrtimer_cancel(&hb_later.timer);
	hb_later.ms = ms;
	hb_later.in_ms = in_ms;
	return smp_call_function_single(cpu, hb_later_here, NULL, 1);
}

static const struct kernel_param_ops hb_later_ops = {
	.set = hb_later_set,
};

module_param_cb(later, &hb_later_ops, NULL, 0200);
MODULE_PARM_DESC(later, "CPU, milliseconds, and in how many of them");

/* Below a bound that is halved up to ten times */
static u32 hb_storm_random_us(void)
{
	u32 bound = hb_storm.longest_us >>
		    prandom_u32_state(&hb_storm.random) % 11;

	return prandom_u32_state(&hb_storm.random) % (bound + 1);
}

/* In hard interrupt: a stall, and then as much time to live, on average, and a
 * little more.
 */
static enum hrtimer_restart hb_storm_stalls(struct hrtimer *timer)
{
	struct hb_storm_stall *stall =
		&hb_storm.stall[hb_storm.n % HB_STORM_KEPT];
	u64 began = ktime_get_ns();
	u64 live;

	if (began >= hb_storm.end_ns)
		return HRTIMER_NORESTART;
	hb_stall_us(hb_storm_random_us());
	stall->end_ns = ktime_get_ns();
	stall->len_ns = stall->end_ns - began;
	hb_storm.n++;
	live = hb_storm_random_us() + hb_storm.longest_us / 50;
	hrtimer_forward_now(timer, ns_to_ktime(live * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

static int hb_storm_set(const char *val, const struct kernel_param *kp)
{
	unsigned int seed, ms, us;

	if (sscanf(val, "%u %u %u", &seed, &ms, &us) != 3 || !us ||
	    us > HB_STORM_MAX_US)
		return -EINVAL;
	hrtimer_cancel(&hb_storm.timer);
	prandom_seed_state(&hb_storm.random, seed);
	hb_storm.longest_us = us;
	hb_storm.end_ns = ktime_get_ns() + (u64)ms * NSEC_PER_MSEC;
	hb_storm.n = 0;
	hrtimer_start(&hb_storm.timer, 0, HRTIMER_MODE_REL_HARD);
	return 0;
}

static const struct kernel_param_ops hb_storm_ops = {
	.set = hb_storm_set,
};

module_param_cb(storm, &hb_storm_ops, NULL, 0200);
MODULE_PARM_DESC(storm, "seed, milliseconds, longest stall in microseconds");

static u64 hb_within_from, hb_within_to;

static int hb_within_set(const char *val, const struct kernel_param *kp)
{
	if (sscanf(val, "%llu %llu", &hb_within_from, &hb_within_to) != 2)
		return -EINVAL;
	return 0;
}

static int hb_within_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int i = max(hb_storm.n, HB_STORM_KEPT) - HB_STORM_KEPT, n = 0;
	const struct hb_storm_stall *stall;
	u64 len_ns = 0;

	for (; i < hb_storm.n; i++) {
		stall = &hb_storm.stall[i % HB_STORM_KEPT];
		if (stall->end_ns <= hb_within_from ||
		    stall->end_ns - stall->len_ns >= hb_within_to)
			continue;
		n++;
		len_ns += stall->len_ns;
	}
	return sysfs_emit(buffer, "%u %llu\n", n, len_ns);
}

static const struct kernel_param_ops hb_within_ops = {
	.set = hb_within_set,
	.get = hb_within_get,
};

module_param_cb(within, &hb_within_ops, NULL, 0600);
MODULE_PARM_DESC(within, "from and to; then number and ns of the stalls between");

static int __init hb_stall_init(void)
{
	hrtimer_setup(&hb_later.timer, hb_later_stalls, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_setup(&hb_storm.timer, hb_storm_stalls, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_HARD);
	return 0;
}

static void __exit hb_stall_exit(void)
{
	hrtimer_cancel(&hb_later.timer);
	hrtimer_cancel(&hb_storm.timer);
}

module_init(hb_stall_init);
module_exit(hb_stall_exit);

MODULE_DESCRIPTION("Makes a CPU stand still");
MODULE_LICENSE("GPL");

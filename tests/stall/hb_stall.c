// SPDX-License-Identifier: GPL-2.0
/* For tests: make a CPU stand still with interrupts off. `echo CPU MS >
 * /sys/module/hb_stall/parameters/stall` returns when it is over.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/smp.h>

#define HB_STALL_MAX_MS	10000

static void hb_stall_here(void *info)
{
	unsigned int ms = *(unsigned int *)info;

	while (ms--)
		mdelay(1);
}

static int hb_stall_set(const char *val, const struct kernel_param *kp)
{
	unsigned int cpu, ms;

	if (sscanf(val, "%u %u", &cpu, &ms) != 2 || ms > HB_STALL_MAX_MS)
		return -EINVAL;
	/* Interrupts are off in such a call. */
	return smp_call_function_single(cpu, hb_stall_here, &ms, 1);
}

static const struct kernel_param_ops hb_stall_ops = {
	.set = hb_stall_set,
};

module_param_cb(stall, &hb_stall_ops, NULL, 0200);
MODULE_PARM_DESC(stall, "CPU and milliseconds");

MODULE_DESCRIPTION("Makes a CPU stand still");
MODULE_LICENSE("GPL");

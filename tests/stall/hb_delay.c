// SPDX-License-Identifier: GPL-2.0
/* For tests: whoever comes by a tracepoint of hb.ko is held up there, up to
 * `longest_us` microseconds, each time as chance will have it. That makes the
 * time long in which another CPU may come between: a packet has found its peer
 * and not its lock yet (hb_rx), a beat has its path and keys and is not sent
 * yet (hb_tx), a timer has expired (hb_timer), a message of events has left
 * (hb_event_sent), a peer has changed (hb_state).
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/tracepoint.h>

static unsigned int longest_us = 100;
module_param(longest_us, uint, 0600);
MODULE_PARM_DESC(longest_us, "longest delay in microseconds, up to 2000");

/* What the tracepoint tells follows, and nobody looks at it. */
static void hb_delay_probe(void *data)
{
	unsigned int longest = min(READ_ONCE(longest_us), 2000U);

	udelay(get_random_u32() % (longest + 1));
}

static int hb_delay_module(struct notifier_block *nb, unsigned long state,
			   void *data)
{
	const struct module *mod = ((struct tp_module *)data)->mod;
	struct tracepoint *tp;
	unsigned int i;

	if (strcmp(mod->name, "hb"))
		return NOTIFY_DONE;
	for (i = 0; i < mod->num_tracepoints; i++) {
		tp = tracepoint_ptr_deref(mod->tracepoints_ptrs + i);
		if (state == MODULE_STATE_COMING)
			tracepoint_probe_register(tp, hb_delay_probe, NULL);
		else
			tracepoint_probe_unregister(tp, hb_delay_probe, NULL);
	}
	tracepoint_synchronize_unregister();
	return NOTIFY_DONE;
}

static struct notifier_block hb_delay_nb = {
	.notifier_call = hb_delay_module,
};

/* Those that are there are told as if they came, or went, now. */
static int __init hb_delay_init(void)
{
	return register_tracepoint_module_notifier(&hb_delay_nb);
}

static void __exit hb_delay_exit(void)
{
	unregister_tracepoint_module_notifier(&hb_delay_nb);
}

module_init(hb_delay_init);
module_exit(hb_delay_exit);

MODULE_DESCRIPTION("Delays what passes the tracepoints of hb.ko");
MODULE_LICENSE("GPL");

// SPDX-License-Identifier: GPL-2.0
/* Has everything that had arrived by a certain time been heard? CPUs and
 * threads may have yet to read it.
 *
 * A CPU that is asked schedules a tasklet from an interrupt. The receive
 * softirq comes before tasklets in the same pass, so when the tasklet runs, the
 * CPU has read what its queues held, or has stopped for its budget and left
 * something in them: then the tasklet goes round once more. A tasklet is also
 * what makes kernels before 6.5 run softirqs that they had left to ksoftirqd.
 *
 * With PREEMPT_RT an idle CPU may not raise a softirq in a call from another
 * one, it warns (do_softirq_post_smp_call_flush()); its irq_work thread may.
 */
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/moduleparam.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

#include "drain.h"

static bool drain = true;
module_param(drain, bool, 0644);
MODULE_PARM_DESC(drain, "hear all that is queued before a peer is judged");

/* 64 budgets of the receive softirq, 300 packets each, empty any queue that
 * was not filled meanwhile; a flood that fills it does not put off verdicts.
 */
#define HB_DRAIN_ROUNDS	64
/* A thread that ran for so long has read any ring of a card. */
#define HB_DRAIN_THREAD_NS	(10 * NSEC_PER_MSEC)

/* How often a packet may be handed on */
#define HB_DRAIN_HOPS	2

/**
 * struct hb_drain_cpu - the state of asking a CPU
 * @csd: asks it
 * @called: @csd is under way; the kernel leaves it to callers to take turns
 * @work: schedules @tasklet, with PREEMPT_RT
 * @tasklet: comes after the receive softirq
 * @asked_ns: when it began to read; its own
 * @rounds: how often it stopped for its budget since; its own
 * @done_ns: it has read what had arrived by then; behind @asked_ns while it
 *	reads
 */
struct hb_drain_cpu {
	call_single_data_t csd;
	atomic_t called;
	struct irq_work work;
	struct tasklet_struct tasklet;
	u64 asked_ns;
	unsigned int rounds;
	u64 done_ns;
};

static DEFINE_PER_CPU_ALIGNED(struct hb_drain_cpu, hb_drain_cpu);

/**
 * struct hb_drain_rounds - all CPUs read, again and again
 * @lock: protects all that follows; taken in softirq, inside a peer's lock
 * @begun: number of the round under way, or @ended
 * @ended: of the last one in which all have
 * @since_ns: when @begun began
 */
struct hb_drain_rounds {
	spinlock_t lock;	/* protects all that follows */
	u64 begun;
	u64 ended;
	u64 since_ns;
};

static struct hb_drain_rounds hb_drain_rounds = {
	.lock = __SPIN_LOCK_UNLOCKED(hb_drain_rounds.lock),
};

/* Is something left that this CPU is to receive: devices to be polled, or a
 * backlog, which a thread may have to read?
 */
static bool hb_drain_rx_pending(void)
{
	const struct softnet_data *sd = this_cpu_ptr(&softnet_data);

	/* With PREEMPT_RT a judge may have come before who is reading. */
	return compat_in_net_rx_action(sd) || !list_empty(&sd->poll_list) ||
	       !skb_queue_empty_lockless(&sd->input_pkt_queue) ||
	       !skb_queue_empty_lockless(&sd->process_queue);
}

static void hb_drain_tasklet(struct tasklet_struct *tasklet)
{
	struct hb_drain_cpu *dc = from_tasklet(dc, tasklet, tasklet);

	if (hb_drain_rx_pending() && ++dc->rounds < HB_DRAIN_ROUNDS)
		tasklet_schedule(tasklet);
	else
		WRITE_ONCE(dc->done_ns, dc->asked_ns);
}

/* A thread of this CPU */
static void hb_drain_work(struct irq_work *work)
{
	struct hb_drain_cpu *dc = container_of(work, struct hb_drain_cpu, work);

	tasklet_schedule(&dc->tasklet);
}

/* Interrupts are off, on the CPU that is asked. Asked again while it reads, it
 * goes on as before, or a flood would keep it reading for as long as it is
 * asked; who needs what came later asks once more.
 */
static void hb_drain_asked(void *info)
{
	struct hb_drain_cpu *dc = info;

	if (dc->asked_ns == dc->done_ns) {
		dc->asked_ns = ktime_get_ns();
		dc->rounds = 0;
		if (IS_ENABLED(CONFIG_PREEMPT_RT))
			irq_work_queue(&dc->work);
		else
			tasklet_schedule(&dc->tasklet);
	}
	/* Pairs with the next caller, and with hb_drain_exit(). */
	atomic_set_release(&dc->called, 0);
}

static bool hb_drain_cpu_done(int cpu, u64 since)
{
	struct hb_drain_cpu *dc = per_cpu_ptr(&hb_drain_cpu, cpu);

	if (READ_ONCE(dc->done_ns) >= since)
		return true;
	if (atomic_cmpxchg(&dc->called, 0, 1))
		return false;
	if (!smp_call_function_single_async(cpu, &dc->csd))
		return false;
	/* It goes offline, and its backlog to another CPU. */
	atomic_set_release(&dc->called, 0);
	return true;
}

bool hb_drain_done(u64 since, int *cpu)
{
	int other, self = smp_processor_id();
	bool done = true;

	if (!READ_ONCE(drain))
		return true;
	for_each_online_cpu(other) {
		if (other == self && !hb_drain_rx_pending())
			continue;
		if (hb_drain_cpu_done(other, since))
			continue;
		*cpu = other;
		done = false;
	}
	return done;
}

u64 hb_drain_ticket(void)
{
	u64 ticket = 0;

#ifdef CONFIG_RPS
	if (static_branch_unlikely(&rps_needed)) {
		spin_lock(&hb_drain_rounds.lock);
		/* One that is under way may have asked before. */
		ticket = hb_drain_rounds.begun + HB_DRAIN_HOPS;
		spin_unlock(&hb_drain_rounds.lock);
	}
#endif
	return ticket;
}

bool hb_drain_rounds_done(u64 ticket, int *cpu, u64 *since)
{
	struct hb_drain_rounds *rounds = &hb_drain_rounds;
	bool done = true;

	spin_lock(&rounds->lock);
	while (done && rounds->ended < ticket) {
		if (rounds->begun == rounds->ended) {
			rounds->begun++;
			rounds->since_ns = ktime_get_ns();
		}
		done = hb_drain_done(rounds->since_ns, cpu);
		if (done)
			rounds->ended = rounds->begun;
	}
	*since = rounds->since_ns;
	spin_unlock(&rounds->lock);
	return done;
}

/**
 * struct hb_drain_look - a look at the threads of a device
 * @threads: what was seen before
 * @n: threads seen so far in this look
 * @cpu: where the one is that is waited for
 */
struct hb_drain_look {
	struct hb_drain_threads *threads;
	unsigned int n;
	int cpu;
};

/* Has a thread read what there was when it was looked at first? */
static bool hb_drain_thread_done(const struct napi_struct *napi,
				 const struct task_struct *thread, u64 *ran_ns)
{
	u64 ran = READ_ONCE(thread->se.sum_exec_runtime);

	if (!test_bit(NAPI_STATE_SCHED, &napi->state))
		return true;
	if (!*ran_ns)
		*ran_ns = max(ran, 1ULL);
	return ran > *ran_ns + HB_DRAIN_THREAD_NS;
}

/* One queue can be switched without the others, so dev->threaded would not
 * tell.
 */
static bool hb_drain_is_threaded(const struct napi_struct *napi)
{
	return test_bit(NAPI_STATE_THREADED, &napi->state);
}

/* Stops at the first thread that has not. */
static int hb_drain_see_threads(struct net_device *dev,
				struct netdev_nested_priv *priv)
{
	struct hb_drain_look *look = priv->data;
	struct hb_drain_threads *threads = look->threads;
	const struct task_struct *thread;
	const struct napi_struct *napi;

	list_for_each_entry_rcu(napi, &dev->napi_list, dev_list) {
		thread = READ_ONCE(napi->thread);
		if (!thread || !hb_drain_is_threaded(napi) ||
		    look->n++ < threads->done)
			continue;
		if (!hb_drain_thread_done(napi, thread, &threads->ran_ns)) {
			look->cpu = task_cpu(thread);
			return 1;
		}
		threads->done++;
		threads->ran_ns = 0;
	}
	return 0;
}

/* Does @see return 1 for a device or for one below it? */
static bool hb_drain_any(struct net_device *dev,
			 int (*see)(struct net_device *dev,
				    struct netdev_nested_priv *priv),
			 void *data)
{
	struct netdev_nested_priv priv = { .data = data };

	return see(dev, &priv) ||
	       netdev_walk_all_lower_dev_rcu(dev, see, &priv);
}

bool hb_drain_threads_done(struct net_device *dev,
			   struct hb_drain_threads *threads, int *cpu)
{
	struct hb_drain_look look = { .threads = threads };

	if (!READ_ONCE(drain) ||
	    !hb_drain_any(dev, hb_drain_see_threads, &look))
		return true;
	*cpu = look.cpu;
	return false;
}

static int hb_drain_see_threaded(struct net_device *dev,
				 struct netdev_nested_priv *priv)
{
	const struct napi_struct *napi;

	list_for_each_entry_rcu(napi, &dev->napi_list, dev_list) {
		if (hb_drain_is_threaded(napi))
			return 1;
	}
	return 0;
}

bool hb_drain_has_threads(struct net_device *dev)
{
	return hb_drain_any(dev, hb_drain_see_threaded, NULL);
}

void hb_drain_init(void)
{
	struct hb_drain_cpu *dc;
	int cpu;

	for_each_possible_cpu(cpu) {
		dc = per_cpu_ptr(&hb_drain_cpu, cpu);
		INIT_CSD(&dc->csd, hb_drain_asked, dc);
		init_irq_work(&dc->work, hb_drain_work);
		tasklet_setup(&dc->tasklet, hb_drain_tasklet);
	}
}

void hb_drain_exit(void)
{
	struct hb_drain_cpu *dc;
	int cpu;

	for_each_possible_cpu(cpu) {
		dc = per_cpu_ptr(&hb_drain_cpu, cpu);
		atomic_cond_read_acquire(&dc->called, !VAL);
		if (IS_ENABLED(CONFIG_PREEMPT_RT))
			irq_work_sync(&dc->work);
		tasklet_kill(&dc->tasklet);
	}
}

// SPDX-License-Identifier: GPL-2.0
/* Hazards: what the kernel module found on this node, corrected by what only
 * user space can see, with a sentence for each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/hb.h>

#include "cmd.h"
#include "parse.h"

#define POST_NOTIFIERS	"/sys/module/kernel/parameters/crash_kexec_post_notifiers"

static const char *const sentences[] = {
	[HB_HAZARD_SOFTIRQ_DEFERRAL] =
		"this kernel leaves packets to ksoftirqd, which other tasks can hold up, until the next timer",
	[HB_HAZARD_PREEMPT_RT] =
		"softirqs run in threads; keep real-time tasks below ksoftirqd and ktimers (chrt)",
	[HB_HAZARD_THREADIRQS] =
		"booted with threadirqs, so softirqs run in threads",
	[HB_HAZARD_COARSE_TIMERS] =
		"there are no high-resolution timers, so intervals round to a tick",
	[HB_HAZARD_SINGLE_CPU] =
		"no second CPU can beat while the only one is stuck",
	[HB_HAZARD_THREADED_NAPI] =
		"a device to a peer receives in a thread, which other tasks can hold up",
	[HB_HAZARD_NO_GASP] =
		"a device to a peer can't send from a panic, which that peer finds out by timeout",
	[HB_HAZARD_CRASH_KERNEL] =
		"a crash kernel is loaded, so a panic is told to nobody; boot with crash_kexec_post_notifiers",
	[HB_HAZARD_NO_STANDBY] =
		"the other CPUs are isolated, so none can beat while the first one is stuck",
};

/* The first line of a file, empty if there is none */
static void read_line(const char *path, char *buf, int size)
{
	FILE *fp = fopen(path, "re");

	if (!fp || !fgets(buf, size, fp))
		buf[0] = 0;
	if (fp)
		fclose(fp);
}

static bool has_post_notifiers(void)
{
	char line[8];

	read_line(POST_NOTIFIERS, line, sizeof(line));
	return line[0] == 'Y';
}

static bool has_threadirqs(void)
{
	char line[4096], *word, *rest = line;

	read_line("/proc/cmdline", line, sizeof(line));
	while ((word = strsep(&rest, "\n ")))
		if (!strcmp(word, "threadirqs"))
			return true;
	return false;
}

/* Copy the attributes of a node but for the hazards that are none. Returns
 * their length.
 */
static int copy_attrs(const struct hb_rec *node, char *buf)
{
	bool told = has_post_notifiers();
	struct nlattr *nla;
	int rem, len = 0;

	nla_for_each_attr(nla, (struct nlattr *)node->head, node->len, rem) {
		if (told && nla_type(nla) == HB_A_NODE_HAZARD &&
		    hb_attr_uint(nla) == HB_HAZARD_CRASH_KERNEL)
			continue;
		/* without its padding, which the last one may lack */
		memcpy(buf + len, nla, nla->nla_len);
		len += nla_total_size(nla_len(nla));
	}
	return len;
}

static int add_hazard(char *buf, __u32 hazard)
{
	struct nlattr nla = {
		.nla_len = NLA_HDRLEN + sizeof(hazard),
		.nla_type = HB_A_NODE_HAZARD,
	};

	memcpy(buf, &nla, sizeof(nla));
	memcpy(buf + NLA_HDRLEN, &hazard, sizeof(hazard));
	return nla.nla_len;
}

/* Correct what the module could not see of the one node in @list. Returns 0 or
 * a negative errno.
 */
int hb_hazard_correct(struct hb_list *list)
{
	const struct hb_rec *node = list->v[0];
	struct hb_list corrected = { };
	int err, len;
	char *buf;

	/* here the last one is padded too */
	buf = calloc(1, node->len + 2 * NLA_HDRLEN + sizeof(__u32));
	if (!buf)
		return -ENOMEM;
	len = copy_attrs(node, buf);
	if (has_threadirqs())
		len += add_hazard(buf + len, HB_HAZARD_THREADIRQS);
	err = hb_list_add(&corrected, node->set, (struct nlattr *)buf, len);
	free(buf);
	if (err)
		return err;
	hb_list_free(list);
	*list = corrected;
	return 0;
}

static const char *sentence(__u64 hazard)
{
	return hazard < ARRAY_SIZE(sentences) ? sentences[hazard] :
						"unknown to this program";
}

/* For people, a line each; JSON has them with the node. */
void hb_hazard_print(struct hb *hb, const struct hb_rec *node)
{
	const struct hb_attr *attr = &node->set->attrs[HB_A_NODE_HAZARD];
	const struct nlattr *nla;
	const char *name;
	int rem;

	if (hb->out.json)
		return;
	nla_for_each_attr(nla, (struct nlattr *)node->head, node->len, rem) {
		if (nla_type(nla) != HB_A_NODE_HAZARD)
			continue;
		name = hb_schema_name(attr->names, hb_attr_uint(nla));
		fprintf(hb->out.fp, "  hazard %s: %s\n", name ? name : "?",
			sentence(hb_attr_uint(nla)));
	}
}

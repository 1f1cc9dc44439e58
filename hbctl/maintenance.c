// SPDX-License-Identifier: GPL-2.0
/* Begin and end the maintenance of a peer, or of the node itself. */
#include <string.h>
#include <linux/hb.h>

#include "cmd.h"
#include "fmt.h"
#include "parse.h"

#define NO_END	(~0ULL)

static int parse_for(const char *word, __u64 *us)
{
	const char *why;
	__u64 ns = 0;

	why = hb_parse_duration(word, &ns);
	if (!why && ns < 1000)
		why = "is less than a microsecond";
	if (why)
		return hb_value_fail("for", word, why);
	*us = ns / 1000;
	return 0;
}

/* [for DUR]|end, as microseconds from now on */
static int parse_window(int argc, char **argv, __u64 *us)
{
	struct hb_guess guess;
	bool end = argc && !strcmp(argv[0], "end");

	*us = end ? 0 : NO_END;
	if (argc > (end ? 1 : 2))
		return hb_extra_word(argv[end ? 1 : 2]);
	if (!argc || end)
		return 0;
	if (strcmp(argv[0], "for")) {
		hb_guess_start(&guess, argv[0]);
		hb_guess_try(&guess, "for");
		hb_guess_try(&guess, "end");
		return hb_guess_fail(&guess, "word");
	}
	if (argc < 2)
		return hb_fail(HB_EXIT_USAGE, "'for' needs a value");
	return parse_for(argv[1], us);
}

int hb_peer_maintenance(struct hb *hb, int argc, char **argv)
{
	struct nl_msg *msg;
	__u64 us = 0;
	int code;

	if (!argc)
		return hb_fail(HB_EXIT_USAGE, "the name of a peer is missing");
	code = parse_window(argc - 1, argv + 1, &us);
	if (code)
		return code;
	msg = hb_nl_msg(&hb->nl, HB_CMD_PEER_SET);
	if (msg && (nla_put_string(msg, HB_A_PEER_NAME, argv[0]) ||
		    nla_put_u64(msg, HB_A_PEER_MAINTENANCE_US, us)))
		msg = hb_nl_full(&hb->nl, msg);
	if (hb_nl_do(&hb->nl, msg, NULL))
		return hb_peer_report(hb, "peer maintenance", argv[0]);
	return 0;
}

int hb_node_maintenance(struct hb *hb, int argc, char **argv)
{
	struct nl_msg *msg;
	__u64 us = 0;
	int code;

	code = parse_window(argc, argv, &us);
	if (code)
		return code;
	msg = hb_nl_msg(&hb->nl, HB_CMD_NODE_SET);
	if (msg && nla_put_u64(msg, HB_A_NODE_MAINTENANCE_US, us))
		msg = hb_nl_full(&hb->nl, msg);
	if (hb_nl_do(&hb->nl, msg, NULL))
		return hb_nl_report(&hb->nl, "node maintenance");
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* The node: show and set it, and the overview that hbctl alone prints. */
#include <errno.h>
#include <string.h>
#include <linux/hb.h>

#include "cfg.h"
#include "cmd.h"

static const struct hb_field node_line[] = {
	{ HB_A_NODE_NAME, "node" },
	{ HB_A_NODE_ID, "id" },
	{ HB_A_NODE_PORT, "port" },
	{ HB_A_NODE_PEERS, "peers" },
	{ HB_A_NODE_KEYS_SET, "keys" },
	{ }
};

/* Read the node into a list of one. Returns an exit code. */
int hb_node_read(struct hb *hb, struct hb_list *list)
{
	int err = hb_nl_do(&hb->nl, hb_nl_msg(&hb->nl, HB_CMD_NODE_GET), list);

	if (!err && list->n != 1)
		err = hb_nl_fail(&hb->nl, EBADMSG, "malformed reply");
	if (!err && hb_hazard_correct(list))
		err = hb_nl_fail(&hb->nl, ENOMEM, "no memory");
	return err ? hb_nl_report(&hb->nl, "node show") : 0;
}

/* Print a node that has no name yet as well. */
static void node_print(struct hb *hb, const char *key,
		       const struct hb_rec *node)
{
	struct hb_out *out = &hb->out;

	out->style = HB_STYLE_LINE;
	if (hb->opts.given & (HB_OPT_DETAILS | HB_OPT_STATS))
		out->style = HB_STYLE_BLOCK;
	if (out->style == HB_STYLE_LINE && !node->tb[HB_A_NODE_NAME])
		hb_out_word(out, "node without a name", NULL);
	hb_out_rec(out, key, node, node_line);
	if (!out->json && out->style == HB_STYLE_LINE)
		hb_out_line_end(out);
	hb_hazard_print(hb, node);
}

static int node_read_stats(struct hb *hb, struct hb_list *node,
			   struct hb_list *stats)
{
	int code = hb_node_read(hb, node);

	if (code || !(hb->opts.given & HB_OPT_STATS))
		return code;
	code = hb_stats_read(hb, stats);
	if (!code)
		node->v[0]->stats = stats->v[0];
	return code;
}

int hb_node_show(struct hb *hb, int argc, char **argv)
{
	struct hb_list node = { }, stats = { };
	int code;

	if (argc)
		return hb_extra_word(argv[0]);
	hb->opts.given |= HB_OPT_DETAILS;
	code = node_read_stats(hb, &node, &stats);
	if (!code) {
		hb_out_array(&hb->out, NULL);
		node_print(hb, NULL, node.v[0]);
		hb_out_array_end(&hb->out);
	}
	hb_list_free(&node);
	hb_list_free(&stats);
	return code;
}

int hb_node_set(struct hb *hb, int argc, char **argv)
{
	struct hb_cfg cfg = { };
	struct nl_msg *msg;
	int code, err;

	code = hb_cfg_parse(&cfg, HB_CFG_NODE_SET, argc, argv);
	if (!code) {
		msg = hb_nl_msg(&hb->nl, HB_CMD_NODE_SET);
		if (msg && hb_cfg_put_node(&cfg, msg))
			msg = hb_nl_full(&hb->nl, msg);
		err = hb_nl_do(&hb->nl, msg, NULL);
		code = err ? hb_nl_report(&hb->nl, "node set") : 0;
	}
	explicit_bzero(&cfg, sizeof(cfg));
	return code;
}

int hb_leave(struct hb *hb, int argc, char **argv)
{
	struct nl_msg *msg;

	if (argc)
		return hb_extra_word(argv[0]);
	msg = hb_nl_msg(&hb->nl, HB_CMD_NODE_SET);
	if (msg && nla_put_flag(msg, HB_A_NODE_LEAVE))
		msg = hb_nl_full(&hb->nl, msg);
	if (hb_nl_do(&hb->nl, msg, NULL))
		return hb_nl_report(&hb->nl, "leave");
	return 0;
}

/* Everything at a glance: the node, then its peers. */
int hb_overview(struct hb *hb, int argc, char **argv)
{
	struct hb_list node = { }, stats = { };
	struct hb_peers peers = { };
	int code;

	(void)argc;
	(void)argv;
	code = node_read_stats(hb, &node, &stats);
	if (!code)
		code = hb_peers_read(hb, NULL, &peers);
	if (!code) {
		hb_out_array(&hb->out, NULL);
		hb_out_obj(&hb->out, NULL);
		node_print(hb, "node", node.v[0]);
		hb_peers_print(hb, "peers", &peers);
		hb_out_obj_end(&hb->out);
		hb_out_array_end(&hb->out);
	}
	hb_peers_free(&peers);
	hb_list_free(&node);
	hb_list_free(&stats);
	return code;
}

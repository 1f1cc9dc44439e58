// SPDX-License-Identifier: GPL-2.0
/* Change peers: add, set, enable, disable, del. */
#include <stdio.h>
#include <string.h>
#include <linux/hb.h>

#include "cfg.h"
#include "cmd.h"
#include "fmt.h"

/* Say that @verb failed, and for which peer unless @name is NULL. Returns the
 * exit code.
 */
int hb_peer_report(struct hb *hb, const char *verb, const char *name)
{
	char text[HB_FMT_SIZE], what[HB_FMT_SIZE + 32];

	hb_fmt_text(name ? name : "", text, sizeof(text));
	snprintf(what, sizeof(what), "%s%s%s", verb, name ? " " : "", text);
	return hb_nl_report(&hb->nl, what);
}

static int need_name(int argc)
{
	if (argc)
		return 0;
	return hb_fail(HB_EXIT_USAGE, "the name of a peer is missing");
}

static int peer_send(struct hb *hb, unsigned int cmd, const char *verb,
		     const struct hb_cfg *cfg)
{
	struct nl_msg *msg = hb_nl_msg(&hb->nl, cmd);

	if (msg && hb_cfg_put_peer(cfg, msg))
		msg = hb_nl_full(&hb->nl, msg);
	if (hb_nl_do(&hb->nl, msg, NULL))
		return hb_peer_report(hb, verb, cfg->name);
	return 0;
}

int hb_peer_add(struct hb *hb, int argc, char **argv)
{
	struct hb_cfg cfg = { };
	int code = need_name(argc);

	if (code)
		return code;
	cfg.name = argv[0];
	code = hb_cfg_parse(&cfg, HB_CFG_PEER_ADD, argc - 1, argv + 1);
	if (!code)
		code = peer_send(hb, HB_CMD_PEER_NEW, "peer add", &cfg);
	explicit_bzero(&cfg, sizeof(cfg));
	return code;
}

int hb_peer_set(struct hb *hb, int argc, char **argv)
{
	struct hb_cfg cfg = { };
	int code = need_name(argc);

	if (code)
		return code;
	cfg.name = argv[0];
	code = hb_cfg_parse(&cfg, HB_CFG_PEER_SET, argc - 1, argv + 1);
	if (!code)
		code = peer_send(hb, HB_CMD_PEER_SET, "peer set", &cfg);
	explicit_bzero(&cfg, sizeof(cfg));
	return code;
}

static int put_name_or_all(struct nl_msg *msg, const char *name)
{
	if (!strcmp(name, "all"))
		return nla_put_flag(msg, HB_A_PEER_ALL);
	return nla_put_string(msg, HB_A_PEER_NAME, name);
}

static int peer_switch(struct hb *hb, const char *verb, __u8 enabled, int argc,
		       char **argv)
{
	struct nl_msg *msg;
	int code = need_name(argc);

	if (code)
		return code;
	if (argc > 1)
		return hb_extra_word(argv[1]);
	msg = hb_nl_msg(&hb->nl, HB_CMD_PEER_SET);
	if (msg && (put_name_or_all(msg, argv[0]) ||
		    nla_put_u8(msg, HB_A_PEER_ENABLED, enabled)))
		msg = hb_nl_full(&hb->nl, msg);
	if (hb_nl_do(&hb->nl, msg, NULL))
		return hb_peer_report(hb, verb, argv[0]);
	return 0;
}

int hb_peer_enable(struct hb *hb, int argc, char **argv)
{
	return peer_switch(hb, "peer enable", 1, argc, argv);
}

int hb_peer_disable(struct hb *hb, int argc, char **argv)
{
	return peer_switch(hb, "peer disable", 0, argc, argv);
}

int hb_peer_del(struct hb *hb, int argc, char **argv)
{
	struct nl_msg *msg;
	int code = need_name(argc);

	if (code)
		return code;
	if (argc > 1)
		return hb_extra_word(argv[1]);
	msg = hb_nl_msg(&hb->nl, HB_CMD_PEER_DEL);
	if (msg && put_name_or_all(msg, argv[0]))
		msg = hb_nl_full(&hb->nl, msg);
	if (hb_nl_do(&hb->nl, msg, NULL))
		return hb_peer_report(hb, "peer del", argv[0]);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* Read and show peers, as a table or in full. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/hb.h>

#include "cmd.h"

static const struct hb_field peer_columns[] = {
	{ HB_A_PEER_NAME, "PEER" },
	{ HB_A_PEER_STATE, "STATE" },
	{ HB_A_PEER_INTERVAL_US, "INTERVAL" },
	{ HB_A_PEER_DETECT_US, "DETECT" },
	{ HB_A_PEER_SILENCE_NS, "SILENCE" },
	{ HB_A_PEER_RTT_NS, "RTT" },
	{ HB_A_PEER_SINCE_NS, "SINCE" },
	{ HB_A_PEER_UPS, "UPS" },
	{ HB_A_PEER_DOWNS, "DOWNS" },
	{ HB_A_PEER_MISTAKES, "MISTAKES" },
	{ HB_A_PEER_PATH, "ADDRESS" },
	{ HB_A_PEER_REASON, "", HB_FIELD_NOTE },
	{ }
};

static struct nl_msg *peer_request(struct hb_nl *nl, const char *name)
{
	struct nl_msg *msg = hb_nl_msg(nl, HB_CMD_PEER_GET);

	if (msg && name && nla_put_string(msg, HB_A_PEER_NAME, name))
		return hb_nl_full(nl, msg);
	return msg;
}

static int peers_get(struct hb *hb, const char *name, struct hb_list *list)
{
	int err = hb_nl_dump(&hb->nl, peer_request(&hb->nl, name), list);

	if (!err && name && !list->n)
		err = hb_nl_fail(&hb->nl, ENOENT, "there is no such peer");
	if (err)
		return hb_peer_report(hb, "peer show", name);
	hb_list_sort(list, HB_A_PEER_NAME);
	return 0;
}

/* Hand each peer its counters; a peer that is new since then gets none. */
static int peers_get_stats(struct hb *hb, const char *name,
			   struct hb_peers *peers)
{
	int code = hb_stats_read_peers(hb, name, &peers->stats);
	size_t i;

	for (i = 0; !code && i < peers->list.n; i++)
		peers->list.v[i]->stats =
			hb_list_find(&peers->stats, HB_A_PEER_STATS_NAME,
				     hb_rec_str(peers->list.v[i],
						HB_A_PEER_NAME));
	return code;
}

/* Read all peers, or the one called @name, sorted. Returns an exit code. */
int hb_peers_read(struct hb *hb, const char *name, struct hb_peers *peers)
{
	int code = peers_get(hb, name, &peers->list);

	if (!code && hb->opts.given & HB_OPT_STATS)
		code = peers_get_stats(hb, name, peers);
	return code;
}

void hb_peers_free(struct hb_peers *peers)
{
	hb_list_free(&peers->list);
	hb_list_free(&peers->stats);
}

void hb_peers_print(struct hb *hb, const char *key,
		    const struct hb_peers *peers)
{
	hb->out.style = HB_STYLE_TABLE;
	if (hb->opts.given & (HB_OPT_DETAILS | HB_OPT_STATS))
		hb->out.style = HB_STYLE_BLOCK;
	hb_out_list(&hb->out, key, &peers->list, peer_columns);
}

/* Drop the peers that are not in @state. */
static void peers_filter(struct hb_list *list, int state)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++) {
		if (hb_rec_uint(list->v[i], HB_A_PEER_STATE) == (__u64)state)
			list->v[n++] = list->v[i];
		else
			free(list->v[i]);
	}
	list->n = n;
}

static int parse_state(const char *word, int *state)
{
	struct hb_guess guess;
	unsigned int i;

	*state = hb_schema_value(&hb_states, word);
	if (*state >= 0)
		return 0;
	hb_guess_start(&guess, word);
	for (i = 0; i < hb_states.n; i++)
		hb_guess_try(&guess, hb_states.v[i]);
	return hb_guess_fail(&guess, "state");
}

/* [NAME] [state STATE] */
static int parse_args(int argc, char **argv, const char **name, int *state)
{
	*name = NULL;
	*state = -1;
	/* two words that begin with "state" are no name and one more */
	if (argc && (argc != 2 || strcmp(argv[0], "state"))) {
		*name = argv[0];
		argc--;
		argv++;
	}
	if (!argc)
		return 0;
	if (strcmp(argv[0], "state") || argc > 2)
		return hb_extra_word(argv[argc > 2 ? 2 : 0]);
	if (argc < 2)
		return hb_fail(HB_EXIT_USAGE, "'state' needs a value");
	return parse_state(argv[1], state);
}

int hb_peer_show(struct hb *hb, int argc, char **argv)
{
	struct hb_peers peers = { };
	const char *name;
	int code, state;

	code = parse_args(argc, argv, &name, &state);
	if (!code)
		code = hb_peers_read(hb, name, &peers);
	if (!code && state >= 0)
		peers_filter(&peers.list, state);
	if (!code)
		hb_peers_print(hb, NULL, &peers);
	hb_peers_free(&peers);
	return code;
}

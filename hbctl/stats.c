// SPDX-License-Identifier: GPL-2.0
/* Counters of the node and of peers, and histograms. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/hb.h>

#include "cmd.h"
#include "fmt.h"
#include "parse.h"

#define BAR	40

static const struct hb_field peer_stats_columns[] = {
	{ HB_A_PEER_STATS_NAME, "PEER" },
	{ HB_A_PEER_STATS_TX_BEATS, "TX" },
	{ HB_A_PEER_STATS_TX_ERRORS, "TX-ERRORS" },
	{ HB_A_PEER_STATS_RX_BEATS, "RX" },
	{ HB_A_PEER_STATS_RX_LOST, "LOST" },
	{ HB_A_PEER_STATS_RX_DROPPED, "DROPPED" },
	{ HB_A_PEER_STATS_STALLS, "STALLS" },
	{ HB_A_PEER_STATS_LATE_MAX_NS, "LATE-MAX" },
	{ HB_A_PEER_STATS_GAP_MAX_NS, "GAP-MAX" },
	{ }
};

/* Read the counters of the node into a list of one. Returns an exit code. */
int hb_stats_read(struct hb *hb, struct hb_list *list)
{
	int err = hb_nl_do(&hb->nl, hb_nl_msg(&hb->nl, HB_CMD_STATS_GET), list);

	if (!err && list->n != 1)
		err = hb_nl_fail(&hb->nl, EBADMSG, "malformed reply");
	return err ? hb_nl_report(&hb->nl, "stats") : 0;
}

/* Histograms are long; without a wish for them they are as good as absent. */
static void drop_histograms(struct hb_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		list->v[i]->tb[HB_A_PEER_STATS_LATE] = NULL;
		list->v[i]->tb[HB_A_PEER_STATS_GAP] = NULL;
		list->v[i]->tb[HB_A_PEER_STATS_BURST] = NULL;
	}
}

/* Read the counters of all peers, or of the one called @name, sorted by name.
 * Returns an exit code.
 */
int hb_stats_read_peers(struct hb *hb, const char *name, struct hb_list *list)
{
	struct nl_msg *msg = hb_nl_msg(&hb->nl, HB_CMD_PEER_STATS_GET);
	int err;

	if (msg && name && nla_put_string(msg, HB_A_PEER_STATS_NAME, name))
		msg = hb_nl_full(&hb->nl, msg);
	err = hb_nl_dump(&hb->nl, msg, list);
	if (!err && name && !list->n)
		err = hb_nl_fail(&hb->nl, ENOENT, "there is no such peer");
	if (err)
		return hb_peer_report(hb, "stats peers", name);
	hb_list_sort(list, HB_A_PEER_STATS_NAME);
	if (!(hb->opts.given & HB_OPT_HISTOGRAM))
		drop_histograms(list);
	return 0;
}

/* What the histograms are made of, and how the limits of its bars are called */
struct histogram {
	unsigned int attr;
	const char *title;
	const char *head;
	unsigned int limit;
	unsigned int count;
};

static const struct histogram histograms[] = {
	{ HB_A_PEER_STATS_LATE, "how late its timers ran", "below",
	  HB_A_BUCKET_BELOW_NS, HB_A_BUCKET_COUNT },
	{ HB_A_PEER_STATS_GAP, "time between two beats", "below",
	  HB_A_BUCKET_BELOW_NS, HB_A_BUCKET_COUNT },
	{ HB_A_PEER_STATS_BURST, "beats lost in a row", "length",
	  HB_A_BURST_LENGTH, HB_A_BURST_COUNT },
};

static void limit_format(const struct histogram *h, __u64 val, char *buf,
			 size_t size)
{
	if (h->attr == HB_A_PEER_STATS_BURST)
		snprintf(buf, size, "%llu%s", val,
			 val == HB_BURST_MAX ? " or more" : "");
	else if (val && val != ~0ULL)
		hb_fmt_duration(val, buf, size);
	else	/* the last bucket takes what is above all limits */
		snprintf(buf, size, "no limit");
}

static void bar_print(FILE *fp, const struct histogram *h,
		      const struct hb_rec *bucket, __u64 most)
{
	__u64 count = hb_rec_uint(bucket, h->count);
	char limit[32], bar[BAR + 1];
	unsigned int len;

	limit_format(h, hb_rec_uint(bucket, h->limit), limit, sizeof(limit));
	len = most ? (long double)count * BAR / most : 0;
	if (!len && count)
		len = 1;
	memset(bar, '#', len);
	bar[len] = 0;
	fprintf(fp, "  %12s %12llu%s%s\n", limit, count, len ? " " : "", bar);
}

static void histogram_print(FILE *fp, const struct hb_rec *rec,
			    const struct histogram *h)
{
	struct hb_list buckets = { };
	__u64 most = 0, count;
	char name[HB_FMT_SIZE];
	size_t i;

	hb_list_add_nested(&buckets, rec, h->attr);
	hb_text_attr(rec, HB_A_PEER_STATS_NAME, name, sizeof(name));
	fprintf(fp, "%s: %s\n  %12s %12s\n", name, h->title, h->head,
		"count");
	for (i = 0; i < buckets.n; i++) {
		count = hb_rec_uint(buckets.v[i], h->count);
		if (most < count)
			most = count;
	}
	for (i = 0; i < buckets.n; i++)
		bar_print(fp, h, buckets.v[i], most);
	hb_list_free(&buckets);
}

static void histograms_print(struct hb *hb, const struct hb_list *list)
{
	size_t i, j;

	for (i = 0; i < list->n; i++)
		for (j = 0; j < ARRAY_SIZE(histograms); j++)
			histogram_print(hb->out.fp, list->v[i],
					&histograms[j]);
}

static int stats_node(struct hb *hb)
{
	struct hb_list list = { };
	int code = hb_stats_read(hb, &list);

	hb->out.style = HB_STYLE_BLOCK;
	if (!code)
		hb_out_list(&hb->out, NULL, &list, NULL);
	hb_list_free(&list);
	return code;
}

static int stats_peers(struct hb *hb, const char *name)
{
	struct hb_list list = { };
	int code = hb_stats_read_peers(hb, name, &list);

	hb->out.style = HB_STYLE_TABLE;
	if (hb->opts.given & HB_OPT_DETAILS)
		hb->out.style = HB_STYLE_BLOCK;
	if (!code) {
		hb_out_list(&hb->out, NULL, &list, peer_stats_columns);
		if (!hb->out.json && hb->opts.given & HB_OPT_HISTOGRAM)
			histograms_print(hb, &list);
	}
	hb_list_free(&list);
	return code;
}

/* [peers [NAME]]; histograms there are of peers only */
int hb_stats(struct hb *hb, int argc, char **argv)
{
	struct hb_guess guess;

	if (!argc && !(hb->opts.given & HB_OPT_HISTOGRAM))
		return stats_node(hb);
	if (argc && strcmp(argv[0], "peers")) {
		hb_guess_start(&guess, argv[0]);
		hb_guess_try(&guess, "peers");
		return hb_guess_fail(&guess, "word");
	}
	if (argc > 2)
		return hb_extra_word(argv[2]);
	return stats_peers(hb, argc > 1 ? argv[1] : NULL);
}

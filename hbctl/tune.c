// SPDX-License-Identifier: GPL-2.0
/* Advise: which interval and multiplier for a wanted detection time, or a
 * wanted rate of mistakes? By what was measured, and what that is worth.
 */
#include <stdlib.h>
#include <string.h>
#include <linux/hb.h>

#include "cmd.h"
#include "fmt.h"
#include "parse.h"
#include "tunemodel.h"

#define NS		1e9
#define YEAR		(365.25 * 86400)
#define MULTIPLIER_MAX	255
/* More beats in the same time are worth it only if they make mistakes rarer by
 * this factor.
 */
#define WORTH		2

/* What is wanted: a detection time, or a rate; in seconds, and per second */
struct wish {
	double detect;
	double rate;
};

struct setting {
	double interval;
	unsigned int multiplier;
};

static double sum_nests(const struct hb_rec *rec, unsigned int attr,
			bool (*counts)(const struct hb_rec *one, double arg),
			double arg)
{
	struct hb_list list = { };
	double sum = 0;
	size_t i;

	hb_list_add_nested(&list, rec, attr);
	for (i = 0; i < list.n; i++)
		if (!counts || counts(list.v[i], arg))
			sum += hb_rec_uint(list.v[i], HB_A_BUCKET_COUNT);
	hb_list_free(&list);
	return sum;
}

static bool is_below(const struct hb_rec *bucket, double ns)
{
	return hb_rec_uint(bucket, HB_A_BUCKET_BELOW_NS) <= ns;
}

/* Beats leave up to 2 % early; that more than a thousandth come earlier than
 * that takes a path with jitter.
 */
static bool has_jitter(const struct hb_rec *stats, double interval)
{
	double all = sum_nests(stats, HB_A_PEER_STATS_GAP, NULL, 0);

	return sum_nests(stats, HB_A_PEER_STATS_GAP, is_below,
			 0.98 * interval * NS) > all / 1000;
}

static void read_bursts(struct hb_tune_data *d, const struct hb_rec *stats)
{
	struct hb_list list = { };
	unsigned int length;
	size_t i;

	hb_list_add_nested(&list, stats, HB_A_PEER_STATS_BURST);
	for (i = 0; i < list.n; i++) {
		length = hb_rec_uint(list.v[i], HB_A_BURST_LENGTH);
		if (!length || length > HB_BURST_MAX)
			continue;
		d->burst[length] = hb_rec_uint(list.v[i], HB_A_BURST_COUNT);
		d->bursts += d->burst[length];
		d->longest = length;
	}
	hb_list_free(&list);
}

static void read_data(struct hb_tune_data *d, const struct hb_rec *peer,
		      const struct hb_rec *stats)
{
	__u64 here = hb_rec_uint(peer, HB_A_PEER_INTERVAL_US);
	__u64 there = hb_rec_uint(peer, HB_A_PEER_REMOTE_INTERVAL_US);

	*d = (struct hb_tune_data){
		.interval = (here > there ? here : there) / 1e6,
		.multiplier = hb_rec_uint(peer, HB_A_PEER_MULTIPLIER),
		.lost = hb_rec_uint(stats, HB_A_PEER_STATS_RX_LOST),
		.wrong = hb_rec_uint(peer, HB_A_PEER_MISTAKES),
	};
	d->beats = hb_rec_uint(stats, HB_A_PEER_STATS_RX_BEATS) + d->lost;
	d->jitter = has_jitter(stats, d->interval);
	read_bursts(d, stats);
}

/* The fewest beats in the wanted time that are worth it. */
static struct setting for_detect(const struct hb_tune_model *m, double detect)
{
	struct setting best = { detect, 1 };
	double rate, least = hb_tune_rate(m, detect, 1);
	unsigned int k;

	for (k = 2; k <= 20; k++) {
		if (detect / k < HB_INTERVAL_MIN_US / 1e6)
			break;
		rate = hb_tune_rate(m, detect / k, k);
		if (rate * WORTH > least)
			continue;
		least = rate;
		best = (struct setting){ detect / k, k };
	}
	return best;
}

/* The shortest detection time at the present interval, or a longer one. */
static struct setting for_rate(const struct hb_tune_model *m, double rate)
{
	struct setting s = { m->interval, 1 };

	while (hb_tune_rate(m, s.interval, s.multiplier) > rate) {
		if (s.multiplier < MULTIPLIER_MAX)
			s.multiplier++;
		else if (s.interval * 2e6 <= HB_INTERVAL_MAX_US)
			s.interval *= 2;
		else
			break;
	}
	return s;
}

static __u64 to_ns(double seconds)
{
	return seconds * NS < 1e19 ? seconds * NS : ~0ULL;
}

static void fmt_every(double rate, char *buf, size_t size)
{
	double every = rate > 0 ? 1 / rate : 1e300;
	char text[32];

	hb_fmt_duration(to_ns(every), text, sizeof(text));
	if (every > 1000 * YEAR)
		snprintf(buf, size, "less than 1 in 1000 years");
	else if (every > 2 * YEAR)
		snprintf(buf, size, "1 in %.0f years", every / YEAR);
	else
		snprintf(buf, size, "1 in %s", text);
}

static void print_setting(struct hb *hb, const char *key,
			  const struct hb_tune_data *d,
			  const struct hb_tune_model *m,
			  const struct setting *s)
{
	double rate = hb_tune_rate(m, s->interval, s->multiplier);
	double seen = hb_tune_seen(d, s->interval, s->multiplier);
	double upper = hb_tune_upper(seen) / d->beats / d->interval;
	struct hb_out *out = &hb->out;
	char t[32], detect[32], every[64], most[64];

	if (out->json) {
		hb_out_obj(out, key);
		hb_out_uint(out, "interval_us", NULL, s->interval * 1e6 + 0.5);
		hb_out_uint(out, "multiplier", NULL, s->multiplier);
		hb_out_uint(out, "detect_us", NULL,
			    s->interval * s->multiplier * 1e6 + 0.5);
		hb_out_uint(out, "mistake_every_ns", NULL, to_ns(1 / rate));
		hb_out_uint(out, "seen", NULL, seen);
		hb_out_uint(out, "surely_not_within_ns", NULL,
			    to_ns(1 / upper));
		hb_out_obj_end(out);
		return;
	}
	hb_fmt_duration(to_ns(s->interval), t, sizeof(t));
	hb_fmt_duration(to_ns(s->interval * s->multiplier), detect,
			sizeof(detect));
	fmt_every(rate, every, sizeof(every));
	fmt_every(upper, most, sizeof(most));
	fprintf(out->fp,
		"  %s: interval %s multiplier %u, detects in %s\n"
		"    mistakes expected %s; %.0f seen, so no more than %s\n",
		key, t, s->multiplier, detect, every, seen, most);
}

static void print_data(struct hb *hb, const struct hb_rec *peer,
		       const struct hb_tune_data *d,
		       const struct hb_tune_model *m, __u64 late)
{
	double span = d->beats * d->interval;
	struct hb_out *out = &hb->out;
	char length[32], lateness[32];

	hb_out_str(out, "name", NULL, hb_rec_str(peer, HB_A_PEER_NAME));
	hb_out_uint(out, "beats", NULL, d->beats);
	hb_out_uint(out, "span_ns", NULL, to_ns(span));
	hb_out_uint(out, "lost", NULL, d->lost);
	hb_out_uint(out, "bursts", NULL, d->bursts);
	hb_out_uint(out, "longest_burst", NULL, d->longest);
	hb_out_uint(out, "mistakes", NULL, d->wrong);
	hb_out_uint(out, "loss_ppb", NULL, m->bound ? 0 : m->loss * 1e9);
	hb_out_uint(out, "loss_again_ppb", NULL, m->again * 1e9);
	hb_out_uint(out, "late_max_ns", NULL, late);
	if (out->json)
		return;
	hb_fmt_duration(to_ns(span), length, sizeof(length));
	hb_fmt_duration(late, lateness, sizeof(lateness));
	fprintf(out->fp, "%s:\n  rests on %.0f beats in %s, %.0f lost",
		hb_rec_str(peer, HB_A_PEER_NAME), d->beats, length, d->lost);
	if (m->bound)
		fprintf(out->fp, ", so fewer than 3/%.0f", d->beats);
	else
		fprintf(out->fp, " in %.0f bursts of up to %u%s", d->bursts,
			d->longest, d->longest == HB_BURST_MAX ? " or more" :
								 "");
	fprintf(out->fp,
		", %.0f mistakes\n"
		"  loses %.3g %%, and %.3g %% after a loss; late by up to %s\n",
		d->wrong, 100 * m->loss, 100 * m->again, lateness);
}

static void warn_late(const struct hb *hb, const struct setting *s, __u64 late)
{
	if (!hb->out.json && s->interval * NS < 2.0 * late)
		fputs("  this node was late by over half an interval\n",
		      hb->out.fp);
}

static void tune_peer(struct hb *hb, const struct hb_rec *peer,
		      const struct wish *wish)
{
	const struct hb_rec *stats = peer->stats;
	struct setting now, then;
	struct hb_tune_model m;
	struct hb_tune_data d;
	__u64 late;

	if (!stats)
		return;
	late = hb_rec_uint(stats, HB_A_PEER_STATS_LATE_MAX_NS);
	read_data(&d, peer, stats);
	if (!d.beats) {
		hb_warn("nothing was heard of %s yet",
			hb_rec_str(peer, HB_A_PEER_NAME));
		return;
	}
	hb_tune_fit(&m, &d);
	now = (struct setting){ d.interval, d.multiplier };
	then = wish->detect ? for_detect(&m, wish->detect) :
			      for_rate(&m, wish->rate);
	hb_out_obj(&hb->out, NULL);
	print_data(hb, peer, &d, &m, late);
	print_setting(hb, "present", &d, &m, &now);
	print_setting(hb, "proposed", &d, &m, &then);
	warn_late(hb, &then, late);
	hb_out_obj_end(&hb->out);
}

/* N/UNIT, as in 1/year */
static int parse_rate(const char *word, double *rate)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = {
		{ "minute", 60 }, { "hour", 3600 }, { "day", 86400 },
		{ "week", 7 * 86400 }, { "month", YEAR / 12 }, { "year", YEAR },
	};
	char *slash;
	size_t i;

	*rate = strtod(word, &slash);
	for (i = 0; *slash == '/' && *rate > 0 && i < ARRAY_SIZE(units); i++) {
		if (strcmp(slash + 1, units[i].name))
			continue;
		*rate /= units[i].seconds;
		return 0;
	}
	return hb_fail(HB_EXIT_USAGE,
		       "mistakes '%s' is no number per minute, hour, day, week, month or year, as in 1/year",
		       word);
}

static int parse_detect(const char *word, double *detect)
{
	__u64 ns = 0;
	const char *why = hb_parse_duration(word, &ns);

	if (!why && ns / 1000 < HB_INTERVAL_MIN_US)
		why = "is shorter than the shortest interval, 100us";
	*detect = ns / NS;
	return why ? hb_fail(HB_EXIT_USAGE, "detect '%s' %s", word, why) : 0;
}

/* [PEER] [detect DUR | mistakes PER-TIME] */
static int parse_args(int argc, char **argv, const char **name,
		      struct wish *wish)
{
	*name = NULL;
	if (argc && argc != 2) {
		*name = argv[0];
		argc--;
		argv++;
	}
	if (!argc)
		return 0;
	if (argc > 2)
		return hb_extra_word(argv[2]);
	if (!strcmp(argv[0], "detect"))
		return parse_detect(argv[1], &wish->detect);
	if (!strcmp(argv[0], "mistakes"))
		return parse_rate(argv[1], &wish->rate);
	return hb_fail(HB_EXIT_USAGE, "'%s' is neither detect nor mistakes",
		       argv[0]);
}

int hb_tune(struct hb *hb, int argc, char **argv)
{
	struct wish wish = { .rate = 1 / YEAR };
	struct hb_peers peers = { };
	const char *name;
	size_t i;
	int code;

	code = parse_args(argc, argv, &name, &wish);
	hb->opts.given |= HB_OPT_STATS | HB_OPT_HISTOGRAM;
	if (!code)
		code = hb_peers_read(hb, name, &peers);
	if (!code) {
		hb_out_array(&hb->out, NULL);
		for (i = 0; i < peers.list.n; i++)
			tune_peer(hb, peers.list.v[i], &wish);
		hb_out_array_end(&hb->out);
	}
	hb_peers_free(&peers);
	return code;
}

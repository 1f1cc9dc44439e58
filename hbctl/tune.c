// SPDX-License-Identifier: GPL-2.0
/* Advise: which interval and multiplier for a wanted detection time, or a
 * wanted rate of mistakes? By what was measured, and what that is worth.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <linux/hb.h>

#include "cmd.h"
#include "fmt.h"
#include "parse.h"
#include "tunedata.h"

#define NS		1e9
#define YEAR		(365.25 * 86400)
#define MULTIPLIER_MAX	255
/* The longest detection time that the kernel takes */
#define DETECT_MAX_US	((__u64)MULTIPLIER_MAX * HB_INTERVAL_MAX_US)
/* More beats in the same time are worth it only if they make mistakes rarer by
 * this factor, and never beyond this number.
 */
#define WORTH		2
#define ENOUGH		20

/* What is wanted: a detection time, or a rate; in seconds, and per second */
struct wish {
	double detect;
	double rate;
};

/* The interval in whole microseconds, so that it can be set. */
static struct hb_tune_setting setting(__u64 us, unsigned int multiplier)
{
	return (struct hb_tune_setting){
		.interval = us / 1e6,
		.multiplier = multiplier,
		.detect = us * multiplier / 1e6,
	};
}

/* The fewest beats in the wanted time that are worth it. One leaves no room for
 * being late, so that is for times too short for two.
 */
static struct hb_tune_setting for_detect(const struct hb_tune_model *m,
					 double detect)
{
	__u64 us = detect * 1e6 + 0.5;
	unsigned int k = (us + HB_INTERVAL_MAX_US - 1) / HB_INTERVAL_MAX_US;
	struct hb_tune_setting best, s;
	double rate, least;

	if (k < 2 && us >= 2 * HB_INTERVAL_MIN_US)
		k = 2;
	best = setting(us / k, k);
	least = hb_tune_rate(m, &best);
	while (++k <= ENOUGH && us / k >= HB_INTERVAL_MIN_US) {
		s = setting(us / k, k);
		rate = hb_tune_rate(m, &s);
		if (rate * WORTH > least)
			continue;
		least = rate;
		best = s;
	}
	return best;
}

/* Not expected more often, not seen more often, and this node never was that
 * late more often.
 */
static bool is_rare(const struct hb_tune_model *m,
		    const struct hb_tune_setting *s, double rate)
{
	return hb_tune_rate(m, s) <= rate &&
	       hb_tune_late(m->data, s) / m->data->span <= rate;
}

/* The shortest detection time at the present interval, or a longer one; false
 * if the longest that the kernel takes is too short.
 */
static bool for_rate(const struct hb_tune_model *m, double rate,
		     struct hb_tune_setting *s)
{
	__u64 us = m->data->interval * 1e6 + 0.5;
	unsigned int k = 2;

	for (;;) {
		for (; k <= MULTIPLIER_MAX; k++) {
			*s = setting(us, k);
			if (is_rare(m, s, rate))
				return true;
		}
		if (us >= HB_INTERVAL_MAX_US)
			return false;
		us *= 2;
		if (us > HB_INTERVAL_MAX_US)
			us = HB_INTERVAL_MAX_US;
		k = MULTIPLIER_MAX / 2 + 1;
	}
}

/* The largest there is for what no integer can be. */
static __u64 to_uint(double val)
{
	/* not by ?:, whose result would be a double */
	if (val < 1e19)
		return val;
	return ~0ULL;
}

static __u64 to_ns(double seconds)
{
	return to_uint(seconds * NS);
}

static void fmt_seconds(double seconds, char *buf, size_t size)
{
	hb_fmt_duration(to_ns(seconds + 0.5 / NS), buf, size);
}

static void fmt_every(double rate, char *buf, size_t size)
{
	double every = rate > 0 ? 1 / rate : 1e300;
	char text[32];

	fmt_seconds(every, text, sizeof(text));
	if (every > 1000 * YEAR)
		snprintf(buf, size, "less than 1 in 1000 years");
	else if (every > 2 * YEAR)
		snprintf(buf, size, "1 in %.0f years", every / YEAR);
	else
		snprintf(buf, size, "1 in %s", text);
}

static void json_setting(struct hb_out *out, const char *key,
			 const struct hb_tune_model *m,
			 const struct hb_tune_setting *s)
{
	double seen = hb_tune_seen(m->data, s);

	hb_out_obj(out, key);
	hb_out_str(out, "detect", NULL, s->adaptive ? "adaptive" : "fixed");
	hb_out_uint(out, "interval_us", NULL,
		    to_uint(s->interval * 1e6 + 0.5));
	hb_out_uint(out, "multiplier", NULL, s->multiplier);
	hb_out_uint(out, "detect_us", NULL,
		    to_uint(s->detect * 1e6 + 0.5));
	hb_out_uint(out, "mistake_every_ns", NULL,
		    to_ns(1 / hb_tune_expected(m, s)));
	hb_out_uint(out, "seen", NULL, to_uint(seen));
	hb_out_uint(out, "surely_not_within_ns", NULL,
		    to_ns(m->data->span / hb_tune_upper(seen)));
	hb_out_uint(out, "late", NULL,
		    to_uint(hb_tune_late(m->data, s)));
	hb_out_obj_end(out);
}

static void text_late(FILE *fp, const struct hb_tune_data *d,
		      const struct hb_tune_setting *s)
{
	double late = hb_tune_late(d, s);
	double stalls = hb_tune_hist_tail(&d->late, s->interval / 2);

	if (late)
		fprintf(fp,
			"    lateness of this node that its peer may take for death: %.0f seen\n",
			late);
	else if (stalls)
		fprintf(fp,
			"    lateness of this node that puts verdicts off: %.0f seen\n",
			stalls);
}

static void print_setting(struct hb *hb, const char *key,
			  const struct hb_tune_model *m,
			  const struct hb_tune_setting *s)
{
	double seen = hb_tune_seen(m->data, s);
	char t[32], detect[32], every[64], most[64];
	struct hb_out *out = &hb->out;

	if (out->json) {
		json_setting(out, key, m, s);
		return;
	}
	fmt_seconds(s->interval, t, sizeof(t));
	fmt_seconds(s->detect, detect, sizeof(detect));
	fmt_every(hb_tune_expected(m, s), every, sizeof(every));
	fmt_every(hb_tune_upper(seen) / m->data->span, most, sizeof(most));
	fprintf(out->fp,
		"  %s: interval %s multiplier %u, detects in %s%s\n"
		"    mistakes expected %s; %.0f seen, so no more than %s\n",
		key, t, s->multiplier, detect,
		s->adaptive ? " by adaptive detection, for now" : "", every,
		seen, most);
	text_late(out->fp, m->data, s);
}

static void json_data(struct hb_out *out, const char *name,
		      const struct hb_tune_model *m)
{
	const struct hb_tune_data *d = m->data;

	hb_out_str(out, "name", NULL, name);
	hb_out_uint(out, "beats", NULL, to_uint(d->beats));
	hb_out_uint(out, "span_ns", NULL, to_ns(d->span));
	hb_out_uint(out, "lost", NULL, to_uint(d->lost));
	hb_out_uint(out, "bursts", NULL, to_uint(d->bursts));
	hb_out_uint(out, "longest_burst", NULL, d->longest);
	hb_out_uint(out, "mistakes", NULL, to_uint(d->mistakes));
	hb_out_uint(out, "loss_ppb", NULL, m->bound ? 0 : m->loss * 1e9);
	hb_out_uint(out, "loss_again_ppb", NULL, m->again * 1e9);
	hb_out_uint(out, "gap_max_ns", NULL, to_ns(d->gap.max));
	hb_out_uint(out, "delays", NULL,
		    to_uint(hb_tune_hist_tail(&d->delay, 0)));
	hb_out_uint(out, "late_max_ns", NULL, to_ns(d->late.max));
}

static void print_data(struct hb *hb, const char *name,
		       const struct hb_tune_model *m)
{
	const struct hb_tune_data *d = m->data;
	char span[32], gap[32], late[32];
	FILE *fp = hb->out.fp;

	if (hb->out.json) {
		json_data(&hb->out, name, m);
		return;
	}
	fmt_seconds(d->span, span, sizeof(span));
	fmt_seconds(d->gap.max, gap, sizeof(gap));
	fmt_seconds(d->late.max, late, sizeof(late));
	fprintf(fp, "%s:\n  rests on %.0f beats in %s, %.0f lost", name,
		d->beats, span, d->lost);
	if (m->bound)
		fprintf(fp, ", so fewer than 3/%.0f", d->beats);
	else
		fprintf(fp, " in %.0f bursts of up to %u%s", d->bursts,
			d->longest, d->longest == HB_BURST_MAX ? " or more" :
								 "");
	fprintf(fp, ", %.0f mistakes\n"
		"  loses %.3g %%, and %.3g %% after a loss; gaps of up to %s, %.0f longer than losses explain; late by up to %s\n",
		d->mistakes, 100 * m->loss, 100 * m->again, gap,
		hb_tune_hist_tail(&d->delay, 0), late);
}

static void propose(struct hb *hb, const struct hb_tune_model *m,
		    const struct wish *wish)
{
	struct hb_tune_setting s;
	bool met = true;

	if (wish->detect)
		s = for_detect(m, wish->detect);
	else
		met = for_rate(m, wish->rate, &s);
	print_setting(hb, "proposed", m, &s);
	if (!met)
		hb_warn("no setting that the kernel takes makes mistakes that rare");
}

static void tune_peer(struct hb *hb, const struct hb_rec *peer,
		      const struct wish *wish)
{
	struct hb_tune_setting now;
	struct hb_tune_model m;
	struct hb_tune_data d;
	char name[HB_FMT_SIZE];

	if (!peer->stats)
		return;
	hb_fmt_text(hb_rec_str(peer, HB_A_PEER_NAME), name, sizeof(name));
	hb_tune_present(&now, peer);
	hb_tune_read(&d, peer, &now);
	if (!d.beats || !d.span || !now.interval || !now.detect) {
		hb_warn("nothing was heard of %s yet", name);
		return;
	}
	hb_tune_fit(&m, &d);
	hb_out_obj(&hb->out, NULL);
	print_data(hb, hb->out.json ? hb_rec_str(peer, HB_A_PEER_NAME) : name,
		   &m);
	print_setting(hb, "present", &m, &now);
	propose(hb, &m, wish);
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
	for (i = 0; *slash == '/' && i < ARRAY_SIZE(units); i++) {
		if (strcmp(slash + 1, units[i].name) || !(*rate > 0) ||
		    isinf(*rate))
			continue;
		*rate /= units[i].seconds;
		return 0;
	}
	return hb_value_fail("mistakes", word,
			     "is no number per minute, hour, day, week, month or year, as in 1/year");
}

static int parse_detect(const char *word, double *detect)
{
	__u64 ns = 0;
	const char *why = hb_parse_duration(word, &ns);

	if (!why && ns / 1000 < HB_INTERVAL_MIN_US)
		why = "is shorter than the shortest interval, 100us";
	if (!why && ns > DETECT_MAX_US * 1000)
		why = "is longer than 255 times the longest interval, 60s";
	*detect = ns / NS;
	return why ? hb_value_fail("detect", word, why) : 0;
}

/* [PEER] [detect DUR | mistakes PER-TIME] */
static int parse_args(int argc, char **argv, const char **name,
		      struct wish *wish)
{
	struct hb_guess guess;

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
	hb_guess_start(&guess, argv[0]);
	hb_guess_try(&guess, "detect");
	hb_guess_try(&guess, "mistakes");
	return hb_guess_fail(&guess, "word");
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

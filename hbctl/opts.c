// SPDX-License-Identifier: GPL-2.0
/* Options may stand anywhere; which command knows which is checked later. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fmt.h"
#include "opts.h"
#include "parse.h"

enum {
	OPT_COLOR = 0x100,
	OPT_NO_TIMESTAMP,
	OPT_HISTOGRAM,
	OPT_SINCE,
	OPT_COUNT,
	OPT_DURATION,
	OPT_RCVBUF,
};

static const struct option long_opts[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "netns", required_argument, NULL, 'n' },
	{ "details", no_argument, NULL, 'd' },
	{ "stats", no_argument, NULL, 's' },
	{ "timestamp", no_argument, NULL, 't' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ "color", optional_argument, NULL, OPT_COLOR },
	{ "no-timestamp", no_argument, NULL, OPT_NO_TIMESTAMP },
	{ "histogram", no_argument, NULL, OPT_HISTOGRAM },
	{ "since", required_argument, NULL, OPT_SINCE },
	{ "count", required_argument, NULL, OPT_COUNT },
	{ "duration", required_argument, NULL, OPT_DURATION },
	{ "rcvbuf", required_argument, NULL, OPT_RCVBUF },
	{ }
};

static int value_check(const char *name, const char *val, const char *why)
{
	return why ? hb_value_fail(name, val, why) : 0;
}

/* Zero would be no limit, which nobody asks for in this way. */
static const char *above_zero(const char *why, __u64 val)
{
	if (!why && !val)
		why = "must be more than 0";
	return why;
}

/* Options of the monitor that take a value. */
static int opt_monitor(struct hb_opts *opts, int opt, const char *val)
{
	const char *why;

	opts->given |= HB_OPT_MONITOR;
	switch (opt) {
	case OPT_SINCE:
		opts->has_since = true;
		why = hb_parse_uint(val, &opts->since);
		return value_check("--since", val, why);
	case OPT_COUNT:
		why = hb_parse_uint(val, &opts->count);
		return value_check("--count", val,
				   above_zero(why, opts->count));
	case OPT_DURATION:
		why = hb_parse_duration(val, &opts->duration_ns);
		return value_check("--duration", val,
				   above_zero(why, opts->duration_ns));
	case OPT_RCVBUF:
		why = hb_parse_size(val, &opts->rcvbuf);
		return value_check("--rcvbuf", val,
				   above_zero(why, opts->rcvbuf));
	}
	return HB_EXIT_USAGE;
}

/* Options of a command or two. */
static int opt_some(struct hb_opts *opts, int opt, const char *val)
{
	switch (opt) {
	case 'd':
		opts->given |= HB_OPT_DETAILS;
		return 0;
	case 's':
		opts->given |= HB_OPT_STATS;
		return 0;
	case 't':
	case OPT_NO_TIMESTAMP:
		opts->given |= HB_OPT_TIME;
		opts->no_timestamp = opt != 't';
		return 0;
	case OPT_HISTOGRAM:
		opts->given |= HB_OPT_HISTOGRAM;
		return 0;
	}
	return opt_monitor(opts, opt, val);
}

static int opt_take(struct hb *hb, struct hb_global *global, int opt,
		    const char *val)
{
	switch (opt) {
	case 'j':
		hb->out.json = true;
		return 0;
	case 'n':
		global->netns = val;
		return 0;
	case OPT_COLOR:
		global->color = val ? val : "always";
		return 0;
	case 'h':
		global->help = true;
		return 0;
	case 'V':
		global->version = true;
		return 0;
	}
	return opt_some(&hb->opts, opt, val);
}

static int opt_unknown(const char *word)
{
	int len = strchrnul(word, '=') - word;
	char name[HB_FMT_SIZE], text[HB_FMT_SIZE];
	const struct option *opt;
	struct hb_guess guess;

	snprintf(name, sizeof(name), "%.*s", len, word);
	hb_fmt_text(name, text, sizeof(text));
	hb_guess_start(&guess, name + strlen("--"));
	for (opt = long_opts; opt->name; opt++)
		hb_guess_try(&guess, opt->name);
	if (guess.best)
		return hb_fail(HB_EXIT_USAGE,
			       "unknown option '%s'; did you mean '--%s'?",
			       text, guess.best);
	return hb_fail(HB_EXIT_USAGE, "unknown option '%s'; see hbctl help",
		       text);
}

/* Whether @word is, perhaps in short, the long option that getopt returns @val
 * for; else that is a letter.
 */
static bool is_long(const char *word, int val)
{
	const struct option *opt;

	if (strncmp(word, "--", 2))
		return false;
	word += strlen("--");
	for (opt = long_opts; opt->name; opt++)
		if (opt->val == val &&
		    !strncmp(opt->name, word, strcspn(word, "=")))
			return true;
	return false;
}

/* @word is the one that getopt refused, or the one before if it is not through
 * with the letters of that.
 */
static int opt_refused(int opt, const char *word)
{
	const char letter[] = { '-', optopt, 0 };
	bool is_word = is_long(word, optopt);
	char text[HB_FMT_SIZE];

	if (opt == '?' && !optopt)
		return opt_unknown(word);
	hb_fmt_text(is_word ? word : letter, text, sizeof(text));
	if (opt == ':')
		return hb_fail(HB_EXIT_USAGE, "option '%s' needs a value",
			       text);
	if (is_word)
		return hb_fail(HB_EXIT_USAGE, "option '%.*s' takes no value",
			       (int)strcspn(text, "="), text);
	return hb_fail(HB_EXIT_USAGE, "unknown option '%s'; see hbctl help",
		       text);
}

/* Take all options; the words are left from optind on. Returns an exit code. */
int hb_opts_parse(struct hb *hb, struct hb_global *global, int argc,
		  char **argv)
{
	int opt, code = 0;

	opterr = 0;
	while (!code) {
		opt = getopt_long(argc, argv, ":jn:dstVh", long_opts, NULL);
		if (opt < 0)
			break;
		if (opt == '?' || opt == ':')
			code = opt_refused(opt, argv[optind - 1]);
		else
			code = opt_take(hb, global, opt, optarg);
	}
	return code;
}

/* Refuse what the command does not know, rather than ignore it. */
int hb_opts_check(const struct hb *hb, unsigned int known)
{
	static const struct {
		enum hb_opt opt;
		const char *name;
	} names[] = {
		{ HB_OPT_DETAILS, "--details" },
		{ HB_OPT_STATS, "--stats" },
		{ HB_OPT_TIME, "--timestamp" },
		{ HB_OPT_HISTOGRAM, "--histogram" },
		{ HB_OPT_MONITOR, "--since, --count, --duration or --rcvbuf" },
	};
	unsigned int unknown = hb->opts.given & ~known;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (unknown & names[i].opt)
			return hb_fail(HB_EXIT_USAGE,
				       "this command has no option %s",
				       names[i].name);
	return 0;
}

static bool color_auto(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (no && *no)
		return false;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

int hb_opts_color(struct hb *hb, const char *when)
{
	if (!when || !strcmp(when, "auto"))
		hb->out.color = color_auto();
	else if (!strcmp(when, "always"))
		hb->out.color = true;
	else if (strcmp(when, "never"))
		return hb_value_fail("--color", when,
				     "is none of auto, always, never");
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* Options anywhere on the command line: each word is an option, the value of
 * one, or left for the command, and none is lost.
 */
#include <getopt.h>

#include "ctl.h"
#include "opts.h"

static void check_left(const struct ctl_words *words)
{
	int i, j;

	FUZZ_CHECK(optind >= 1 && optind <= words->argc);
	FUZZ_CHECK(!words->argv[words->argc]);
	for (i = 0; i < words->argc; i++) {
		for (j = 0; words->argv[j] != words->owned[i]; j++)
			FUZZ_CHECK(j < words->argc);
	}
}

static void check_values(const struct hb *hb)
{
	const struct hb_opts *opts = &hb->opts;

	if (!(opts->given & HB_OPT_MONITOR))
		FUZZ_CHECK(!opts->has_since && !opts->count &&
			   !opts->duration_ns && !opts->rcvbuf);
	else
		FUZZ_CHECK(opts->has_since || opts->count ||
			   opts->duration_ns || opts->rcvbuf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_in in = { data, size };
	unsigned int known = fuzz_take(&in, 1);
	struct hb_global global = {};
	struct ctl_words words;
	struct hb hb = {};
	int code;

	ctl_words_take(&words, &in, "hbctl");
	ctl_begin();
	optind = 0;
	code = hb_opts_parse(&hb, &global, words.argc, words.argv);
	if (!code) {
		check_left(&words);
		check_values(&hb);
		code = hb_opts_color(&hb, global.color);
	}
	if (!code) {
		code = hb_opts_check(&hb, known);
		FUZZ_CHECK(!code == !(hb.opts.given & ~known));
	}
	FUZZ_CHECK(!code || code == HB_EXIT_USAGE);
	ctl_check_said(code);
	ctl_words_free(&words);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/* How hbctl talks about errors. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "fmt.h"
#include "parse.h"

static void say(const char *fmt, va_list args)
{
	fflush(stdout);
	fputs("hbctl: ", stderr);
	vfprintf(stderr, fmt, args);
	putc('\n', stderr);
}

void hb_warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
}

/* Print and return @code, which is an exit code. */
int hb_fail(int code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return code;
}

void hb_guess_start(struct hb_guess *guess, const char *word)
{
	size_t len = strlen(word);

	/* nearer than half of the word, or it is no likeness */
	*guess = (struct hb_guess){ word, NULL, len > 4 ? 3 : len / 2 + 1 };
}

/* Offer a word that would have been right. */
void hb_guess_try(struct hb_guess *guess, const char *candidate)
{
	unsigned int distance = hb_parse_distance(guess->word, candidate);

	if (distance >= guess->distance)
		return;
	guess->best = candidate;
	guess->distance = distance;
}

int hb_guess_fail(const struct hb_guess *guess, const char *kind)
{
	char word[HB_FMT_SIZE];

	hb_fmt_text(guess->word, word, sizeof(word));
	if (guess->best)
		return hb_fail(HB_EXIT_USAGE,
			       "unknown %s '%s'; did you mean '%s'?", kind,
			       word, guess->best);
	return hb_fail(HB_EXIT_USAGE, "unknown %s '%s'; see hbctl help", kind,
		       word);
}

int hb_extra_word(const char *word)
{
	char text[HB_FMT_SIZE];

	hb_fmt_text(word, text, sizeof(text));
	return hb_fail(HB_EXIT_USAGE, "'%s' is one word too many", text);
}

int hb_value_fail(const char *word, const char *val, const char *why)
{
	char text[HB_FMT_SIZE];

	hb_fmt_text(val, text, sizeof(text));
	return hb_fail(HB_EXIT_USAGE, "%s '%s' %s", word, text, why);
}

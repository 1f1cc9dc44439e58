/* SPDX-License-Identifier: GPL-2.0 */
/* What the targets of hbctl share: words, and what it says and prints. */
#ifndef _HB_FUZZ_CTL_H
#define _HB_FUZZ_CTL_H

#include <stdbool.h>

#include "fuzz.h"

#define CTL_WORDS	24

/**
 * struct ctl_words - a command line
 * @argv: words in memory of exactly their size, a NULL behind the last
 * @argc: how many there are
 * @owned: the same words, in the order in which they came
 */
struct ctl_words {
	char *argv[CTL_WORDS + 1];
	int argc;
	char *owned[CTL_WORDS + 1];
};

/* Words end with a byte 0; all of them with an empty one. */
void ctl_words_take(struct ctl_words *words, struct fuzz_in *in,
		    const char *program);
void ctl_words_free(struct ctl_words *words);

/* From now on stdout and stderr are memory, and empty. */
void ctl_begin(void);
/* What was written to stdout since then */
const char *ctl_printed(void);
/* A success says nothing, a failure one line, and both are fit for a terminal.
 */
void ctl_check_said(int code);
/* @text of any number of lines is fit for a terminal. */
void ctl_check_text(const char *text);

/* The same by a reader of its own */
bool ctl_json_ok(const char *text);

#endif /* _HB_FUZZ_CTL_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Options of the command line. */
#ifndef HBCTL_OPTS_H
#define HBCTL_OPTS_H

#include "cmd.h"

/**
 * struct hb_global - options that are done with before the command starts
 * @netns: network namespace to enter, or NULL
 * @color: WHEN of --color
 * @help: print the help
 * @version: print the version
 */
struct hb_global {
	const char *netns;
	const char *color;
	bool help;
	bool version;
};

int hb_opts_parse(struct hb *hb, struct hb_global *global, int argc,
		  char **argv);
int hb_opts_check(const struct hb *hb, unsigned int known);
int hb_opts_color(struct hb *hb, const char *when);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* What commands share: options, the output, the session, how they fail. */
#ifndef HBCTL_CMD_H
#define HBCTL_CMD_H

#include <stdbool.h>

#include "nl.h"
#include "out.h"

#define __printf(...)	__attribute__((__format__(printf, __VA_ARGS__)))

enum hb_exit {
	HB_EXIT_OK = 0,
	HB_EXIT_KERNEL = 1,	/* the kernel, netlink or a file refused */
	HB_EXIT_USAGE = 2,
	HB_EXIT_ABSENT = 4,	/* the module is not loaded */
	HB_EXIT_PERM = 5,
	HB_EXIT_NOSUCH = 6,	/* peer, device or network namespace */
};

/* Options that only some commands know; struct hb_cmd.opts says which. */
enum hb_opt {
	HB_OPT_DETAILS = 0x1,
	HB_OPT_STATS = 0x2,
	HB_OPT_TIME = 0x4,
	HB_OPT_HISTOGRAM = 0x8,
	HB_OPT_MONITOR = 0x10,
};

struct hb_opts {
	unsigned int given;	/* enum hb_opt */
	bool no_timestamp;
	bool has_since;
	__u64 since;
	__u64 count;		/* 0 is no limit */
	__u64 duration_ns;	/* 0 is no limit */
	__u64 rcvbuf;
};

struct hb {
	struct hb_opts opts;
	struct hb_out out;
	struct hb_nl nl;
};

/**
 * struct hb_cmd - a command
 * @object: first word, NULL for no word at all
 * @verb: second word, NULL if the object has none
 * @run: takes the words behind them, returns the exit code
 * @args: what those words are
 * @help: one line
 * @opts: options of enum hb_opt that it knows
 */
struct hb_cmd {
	const char *object;
	const char *verb;
	int (*run)(struct hb *hb, int argc, char **argv);
	const char *args;
	const char *help;
	unsigned int opts;
};

int hb_overview(struct hb *hb, int argc, char **argv);
int hb_node_show(struct hb *hb, int argc, char **argv);
int hb_node_set(struct hb *hb, int argc, char **argv);
int hb_leave(struct hb *hb, int argc, char **argv);
int hb_node_maintenance(struct hb *hb, int argc, char **argv);
int hb_peer_show(struct hb *hb, int argc, char **argv);
int hb_peer_add(struct hb *hb, int argc, char **argv);
int hb_peer_set(struct hb *hb, int argc, char **argv);
int hb_peer_del(struct hb *hb, int argc, char **argv);
int hb_peer_enable(struct hb *hb, int argc, char **argv);
int hb_peer_disable(struct hb *hb, int argc, char **argv);
int hb_peer_maintenance(struct hb *hb, int argc, char **argv);
int hb_events(struct hb *hb, int argc, char **argv);
int hb_monitor(struct hb *hb, int argc, char **argv);
int hb_stats(struct hb *hb, int argc, char **argv);
int hb_tune(struct hb *hb, int argc, char **argv);
int hb_key_generate(struct hb *hb, int argc, char **argv);

int hb_netns_enter(const char *name);

/* Parts of the commands that others use; those that return int return an exit
 * code, and have said what went wrong.
 */
struct hb_peers {
	struct hb_list list;
	struct hb_list stats;	/* what hb_rec.stats of the list points to */
};

int hb_hazard_correct(struct hb_list *list);
void hb_hazard_print(struct hb *hb, const struct hb_rec *node);
int hb_node_read(struct hb *hb, struct hb_list *list);
int hb_peer_report(struct hb *hb, const char *verb, const char *name);
int hb_peers_read(struct hb *hb, const char *name, struct hb_peers *peers);
void hb_peers_print(struct hb *hb, const char *key,
		    const struct hb_peers *peers);
void hb_peers_free(struct hb_peers *peers);
int hb_stats_read(struct hb *hb, struct hb_list *list);
int hb_stats_read_peers(struct hb *hb, const char *name,
			struct hb_list *list);

/* util.c: words for people */
struct hb_guess {
	const char *word;
	const char *best;
	unsigned int distance;
};

void __printf(1, 2) hb_warn(const char *fmt, ...);
int __printf(2, 3) hb_fail(int code, const char *fmt, ...);
void hb_guess_start(struct hb_guess *guess, const char *word);
void hb_guess_try(struct hb_guess *guess, const char *candidate);
int hb_guess_fail(const struct hb_guess *guess, const char *kind);
int hb_extra_word(const char *word);
int hb_value_fail(const char *word, const char *val, const char *why);

#endif

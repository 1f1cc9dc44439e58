// SPDX-License-Identifier: GPL-2.0
/* hbctl: see and set the heartbeats of this machine. Finds the command that
 * the words on the command line mean, and runs it.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "opts.h"
#include "subscribe.h"

#define PATH_WORDS	"addr ADDR[%DEV] [dev DEV] [port PORT]"
#define PEER_WORDS	"[interval DUR] [multiplier N] "	       \
			"[detect fixed|adaptive] [floor DUR] "	       \
			"[ceiling DUR] [hold-up DUR] "		       \
			"[auth none|node-key|peer-key] [key-file FILE|-] "     \
			"[key-slot 1|2] [key-send 1|2]"

static const struct hb_cmd commands[] = {
	{ NULL, NULL, hb_overview, "", "show the node and its peers",
	  HB_OPT_DETAILS | HB_OPT_STATS },
	{ "node", "show", hb_node_show, "", "show the node in full",
	  HB_OPT_DETAILS | HB_OPT_STATS },
	{ "node", "set", hb_node_set,
	  "[name NAME] [port PORT] [key-file FILE|-] [key-slot 1|2] [key-send 1|2] [key-clear 1|2]",
	  "name the node, which starts it, or change its keys", 0 },
	{ "node", "maintenance", hb_node_maintenance, "[for DUR] | end",
	  "tell the peers that a silence of this node is no death", 0 },
	{ "peer", "show", hb_peer_show, "[NAME] [state STATE]", "show peers",
	  HB_OPT_DETAILS | HB_OPT_STATS },
	{ "peer", "add", hb_peer_add,
	  "NAME " PATH_WORDS " " PEER_WORDS " [disabled]",
	  "watch a node, and beat to it", 0 },
	{ "peer", "set", hb_peer_set,
	  "NAME [" PATH_WORDS "] " PEER_WORDS " [key-clear 1|2]",
	  "change a peer in place", 0 },
	{ "peer", "del", hb_peer_del, "NAME|all",
	  "say goodbye to a peer and forget it", 0 },
	{ "peer", "enable", hb_peer_enable, "NAME|all", "watch a peer again",
	  0 },
	{ "peer", "disable", hb_peer_disable, "NAME|all",
	  "neither watch a peer nor beat to it", 0 },
	{ "peer", "maintenance", hb_peer_maintenance, "NAME [for DUR] | end",
	  "take no silence of a peer for its death", 0 },
	{ "leave", NULL, hb_leave, "",
	  "say goodbye to all peers and disable them", 0 },
	{ "monitor", NULL, hb_monitor,
	  "[--since SEQ] [--count N] [--duration DUR] [--rcvbuf SIZE]",
	  "print events as they happen", HB_OPT_MONITOR | HB_OPT_TIME },
	{ "events", NULL, hb_events, "[since SEQ]",
	  "print the events that the kernel keeps", HB_OPT_TIME },
	{ "stats", NULL, hb_stats, "[peers [NAME]] [--histogram]",
	  "show counters", HB_OPT_HISTOGRAM | HB_OPT_DETAILS },
	{ "tune", NULL, hb_tune, "[NAME] [detect DUR | mistakes N/UNIT]",
	  "propose an interval and a multiplier, by what was measured", 0 },
	{ "key", "generate", hb_key_generate, "[FILE]",
	  "make a key, and a new file for it", 0 },
	{ }
};

static void help_print(const char *object)
{
	const struct hb_cmd *cmd;

	if (!object)
		puts("usage: hbctl [OPTIONS] [OBJECT [VERB [WORDS]]]\n");
	for (cmd = commands; cmd->run; cmd++) {
		if (object && (!cmd->object || strcmp(cmd->object, object)))
			continue;
		printf("hbctl%s%s%s%s%s%s\n\t%s\n", cmd->object ? " " : "",
		       cmd->object ? cmd->object : "", cmd->verb ? " " : "",
		       cmd->verb ? cmd->verb : "", *cmd->args ? " " : "",
		       cmd->args, cmd->help);
	}
	if (object)
		return;
	puts("\nDUR is a number and a unit: us, ms, s, m, h or d, as in 10ms.\n"
	     "\n"
	     "-j, --json          JSON\n"
	     "-n, --netns NETNS   name, path or process of a network namespace\n"
	     "-d, --details       all there is to know\n"
	     "-s, --stats         counters too\n"
	     "-t, --timestamp     when an event happened; --no-timestamp leaves it out\n"
	     "    --color[=WHEN]  auto, always or never\n"
	     "-V, --version\n"
	     "-h, --help\n"
	     "\n"
	     "See hbctl(8).");
}

static bool is_object(const struct hb_cmd *cmd, const char *word)
{
	return cmd->object && !strcmp(cmd->object, word);
}

static int unknown_object(const char *word)
{
	const struct hb_cmd *cmd;
	struct hb_guess guess;

	hb_guess_start(&guess, word);
	for (cmd = commands; cmd->run; cmd++)
		if (cmd->object)
			hb_guess_try(&guess, cmd->object);
	hb_guess_try(&guess, "help");
	return hb_guess_fail(&guess, "object");
}

static int unknown_verb(const char *object, const char *word)
{
	const struct hb_cmd *cmd;
	struct hb_guess guess;
	char kind[32];

	hb_guess_start(&guess, word);
	for (cmd = commands; cmd->run; cmd++)
		if (is_object(cmd, object))
			hb_guess_try(&guess, cmd->verb);
	snprintf(kind, sizeof(kind), "verb of %s", object);
	return hb_guess_fail(&guess, kind);
}

/* The command that @words begin with and how many of them it took; NULL and an
 * exit code if there is none. An object without a verb is shown.
 */
static const struct hb_cmd *command_find(int n, char **words, int *took,
					 int *code)
{
	const char *verb = n > 1 ? words[1] : "show";
	const struct hb_cmd *cmd;
	bool known = false;

	*took = 0;
	if (!n)
		return &commands[0];
	for (cmd = commands; cmd->run; cmd++) {
		if (!is_object(cmd, words[0]))
			continue;
		known = true;
		*took = cmd->verb && n > 1 ? 2 : 1;
		if (!cmd->verb || !strcmp(cmd->verb, verb))
			return cmd;
	}
	if (!known)
		*code = unknown_object(words[0]);
	else if (n > 1)
		*code = unknown_verb(words[0], words[1]);
	else
		*code = hb_fail(HB_EXIT_USAGE,
				"%s needs a verb; see hbctl help %s", words[0],
				words[0]);
	return NULL;
}

/* hbctl help, hbctl help OBJECT, hbctl OBJECT help */
static bool help_wanted(int n, char **words, const char **object)
{
	int i;

	*object = NULL;
	for (i = 0; i < n && i < 2; i++) {
		if (strcmp(words[i], "help"))
			continue;
		if (n > 1)
			*object = words[1 - i];
		return true;
	}
	return false;
}

static int help(int n, char **words, const char *object)
{
	const struct hb_cmd *cmd;

	if (n > 2)
		return hb_extra_word(words[2]);
	for (cmd = commands; object && cmd->run; cmd++)
		if (is_object(cmd, object))
			break;
	if (object && !cmd->run)
		return unknown_object(object);
	help_print(object);
	return 0;
}

/* JSON of the monitor is an object a line; everything else is one array. */
static int command_run(struct hb *hb, const struct hb_cmd *cmd, int n,
		       char **words)
{
	int code = cmd->run(hb, n, words);

	if (hb->out.json && hb->out.more)
		hb_out_line_end(&hb->out);
	hb_nl_close(&hb->nl);
	return code;
}

static int command_start(struct hb *hb, const struct hb_global *global, int n,
			 char **words)
{
	const struct hb_cmd *cmd;
	const char *object;
	int code = 0, took;

	if (global->help || help_wanted(n, words, &object))
		return help(global->help ? 0 : n, words,
			    global->help ? NULL : object);
	cmd = command_find(n, words, &took, &code);
	if (!cmd)
		return code;
	code = hb_opts_check(hb, cmd->opts);
	if (!code && global->netns)
		code = hb_netns_enter(global->netns);
	return code ? code : command_run(hb, cmd, n - took, words + took);
}

/* What could not be written was not done. */
static int flush(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	return hb_fail(HB_EXIT_KERNEL, "standard output: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	struct hb_global global = { };
	struct hb hb = {
		.opts.rcvbuf = HB_RCVBUF_DEFAULT,
		.out.fp = stdout,
	};
	int code;

	code = hb_opts_parse(&hb, &global, argc, argv);
	if (!code)
		code = hb_opts_color(&hb, global.color);
	if (code)
		return code;
	if (global.version) {
		puts("hbctl " HBCTL_VERSION);
		return flush(0);
	}
	return flush(command_start(&hb, &global, argc - optind,
				   argv + optind));
}

// SPDX-License-Identifier: GPL-2.0
/* The words of node set, peer add and peer set. What the kernel can be told is
 * left to the kernel to judge; only what no attribute could carry stops here.
 */
#include <string.h>

#include "cfg.h"
#include "cmd.h"
#include "fmt.h"
#include "key.h"

#define PEER_CMDS	(HB_CFG_PEER_ADD | HB_CFG_PEER_SET)
#define ALL_CMDS	(HB_CFG_NODE_SET | PEER_CMDS)

/* A number that its attribute can hold. */
static int parse_fit(const char *word, const char *val, __u64 max, __u64 *out)
{
	const char *why = hb_parse_uint(val, out);

	if (why)
		return hb_value_fail(word, val, why);
	if (*out > max)
		return hb_fail(HB_EXIT_USAGE,
			       "%s '%s' is too large, at most %llu", word, val,
			       max);
	return 0;
}

static int parse_u8(const char *word, const char *val, __u8 *out)
{
	__u64 num = 0;
	int code = parse_fit(word, val, 0xff, &num);

	*out = num;
	return code;
}

static int parse_name(struct hb_cfg *cfg, const char *word, const char *val)
{
	(void)word;
	cfg->name = val;
	return 0;
}

static int parse_addr(struct hb_cfg *cfg, const char *word, const char *val)
{
	struct hb_addr addr;
	const char *why = hb_parse_addr(val, &addr);

	if (why)
		return hb_value_fail(word, val, why);
	if (addr.dev[0] && cfg->addr.dev[0])
		return hb_value_fail(word, val,
				     "names a device, and so does dev");
	if (!addr.dev[0])
		memcpy(addr.dev, cfg->addr.dev, sizeof(addr.dev));
	cfg->addr = addr;
	return 0;
}

static int parse_dev(struct hb_cfg *cfg, const char *word, const char *val)
{
	const char *why = NULL;

	if (cfg->addr.dev[0])
		why = "is one device too many, addr names one";
	else
		why = hb_parse_dev(val, cfg->addr.dev);
	return why ? hb_value_fail(word, val, why) : 0;
}

static int parse_port(struct hb_cfg *cfg, const char *word, const char *val)
{
	__u64 num = 0;
	int code = parse_fit(word, val, 0xffff, &num);

	cfg->port = num;
	return code;
}

static int parse_us(const char *word, const char *val, __u64 max, __u64 *us)
{
	const char *why;
	__u64 ns = 0;

	why = hb_parse_duration(val, &ns);
	if (!why && ns % 1000)
		why = "is finer than a microsecond";
	if (!why && ns / 1000 > max)
		why = "is too long";
	if (why)
		return hb_value_fail(word, val, why);
	*us = ns / 1000;
	return 0;
}

static int parse_interval(struct hb_cfg *cfg, const char *word,
			  const char *val)
{
	__u64 us = 0;
	int code = parse_us(word, val, 0xffffffff, &us);

	cfg->interval_us = us;
	return code;
}

static int parse_detect(struct hb_cfg *cfg, const char *word, const char *val)
{
	int detect = hb_schema_value(&hb_detects, val);

	if (detect < 0)
		return hb_value_fail(word, val,
				     "is unknown: fixed or adaptive");
	cfg->detect = detect;
	return 0;
}

static int parse_floor(struct hb_cfg *cfg, const char *word, const char *val)
{
	return parse_us(word, val, ~0ULL, &cfg->floor_us);
}

static int parse_ceiling(struct hb_cfg *cfg, const char *word, const char *val)
{
	return parse_us(word, val, ~0ULL, &cfg->ceiling_us);
}

static int parse_hold_up(struct hb_cfg *cfg, const char *word, const char *val)
{
	return parse_us(word, val, ~0ULL, &cfg->hold_up_us);
}

static int parse_multiplier(struct hb_cfg *cfg, const char *word,
			    const char *val)
{
	return parse_u8(word, val, &cfg->multiplier);
}

static int parse_auth(struct hb_cfg *cfg, const char *word, const char *val)
{
	int auth = hb_schema_value(&hb_auths, val);

	if (auth < 0)
		return hb_value_fail(word, val,
				     "is unknown: none, node-key or peer-key");
	cfg->auth = auth;
	return 0;
}

static int parse_key_file(struct hb_cfg *cfg, const char *word,
			  const char *val)
{
	(void)word;
	return hb_key_read(val, cfg->secret);
}

static int parse_key_slot(struct hb_cfg *cfg, const char *word,
			  const char *val)
{
	return parse_u8(word, val, &cfg->key_slot);
}

static int parse_key_send(struct hb_cfg *cfg, const char *word,
			  const char *val)
{
	return parse_u8(word, val, &cfg->key_send);
}

static int parse_key_clear(struct hb_cfg *cfg, const char *word,
			   const char *val)
{
	return parse_u8(word, val, &cfg->key_clear);
}

static const struct {
	const char *name;
	unsigned int cmds;
	/* NULL for a word that takes no value */
	int (*parse)(struct hb_cfg *cfg, const char *word, const char *val);
} words[] = {
	[HB_WORD_NAME] = { "name", HB_CFG_NODE_SET, parse_name },
	[HB_WORD_ADDR] = { "addr", PEER_CMDS, parse_addr },
	[HB_WORD_DEV] = { "dev", PEER_CMDS, parse_dev },
	[HB_WORD_PORT] = { "port", ALL_CMDS, parse_port },
	[HB_WORD_INTERVAL] = { "interval", PEER_CMDS, parse_interval },
	[HB_WORD_MULTIPLIER] = { "multiplier", PEER_CMDS, parse_multiplier },
	[HB_WORD_DETECT] = { "detect", PEER_CMDS, parse_detect },
	[HB_WORD_FLOOR] = { "floor", PEER_CMDS, parse_floor },
	[HB_WORD_CEILING] = { "ceiling", PEER_CMDS, parse_ceiling },
	[HB_WORD_HOLD_UP] = { "hold-up", PEER_CMDS, parse_hold_up },
	[HB_WORD_AUTH] = { "auth", PEER_CMDS, parse_auth },
	[HB_WORD_KEY_FILE] = { "key-file", ALL_CMDS, parse_key_file },
	[HB_WORD_KEY_SLOT] = { "key-slot", ALL_CMDS, parse_key_slot },
	[HB_WORD_KEY_SEND] = { "key-send", ALL_CMDS, parse_key_send },
	[HB_WORD_KEY_CLEAR] = { "key-clear", HB_CFG_NODE_SET | HB_CFG_PEER_SET,
				parse_key_clear },
	[HB_WORD_DISABLED] = { "disabled", HB_CFG_PEER_ADD, NULL },
};

static int word_find(enum hb_cfg_cmd cmd, const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].cmds & cmd && !strcmp(words[i].name, name))
			return i;
	return -1;
}

static int word_unknown(enum hb_cfg_cmd cmd, const char *name)
{
	struct hb_guess guess;
	unsigned int i;

	hb_guess_start(&guess, name);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].cmds & cmd)
			hb_guess_try(&guess, words[i].name);
	return hb_guess_fail(&guess, "word");
}

/* Take one word, and its value if it has one, off @argv. */
static int word_take(struct hb_cfg *cfg, enum hb_cfg_cmd cmd, int *argc,
		     char ***argv)
{
	const char *name = **argv, *val;
	int word = word_find(cmd, name);

	if (word < 0)
		return word_unknown(cmd, name);
	if (hb_cfg_has(cfg, word))
		return hb_fail(HB_EXIT_USAGE, "'%s' is there twice", name);
	cfg->given |= 1U << word;
	(*argc)--;
	(*argv)++;
	if (!words[word].parse)
		return 0;
	if (!*argc)
		return hb_fail(HB_EXIT_USAGE, "'%s' needs a value", name);
	val = **argv;
	(*argc)--;
	(*argv)++;
	return words[word].parse(cfg, name, val);
}

/* Words that need or exclude each other. */
static int cfg_check(struct hb_cfg *cfg, enum hb_cfg_cmd cmd)
{
	bool key = hb_cfg_has(cfg, HB_WORD_KEY_FILE);

	if (cmd != HB_CFG_PEER_ADD && !cfg->given)
		return hb_fail(HB_EXIT_USAGE, "nothing to set");
	if (cmd == HB_CFG_PEER_ADD && !hb_cfg_has(cfg, HB_WORD_ADDR))
		return hb_fail(HB_EXIT_USAGE, "a peer needs an addr");
	if (cmd == HB_CFG_PEER_SET && !hb_cfg_has(cfg, HB_WORD_ADDR) &&
	    (cfg->addr.dev[0] || hb_cfg_has(cfg, HB_WORD_PORT)))
		return hb_fail(HB_EXIT_USAGE, "%s needs an addr",
			       cfg->addr.dev[0] ? "dev" : "port");
	if (hb_cfg_has(cfg, HB_WORD_KEY_SLOT) && !key)
		return hb_fail(HB_EXIT_USAGE, "key-slot needs a key-file");
	if (!key || cmd == HB_CFG_NODE_SET)
		return 0;
	if (!hb_cfg_has(cfg, HB_WORD_AUTH)) {
		cfg->given |= 1U << HB_WORD_AUTH;
		cfg->auth = HB_AUTH_PEER_KEY;
	}
	if (cfg->auth != HB_AUTH_PEER_KEY)
		return hb_fail(HB_EXIT_USAGE,
			       "a peer with a key-file has auth peer-key");
	return 0;
}

static int no_device(const char *dev)
{
	char text[HB_FMT_SIZE];

	hb_fmt_text(dev, text, sizeof(text));
	return hb_fail(HB_EXIT_NOSUCH, "no such device '%s'", text);
}

/* Names of devices mean something only inside of the network namespace. */
static int cfg_resolve_dev(struct hb_cfg *cfg)
{
	if (!cfg->addr.dev[0])
		return 0;
	cfg->ifindex = if_nametoindex(cfg->addr.dev);
	return cfg->ifindex ? 0 : no_device(cfg->addr.dev);
}

/* Read all words. Returns an exit code. */
int hb_cfg_parse(struct hb_cfg *cfg, enum hb_cfg_cmd cmd, int argc,
		 char **argv)
{
	int code = 0;

	cfg->key_slot = 1;
	while (argc && !code)
		code = word_take(cfg, cmd, &argc, &argv);
	if (!code)
		code = cfg_check(cfg, cmd);
	return code ? code : cfg_resolve_dev(cfg);
}

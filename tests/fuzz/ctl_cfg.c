// SPDX-License-Identifier: GPL-2.0
/* The words of node set, peer add and peer set: what they set is in the message
 * to the kernel, and nothing else is.
 */
#include <net/if.h>
#include <netlink/genl/genl.h>

#include "cfg.h"
#include "cmd.h"
#include "ctl.h"
#include "key.h"

/* Instead of the machine's own devices and files, by the linker's --wrap */
unsigned int __wrap_if_nametoindex(const char *name);
int __wrap_hb_key_read(const char *path, unsigned char key[HB_KEY_LEN]);

unsigned int __wrap_if_nametoindex(const char *name)
{
	return strcmp(name, "eth0") ? 0 : 7;
}

int __wrap_hb_key_read(const char *path, unsigned char key[HB_KEY_LEN])
{
	memset(key, 'k', HB_KEY_LEN);
	return strcmp(path, "-") ? hb_fail(HB_EXIT_KERNEL, "no such file") : 0;
}

/* An attribute is there if and only if its word was. */
static void check_u64(struct nlattr **tb, int attr, bool given, __u64 val)
{
	FUZZ_CHECK(given == !!tb[attr]);
	if (given)
		FUZZ_CHECK(hb_attr_uint(tb[attr]) == val);
}

/* Keys are nests, one for the secret and one for the slot to clear. */
static void check_keys(const struct hb_cfg *cfg, struct nlmsghdr *nlh, int attr)
{
	unsigned int secrets = 0, cleared = 0;
	struct nlattr *nla, *tb[HB_A_KEY_MAX + 1];
	int rem;

	nlmsg_for_each_attr(nla, nlh, GENL_HDRLEN, rem) {
		if (nla_type(nla) != attr)
			continue;
		FUZZ_CHECK(!nla_parse_nested(tb, HB_A_KEY_MAX, nla, NULL));
		FUZZ_CHECK(tb[HB_A_KEY_SLOT]);
		if (tb[HB_A_KEY_SECRET]) {
			FUZZ_CHECK(nla_len(tb[HB_A_KEY_SECRET]) == HB_KEY_LEN);
			check_u64(tb, HB_A_KEY_SLOT, true, cfg->key_slot);
			secrets++;
		} else {
			check_u64(tb, HB_A_KEY_SLOT, true, cfg->key_clear);
			cleared++;
		}
	}
	FUZZ_CHECK(secrets == hb_cfg_has(cfg, HB_WORD_KEY_FILE));
	FUZZ_CHECK(cleared == hb_cfg_has(cfg, HB_WORD_KEY_CLEAR));
}

static void check_node(const struct hb_cfg *cfg, struct nlmsghdr *nlh)
{
	struct nlattr *tb[HB_A_NODE_MAX + 1];

	FUZZ_CHECK(!genlmsg_parse(nlh, 0, tb, HB_A_NODE_MAX, NULL));
	FUZZ_CHECK(!!tb[HB_A_NODE_NAME] == hb_cfg_has(cfg, HB_WORD_NAME));
	if (tb[HB_A_NODE_NAME])
		FUZZ_CHECK(!strcmp(nla_get_string(tb[HB_A_NODE_NAME]),
				   cfg->name));
	check_u64(tb, HB_A_NODE_PORT, hb_cfg_has(cfg, HB_WORD_PORT), cfg->port);
	check_u64(tb, HB_A_NODE_KEY_SEND, hb_cfg_has(cfg, HB_WORD_KEY_SEND),
		  cfg->key_send);
	check_keys(cfg, nlh, HB_A_NODE_KEY);
}

static void check_path(const struct hb_cfg *cfg, struct nlattr *path)
{
	bool addr = hb_cfg_has(cfg, HB_WORD_ADDR), v4 = cfg->addr.len == 4;
	bool dev = cfg->addr.dev[0], port = hb_cfg_has(cfg, HB_WORD_PORT);
	struct nlattr *tb[HB_A_PATH_MAX + 1];

	FUZZ_CHECK(!!path == (addr || dev || port));
	if (!path)
		return;
	FUZZ_CHECK(!nla_parse_nested(tb, HB_A_PATH_MAX, path, NULL));
	FUZZ_CHECK(!!tb[HB_A_PATH_ADDR4] == (addr && v4));
	FUZZ_CHECK(!!tb[HB_A_PATH_ADDR6] == (addr && !v4));
	check_u64(tb, HB_A_PATH_PORT, port, cfg->port);
	check_u64(tb, HB_A_PATH_IFINDEX, dev, 7);
}

static void check_peer(const struct hb_cfg *cfg, struct nlmsghdr *nlh)
{
	struct nlattr *tb[HB_A_PEER_MAX + 1];

	FUZZ_CHECK(!genlmsg_parse(nlh, 0, tb, HB_A_PEER_MAX, NULL));
	FUZZ_CHECK(!strcmp(nla_get_string(tb[HB_A_PEER_NAME]), cfg->name));
	check_path(cfg, tb[HB_A_PEER_PATH]);
	check_u64(tb, HB_A_PEER_INTERVAL_US, hb_cfg_has(cfg, HB_WORD_INTERVAL),
		  cfg->interval_us);
	check_u64(tb, HB_A_PEER_MULTIPLIER, hb_cfg_has(cfg, HB_WORD_MULTIPLIER),
		  cfg->multiplier);
	check_u64(tb, HB_A_PEER_DETECT, hb_cfg_has(cfg, HB_WORD_DETECT),
		  cfg->detect);
	check_u64(tb, HB_A_PEER_FLOOR_US, hb_cfg_has(cfg, HB_WORD_FLOOR),
		  cfg->floor_us);
	check_u64(tb, HB_A_PEER_CEILING_US, hb_cfg_has(cfg, HB_WORD_CEILING),
		  cfg->ceiling_us);
	check_u64(tb, HB_A_PEER_HOLD_UP_US, hb_cfg_has(cfg, HB_WORD_HOLD_UP),
		  cfg->hold_up_us);
	check_u64(tb, HB_A_PEER_AUTH, hb_cfg_has(cfg, HB_WORD_AUTH), cfg->auth);
	check_u64(tb, HB_A_PEER_ENABLED, hb_cfg_has(cfg, HB_WORD_DISABLED), 0);
	check_u64(tb, HB_A_PEER_KEY_SEND, hb_cfg_has(cfg, HB_WORD_KEY_SEND),
		  cfg->key_send);
	check_keys(cfg, nlh, HB_A_PEER_KEY);
}

static void check_message(const struct hb_cfg *cfg, enum hb_cfg_cmd cmd)
{
	bool node = cmd == HB_CFG_NODE_SET;
	struct nl_msg *msg = nlmsg_alloc();
	int err;

	FUZZ_CHECK(msg && genlmsg_put(msg, 0, 0, 0, 0, 0, 0, 1));
	err = node ? hb_cfg_put_node(cfg, msg) : hb_cfg_put_peer(cfg, msg);
	/* only a name that is longer than a page does not fit */
	if (err)
		FUZZ_CHECK(strlen(cfg->name) > 2048);
	else if (node)
		check_node(cfg, nlmsg_hdr(msg));
	else
		check_peer(cfg, nlmsg_hdr(msg));
	nlmsg_free(msg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_in in = { data, size };
	enum hb_cfg_cmd cmd = 1 << fuzz_take(&in, 1) % 3;
	struct hb_cfg cfg = { .name = "peer" };
	struct ctl_words words;
	int code;

	ctl_words_take(&words, &in, NULL);
	ctl_begin();
	code = hb_cfg_parse(&cfg, cmd, words.argc, words.argv);
	ctl_check_said(code);
	if (!code)
		check_message(&cfg, cmd);
	ctl_words_free(&words);
	return 0;
}

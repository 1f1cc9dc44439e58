// SPDX-License-Identifier: GPL-2.0
/* All of hbctl: a command line, and what the kernel replies to it. JSON is
 * JSON and text is fit for a terminal, whatever the kernel says.
 */
#include <errno.h>
#include <netlink/genl/genl.h>

#define main hbctl_main
#include "../../hbctl/main.c"
#undef main

#include "ctl.h"
#include "key.h"

/* What --wrap has instead of the kernel, files and devices */
struct nl_msg *__wrap_hb_nl_msg(struct hb_nl *nl, unsigned int cmd);
int __wrap_hb_nl_do(struct hb_nl *nl, struct nl_msg *msg, struct hb_list *list);
int __wrap_hb_nl_dump(struct hb_nl *nl, struct nl_msg *msg,
		      struct hb_list *list);
int __wrap_hb_subscribe(struct hb_nl *nl, __u64 rcvbuf,
			int (*func)(struct nl_msg *msg, void *arg), void *arg);
int __wrap_hb_netns_enter(const char *name);
int __wrap_hb_key_read(const char *path, unsigned char key[HB_KEY_LEN]);
int __wrap_hb_key_generate(struct hb *hb, int argc, char **argv);
unsigned int __wrap_if_nametoindex(const char *name);
char *__wrap_if_indextoname(unsigned int ifindex, char *name);

static struct fuzz_in replies;

struct nl_msg *__wrap_hb_nl_msg(struct hb_nl *nl, unsigned int cmd)
{
	struct nl_msg *msg = nlmsg_alloc();

	(void)nl;
	FUZZ_CHECK(msg && genlmsg_put(msg, 0, 0, 0, 0, 0, cmd, 1));
	return msg;
}

static void put_attrs(struct nl_msg *msg, const struct hb_set *set);

/* Of the length that its kind has, or of another one */
static int put_attr(struct nl_msg *msg, const struct hb_set *set)
{
	unsigned int type = fuzz_take(&replies, 1) % (set->max + 1);
	const struct hb_attr *attr = &set->attrs[type];
	unsigned int len = fuzz_take(&replies, 1);
	char value[256];
	unsigned int i;
	struct nlattr *nest;

	if (attr->nest) {
		nest = nla_nest_start(msg, type);
		if (!nest)
			return -1;
		put_attrs(msg, attr->nest);
		return nla_nest_end(msg, nest);
	}
	if (len < 128)
		len = 1 << len % 4;
	else
		len -= 128;
	for (i = 0; i < len; i++)
		value[i] = fuzz_take(&replies, 1);
	return nla_put(msg, type, len, value);
}

static void put_attrs(struct nl_msg *msg, const struct hb_set *set)
{
	unsigned int n = fuzz_take(&replies, 1) % 48;

	while (n-- && replies.size)
		if (put_attr(msg, set))
			return;
}

/* One record, well formed or any bytes */
static int reply(struct hb_list *list, const struct hb_set *set)
{
	unsigned int raw = fuzz_take(&replies, 1), len;
	struct nl_msg *msg;
	char *copy;
	int err;

	if (raw >= 192) {
		len = raw - 192 < replies.size ? raw - 192 : replies.size;
		copy = fuzz_copy(replies.data, len);
		replies.data += len;
		replies.size -= len;
		err = hb_list_add(list, set, (struct nlattr *)copy, len);
		free(copy);
		return err;
	}
	msg = nlmsg_alloc();
	FUZZ_CHECK(msg && genlmsg_put(msg, 0, 0, 0, 0, 0, 0, 1));
	put_attrs(msg, set);
	err = hb_list_add(list, set,
			  genlmsg_attrdata(nlmsg_data(nlmsg_hdr(msg)), 0),
			  genlmsg_attrlen(nlmsg_data(nlmsg_hdr(msg)), 0));
	nlmsg_free(msg);
	return err;
}

static int answer(struct hb_nl *nl, struct nl_msg *msg, struct hb_list *list,
		  unsigned int n)
{
	static const int codes[] = { EPERM, ENOENT, EPROTONOSUPPORT, EBUSY };
	struct genlmsghdr *genl;
	unsigned int cmd;

	if (!msg)
		return -EMSGSIZE;
	genl = nlmsg_data(nlmsg_hdr(msg));
	cmd = genl->cmd;
	nlmsg_free(msg);
	if (n > 128)
		return hb_nl_fail(nl, codes[n % 4], "no");
	while (list && n--)
		if (reply(list, hb_schema_of(cmd)))
			return hb_nl_fail(nl, EBADMSG, "malformed reply");
	return 0;
}

int __wrap_hb_nl_do(struct hb_nl *nl, struct nl_msg *msg, struct hb_list *list)
{
	unsigned int n = fuzz_take(&replies, 1);

	return answer(nl, msg, list, n < 120 ? 1 : n);
}

int __wrap_hb_nl_dump(struct hb_nl *nl, struct nl_msg *msg,
		      struct hb_list *list)
{
	unsigned int n = fuzz_take(&replies, 1);

	return answer(nl, msg, list, n > 128 ? n : n % 8);
}

int __wrap_hb_subscribe(struct hb_nl *nl, __u64 rcvbuf,
			int (*func)(struct nl_msg *msg, void *arg), void *arg)
{
	(void)nl;
	(void)rcvbuf;
	(void)func;
	(void)arg;
	return hb_fail(HB_EXIT_KERNEL, "no events here");
}

int __wrap_hb_netns_enter(const char *name)
{
	(void)name;
	return 0;
}

int __wrap_hb_key_read(const char *path, unsigned char key[HB_KEY_LEN])
{
	(void)path;
	memset(key, 'k', HB_KEY_LEN);
	return 0;
}

int __wrap_hb_key_generate(struct hb *hb, int argc, char **argv)
{
	(void)hb;
	(void)argc;
	(void)argv;
	return 0;
}

unsigned int __wrap_if_nametoindex(const char *name)
{
	return strcmp(name, "eth0") ? 0 : 7;
}

/* Some name, as anybody may rename devices of a namespace */
char *__wrap_if_indextoname(unsigned int ifindex, char *name)
{
	if (ifindex % 2)
		return NULL;
	return strcpy(name, ifindex == 2 ? "eth0" : "e\033[31m\"\\");
}

static bool has_word(const struct ctl_words *words, const char *begin)
{
	int i;

	for (i = 1; i < words->argc; i++)
		if (!strncmp(words->owned[i], begin, strlen(begin)))
			return true;
	return false;
}

static void check_printed(const struct ctl_words *words, int code)
{
	const char *text = ctl_printed();

	/* elsewhere it may be the value of another option */
	if (!code && *text == '[' && words->argc > 1 &&
	    !strcmp(words->owned[1], "-j"))
		FUZZ_CHECK(ctl_json_ok(text));
	/* colours are what a terminal obeys, and wanted */
	if (!has_word(words, "--c"))
		ctl_check_text(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctl_words words;
	int code;

	replies = (struct fuzz_in) { data, size };
	ctl_words_take(&words, &replies, "hbctl");
	ctl_begin();
	optind = 0;
	code = hbctl_main(words.argc, words.argv);
	FUZZ_CHECK(code >= 0 && code <= HB_EXIT_NOSUCH);
	if (code)
		ctl_check_said(code);
	check_printed(&words, code);
	ctl_words_free(&words);
	return 0;
}

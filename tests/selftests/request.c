// SPDX-License-Identifier: GPL-2.0
/* A request to the family, made of words: right ones and wrong ones alike. */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/hb.h>
#include <sys/socket.h>

#include "request.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

enum {
	WORDS_MAX = 64,
};

struct name {
	const char *set;
	const char *name;
	int val;
	const char *nest;
};

static const struct name attr_names[] = {
	{ "node", "name", HB_A_NODE_NAME },
	{ "node", "port", HB_A_NODE_PORT },
	{ "node", "key", HB_A_NODE_KEY, "key" },
	{ "node", "key-send", HB_A_NODE_KEY_SEND },
	{ "node", "keys-set", HB_A_NODE_KEYS_SET },
	{ "node", "leave", HB_A_NODE_LEAVE },
	{ "node", "maintenance-us", HB_A_NODE_MAINTENANCE_US },
	{ "key", "slot", HB_A_KEY_SLOT },
	{ "key", "secret", HB_A_KEY_SECRET },
	{ "path", "index", HB_A_PATH_INDEX },
	{ "path", "addr4", HB_A_PATH_ADDR4 },
	{ "path", "addr6", HB_A_PATH_ADDR6 },
	{ "path", "port", HB_A_PATH_PORT },
	{ "path", "ifindex", HB_A_PATH_IFINDEX },
	{ "path", "state", HB_A_PATH_STATE },
	{ "peer", "name", HB_A_PEER_NAME },
	{ "peer", "all", HB_A_PEER_ALL },
	{ "peer", "path", HB_A_PEER_PATH, "path" },
	{ "peer", "interval-us", HB_A_PEER_INTERVAL_US },
	{ "peer", "multiplier", HB_A_PEER_MULTIPLIER },
	{ "peer", "enabled", HB_A_PEER_ENABLED },
	{ "peer", "auth", HB_A_PEER_AUTH },
	{ "peer", "key", HB_A_PEER_KEY, "key" },
	{ "peer", "key-send", HB_A_PEER_KEY_SEND },
	{ "peer", "state", HB_A_PEER_STATE },
	{ "peer", "detect", HB_A_PEER_DETECT },
	{ "peer", "floor-us", HB_A_PEER_FLOOR_US },
	{ "peer", "ceiling-us", HB_A_PEER_CEILING_US },
	{ "peer", "hold-up-us", HB_A_PEER_HOLD_UP_US },
	{ "peer", "maintenance-us", HB_A_PEER_MAINTENANCE_US },
	{ "events", "since", HB_A_EVENTS_SINCE },
	{ "peer-stats", "name", HB_A_PEER_STATS_NAME },
};

static const struct cmd cmds[] = {
	{ "node-get", HB_CMD_NODE_GET, "node", false },
	{ "node-set", HB_CMD_NODE_SET, "node", false },
	{ "peer-new", HB_CMD_PEER_NEW, "peer", false },
	{ "peer-set", HB_CMD_PEER_SET, "peer", false },
	{ "peer-del", HB_CMD_PEER_DEL, "peer", false },
	{ "peer-get", HB_CMD_PEER_GET, "peer", true },
	{ "event-get", HB_CMD_EVENT_GET, "events", true },
	{ "stats-get", HB_CMD_STATS_GET, "stats", false },
	{ "peer-stats-get", HB_CMD_PEER_STATS_GET, "peer-stats", true },
};

static const struct name *find_attr(const char *set, const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attr_names); i++)
		if (!strcmp(attr_names[i].set, set) &&
		    !strcmp(attr_names[i].name, name))
			return &attr_names[i];
	return NULL;
}

const char *request_attr_name(const char *set, unsigned int type)
{
	static char number[16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attr_names); i++)
		if (!strcmp(attr_names[i].set, set) &&
		    attr_names[i].val == (int)type)
			return attr_names[i].name;
	snprintf(number, sizeof(number), "%u", type);
	return number;
}

void request_put(struct request *req, const void *data, size_t len)
{
	if (req->len + NLMSG_ALIGN(len) > sizeof(req->buf))
		errx(2, "the request is too long");
	memcpy(req->buf + req->len, data, len);
	req->len += NLMSG_ALIGN(len);
}

void request_put_attr(struct request *req, int type, const void *data,
		      size_t len)
{
	struct nlattr nla = { .nla_len = NLA_HDRLEN + len, .nla_type = type };

	request_put(req, &nla, sizeof(nla));
	request_put(req, data, len);
}

static void put_hex(struct request *req, int type, const char *s)
{
	uint8_t bytes[1024];
	unsigned int byte;
	size_t n = 0;

	for (; *s && n < sizeof(bytes) && sscanf(s, "%2x", &byte) == 1; s += 2)
		bytes[n++] = byte;
	request_put_attr(req, type, bytes, n);
}

static void put_value(struct request *req, int type, const char *val)
{
	unsigned char addr[16];
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;
	uint8_t u8;
	const char *arg = strchr(val, ':');

	if (!arg++)
		errx(2, "'%s' has no kind", val);
	u64 = strtoull(arg, NULL, 0);
	u32 = u64;
	u16 = u64;
	u8 = u64;
	if (!strncmp(val, "s:", 2))
		request_put_attr(req, type, arg, strlen(arg) + 1);
	else if (!strncmp(val, "x:", 2))
		put_hex(req, type, arg);
	else if (!strncmp(val, "u8:", 3))
		request_put_attr(req, type, &u8, sizeof(u8));
	else if (!strncmp(val, "u16:", 4))
		request_put_attr(req, type, &u16, sizeof(u16));
	else if (!strncmp(val, "u32:", 4))
		request_put_attr(req, type, &u32, sizeof(u32));
	else if (!strncmp(val, "u64:", 4))
		request_put_attr(req, type, &u64, sizeof(u64));
	else if (!strncmp(val, "4:", 2) && inet_pton(AF_INET, arg, addr) == 1)
		request_put_attr(req, type, addr, 4);
	else if (!strncmp(val, "6:", 2) && inet_pton(AF_INET6, arg, addr) == 1)
		request_put_attr(req, type, addr, 16);
	else
		errx(2, "'%s' is of no known kind", val);
}

static void close_nest(struct request *req)
{
	struct nlattr *nla;

	if (!req->depth)
		errx(2, "] without [");
	nla = (void *)(req->buf + req->nest[--req->depth]);
	nla->nla_len = req->len - req->nest[req->depth];
}

/* NAME, NAME=KIND:VALUE, or NAME=[ that leaves a nest open */
static void put_word(struct request *req, char *word, const char **sets)
{
	char *val = strchr(word, '=');
	const struct name *attr;
	const char *set = sets[req->depth];
	int type;

	if (val)
		*val++ = 0;
	attr = find_attr(set, word);
	type = attr ? attr->val : atoi(word);
	if (!type || req->attrs == ATTRS_MAX)
		errx(2, "%s has no attribute '%s'", set, word);
	req->at[req->attrs] = req->len;
	snprintf(req->path[req->attrs++], sizeof(req->path[0]), "%s.%s",
		 req->depth ? sets[0] : set, word);
	if (req->depth)
		snprintf(req->path[req->attrs - 1], sizeof(req->path[0]),
			 "%s.%s.%s", sets[0], set, word);
	if (!val) {
		request_put_attr(req, type, NULL, 0);
	} else if (!strcmp(val, "[")) {
		if (req->depth + 1 == NESTS_MAX)
			errx(2, "too many nests");
		req->nest[req->depth++] = req->len;
		sets[req->depth] = attr && attr->nest ? attr->nest : "?";
		request_put_attr(req, type | NLA_F_NESTED, NULL, 0);
	} else {
		put_value(req, type, val);
	}
}

void request_build(struct request *req, int argc, char **argv)
{
	struct genlmsghdr genl = { .version = HB_FAMILY_VERSION };
	const char *sets[NESTS_MAX];
	size_t i;

	req->cmd = NULL;
	for (i = 0; i < ARRAY_SIZE(cmds); i++)
		if (argc && !strcmp(argv[0], cmds[i].name))
			req->cmd = &cmds[i];
	if (!req->cmd)
		errx(2, "there is no command '%s'", argc ? argv[0] : "");
	genl.cmd = req->cmd->val;
	sets[0] = req->cmd->set;
	req->len = NLMSG_HDRLEN;
	req->depth = 0;
	req->attrs = 0;
	request_put(req, &genl, sizeof(genl));
	for (i = 1; i < (size_t)argc; i++) {
		if (!strcmp(argv[i], "]"))
			close_nest(req);
		else
			put_word(req, argv[i], sets);
	}
	if (req->depth)
		errx(2, "[ without ]");
}

void request_build_line(struct request *req, char *line)
{
	char *words[WORDS_MAX];
	int n = 0;

	for (line = strtok(line, " \t\n"); line && n < WORDS_MAX;
	     line = strtok(NULL, " \t\n"))
		words[n++] = line;
	request_build(req, n, words);
}

static const struct nlattr *next_attr(const struct nlattr *nla)
{
	return (void *)((char *)nla + NLMSG_ALIGN(nla->nla_len));
}

const void *request_attr_get(const struct nlattr *nla, const void *end,
			     int type)
{
	for (; (const void *)(nla + 1) <= end && nla->nla_len >= NLA_HDRLEN;
	     nla = next_attr(nla))
		if ((nla->nla_type & NLA_TYPE_MASK) == type)
			return nla + 1;
	return NULL;
}

int request_family(void)
{
	static struct request req;
	struct genlmsghdr genl = { .cmd = CTRL_CMD_GETFAMILY, .version = 1 };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	const uint16_t *id;
	ssize_t len;

	if (fd < 0)
		err(1, "socket");
	req.len = NLMSG_HDRLEN;
	request_put(&req, &genl, sizeof(genl));
	request_put_attr(&req, CTRL_ATTR_FAMILY_NAME, HB_FAMILY_NAME,
			 sizeof(HB_FAMILY_NAME));
	req.nlh.nlmsg_len = req.len;
	req.nlh.nlmsg_type = GENL_ID_CTRL;
	req.nlh.nlmsg_flags = NLM_F_REQUEST;
	send(fd, req.buf, req.len, 0);
	len = recv(fd, req.buf, sizeof(req.buf), 0);
	close(fd);
	if (len < 0 || req.nlh.nlmsg_type != GENL_ID_CTRL)
		errx(4, "the module is not loaded");
	id = request_attr_get((void *)(req.buf + NLMSG_HDRLEN + GENL_HDRLEN),
			      req.buf + len, CTRL_ATTR_FAMILY_ID);
	return id ? *id : 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* A request to the family, made of words. */
#ifndef _HB_SELFTESTS_REQUEST_H
#define _HB_SELFTESTS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/netlink.h>

enum {
	ATTRS_MAX = 128,
	NESTS_MAX = 8,
	BUF_SIZE = 1 << 16,
};

struct cmd {
	const char *name;
	int val;
	const char *set;
	bool dump;
};

/**
 * struct request - a message, and where its attributes are in it
 * @cmd: the command
 * @buf: the message
 * @len: its length
 * @nest: attributes that are still open
 * @depth: how many these are
 * @path: what lies at @at, such as "peer.path.addr4"
 * @at: offset of an attribute
 * @attrs: how many there are
 */
struct request {
	const struct cmd *cmd;
	union {
		struct nlmsghdr nlh;
		char buf[BUF_SIZE];
	};
	size_t len;
	size_t nest[NESTS_MAX];
	unsigned int depth;
	char path[ATTRS_MAX][96];
	size_t at[ATTRS_MAX];
	unsigned int attrs;
};

void request_put(struct request *req, const void *data, size_t len);
void request_put_attr(struct request *req, int type, const void *data,
		      size_t len);

/* Words are COMMAND [NAME | NAME=KIND:VALUE | NAME=[ ... ]]..., see usage(). */
void request_build(struct request *req, int argc, char **argv);
void request_build_line(struct request *req, char *line);

/* Name of an attribute of a set, or its number. */
const char *request_attr_name(const char *set, unsigned int type);

/* The value of attribute @type between @nla and @end, or NULL. */
const void *request_attr_get(const struct nlattr *nla, const void *end,
			     int type);

/* Number of the family; ends the program if the module is not loaded. */
int request_family(void);

#endif /* _HB_SELFTESTS_REQUEST_H */

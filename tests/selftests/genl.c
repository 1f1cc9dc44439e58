// SPDX-License-Identifier: GPL-2.0
/* Sends any request to the family, right or wrong, and says what came back:
 * nothing for success, one line for a refusal, one line per object of a dump.
 */
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <linux/hb.h>
#include <sys/socket.h>

#include "request.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static int family;
/* What is asked for of a dump at once, and whether lengths are told, too */
static size_t room = 1 << 15;
static bool lengths;

static int open_socket(void)
{
	int one = 1, fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);

	if (fd < 0)
		err(1, "socket");
	if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one,
		       sizeof(one)))
		err(1, "setsockopt");
	return fd;
}

static void print_blame(const struct request *req, const uint32_t *offs,
			const uint32_t *miss, const uint32_t *nest)
{
	const char *set = req->cmd->set;
	unsigned int i;

	for (i = 0; i < req->attrs; i++) {
		if (offs && req->at[i] == *offs)
			printf(" attr=%s", req->path[i]);
		if (nest && req->at[i] == *nest)
			set = strrchr(req->path[i], '.') + 1;
	}
	if (miss)
		printf(" missing=%s.%s", set, request_attr_name(set, *miss));
}

static void print_limits(const struct nlattr *policy)
{
	const void *end = (char *)policy - NLA_HDRLEN +
			  (policy ? policy[-1].nla_len : 0);
	static const struct {
		int type;
		const char *name;
	} limits[] = {
		{ NL_POLICY_TYPE_ATTR_MIN_VALUE_U, "min" },
		{ NL_POLICY_TYPE_ATTR_MAX_VALUE_U, "max" },
		{ NL_POLICY_TYPE_ATTR_MIN_LENGTH, "min-len" },
		{ NL_POLICY_TYPE_ATTR_MAX_LENGTH, "max-len" },
	};
	const uint64_t *val;
	size_t i;

	for (i = 0; policy && i < ARRAY_SIZE(limits); i++) {
		val = request_attr_get(policy, end, limits[i].type);
		if (val)
			printf(" %s=%llu", limits[i].name, (unsigned long long)
			       (i < 2 ? *val : *(const uint32_t *)val));
	}
}

/* errno, the attribute to blame, its limits, and the text behind a colon */
static void print_error(const struct request *req, int code,
			const struct nlattr *tlvs, const void *end)
{
	const char *msg = request_attr_get(tlvs, end, NLMSGERR_ATTR_MSG);

	printf("%s", strerrorname_np(-code));
	print_blame(req, request_attr_get(tlvs, end, NLMSGERR_ATTR_OFFS),
		    request_attr_get(tlvs, end, NLMSGERR_ATTR_MISS_TYPE),
		    request_attr_get(tlvs, end, NLMSGERR_ATTR_MISS_NEST));
	print_limits(request_attr_get(tlvs, end, NLMSGERR_ATTR_POLICY));
	printf(": %s\n", msg ? msg : "");
}

static int take_error(const struct request *req, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = NLMSG_DATA(nlh);
	const void *end = (char *)nlh + nlh->nlmsg_len;

	if (e->error)
		print_error(req, e->error, (void *)(e + 1), end);
	return e->error;
}

static int take_done(const struct request *req, const struct nlmsghdr *nlh)
{
	const int *code = NLMSG_DATA(nlh);
	const void *end = (char *)nlh + nlh->nlmsg_len;

	if (*code < 0)
		print_error(req, *code, (void *)(code + 1), end);
	return *code < 0 ? *code : 0;
}

/* The name of a peer, with its length if wanted, or that there is a message. */
static void print_object(const struct request *req, const struct nlmsghdr *nlh)
{
	const struct nlattr *attrs = (void *)((char *)NLMSG_DATA(nlh) +
					      GENL_HDRLEN);
	const void *end = (char *)nlh + nlh->nlmsg_len;
	const char *name = request_attr_get(attrs, end, HB_A_PEER_NAME);

	if (!req->cmd->dump || req->cmd->val == HB_CMD_EVENT_GET)
		puts("message");
	else if (lengths)
		printf("%s %u\n", name, nlh->nlmsg_len);
	else
		puts(name ? name : "?");
}

static int transact(int fd, struct request *req, char *between);

/* All of the messages in @buf. True when the last one was there. */
static bool take(const struct request *req, const char *buf, ssize_t len,
		 int *code, bool *intr)
{
	const struct nlmsghdr *nlh = (void *)buf;

	for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
		*intr |= nlh->nlmsg_flags & NLM_F_DUMP_INTR;
		if (nlh->nlmsg_type == NLMSG_ERROR) {
			*code = take_error(req, nlh);
			return true;
		}
		if (nlh->nlmsg_type == NLMSG_DONE) {
			*code = take_done(req, nlh);
			return true;
		}
		print_object(req, nlh);
	}
	return false;
}

/* Send a request and print what comes back; @between is done meanwhile. */
static int transact(int fd, struct request *req, char *between)
{
	static char buf[1 << 15];
	static struct request other;
	/* as small a part of a dump as there is */
	size_t size = between ? 4096 : room;
	bool end = false, intr = false;
	ssize_t len;
	int code = 0;

	req->nlh = (struct nlmsghdr){
		.nlmsg_len = req->len,
		.nlmsg_type = family,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK |
			       (req->cmd->dump ? NLM_F_DUMP : 0),
	};
	if (send(fd, req->buf, req->len, 0) != (ssize_t)req->len)
		err(1, "send");
	while (!end) {
		len = recv(fd, buf, size, 0);
		if (len < 0)
			err(1, "recv");
		end = take(req, buf, len, &code, &intr);
		if (between) {
			request_build_line(&other, between);
			transact(open_socket(), &other, NULL);
			between = NULL;
		}
	}
	if (req->cmd->dump)
		printf("done intr=%d\n", intr);
	return code;
}

static int batch(void)
{
	static struct request req;
	int fd = open_socket();
	char line[4096], copy[4096];
	bool bad = false;

	while (fgets(line, sizeof(line), stdin)) {
		strcpy(copy, line);
		request_build_line(&req, copy);
		if (transact(fd, &req, NULL)) {
			printf("  by: %s", line);
			bad = true;
		}
	}
	return bad;
}

/* The same dump in messages of each size, 4 bytes more each time. The kernel
 * makes them as large as what was last received into.
 */
static int sweep(struct request *req, const char *range)
{
	int fd = open_socket(), code = 0;
	size_t to;

	if (sscanf(range, "%zu-%zu", &room, &to) != 2 || to > 1 << 15)
		errx(2, "no range of sizes: %s", range);
	lengths = true;
	for (; room <= to && !code; room += 4)
		code = transact(fd, req, NULL);
	return code;
}

int main(int argc, char **argv)
{
	static struct request req;
	char *between = NULL;

	if (argc < 2) {
		fputs("usage: genl [-b REQUEST | -r FROM-TO] REQUEST\n"
		      "       genl - < REQUESTS\n"
		      "REQUEST: COMMAND [ATTR | ATTR=KIND:VALUE | ATTR=[ ... ]]...\n"
		      "KIND: s x(hex) u8 u16 u32 u64 4 6; -b: in the middle of a dump\n"
		      "-r: a dump in messages of so many bytes, with lengths\n",
		      stderr);
		return 2;
	}
	family = request_family();
	if (!strcmp(argv[1], "-"))
		return batch();
	if (!strcmp(argv[1], "-b") && argc > 3) {
		between = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (!strcmp(argv[1], "-r") && argc > 3) {
		request_build(&req, argc - 3, argv + 3);
		return sweep(&req, argv[2]) ? 1 : 0;
	}
	request_build(&req, argc - 1, argv + 1);
	return transact(open_socket(), &req, between) ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Generic netlink to the module: a session, requests, dumps, and what the
 * kernel says when it refuses.
 */
#ifndef HBCTL_NL_H
#define HBCTL_NL_H

#include <stdbool.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "rec.h"

/**
 * struct hb_nl_err - the last refusal
 * @code: errno, positive
 * @msg: the kernel's words, or empty
 * @attr: attribute to blame, as peer.path.ifindex, or empty
 * @absent: the kernel has no such family
 * @missing: @attr is required and was not there
 * @range: what @attr may be, or empty
 */
struct hb_nl_err {
	int code;
	char msg[256];
	char attr[64];
	bool absent;
	bool missing;
	char range[64];
};

struct hb_nl {
	struct nl_sock *sk;
	int family;
	struct hb_nl_err err;
};

/* Functions that return int return 0 or a negative errno, and leave the whole
 * story in @nl->err.
 */
int hb_nl_open(struct hb_nl *nl);
void hb_nl_close(struct hb_nl *nl);

struct nl_msg *hb_nl_msg(struct hb_nl *nl, unsigned int cmd);
struct nl_msg *hb_nl_full(struct hb_nl *nl, struct nl_msg *msg);
int hb_nl_do(struct hb_nl *nl, struct nl_msg *msg, struct hb_list *reply);
int hb_nl_dump(struct hb_nl *nl, struct nl_msg *msg, struct hb_list *list);

int hb_nl_fail(struct hb_nl *nl, int code, const char *what);
int hb_nl_report(const struct hb_nl *nl, const char *what);

void hb_nlerr_error(struct hb_nl_err *err, const struct nlmsghdr *req,
		    const struct nlmsgerr *e);
void hb_nlerr_done(struct hb_nl_err *err, const struct nlmsghdr *req,
		   const struct nlmsghdr *done);

#endif

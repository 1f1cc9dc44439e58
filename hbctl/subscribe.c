// SPDX-License-Identifier: GPL-2.0
/* Subscribe to events, and to the news that there will be none any more. */
#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include <linux/hb.h>
#include <netlink/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "cmd.h"
#include "subscribe.h"

/* Root may go beyond the limit of the system, others up to it. */
static void set_rcvbuf(int fd, __u64 size)
{
	int bytes = size < INT_MAX / 2 ? size : INT_MAX / 2;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

/* Both groups are looked up before the first is joined: an answer must not be
 * mixed up with news.
 */
static int subscribe(struct hb_nl *nl)
{
	int ctrl = genl_ctrl_resolve_grp(nl->sk, "nlctrl", "notify");
	int events = genl_ctrl_resolve_grp(nl->sk, HB_FAMILY_NAME,
					   HB_MCGRP_EVENTS);

	if (ctrl < 0 || events < 0)
		return ctrl < 0 ? ctrl : events;
	nl_socket_disable_seq_check(nl->sk);
	/* without it a module that goes away would look like peace */
	return nl_socket_add_memberships(nl->sk, ctrl, events, 0);
}

/* Open a socket of its own for events. Returns an exit code. */
int hb_subscribe(struct hb_nl *nl, __u64 rcvbuf,
		 int (*func)(struct nl_msg *msg, void *arg), void *arg)
{
	int err;

	if (hb_nl_open(nl))
		return hb_nl_report(nl, "monitor");
	set_rcvbuf(nl_socket_get_fd(nl->sk), rcvbuf);
	err = subscribe(nl);
	if (!err)
		err = nl_socket_set_nonblocking(nl->sk);
	if (err) {
		hb_nl_close(nl);
		return hb_fail(HB_EXIT_KERNEL, "monitor: %s", nl_geterror(err));
	}
	nl_socket_modify_cb(nl->sk, NL_CB_VALID, NL_CB_CUSTOM, func, arg);
	return 0;
}

/* Whether a message of the controller says that @family is gone. */
bool hb_subscribe_is_end(struct nlmsghdr *nlh, int family)
{
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct genlmsghdr *genl = nlmsg_data(nlh);

	if (nlh->nlmsg_type != GENL_ID_CTRL || !genlmsg_valid_hdr(nlh, 0) ||
	    genl->cmd != CTRL_CMD_DELFAMILY)
		return false;
	if (genlmsg_parse(nlh, 0, tb, CTRL_ATTR_MAX, NULL))
		return false;
	return hb_attr_uint(tb[CTRL_ATTR_FAMILY_ID]) == (__u64)family;
}

// SPDX-License-Identifier: GPL-2.0
/* Sessions, requests and dumps over libnl. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include <linux/hb.h>
#include <netlink/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "cmd.h"
#include "nl.h"

/* A dump that changes keep disturbing is as good as it gets after this. */
#define DUMP_TRIES	10

/* One request on its way. */
struct exchange {
	struct hb_nl *nl;
	const struct nlmsghdr *req;
	const struct hb_set *set;
	struct hb_list *list;
	bool done;
	bool disturbed;
	int err;
};

/* Remember an error that did not come from the kernel's reply. */
int hb_nl_fail(struct hb_nl *nl, int code, const char *what)
{
	nl->err = (struct hb_nl_err){ .code = code };
	snprintf(nl->err.msg, sizeof(nl->err.msg), "%s", what);
	return -code;
}

static int session_option(struct hb_nl *nl, int option)
{
	int one = 1;

	return setsockopt(nl_socket_get_fd(nl->sk), SOL_NETLINK, option, &one,
			  sizeof(one));
}

static int session_connect(struct hb_nl *nl)
{
	int err;

	nl->sk = nl_socket_alloc();
	if (!nl->sk)
		return hb_nl_fail(nl, ENOMEM, "out of memory");
	err = genl_connect(nl->sk);
	if (err)
		return hb_nl_fail(nl, EIO, nl_geterror(err));
	if (session_option(nl, NETLINK_EXT_ACK) ||
	    session_option(nl, NETLINK_CAP_ACK))
		return hb_nl_fail(nl, errno, "netlink is too old");
	return 0;
}

static int session_resolve(struct hb_nl *nl)
{
	nl->family = genl_ctrl_resolve(nl->sk, HB_FAMILY_NAME);
	if (nl->family == -NLE_OBJ_NOTFOUND) {
		hb_nl_fail(nl, EPROTONOSUPPORT,
			   "the kernel does not know hb; try 'modprobe hb'");
		nl->err.absent = true;
		return -EPROTONOSUPPORT;
	}
	if (nl->family < 0)
		return hb_nl_fail(nl, EIO, nl_geterror(nl->family));
	return 0;
}

void hb_nl_close(struct hb_nl *nl)
{
	nl_socket_free(nl->sk);
	nl->sk = NULL;
}

/* Connect and find the family; the kernel loads the module if it can. */
int hb_nl_open(struct hb_nl *nl)
{
	int err = session_connect(nl);

	if (!err)
		err = session_resolve(nl);
	if (err)
		hb_nl_close(nl);
	return err;
}

/* Requests may carry secrets. */
static void msg_free(struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	explicit_bzero(nlmsg_data(nlh), nlmsg_datalen(nlh));
	nlmsg_free(msg);
}

/* A request without attributes, over a session that is opened if it is not
 * yet. NULL for a failure, which hb_nl_do() and hb_nl_dump() hand on.
 */
struct nl_msg *hb_nl_msg(struct hb_nl *nl, unsigned int cmd)
{
	struct nl_msg *msg;

	if (!nl->sk && hb_nl_open(nl))
		return NULL;
	msg = nlmsg_alloc();
	if (msg && genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0, 0,
			       cmd, HB_FAMILY_VERSION))
		return msg;
	nlmsg_free(msg);
	hb_nl_fail(nl, ENOMEM, "out of memory");
	return NULL;
}

/* Give up on a request that its attributes did not fit in. */
struct nl_msg *hb_nl_full(struct hb_nl *nl, struct nl_msg *msg)
{
	msg_free(msg);
	hb_nl_fail(nl, EMSGSIZE, "request is too long");
	return NULL;
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct exchange *x = arg;
	int err;

	if (nlh->nlmsg_type != x->nl->family || !x->list ||
	    !genlmsg_valid_hdr(nlh, 0))
		return NL_SKIP;
	err = hb_list_add(x->list, x->set,
			  genlmsg_attrdata(nlmsg_data(nlh), 0),
			  genlmsg_attrlen(nlmsg_data(nlh), 0));
	if (err && !x->err)
		x->err = hb_nl_fail(x->nl, -err, "malformed reply");
	return NL_OK;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	(void)msg;
	x->done = true;
	return NL_OK;
}

static int on_finish(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	x->nl->err.code = 0;
	hb_nlerr_done(&x->nl->err, x->req, nlmsg_hdr(msg));
	if (x->nl->err.code)
		x->err = -x->nl->err.code;
	x->done = true;
	return NL_OK;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	struct exchange *x = arg;

	(void)from;
	hb_nlerr_error(&x->nl->err, x->req, e);
	x->err = e->error;
	x->done = true;
	return NL_STOP;
}

static int on_disturbed(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	(void)msg;
	x->disturbed = true;
	return NL_OK;
}

static struct nl_cb *exchange_callbacks(struct exchange *x)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, x);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, x);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, x);
	nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_disturbed, x);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, x);
	return cb;
}

static int exchange_receive(struct exchange *x)
{
	struct nl_cb *cb = exchange_callbacks(x);
	int err = 0;

	if (!cb)
		return hb_nl_fail(x->nl, ENOMEM, "out of memory");
	while (!x->done && err >= 0)
		err = nl_recvmsgs(x->nl->sk, cb);
	nl_cb_put(cb);
	if (x->err)
		return x->err;
	if (err < 0)
		return hb_nl_fail(x->nl, EIO, nl_geterror(err));
	return 0;
}

static int exchange(struct exchange *x, struct nl_msg *msg)
{
	struct genlmsghdr *genl = nlmsg_data(nlmsg_hdr(msg));
	int err;

	x->req = nlmsg_hdr(msg);
	x->set = hb_schema_of(genl->cmd);
	x->done = false;
	x->disturbed = false;
	x->err = 0;
	err = nl_send_auto(x->nl->sk, msg);
	if (err < 0)
		return hb_nl_fail(x->nl, EIO, nl_geterror(err));
	return exchange_receive(x);
}

/* Send a request, which is consumed, and wait for its answer. */
int hb_nl_do(struct hb_nl *nl, struct nl_msg *msg, struct hb_list *reply)
{
	struct exchange x = { .nl = nl, .list = reply };
	int err;

	if (!msg)
		return -nl->err.code;
	err = exchange(&x, msg);
	msg_free(msg);
	return err;
}

/* The same for a dump; from the top again if a change disturbed it. */
int hb_nl_dump(struct hb_nl *nl, struct nl_msg *msg, struct hb_list *list)
{
	struct exchange x = { .nl = nl, .list = list };
	int err, i;

	if (!msg)
		return -nl->err.code;
	nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_DUMP;
	for (i = 0; i < DUMP_TRIES; i++) {
		hb_list_free(list);
		nlmsg_hdr(msg)->nlmsg_seq = NL_AUTO_SEQ;
		err = exchange(&x, msg);
		if (err || !x.disturbed)
			break;
	}
	msg_free(msg);
	if (!err && x.disturbed)
		hb_warn("changes disturbed every try to read, so this can be incomplete");
	return err;
}

static int err_exit_code(const struct hb_nl_err *err)
{
	if (err->absent)
		return HB_EXIT_ABSENT;
	switch (err->code) {
	case EPERM:
	case EACCES:
		return HB_EXIT_PERM;
	case ENOENT:
	case ENODEV:
		return HB_EXIT_NOSUCH;
	}
	return HB_EXIT_KERNEL;
}

static const char *err_words(const struct hb_nl_err *err)
{
	if (*err->msg)
		return err->msg;
	if (err->missing)
		return "missing";
	if (err->code == EPERM)
		return "not permitted, needs CAP_NET_ADMIN";
	return strerror(err->code);
}

/* Print what went wrong with @what, and return the exit code for it: the
 * kernel's words, then the attribute, then what the attribute may be.
 */
int hb_nl_report(const struct hb_nl *nl, const char *what)
{
	const struct hb_nl_err *err = &nl->err;
	const char *words = err_words(err);
	int code = err_exit_code(err);

	if (*err->range)
		return hb_fail(code, "%s: %s (%s, allowed: %s)", what, words,
			       err->attr, err->range);
	if (*err->attr)
		return hb_fail(code, "%s: %s (%s)", what, words, err->attr);
	return hb_fail(code, "%s: %s", what, words);
}

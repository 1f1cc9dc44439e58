// SPDX-License-Identifier: GPL-2.0
/* Refusals of the kernel, as acknowledgments and at the end of dumps: they may
 * blame any byte of the request, with any attributes of any length.
 */
#include <netlink/genl/genl.h>

#include "ctl.h"
#include "nl.h"

/* Whatever there is behind the head of a message, and what it says of itself */
static struct nlmsghdr *message(struct fuzz_in *in, size_t len)
{
	struct nlmsghdr *nlh;

	if (len > in->size)
		len = in->size;
	nlh = malloc(NLMSG_HDRLEN + len);
	FUZZ_CHECK(nlh);
	memset(nlh, 0, NLMSG_HDRLEN);
	if (len)
		memcpy(nlmsg_data(nlh), in->data, len);
	nlh->nlmsg_len = NLMSG_HDRLEN + len;
	in->data += len;
	in->size -= len;
	return nlh;
}

static void check(const struct hb_nl_err *err)
{
	FUZZ_CHECK(memchr(err->msg, 0, sizeof(err->msg)));
	FUZZ_CHECK(memchr(err->attr, 0, sizeof(err->attr)));
	FUZZ_CHECK(memchr(err->range, 0, sizeof(err->range)));
	ctl_check_text(err->attr);
	ctl_check_text(err->range);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_in in = { data, size };
	unsigned int flags = fuzz_take(&in, 1), cmd = fuzz_take(&in, 1);
	struct nlmsghdr *req = message(&in, 4 + fuzz_take(&in, 1));
	struct nlmsghdr *ack = message(&in, in.size);
	struct hb_nl_err err = {};

	if (nlmsg_datalen(req) < (int)GENL_HDRLEN)
		goto out;
	/* the kernel hears only of commands that there are */
	((struct genlmsghdr *)nlmsg_data(req))->cmd = cmd % 16;
	ack->nlmsg_flags = flags << 8;
	hb_nlerr_done(&err, req, ack);
	check(&err);
	if (nlmsg_datalen(ack) < (int)sizeof(struct nlmsgerr))
		goto out;
	hb_nlerr_error(&err, req, nlmsg_data(ack));
	check(&err);
out:
	free(req);
	free(ack);
	return 0;
}

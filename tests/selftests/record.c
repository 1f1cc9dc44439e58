// SPDX-License-Identifier: GPL-2.0
/* To preload to hbctl: its first request, but for one of where the family is,
 * goes to the file that HB_RECORD names instead of to the kernel, and the
 * program ends.
 */
#include <dlfcn.h>
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <sys/socket.h>
#include <sys/uio.h>

static void record(const struct msghdr *msg)
{
	const char *path = getenv("HB_RECORD");
	int fd = path ? open(path, O_WRONLY | O_APPEND) : -1;

	if (fd < 0 || writev(fd, msg->msg_iov, msg->msg_iovlen) < 0)
		err(1, "%s", path ? path : "HB_RECORD");
	_exit(0);
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	ssize_t (*next)(int fd, const struct msghdr *msg, int flags) =
		dlsym(RTLD_NEXT, "sendmsg");
	const struct nlmsghdr *nlh = msg->msg_iov[0].iov_base;

	if (nlh->nlmsg_type != GENL_ID_CTRL)
		record(msg);
	return next(fd, msg, flags);
}

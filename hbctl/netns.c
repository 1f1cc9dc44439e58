// SPDX-License-Identifier: GPL-2.0
/* -n: work in another network namespace. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "fmt.h"

static bool is_pid(const char *name)
{
	return *name && name[strspn(name, "0123456789")] == 0;
}

/* A path, a name that ip-netns(8) made, or else the namespace of a process. */
static int netns_open(const char *name)
{
	char path[PATH_MAX];
	int fd;

	if (strchr(name, '/'))
		return open(name, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 || errno != ENOENT || !is_pid(name))
		return fd;
	snprintf(path, sizeof(path), "/proc/%s/ns/net", name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int netns_fail(const char *name, int err)
{
	int code = HB_EXIT_KERNEL;
	char text[HB_FMT_SIZE];

	hb_fmt_text(name, text, sizeof(text));
	if (err == ENOENT || err == EINVAL)
		code = HB_EXIT_NOSUCH;
	else if (err == EPERM || err == EACCES)
		code = HB_EXIT_PERM;
	return hb_fail(code, "network namespace '%s': %s", text,
		       err == EINVAL ? "is none" : strerror(err));
}

/* Enter for good. Returns an exit code. */
int hb_netns_enter(const char *name)
{
	int fd = netns_open(name), err;

	if (fd < 0)
		return netns_fail(name, errno);
	err = setns(fd, CLONE_NEWNET) ? errno : 0;
	close(fd);
	return err ? netns_fail(name, err) : 0;
}

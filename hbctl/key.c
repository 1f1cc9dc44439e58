// SPDX-License-Identifier: GPL-2.0
/* Keys: read from a file or standard input, never from the command line, where
 * ps(1) and shell history would keep them; generated; never shown.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "cmd.h"
#include "fmt.h"
#include "key.h"
#include "parse.h"

static int name_fail(int code, const char *path, const char *why)
{
	char name[HB_FMT_SIZE];

	hb_fmt_text(path, name, sizeof(name));
	return hb_fail(code, "%s: %s", name, why);
}

static int file_fail(const char *path)
{
	int code = HB_EXIT_KERNEL;

	if (errno == EACCES || errno == EPERM)
		code = HB_EXIT_PERM;
	return name_fail(code, path, strerror(errno));
}

/* A key that others can read is no secret. */
static int key_check_mode(int fd, const char *path)
{
	struct stat st;
	char why[64];

	if (fstat(fd, &st))
		return file_fail(path);
	if (S_ISDIR(st.st_mode))
		return name_fail(HB_EXIT_USAGE, path, "is a directory");
	if (!(st.st_mode & 077))
		return 0;
	snprintf(why, sizeof(why),
		 "mode %04o lets others at the key; chmod 600",
		 st.st_mode & 07777);
	return name_fail(HB_EXIT_USAGE, path, why);
}

/* Read all there is, but no more than fits. Returns bytes or -1. */
static ssize_t read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n = 1;

	while (n && len < size) {
		n = read(fd, buf + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		len += n;
	}
	return len;
}

static int key_read_fd(int fd, const char *path, unsigned char *key)
{
	char text[2 * HB_KEY_TEXT_SIZE];
	ssize_t len = read_all(fd, text, sizeof(text));
	const char *why = NULL;

	if (len >= 0)
		why = hb_parse_key(text, len, key);
	explicit_bzero(text, sizeof(text));
	if (len < 0)
		return file_fail(path);
	return why ? name_fail(HB_EXIT_USAGE, path, why) : 0;
}

/* A pipe has a mode as well, and so has a file that was removed, but no name by
 * which others could open it.
 */
static int key_read_stdin(unsigned char *key)
{
	const char *name = "standard input";
	struct stat st;
	int code = 0;

	if (!fstat(STDIN_FILENO, &st) && S_ISREG(st.st_mode) && st.st_nlink)
		code = key_check_mode(STDIN_FILENO, name);
	return code ? code : key_read_fd(STDIN_FILENO, name, key);
}

/* Read a key from a file or, for "-", from standard input. Returns an exit
 * code, and says what was wrong.
 */
int hb_key_read(const char *path, unsigned char key[HB_KEY_LEN])
{
	int fd, code;

	if (!strcmp(path, "-"))
		return key_read_stdin(key);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return file_fail(path);
	code = key_check_mode(fd, path);
	if (!code)
		code = key_read_fd(fd, path, key);
	close(fd);
	return code;
}

static int random_bytes(unsigned char *buf, size_t size)
{
	ssize_t n;

	/* up to 256 bytes come whole, once the pool is ready */
	do
		n = getrandom(buf, size, 0);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)size ? 0 : -1;
}

static int write_all(int fd, const char *buf, size_t len)
{
	ssize_t n;

	for (; len; buf += n, len -= n) {
		do
			n = write(fd, buf, len);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return -1;
	}
	return 0;
}

static void warn_if_readable(int fd)
{
	struct stat st;

	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_mode & 077)
		hb_warn("the file that the key goes to is readable by others; chmod 600");
}

/* Never over an existing file: it may hold the only copy of a key in use. */
static int key_write_file(const char *path, const char *line, size_t len)
{
	int fd, code = 0;

	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return file_fail(path);
	if (write_all(fd, line, len) || fsync(fd))
		code = file_fail(path);
	if (close(fd) && !code)
		code = file_fail(path);
	if (code)
		unlink(path);
	return code;
}

static int key_write(const char *path, const char *line, size_t len)
{
	if (path && strcmp(path, "-"))
		return key_write_file(path, line, len);
	warn_if_readable(STDOUT_FILENO);
	return write_all(STDOUT_FILENO, line, len) ?
	       file_fail("standard output") : 0;
}

int hb_key_generate(struct hb *hb, int argc, char **argv)
{
	char line[HB_KEY_TEXT_SIZE + 1];
	unsigned char key[HB_KEY_LEN];
	int code;

	(void)hb;
	if (argc > 1)
		return hb_extra_word(argv[1]);
	if (random_bytes(key, sizeof(key)))
		return file_fail("getrandom");
	hb_parse_format_key(key, line);
	strcat(line, "\n");
	code = key_write(argc ? argv[0] : NULL, line, strlen(line));
	explicit_bzero(key, sizeof(key));
	explicit_bzero(line, sizeof(line));
	return code;
}

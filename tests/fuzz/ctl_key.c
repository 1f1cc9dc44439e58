// SPDX-License-Identifier: GPL-2.0
/* Files of keys, of any mode and contents, and standard input as one: a key is
 * taken only from a file that is its owner's alone, and only if it is the whole
 * file.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "ctl.h"
#include "key.h"
#include "parse.h"

static int fd = -1;
static char path[64];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fd = memfd_create("key", 0);
	FUZZ_CHECK(fd >= 0);
	FUZZ_CHECK(dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return 0;
}

static int read_key(const char *from, unsigned char key[HB_KEY_LEN])
{
	int code;

	FUZZ_CHECK(!lseek(fd, 0, SEEK_SET));
	ctl_begin();
	code = hb_key_read(from, key);
	ctl_check_said(code);
	return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char key[HB_KEY_LEN] = {}, stdin_key[HB_KEY_LEN] = {};
	struct fuzz_in in = { data, size };
	mode_t mode = fuzz_take(&in, 2) & 0777;
	char text[HB_KEY_TEXT_SIZE];
	int code, stdin_code;

	FUZZ_CHECK(!ftruncate(fd, 0));
	FUZZ_CHECK(pwrite(fd, in.data, in.size, 0) == (ssize_t)in.size);
	FUZZ_CHECK(!fchmod(fd, mode));
	/* a pipe has no mode that says who else reads it */
	stdin_code = read_key("-", stdin_key);
	code = read_key(path, key);
	if (mode & 077)
		FUZZ_CHECK(code);
	else if (mode & 0400)
		FUZZ_CHECK(!code == !stdin_code);
	if (!code)
		FUZZ_CHECK(!memcmp(key, stdin_key, sizeof(key)));
	if (stdin_code)
		return 0;
	hb_parse_format_key(stdin_key, text);
	FUZZ_CHECK(in.size - strlen(text) <= 1);
	FUZZ_CHECK(!memcmp(text, in.data, strlen(text)));
	return 0;
}

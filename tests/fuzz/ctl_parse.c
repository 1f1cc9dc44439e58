// SPDX-License-Identifier: GPL-2.0
/* Values as operators write them, and how hbctl writes them: what is accepted
 * is what another reading finds, and comes back when it is written again.
 */
#include <arpa/inet.h>

#include "ctl.h"
#include "fmt.h"
#include "parse.h"

typedef unsigned __int128 wide;

#define TOO_WIDE	((wide)1 << 100)

/* Digits as a number, as far as it fits; moves @s past them */
static wide digits(const char **s)
{
	wide val = 0;

	for (; **s >= '0' && **s <= '9'; ++*s)
		if (val < TOO_WIDE)
			val = val * 10 + (**s - '0');
	return val;
}

static void try_uint(const char *s)
{
	const char *at = s;
	__u64 val;
	const char *why = hb_parse_uint(s, &val);
	wide want = digits(&at);
	bool ok = *s && !*at && want >> 64 == 0;

	FUZZ_CHECK(ok == !why);
	if (ok)
		FUZZ_CHECK(val == want);
}

static wide unit_ns(const char *unit)
{
	if (!strcmp(unit, "us"))
		return 1000;
	if (!strcmp(unit, "ms"))
		return 1000000;
	if (!strcmp(unit, "s"))
		return 1000000000;
	if (!strcmp(unit, "m"))
		return 60 * (wide)1000000000;
	if (!strcmp(unit, "h"))
		return 3600 * (wide)1000000000;
	if (!strcmp(unit, "d"))
		return 86400 * (wide)1000000000;
	return 0;
}

/* In nanoseconds; TOO_WIDE if it is no duration or a part of one is left */
static wide duration(const char *s)
{
	const char *begin = s, *point;
	wide whole = digits(&s), num = 0, den = 1, unit;

	if (s == begin)
		return TOO_WIDE;
	if (*s == '.') {
		point = ++s;
		num = digits(&s);
		if (s == point || s - point > 9)
			return TOO_WIDE;
		for (; point < s; point++)
			den *= 10;
	}
	unit = unit_ns(s);
	if (!unit || whole >> 64 || num * unit % den)
		return TOO_WIDE;
	return whole * unit + num * unit / den;
}

static void try_duration(const char *s)
{
	wide want = duration(s);
	__u64 ns;
	const char *why = hb_parse_duration(s, &ns);

	FUZZ_CHECK((want >> 64 == 0) == !why);
	if (!why)
		FUZZ_CHECK(ns == want);
}

static void try_size(const char *s)
{
	const char *at = s;
	__u64 bytes;
	const char *why = hb_parse_size(s, &bytes);
	wide want = digits(&at);

	if (at == s || (*at && (at[1] || !strchr("kKmM", *at)))) {
		FUZZ_CHECK(why);
		return;
	}
	if (*at)
		want <<= *at == 'k' || *at == 'K' ? 10 : 20;
	FUZZ_CHECK((want >> 64 == 0) == !why);
	if (!why)
		FUZZ_CHECK(bytes == want);
}

static void try_addr(const char *s)
{
	char text[INET6_ADDRSTRLEN + 1 + IF_NAMESIZE];
	struct hb_addr addr, again;
	const char *why = hb_parse_addr(s, &addr);
	size_t dev = strlen(strchrnul(s, '%'));

	if (why)
		return;
	FUZZ_CHECK(addr.len == (memchr(s, ':', strlen(s) - dev) ? 16 : 4));
	FUZZ_CHECK(inet_ntop(addr.len == 4 ? AF_INET : AF_INET6, addr.bytes,
			     text, INET6_ADDRSTRLEN));
	FUZZ_CHECK(strlen(addr.dev) == (dev ? dev - 1 : 0));
	if (dev) {
		strcat(text, "%");
		strcat(text, addr.dev);
	}
	FUZZ_CHECK(!hb_parse_addr(text, &again));
	FUZZ_CHECK(addr.len == again.len && !strcmp(addr.dev, again.dev));
	FUZZ_CHECK(!memcmp(addr.bytes, again.bytes, addr.len));
}

static void try_key(const uint8_t *data, size_t size)
{
	unsigned char key[HB_KEY_LEN] = {}, again[HB_KEY_LEN];
	char *copy = fuzz_copy(data, size), text[HB_KEY_TEXT_SIZE];

	if (!hb_parse_key(copy, size, key)) {
		hb_parse_format_key(key, text);
		/* one way to write each key, with or without the newline */
		FUZZ_CHECK(size - strlen(text) <= 1);
		FUZZ_CHECK(!memcmp(text, data, strlen(text)));
	}
	if (size >= sizeof(key)) {
		memcpy(key, data, sizeof(key));
		hb_parse_format_key(key, text);
		FUZZ_CHECK(!hb_parse_key(text, strlen(text), again));
		FUZZ_CHECK(!memcmp(key, again, sizeof(key)));
	}
	free(copy);
}

static void try_distance(const char *a)
{
	size_t len = strlen(a), at = len / 2;
	char *b = fuzz_string(a + at, len - at);
	unsigned int there, back;

	there = hb_parse_distance(a, b);
	back = hb_parse_distance(b, a);
	FUZZ_CHECK(there == back);
	/* the second half is what is left when the first is dropped */
	if (len < 32)
		FUZZ_CHECK(there == at);
	FUZZ_CHECK(hb_parse_distance(b, b) == (len - at < 32 ? 0 : 32));
	free(b);
}

/* A name goes to a terminal, whoever gave it. */
static void try_text(const char *s)
{
	char buf[HB_FMT_SIZE];
	size_t size = 8 + strlen(s) % (sizeof(buf) - 8);
	char *small = malloc(size);

	FUZZ_CHECK(small);
	hb_fmt_text(s, buf, sizeof(buf));
	ctl_check_text(buf);
	FUZZ_CHECK(!strpbrk(buf, "\n\t"));
	if (strlen(s) <= HB_NAME_MAX)
		FUZZ_CHECK(strlen(buf) >= strlen(s));
	hb_fmt_text(s, small, size);
	FUZZ_CHECK(!strncmp(small, buf, strlen(small)) && strlen(small) < size);
	free(small);
}

static void try_fmt_duration(struct fuzz_in in)
{
	__u64 ns = fuzz_take(&in, 8), back;
	char buf[32];

	hb_fmt_duration(ns, buf, sizeof(buf));
	FUZZ_CHECK(*buf && strlen(buf) < sizeof(buf) - 1);
	/* the short forms are read again, and miss less than a microsecond, or
	 * a millisecond from a second on
	 */
	if (ns < 1000 || ns >= 120000000000ULL)
		return;
	FUZZ_CHECK(!hb_parse_duration(buf, &back));
	FUZZ_CHECK(back <= ns);
	FUZZ_CHECK(ns - back < (ns < 1000000000 ? 1000 : 1000000));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = fuzz_string(data, size);
	struct hb_addr addr;

	try_uint(s);
	try_duration(s);
	try_size(s);
	try_addr(s);
	try_key(data, size);
	try_distance(s);
	try_text(s);
	try_fmt_duration((struct fuzz_in) { data, size });
	if (!hb_parse_dev(s, addr.dev))
		FUZZ_CHECK(!strcmp(addr.dev, s) && *s);
	free(s);
	return 0;
}

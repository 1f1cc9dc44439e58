// SPDX-License-Identifier: GPL-2.0
/* Numbers, durations, addresses and keys as operators write them. */
#include <ctype.h>
#include <string.h>
#include <arpa/inet.h>

#include "parse.h"

#define NO_FIT		"is larger than 64 bits hold"

/* Decimal digits only: no sign, no blank, no other base. Moves @s past them.
 */
static const char *parse_digits(const char **s, __u64 *val)
{
	const char *p = *s;

	*val = 0;
	if (!isdigit((unsigned char)*p))
		return "is not a number";
	for (; isdigit((unsigned char)*p); p++)
		if (__builtin_mul_overflow(*val, 10ULL, val) ||
		    __builtin_add_overflow(*val, (__u64)(*p - '0'), val))
			return NO_FIT;
	*s = p;
	return NULL;
}

const char *hb_parse_uint(const char *s, __u64 *val)
{
	const char *why = parse_digits(&s, val);

	if (why)
		return why;
	return *s ? "is not a whole number" : NULL;
}

/* The digits behind a point, as @num of @den. Moves @s past them. */
static const char *parse_fraction(const char **s, __u64 *num, __u64 *den)
{
	const char *p = *s;

	*num = 0;
	*den = 1;
	if (*p != '.')
		return NULL;
	for (p++; isdigit((unsigned char)*p); p++) {
		/* with more of them, the sum below could overflow */
		if (*den == 1000000000)
			return "has more than 9 digits behind the point";
		*num = *num * 10 + (*p - '0');
		*den *= 10;
	}
	if (*den == 1)
		return "has no digit behind the point";
	*s = p;
	return NULL;
}

static const char *parse_unit(const char *s, __u64 *ns)
{
	static const struct {
		const char *name;
		__u64 ns;
	} units[] = {
		{ "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 },
		{ "m", 60000000000 }, { "h", 3600000000000 },
		{ "d", 86400000000000 },
	};
	size_t i;

	if (!*s)
		return "needs a unit: us, ms, s, m, h or d (as in 10ms)";
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (!strcmp(s, units[i].name)) {
			*ns = units[i].ns;
			return NULL;
		}
	}
	return "has an unknown unit; us, ms, s, m, h and d are known";
}

/* A number, perhaps with a point, and its unit. */
const char *hb_parse_duration(const char *s, __u64 *ns)
{
	__u64 whole, num, den, unit, part;
	const char *why;

	why = parse_digits(&s, &whole);
	if (!why)
		why = parse_fraction(&s, &num, &den);
	if (!why)
		why = parse_unit(s, &unit);
	if (why)
		return why;
	/* in lowest terms, as 0.999999999 times a day in ns takes 77 bits */
	for (part = unit; den % 10 == 0 && part % 10 == 0; den /= 10)
		part /= 10;
	if (num * part % den)
		return "is finer than a nanosecond";
	if (__builtin_mul_overflow(whole, unit, ns) ||
	    __builtin_add_overflow(*ns, num * part / den, ns))
		return "is too long";
	return NULL;
}

/* Bytes, or with a suffix KiB or MiB. */
const char *hb_parse_size(const char *s, __u64 *bytes)
{
	const char *why = parse_digits(&s, bytes);
	unsigned int shift = 0;

	if (why)
		return why;
	if (*s == 'k' || *s == 'K')
		shift = 10;
	else if (*s == 'm' || *s == 'M')
		shift = 20;
	if (s[shift ? 1 : 0])
		return "has an unknown suffix; k and M are known";
	if (__builtin_mul_overflow(*bytes, 1ULL << shift, bytes))
		return NO_FIT;
	return NULL;
}

const char *hb_parse_dev(const char *s, char dev[IF_NAMESIZE])
{
	size_t len = strlen(s);

	if (!len)
		return "lacks the name of a device";
	if (len >= IF_NAMESIZE)
		return "has a device name of more than 15 bytes";
	memcpy(dev, s, len + 1);
	return NULL;
}

/* Addresses only, no host names: a detector can't wait for a resolver. */
const char *hb_parse_addr(const char *s, struct hb_addr *addr)
{
	const char *dev = strchrnul(s, '%');
	char text[INET6_ADDRSTRLEN];
	size_t len = dev - s;

	addr->len = 0;
	addr->dev[0] = 0;
	if (len >= sizeof(text))
		return "is not an IPv4 or IPv6 address";
	memcpy(text, s, len);
	text[len] = 0;
	if (inet_pton(AF_INET, text, addr->bytes) == 1)
		addr->len = 4;
	else if (inet_pton(AF_INET6, text, addr->bytes) == 1)
		addr->len = 16;
	else
		return "is not an IPv4 or IPv6 address";
	return *dev ? hb_parse_dev(dev + 1, addr->dev) : NULL;
}

static const char base64[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int parse_base64(char c)
{
	const char *p = c ? strchr(base64, c) : NULL;

	return p ? p - base64 : -1;
}

/* Exactly one line of exactly one key: 43 digits, one =, no spare bits set. */
const char *hb_parse_key(const char *text, size_t len,
			 unsigned char key[HB_KEY_LEN])
{
	unsigned int bits = 0, acc = 0;
	size_t i, out = 0;
	int v;

	if (len && text[len - 1] == '\n')
		len--;
	if (!len)
		return "is empty";
	if (memchr(text, '\n', len))
		return "has more than one line";
	if (len != HB_KEY_TEXT_LEN || text[len - 1] != '=')
		return "is not base64 of 32 bytes (44 characters)";
	for (i = 0; i < HB_KEY_TEXT_LEN - 1; i++) {
		v = parse_base64(text[i]);
		if (v < 0)
			return "has a character that is not base64";
		acc = acc << 6 | v;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		key[out++] = acc >> bits;
		acc &= (1U << bits) - 1;
	}
	return acc ? "is not base64 of whole bytes" : NULL;
}

/* The line that hb_parse_key() reads, without its end. */
void hb_parse_format_key(const unsigned char key[HB_KEY_LEN],
			 char text[HB_KEY_TEXT_SIZE])
{
	unsigned int bits = 0, acc = 0;
	size_t i, out = 0;

	for (i = 0; i < HB_KEY_LEN; i++) {
		acc = (acc << 8 | key[i]) & 0xffff;
		for (bits += 8; bits >= 6; bits -= 6)
			text[out++] = base64[acc >> (bits - 6) & 63];
	}
	text[out++] = base64[acc << (6 - bits) & 63];
	text[out++] = '=';
	text[out] = 0;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many letters to insert, drop or change to get from @a to @b; more than
 * any word is long if @a is no word.
 */
unsigned int hb_parse_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), i, j;
	unsigned int row[32], diag, up;

	if (la >= ARRAY_SIZE(row) || lb >= ARRAY_SIZE(row))
		return ARRAY_SIZE(row);
	for (j = 0; j <= lb; j++)
		row[j] = j;
	for (i = 1; i <= la; i++) {
		diag = row[0];
		row[0] = i;
		for (j = 1; j <= lb; j++) {
			up = row[j];
			row[j] = min3(up + 1, row[j - 1] + 1,
				      diag + (a[i - 1] != b[j - 1]));
			diag = up;
		}
	}
	return row[lb];
}

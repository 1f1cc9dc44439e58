// SPDX-License-Identifier: GPL-2.0
/* Durations, times, addresses and everything else that a value can be. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <net/if.h>
#include <arpa/inet.h>

#include "fmt.h"

#define NS_PER_US	1000ULL
#define NS_PER_MS	1000000ULL
#define NS_PER_SEC	1000000000ULL

/* @val / @unit with up to three digits behind the point, no trailing zeros. */
static void fmt_decimal(__u64 val, __u64 unit, const char *name, char *buf,
			size_t size)
{
	unsigned int frac = val % unit * 1000 / unit;
	unsigned int digits = 3;

	while (digits && frac % 10 == 0) {
		frac /= 10;
		digits--;
	}
	if (digits)
		snprintf(buf, size, "%llu.%0*u%s", val / unit, (int)digits,
			 frac, name);
	else
		snprintf(buf, size, "%llu%s", val / unit, name);
}

static void fmt_long(__u64 sec, char *buf, size_t size)
{
	unsigned int min = sec / 60 % 60, hour = sec / 3600 % 24;

	if (sec < 3600)
		snprintf(buf, size, "%um%02us", min, (int)(sec % 60));
	else if (sec < 86400)
		snprintf(buf, size, "%uh%02um", hour, min);
	else
		snprintf(buf, size, "%llud%02uh", sec / 86400, hour);
}

/* As short as it stays useful: 850ns, 41us, 30.041ms, 7.5s, 2m05s, 3d02h. */
void hb_fmt_duration(__u64 ns, char *buf, size_t size)
{
	if (ns < NS_PER_US)
		snprintf(buf, size, "%lluns", ns);
	else if (ns < 10 * NS_PER_US)
		fmt_decimal(ns, NS_PER_US, "us", buf, size);
	else if (ns < NS_PER_MS)
		snprintf(buf, size, "%lluus", ns / NS_PER_US);
	else if (ns < NS_PER_SEC)
		fmt_decimal(ns, NS_PER_MS, "ms", buf, size);
	else if (ns < 120 * NS_PER_SEC)
		fmt_decimal(ns, NS_PER_SEC, "s", buf, size);
	else
		fmt_long(ns / NS_PER_SEC, buf, size);
}

/* Local time to the nanosecond. */
void hb_fmt_time(__u64 ns, char *buf, size_t size)
{
	time_t sec = ns / NS_PER_SEC;
	char date[64];
	struct tm tm;

	if (!localtime_r(&sec, &tm) ||
	    !strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm))
		snprintf(date, sizeof(date), "%llu", ns / NS_PER_SEC);
	snprintf(buf, size, "%s.%09llu", date, ns % NS_PER_SEC);
}

/* Bytes of the printable character that @s starts with, 0 if it is none. The
 * C1 controls, which some terminals obey, are none.
 */
unsigned int hb_fmt_utf8(const char *s)
{
	static const __u32 least[] = { 0, 0x20, 0xa0, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)s;
	unsigned int n, i;
	__u32 code;

	n = *u < 0x80 ? 1 : (*u & 0xe0) == 0xc0 ? 2 : (*u & 0xf0) == 0xe0 ? 3 :
	    (*u & 0xf8) == 0xf0 ? 4 : 0;
	if (!n)
		return 0;
	code = n == 1 ? *u : *u & (0x7f >> n);
	for (i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (u[i] & 0x3f);
	}
	if (code < least[n] || code == 0x7f || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return 0;
	return n;
}

/* A name as it is, but for bytes that could play tricks on a terminal. */
void hb_fmt_text(const char *s, char *buf, size_t size)
{
	size_t n = 0, len;

	while (*s && n + sizeof("\\xff") < size) {
		len = hb_fmt_utf8(s);
		if (len) {
			memcpy(buf + n, s, len);
		} else {
			snprintf(buf + n, size - n, "\\x%02x",
				 (unsigned char)*s);
		}
		n += len ? len : 4;
		s += len ? len : 1;
	}
	buf[n] = 0;
}

void hb_fmt_addr(const struct nlattr *nla, char *buf, size_t size)
{
	int family = nla_len(nla) == 4 ? AF_INET : AF_INET6;

	buf[0] = 0;
	if (nla_len(nla) == 4 || nla_len(nla) == 16)
		inet_ntop(family, nla_data(nla), buf, size);
}

/* 99.9999998% */
static void fmt_ppb(__u64 ppb, char *buf, size_t size)
{
	unsigned int frac = ppb % 10000000, digits = 7;

	for (; digits && frac % 10 == 0; digits--)
		frac /= 10;
	if (digits)
		snprintf(buf, size, "%llu.%0*u%%", ppb / 10000000, (int)digits,
			 frac);
	else
		snprintf(buf, size, "%llu%%", ppb / 10000000);
}

static void fmt_slots(__u64 mask, char *buf, size_t size)
{
	unsigned int slot;
	size_t n = 0;

	snprintf(buf, size, "none");
	for (slot = 1; mask; slot++, mask >>= 1)
		if (mask & 1)
			n += snprintf(buf + n, size - n, "%s%u", n ? "," : "",
				      slot);
}

static void fmt_enum(const struct hb_names *names, __u64 val, char *buf,
		     size_t size)
{
	const char *name = hb_schema_name(names, val);

	if (name)
		snprintf(buf, size, "%s", name);
	else
		snprintf(buf, size, "unknown-%llu", val);
}

static void fmt_dev(unsigned int ifindex, char *buf, size_t size)
{
	char name[IF_NAMESIZE];

	if (if_indextoname(ifindex, name))
		hb_fmt_text(name, buf, size);
	else
		snprintf(buf, size, "if%u", ifindex);
}

/* Any value; nests are none. */
void hb_fmt_attr(const struct hb_attr *attr, const struct nlattr *nla,
		 char *buf, size_t size)
{
	__u64 val = hb_attr_uint(nla);

	switch (attr->kind) {
	case HB_KIND_UINT:
		snprintf(buf, size, "%llu", val);
		break;
	case HB_KIND_HEX:
		snprintf(buf, size, "0x%016llx", val);
		break;
	case HB_KIND_NS:
		hb_fmt_duration(val, buf, size);
		break;
	case HB_KIND_US:
		if (val > ~0ULL / NS_PER_US)
			snprintf(buf, size, "no end");
		else
			hb_fmt_duration(val * NS_PER_US, buf, size);
		break;
	case HB_KIND_PPB:
		fmt_ppb(val, buf, size);
		break;
	case HB_KIND_TIME:
		hb_fmt_time(val, buf, size);
		break;
	case HB_KIND_BOOL:
		snprintf(buf, size, "%s", val ? "yes" : "no");
		break;
	case HB_KIND_SLOTS:
		fmt_slots(val, buf, size);
		break;
	case HB_KIND_ENUM:
		fmt_enum(attr->names, val, buf, size);
		break;
	case HB_KIND_STRING:
		hb_fmt_text(hb_attr_str(nla), buf, size);
		break;
	case HB_KIND_ADDR:
		hb_fmt_addr(nla, buf, size);
		break;
	case HB_KIND_DEV:
		fmt_dev(val, buf, size);
		break;
	default:
		buf[0] = 0;
	}
}

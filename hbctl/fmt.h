/* SPDX-License-Identifier: GPL-2.0 */
/* From values to text for people. Pure but for the time zone and the names of
 * devices; the caller owns every buffer.
 */
#ifndef HBCTL_FMT_H
#define HBCTL_FMT_H

#include "rec.h"

/* Enough for any value: a name of which every byte is escaped. */
#define HB_FMT_SIZE	320

void hb_fmt_duration(__u64 ns, char *buf, size_t size);
void hb_fmt_time(__u64 ns, char *buf, size_t size);
void hb_fmt_text(const char *s, char *buf, size_t size);
void hb_fmt_addr(const struct nlattr *nla, char *buf, size_t size);
void hb_fmt_attr(const struct hb_attr *attr, const struct nlattr *nla,
		 char *buf, size_t size);
unsigned int hb_fmt_utf8(const char *s);

#endif

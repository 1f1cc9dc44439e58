/* SPDX-License-Identifier: GPL-2.0 */
/* What Documentation/netlink/specs/hb.yaml says of every attribute: its name,
 * how to print it and what is nested in it. Extack, text and JSON all come from
 * this one description.
 */
#ifndef HBCTL_SCHEMA_H
#define HBCTL_SCHEMA_H

#include <linux/types.h>

/* Entries of the largest attribute table, with the unused entry 0. */
#define HB_TB_SIZE	48

enum hb_kind {
	HB_KIND_NONE,	/* padding and secrets: never printed */
	HB_KIND_UINT,	/* u8, u16, u32 or u64, told by the length */
	HB_KIND_HEX,	/* u64 identity, a string in JSON */
	HB_KIND_NS,	/* duration in nanoseconds */
	HB_KIND_US,	/* duration in microseconds */
	HB_KIND_TIME,	/* CLOCK_REALTIME in nanoseconds */
	HB_KIND_BOOL,
	HB_KIND_SLOTS,	/* bit mask of key slots */
	HB_KIND_ENUM,
	HB_KIND_ENUMS,	/* may be there more than once; JSON only */
	HB_KIND_STRING,
	HB_KIND_ADDR,	/* IPv4 or IPv6, told by the length */
	HB_KIND_DEV,	/* interface index */
	HB_KIND_PPB,	/* share in parts per billion */
	HB_KIND_NEST,	/* may be there more than once */
	HB_KIND_ONE,	/* nest that is there once */
};

struct hb_names {
	unsigned int n;
	const char *const *v;
};

struct hb_set;

/**
 * struct hb_attr - one attribute
 * @name: as the specification spells it
 * @json: JSON key; NULL takes @name with underscores
 * @kind: how to print it
 * @names: of the values of an enum
 * @nest: attributes inside of it
 */
struct hb_attr {
	const char *name;
	const char *json;
	enum hb_kind kind;
	const struct hb_names *names;
	const struct hb_set *nest;
};

struct hb_set {
	const char *name;
	unsigned int max;
	const struct hb_attr *attrs;
};

extern const struct hb_names hb_states;
extern const struct hb_names hb_reasons;
extern const struct hb_names hb_auths;
extern const struct hb_names hb_event_types;
extern const struct hb_names hb_detects;

extern const struct hb_set hb_set_path;
extern const struct hb_set hb_set_event;

const struct hb_set *hb_schema_of(unsigned int cmd);
const struct hb_attr *hb_schema_attr(const struct hb_set *set,
				     unsigned int type);
const char *hb_schema_name(const struct hb_names *names, __u64 value);
int hb_schema_value(const struct hb_names *names, const char *name);

#endif

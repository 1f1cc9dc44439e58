/* SPDX-License-Identifier: GPL-2.0 */
/* One object as the kernel told it: its attributes, and lists of such. */
#ifndef HBCTL_REC_H
#define HBCTL_REC_H

#include <stddef.h>
#include <netlink/attr.h>

#include "schema.h"

/**
 * struct hb_rec - attributes of one object
 * @set: what they mean
 * @stats: counters that belong to the object, or NULL; not owned
 * @head: first attribute
 * @len: length of all attributes, in bytes
 * @tb: attributes by number; of a repeated one, the last
 */
struct hb_rec {
	const struct hb_set *set;
	const struct hb_rec *stats;
	const struct nlattr *head;
	int len;
	struct nlattr *tb[HB_TB_SIZE];
};

struct hb_list {
	struct hb_rec **v;
	size_t n;
	size_t room;
};

int hb_rec_parse(struct hb_rec *rec, const struct hb_set *set,
		 const struct nlattr *head, int len);
__u64 hb_rec_uint(const struct hb_rec *rec, unsigned int attr);
const char *hb_rec_str(const struct hb_rec *rec, unsigned int attr);

int hb_list_add(struct hb_list *list, const struct hb_set *set,
		const struct nlattr *head, int len);
int hb_list_add_nested(struct hb_list *list, const struct hb_rec *rec,
		       unsigned int attr);
void hb_list_sort(struct hb_list *list, unsigned int attr);
struct hb_rec *hb_list_find(const struct hb_list *list, unsigned int attr,
			    const char *name);
void hb_list_free(struct hb_list *list);

__u64 hb_attr_uint(const struct nlattr *nla);
const char *hb_attr_str(const struct nlattr *nla);

#endif

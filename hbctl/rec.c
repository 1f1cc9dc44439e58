// SPDX-License-Identifier: GPL-2.0
/* Records of attributes. Nothing that comes in is trusted to be well formed:
 * what does not fit its kind reads as absent or 0.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rec.h"

/* An integer of any width; 0 if there is none. */
__u64 hb_attr_uint(const struct nlattr *nla)
{
	__u64 v64;
	__u32 v32;
	__u16 v16;

	switch (nla ? nla_len(nla) : 0) {
	case sizeof(__u8):
		return *(const __u8 *)nla_data(nla);
	case sizeof(v16):
		memcpy(&v16, nla_data(nla), sizeof(v16));
		return v16;
	case sizeof(v32):
		memcpy(&v32, nla_data(nla), sizeof(v32));
		return v32;
	case sizeof(v64):
		memcpy(&v64, nla_data(nla), sizeof(v64));
		return v64;
	}
	return 0;
}

/* A string inside of its attribute, empty if it does not end there. */
const char *hb_attr_str(const struct nlattr *nla)
{
	const char *s;

	if (!nla || nla_len(nla) < 1)
		return "";
	s = nla_data(nla);
	return memchr(s, 0, nla_len(nla)) ? s : "";
}

__u64 hb_rec_uint(const struct hb_rec *rec, unsigned int attr)
{
	return hb_attr_uint(rec->tb[attr]);
}

const char *hb_rec_str(const struct hb_rec *rec, unsigned int attr)
{
	return hb_attr_str(rec->tb[attr]);
}

/* Make a view of attributes that stay where they are. */
int hb_rec_parse(struct hb_rec *rec, const struct hb_set *set,
		 const struct nlattr *head, int len)
{
	rec->set = set;
	rec->stats = NULL;
	rec->head = head;
	rec->len = len;
	/* libnl takes the head as writable, and does not write to it */
	return nla_parse(rec->tb, set->max, (struct nlattr *)head, len, NULL);
}

static int list_grow(struct hb_list *list)
{
	size_t room = list->room ? 2 * list->room : 64;
	struct hb_rec **v;

	if (list->n < list->room)
		return 0;
	v = reallocarray(list->v, room, sizeof(*v));
	if (!v)
		return -ENOMEM;
	list->v = v;
	list->room = room;
	return 0;
}

/* Append a record with a copy of its attributes. */
int hb_list_add(struct hb_list *list, const struct hb_set *set,
		const struct nlattr *head, int len)
{
	struct hb_rec *rec;

	if (list_grow(list))
		return -ENOMEM;
	rec = malloc(sizeof(*rec) + len);
	if (!rec)
		return -ENOMEM;
	memcpy(rec + 1, head, len);
	if (hb_rec_parse(rec, set, (struct nlattr *)(rec + 1), len) < 0) {
		free(rec);
		return -EBADMSG;
	}
	list->v[list->n++] = rec;
	return 0;
}

/* Append every nest @attr of @rec as a record of its own. */
int hb_list_add_nested(struct hb_list *list, const struct hb_rec *rec,
		       unsigned int attr)
{
	const struct hb_set *set = rec->set->attrs[attr].nest;
	struct nlattr *nla;
	int err, rem;

	nla_for_each_attr(nla, (struct nlattr *)rec->head, rec->len, rem) {
		if (nla_type(nla) != (int)attr)
			continue;
		err = hb_list_add(list, set, nla_data(nla), nla_len(nla));
		if (err)
			return err;
	}
	return 0;
}

static int list_compare(const void *a, const void *b, void *arg)
{
	const struct hb_rec *const *ra = a, *const *rb = b;
	unsigned int attr = *(unsigned int *)arg;

	/* db-2 before db-10 */
	return strverscmp(hb_rec_str(*ra, attr), hb_rec_str(*rb, attr));
}

/* Sort by the string @attr. */
void hb_list_sort(struct hb_list *list, unsigned int attr)
{
	if (list->n)
		qsort_r(list->v, list->n, sizeof(*list->v), list_compare,
			&attr);
}

/* Find a name in a list sorted by the string @attr. */
struct hb_rec *hb_list_find(const struct hb_list *list, unsigned int attr,
			    const char *name)
{
	size_t lo = 0, hi = list->n, mid;
	int diff;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		diff = strverscmp(name, hb_rec_str(list->v[mid], attr));
		if (!diff)
			return list->v[mid];
		if (diff < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

void hb_list_free(struct hb_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->v[i]);
	free(list->v);
	*list = (struct hb_list){ };
}

// SPDX-License-Identifier: GPL-2.0
/* JSON of the out layer: keys with underscores, integers with their unit in
 * the key, what is absent is unknown. Numbers of more than 53 bits that are
 * names rather than amounts are strings, because many readers round integers.
 */
#include <net/if.h>

#include "fmt.h"
#include "out.h"

/* A string that is valid JSON whatever is in it. */
void hb_json_str(struct hb_out *out, const char *s)
{
	unsigned int len;

	putc('"', out->fp);
	while (*s) {
		len = hb_fmt_utf8(s);
		if (*s == '"' || *s == '\\')
			fprintf(out->fp, "\\%c", *s);
		else if (len)
			fwrite(s, 1, len, out->fp);
		else if ((unsigned char)*s < 0x80)
			fprintf(out->fp, "\\u%04x", *s);
		else
			fputs("\\ufffd", out->fp);
		s += len ? len : 1;
	}
	putc('"', out->fp);
}

/* The comma and the key before a value; no key inside of an array. */
void hb_json_key(struct hb_out *out, const char *key)
{
	if (out->more)
		putc(',', out->fp);
	out->more = true;
	if (!key)
		return;
	putc('"', out->fp);
	for (; *key; key++)
		putc(*key == '-' ? '_' : *key, out->fp);
	fputs("\":", out->fp);
}

static void json_slots(struct hb_out *out, const char *key, __u64 mask)
{
	unsigned int slot;

	hb_out_array(out, key);
	for (slot = 1; mask; slot++, mask >>= 1) {
		if (!(mask & 1))
			continue;
		hb_json_key(out, NULL);
		fprintf(out->fp, "%u", slot);
	}
	hb_out_array_end(out);
}

/* The index, which scripts can rely on, and the name, if it has one. */
static void json_dev(struct hb_out *out, const char *key, __u64 ifindex)
{
	char name[IF_NAMESIZE];

	hb_json_key(out, key);
	fprintf(out->fp, "%llu", ifindex);
	if (!if_indextoname(ifindex, name))
		return;
	hb_json_key(out, "dev");
	hb_json_str(out, name);
}

static void json_nests(struct hb_out *out, const char *key,
		       const struct hb_rec *rec, unsigned int attr)
{
	struct hb_list list = { };

	hb_out_array(out, key);
	hb_list_add_nested(&list, rec, attr);
	for (size_t i = 0; i < list.n; i++) {
		hb_out_obj(out, NULL);
		hb_out_attrs(out, list.v[i], NULL);
		hb_out_obj_end(out);
	}
	hb_list_free(&list);
	hb_out_array_end(out);
}

static void json_enums(struct hb_out *out, const char *key,
		       const struct hb_rec *rec, unsigned int type)
{
	const struct hb_attr *attr = &rec->set->attrs[type];
	struct hb_attr one = { .kind = HB_KIND_ENUM, .names = attr->names };
	char buf[HB_FMT_SIZE];
	const struct nlattr *nla;
	int rem;

	hb_out_array(out, key);
	nla_for_each_attr(nla, (struct nlattr *)rec->head, rec->len, rem) {
		if (nla_type(nla) != (int)type)
			continue;
		hb_fmt_attr(&one, nla, buf, sizeof(buf));
		hb_json_key(out, NULL);
		hb_json_str(out, buf);
	}
	hb_out_array_end(out);
}

static void json_one(struct hb_out *out, const char *key,
		     const struct hb_rec *rec, unsigned int attr)
{
	const struct hb_set *set = rec->set->attrs[attr].nest;
	const struct nlattr *nla = rec->tb[attr];
	struct hb_rec one;

	hb_out_obj(out, key);
	if (hb_rec_parse(&one, set, nla_data(nla), nla_len(nla)) >= 0)
		hb_out_attrs(out, &one, NULL);
	hb_out_obj_end(out);
}

static void json_scalar(struct hb_out *out, const struct hb_attr *attr,
			const char *key, const struct nlattr *nla)
{
	__u64 val = hb_attr_uint(nla);
	char buf[HB_FMT_SIZE];

	hb_json_key(out, key);
	switch (attr->kind) {
	case HB_KIND_STRING:
		hb_json_str(out, hb_attr_str(nla));
		break;
	case HB_KIND_BOOL:
		fputs(val ? "true" : "false", out->fp);
		break;
	case HB_KIND_HEX:
	case HB_KIND_ENUM:
	case HB_KIND_ADDR:
		hb_fmt_attr(attr, nla, buf, sizeof(buf));
		hb_json_str(out, buf);
		break;
	default:
		fprintf(out->fp, "%llu", val);
	}
}

/* An attribute of @rec, which must be there unless there may be many. */
void hb_json_attr(struct hb_out *out, const struct hb_rec *rec,
		  unsigned int type)
{
	const struct hb_attr *attr = &rec->set->attrs[type];
	const char *key = attr->json ? attr->json : attr->name;
	const struct nlattr *nla = rec->tb[type];

	switch (attr->kind) {
	case HB_KIND_NONE:
		break;
	case HB_KIND_SLOTS:
		json_slots(out, key, hb_attr_uint(nla));
		break;
	case HB_KIND_DEV:
		json_dev(out, key, hb_attr_uint(nla));
		break;
	case HB_KIND_ENUMS:
		json_enums(out, key, rec, type);
		break;
	case HB_KIND_NEST:
		json_nests(out, key, rec, type);
		break;
	case HB_KIND_ONE:
		json_one(out, key, rec, type);
		break;
	default:
		json_scalar(out, attr, key, nla);
	}
}

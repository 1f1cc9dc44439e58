// SPDX-License-Identifier: GPL-2.0
/* The out layer: decides between text and JSON, and prints the text. */
#include <string.h>
#include <linux/hb.h>

#include "fmt.h"
#include "out.h"

#define GREEN	"\033[32m"
#define RED	"\033[31m"
#define YELLOW	"\033[33m"
#define PLAIN	"\033[0m"

void hb_out_array(struct hb_out *out, const char *key)
{
	if (!out->json)
		return;
	hb_json_key(out, key);
	putc('[', out->fp);
	out->more = false;
}

void hb_out_array_end(struct hb_out *out)
{
	if (!out->json)
		return;
	putc(']', out->fp);
	out->more = true;
}

void hb_out_obj(struct hb_out *out, const char *key)
{
	if (!out->json)
		return;
	hb_json_key(out, key);
	putc('{', out->fp);
	out->more = false;
}

void hb_out_obj_end(struct hb_out *out)
{
	if (!out->json)
		return;
	putc('}', out->fp);
	out->more = true;
}

void hb_out_line_end(struct hb_out *out)
{
	putc('\n', out->fp);
	out->more = false;
}

const char *hb_out_state_color(__u64 state)
{
	switch (state) {
	case HB_STATE_UP:
		return GREEN;
	case HB_STATE_DOWN:
		return RED;
	case HB_STATE_LEFT:
		return YELLOW;
	}
	return NULL;
}

void hb_text_put(struct hb_out *out, const char *text, const char *color)
{
	if (out->color && color)
		fprintf(out->fp, "%s%s" PLAIN, color, text);
	else
		fputs(text, out->fp);
}

/* A word of a line that JSON says in another way. */
void hb_out_word(struct hb_out *out, const char *word, const char *color)
{
	if (out->json)
		return;
	if (out->more)
		putc(' ', out->fp);
	hb_text_put(out, word, color);
	out->more = true;
}

static void text_pair(struct hb_out *out, const char *label, const char *val,
		      const char *color)
{
	if (!label)
		return;
	if (*label)
		hb_out_word(out, label, NULL);
	hb_out_word(out, val, color);
}

void hb_out_str(struct hb_out *out, const char *key, const char *label,
		const char *val)
{
	char buf[HB_FMT_SIZE];

	if (out->json) {
		hb_json_key(out, key);
		hb_json_str(out, val);
		return;
	}
	hb_fmt_text(val, buf, sizeof(buf));
	text_pair(out, label, buf, NULL);
}

void hb_out_uint(struct hb_out *out, const char *key, const char *label,
		 __u64 val)
{
	char buf[32];

	snprintf(buf, sizeof(buf), "%llu", val);
	if (!out->json) {
		text_pair(out, label, buf, NULL);
		return;
	}
	hb_json_key(out, key);
	fputs(buf, out->fp);
}

/* 10.0.0.2:7694 or [fe80::2%eth0]:7694 */
static void text_path(const struct hb_rec *path, char *buf, size_t size)
{
	bool v6 = path->tb[HB_A_PATH_ADDR6];
	char addr[64] = "", dev[64] = "", port[16] = "";

	hb_text_attr(path, v6 ? HB_A_PATH_ADDR6 : HB_A_PATH_ADDR4, addr,
		     sizeof(addr));
	hb_text_attr(path, HB_A_PATH_IFINDEX, dev, sizeof(dev));
	hb_text_attr(path, HB_A_PATH_PORT, port, sizeof(port));
	snprintf(buf, size, "%s%s%s%s%s%s%s", v6 ? "[" : "", addr,
		 *dev ? "%" : "", dev, v6 ? "]" : "", *port ? ":" : "", port);
}

static void text_nests(const struct hb_rec *rec, unsigned int attr, char *buf,
		       size_t size)
{
	struct hb_list list = { };
	char one[HB_FMT_SIZE];
	size_t i, n = 0;

	buf[0] = 0;
	hb_list_add_nested(&list, rec, attr);
	for (i = 0; i < list.n && n < size; i++) {
		if (list.v[i]->set != &hb_set_path)
			continue;
		text_path(list.v[i], one, sizeof(one));
		n += snprintf(buf + n, size - n, "%s%s", i ? "," : "", one);
	}
	hb_list_free(&list);
}

/* False if the attribute is absent, or is not for people. */
bool hb_text_attr(const struct hb_rec *rec, unsigned int type, char *buf,
		  size_t size)
{
	const struct hb_attr *attr = &rec->set->attrs[type];

	buf[0] = 0;
	if (!rec->tb[type])
		return false;
	if (attr->kind == HB_KIND_NEST)
		text_nests(rec, type, buf, size);
	else
		hb_fmt_attr(attr, rec->tb[type], buf, size);
	return buf[0];
}

/* False if there is nothing to show. */
bool hb_text_field(const struct hb_rec *rec, const struct hb_field *field,
		   char *buf, size_t size, const char **color)
{
	bool note = field->flags & HB_FIELD_NOTE;
	__u64 val = hb_rec_uint(rec, field->attr);
	char text[HB_FMT_SIZE];

	buf[0] = 0;
	*color = NULL;
	if (!hb_text_attr(rec, field->attr, text, sizeof(text)))
		return false;
	if (note && !val)
		return false;
	if (rec->set->attrs[field->attr].names == &hb_states)
		*color = hb_out_state_color(val);
	snprintf(buf, size, note ? "(%s)" : "%s", text);
	return true;
}

static int text_indent(const struct hb_out *out)
{
	return 2 + 2 * out->depth;
}

/* The unit is for JSON; people get it with the value. */
static void text_block(struct hb_out *out, const struct hb_attr *attr,
		       const char *text, const char *color)
{
	int len = strlen(attr->name);

	if (attr->kind == HB_KIND_NS || attr->kind == HB_KIND_US)
		len -= strlen("-ns");
	if (attr->kind == HB_KIND_PPB)
		len -= strlen("-ppb");
	fprintf(out->fp, "%*s%.*s: ", text_indent(out), "", len, attr->name);
	hb_text_put(out, text, color);
	putc('\n', out->fp);
}

static void text_nest(struct hb_out *out, const struct hb_rec *rec,
		      unsigned int type)
{
	const struct hb_attr *attr = &rec->set->attrs[type];
	const struct nlattr *nla = rec->tb[type];
	struct hb_rec one;

	if (out->style != HB_STYLE_BLOCK ||
	    hb_rec_parse(&one, attr->nest, nla_data(nla), nla_len(nla)) < 0)
		return;
	fprintf(out->fp, "%*s%s:\n", text_indent(out), "", attr->name);
	out->depth++;
	hb_out_attrs(out, &one, NULL);
	out->depth--;
}

static void text_field(struct hb_out *out, const struct hb_rec *rec,
		       const struct hb_field *field)
{
	const struct hb_attr *attr = &rec->set->attrs[field->attr];
	struct hb_field plain = { .attr = field->attr };
	bool block = out->style == HB_STYLE_BLOCK;
	char text[HB_FMT_SIZE + 2];
	const char *color;

	if (!hb_text_field(rec, block ? &plain : field, text, sizeof(text),
			   &color))
		return;
	if (block)
		text_block(out, attr, text, color);
	else
		text_pair(out, field->label, text, color);
}

static void out_field(struct hb_out *out, const struct hb_rec *rec,
		      const struct hb_field *field)
{
	enum hb_kind kind = rec->set->attrs[field->attr].kind;

	/* none of many is a list too */
	if (!rec->tb[field->attr] && !(out->json && kind == HB_KIND_ENUMS))
		return;
	if (!out->json && kind == HB_KIND_ONE)
		text_nest(out, rec, field->attr);
	else if (!out->json)
		text_field(out, rec, field);
	else if (!(field->flags & HB_FIELD_NOJSON))
		hb_json_attr(out, rec, field->attr);
}

/* The attributes of a record: those in @fields, then, in JSON and blocks, the
 * others as the specification orders them.
 */
void hb_out_attrs(struct hb_out *out, const struct hb_rec *rec,
		  const struct hb_field *fields)
{
	struct hb_field rest = { };
	__u64 seen = 0;

	for (; fields && fields->attr; fields++) {
		out_field(out, rec, fields);
		seen |= 1ULL << fields->attr;
	}
	if (!out->json && out->style != HB_STYLE_BLOCK)
		return;
	for (rest.attr = 1; rest.attr <= rec->set->max; rest.attr++)
		if (!(seen & 1ULL << rest.attr))
			out_field(out, rec, &rest);
}

static void text_head(struct hb_out *out, const struct hb_rec *rec)
{
	fprintf(out->fp, "%s:\n", rec->set->name);
}

/* One record as an object, a block or a line. */
void hb_out_rec(struct hb_out *out, const char *key, const struct hb_rec *rec,
		const struct hb_field *fields)
{
	if (!out->json && out->style == HB_STYLE_BLOCK)
		text_head(out, rec);
	hb_out_obj(out, key);
	hb_out_attrs(out, rec, fields);
	if (rec->stats)
		hb_out_rec(out, "stats", rec->stats, NULL);
	hb_out_obj_end(out);
}

void hb_out_list(struct hb_out *out, const char *key,
		 const struct hb_list *list, const struct hb_field *fields)
{
	size_t i;

	if (!out->json && out->style == HB_STYLE_TABLE) {
		hb_table(out, list, fields);
		return;
	}
	hb_out_array(out, key);
	for (i = 0; i < list->n; i++)
		hb_out_rec(out, NULL, list->v[i], fields);
	hb_out_array_end(out);
}

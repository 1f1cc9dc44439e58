/* SPDX-License-Identifier: GPL-2.0 */
/* One call prints text or JSON, so that neither can lag behind the other. */
#ifndef HBCTL_OUT_H
#define HBCTL_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include "rec.h"

enum hb_style {
	HB_STYLE_LINE,	/* label value label value */
	HB_STYLE_BLOCK,	/* one line per attribute, all of them */
	HB_STYLE_TABLE,	/* one line per record, aligned */
};

/**
 * struct hb_out - where output goes and how
 * @fp: stream
 * @json: JSON instead of text
 * @color: colour in text
 * @style: of text
 * @depth: of nests around a block, for its indentation
 * @more: something precedes on this line, or on this level of JSON
 */
struct hb_out {
	FILE *fp;
	bool json;
	bool color;
	enum hb_style style;
	unsigned int depth;
	bool more;
};

/* Lists of these end with an attribute 0. JSON and blocks print what a list
 * leaves out too, after the rest.
 */
struct hb_field {
	unsigned int attr;
	const char *label;	/* or head of a column; NULL: not in the text */
	unsigned int flags;
};

#define HB_FIELD_NOJSON	0x1	/* JSON has it elsewhere */
#define HB_FIELD_NOTE	0x2	/* (in parentheses), left out if 0 */

void hb_out_array(struct hb_out *out, const char *key);
void hb_out_array_end(struct hb_out *out);
void hb_out_obj(struct hb_out *out, const char *key);
void hb_out_obj_end(struct hb_out *out);
void hb_out_line_end(struct hb_out *out);

void hb_out_word(struct hb_out *out, const char *word, const char *color);
void hb_out_str(struct hb_out *out, const char *key, const char *label,
		const char *val);
void hb_out_uint(struct hb_out *out, const char *key, const char *label,
		 __u64 val);

void hb_out_attrs(struct hb_out *out, const struct hb_rec *rec,
		  const struct hb_field *fields);
void hb_out_rec(struct hb_out *out, const char *key, const struct hb_rec *rec,
		const struct hb_field *fields);
void hb_out_list(struct hb_out *out, const char *key,
		 const struct hb_list *list, const struct hb_field *fields);

const char *hb_out_state_color(__u64 state);

/* For out.c and its helpers only. */
void hb_json_key(struct hb_out *out, const char *key);
void hb_json_str(struct hb_out *out, const char *s);
void hb_json_attr(struct hb_out *out, const struct hb_rec *rec,
		  unsigned int attr);
bool hb_text_attr(const struct hb_rec *rec, unsigned int attr, char *buf,
		  size_t size);
bool hb_text_field(const struct hb_rec *rec, const struct hb_field *field,
		   char *buf, size_t size, const char **color);
void hb_text_put(struct hb_out *out, const char *text, const char *color);
void hb_table(struct hb_out *out, const struct hb_list *list,
	      const struct hb_field *fields);

#endif

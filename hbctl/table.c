// SPDX-License-Identifier: GPL-2.0
/* Aligned tables of the out layer: one pass measures, the next one prints. */
#include <stdlib.h>
#include <string.h>

#include "fmt.h"
#include "out.h"

#define COLUMNS	16
#define GAP	2

struct table {
	struct hb_out *out;
	unsigned int width[COLUMNS];
	unsigned int pad;	/* blanks owed before the next cell */
	bool measure;
};

/* Columns, not bytes, as far as every character is one column wide. */
static unsigned int text_width(const char *s)
{
	unsigned int width = 0;

	for (; *s; s++)
		width += (*s & 0xc0) != 0x80;
	return width;
}

static bool is_amount(enum hb_kind kind)
{
	return kind == HB_KIND_UINT || kind == HB_KIND_NS ||
	       kind == HB_KIND_US;
}

static void table_cell(struct table *t, unsigned int col, const char *text,
		       bool right, const char *color)
{
	unsigned int width = text_width(text);

	if (t->measure) {
		if (t->width[col] < width)
			t->width[col] = width;
		return;
	}
	if (right)
		t->pad += t->width[col] - width;
	if (*text) {
		fprintf(t->out->fp, "%*s", (int)t->pad, "");
		t->pad = 0;
		hb_text_put(t->out, text, color);
	}
	if (!right)
		t->pad += t->width[col] - width;
	t->pad += GAP;
}

static void table_field(struct table *t, unsigned int col,
			const struct hb_rec *rec, const struct hb_field *field)
{
	bool right = is_amount(rec->set->attrs[field->attr].kind);
	bool note = field->flags & HB_FIELD_NOTE;
	char text[HB_FMT_SIZE + 2];
	const char *color;

	if (!hb_text_field(rec, field, text, sizeof(text), &color) && !note)
		snprintf(text, sizeof(text), "-");
	table_cell(t, col, text, right, color);
}

static void table_end_row(struct table *t)
{
	if (!t->measure)
		putc('\n', t->out->fp);
	t->pad = 0;
}

static void table_pass(struct table *t, const struct hb_list *list,
		       const struct hb_field *fields)
{
	const struct hb_attr *attrs = list->v[0]->set->attrs;
	unsigned int i, col;
	size_t row;

	for (i = col = 0; fields[i].attr && col < COLUMNS; i++)
		if (fields[i].label)
			table_cell(t, col++, fields[i].label,
				   is_amount(attrs[fields[i].attr].kind), NULL);
	table_end_row(t);
	for (row = 0; row < list->n; row++) {
		for (i = col = 0; fields[i].attr && col < COLUMNS; i++)
			if (fields[i].label)
				table_field(t, col++, list->v[row],
					    &fields[i]);
		table_end_row(t);
	}
}

void hb_table(struct hb_out *out, const struct hb_list *list,
	      const struct hb_field *fields)
{
	struct table t = { .out = out, .measure = true };

	if (!list->n)
		return;
	table_pass(&t, list, fields);
	t.measure = false;
	table_pass(&t, list, fields);
}

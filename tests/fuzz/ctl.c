// SPDX-License-Identifier: GPL-2.0
/* Command lines, and what hbctl says to them, see ctl.h. */
#include "ctl.h"

#define HEX_DIGITS	"0123456789abcdefABCDEF"

static struct capture {
	FILE *fp;
	char *text;
	size_t size;
} out, err;

static void word_add(struct ctl_words *words, const void *data, size_t size)
{
	char *word = fuzz_string(data, size);

	words->argv[words->argc] = word;
	words->owned[words->argc] = word;
	words->argc++;
}

void ctl_words_take(struct ctl_words *words, struct fuzz_in *in,
		    const char *program)
{
	const uint8_t *end;
	size_t len;

	memset(words, 0, sizeof(*words));
	if (program)
		word_add(words, program, strlen(program));
	while (in->size && words->argc < CTL_WORDS) {
		end = memchr(in->data, 0, in->size);
		len = end ? (size_t)(end - in->data) : in->size;
		if (len)
			word_add(words, in->data, len);
		in->data += len + !!end;
		in->size -= len + !!end;
		if (!len)
			break;
	}
}

void ctl_words_free(struct ctl_words *words)
{
	int i;

	for (i = 0; i < words->argc; i++)
		free(words->owned[i]);
}

static void capture_begin(struct capture *c, FILE **stream)
{
	if (!c->fp)
		c->fp = open_memstream(&c->text, &c->size);
	FUZZ_CHECK(c->fp);
	*stream = c->fp;
	rewind(c->fp);
	clearerr(c->fp);
}

/* The end of a string is where the stream is, not where it once was. */
static const char *capture_text(struct capture *c)
{
	putc(0, c->fp);
	FUZZ_CHECK(!fflush(c->fp));
	return c->text;
}

void ctl_begin(void)
{
	capture_begin(&out, &stdout);
	capture_begin(&err, &stderr);
}

const char *ctl_printed(void)
{
	return capture_text(&out);
}

/* Bytes of the character that @s starts with, 0 if it is not one of Unicode, or
 * one that controls (RFC 3629).
 */
static unsigned int character(const unsigned char *s)
{
	static const unsigned int least[] = { 0, 0x20, 0xa0, 0x800, 0x10000 };
	unsigned int n, i, code;

	if (*s < 0x80)
		return *s >= 0x20 && *s != 0x7f;
	n = *s >= 0xf8 ? 0 : *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : *s >= 0xc0 ? 2 :
	    0;
	code = *s & (0xff >> (n + 1));
	for (i = 1; i < n; i++) {
		if (s[i] >> 6 != 2)
			return 0;
		code = code << 6 | (s[i] & 63);
	}
	if (code < least[n] || code > 0x10ffff || code >> 11 == 27)
		return 0;
	return n;
}

void ctl_check_text(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		if (*s == '\n' || *s == '\t') {
			s++;
			continue;
		}
		FUZZ_CHECK(character(s));
		s += character(s);
	}
}

void ctl_check_said(int code)
{
	const char *said = capture_text(&err);

	ctl_check_text(said);
	if (!code)
		FUZZ_CHECK(!*said);
	else
		FUZZ_CHECK(!strncmp(said, "hbctl: ", 7) &&
			   strchr(said, '\n') == said + strlen(said) - 1);
}

static bool value(const char **s, unsigned int depth);

static bool take(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

static bool string(const char **s)
{
	unsigned int n;

	if (!take(s, '"'))
		return false;
	while (**s != '"') {
		n = character((const unsigned char *)*s);
		if (!n)
			return false;
		if (**s == '\\') {
			if (!(*s)[1] || !strchr("\"\\/bfnrtu", (*s)[1]))
				return false;
			n = (*s)[1] == 'u' ? 6 : 2;
			if (n == 6 && strspn(*s + 2, HEX_DIGITS) < 4)
				return false;
		}
		*s += n;
	}
	return take(s, '"');
}

static bool number(const char **s)
{
	size_t n = strspn(*s, "0123456789");

	/* whole ones only, as hbctl prints no others */
	if (!n || (**s == '0' && n > 1))
		return false;
	*s += n;
	return true;
}

static bool several(const char **s, char end, bool keys, unsigned int depth)
{
	if (take(s, end))
		return true;
	do {
		if (keys && !(string(s) && take(s, ':')))
			return false;
		if (!value(s, depth))
			return false;
	} while (take(s, ','));
	return take(s, end);
}

static bool value(const char **s, unsigned int depth)
{
	if (!depth)
		return false;
	if (**s == '"')
		return string(s);
	if (take(s, '['))
		return several(s, ']', false, depth - 1);
	if (take(s, '{'))
		return several(s, '}', true, depth - 1);
	if (!strncmp(*s, "true", 4) || !strncmp(*s, "null", 4)) {
		*s += 4;
		return true;
	}
	if (!strncmp(*s, "false", 5)) {
		*s += 5;
		return true;
	}
	return number(s);
}

bool ctl_json_ok(const char *text)
{
	return value(&text, 32) && take(&text, '\n') && !*text;
}

// SPDX-License-Identifier: GPL-2.0
/* What an event looks like, and hbctl events. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/hb.h>

#include "event.h"
#include "fmt.h"
#include "parse.h"

static const struct hb_field event_line[] = {
	{ HB_A_EVENT_SEQ },
	{ HB_A_EVENT_TYPE },
	{ HB_A_EVENT_PEER, "" },
	{ HB_A_EVENT_FROM, "" },
	{ HB_A_EVENT_TO, "->" },
	{ HB_A_EVENT_REASON, "reason" },
	{ HB_A_EVENT_REALTIME_NS },
	{ HB_A_EVENT_MONOTONIC_NS },
	{ HB_A_EVENT_DURATION_NS, "duration" },
	{ HB_A_EVENT_SILENCE_NS, "silent" },
	{ HB_A_EVENT_DETECT_NS, "detect" },
	{ HB_A_EVENT_LATE_NS, "late" },
	{ HB_A_EVENT_MISSED, "missed" },
	{ HB_A_EVENT_LAST_SEQ, "last-seq" },
	{ HB_A_EVENT_BLAME, "blame" },
	{ HB_A_EVENT_LATE_PEER_NS, "late-peer" },
	{ HB_A_EVENT_LATE_NETWORK_NS, "late-network" },
	{ HB_A_EVENT_LATE_LOCAL_NS, "late-local" },
	{ HB_A_EVENT_CPU, "cpu" },
	{ HB_A_EVENT_PATH, "path" },
	{ HB_A_EVENT_SEQ, "seq", HB_FIELD_NOJSON },
	{ }
};

static int ring_add(struct hb_ring *ring, const struct hb_rec *page)
{
	/* later messages may tell of events that are not in this dump */
	if (!ring->next) {
		ring->oldest = hb_rec_uint(page, HB_A_EVENTS_OLDEST);
		ring->next = hb_rec_uint(page, HB_A_EVENTS_NEXT);
	}
	return hb_list_add_nested(&ring->events, page, HB_A_EVENTS_EVENT);
}

/* Read the events from number @since on. Returns 0 or a negative errno. */
int hb_ring_read(struct hb_nl *nl, __u64 since, struct hb_ring *ring)
{
	struct nl_msg *msg = hb_nl_msg(nl, HB_CMD_EVENT_GET);
	struct hb_list pages = { };
	int err;
	size_t i;

	*ring = (struct hb_ring){ };
	if (msg && nla_put_u64(msg, HB_A_EVENTS_SINCE, since))
		msg = hb_nl_full(nl, msg);
	err = hb_nl_dump(nl, msg, &pages);
	for (i = 0; !err && i < pages.n; i++)
		if (ring_add(ring, pages.v[i]))
			err = hb_nl_fail(nl, ENOMEM, "malformed reply");
	if (!err && !ring->next)
		err = hb_nl_fail(nl, EBADMSG, "malformed reply");
	hb_list_free(&pages);
	return err;
}

void hb_ring_free(struct hb_ring *ring)
{
	hb_list_free(&ring->events);
}

/* In text, the time and a word that the eye finds. */
void hb_event_head(struct hb *hb, const char *word, const char *color,
		   __u64 realtime_ns)
{
	char text[64], stamp[sizeof(text) + 2];

	if (hb->out.json)
		return;
	if (!hb->opts.no_timestamp) {
		hb_fmt_time(realtime_ns, text, sizeof(text));
		snprintf(stamp, sizeof(stamp), "[%s]", text);
		hb_out_word(&hb->out, stamp, NULL);
	}
	snprintf(text, sizeof(text), "%-8s", word);
	hb_out_word(&hb->out, text, color);
}

/* DOWN, UP, ... for a change of state, else MISTAKE or STALL. */
static const char *event_word(const struct hb_rec *event, char *buf,
			      size_t size)
{
	bool state = hb_rec_uint(event, HB_A_EVENT_TYPE) == HB_EVENT_TYPE_STATE;
	char *c;

	hb_text_attr(event, state ? HB_A_EVENT_TO : HB_A_EVENT_TYPE, buf, size);
	for (c = buf; *c; c++)
		*c = toupper((unsigned char)*c);
	return buf;
}

static const char *event_color(const struct hb_rec *event)
{
	if (hb_rec_uint(event, HB_A_EVENT_TYPE) != HB_EVENT_TYPE_STATE)
		return NULL;
	return hb_out_state_color(hb_rec_uint(event, HB_A_EVENT_TO));
}

static bool is_death(const struct hb_rec *event)
{
	return hb_rec_uint(event, HB_A_EVENT_TYPE) == HB_EVENT_TYPE_STATE &&
	       hb_rec_uint(event, HB_A_EVENT_TO) == HB_STATE_DOWN;
}

static void strip_zeros(struct hb_rec *event, const unsigned int *attrs,
			size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!hb_rec_uint(event, attrs[i]))
			event->tb[attrs[i]] = NULL;
}

/* A line has no room for zeros, except in the evidence of a death. */
static void event_strip(struct hb_rec *event)
{
	/* 0 is no reason, and blame on nobody */
	static const unsigned int always[] = {
		HB_A_EVENT_REASON, HB_A_EVENT_DURATION_NS, HB_A_EVENT_BLAME,
		HB_A_EVENT_LATE_PEER_NS, HB_A_EVENT_LATE_NETWORK_NS,
		HB_A_EVENT_LATE_LOCAL_NS,
	};
	static const unsigned int evidence[] = {
		HB_A_EVENT_SILENCE_NS, HB_A_EVENT_DETECT_NS,
		HB_A_EVENT_LATE_NS, HB_A_EVENT_MISSED, HB_A_EVENT_LAST_SEQ,
	};

	if (hb_rec_uint(event, HB_A_EVENT_TYPE) != HB_EVENT_TYPE_STATE) {
		event->tb[HB_A_EVENT_FROM] = NULL;
		event->tb[HB_A_EVENT_TO] = NULL;
	}
	strip_zeros(event, always, ARRAY_SIZE(always));
	if (!is_death(event))
		strip_zeros(event, evidence, ARRAY_SIZE(evidence));
}

/* One event, in text as a line; the caller ends it. */
void hb_event_print(struct hb *hb, const struct hb_rec *event)
{
	struct hb_rec view = *event;
	char word[HB_FMT_SIZE];

	hb_event_head(hb, event_word(event, word, sizeof(word)),
		      event_color(event),
		      hb_rec_uint(event, HB_A_EVENT_REALTIME_NS));
	if (!hb->out.json)
		event_strip(&view);
	hb->out.style = HB_STYLE_LINE;
	hb_out_rec(&hb->out, NULL, &view, event_line);
}

static void events_print(struct hb *hb, const struct hb_list *events)
{
	size_t i;

	hb_out_array(&hb->out, NULL);
	for (i = 0; i < events->n; i++) {
		hb_event_print(hb, events->v[i]);
		if (!hb->out.json)
			hb_out_line_end(&hb->out);
	}
	hb_out_array_end(&hb->out);
}

/* [since N] */
static int events_args(int argc, char **argv, __u64 *since)
{
	struct hb_guess guess;
	const char *why;

	*since = 0;
	if (!argc)
		return 0;
	if (strcmp(argv[0], "since")) {
		hb_guess_start(&guess, argv[0]);
		hb_guess_try(&guess, "since");
		return hb_guess_fail(&guess, "word");
	}
	if (argc < 2)
		return hb_fail(HB_EXIT_USAGE, "'since' needs a value");
	if (argc > 2)
		return hb_extra_word(argv[2]);
	why = hb_parse_uint(argv[1], since);
	return why ? hb_value_fail("since", argv[1], why) : 0;
}

int hb_events(struct hb *hb, int argc, char **argv)
{
	struct hb_ring ring;
	__u64 since;
	int code = events_args(argc, argv, &since);

	if (code)
		return code;
	if (hb_ring_read(&hb->nl, since, &ring)) {
		code = hb_nl_report(&hb->nl, "events");
	} else {
		events_print(hb, &ring.events);
		if (since && since < ring.oldest)
			hb_warn("events %llu to %llu are no longer kept", since,
				ring.oldest - 1);
	}
	hb_ring_free(&ring);
	return code;
}

// SPDX-License-Identifier: GPL-2.0
/* hbctl monitor: a snapshot, a sync marker, then every event exactly once and
 * in order. Events carry consecutive numbers and the kernel keeps the last of
 * them, so what the socket dropped is noticed, read again and, if the kernel
 * has it no more, named as lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <linux/genetlink.h>
#include <linux/hb.h>
#include <netlink/netlink.h>
#include <netlink/genl/genl.h>

#include "event.h"
#include "subscribe.h"

/**
 * struct monitor - progress
 * @events: socket that events come by; @hb->nl is for questions
 * @expected: number of the next event to print
 * @printed: events so far
 * @overrun: the socket dropped something
 * @stop: as much was printed as was asked for, or something failed
 * @code: exit code
 */
struct monitor {
	struct hb *hb;
	struct hb_nl events;
	__u64 expected;
	__u64 printed;
	bool overrun;
	bool stop;
	int code;
};

static const struct hb_field peer_line[] = {
	/* here as "peer", like in every other event */
	{ HB_A_PEER_NAME, NULL, HB_FIELD_NOJSON },
	{ HB_A_PEER_STATE, "" },
	{ HB_A_PEER_REASON, "", HB_FIELD_NOTE },
	{ HB_A_PEER_SINCE_NS, "since" },
	{ HB_A_PEER_INTERVAL_US, "interval" },
	{ HB_A_PEER_DETECT_US, "detect" },
	{ HB_A_PEER_SILENCE_NS, "silent" },
	{ HB_A_PEER_RTT_NS, "rtt" },
	{ HB_A_PEER_PATH, "at" },
	{ }
};

static __u64 clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void monitor_fail(struct monitor *m, int code)
{
	m->code = code;
	m->stop = true;
}

/* Start and end a line that is no event of the kernel's. */
static void line_start(struct monitor *m, const char *word)
{
	hb_event_head(m->hb, word, NULL, clock_ns(CLOCK_REALTIME));
	hb_out_obj(&m->hb->out, NULL);
	hb_out_str(&m->hb->out, "event", NULL, word);
}

/* Whoever reads a pipe hears of a death at once, and of many that came in one
 * message together: waking him for each takes longer than to print it.
 */
static void monitor_flush(struct monitor *m)
{
	/* a full disk; a closed pipe has killed us already */
	if (fflush(m->hb->out.fp) || ferror(m->hb->out.fp))
		m->stop = true;
}

static void line_end(struct monitor *m)
{
	hb_out_obj_end(&m->hb->out);
	hb_out_line_end(&m->hb->out);
}

static void range_print(struct monitor *m, const char *word, __u64 from,
			__u64 to)
{
	line_start(m, word);
	hb_out_uint(&m->hb->out, "from", "from", from);
	hb_out_uint(&m->hb->out, "to", "to", to);
	line_end(m);
}

static void sync_print(struct monitor *m, const struct hb_list *peers)
{
	line_start(m, "sync");
	if (peers)
		hb_out_uint(&m->hb->out, "peers", "peers", peers->n);
	hb_out_uint(&m->hb->out, "seq", "seq", m->expected - 1);
	line_end(m);
}

static void peer_print(struct monitor *m, const struct hb_rec *peer)
{
	struct hb_out *out = &m->hb->out;

	out->style = HB_STYLE_LINE;
	line_start(m, "snapshot");
	hb_out_str(out, "peer", "", hb_rec_str(peer, HB_A_PEER_NAME));
	hb_out_attrs(out, peer, peer_line);
	line_end(m);
}

/* All peers as they are now. That is never older than the event before
 * @expected, so nothing is missed; a change that happens meanwhile can show
 * both here and as an event, which does no harm as events say what became of
 * a peer, not what to add.
 */
static void monitor_snapshot(struct monitor *m)
{
	struct hb_peers peers = { };
	int code = hb_peers_read(m->hb, NULL, &peers);
	size_t i;

	if (code)
		monitor_fail(m, code);
	for (i = 0; !m->stop && i < peers.list.n; i++)
		peer_print(m, peers.list.v[i]);
	if (!m->stop)
		sync_print(m, &peers.list);
	hb_peers_free(&peers);
}

static void event_print(struct monitor *m, const struct hb_rec *event)
{
	hb_event_print(m->hb, event);
	hb_out_line_end(&m->hb->out);
	m->expected = hb_rec_uint(event, HB_A_EVENT_SEQ) + 1;
	m->printed++;
	if (m->hb->opts.count && m->printed >= m->hb->opts.count)
		m->stop = true;
}

/* Print from the ring what lies between @expected and @to, and name what is
 * not there. Returns true if something is lost.
 */
static bool ring_print(struct monitor *m, const struct hb_ring *ring, __u64 to)
{
	bool lost = false;
	__u64 seq;
	size_t i;

	for (i = 0; i < ring->events.n && !m->stop; i++) {
		seq = hb_rec_uint(ring->events.v[i], HB_A_EVENT_SEQ);
		if (seq < m->expected || seq > to)
			continue;
		if (seq > m->expected) {
			range_print(m, "lost", m->expected, seq - 1);
			lost = true;
		}
		event_print(m, ring->events.v[i]);
	}
	if (m->stop || m->expected > to)
		return lost;
	range_print(m, "lost", m->expected, to);
	m->expected = to + 1;
	return true;
}

/* Print what the socket did not bring, up to the event @to or, without limit,
 * to the newest. Whoever lost events gets a snapshot to start over from.
 */
static void monitor_recover(struct monitor *m, __u64 to)
{
	struct hb_ring ring;

	if (hb_ring_read(&m->hb->nl, m->expected, &ring)) {
		monitor_fail(m, hb_nl_report(&m->hb->nl, "monitor"));
		hb_ring_free(&ring);
		return;
	}
	if (to == HB_EVENT_NONE)
		to = ring.next - 1;
	if (m->expected <= to) {
		range_print(m, "overrun", m->expected, to);
		if (ring_print(m, &ring, to) && !m->stop)
			monitor_snapshot(m);
	}
	hb_ring_free(&ring);
}

/* Softly in order: what the ring gave already comes again, and is dropped. */
static void monitor_event(struct monitor *m, const struct hb_rec *event)
{
	__u64 seq = hb_rec_uint(event, HB_A_EVENT_SEQ);

	if (seq > m->expected)
		monitor_recover(m, seq - 1);
	if (!m->stop && seq == m->expected)
		event_print(m, event);
}

static int on_message(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct hb_list events = { };
	struct monitor *m = arg;
	struct hb_rec page;
	size_t i;

	if (hb_subscribe_is_end(nlh, m->events.family)) {
		monitor_fail(m, hb_fail(HB_EXIT_ABSENT,
					"the module was unloaded"));
		return NL_STOP;
	}
	if (nlh->nlmsg_type != m->events.family || !genlmsg_valid_hdr(nlh, 0))
		return NL_SKIP;
	/* what can't be read is noticed as a gap */
	if (!hb_rec_parse(&page, hb_schema_of(HB_CMD_EVENT_NTF),
			  genlmsg_attrdata(nlmsg_data(nlh), 0),
			  genlmsg_attrlen(nlmsg_data(nlh), 0)))
		hb_list_add_nested(&events, &page, HB_A_EVENTS_EVENT);
	for (i = 0; i < events.n && !m->stop; i++)
		monitor_event(m, events.v[i]);
	monitor_flush(m);
	hb_list_free(&events);
	return m->stop ? NL_STOP : NL_OK;
}

/* Take all that is there. When the socket is empty it takes new events again,
 * and only then the ring can tell what the last of the dropped ones was.
 */
static void monitor_drain(struct monitor *m)
{
	int err = 0;

	while (!m->stop && (err >= 0 || err == -NLE_NOMEM)) {
		err = nl_recvmsgs_default(m->events.sk);
		/* libnl's name for ENOBUFS */
		if (err == -NLE_NOMEM)
			m->overrun = true;
	}
	if (m->stop)
		return;
	if (err != -NLE_AGAIN) {
		monitor_fail(m, hb_fail(HB_EXIT_KERNEL, "monitor: %s",
					nl_geterror(err)));
		return;
	}
	if (m->overrun)
		monitor_recover(m, HB_EVENT_NONE);
	monitor_flush(m);
	m->overrun = false;
}

/* Milliseconds until @deadline for poll(2), -1 without one. */
static int time_left(__u64 deadline)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC), ms;

	if (!deadline)
		return -1;
	if (now >= deadline)
		return 0;
	ms = (deadline - now + 999999) / 1000000;
	return ms < 1000000 ? ms : 1000000;
}

/* Nobody reads any more: that ends us now, not only with the next event, which
 * may take months.
 */
static void monitor_unheard(struct monitor *m)
{
	raise(SIGPIPE);
	monitor_fail(m, hb_fail(HB_EXIT_KERNEL, "standard output: %s",
				strerror(EPIPE)));
}

static void monitor_loop(struct monitor *m)
{
	struct pollfd pfd[] = {
		{ nl_socket_get_fd(m->events.sk), POLLIN },
		/* for errors and hangups, which are always told */
		{ fileno(m->hb->out.fp) },
	};
	__u64 deadline = 0;
	int left;

	if (m->hb->opts.duration_ns)
		deadline = clock_ns(CLOCK_MONOTONIC) + m->hb->opts.duration_ns;
	while (!m->stop) {
		left = time_left(deadline);
		if (poll(pfd, 2, left) > 0) {
			if (pfd[1].revents)
				monitor_unheard(m);
			else
				monitor_drain(m);
		}
		if (!left)
			break;
	}
}

/* Begin with the events since a number, or with a snapshot. The number of the
 * next event is asked for before the snapshot is taken, so that what happens
 * in between is told as an event and not forgotten.
 */
static void monitor_start(struct monitor *m)
{
	const struct hb_opts *opts = &m->hb->opts;
	__u64 since = opts->has_since ? opts->since : HB_EVENT_NONE;
	struct hb_ring ring;
	bool lost = true;

	if (hb_ring_read(&m->hb->nl, since, &ring)) {
		monitor_fail(m, hb_nl_report(&m->hb->nl, "monitor"));
		hb_ring_free(&ring);
		return;
	}
	m->expected = ring.next;
	if (opts->has_since && since > ring.next)
		hb_warn("event %llu is yet to come, the next is %llu; starting over",
			since, ring.next);
	else if (opts->has_since) {
		m->expected = since ? since : ring.oldest;
		lost = ring_print(m, &ring, ring.next - 1);
	}
	hb_ring_free(&ring);
	if (!m->stop && lost)
		monitor_snapshot(m);
	else if (!m->stop)
		sync_print(m, NULL);
	monitor_flush(m);
}

int hb_monitor(struct hb *hb, int argc, char **argv)
{
	struct monitor m = { .hb = hb };
	int code;

	if (argc)
		return hb_extra_word(argv[0]);
	code = hb_subscribe(&m.events, hb->opts.rcvbuf, on_message, &m);
	if (code)
		return code;
	monitor_start(&m);
	if (!m.stop)
		monitor_loop(&m);
	hb_nl_close(&m.events);
	return m.code;
}

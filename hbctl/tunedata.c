// SPDX-License-Identifier: GPL-2.0
/* What was measured of a peer, out of what the kernel told of it. */
#include "tunedata.h"

#define NS	1e9

static void read_hist(struct hb_tune_hist *h, const struct hb_rec *stats,
		      unsigned int attr, unsigned int max)
{
	struct hb_list list = { };
	__u64 below;
	size_t i;

	h->max = hb_rec_uint(stats, max) / NS;
	hb_list_add_nested(&list, stats, attr);
	for (i = 0; i < list.n; i++) {
		below = hb_rec_uint(list.v[i], HB_A_BUCKET_BELOW_NS);
		/* what has no limit may be as long as the longest */
		h->n[below == ~0ULL ? hb_tune_bucket(h->max) :
				      hb_tune_bucket(0.75 * below / NS)] +=
			hb_rec_uint(list.v[i], HB_A_BUCKET_COUNT);
	}
	hb_list_free(&list);
}

static void read_bursts(struct hb_tune_data *d, const struct hb_rec *stats)
{
	struct hb_list list = { };
	unsigned int length;
	size_t i;

	hb_list_add_nested(&list, stats, HB_A_PEER_STATS_BURST);
	for (i = 0; i < list.n; i++) {
		length = hb_rec_uint(list.v[i], HB_A_BURST_LENGTH);
		if (!length || length > HB_BURST_MAX)
			continue;
		d->burst[length] = hb_rec_uint(list.v[i], HB_A_BURST_COUNT);
		d->bursts += d->burst[length];
		if (d->longest < length)
			d->longest = length;
	}
	hb_list_free(&list);
}

/* How long the peer was judged, and the silences that mistakes were made of:
 * up to the verdict, and from there to the return.
 */
static void read_qos(struct hb_tune_data *d, const struct hb_rec *peer)
{
	const struct nlattr *nla = peer->tb[HB_A_PEER_QOS];
	const struct hb_attr *attr = &peer->set->attrs[HB_A_PEER_QOS];
	struct hb_rec qos;

	if (!nla || hb_rec_parse(&qos, attr->nest, nla_data(nla),
				 nla_len(nla)) < 0)
		return;
	d->span = hb_rec_uint(&qos, HB_A_QOS_OBSERVED_NS) / NS;
	d->silence = (hb_rec_uint(&qos, HB_A_QOS_DETECTION_AVG_NS) +
		      hb_rec_uint(&qos, HB_A_QOS_DURATION_AVG_NS)) / NS;
	d->silence_max = (hb_rec_uint(&qos, HB_A_QOS_DETECTION_MAX_NS) +
			  hb_rec_uint(&qos, HB_A_QOS_DURATION_MAX_NS)) / NS;
}

/* The setting in force: the slower side of a pair wins. */
void hb_tune_present(struct hb_tune_setting *s, const struct hb_rec *peer)
{
	__u64 here = hb_rec_uint(peer, HB_A_PEER_INTERVAL_US);
	__u64 there = hb_rec_uint(peer, HB_A_PEER_REMOTE_INTERVAL_US);

	s->interval = (here > there ? here : there) / 1e6;
	s->multiplier = hb_rec_uint(peer, HB_A_PEER_MULTIPLIER);
	s->detect = s->interval * s->multiplier;
	s->adaptive = hb_rec_uint(peer, HB_A_PEER_DETECT) == HB_DETECT_ADAPTIVE;
	if (s->adaptive && peer->tb[HB_A_PEER_DETECT_US])
		s->detect = hb_rec_uint(peer, HB_A_PEER_DETECT_US) / 1e6;
}

/* That more than a thousandth of the beats come earlier than they leave takes a
 * path with jitter.
 */
static bool has_jitter(const struct hb_tune_data *d)
{
	double least = (1 - HB_TUNE_EARLY_MAX) * d->interval;

	return hb_tune_hist_below(&d->gap, least) >
	       hb_tune_hist_tail(&d->gap, 0) / 1000;
}

void hb_tune_read(struct hb_tune_data *d, const struct hb_rec *peer,
		  const struct hb_tune_setting *now)
{
	const struct hb_rec *stats = peer->stats;

	*d = (struct hb_tune_data){
		.interval = now->interval,
		.deadline = now->detect,
		.lost = hb_rec_uint(stats, HB_A_PEER_STATS_RX_LOST),
		.mistakes = hb_rec_uint(peer, HB_A_PEER_MISTAKES),
	};
	d->beats = hb_rec_uint(stats, HB_A_PEER_STATS_RX_BEATS) + d->lost;
	read_hist(&d->gap, stats, HB_A_PEER_STATS_GAP,
		  HB_A_PEER_STATS_GAP_MAX_NS);
	read_hist(&d->late, stats, HB_A_PEER_STATS_LATE,
		  HB_A_PEER_STATS_LATE_MAX_NS);
	d->jitter = has_jitter(d);
	read_bursts(d, stats);
	read_qos(d, peer);
	if (!d->span)
		d->span = d->beats * d->interval;
	hb_tune_explain(d);
}

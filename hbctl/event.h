/* SPDX-License-Identifier: GPL-2.0 */
/* Events: read them from the kernel's ring, print them. */
#ifndef HBCTL_EVENT_H
#define HBCTL_EVENT_H

#include "cmd.h"

/* More than any event's number: asks for the numbers and for no event. */
#define HB_EVENT_NONE	(~0ULL)

/**
 * struct hb_ring - what the ring held
 * @events: in order; numbers that are not there are lost
 * @oldest: number of the oldest event in the ring
 * @next: number that the next event was going to get
 */
struct hb_ring {
	struct hb_list events;
	__u64 oldest;
	__u64 next;
};

int hb_ring_read(struct hb_nl *nl, __u64 since, struct hb_ring *ring);
void hb_ring_free(struct hb_ring *ring);

void hb_event_head(struct hb *hb, const char *word, const char *color,
		   __u64 realtime_ns);
void hb_event_print(struct hb *hb, const struct hb_rec *event);

#endif

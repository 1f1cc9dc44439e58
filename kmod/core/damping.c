// SPDX-License-Identifier: GPL-2.0
/* Damping of peers that die again and again, see damping.h. Pure: no clock, no
 * lock.
 */
#include <linux/math64.h>
#include <linux/minmax.h>

#include "damping.h"

void hb_damping_died(struct hb_damping *d, u64 hold, u64 now)
{
	u64 halvings;

	if (!d->returned || !hold) {
		d->doublings = 0;
		return;
	}
	halvings = div64_u64(now - d->back_ns, hold * HB_DAMPING_MEMORY);
	if (!halvings)
		d->doublings = min(d->doublings + 1, HB_DAMPING_DOUBLINGS);
	else
		d->doublings -= min_t(u64, d->doublings, halvings);
}

void hb_damping_hold(struct hb_damping *d, u64 now)
{
	d->held_ns = now;
}

u64 hb_damping_left_ns(const struct hb_damping *d, u64 hold, u64 now)
{
	u64 end = d->held_ns + (hold << d->doublings);

	return end > now ? end - now : 0;
}

void hb_damping_back(struct hb_damping *d, u64 now)
{
	d->returned = true;
	d->back_ns = now;
}

// SPDX-License-Identifier: GPL-2.0
/* How long a peer may be silent. */
#include "detect.h"

/* The interval in force may be longer than the one that the floor was checked
 * against, for the peer may ask for that.
 */
void hb_detect_bounds(const struct hb_peer *peer, struct hb_est_cfg *cfg)
{
	u64 fixed = hb_detect_fixed_ns(peer);
	u64 floor = peer->cfg.floor_us * NSEC_PER_USEC;
	u64 ceiling = peer->cfg.ceiling_us * NSEC_PER_USEC;

	cfg->interval_ns = (u64)hb_detect_interval_us(peer) * NSEC_PER_USEC;
	cfg->fixed_ns = fixed;
	cfg->floor_ns = max(floor ?: fixed, cfg->interval_ns);
	cfg->ceiling_ns = max(ceiling ?: 10 * fixed, cfg->floor_ns);
}

u64 hb_detect_ns(const struct hb_peer *peer)
{
	struct hb_est_cfg cfg;

	if (peer->cfg.detect == HB_DETECT_FIXED)
		return hb_detect_fixed_ns(peer);
	hb_detect_bounds(peer, &cfg);
	return hb_est_detect_ns(&peer->est, &cfg);
}

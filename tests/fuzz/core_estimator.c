// SPDX-License-Identifier: GPL-2.0
/* Any arrivals of beats, by any clock of the sender: the detection time stays
 * between its floor and its ceiling, and no sum overflows on the way.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "core/estimator.h"
#include "fuzz.h"

#define CEILING_MAX	((1ULL << 50) - 1)

static void configure(struct fuzz_in *in, struct hb_est_cfg *cfg)
{
	u64 ceiling = 1 + fuzz_take(in, 7) % CEILING_MAX;

	*cfg = (struct hb_est_cfg) {
		.ceiling_ns = ceiling,
		.floor_ns = 1 + fuzz_take(in, 7) % ceiling,
	};
	cfg->interval_ns = 1 + fuzz_take(in, 7) % cfg->floor_ns;
	cfg->fixed_ns = fuzz_take(in, 7) % (ceiling * 2);
}

static void check_suspicion(u64 total, u64 tail)
{
	u32 now = hb_est_suspicion(total, tail);

	/* the logarithm of 2^63 */
	FUZZ_CHECK(now <= 18965);
	/* the rarer, the more suspicious */
	if (tail)
		FUZZ_CHECK(hb_est_suspicion(total, tail - 1) >= now);
	FUZZ_CHECK(!hb_est_suspicion(total, total));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_in in = { data, size };
	struct hb_est est = {};
	struct hb_est_cfg cfg;
	u64 now = 0, tail, detect;
	unsigned int what;

	configure(&in, &cfg);
	while (in.size) {
		what = fuzz_take(&in, 1);
		if (what < 4)
			hb_est_session(&est);
		else if (what < 8)
			hb_est_wronged(&est, &cfg, fuzz_take(&in, 8));
		else if (what < 12)
			configure(&in, &cfg);
		/* nanoseconds to hours from one to the next */
		now += fuzz_take(&in, 1 + what % 6) + 1;
		hb_est_hear(&est, &cfg, fuzz_take(&in, 4), now, what & 64);
		detect = hb_est_detect_ns(&est, &cfg);
		FUZZ_CHECK(detect >= cfg.floor_ns && detect <= cfg.ceiling_ns);
		/* until enough was heard, no less than without adaption */
		if (est.n < HB_EST_WARM)
			FUZZ_CHECK(detect >= min(cfg.fixed_ns, cfg.ceiling_ns));
		/* nobody hears 2^63 beats */
		tail = fuzz_take(&in, 8) >> 1;
		check_suspicion(max(tail, now), min(tail, now));
	}
	return 0;
}

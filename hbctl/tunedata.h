/* SPDX-License-Identifier: GPL-2.0 */
/* What was measured of a peer, out of what the kernel told of it. */
#ifndef HBCTL_TUNEDATA_H
#define HBCTL_TUNEDATA_H

#include "rec.h"
#include "tunemodel.h"

void hb_tune_present(struct hb_tune_setting *s, const struct hb_rec *peer);
void hb_tune_read(struct hb_tune_data *d, const struct hb_rec *peer,
		  const struct hb_tune_setting *now);

#endif

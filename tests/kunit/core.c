// SPDX-License-Identifier: GPL-2.0
/* What is tested: the files that hb.ko is made of, unchanged. */
#include <linux/module.h>

#include "core/wire.c"
#include "core/auth.c"
#include "core/session.c"
#include "core/fsm.c"
#include "core/blame.c"
#include "frame.c"
#include "core/qos.c"
#include "core/damping.c"
#include "core/estimator.c"

MODULE_DESCRIPTION("KUnit tests of the heartbeat protocol");
MODULE_LICENSE("GPL");

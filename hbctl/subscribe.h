/* SPDX-License-Identifier: GPL-2.0 */
/* The socket that events come by. */
#ifndef HBCTL_SUBSCRIBE_H
#define HBCTL_SUBSCRIBE_H

#include "nl.h"

#define HB_RCVBUF_DEFAULT	(8 << 20)

int hb_subscribe(struct hb_nl *nl, __u64 rcvbuf,
		 int (*func)(struct nl_msg *msg, void *arg), void *arg);
bool hb_subscribe_is_end(struct nlmsghdr *nlh, int family);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
/* The only file that knows kernels older than the newest. Force-included; every
 * shim names the version that brought what it stands in for.
 */
#ifndef _HB_COMPAT_H
#define _HB_COMPAT_H

/* 6.13: hrtimer_setup() */
#ifndef HB_HAVE_HRTIMER_SETUP
#include <linux/hrtimer.h>

static inline void
compat_hrtimer_setup(struct hrtimer *timer,
		     enum hrtimer_restart (*function)(struct hrtimer *),
		     clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}

#define hrtimer_setup compat_hrtimer_setup
#endif

/* 6.19: struct blake2s_ctx, before that blake2s_state */
#ifndef HB_HAVE_BLAKE2S_CTX
#define blake2s_ctx blake2s_state
#endif

/* 6.2: split ops of generic netlink; with one mode each, plain ones do */
#ifndef HB_HAVE_SPLIT_OPS
#define genl_split_ops	genl_ops
#define split_ops	ops
#define n_split_ops	n_ops
#endif

/* 6.4: softnet_data.in_net_rx_action */
#ifdef HB_HAVE_IN_NET_RX
#define compat_in_net_rx_action(sd)	READ_ONCE((sd)->in_net_rx_action)
#else
#define compat_in_net_rx_action(sd)	((void)(sd), false)
#endif

/* 6.5: softirqs do not wait for ksoftirqd any more (d15121be7485); no header
 * tells.
 */
#include <linux/version.h>
#define HB_SOFTIRQ_DEFERRAL	(LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0))

/* 6.6: genl_info_dump() */
#ifndef HB_HAVE_INFO_DUMP
#define genl_info_dump	genl_dumpit_info
#endif

/* 6.8: the range of a policy is const */
#ifndef HB_HAVE_CONST_RANGE
#include <net/netlink.h>
#undef NLA_POLICY_FULL_RANGE
#define NLA_POLICY_FULL_RANGE(tp, _range) {			\
	.type = NLA_ENSURE_UINT_OR_BINARY_TYPE(tp),		\
	.validation_type = NLA_VALIDATE_RANGE_PTR,		\
	.range = (struct netlink_range_validation *)(_range),	\
}
#endif

/* 6.9: rps_needed has a header of its own, before that linux/netdevice.h */
#ifdef HB_HAVE_RPS_H
#include <net/rps.h>
#endif

/* 6.17: flags for the control block, last argument of the tunnel helper */
#ifndef HB_HAVE_IPCB_FLAGS
#include <net/ip6_tunnel.h>

static inline void
compat_ip6tunnel_xmit(struct sock *sk, struct sk_buff *skb,
		      struct net_device *dev, u16 flags)
{
	ip6tunnel_xmit(sk, skb, dev);
}

#define ip6tunnel_xmit compat_ip6tunnel_xmit
#endif

#endif /* _HB_COMPAT_H */

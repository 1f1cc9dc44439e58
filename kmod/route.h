/* SPDX-License-Identifier: GPL-2.0 */
/* The route of a path, kept from one packet to the next. */
#ifndef _HB_ROUTE_H
#define _HB_ROUTE_H

#include <linux/in6.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct dst_entry;
struct rtable;

/**
 * struct hb_route - a cached route; zeroed, it is empty
 * @lock: protects all that follows; taken in softirq, under a peer's lock
 * @cookie: tells whether an IPv6 route is still good
 * @dst: the route, of which this holds a reference, or NULL
 * @saddr4: source address for IPv4
 * @saddr6: the same for IPv6
 *
 * One slot, and not one for each CPU as in struct dst_cache: a peer's beats
 * leave by one CPU or by its standby, so there is nobody to wait for, and a
 * machine may have hundreds of CPUs.
 */
struct hb_route {
	spinlock_t lock;	/* protects all that follows */
	u32 cookie;
	struct dst_entry *dst;
	union {
		__be32 saddr4;
		struct in6_addr saddr6;
	};
};

/**
 * hb_route_init() - prepare it
 * @route: zeroed
 *
 * Context: any.
 */
void hb_route_init(struct hb_route *route);

/**
 * hb_route_drop() - let go of what it holds
 * @route: nobody uses it any more
 *
 * Context: any.
 */
void hb_route_drop(struct hb_route *route);

/**
 * hb_route_get4() - the route, if it is still good
 * @route: the cache of an IPv4 path
 * @saddr: set to the source address
 *
 * Context: BH disabled.
 * Return: the route with a reference for the caller, or NULL.
 */
struct rtable *hb_route_get4(struct hb_route *route, __be32 *saddr);

/**
 * hb_route_set4() - remember a route
 * @route: the cache of an IPv4 path
 * @dst: the route; it is referenced
 * @saddr: source address
 *
 * Context: BH disabled.
 */
void hb_route_set4(struct hb_route *route, struct dst_entry *dst, __be32 saddr);

/**
 * hb_route_get6() - the route, if it is still good
 * @route: the cache of an IPv6 path
 * @saddr: set to the source address
 *
 * Context: BH disabled.
 * Return: the route with a reference for the caller, or NULL.
 */
struct dst_entry *hb_route_get6(struct hb_route *route, struct in6_addr *saddr);

/**
 * hb_route_set6() - remember a route
 * @route: the cache of an IPv6 path
 * @dst: the route; it is referenced
 * @saddr: source address
 *
 * Context: BH disabled.
 */
void hb_route_set6(struct hb_route *route, struct dst_entry *dst,
		   const struct in6_addr *saddr);

#endif /* _HB_ROUTE_H */

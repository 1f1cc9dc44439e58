// SPDX-License-Identifier: GPL-2.0
/* The route of a path, kept from one packet to the next. */
#include <net/dst.h>
#include <net/ip6_fib.h>
#include <net/route.h>

#include "route.h"

void hb_route_init(struct hb_route *route)
{
	spin_lock_init(&route->lock);
}

void hb_route_drop(struct hb_route *route)
{
	dst_release(route->dst);
	route->dst = NULL;
}

/* Routes change, and devices go: then whoever made the route says that it is
 * good no longer.
 */
static struct dst_entry *hb_route_hold_locked(struct hb_route *route)
{
	struct dst_entry *dst = route->dst;

	lockdep_assert_held(&route->lock);
	if (!dst)
		return NULL;
	if (READ_ONCE(dst->obsolete) && !dst->ops->check(dst, route->cookie)) {
		hb_route_drop(route);
		return NULL;
	}
	dst_hold(dst);
	return dst;
}

static void hb_route_replace_locked(struct hb_route *route,
				    struct dst_entry *dst, u32 cookie)
{
	lockdep_assert_held(&route->lock);
	dst_hold(dst);
	dst_release(route->dst);
	route->dst = dst;
	route->cookie = cookie;
}

struct rtable *hb_route_get4(struct hb_route *route, __be32 *saddr)
{
	struct dst_entry *dst;

	spin_lock(&route->lock);
	dst = hb_route_hold_locked(route);
	*saddr = route->saddr4;
	spin_unlock(&route->lock);
	return dst ? container_of(dst, struct rtable, dst) : NULL;
}

void hb_route_set4(struct hb_route *route, struct dst_entry *dst, __be32 saddr)
{
	spin_lock(&route->lock);
	hb_route_replace_locked(route, dst, 0);
	route->saddr4 = saddr;
	spin_unlock(&route->lock);
}

#if IS_ENABLED(CONFIG_IPV6)
struct dst_entry *hb_route_get6(struct hb_route *route, struct in6_addr *saddr)
{
	struct dst_entry *dst;

	spin_lock(&route->lock);
	dst = hb_route_hold_locked(route);
	*saddr = route->saddr6;
	spin_unlock(&route->lock);
	return dst;
}

void hb_route_set6(struct hb_route *route, struct dst_entry *dst,
		   const struct in6_addr *saddr)
{
	struct rt6_info *rt = container_of(dst, struct rt6_info, dst);

	spin_lock(&route->lock);
	hb_route_replace_locked(route, dst, rt6_get_cookie(rt));
	route->saddr6 = *saddr;
	spin_unlock(&route->lock);
}
#endif

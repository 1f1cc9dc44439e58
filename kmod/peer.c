// SPDX-License-Identifier: GPL-2.0
/* Peers, their paths, and the table that holds them. */
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "peer.h"

static const struct rhashtable_params hb_peer_params = {
	.key_len = sizeof_field(struct hb_peer, id),
	.key_offset = offsetof(struct hb_peer, id),
	.head_offset = offsetof(struct hb_peer, node),
	.automatic_shrinking = true,
};

/* Not kmalloc(), which rounds up to a power of two: a peer may well be a little
 * larger than one.
 */
static struct kmem_cache *hb_peer_cache;

int hb_peer_cache_init(void)
{
	hb_peer_cache = KMEM_CACHE(hb_peer, SLAB_ACCOUNT);
	return hb_peer_cache ? 0 : -ENOMEM;
}

void hb_peer_cache_exit(void)
{
	kmem_cache_destroy(hb_peer_cache);
}

int hb_peer_table_init(struct hb_net *hn)
{
	xa_init_flags(&hn->index, XA_FLAGS_ALLOC1);
	return rhashtable_init(&hn->peers, &hb_peer_params);
}

void hb_peer_table_free(struct hb_net *hn)
{
	rhashtable_destroy(&hn->peers);
	xa_destroy(&hn->index);
}

static void hb_path_free(struct hb_path *path)
{
	if (!path)
		return;
	hb_route_drop(&path->route);
	kfree(path);
}

static void hb_path_free_rcu(struct rcu_head *rcu)
{
	hb_path_free(container_of(rcu, struct hb_path, rcu));
}

static void hb_keys_free_rcu(struct rcu_head *rcu)
{
	kfree_sensitive(container_of(rcu, struct hb_keys, rcu));
}

struct hb_peer *hb_peer_new(struct hb_net *hn, const char *name)
{
	struct hb_peer *peer = kmem_cache_zalloc(hb_peer_cache, GFP_KERNEL);

	if (!peer)
		return NULL;
	peer->hn = hn;
	peer->id = hb_auth_node_id(name);
	strscpy(peer->name, name, sizeof(peer->name));
	peer->name_len = strlen(peer->name);
	spin_lock_init(&peer->lock);
	return peer;
}

static void hb_peer_free_rcu(struct rcu_head *rcu)
{
	struct hb_peer *peer = container_of(rcu, struct hb_peer, rcu);

	hb_path_free(rcu_dereference_protected(peer->path, true));
	kfree_sensitive(rcu_dereference_protected(peer->keys, true));
	memzero_explicit(peer, sizeof(*peer));
	kmem_cache_free(hb_peer_cache, peer);
}

void hb_peer_free(struct hb_peer *peer)
{
	call_rcu(&peer->rcu, hb_peer_free_rcu);
}

int hb_peer_add(struct hb_peer *peer)
{
	struct hb_net *hn = peer->hn;
	int err;

	lockdep_assert_held(&hn->lock);
	err = rhashtable_lookup_insert_fast(&hn->peers, &peer->node,
					    hb_peer_params);
	if (err)
		return err;
	err = xa_alloc_cyclic(&hn->index, &peer->index, peer, xa_limit_31b,
			      &hn->index_next, GFP_KERNEL_ACCOUNT);
	if (err < 0) {
		rhashtable_remove_fast(&hn->peers, &peer->node, hb_peer_params);
		return err;
	}
	hn->npeers++;
	hn->generation++;
	return 0;
}

void hb_peer_del(struct hb_peer *peer)
{
	struct hb_net *hn = peer->hn;

	lockdep_assert_held(&hn->lock);
	rhashtable_remove_fast(&hn->peers, &peer->node, hb_peer_params);
	xa_erase(&hn->index, peer->index);
	hn->npeers--;
	hn->generation++;
}

struct hb_peer *hb_peer_find(struct hb_net *hn, u64 id)
{
	return rhashtable_lookup_fast(&hn->peers, &id, hb_peer_params);
}

struct hb_peer *hb_peer_next(struct hb_net *hn, unsigned long *index)
{
	return xa_find(&hn->index, index, ULONG_MAX, XA_PRESENT);
}

int hb_peer_set_path(struct hb_peer *peer, const struct hb_addr *addr)
{
	struct hb_path *path, *old;

	path = kzalloc(sizeof(*path), GFP_KERNEL_ACCOUNT);
	if (!path)
		return -ENOMEM;
	hb_route_init(&path->route);
	path->addr = *addr;
	old = rcu_replace_pointer(peer->path, path,
				  lockdep_is_held(&peer->hn->lock));
	if (old)
		call_rcu(&old->rcu, hb_path_free_rcu);
	return 0;
}

void hb_peer_set_keys(struct hb_peer *peer, struct hb_keys *keys)
{
	struct hb_keys *old;

	old = rcu_replace_pointer(peer->keys, keys,
				  lockdep_is_held(&peer->hn->lock));
	if (old)
		call_rcu(&old->rcu, hb_keys_free_rcu);
}

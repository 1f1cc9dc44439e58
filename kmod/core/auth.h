/* SPDX-License-Identifier: GPL-2.0 */
/* Node ids, pair keys and packet tags. Pure: no clock, no lock, no skb. */
#ifndef _HB_AUTH_H
#define _HB_AUTH_H

#include <linux/siphash.h>
#include <linux/types.h>
#include <uapi/linux/hb.h>

/**
 * struct hb_keyring - the keys of one pair of nodes
 * @key: one per slot
 * @set: slots that hold a key, one bit each
 * @send: slot whose key signs
 *
 * All slots that are set are accepted, so that a key is rolled without a flap:
 * both sides add the new one, both send it, both drop the old one.
 */
struct hb_keyring {
	siphash_key_t key[HB_KEY_SLOTS];
	u8 set;
	u8 send;
};

/**
 * hb_auth_node_id() - identity on the wire of a named node
 * @name: NUL-terminated, at most HB_NAME_MAX bytes
 *
 * BLAKE2s (RFC 7693) with a digest of 8 bytes over the name without its NUL, as
 * a little-endian number. Two names of a cluster of 10,000 nodes collide with a
 * chance of 3e-12.
 *
 * Context: process; takes some microseconds.
 * Return: the id, never 0.
 */
u64 hb_auth_node_id(const char *name);

/**
 * hb_auth_set_key() - put the key of a pair of nodes into a slot
 * @auth: keys of the pair
 * @slot: 0 to HB_KEY_SLOTS - 1
 * @secret: what the nodes share
 * @a: id of one node
 * @b: id of the other; the order does not matter
 *
 * The key of the pair is BLAKE2s, keyed with the secret, with a digest of 16
 * bytes, over "hb1 pair" with its NUL and both ids, the lower one first and
 * big-endian, so that what one pair signs is worth nothing to another.
 *
 * Context: process; takes some microseconds.
 */
void hb_auth_set_key(struct hb_keyring *auth, unsigned int slot,
		     const u8 secret[HB_KEY_LEN], u64 a, u64 b);

/**
 * hb_auth_sign() - write the tag of a packet
 * @auth: keys of the pair; the slot to send is set
 * @buf: the packet
 * @len: its length, tag included
 *
 * The tag is SipHash-2-4 over all bytes before it, in little-endian order.
 *
 * Context: any, softirq on the hot path.
 */
void hb_auth_sign(const struct hb_keyring *auth, u8 *buf, size_t len);

/**
 * hb_auth_verify() - check the tag of a packet
 * @auth: keys of the pair
 * @buf: the packet
 * @len: its length, tag included, at least HB_WIRE_TAG_LEN
 *
 * Context: any, softirq on the hot path. The time it takes does not depend on
 * how much of the tag is right.
 * Return: true if the key of any slot made the tag.
 */
bool hb_auth_verify(const struct hb_keyring *auth, const u8 *buf, size_t len);

#endif /* _HB_AUTH_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* The last gasp: frames that stand ready to tell the peers of a panic. */
#ifndef _HB_GASP_H
#define _HB_GASP_H

#include "peer.h"

struct net_device;

/**
 * hb_gasp_init() - be told of panics, keep frames ready from now on
 *
 * Context: process, after the namespaces are registered.
 * Return: 0 or a negative error.
 */
int hb_gasp_init(void);

/**
 * hb_gasp_exit() - make no frames any more; those that are left stay until
 * their peers go
 *
 * Context: process, before the namespaces are unregistered.
 */
void hb_gasp_exit(void);

/**
 * hb_gasp_stale() - something changed that frames are made from
 *
 * A session, a key, a path: the frames are made again within some milliseconds.
 * New routes and neighbours are looked for every second: in a large network
 * they change all the time, and rarely what a frame is made from.
 *
 * Context: any.
 */
void hb_gasp_stale(void);

/**
 * hb_gasp_drop() - forget the frames of a peer
 * @peer: the peer
 *
 * Context: process, under the namespace's lock.
 */
void hb_gasp_drop(struct hb_peer *peer);

/**
 * hb_gasp_drop_device() - forget the frames that leave by a device
 * @dev: the device, which is down
 *
 * Context: process.
 */
void hb_gasp_drop_device(const struct net_device *dev);

/**
 * hb_gasp_possible() - can a device send from a panic?
 * @dev: the device
 *
 * Context: any.
 * Return: false for what is made of software, which would queue or lock.
 */
bool hb_gasp_possible(const struct net_device *dev);

#endif /* _HB_GASP_H */

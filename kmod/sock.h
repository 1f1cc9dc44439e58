/* SPDX-License-Identifier: GPL-2.0 */
/* The UDP sockets of a namespace. */
#ifndef _HB_SOCK_H
#define _HB_SOCK_H

#include "hb.h"

struct netlink_ext_ack;

/**
 * hb_sock_open() - listen on a port over IPv4 and IPv6, and on no other
 * @hn: the namespace, without peers
 * @port: UDP port
 * @extack: says what failed
 *
 * Context: process, under the namespace's lock.
 * Return: 0 or a negative error, when all is as it was.
 */
int hb_sock_open(struct hb_net *hn, u16 port, struct netlink_ext_ack *extack);

/**
 * hb_sock_close() - stop to listen, if we do
 * @hn: the namespace
 *
 * No packet is received or sent any more when this returns.
 *
 * Context: process, under the namespace's lock or when nobody else is left.
 */
void hb_sock_close(struct hb_net *hn);

#endif /* _HB_SOCK_H */

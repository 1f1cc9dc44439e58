/* SPDX-License-Identifier: GPL-2.0 */
/* Maintenance: a silence that was announced is no death. */
#ifndef _HB_MAINTENANCE_H
#define _HB_MAINTENANCE_H

#include "core/wire.h"
#include "peer.h"
#include "report.h"

/**
 * hb_maintenance_until() - when does a maintenance end?
 * @us: how long it is to last from now on; 0 ends it, U64_MAX has no end
 * @now: CLOCK_MONOTONIC in ns
 *
 * Context: any.
 * Return: CLOCK_MONOTONIC in ns, U64_MAX for never, 0 for none.
 */
u64 hb_maintenance_until(u64 us, u64 now);

/**
 * hb_maintenance_told() - what a packet tells of the maintenance of its sender
 * @pdu: the packet
 * @now: CLOCK_MONOTONIC in ns
 *
 * Context: any.
 * Return: as hb_maintenance_until().
 */
u64 hb_maintenance_told(const struct hb_pdu *pdu, u64 now);

/**
 * hb_maintenance_set() - the operator begins or ends the maintenance of a peer
 * @peer: the peer
 * @us: how long from now on; 0 ends what the peer has announced, too
 *
 * Context: process.
 */
void hb_maintenance_set(struct hb_peer *peer, u64 us);

/**
 * hb_maintenance_excuse() - make a death in a maintenance a goodbye
 * @peer: the peer, before the step
 * @fact: what happened; changed for a death in a maintenance
 *
 * If the peer is still silent when the maintenance ends, it is declared down.
 *
 * Context: under the peer's lock.
 */
void hb_maintenance_excuse(struct hb_peer *peer, struct hb_fact *fact);

/**
 * hb_maintenance_expired() - a maintenance may be over
 * @timer: &hb_peer.maintenance_timer
 *
 * Context: softirq.
 */
void hb_maintenance_expired(struct hb_timer *timer);

#endif /* _HB_MAINTENANCE_H */

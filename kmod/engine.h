/* SPDX-License-Identifier: GPL-2.0 */
/* The life of a peer: added, started, changed, stopped. */
#ifndef _HB_ENGINE_H
#define _HB_ENGINE_H

#include "peer.h"

/**
 * hb_engine_init() - prepare a peer, before it is in the table
 * @peer: the peer
 * @cfg: what the operator decided
 *
 * Context: process, under the namespace's lock.
 */
void hb_engine_init(struct hb_peer *peer, const struct hb_peer_cfg *cfg);

/**
 * hb_engine_start() - a peer was added: begin to beat, if it is enabled
 * @peer: the peer, in the table
 *
 * Context: process, under the namespace's lock.
 */
void hb_engine_start(struct hb_peer *peer);

/**
 * hb_engine_configure() - the operator changed his mind
 * @peer: the peer
 * @cfg: what he decided
 * @reason: enum hb_reason of a peer that this enables or disables
 *
 * A slower interval is announced first and used only after the peer judges by
 * it, a faster one is used at once; so no change of timing ends a session. On a
 * machine that sleeps, or goes, a peer stays as it is until hb_engine_resume().
 *
 * Context: process, under the namespace's lock.
 */
void hb_engine_configure(struct hb_peer *peer, const struct hb_peer_cfg *cfg,
			 u8 reason);

/**
 * hb_engine_pause() - the machine goes: say goodbye, and rest
 * @peer: the peer, which becomes admin-down, whatever the operator decided
 * @reason: enum hb_reason of the goodbye
 *
 * Context: process, under the namespace's lock.
 */
void hb_engine_pause(struct hb_peer *peer, u8 reason);

/**
 * hb_engine_resume() - the machine came back: go on, if the peer is enabled
 * @peer: the peer
 * @reason: enum hb_reason of its return to init
 *
 * Context: process, under the namespace's lock.
 */
void hb_engine_resume(struct hb_peer *peer, u8 reason);

/**
 * hb_engine_hush() - the device that leads to a peer goes down
 * @peer: the peer, which hears goodbye and then nothing
 * @ifindex: the device
 *
 * Nothing is heard of the peer either, so that no session begins that has no
 * future. The peer is still judged: its silence is one, for us.
 *
 * Context: BH disabled, the peer stays.
 */
void hb_engine_hush(struct hb_peer *peer, int ifindex);

/**
 * hb_engine_unhush() - that device is down: speak again, by another way
 * @peer: the peer
 * @ifindex: the device; if another one hushed the peer, nothing is done
 *
 * Context: BH disabled, the peer stays.
 */
void hb_engine_unhush(struct hb_peer *peer, int ifindex);

/**
 * hb_engine_stop() - a peer was removed: say goodbye, arm nothing any more
 * @peer: the peer, out of the table; to be freed next
 * @reason: enum hb_reason of the goodbye
 *
 * Softirq may still find the peer until a grace period has passed, but sees
 * that it is dead.
 *
 * Context: process; waits for timer callbacks that run.
 */
void hb_engine_stop(struct hb_peer *peer, u8 reason);

#endif /* _HB_ENGINE_H */

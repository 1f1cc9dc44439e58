/* SPDX-License-Identifier: GPL-2.0 */
/* The state machine of a peer: one table. Pure: no clock, no lock, no skb. */
#ifndef _HB_FSM_H
#define _HB_FSM_H

#include <linux/bits.h>
#include <linux/types.h>
#include <uapi/linux/hb.h>

#define HB_STATES	(HB_STATE_ADMIN_DOWN + 1)

/**
 * enum hb_fsm_event - facts that may change the state of a peer
 * @HB_FSM_BEAT: a beat of the live session
 * @HB_FSM_SESSION: a new session went live, same incarnation as before
 * @HB_FSM_RESTART: a new session went live, new incarnation
 * @HB_FSM_EXCUSED: the same as @HB_FSM_RESTART, during a maintenance
 * @HB_FSM_HOLD: a new session went live, of a peer that is damped
 * @HB_FSM_RELEASE: a beat of it, when the peer was heard for long enough
 * @HB_FSM_EXPIRED: no beat for a whole detection time
 * @HB_FSM_GOODBYE: the peer said goodbye, or fell silent in a maintenance
 * @HB_FSM_PANIC: the peer said that its kernel panics
 * @HB_FSM_OVERDUE: a maintenance ended, and the peer is silent still
 * @HB_FSM_RETURN: a beat of the session that ended last
 * @HB_FSM_ENABLE: the operator enabled the peer
 * @HB_FSM_DISABLE: the operator disabled the peer
 * @HB_FSM_EVENTS: number of events
 */
enum hb_fsm_event {
	HB_FSM_BEAT,
	HB_FSM_SESSION,
	HB_FSM_RESTART,
	HB_FSM_EXCUSED,
	HB_FSM_HOLD,
	HB_FSM_RELEASE,
	HB_FSM_EXPIRED,
	HB_FSM_GOODBYE,
	HB_FSM_PANIC,
	HB_FSM_OVERDUE,
	HB_FSM_RETURN,
	HB_FSM_ENABLE,
	HB_FSM_DISABLE,
	HB_FSM_EVENTS,
};

/**
 * enum hb_fsm_act - what a step asks its caller to do
 * @HB_ACT_REPORT: report the change of state
 * @HB_ACT_MISTAKE: count and report a mistake, once per down
 * @HB_ACT_END: end the session
 * @HB_ACT_WATCH: start to judge: arm the detection timer
 * @HB_ACT_UNWATCH: judge no longer
 * @HB_ACT_START: start to beat
 * @HB_ACT_STOP: say goodbye, which ends the session, and stop to beat
 * @HB_ACT_AGAIN: step once more with the same event
 */
enum hb_fsm_act {
	HB_ACT_REPORT = BIT(0),
	HB_ACT_MISTAKE = BIT(1),
	HB_ACT_END = BIT(2),
	HB_ACT_WATCH = BIT(3),
	HB_ACT_UNWATCH = BIT(4),
	HB_ACT_START = BIT(5),
	HB_ACT_STOP = BIT(6),
	HB_ACT_AGAIN = BIT(7),
};

/**
 * struct hb_fsm_step - one cell of the table
 * @state: state to go to
 * @act: enum hb_fsm_act
 */
struct hb_fsm_step {
	u8 state;
	u8 act;
};

/**
 * hb_fsm_step() - look up what an event does in a state
 * @state: enum hb_state
 * @event: enum hb_fsm_event
 *
 * Context: any.
 * Return: the cell of the table.
 */
struct hb_fsm_step hb_fsm_step(unsigned int state, unsigned int event);

#endif /* _HB_FSM_H */

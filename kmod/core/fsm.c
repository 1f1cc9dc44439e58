// SPDX-License-Identifier: GPL-2.0
/* The state machine of a peer: one table. Pure: no clock, no lock, no skb. */
#include "fsm.h"

#define TO(_state, _act)	{ .state = HB_STATE_##_state, .act = (_act) }
#define STAY(_state)		TO(_state, 0)

/* A restart is a death and a return: down first, then the same event again. */
static const struct hb_fsm_step hb_fsm_table[HB_STATES][HB_FSM_EVENTS] = {
	[HB_STATE_INIT] = {
		[HB_FSM_BEAT]	 = STAY(INIT),
		[HB_FSM_SESSION] = TO(UP, HB_ACT_REPORT | HB_ACT_WATCH),
		[HB_FSM_RESTART] = TO(UP, HB_ACT_REPORT | HB_ACT_WATCH),
		[HB_FSM_EXPIRED] = STAY(INIT),
		[HB_FSM_GOODBYE] = TO(LEFT, HB_ACT_REPORT | HB_ACT_END),
		[HB_FSM_RETURN]	 = STAY(INIT),
		[HB_FSM_ENABLE]	 = STAY(INIT),
		[HB_FSM_DISABLE] = TO(ADMIN_DOWN, HB_ACT_REPORT | HB_ACT_STOP),
	},
	[HB_STATE_UP] = {
		[HB_FSM_BEAT]	 = STAY(UP),
		[HB_FSM_SESSION] = STAY(UP),
		[HB_FSM_RESTART] = TO(DOWN, HB_ACT_REPORT | HB_ACT_AGAIN),
		[HB_FSM_EXPIRED] = TO(DOWN, HB_ACT_REPORT | HB_ACT_END),
		[HB_FSM_GOODBYE] = TO(LEFT, HB_ACT_REPORT | HB_ACT_END |
					    HB_ACT_UNWATCH),
		[HB_FSM_RETURN]	 = STAY(UP),
		[HB_FSM_ENABLE]	 = STAY(UP),
		[HB_FSM_DISABLE] = TO(ADMIN_DOWN, HB_ACT_REPORT | HB_ACT_STOP |
						  HB_ACT_UNWATCH),
	},
	[HB_STATE_DOWN] = {
		[HB_FSM_BEAT]	 = STAY(DOWN),
		[HB_FSM_SESSION] = TO(UP, HB_ACT_REPORT | HB_ACT_WATCH),
		[HB_FSM_RESTART] = TO(UP, HB_ACT_REPORT | HB_ACT_WATCH),
		[HB_FSM_EXPIRED] = STAY(DOWN),
		[HB_FSM_GOODBYE] = TO(LEFT, HB_ACT_REPORT | HB_ACT_END),
		[HB_FSM_RETURN]	 = TO(DOWN, HB_ACT_MISTAKE),
		[HB_FSM_ENABLE]	 = STAY(DOWN),
		[HB_FSM_DISABLE] = TO(ADMIN_DOWN, HB_ACT_REPORT | HB_ACT_STOP),
	},
	[HB_STATE_LEFT] = {
		[HB_FSM_BEAT]	 = STAY(LEFT),
		[HB_FSM_SESSION] = TO(UP, HB_ACT_REPORT | HB_ACT_WATCH),
		[HB_FSM_RESTART] = TO(UP, HB_ACT_REPORT | HB_ACT_WATCH),
		[HB_FSM_EXPIRED] = STAY(LEFT),
		[HB_FSM_GOODBYE] = TO(LEFT, HB_ACT_END),
		[HB_FSM_RETURN]	 = STAY(LEFT),
		[HB_FSM_ENABLE]	 = STAY(LEFT),
		[HB_FSM_DISABLE] = TO(ADMIN_DOWN, HB_ACT_REPORT | HB_ACT_STOP),
	},
	[HB_STATE_ADMIN_DOWN] = {
		[HB_FSM_BEAT]	 = STAY(ADMIN_DOWN),
		[HB_FSM_SESSION] = STAY(ADMIN_DOWN),
		[HB_FSM_RESTART] = STAY(ADMIN_DOWN),
		[HB_FSM_EXPIRED] = STAY(ADMIN_DOWN),
		[HB_FSM_GOODBYE] = STAY(ADMIN_DOWN),
		[HB_FSM_RETURN]	 = STAY(ADMIN_DOWN),
		[HB_FSM_ENABLE]	 = TO(INIT, HB_ACT_REPORT | HB_ACT_START),
		[HB_FSM_DISABLE] = STAY(ADMIN_DOWN),
	},
};

struct hb_fsm_step hb_fsm_step(unsigned int state, unsigned int event)
{
	return hb_fsm_table[state][event];
}

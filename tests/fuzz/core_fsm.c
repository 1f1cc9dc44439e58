// SPDX-License-Identifier: GPL-2.0
/* Any row of events that can happen to a peer: each pair of a state and an
 * event has a cell, and what the cells ask for makes sense to an engine that
 * does it, as kmod/step.c does.
 */
#include <linux/types.h>
#include <uapi/linux/hb.h>

#include "core/fsm.h"
#include "fuzz.h"

/**
 * struct peer - what an engine knows
 * @state: enum hb_state
 * @live: it has a session
 * @watched: its detection timer runs
 * @beating: beats are sent to it
 */
struct peer {
	unsigned int state;
	bool live;
	bool watched;
	bool beating;
};

static bool enters_live(unsigned int event)
{
	return event == HB_FSM_SESSION || event == HB_FSM_RESTART ||
	       event == HB_FSM_EXCUSED || event == HB_FSM_HOLD;
}

/* Would the engine tell this? See hear.c, damp.c, verdict.c, maintenance.c. */
static bool can_happen(const struct peer *peer, unsigned int event)
{
	switch (event) {
	case HB_FSM_BEAT:
		return peer->live;
	case HB_FSM_HOLD:
		return peer->state == HB_STATE_DOWN;
	case HB_FSM_RELEASE:
		return peer->state == HB_STATE_DOWN && peer->live;
	case HB_FSM_EXPIRED:
		return peer->watched;
	case HB_FSM_GOODBYE:
	case HB_FSM_PANIC:
		return peer->state != HB_STATE_ADMIN_DOWN;
	case HB_FSM_OVERDUE:
		return peer->state == HB_STATE_LEFT;
	case HB_FSM_RETURN:
		return !peer->live;
	case HB_FSM_ENABLE:
	case HB_FSM_DISABLE:
		return true;
	}
	return peer->state != HB_STATE_ADMIN_DOWN;
}

static void check_cell(const struct peer *peer, unsigned int event,
		       struct hb_fsm_step step)
{
	bool moves = step.state != peer->state;

	FUZZ_CHECK(step.state < HB_STATES);
	FUZZ_CHECK(moves == !!(step.act & HB_ACT_REPORT));
	/* only an operator gets a peer out of admin-down, and to init */
	if (peer->state == HB_STATE_ADMIN_DOWN && event != HB_FSM_ENABLE)
		FUZZ_CHECK(!moves && !step.act);
	if (moves && step.state == HB_STATE_INIT)
		FUZZ_CHECK(event == HB_FSM_ENABLE);
	/* a verdict is final: no return of the old session ends it */
	if (peer->state == HB_STATE_DOWN && step.state == HB_STATE_UP)
		FUZZ_CHECK(enters_live(event) || event == HB_FSM_RELEASE);
	/* the operator's word always counts */
	if (event == HB_FSM_DISABLE)
		FUZZ_CHECK(step.state == HB_STATE_ADMIN_DOWN);
	/* nothing but life and its end is a reason to judge */
	if (step.act & HB_ACT_MISTAKE)
		FUZZ_CHECK(event == HB_FSM_RETURN);
}

static void apply(struct peer *peer, struct hb_fsm_step step)
{
	FUZZ_CHECK(!(step.act & HB_ACT_START && peer->beating));
	FUZZ_CHECK(!(step.act & HB_ACT_STOP && !peer->beating));
	peer->state = step.state;
	if (step.act & (HB_ACT_END | HB_ACT_STOP))
		peer->live = false;
	if (step.act & HB_ACT_WATCH)
		peer->watched = true;
	if (step.act & HB_ACT_UNWATCH)
		peer->watched = false;
	if (step.act & HB_ACT_START)
		peer->beating = true;
	if (step.act & HB_ACT_STOP)
		peer->beating = false;
}

static void check_peer(const struct peer *peer)
{
	FUZZ_CHECK(peer->beating == (peer->state != HB_STATE_ADMIN_DOWN));
	switch (peer->state) {
	case HB_STATE_UP:
		FUZZ_CHECK(peer->live && peer->watched);
		break;
	case HB_STATE_DOWN:
		/* one that is damped, or down with no session */
		FUZZ_CHECK(peer->live == peer->watched);
		break;
	default:
		FUZZ_CHECK(!peer->live && !peer->watched);
	}
}

static void happen(struct peer *peer, unsigned int event)
{
	unsigned int before = peer->state, rounds = 0;
	struct hb_fsm_step step;

	if (enters_live(event))
		peer->live = true;
	if (event == HB_FSM_EXPIRED)
		peer->watched = false;
	do {
		step = hb_fsm_step(peer->state, event);
		check_cell(peer, event, step);
		apply(peer, step);
		/* a restart is two steps and no more */
		FUZZ_CHECK(++rounds <= 2);
	} while (step.act & HB_ACT_AGAIN);
	check_peer(peer);
	if (event == HB_FSM_EXPIRED && before == HB_STATE_UP)
		FUZZ_CHECK(peer->state == HB_STATE_DOWN);
	if (event == HB_FSM_SESSION || event == HB_FSM_RESTART ||
	    event == HB_FSM_EXCUSED)
		FUZZ_CHECK(peer->state == HB_STATE_UP);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct peer peer = { .state = HB_STATE_INIT, .beating = true };
	unsigned int event;

	for (; size; size--) {
		event = *data++ % HB_FSM_EVENTS;
		if (can_happen(&peer, event))
			happen(&peer, event);
	}
	return 0;
}

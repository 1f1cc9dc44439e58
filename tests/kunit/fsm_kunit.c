// SPDX-License-Identifier: GPL-2.0
/* The state machine, written down a second time, and what holds everywhere. */
#include <kunit/test.h>
#include <linux/string.h>

#include "core/fsm.h"

/* New state, then what to do: Report Mistake End Watch Unwatch Go(start)
 * Stop Again
 */
static const char * const hb_fsm_want[HB_STATES][HB_FSM_EVENTS] = {
/* beat session restart excused hold release
 * expired goodbye panic overdue return enable disable
 */
{	"i", "uRW", "uRW", "uRW", "i",  "i",
	"i",   "lRE",  "dRE",  "i",  "i",  "i",   "aRS"  },
{	"u", "u",   "dRA", "lRA", "u",  "u",
	"dRE", "lREU", "dREU", "u",  "u",  "u",   "aRSU" },
{	"d", "uRW", "uRW", "uRW", "dW", "uRW",
	"dE",  "lREU", "dEU",  "d",  "dM", "d",   "aRSU" },
{	"l", "uRW", "uRW", "uRW", "l",  "l",
	"l",   "lE",   "lE",   "dR", "l",  "l",   "aRS"  },
{	"a", "a",   "a",   "a",   "a",  "a",
	"a",   "a",    "a",    "a",  "a",  "iRG", "a"    },
};

static const char hb_fsm_states[] = "iudla";
static const char hb_fsm_acts[] = "RMEWUGSA";

static u8 hb_fsm_parse_acts(const char *letters)
{
	u8 act = 0;

	for (; *letters; letters++)
		act |= BIT(strchr(hb_fsm_acts, *letters) - hb_fsm_acts);
	return act;
}

struct hb_fsm_cell {
	unsigned int from;
	unsigned int event;
};

static const void *hb_fsm_cell_gen_params(struct kunit *test, const void *prev,
					  char *desc)
{
	static struct hb_fsm_cell cells[HB_STATES * HB_FSM_EVENTS];
	unsigned int i;

	i = prev ? (const struct hb_fsm_cell *)prev - cells + 1 : 0;
	if (i == ARRAY_SIZE(cells))
		return NULL;
	cells[i].from = i / HB_FSM_EVENTS;
	cells[i].event = i % HB_FSM_EVENTS;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "state %u event %u",
		 cells[i].from, cells[i].event);
	return &cells[i];
}

static void hb_fsm_cell_is_as_expected(struct kunit *test)
{
	const struct hb_fsm_cell *cell = test->param_value;
	const char *want = hb_fsm_want[cell->from][cell->event];
	struct hb_fsm_step step = hb_fsm_step(cell->from, cell->event);

	KUNIT_ASSERT_LT(test, step.state, HB_STATES);
	KUNIT_EXPECT_EQ(test, hb_fsm_states[step.state], want[0]);
	KUNIT_EXPECT_EQ(test, step.act, hb_fsm_parse_acts(want + 1));
}

static void hb_fsm_change_is_reported_and_nothing_else(struct kunit *test)
{
	const struct hb_fsm_cell *cell = test->param_value;
	struct hb_fsm_step step = hb_fsm_step(cell->from, cell->event);

	KUNIT_EXPECT_EQ(test, !!(step.act & HB_ACT_REPORT),
			step.state != cell->from);
}

static void hb_fsm_again_ends_after_one_repeat(struct kunit *test)
{
	const struct hb_fsm_cell *cell = test->param_value;
	struct hb_fsm_step step = hb_fsm_step(cell->from, cell->event);

	if (!(step.act & HB_ACT_AGAIN))
		return;
	KUNIT_EXPECT_NE(test, step.state, cell->from);
	step = hb_fsm_step(step.state, cell->event);
	KUNIT_EXPECT_FALSE(test, step.act & HB_ACT_AGAIN);
	KUNIT_EXPECT_EQ(test, step.state, HB_STATE_UP);
}

static void hb_fsm_only_enable_leaves_admin_down(struct kunit *test)
{
	const struct hb_fsm_cell *cell = test->param_value;
	struct hb_fsm_step step = hb_fsm_step(cell->from, cell->event);
	bool is = cell->from == HB_STATE_ADMIN_DOWN;
	bool enters = !is && step.state == HB_STATE_ADMIN_DOWN;
	bool leaves = is && step.state != HB_STATE_ADMIN_DOWN;

	KUNIT_EXPECT_EQ(test, enters, !is && cell->event == HB_FSM_DISABLE);
	KUNIT_EXPECT_EQ(test, leaves, is && cell->event == HB_FSM_ENABLE);
	KUNIT_EXPECT_EQ(test, leaves, !!(step.act & HB_ACT_START));
	KUNIT_EXPECT_EQ(test, enters, !!(step.act & HB_ACT_STOP));
}

/* Up, or down with a session because it is damped */
static bool hb_fsm_may_be_judged(unsigned int state)
{
	return state == HB_STATE_UP || state == HB_STATE_DOWN;
}

static void hb_fsm_is_judged_in_up_or_on_hold(struct kunit *test)
{
	const struct hb_fsm_cell *cell = test->param_value;
	struct hb_fsm_step step = hb_fsm_step(cell->from, cell->event);
	bool leaves = hb_fsm_may_be_judged(cell->from) &&
		      !hb_fsm_may_be_judged(step.state);
	bool enters = cell->from != HB_STATE_UP && step.state == HB_STATE_UP;

	if (cell->from == HB_STATE_DOWN && cell->event == HB_FSM_HOLD)
		enters = true;
	KUNIT_EXPECT_EQ(test, enters, !!(step.act & HB_ACT_WATCH));
	/* A panic ends whatever there was to judge. */
	if (cell->event == HB_FSM_PANIC)
		leaves = hb_fsm_may_be_judged(cell->from);
	/* The timer that expired needs no stop, the repeat starts it anew. */
	if (cell->event == HB_FSM_EXPIRED || step.act & HB_ACT_AGAIN)
		leaves = false;
	KUNIT_EXPECT_EQ(test, leaves, !!(step.act & HB_ACT_UNWATCH));
}

/* Else a session that nobody watches stays live for ever. A goodbye may be the
 * first that is heard of a session. STOP says goodbye, and that ends it too.
 */
static void hb_fsm_session_ends_with_the_watch(struct kunit *test)
{
	const struct hb_fsm_cell *cell = test->param_value;
	struct hb_fsm_step step = hb_fsm_step(cell->from, cell->event);
	bool leaves = cell->from == HB_STATE_UP && step.state != HB_STATE_UP &&
		      !(step.act & HB_ACT_AGAIN);
	bool goodbye = cell->from != HB_STATE_ADMIN_DOWN &&
		       (cell->event == HB_FSM_GOODBYE ||
			cell->event == HB_FSM_PANIC);
	bool held = cell->from == HB_STATE_DOWN &&
		    (cell->event == HB_FSM_EXPIRED ||
		     cell->event == HB_FSM_DISABLE);

	if (leaves || goodbye || held)
		KUNIT_EXPECT_TRUE(test, step.act & (HB_ACT_END | HB_ACT_STOP));
	else if (step.state == HB_STATE_UP)
		KUNIT_EXPECT_FALSE(test, step.act & HB_ACT_END);
}

/* A panic is a death, whatever was thought of the peer before, unless the peer
 * had taken its leave.
 */
static void hb_fsm_panic_is_death(struct kunit *test)
{
	const struct hb_fsm_cell *cell = test->param_value;
	struct hb_fsm_step step = hb_fsm_step(cell->from, cell->event);

	if (cell->event != HB_FSM_PANIC)
		return;
	if (cell->from == HB_STATE_LEFT || cell->from == HB_STATE_ADMIN_DOWN)
		KUNIT_EXPECT_EQ(test, step.state, cell->from);
	else
		KUNIT_EXPECT_EQ(test, step.state, HB_STATE_DOWN);
}

static void hb_fsm_only_a_down_can_be_a_mistake(struct kunit *test)
{
	const struct hb_fsm_cell *cell = test->param_value;
	struct hb_fsm_step step = hb_fsm_step(cell->from, cell->event);

	if (step.act & HB_ACT_MISTAKE)
		KUNIT_EXPECT_EQ(test, cell->from, HB_STATE_DOWN);
}

#define HB_FSM_CASE(_name)	KUNIT_CASE_PARAM(_name, hb_fsm_cell_gen_params)

static struct kunit_case hb_fsm_cases[] = {
	HB_FSM_CASE(hb_fsm_cell_is_as_expected),
	HB_FSM_CASE(hb_fsm_change_is_reported_and_nothing_else),
	HB_FSM_CASE(hb_fsm_again_ends_after_one_repeat),
	HB_FSM_CASE(hb_fsm_only_enable_leaves_admin_down),
	HB_FSM_CASE(hb_fsm_is_judged_in_up_or_on_hold),
	HB_FSM_CASE(hb_fsm_session_ends_with_the_watch),
	HB_FSM_CASE(hb_fsm_panic_is_death),
	HB_FSM_CASE(hb_fsm_only_a_down_can_be_a_mistake),
	{}
};

static struct kunit_suite hb_fsm_suite = {
	.name = "hb_fsm",
	.test_cases = hb_fsm_cases,
};

kunit_test_suite(hb_fsm_suite);

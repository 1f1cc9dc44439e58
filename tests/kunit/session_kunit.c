// SPDX-License-Identifier: GPL-2.0
/* Sessions by script: each step of each handshake, lost, late, doubled, mixed
 * with restarts; and after each step a replay of all that was ever sent.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "duo.h"

/* A script is a row of these, blanks are for the eye:
 *
 *   a b    the side beats, which without a session means that it asks
 *   A B    the side restarts
 *   x y    A, B declares the other down, which ends its session
 *   > <    B, A hears the oldest packet under way to it
 *   } {    B, A hears the newest
 *   ) (    the oldest packet under way to B, A is lost
 *   + -    B, A hears the oldest, and it stays under way
 *
 * and its outcome is a letter per packet heard, see HB_DUO_LETTERS.
 */
#define HB_UP	"a > < a > "	/* A heard "R", B heard "AR" */

static const struct hb_session_script {
	const char *name;
	const char *script;
	const char *a;
	const char *b;
} hb_session_scripts[] = {
	{ "cold start from one side", "a > < a >", "R", "AR" },
	{ "cold start from both at once", "a b > < > <", "AR", "AR" },
	{ "a beat is life", HB_UP "a > b <", "RL", "ARL" },
	{ "lost question", "a ) a > < a >", "R", "AR" },
	{ "lost answer", "a > ( a > < a >", "R", "AAR" },
	{ "lost completion", "a > < a ) a >", "R", "AR" },
	{ "doubled question", "a + > < < a >", "RL", "AAR" },
	{ "doubled answer", "a > - < a >", "Rp", "AR" },
	{ "doubled completion", "a > < a + >", "R", "ARp" },
	{ "reordered beats", HB_UP "a a } >", "R", "ARLp" },
	{ "questions cross, the second answer comes first",
	  "a b < } > b < < a >", "ARL", "RAL" },
	{ "questions cross, the beat overtakes the second answer",
	  "a b < } > b { <", "ARp", "RA" },
	{ "question after its answer, from within the session",
	  "a > < b < > a >", "RA", "ARL" },
	{ "restart", HB_UP "B b < > b <", "RAR", "ARR" },
	{ "restart, lost question", HB_UP "B b ( b < > b <", "RAR", "ARR" },
	{ "restart, lost answer", HB_UP "B b < ) b < > b <", "RAAR", "ARR" },
	{ "restart, lost completion", HB_UP "B b < > b ( b <", "RAR", "ARR" },
	{ "restart, old beats go on", HB_UP "B a > b < a > > b < a >",
	  "RAR", "AReReL" },
	{ "restart, an old beat comes last", HB_UP "b B b { > b { <",
	  "RARE", "ARR" },
	{ "restart, the other side asks first", HB_UP "B x a > < a >",
	  "RR", "ARAR" },
	{ "double restart", HB_UP "B b < B b < > > b <", "RAAR", "AReR" },
	{ "double restart, the first life is heard last, and found dead",
	  HB_UP "B b < > b B b { > { b < x a > < a >", "RAAReR", "ARRRAN" },
	{ "restart before the question is answered", "a B > < a >", "R", "AR" },
	{ "restart before the answer is heard", "a > B < a > b < > b <",
	  "RAR", "AeR" },
	{ "restart of the asker", "a > A < a > < a >", "eR", "AAR" },
	{ "restart of both", HB_UP "A B a b > < > <", "RAR", "ARAR" },
	{ "restart of both, old beats come first",
	  HB_UP "a b A B > < a > < a >", "ReR", "AReAR" },
	{ "declared down, but alive", HB_UP "x b < a > < a >", "REN", "ARAN" },
	{ "declared down, the new session comes first",
	  HB_UP "b x a > { < a >", "RNE", "ARAN" },
	{ "declared down, lost completion", HB_UP "x a > < a ) a >",
	  "RN", "ARAN" },
	{ "declared down, and restarted", HB_UP "x B a > < a >",
	  "RR", "ARAR" },
	{ "declared down by both", HB_UP "x y a > < a >", "RN", "ARAN" },
	{ "declared down by both, who ask at once", HB_UP "x y a b > < > <",
	  "RAN", "ARAN" },
	{ "declared down twice", HB_UP "x a > < a > x b < a > < a >",
	  "RNEN", "ARANAN" },
	{ "renewed, beats of the session before the last",
	  HB_UP "b x a > { a > x a > { a > <", "RNNe", "ARANAN" },
};

KUNIT_ARRAY_PARAM_DESC(hb_session_script, hb_session_scripts, name);

static void hb_session_network_does(struct hb_duo *duo, char what)
{
	static const char all[] = "<>{}()-+";	/* to A and to B by turns */
	unsigned int at = strchr(all, what) - all, to = at % 2;

	if (strchr("<>", what))
		hb_duo_deliver(duo, to, 0);
	else if (strchr("{}", what))
		hb_duo_deliver(duo, to, duo->side[to].flying - 1);
	else if (strchr("()", what))
		hb_duo_lose(duo, to, 0);
	else
		hb_duo_repeat(duo, to, 0);
}

static void hb_session_step(struct hb_duo *duo, char what)
{
	if (strchr("ab", what))
		hb_duo_beat(duo, what == 'b');
	else if (strchr("AB", what))
		hb_duo_restart(duo, what == 'B');
	else if (strchr("xy", what))
		hb_duo_end(duo, what == 'y');
	else if (what != ' ')
		hb_session_network_does(duo, what);
}

static struct hb_duo *hb_session_play(struct kunit *test, const char *script)
{
	struct hb_duo *duo = hb_duo_new(test, 1000, 1);

	for (; *script; script++) {
		hb_session_step(duo, *script);
		hb_duo_replay_all(duo);
	}
	return duo;
}

static void hb_session_script_ends_as_written(struct kunit *test)
{
	const struct hb_session_script *script = test->param_value;
	struct hb_duo *duo = hb_session_play(test, script->script);

	KUNIT_EXPECT_STREQ(test, duo->side[0].log, script->a);
	KUNIT_EXPECT_STREQ(test, duo->side[1].log, script->b);
	KUNIT_EXPECT_TRUE(test, hb_duo_matched(duo));
	KUNIT_EXPECT_EQ(test, duo->side[0].flying, 0);
	KUNIT_EXPECT_EQ(test, duo->side[1].flying, 0);
}

/* Cut a script short anywhere, and both sides still find each other. */
static void hb_session_script_cut_short_settles(struct kunit *test)
{
	const struct hb_session_script *script = test->param_value;
	size_t len = strlen(script->script);
	struct hb_duo *duo;
	char cut[64];

	KUNIT_ASSERT_LT(test, len, sizeof(cut));
	for (; len; len--) {
		strscpy(cut, script->script, len + 1);
		duo = hb_session_play(test, cut);
		KUNIT_EXPECT_LE_MSG(test, hb_duo_settle(duo),
				    HB_DUO_SETTLED, "%s", cut);
		hb_duo_replay_all(duo);
	}
}

/* Nothing that side B sent before it died makes side A live again. */
static void hb_session_replay_wakes_no_dead_peer(struct kunit *test)
{
	const struct hb_session_script *script = test->param_value;
	struct hb_duo *duo = hb_session_play(test, script->script);
	struct hb_session *s = &duo->side[0].session;
	unsigned int i;

	hb_duo_end(duo, 0);
	for (i = 0; i < 10; i++) {
		hb_duo_replay_all(duo);
		hb_duo_beat(duo, 0);
		KUNIT_EXPECT_FALSE(test, hb_session_live(s));
		hb_duo_end(duo, 0);
	}
}

static void hb_session_replayed_completion_moves_nothing(struct kunit *test)
{
	struct hb_duo *duo = hb_session_play(test, HB_UP);
	unsigned int completion = duo->sent - 1;
	struct hb_session before;

	hb_duo_end(duo, 1);
	before = duo->side[1].session;
	hb_duo_replay(duo, completion, 1);
	KUNIT_EXPECT_STREQ(test, duo->side[1].log, "ARp");
	KUNIT_EXPECT_MEMEQ(test, &duo->side[1].session, &before,
			   sizeof(before));
}

/* The answer to a replayed question is refused by the one who asked once. */
static void hb_session_replayed_question_moves_nothing(struct kunit *test)
{
	struct hb_duo *duo = hb_session_play(test, HB_UP "x a > < a >");

	hb_duo_replay(duo, 0, 1);
	hb_duo_deliver(duo, 0, 0);
	KUNIT_EXPECT_STREQ(test, duo->side[0].log, "RNs");
	KUNIT_EXPECT_TRUE(test, hb_duo_matched(duo));
}

static void hb_session_answer_to_one_asker_serves_no_other(struct kunit *test)
{
	struct hb_duo *duo = hb_session_play(test, HB_UP);
	const struct hb_session *s = &duo->side[1].session;

	KUNIT_EXPECT_EQ(test, hb_session_answer(s, 5), hb_session_answer(s, 5));
	KUNIT_EXPECT_NE(test, hb_session_answer(s, 5), hb_session_answer(s, 6));
	KUNIT_EXPECT_NE(test, hb_session_answer(s, 5), s->mine);
	KUNIT_EXPECT_EQ(test, hb_session_answer(s, s->theirs), s->mine);
}

static u64 hb_session_zero(void)
{
	return 0;
}

static void hb_session_discriminator_is_never_zero(struct kunit *test)
{
	struct hb_session s = {};

	hb_session_init(&s, hb_session_zero);
	KUNIT_EXPECT_NE(test, s.mine, 0);
	s.theirs = 1;
	hb_session_end(&s);
	KUNIT_EXPECT_NE(test, s.mine, 0);
	KUNIT_EXPECT_FALSE(test, hb_session_live(&s));
}

static void hb_session_ended_twice_ends_once(struct kunit *test)
{
	struct hb_duo *duo = hb_session_play(test, HB_UP "x");
	struct hb_session before = duo->side[0].session;

	hb_duo_end(duo, 0);
	KUNIT_EXPECT_MEMEQ(test, &duo->side[0].session, &before,
			   sizeof(before));
}

#define HB_SCRIPT_CASE(_name) \
	KUNIT_CASE_PARAM(_name, hb_session_script_gen_params)

static struct kunit_case hb_session_cases[] = {
	HB_SCRIPT_CASE(hb_session_script_ends_as_written),
	HB_SCRIPT_CASE(hb_session_script_cut_short_settles),
	HB_SCRIPT_CASE(hb_session_replay_wakes_no_dead_peer),
	KUNIT_CASE(hb_session_replayed_completion_moves_nothing),
	KUNIT_CASE(hb_session_replayed_question_moves_nothing),
	KUNIT_CASE(hb_session_answer_to_one_asker_serves_no_other),
	KUNIT_CASE(hb_session_discriminator_is_never_zero),
	KUNIT_CASE(hb_session_ended_twice_ends_once),
	{}
};

static struct kunit_suite hb_session_suite = {
	.name = "hb_session",
	.test_cases = hb_session_cases,
};

kunit_test_suite(hb_session_suite);

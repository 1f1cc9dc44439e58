/* SPDX-License-Identifier: GPL-2.0 */
/* A trace of the module, step by step, in the place of the world that session.pml
 * has: what was heard is given to the model, and what the module then said, and of
 * which state it thought, has to be what the model does. What the checks of the
 * model assert of every packet is asserted of these ones.
 *
 * trace.py makes the steps, which come on stdin. There, numbers drawn at random have
 * numbers of their own; which one of the model each is shows when it is sent first, and
 * it stays that one.
 */
#define TRACE
#define NUMBER		short
#define DRAWS		128
#define PACKETS		1000

#include "session.pml"

c_decl {
enum { COLUMNS = 15 };
static int row[COLUMNS];
static int trace_steps = -1;
static int trace_at;

/* What each number of the trace is in the model, and which of these are known */
static short trace_means[1 << 15];
static unsigned char trace_known[1 << 15];

static int trace_is(int number, int drawn)
{
	if (!number || !drawn)
		return number == drawn;
	if (trace_means[number])
		return trace_means[number] == drawn;
	if (trace_known[drawn])
		return 0;
	trace_known[drawn] = 1;
	trace_means[number] = drawn;
	return 1;
}

static void trace_next(void)
{
	int i;

	if (trace_steps < 0 && scanf("%d", &trace_steps) != 1)
		exit(1);
	printf("step %d of %d:", ++trace_at, trace_steps);
	for (i = 0; i < COLUMNS; i++) {
		if (scanf("%d", &row[i]) != 1)
			exit(1);
		printf(" %d", row[i]);
	}
	putchar(10);
}
}

/* enum hb_state */
#define INIT		0
#define UP		1
#define DOWN		2
#define LEFT		3
#define ADMIN_DOWN	4

/* Changes of state that a packet makes, as trace.py names them */
#define NONE		0
#define COMES_UP	1
#define RESTARTS	2
#define LEAVES		3

/* What the module has counted, as far as the trace tells it; of the others the sum */
typedef counters {
	short lives;
	short goodbyes;
	short asks;
	short ended;
	short others
};

/* The first columns of a step */
typedef step {
	byte kind;
	byte who;
	byte from;
	byte changes;
	byte was;
	bit answered;
	short nr;
	short seq
};

step now_is;
counters count[2];
counters counted;
byte state[2];
bit owes[2];	/* a goodbye */
bool same;
bool over;
short at;	/* no two steps are one state */

/* What was just sent is what the trace has. */
inline is_said(x)
{
	assert(record(x, node[x].packets - 1).seq == now_is.seq);
	nr = node[x].packets - 1;
	in.session = record(x, nr).session;
	in.echo = record(x, nr).echo;
	c_code {
		now.same = trace_is(row[8], Plife->in.session) &&
			   trace_is(row[9], Plife->in.echo);
	};
	assert(same)
}

/* Numbers that were lost with a packet that was not built are left out. */
inline skip_numbers(x)
{
	assert(now_is.seq > node[x].tx_seq);
	node[x].tx_seq = now_is.seq - 1
}

inline says(x)
{
	skip_numbers(x);
	assert(state[x] != ADMIN_DOWN && !owes[x]);
	beat(x);
	is_said(x)
}

inline says_goodbye(x)
{
	skip_numbers(x);
	assert(live(x));
	goodbye(x);
	is_said(x);
	owes[x] = 0
}

/* The one packet that the trace says was heard now */
inline fetch(x)
{
	from = now_is.from;
	nr = now_is.nr;
	assert(nr < node[from].packets);
	in.incarnation = record(from, nr).incarnation;
	in.session = record(from, nr).session;
	in.echo = record(from, nr).echo;
	in.seq = record(from, nr).seq;
	in.bye = record(from, nr).bye
}

/* kmod/core/fsm.c, of what a packet may do without maintenance and hold-up */
inline expect(x)
{
	if
	:: !lived -> changes = NONE
	:: lived && in.bye && state[x] == LEFT -> changes = NONE
	:: lived && in.bye && state[x] != LEFT -> changes = LEAVES
	:: lived && !in.bye && !took -> changes = NONE
	:: lived && !in.bye && took && state[x] != UP -> changes = COMES_UP
	:: lived && !in.bye && took && state[x] == UP && restarted ->
		changes = RESTARTS
	:: lived && !in.bye && took && state[x] == UP && !restarted ->
		changes = NONE
	fi;
	assert(now_is.changes == changes);
	assert(changes == NONE || now_is.was == state[x]);
	if
	:: changes == COMES_UP -> state[x] = UP
	:: changes == LEAVES -> state[x] = LEFT
	:: else
	fi
}

inline note(x)
{
	if
	:: lived && in.bye -> count[x].goodbyes++
	:: lived && !in.bye -> count[x].lives++
	:: !lived && in.echo == 0 && !in.bye -> count[x].asks++
	:: !lived && (in.echo != 0 || in.bye) && node[x].ended_seq != was_ended ->
		count[x].ended++
	:: !lived && (in.echo != 0 || in.bye) && node[x].ended_seq == was_ended ->
		count[x].others++
	fi
}

/* Whether it was life shows in what it has changed. A question is answered by what
 * is the next to be said, if at all.
 */
inline judges(x)
{
	was_key = node[x].key;
	was_ended = node[x].ended_seq;
	was_incarnation = node[x].peer_incarnation;
	node[x].silent = 1;
	if
	:: in.echo != 0 -> session_hear(x)
	:: in.echo == 0 && now_is.answered ->
		skip_numbers(x);
		session_hear(x);
		is_said(x);
		fetch(x)
	:: else
	fi;
	lived = node[x].silent == 0;
	took = node[x].key != was_key;
	restarted = node[x].peer_incarnation != was_incarnation;
	expect(x);
	note(x)
}

inline hears(x)
{
	fetch(x);
	if
	:: state[x] == ADMIN_DOWN -> assert(now_is.changes == NONE)
	:: else -> judges(x)
	fi
}

/* hb_verdict_expired() */
inline expires(x)
{
	assert(state[x] == UP && now_is.was == UP);
	state[x] = DOWN;
	session_end(x)
}

inline is_disabled(x)
{
	assert(now_is.was == state[x]);
	state[x] = ADMIN_DOWN;
	owes[x] = live(x)
}

inline is_enabled(x)
{
	assert(state[x] == ADMIN_DOWN && !owes[x]);
	state[x] = INIT
}

inline begins(x)
{
	session_init(x);
	state[x] = INIT;
	owes[x] = 0
}

/* A new node, with counters of its own */
inline restarts_now(x)
{
	begins(x);
	count[x].lives = 0;
	count[x].goodbyes = 0;
	count[x].asks = 0;
	count[x].ended = 0;
	count[x].others = 0
}

/* The peer was deleted and added: the node lives on. */
inline forgets(x)
{
	begins(x);
	node[x].incarnation--
}

inline is_counted(x)
{
	c_code {
		now.counted.lives = row[10];
		now.counted.goodbyes = row[11];
		now.counted.asks = row[12];
		now.counted.ended = row[13];
		now.counted.others = row[14];
	};
	assert(counted.lives == count[x].lives);
	assert(counted.goodbyes == count[x].goodbyes);
	assert(counted.asks == count[x].asks);
	assert(counted.ended == count[x].ended);
	assert(counted.others == count[x].others)
}

inline fetch_step()
{
	c_code {
		trace_next();
		now.now_is.kind = row[0];
		now.now_is.who = row[1];
		now.now_is.from = row[2];
		now.now_is.changes = row[3];
		now.now_is.was = row[4];
		now.now_is.answered = row[5];
		now.now_is.nr = row[6];
		now.now_is.seq = row[7];
		now.over = trace_at == trace_steps;
	}
}

active proctype life()
{
	pdu in;
	NUMBER nr, was_ended;
	byte from, changes, was_key, was_incarnation;
	bool lived, took, restarted;

	atomic {
		session_init(0);
		session_init(1)
	};
	do
	:: over -> break
	:: !over -> atomic {
			fetch_step();
			at++;
			nr = 0;
			if
			:: now_is.kind == 0 -> says(now_is.who)
			:: now_is.kind == 1 -> says_goodbye(now_is.who)
			:: now_is.kind == 2 -> hears(now_is.who)
			:: now_is.kind == 3 -> expires(now_is.who)
			:: now_is.kind == 4 -> is_disabled(now_is.who)
			:: now_is.kind == 5 -> is_enabled(now_is.who)
			:: now_is.kind == 6 -> restarts_now(now_is.who)
			:: now_is.kind == 7 -> forgets(now_is.who)
			:: now_is.kind == 8 -> is_counted(now_is.who)
			fi
		}
	od
}

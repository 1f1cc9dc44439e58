/* SPDX-License-Identifier: GPL-2.0 */
/* Sessions of two nodes, after kmod/core/session.c, whose functions give the
 * inlines here their names.
 *
 * First an attacker rules. It is the network, and has recorded all that was ever
 * sent: any packet reaches any node, its own sender too, at any time and any
 * number of times, or never, which is loss, delay, duplication, reordering, replay
 * and reflection in one. Nodes beat, end their session, say goodbye and restart
 * whenever it likes. It can't forge: what makes that so is fuzzed, see
 * tests/fuzz/core_session.c. Bounds: PACKETS of each node, ENDS, RESTARTS.
 *
 * With LIVE it then lets go, at any moment, and time passes in rounds of one
 * interval: both tick, in any order, and hear what was sent. There a session is
 * shared at last, and lasts (ltl settles).
 *
 * Numbers drawn at random are modelled as new ones, the keyed hash of candidates
 * as a number that no other key and no other asker gives. Each node counts its own,
 * and what it sent is kept apart, so that states which differ only in what came
 * first on either side are one.
 *
 * MUTANT_...: bugs, each of which the checks find.
 */
#ifndef PACKETS
#define PACKETS		4
#endif
#ifndef ENDS
#define ENDS		1
#endif
#ifndef RESTARTS
#define RESTARTS	2
#endif

#ifndef DRAWS
#define DRAWS		64	/* more than any number drawn */
#endif
#ifndef NUMBER
#define NUMBER		byte	/* holds PACKETS and sequence numbers */
#endif
#define SILENT		3	/* rounds without life that a session outlives */
#define NEWEST		255	/* sequence number of what was just sent */

#define live(x)		(node[x].theirs != 0)
#define candidate(x, asker)	(node[x].key * DRAWS + asker)

/* struct hb_pdu, as far as a session looks at it */
typedef pdu {
	byte incarnation;
	short session;
	short echo;
	NUMBER seq;
	bit bye;
	bit heard	/* it counted as life */
};

/* struct hb_session, then what the engine keeps, then what only the checks know */
typedef side {
	short mine;
	short theirs;
	NUMBER rx_seq;
	byte peer_incarnation;
	short ended_mine;
	short ended_theirs;
	NUMBER ended_seq;
	byte key;	/* answer_key */

	byte incarnation;
	NUMBER tx_seq;
	byte silent;

	byte drawn;
	NUMBER packets;	/* that it sent in all its lives */
	NUMBER born;	/* of those, the other's when this life began */
	byte latest	/* incarnation of the other one that was heard last */
};

/* hb_rx_packet(): what a node sent is for the other one */
#ifdef MUTANT_REFLECTION
#define is_for(x, from)	true
#else
#define is_for(x, from)	(x != from)
#endif

/* Everything that was sent, by node 0 and then by node 1 */
#define record(x, i)	sent[(x) * PACKETS + (i)]

side node[2];
pdu sent[2 * PACKETS];
byte ends;
byte restarts;
bool kind;

/* What was just sent when the network is kind, by who hears it */
chan wire[2] = [4] of { byte, short, short };

/* get_random_u64() */
inline draw(x, number)
{
	node[x].drawn++;
	number = 2 * node[x].drawn + x;
	/* nodes that draw for ever never settle */
	assert(number < DRAWS)
}

/* hb_session_init(), of a life that begins */
inline session_init(x)
{
	node[x].theirs = 0;
	node[x].rx_seq = 0;
	node[x].peer_incarnation = 0;
	node[x].ended_mine = 0;
	node[x].ended_theirs = 0;
	node[x].ended_seq = 0;
	draw(x, node[x].mine);
	draw(x, node[x].key);
	node[x].tx_seq = 0;
	node[x].silent = 0;
	node[x].incarnation++;
	node[x].born = node[1 - x].packets;
	node[x].latest = 0
}

/* hb_beat_compose() and hb_tx_send() */
inline send(x, is_goodbye, my_session, my_echo)
{
	if
	:: kind -> wire[1 - x] ! node[x].incarnation, my_session, my_echo
	:: !kind && node[x].packets < PACKETS ->
		node[x].tx_seq++;
		record(x, node[x].packets).incarnation = node[x].incarnation;
		record(x, node[x].packets).session = my_session;
		record(x, node[x].packets).echo = my_echo;
		record(x, node[x].packets).seq = node[x].tx_seq;
		record(x, node[x].packets).bye = is_goodbye;
		node[x].packets++
	:: else	/* as good as lost */
	fi
}

/* hb_session_end() */
inline session_end(x)
{
	if
	:: live(x) ->
		node[x].ended_mine = node[x].mine;
		node[x].ended_theirs = node[x].theirs;
		node[x].ended_seq = node[x].rx_seq;
#ifndef MUTANT_MINE_KEPT
		draw(x, node[x].mine);
#endif
		node[x].theirs = 0;
		node[x].rx_seq = 0
	:: else
	fi
}

/* hb_session_answer(), to who asks as @theirs */
inline session_answer(x, asker)
{
#ifdef MUTANT_NO_CANDIDATE
	send(x, 0, node[x].mine, asker)
#else
	if
	:: !live(x) || asker == node[x].theirs ->
		send(x, 0, node[x].mine, asker)
	:: else -> send(x, 0, candidate(x, asker), asker)
	fi
#endif
}

/* What no packet may do that counts as life; @in is what came, packet @nr of node
 * @from
 */
inline check_life(x)
{
	node[x].silent = 0;
	if
	:: !kind ->
		/* nobody lives by the reflection of what it said itself */
		assert(from != x);
		/* nor twice by the same packet, however often it comes */
		assert(!record(from, nr).heard);
		/* nor by what was sent before its own life began */
		assert(nr >= node[x].born);
		record(from, nr).heard = 1
	:: else
	fi;
	/* once a later life of the other one was heard, no earlier one is */
	assert(in.incarnation >= node[x].latest);
	node[x].latest = in.incarnation
}

/* hb_session_take(), with the discriminator @my */
inline session_take(x, my)
{
	/* what is dead stays dead */
	assert(live(x) || my != node[x].ended_mine);
	assert(my != node[x].ended_mine || in.session != node[x].ended_theirs);
	session_end(x);
	node[x].mine = my;
	node[x].theirs = in.session;
	node[x].rx_seq = in.seq;
	node[x].peer_incarnation = in.incarnation;
#ifndef MUTANT_ANSWER_KEY_KEPT
	draw(x, node[x].key);
#endif
	check_life(x)
}

/* hb_session_hear_live() */
inline session_hear_live(x)
{
	if
#ifndef MUTANT_ANY_SESSION
	:: in.session != node[x].theirs	/* HB_HEARD_BAD_SESSION */
#endif
#ifdef MUTANT_EQUAL_SEQ
	:: in.session == node[x].theirs && in.seq < node[x].rx_seq && !kind
#else
	:: in.session == node[x].theirs && in.seq <= node[x].rx_seq && !kind
		/* HB_HEARD_REPLAY */
#endif
	:: else ->
		/* HB_HEARD_LIFE: the session's own, as all of it is */
		node[x].rx_seq = in.seq;
		check_life(x);
		assert(in.incarnation == node[x].peer_incarnation)
	fi
}

/* hb_session_hear_ended(): HB_HEARD_ENDED is counted and changes nothing else */
inline session_hear_ended(x)
{
	if
	:: in.session == node[x].ended_theirs && in.seq > node[x].ended_seq ->
		node[x].ended_seq = in.seq
	:: else
	fi
}

/* hb_session_hear(), then what hb_hear_judge() does. An echo of 0 is none of
 * ours, and comes first as in the source.
 */
inline session_hear(x)
{
	if
	:: in.echo == 0 ->
#ifdef MUTANT_QUESTION_TAKES
		if
		:: live(x) -> session_take(x, candidate(x, in.session))
		:: else -> session_answer(x, in.session)
		fi
#else
		if
		:: !in.bye -> session_answer(x, in.session)
		:: else
		fi
#endif
	:: in.echo == node[x].mine && live(x) -> session_hear_live(x)
	:: in.echo == node[x].mine && !live(x) ->
		session_take(x, node[x].mine)
	:: in.echo != 0 && in.echo != node[x].mine &&
	   in.echo == candidate(x, in.session) -> session_take(x, in.echo)
	:: in.echo != 0 && in.echo != node[x].mine &&
	   in.echo != candidate(x, in.session) &&
	   node[x].ended_mine != 0 && in.echo == node[x].ended_mine ->
		session_hear_ended(x)
	:: else	/* HB_HEARD_BAD_ECHO */
	fi;
	/* hb_hear_lived(): a goodbye of the live session ends it */
	if
	:: in.bye && live(x) && in.echo == node[x].mine &&
	   in.session == node[x].theirs && in.seq == node[x].rx_seq ->
		session_end(x)
	:: else
	fi
}

/* hb_pace_tick(): a beat, or, without a session, a question */
inline beat(x)
{
	send(x, 0, node[x].mine, node[x].theirs)
}

/* With hb_verdict_expired(), which ends a session that is silent */
inline tick(x)
{
	node[x].silent++;
	if
	:: node[x].silent > SILENT ->
		session_end(x);
		node[x].silent = 0
	:: else
	fi;
	beat(x)
}

/* hb_step_goodbye() */
inline goodbye(x)
{
	send(x, 1, node[x].mine, node[x].theirs);
	session_end(x)
}

inline forget_input()
{
	in.incarnation = 0;
	in.session = 0;
	in.echo = 0;
	in.seq = 0;
	in.bye = 0;
	nr = 0;
	from = 0;
	who = 0
}

/* Everything under way is heard, in order, on both sides by turns. */
inline hear_all()
{
	do
	:: nempty(wire[0]) ->
		wire[0] ? in.incarnation, in.session, in.echo;
		in.seq = NEWEST;
		session_hear(0)
	:: nempty(wire[1]) ->
		wire[1] ? in.incarnation, in.session, in.echo;
		in.seq = NEWEST;
		session_hear(1)
	:: empty(wire[0]) && empty(wire[1]) -> break
	od
}

#define matched	(live(0) && live(1) && node[0].mine == node[1].theirs && \
		 node[1].mine == node[0].theirs)

/* A trace of the module takes the place of this world, see trace.pml. */
#ifndef TRACE
active proctype world()
{
	pdu in;
	NUMBER nr;
	byte from, who;

	atomic {
		session_init(0);
		session_init(1)
	};
	do
	:: atomic {
			select(who : 0 .. 1);
			if
			:: node[who].packets < PACKETS -> beat(who)
			:: else
			fi;
			forget_input()
		}
	:: atomic {
			select(from : 0 .. 1);
			select(who : 0 .. 1);
			if
			:: node[from].packets > 0 && is_for(who, from) ->
				select(nr : 0 .. node[from].packets - 1);
				in.incarnation = record(from, nr).incarnation;
				in.session = record(from, nr).session;
				in.echo = record(from, nr).echo;
				in.seq = record(from, nr).seq;
				in.bye = record(from, nr).bye;
				session_hear(who)
			:: else
			fi;
			forget_input()
		}
	:: atomic {
			ends < ENDS && (live(0) || live(1));
			select(who : 0 .. 1);
			if
			:: live(who) -> ends++; session_end(who)
			:: live(who) && node[who].packets < PACKETS ->
				ends++;
				goodbye(who)
			:: !live(who)
			fi;
			forget_input()
		}
	:: atomic {
			restarts < RESTARTS;
			select(who : 0 .. 1);
			if
			/* one who said nothing yet might as well begin now */
			:: node[who].tx_seq > 0 ->
				restarts++;
				session_init(who)
			:: else
			fi;
			forget_input()
		}
#ifdef LIVE
	:: atomic {
			kind = true;
			/* only differences count from now on */
			node[0].silent = 0;
			node[1].silent = 0
		};
		break
#endif
	od;
	do
	:: atomic {
			if
			:: tick(0); tick(1)
			:: tick(1); tick(0)
			fi;
			hear_all();
			forget_input()
		}
	od
}

#ifdef LIVE
ltl settles { [] (kind -> <> [] matched) }
#endif
#endif

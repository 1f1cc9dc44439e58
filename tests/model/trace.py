#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# trace.py [MUTANT]: a trace of record.sh on stdin, as steps for trace.pml on stdout. A
# mutant is a lie about what the module did, and one that the model has to find out.
#
# What the trace does not say is found by what it does: a goodbye is sent three times with
# one number; a packet is the answer to a question if the node said nothing between them.
# That holds on one CPU, where no two things of a node overlap.

import collections
import re
import sys

SAY, BYE, HEAR, EXPIRE, DISABLE, ENABLE, RESTART, FORGET, COUNT = range(9)
INIT, UP, DOWN, LEFT, ADMIN_DOWN = range(5)
NONE, COMES_UP, RESTARTS, LEAVES, UNKNOWN = range(5)
TIMEOUT, RESTARTED = 1, 5           # enum hb_reason
COUNTERS = ("lives", "goodbyes", "asks", "ended", "others")

PACKET = re.compile(r"hb_(tx|rx): peer=(\w+) seq=(\d+) session=(\w+) echo=(\w+)")
STATE = re.compile(r"hb_state: peer=(\w+) from=(\d) to=(\d) reason=(\d+)")
MARK = re.compile(r"tracing_mark_write: (\w+) (\d)")
TOLD = re.compile(r"counted (\d) (.*)")

Packet = collections.namedtuple("Packet", "who sent seq session echo")
State = collections.namedtuple("State", "who was now reason")
Mark = collections.namedtuple("Mark", "who what")
Counted = collections.namedtuple("Counted", "who values")


class Step:
    def __init__(self, kind, who, packet=None, was=0):
        self.kind, self.who, self.packet, self.was = kind, who, packet, was
        self.sender, self.nr, self.answered, self.changes = 0, -1, None, []
        self.values = [0] * len(COUNTERS)


def read(lines):
    """What happened, and where. Of two nodes each is known by what the other calls it:
    the peer of node 0 is the node 1."""
    ids = {}
    for line in lines:
        if match := re.match(r"node (\d) (\w+)", line):
            ids[match[2]] = int(match[1])
        elif match := PACKET.search(line):
            yield Packet(1 - ids[match[2]], match[1] == "tx", int(match[3]), match[4],
                         match[5])
        elif match := STATE.search(line):
            yield State(1 - ids[match[1]], *map(int, match.groups()[1:]))
        elif match := MARK.search(line):
            yield Mark(int(match[2]), match[1])
        elif match := TOLD.match(line):
            yield Counted(int(match[1]), [int(word) for word in match[2].split()])


def of_packet(packet, last, sent):
    """The step that a packet is, or None if it belongs to the one before."""
    if not packet.sent:
        return Step(HEAR, packet.who, packet)
    key = packet.who, packet.session, packet.seq
    if key in sent:
        # the second and third one of a goodbye
        sent[key].kind = BYE
        return None
    if last and last.kind == HEAR and not last.answered and not last.changes and \
            (int(last.packet.echo, 16), last.packet.session) == (0, packet.echo):
        last.answered = packet
        sent[key] = last
        return None
    sent[key] = Step(SAY, packet.who, packet)
    return sent[key]


def of_state(state, last):
    if state.now == DOWN and state.reason == TIMEOUT:
        return Step(EXPIRE, state.who, was=state.was)
    if state.now == ADMIN_DOWN:
        return Step(DISABLE, state.who, was=state.was)
    if state.was == ADMIN_DOWN:
        return Step(ENABLE, state.who, was=state.was)
    if last and last.kind == HEAR:
        last.changes.append(state)
        return None
    raise ValueError(f"node {state.who} changes its mind by itself: {state}")


def of_mark(mark):
    return Step({"restarts": RESTART, "forgets": FORGET}[mark.what], mark.who)


def steps_of(happened):
    steps, sent, last = [], {}, {}
    for what in happened:
        if isinstance(what, Packet):
            step = of_packet(what, last.get(what.who), sent)
        elif isinstance(what, State):
            step = of_state(what, last.get(what.who))
        elif isinstance(what, Mark):
            step = of_mark(what)
        else:
            step = Step(COUNT, what.who)
            step.values = what.values
        if step:
            steps.append(step)
            last[step.who] = step
    return steps


def find_sent(steps):
    """Which packet of its sender each one is that was heard."""
    sent, count = {}, [0, 0]
    for step in steps:
        said = step.answered or (step.packet if step.kind in (SAY, BYE) else None)
        if step.kind == HEAR:
            key = 1 - step.who, *step.packet[2:]
            step.sender, step.nr = sent.get(key, (1 - step.who, -1))
        if said:
            sent[step.who, said.seq, said.session, said.echo] = (
                step.who, count[step.who])
            count[step.who] += 1


def changes(step):
    """Of state, as trace.pml has them, and the state before."""
    seen = [(state.now, state.reason) for state in step.changes]
    if not seen:
        return NONE, step.was
    if seen == [(DOWN, RESTARTED), (UP, 0)]:
        return RESTARTS, step.changes[0].was
    if seen == [(UP, 0)]:
        return COMES_UP, step.changes[0].was
    return (LEAVES if len(seen) == 1 and seen[0][0] == LEFT else UNKNOWN), \
        step.changes[0].was


## Lies


def some(steps, kind, after=0, condition=lambda step: True):
    return next(i for i in range(after, len(steps))
                if steps[i].kind == kind and condition(steps[i]))


def copy_of(step):
    copy = Step(step.kind, step.who, step.packet, step.was)
    copy.sender, copy.nr = step.sender, step.nr
    return copy


def of_its_session(steps, died):
    """The last packet that the one who dies now was alive by."""
    return copy_of(next(steps[i] for i in range(died, 0, -1)
                        if steps[i].kind == HEAR and steps[i].who == steps[died].who
                        and int(steps[i].packet.echo, 16)))


def resurrected(steps):
    """Up again by a packet of the session that has ended."""
    died = some(steps, EXPIRE)
    back = of_its_session(steps, died)
    back.changes = [State(back.who, DOWN, UP, 0)]
    steps.insert(died + 1, back)


def says_the_old(steps):
    """After the end of a session it is what is spoken in."""
    died = some(steps, EXPIRE)
    said = next(steps[i] for i in range(died, 0, -1)
                if steps[i].kind == SAY and steps[i].who == steps[died].who)
    after = steps[some(steps, SAY, died, lambda step: step.who == said.who)]
    after.packet = after.packet._replace(session=said.packet.session,
                                         echo=said.packet.echo)


def up_by_a_question(steps):
    asked = steps[some(steps, HEAR, 0, lambda step: not int(step.packet.echo, 16))]
    asked.changes = [State(asked.who, INIT, UP, 0)]


def other_answer(steps):
    """A question in a session is answered by the session and not by a candidate."""
    said = steps[some(steps, SAY, 0, lambda step: int(step.packet.echo, 16))]
    at = steps.index(said)
    answer = steps[some(steps, HEAR, at, lambda step: step.answered and
                        step.who == said.who and
                        step.answered.session != said.packet.session)]
    answer.answered = answer.answered._replace(session=said.packet.session)


def dies_without_verdict(steps):
    died = some(steps, EXPIRE)
    del steps[died]


def forged(steps):
    """What nobody has sent is heard."""
    heard = steps[some(steps, HEAR)]
    heard.packet = heard.packet._replace(session="1")
    heard.nr = -1


def counted_as_life(steps):
    steps[some(steps, COUNT)].values[0] += 1


def ended_twice(steps):
    """As mutant 05 of the module: a packet of a session that has ended counts twice."""
    steps[some(steps, COUNT)].values[3] += 1
    steps[some(steps, COUNT)].values[4] -= 1


def no_goodbye(steps):
    """Disabled, with a session, and not a word of it"""
    at = some(steps, BYE, some(steps, DISABLE))
    steps[at].kind = SAY


MUTANTS = (resurrected, says_the_old, up_by_a_question, other_answer,
           dies_without_verdict, forged, counted_as_life, ended_twice, no_goodbye)


## For trace.pml


# A step is a line: kind, node, who sent what was heard, changes of state, state before,
# whether it was answered, which packet of its sender it is, then of what was said number,
# session and echo, then what was counted.


class Numbers:
    """Of what was drawn at random; 0 is 0."""

    def __init__(self):
        self.numbers = {0: 0}

    def __call__(self, word):
        return self.numbers.setdefault(int(word, 16), len(self.numbers))


def row(step, numbers):
    said = step.answered or step.packet
    change, was = changes(step)
    drawn = (numbers(said.session), numbers(said.echo)) if said else (0, 0)
    return (step.kind, step.who, step.sender, change, was, int(bool(step.answered)),
            step.nr, said.seq if said else 0, *drawn, *step.values)


def main():
    steps = steps_of(read(sys.stdin))
    find_sent(steps)
    for mutant in MUTANTS:
        if mutant.__name__ in sys.argv[1:]:
            mutant(steps)
    numbers = Numbers()
    rows = [row(step, numbers) for step in steps]
    print(len(rows))
    for values in rows:
        print(*values)


if sys.argv[1:] == ["--mutants"]:
    print(*(mutant.__name__ for mutant in MUTANTS))
    sys.exit()
main()

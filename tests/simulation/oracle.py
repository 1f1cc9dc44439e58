# SPDX-License-Identifier: GPL-2.0
#
# What the nodes of a world reported, against what was done to them.
#
# - A silence of longer than its bound, between nodes that were up, is reported, in
#   the bound of "Whose silence it is" in Documentation/networking/hb.rst.
# - No node is reported gone but one that the other could not hear, or that could not
#   hear the other, in the time that it is said to have been silent; or that went.
# - Events are numbered without holes, and a watcher is told all that its node's ring
#   has.
# - A life that has ended does not come back.

GONE = ("down", "left")
# The step of draining, and what else is no waiting
SLACK_NS = 200_000


def states(life, peer=None):
    """Changes of state, of one peer or of all, in order."""
    return [event for event in life.events if event["type"] == "state" and
            peer in (None, event["peer"])]


def overlap(spans, begin, end):
    """Does one of these spans touch that time? The end of one may not have come."""
    return any(a <= end and (b is None or b >= begin) for a, b in spans)


class Oracle:
    def __init__(self, world, plan):
        self.world, self.plan = world, plan
        self.blocked, self.stalls = world.switch.blocked, world.stalls

    def complaints(self):
        """What is wrong, as lines of text."""
        for life in self.world.ended:
            yield from self.numbers(life)
            yield from self.watcher(life)
            yield from self.lives(life)
            yield from self.false(life)
            for peer in self.world.peers_of(life.node):
                yield from self.untold(life, peer)

    def numbers(self, life):
        seqs = [event["seq"] for event in life.events]
        if seqs and seqs != list(range(seqs[0], seqs[0] + len(seqs))):
            yield f"{life.node}: events are numbered {seqs}"

    def watcher(self, life):
        if not life.watcher:
            return
        told = {line["seq"] for line in life.watched() if "seq" in line}
        missing = {event["seq"] for event in states(life)} - told
        if missing:
            yield f"{life.node}: its watcher was not told {sorted(missing)}"

    def lives(self, life):
        for peer in self.world.peers_of(life.node):
            seen = []
            for event in states(life, peer):
                incarnation = event.get("incarnation")
                if event["to"] != "up" or incarnation in seen[-1:]:
                    continue
                if incarnation in seen:
                    yield f"{life.node}: {peer} is up as {incarnation} once more"
                seen.append(incarnation)

    def unheard(self, one, other):
        """When packets did not get through, either way."""
        return (self.blocked.get((one, other), []) +
                self.blocked.get((other, one), []))

    def stalls_within(self, begin, end):
        spans = [s for s in self.stalls if overlap([s], begin, end)]
        return len(spans), sum(b - a for a, b in spans)

    def false(self, life):
        """Deaths of the living, and those told too late."""
        for event in states(life):
            if event["to"] not in GONE:
                continue
            end, silence = event["monotonic_ns"], event.get("silence_ns", 0)
            begin = end - silence - SLACK_NS
            what = (f"{life.node}: {event['peer']} is {event['to']}, "
                    f"{event['reason']}, at {end}")
            if not overlap(self.unheard(life.node, event["peer"]), begin, end):
                yield f"{what}, without a cause in {silence} ns"
            if event["reason"] != "timeout":
                continue
            detect = event["detect_ns"]
            number, length = self.stalls_within(begin, end)
            limit = detect if not number else (
                2 * detect + length + number * self.plan.interval_ms * 10**6)
            if silence > limit + SLACK_NS:
                yield f"{what}, after {silence} ns; bound {limit} ns"

    def untold(self, life, peer):
        """Silences that had to be reported."""
        interval_ms = max(self.world.slowest[life.node, peer],
                          self.world.slowest[peer, life.node])
        longest = 4 * self.plan.multiplier * interval_ms * 10**6
        for begin, end in self.blocked.get((peer, life.node), []):
            end = min(end or life.end_ns, life.end_ns)
            _, stalled = self.stalls_within(begin, end)
            if begin < life.begin_ns or end - begin < longest + stalled:
                continue
            before = [e for e in states(life, peer) if e["monotonic_ns"] <= begin]
            told = [e for e in states(life, peer) if e["to"] in GONE and
                    begin <= e["monotonic_ns"] <= end]
            if before and before[-1]["to"] == "up" and not told:
                yield (f"{life.node}: {peer} was not heard from {begin} to {end}, "
                       f"and not reported")

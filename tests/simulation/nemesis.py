# SPDX-License-Identifier: GPL-2.0
#
# What happens to a cluster: from a seed, a list of operations, each with the moment
# when it begins and how long it lasts, in ms. Nothing here knows how they are done
# (world.py) or what is to follow from them (oracle.py).

import random

# In the units of a detection time, K x T
QUIET, EPISODE, GAP = 2, 40, 4


class Plan:
    """What a seed makes of a cluster of these names."""

    def __init__(self, seed, names):
        rng = random.Random(seed)
        self.seed, self.names = seed, names
        self.interval_ms = rng.choice((10, 20, 50))
        kinds = rng.sample(sorted(KINDS), rng.randint(2, 5))
        # a lossy path must not take K beats in a row by chance
        self.multiplier = 7 if any(k in LOSSY for k in kinds) else 3
        self.unit_ms = self.interval_ms * self.multiplier
        self.operations = []
        at = free = QUIET * self.unit_ms
        while at < EPISODE * self.unit_ms:
            kind = rng.choice(kinds)
            span = round(self.unit_ms * rng.choice((0.1, 0.4, 0.9, 3, 6)) *
                         rng.uniform(0.5, 1))
            if kind in ALONE:
                at = max(at, free)
                free = at + span + self.unit_ms
            self.operations.append({"at": round(at), "op": kind, "for": span,
                                    **KINDS[kind](rng, self)})
            at += self.unit_ms * rng.uniform(0.1, GAP)


def halves(rng, plan):
    names = rng.sample(plan.names, len(plan.names))
    cut = rng.randrange(1, len(names))
    return names[:cut], names[cut:]


def both_ways(left, right):
    return [pair for a in left for b in right for pair in ((a, b), (b, a))]


def partition(rng, plan):
    """Two groups that do not hear each other."""
    return {"pairs": both_ways(*halves(rng, plan))}


def bridge(rng, plan):
    """The same, but for one node that hears both and is heard."""
    left, right = halves(rng, plan)
    return {"pairs": both_ways(left[1:], right)}


def ring(_rng, plan):
    """Everyone hears two neighbours only."""
    names, n = plan.names, len(plan.names)
    far = [(i, j) for i in range(n) for j in range(n)
           if (i - j) % n not in (0, 1, n - 1)]
    return {"pairs": [(names[i], names[j]) for i, j in far]}


def one_way(rng, plan):
    """One does not hear another."""
    return {"pairs": [tuple(rng.sample(plan.names, 2))]}


def mute(rng, plan):
    """Nobody hears one of them."""
    one = rng.choice(plan.names)
    return {"pairs": [(one, other) for other in plan.names if other != one]}


def deaf(rng, plan):
    """One hears nobody."""
    return {"pairs": [pair[::-1] for pair in mute(rng, plan)["pairs"]]}


def isolate(rng, plan):
    """One is alone."""
    one = rng.choice(plan.names)
    return {"pairs": both_ways([one], [n for n in plan.names if n != one])}


def lossy(words):
    """A path that does this to a share of one's packets; delays stay below T / 4."""
    def kind(rng, plan):
        quarter_us = plan.interval_ms * 250
        return {"node": rng.choice(plan.names),
                "netem": words.format(share=rng.choice((0.1, 1)),
                                      delay=rng.randrange(quarter_us),
                                      jitter=quarter_us // 2)}
    return kind


def stall(_rng, _plan):
    """The machine, and so all of them, stands still."""
    return {}


def crash(rng, plan):
    """One is gone without a word, and comes back as new."""
    return isolate(rng, plan)


def restart(rng, plan):
    """One goes with a goodbye, and comes back as new."""
    return {"node": rng.choice(plan.names)}


def step(rng, _plan):
    """The clock of the day is set."""
    return {"seconds": rng.randrange(-86400, 86400)}


def retime(rng, plan):
    """One node beats to a peer, and judges it, at another interval from now on."""
    return {"node": rng.choice(plan.names), "which": rng.random(),
            "interval_ms": plan.interval_ms * rng.choice((1, 2))}


def roll(_rng, _plan):
    """All get a new key, then sign with it, then forget the old one."""
    return {}


KINDS = {
    "partition": partition, "bridge": bridge, "ring": ring, "one-way": one_way,
    "mute": mute, "deaf": deaf, "isolate": isolate,
    "loss": lossy("loss {share}%"),
    "delay": lossy("delay {delay}us"),
    "duplicate": lossy("duplicate 20%"),
    "reorder": lossy("delay {jitter}us reorder 20%"),
    "corrupt": lossy("corrupt {share}%"),
    "stall": stall, "crash": crash, "restart": restart, "step": step,
    "retime": retime, "roll": roll,
}
# Not while another of these goes on
ALONE = ("crash", "restart", "retime", "roll")
LOSSY = ("loss", "reorder", "corrupt")

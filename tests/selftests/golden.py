#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# The interface to user space, as an hbctl of then has used it: netlink.golden holds its
# requests, byte by byte, and what the replies were like. They still are accepted, still
# do the same, and what was in a reply still is there, at its place, of its size. What is
# new is told and does no harm. None of it is known from a header, or a specification.
#
# `tests/guest --quiet uml-smp -- env UPDATE=1 tests/selftests/golden.py` prints what it
# is now, for netlink.golden. One that has been in a release stays as it is, under another
# name, netlink-*.golden: so an old hbctl is what a new module is tried with.

import base64
import collections
import contextlib
import glob
import os
import re
import sys
import tempfile
import textwrap
import time

import duo
from duo import A, B, HBCTL, HERE, check, enter, hb, run, wait_for
import rawnl
import shape

GOLDENS = sorted(glob.glob(os.path.join(HERE, "netlink*.golden")))
BUILT = os.environ.get("O", os.path.join(duo.ROOT, "build/selftests"))
SPACES = {"a": A, "b": B}
PATIENCE = 20           # s, until a reply is as it should be
ENOUGH = 3              # steps that fail; each may take its time
EVENTS = (7, 8)         # commands whose messages hold events

PREAMBLE = """\
# What hbctl says to the module, and what comes back. Each part is headed by a node and
# the words of hbctl, or what else happened. Behind > is a request as flags and what
# follows them: struct genlmsghdr and attributes, in hex, little-endian. Behind < is a
# reply: command and version, then attributes as tests/selftests/shape.py has them; behind
# = errno. golden.py says how to make it."""

# The words of hbctl at node a or b, but for those that are in ACTIONS. Devices with a
# number of their own, and detection times that no machine is too slow for.
STEPS = """
a: family
a: node show
a: node set name a port 7694 key-file KEY key-slot 2 key-send 2
b: node set name b key-file KEY
a: peer add b addr 10.0.0.2 port 7694 interval 100ms multiplier 20 auth node-key
a: peer add b addr 10.0.0.2
b: peer add a addr 10.0.0.1 interval 100ms multiplier 20
a: node set key-file KEY key-send 1
a: agree b
a: peer add c addr fe80::2 dev eth9 detect adaptive floor 1s ceiling 5s hold-up 2s
   key-file KEY key-slot 1 key-send 1
a: peer set c addr fe80::3%eth9 port 77 interval 200ms multiplier 4 floor 2s ceiling 6s
   hold-up 3s key-file KEY key-slot 2 key-send 2
a: peer set c key-clear 1
a: peer add d addr 10.0.0.9 auth none disabled
a: peer add d addr 10.0.0.9 auth none interval 10us
a: peer maintenance c for 1h
a: node maintenance for 1h
a: node show
a: peer show
a: peer show nobody
b: peer show a
a: node maintenance end
a: peer maintenance c end
a: node set key-clear 2
b: silence 0.5
b: speak
a: agree b
a: stats
a: stats peers b
b: silence
a: wait b down
a: peer show b
a: events
b: speak
a: agree b
b: silence
a: wait b down
a: peer set b hold-up 1h
b: speak
a: held b
a: peer show b
a: node show
a: events since 1000000
a: told
a: peer set b hold-up 0s
a: agree b
a: peer enable d
a: peer disable d
a: peer set d addr 10.0.0.8 auth node-key detect fixed
a: peer show d
a: leave
a: peer show b
a: peer enable all
a: agree b
a: peer disable all
a: peer show d
a: peer del d
a: peer del all
a: peer show
"""


def steps():
    """Who, and what."""
    joined = re.sub(r"\n +", " ", STEPS.strip())
    return [line.split(": ", 1) for line in joined.splitlines()]


def wait(netns, peer, state):
    wait_for(f"{peer} {state}", lambda: duo.state(netns, peer) == state)


def sessions(netns, peer):
    shown = hb(netns, "peer", "show", peer)[0]
    return shown.get("session"), shown.get("remote_session")


def agree(netns, peer):
    """Up, and the same session on both sides."""
    other, name = (B, "a") if netns == A else (A, "b")
    wait(netns, peer, "up")
    wait(other, name, "up")
    wait_for("a common session", lambda: sessions(netns, peer) ==
             sessions(other, name)[::-1])


def silence(netns, seconds=0):
    duo.silence(netns)
    time.sleep(float(seconds))


def speak(netns):
    run("tc", "-n", netns, "qdisc", "del", "dev", "eth0", "root")


def held(netns, peer):
    wait_for(f"{peer} held", lambda: hb(netns, "peer", "show", peer)[0].get("held_us"))


def act(who, words):
    """True if that is not for hbctl."""
    name, *rest = words.split()
    if name not in ACTIONS:
        return False
    ACTIONS[name](SPACES[who], *rest)
    return True


ACTIONS = {"wait": wait, "agree": agree, "silence": silence, "speak": speak,
           "held": held}


class Talk:
    """Sockets in both namespaces."""

    def __init__(self):
        self.socks = {}
        for who, netns in reversed(SPACES.items()):
            enter(netns)
            self.socks[who] = rawnl.open_socket()
        self.family = rawnl.Family(self.socks["a"], "hb")
        self.listener = rawnl.subscribe(self.family, "events")

        self.all_told = []

    def call(self, who, flags, payload):
        messages, code = rawnl.call(self.socks[who], self.family.id, flags, payload)
        return replies(messages), code

    def told(self):
        self.all_told += rawnl.heard(self.listener)
        return self.all_told

    def facts(self):
        return {f"op {op} flags {flags:#x}" for op, flags in self.family.ops.items()} | \
            {f"group {name}" for name in self.family.groups}


def replies(messages):
    """Events, which come in as many messages as they like, in one: with the first of
    what is in each, as where the ring begins."""
    if not messages or messages[0].cmd not in EVENTS:
        return messages
    attrs, seen = [], set()
    for message in messages:
        attrs += [attr for attr in message.attrs if attr.children or attr.id not in seen]
        seen |= {attr.id for attr in message.attrs}
    return [messages[0]._replace(attrs=attrs)]


# What a step of the golden says: requests and all that belongs to them
Step = collections.namedtuple("Step", "who words flags payload wants code facts")


## Recording


def request(who, words, key, family):
    """What hbctl would send for these words, without its header: flags and payload."""
    words = [key if word == "KEY" else word for word in words.split()]
    with tempfile.NamedTemporaryFile() as record:
        os.spawnve(os.P_WAIT, HBCTL, [HBCTL, "-n", SPACES[who], *words], {
            **os.environ, "HB_RECORD": record.name,
            "LD_PRELOAD": os.path.join(BUILT, "record.so")})
        data = record.read()
    if not data:
        raise AssertionError(f"hbctl {' '.join(words)} sends nothing")
    length, kind, flags = rawnl.HEADER.unpack_from(data)[:3]
    check("request", (length, kind), (len(data), family))
    return flags, data[rawnl.HEADER.size:]


def wrapped(words):
    return "\n  ".join(textwrap.wrap(words, 80, break_on_hyphens=False))


def tell_replies(messages, spec):
    for message in messages:
        print(f"< {message.cmd} {message.version} {spec.command(message.cmd)}")
        print(*shape.lines(spec.describe(message)), sep="\n")


def record_request(talk, spec, who, words, key):
    flags, payload = request(who, words, key, talk.family.id)
    print(f"> {flags:04x} {payload[:4].hex()} {spec.command(payload[0])}")
    for begin in range(4, len(payload), 40):
        print(f"> {payload[begin:begin + 40].hex()}")
    messages, code = talk.call(who, flags, payload)
    tell_replies(messages, spec)
    print(f"= {code} {os.strerror(code).lower()}")


def record():
    # Only here, so that who judges has no need of it
    from meaning import Spec

    talk, spec = Talk(), Spec(duo.SPEC)
    with tempfile.NamedTemporaryFile() as key:
        key.write(base64.b64encode(bytes(range(32))))
        key.flush()
        print(PREAMBLE)
        for who, words in steps():
            print(f"\n{who}: {wrapped(words)}", flush=True)
            if act(who, words):
                continue
            if words == "family":
                print(*(f"| {fact}" for fact in sorted(talk.facts())), sep="\n")
            elif words == "told":
                tell_replies(replies(talk.told()), spec)
            else:
                record_request(talk, spec, who, words, key.name)
    print("\n# Never in a reply here:", *sorted(spec.missing()), sep="\n#   ")


## Judging


def read_step(lines):
    who, words = lines.pop(0).split(": ", 1)
    while lines and lines[0].startswith(" "):
        words += " " + lines.pop(0).strip()
    step = Step(who, words, 0, b"", [], 0, set())
    while lines and lines[0]:
        mark, _, rest = lines.pop(0).partition(" ")
        words = rest.split()
        if mark == ">" and not step.payload:
            step = step._replace(flags=int(words[0], 16),
                                 payload=bytes.fromhex(words[1]))
        elif mark == ">":
            step = step._replace(payload=step.payload + bytes.fromhex(rest))
        elif mark == "<":
            body = []
            while lines and lines[0].startswith(" "):
                body.append(lines.pop(0))
            step.wants.append((int(words[0]), int(words[1]), shape.parse(body)))
        elif mark == "=":
            step = step._replace(code=int(words[0]))
        else:
            step.facts.add(rest)
    return step


def read_golden(path):
    with open(path, encoding="utf-8") as text:
        lines = [line for line in text.read().splitlines() if not line.startswith("#")]
    while lines:
        if lines[0]:
            yield read_step(lines)
        else:
            lines.pop(0)


def differences(judge, step, messages, code):
    if code != step.code:
        yield f"errno {code}, not {step.code}"
    if len(messages) != len(step.wants):
        yield f"{len(messages)} replies, not {len(step.wants)}"
    for (cmd, version, wants), message in zip(step.wants, messages):
        if (message.cmd, message.version) != (cmd, version):
            yield f"command {message.cmd}, version {message.version}"
        yield from judge.attrs(wants, message.attrs, f"command {cmd}")


def judge_once(talk, judge, step):
    if step.words == "family":
        judge.new |= talk.facts() - step.facts
        return [f"no {fact}" for fact in sorted(step.facts - talk.facts())]
    if step.words == "told":
        return list(differences(judge, step, replies(talk.told()), 0))
    return list(differences(judge, step, *talk.call(step.who, step.flags, step.payload)))


def judge_step(talk, judge, step):
    """What differs at last; what is read may take its time to become so."""
    if act(step.who, step.words):
        return []
    end = time.monotonic() + PATIENCE
    while True:
        known = dict(judge.known)
        bad = judge_once(talk, judge, step)
        if not bad or not step.wants or time.monotonic() > end:
            return bad
        judge.known = known
        time.sleep(0.1)


def try_step(talk, judge, step):
    try:
        return judge_step(talk, judge, step)
    except AssertionError as error:
        return [str(error)]


def judge_golden(golden, number):
    """From test NUMBER on; how many steps fail."""
    talk, judge = Talk(), shape.Judge()
    failed = 0
    for step in golden:
        number += 1
        bad = ["not tried any more"] if failed >= ENOUGH else \
            try_step(talk, judge, step)
        for line in bad:
            print("#", line)
        failed += bool(bad)
        print(f"{'not ' if bad else ''}ok {number} {step.who}: {step.words}", flush=True)
    for new in sorted(judge.new):
        print("# new:", new)
    return failed


def judge_all():
    goldens = [list(read_golden(path)) for path in GOLDENS]
    done, failed = 0, 0
    print(f"KTAP version 1\n1..{sum(map(len, goldens))}")
    for path, golden in zip(GOLDENS, goldens):
        print("#", os.path.basename(path))
        with nodes():
            failed += judge_golden(golden, done)
        done += len(golden)
    return int(failed > 0)


@contextlib.contextmanager
def nodes():
    try:
        duo.setup()
        run("ip", "link", "add", "eth9", "index", "99", "netns", A, "type", "veth",
            "peer", "name", "eth8", "netns", B)
        yield
    finally:
        duo.cleanup()


def main():
    if os.geteuid():
        duo.skip("only root may do this")
    if sys.byteorder != "little":
        duo.skip("the golden was recorded where bytes are the other way round")
    duo.load_module()
    if not os.environ.get("UPDATE"):
        return judge_all()
    with nodes():
        record()
    return 0


sys.exit(main())

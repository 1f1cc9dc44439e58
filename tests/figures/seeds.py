#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# seeds.py [NUMBER [FIRST]]: random stalls and pauses in simulated time, for the guest
# uml-tt. Each seed has two nodes with a path between them, 10 ms x 3 or 1 ms x 3.
# The machine, and with it both nodes, stands still at random moments, for up to a
# second. Now and then b is cut off, so briefly that K beats can't be missed.
# Nobody is to die of it. Then b falls silent for good, while the stalls go on: that
# is to be reported, in the detection time if the machine ran, and otherwise in the
# bound that Documentation/networking/hb.rst gives. Prints KTAP, one test for all,
# and one with a node that stands still nearly all the time.

import json
import os
import random
import sys
import time

from duo import add_peers, downs, hb, is_state, network, run, setup, until

PARAMETERS = "/sys/module/hb_stall/parameters"
EXCUSES = 10            # stalls that put a verdict off, see kmod/verdict.c
SLACK_NS = 100_000      # the step of draining, and what else is no waiting
longest = {}


def write(parameter, *words):
    with open(f"{PARAMETERS}/{parameter}", "w", encoding="ascii") as file:
        file.write(" ".join(map(str, words)))


def stalls_within(begin_ns, end_ns):
    """How many, and how long they were."""
    write("within", begin_ns, end_ns)
    with open(f"{PARAMETERS}/within", encoding="ascii") as file:
        return map(int, file.read().split())


def begin(rng, interval_us):
    """Both nodes up, with a path of up to a quarter of an interval each way."""
    for node in "ab":
        network(node, "delay", f"{rng.randrange(interval_us // 4)}us")
    add_peers(interval_us)


def pauses(rng, interval_us):
    """One beat is lost, even if a stall of up to half an interval, which is no excuse
    yet, prolongs the pause; and the next one may be late by as much, twice. If two
    were lost, that would be a death: 3 x 0.96 intervals, and half of one."""
    delay = f"{rng.randrange(interval_us // 4)}us"
    for _ in range(rng.randrange(8)):
        time.sleep(rng.uniform(0, 0.3))
        network("b", "loss", "100%")
        time.sleep(rng.uniform(0, 0.4 * interval_us / 1e6))
        network("b", "delay", delay)


def die():
    network("b", "loss", "100%")
    until("down", is_state, "a", "down")
    return [event for event in json.loads(hb("a", "events"))
            if event["event"] == "state" and event["to"] == "down"][-1]


def bound(event):
    """How long the silence may have been, and whether the machine ran in it."""
    end = event["monotonic_ns"]
    allowed = event["detect_ns"]
    number, length = stalls_within(end - event["silence_ns"], end)
    if not number:
        return allowed + SLACK_NS, True
    excuses = min(number, EXCUSES) * event["interval_ns"] // 2
    return 2 * allowed + length + excuses + SLACK_NS, False


def note(kind, over_ns):
    longest[kind] = max(longest.get(kind, over_ns), over_ns)


def one(seed):
    """What is wrong with this seed, as a list of words."""
    rng = random.Random(seed)
    interval_us = rng.choice((1000, 10000))
    wrong = []
    begin(rng, interval_us)
    write("storm", seed, 20000, rng.choice((500, 5000, 50000, 1000000)))
    pauses(rng, interval_us)
    time.sleep(rng.uniform(0, 2))
    false = downs()
    if any(false):
        wrong.append(f"false deaths {false}")
    event = die()
    event["interval_ns"] = interval_us * 1000
    limit, ran = bound(event)
    note("ran" if ran else "stood still", event["silence_ns"] - event["detect_ns"])
    if event["silence_ns"] > limit:
        wrong.append(f"silence {event['silence_ns']} ns, bound {limit} ns")
    write("storm", 0, 0, 1)
    for node in "ab":
        hb(node, "peer", "del", "all")
    return wrong


def add_silent(interval_us):
    """Peers that are not there, but have timers, so that one is always due."""
    for i in range(20):
        hb("a", "peer", "add", f"void{i}", "addr", f"10.9.0.{i + 3}", "interval",
           f"{interval_us}us", "auth", "none")


def hardly_runs():
    """Stalls of ten intervals each, with a tenth of one between; how many of them go
    by until a death is told."""
    begin(random.Random(1), 10000)
    add_silent(10000)
    time.sleep(0.1)
    network("b", "loss", "100%")
    for number in range(200):
        if is_state("a", "down"):
            return number
        write("stall", 0, 100)
        time.sleep(0.001)
    return None


def main():
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    bad = 0
    setup()
    run("insmod", os.environ["HB_KO"].replace("/kmod/hb.ko",
                                              "/tests/stall/hb_stall.ko"))
    print("KTAP version 1\n1..2", flush=True)
    for seed in range(first, first + number):
        wrong = one(seed)
        bad += bool(wrong)
        for words in wrong:
            print(f"# seed {seed}: {words}", flush=True)
    for kind, over in longest.items():
        print(f"# {kind}: at most {over / 1000:.1f} us over the detection time")
    print(f"{'not ok' if bad else 'ok'} 1 {number} seeds of stalls and pauses")
    stalls = hardly_runs()
    late = not stalls or stalls > EXCUSES + 5
    print(f"# told after {stalls} stalls")
    print(f"{'not ok' if late else 'ok'} 2 death on a node that hardly runs")
    return bool(bad) or late


sys.exit(main())

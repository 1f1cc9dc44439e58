#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# ladder.py [--rungs R,...] [--seconds S]: which detectors declare a living node dead
# under load, and whether they report a true death under it. In a guest, as root; all
# pairs at the same time under the same load for S seconds a rung; then, under the
# same load again, all of them die. A JSON object for each rung and detector.
#
# `flood` is a rung for each pair in turn: its node b lives, and beside it something
# sends what looks like its packets and is none (tests/selftests/flood.c).

import argparse
import json
import os
import signal
import subprocess
import time

import cluster
import faults
import nodes
import witness
from cluster import now_ns

RUNGS = ("idle", "cfs", "fifo-one", "fifo-all", "timer", "sock", "udp", "loss-0.1",
         "loss-1", "loss-5", "stall-100", "stall-1000", "flood")
GRACE_S = 3
# A death that is not reported so long after it, and four times K x T, is none; hb may
# put off a verdict for ten seconds (HB_VERDICT_PATIENCE_NS)
DEATH_S, HB_DEATH_S = 3, 12


class Load:
    """That of tests/ladder/load.sh, from here on until end()."""

    def __init__(self, rung, namespaces):
        self.process = subprocess.Popen(
            ("tests/ladder/load.sh", rung, *namespaces), start_new_session=True)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        return {}


class Flood:
    """At one pair."""

    def __init__(self, node):
        self.process = subprocess.Popen(
            node.inside("chrt", "-o", "0", "build/selftests/flood", "eth0"),
            stdout=subprocess.PIPE)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return {"flood_packets": int(self.process.communicate()[0])}


def traffic(pairs):
    """Packets and bytes that both nodes have sent so far, by detector."""
    sent = {}
    for name, detector in pairs.detectors.items():
        said = [json.loads(nodes.run("ip", "-n", node.name, "-j", "-s", "link", "show",
                                     "eth0"))[0]["stats64"]["tx"]
                for node in detector.pair]
        sent[name] = {key: sum(tx[key] for tx in said) for key in ("packets", "bytes")}
    return sent


def watch(pairs, seconds, false):
    """Adds the deaths reported of the living, by detector."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for report in pairs.take(0.1):
            detector = pairs.detectors[report["detector"]]
            if report["node"] in "ab"[:detector.watchers]:
                false[report["detector"]] += 1


def live(pairs, load, seconds):
    """False deaths, and what was sent, while the load is on."""
    false = dict.fromkeys(pairs.detectors, 0)
    before, began = traffic(pairs), time.monotonic()
    watch(pairs, seconds, false)
    after, took = traffic(pairs), time.monotonic() - began
    more = load.end()
    watch(pairs, GRACE_S, false)    # who could not even run says so only now
    return {name: {
        "seconds": round(took, 1), "false": false[name],
        **{f"{key}_per_s": round((after[name][key] - before[name][key]) / took, 1)
           for key in ("packets", "bytes")}, **more} for name in false}


def is_awaited(pairs, told, seconds):
    """Is one of these deaths still to come, so long after it?"""
    return any(at is None and seconds < (HB_DEATH_S if name.startswith("hb") else DEATH_S) +
               4 * pairs.detectors[name].period_ms / 1000
               for name, at in told.items())


def die(pairs, names):
    """True deaths; ns from the last beat to the report, None if there is none."""
    told = dict.fromkeys(names)
    captures = {name: witness.Capture(pairs.detectors[name]) for name in names}
    killed = [faults.Stop(pairs.detectors[name]) for name in names]
    for fault in killed:
        fault.prepare()
    time.sleep(3 * max((pairs.detectors[name].beat_ms for name in names), default=0)
               / 1000)
    pairs.take(0)
    began = now_ns()
    for fault in killed:
        fault.begin()
    while is_awaited(pairs, told, (now_ns() - began) / 1e9):
        for report in pairs.take():
            name, at = report["detector"], report["ns"]
            if name in told and report["node"] == "a" and told[name] is None and \
                    at > began and captures[name].last_before(at):
                told[name] = at - captures[name].last_before(at)
    for capture in captures.values():
        capture.close()
    return killed, told


def deaths(pairs, names, load):
    """True ones, under that load."""
    time.sleep(1)
    pairs.take(0)
    killed, told = die(pairs, [name for name in names if pairs.is_up(name)])
    load.end()
    for fault in killed:
        fault.end()
        fault.close()
    recover(pairs)
    return told


def recover(pairs):
    for detector in pairs.detectors.values():
        detector.revive()
    pairs.wait_until_up()


def measure(pairs, rung, names, load):
    """One rung, of these; load() puts its load on."""
    figures = live(pairs, load(), pairs.seconds)
    recover(pairs)
    # of a flood, what is on the wire can't be told from beats
    told = deaths(pairs, names, load()) if pairs.deaths and rung != "flood" else {}
    for name in names:
        detector = pairs.detectors[name]
        print(json.dumps({
            "figure": "ladder", "rung": rung, "detector": name,
            "asked_ms": pairs.asked_ms, "interval_ms": detector.interval_ms,
            "period_ms": detector.period_ms, "realtime": pairs.realtime,
            **figures[name], "detection_ns": told.get(name)}), flush=True)


def rung(pairs, name):
    cluster.say(name)
    if name == "flood":
        for victim, detector in pairs.detectors.items():
            measure(pairs, name, [victim], lambda: Flood(detector.pair[1]))
        return
    measure(pairs, name, list(pairs.detectors),
            lambda: Load(name, pairs.namespaces()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rungs", default=",".join(RUNGS))
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--no-deaths", action="store_true",
                        help="false deaths only, which takes half of the time")
    args = cluster.arguments(parser)
    with open("/proc/sys/kernel/sched_rt_runtime_us", "w", encoding="utf-8") as out:
        out.write("-1\n")
    subprocess.run(["bash", "-c", ". tests/ladder/load.sh; insert_stall"],
                   check="HB_KO" in os.environ)
    pairs = cluster.Cluster(args)
    pairs.seconds, pairs.deaths = args.seconds, not args.no_deaths
    try:
        for name in args.rungs.split(","):
            rung(pairs, name)
    finally:
        pairs.close()


main()

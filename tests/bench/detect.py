#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# detect.py [--faults F,...] [--seconds S]: how long after its last packet on the wire
# each detector reports a death. In a guest, as root; all pairs at the same time, each
# dying over and over at random moments, for S seconds of each fault. A JSON object for
# each death; one that was not reported has no detection_ns.
#
# A death counts only if its fault did happen on the wire: beats came until then, and
# none came after it.

import argparse
import json
import os
import random
import time

import cluster
import faults
from cluster import NS, now_ns
from witness import Capture

# On its way, or in the hands of a process when it is stopped
SLACK_NS = 5 * 10**6


class Victim:
    """One pair, which dies again and again."""

    def __init__(self, pairs, name, kind):
        self.pairs, self.name = pairs, name
        self.detector = pairs.detectors[name]
        self.fault = kind(self.detector)
        self.capture = None
        self.rest()

    def wait(self, doing, seconds):
        self.doing, self.until_ns = doing, now_ns() + int(seconds * NS)

    def rest(self):
        """Alive, for a random time, so that the phase is random too."""
        self.wait("live", random.uniform(0.5, 1.0))

    def figure(self, **more):
        print(json.dumps({"figure": "detection", "detector": self.name,
                          "fault": self.fault.name,
                          "interval_ms": self.detector.interval_ms,
                          "period_ms": self.detector.period_ms, **more}), flush=True)

    def look(self):
        """The cable is captured from some beats before the death on."""
        self.fault.prepare()
        self.capture = Capture(self.detector)
        self.wait("watched", 3 * self.detector.beat_ms / 1000 + 0.02)

    def die(self):
        self.begun_ns = now_ns()
        self.fault.begin()
        self.done_ns = now_ns()
        self.wait("dead", 3 * self.detector.period_ms / 1000 + 10)

    def mistaken(self, report):
        """It came before the death, or b held a for dead by mistake, and told it so
        with its last packet."""
        return (report["ns"] < self.begun_ns or
                not self.capture.any_between(0, self.begun_ns + 1) or
                self.fault.name == "stop" and self.detector.processes and
                self.detector.watchers == 2 and
                self.pairs.state[self.name, "b"] == "down")

    def died(self, report):
        """The first report of it."""
        last_ns = self.capture.last_before(report["ns"])
        if self.capture.any_between(self.done_ns + SLACK_NS, report["ns"]):
            self.figure(undead=True)
        elif self.mistaken(report):
            self.figure(false=True)
        else:
            verdict_ns = report["verdict_ns"]
            self.figure(detection_ns=report["ns"] - last_ns,
                        verdict_ns=verdict_ns and verdict_ns - last_ns,
                        fault_ns=report["ns"] - self.begun_ns,
                        said=report["line"])
        self.revive()

    def revive(self):
        self.fault.end()
        self.detector.revive()
        self.wait_for_return()

    def wait_for_return(self):
        if self.capture:
            self.capture.close()
            self.capture = None
        self.wait("return", self.detector.ready_s + 60)

    def step(self, ending):
        """True as long as it goes on."""
        late = now_ns() > self.until_ns
        up = self.pairs.is_up(self.name)
        if self.doing == "live" and ending:
            return False
        if self.doing in ("live", "watched") and not up:
            self.wait_for_return()      # the last death has an echo
        elif self.doing == "live" and late:
            self.look()
        elif self.doing == "watched" and late:
            self.die()
        elif self.doing == "dead" and late:
            self.figure(untold=True)
            self.revive()
        elif self.doing == "return" and up:
            self.rest()
        elif self.doing == "return" and late:
            # a rival that is never up for long under this machine's load
            cluster.say(f"{self.name} does not come back after {self.fault.name}")
            return False
        return True


def run(pairs, kind, seconds):
    victims = {name: Victim(pairs, name, kind) for name in pairs.detectors}
    end = time.monotonic() + seconds
    going = True
    while going:
        ending = time.monotonic() > end
        for report in pairs.take():
            victim = victims[report["detector"]]
            if report["node"] == "a" and victim.doing == "dead":
                victim.died(report)
        going = any([victim.step(ending) for victim in victims.values()])
    for victim in victims.values():
        victim.fault.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--faults", default=",".join(faults.ALL))
    parser.add_argument("--seconds", type=float, default=60)
    args = cluster.arguments(parser)
    # what sets a fault up may not take the CPU from those who have to see it
    os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK,
                          os.sched_param(cluster.PRIORITY))
    random.seed(1)
    pairs = cluster.Cluster(args)
    try:
        for name in args.faults.split(","):
            cluster.say(f"{name}: {args.seconds} s")
            run(pairs, faults.ALL[name], args.seconds)
            pairs.wait_until_up()
    finally:
        pairs.close()


main()

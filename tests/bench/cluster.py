# SPDX-License-Identifier: GPL-2.0
#
# All pairs together, in one guest, and what is known of them at the moment: which
# node holds which for dead, by what the witness has read.

import os
import sys
import time

import detectors
import nodes
import witness

NS = 10**9
PRIORITY = witness.PRIORITY - 5


def now_ns():
    return time.clock_gettime_ns(time.CLOCK_REALTIME)


def say(text):
    print(f"# {text}", flush=True)


class Cluster:
    """All pairs, and their witness."""

    def __init__(self, args):
        if any(name.startswith("hb") for name in args.detectors):
            nodes.run("insmod", os.environ["HB_KO"])
        self.realtime, self.asked_ms = args.realtime, args.interval
        self.detectors = {}
        self.restless = set()   # did not come up once in time, not waited for again
        self.log = f"{nodes.PLACE}/log"
        try:
            for number, name in enumerate(args.detectors, 40):
                self.detectors[name] = detectors.ALL[name](number, args.interval,
                                                           args.realtime)
            self.state = {(name, end): None for name in args.detectors
                          for end in "ab"}
            self.witness = witness.Witness(list(self.detectors.values()), self.log)
            self.wait_until_up()
        except BaseException:
            self.close()
            raise

    def take(self, patience_s=0.01):
        """Deaths reported since the last call, of nodes that were up; waits for the
        first report for so long."""
        deaths = []
        for report in self.witness.take(patience_s):
            key = report["detector"], report["node"]
            if report["says"] == "down" and self.state[key] == "up":
                deaths.append(report)
            self.state[key] = report["says"]
        return deaths

    def is_up(self, name):
        return all(self.state[name, end] == "up"
                   for end in "ab"[:self.detectors[name].watchers])

    def wait_until_up(self, calm_s=2):
        """All of them, and that for so long. A rival that does not manage that in time
        is said, and left alone from then on; hb has to."""
        began = time.monotonic()
        missed = dict.fromkeys(set(self.detectors) - self.restless, began)
        limit = max((self.detectors[name].ready_s for name in missed), default=0)
        while any(self.waiting(missed, calm_s)) and time.monotonic() < began + limit:
            self.take()
            missed.update({name: time.monotonic() for name in missed
                           if not self.is_up(name)})
        missing = list(self.waiting(missed, calm_s))
        if not missing:
            return
        self.restless.update(missing)
        text = f"not up for {calm_s} s within {limit} s: {', '.join(missing)}"
        say(text)
        if any(name.startswith("hb") for name in missing):
            raise RuntimeError(f"{text}; see {self.log}:\n{self.tail(missing)}")

    @staticmethod
    def waiting(missed, calm_s):
        """Of these, by when each was last seen not to be up, those that have not been
        up for so long."""
        return (name for name, at in missed.items() if time.monotonic() < at + calm_s)

    def tail(self, names):
        with open(self.log, encoding="utf-8") as lines:
            mine = [line for line in lines
                    if line.split()[1].rsplit("-", 1)[0] in names]
        return "".join(mine[-40:])

    def namespaces(self):
        return [node.name for d in self.detectors.values() for node in d.pair]

    def close(self):
        if hasattr(self, "witness"):
            self.witness.close()
        for detector in self.detectors.values():
            detector.close()


def arguments(parser):
    """The options that all figures share; parsed."""
    parser.add_argument("--detectors", default=",".join(detectors.ALL),
                        help="of them, separated by commas")
    parser.add_argument("--interval", type=float, default=10, metavar="MS",
                        help="T, of those whose interval can be chosen (10)")
    parser.add_argument("--realtime", action="store_true",
                        help=f"rivals at SCHED_FIFO {detectors.REALTIME}")
    args = parser.parse_args()
    args.detectors = args.detectors.split(",")
    unknown = set(args.detectors) - set(detectors.ALL)
    if unknown:
        sys.exit(f"no detector {unknown.pop()}; there are {', '.join(detectors.ALL)}")
    # the hogs may not keep the bench itself from running
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    return args

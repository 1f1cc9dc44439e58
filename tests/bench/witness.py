# SPDX-License-Identifier: GPL-2.0
#
# The independent witness of all pairs, by one clock, CLOCK_REALTIME: a process that
# stamps each line that a detector prints as it is read, and captures of the cables with
# the kernel's time stamps. It takes no processor time from those it watches but for
# each line that they print: a capture is opened shortly before a fault, and read when
# its report has come.

import json
import os
import select
import selectors
import time

import lines
import tap

PRIORITY = 70       # over the hogs of any load


class Capture:
    """Of the beats of a pair's b, as they come out of the cable at a's end."""

    def __init__(self, detector):
        self.detector = detector
        self.tap = tap.Tap(detector.pair[0].name, detector.ethertype)
        self.beats = []         # when they came, ns

    def read(self):
        self.beats += [stamp for stamp, packet in self.tap.packets()
                       if self.detector.is_beat(packet)]

    def last_before(self, now):
        """The last beat until then, or 0."""
        self.read()
        return max((beat for beat in self.beats if beat <= now), default=0)

    def any_between(self, begin, end):
        self.read()
        return any(begin < beat < end for beat in self.beats)

    def close(self):
        self.tap.close()


class Log(lines.Lines):
    """One process's output, and whose it is."""

    def __init__(self, detector, node, fd):
        super().__init__(fd)
        self.detector, self.node = detector, node


class Reader:
    """The process that reads all logs."""

    def __init__(self, detectors, reports, log):
        self.reports, self.log = reports, log
        self.selector = selectors.DefaultSelector()
        for detector in detectors:
            for node in detector.pair:
                for fd in node.logs:
                    self.selector.register(fd, selectors.EVENT_READ,
                                           Log(detector, node, fd))

    def heard(self, log, now):
        said = log.read()
        if said is None:
            self.selector.unregister(log.fd)
            return
        for line in said:
            print(now, log.node.name, line, file=self.log)
            what = log.detector.says(log.node, line)
            if what:
                os.write(self.reports, json.dumps(
                    {"ns": now, "detector": log.detector.name,
                     "node": log.node.name[-1], "says": what, "line": line,
                     "verdict_ns": log.detector.stamp(line)}).encode() + b"\n")

    def run(self):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
        while True:
            ready = self.selector.select()
            now = time.clock_gettime_ns(time.CLOCK_REALTIME)
            for key, _ in ready:
                self.heard(key.data, now)


class Witness:
    """What that process says, in the one that started it."""

    def __init__(self, detectors, log_path):
        reader, reports = os.pipe()
        self.reports = lines.Lines(reader)
        self.pid = os.fork()
        if not self.pid:
            try:
                os.close(reader)
                with open(log_path, "a", buffering=1, encoding="utf-8") as log:
                    Reader(detectors, reports, log).run()
            finally:
                os._exit(1)
        os.close(reports)

    def take(self, patience_s):
        """Reports that came since the last call, oldest first; waits for the first
        one for so long."""
        if not select.select([self.reports.fd], [], [], patience_s)[0]:
            return []
        said = self.reports.read()
        if said is None:
            raise RuntimeError("the witness is gone")
        return [json.loads(line) for line in said]

    def close(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)

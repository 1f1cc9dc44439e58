# SPDX-License-Identifier: GPL-2.0
#
# What the nodes of a detector say of each other, by their logs.

import select

import lines
import nodes


class Listener:
    """Reads all logs of a pair's nodes."""

    def __init__(self, detector):
        self.detector = detector
        self.logs = {fd: (node, lines.Lines(fd))
                     for node in detector.pair for fd in node.logs}
        self.up = set()
        self.last = []      # lines, for who wonders what happened

    def hear(self):
        """All that was said since the last time, as (node's name, "up" or "down").
        A log at its end is closed by a detector that has died."""
        said = []
        while ready := select.select(list(self.logs), [], [], 0)[0]:
            for fd in ready:
                node, log = self.logs[fd]
                new = log.read()
                if new is None:
                    raise RuntimeError(f"{node.name}: a process has ended")
                self.last = (self.last + new)[-20:]
                for line in new:
                    what = self.detector.says(node, line)
                    if what:
                        said.append((node.name, what))
        for name, what in said:
            (self.up.add if what == "up" else self.up.discard)(name)
        return said

    def all_up(self):
        self.hear()
        return len(self.up) >= self.detector.watchers

    def wait_up(self):
        nodes.until(f"{self.detector.name} up", self.detector.ready_s, self.all_up)

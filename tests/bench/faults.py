# SPDX-License-Identifier: GPL-2.0
#
# What ends a node, as seen by the other, and how it is undone. `stop` is that of the
# processes, by SIGSTOP; where the kernel beats, it is silence in both directions.

import os
import signal
import subprocess
import time

import nodes

PATIENCE_S = 0.5


def netem(node, *words):
    nodes.run("tc", "-n", node.name, "qdisc", "replace", "dev", "eth0", "root",
              "netem", *words)


def no_netem(node):
    # where the load was loss, its end has taken it away already
    subprocess.run(("tc", "-n", node.name, "qdisc", "del", "dev", "eth0", "root"),
                   check=False, stderr=subprocess.DEVNULL)


def is_stopped(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] in "TZ"
    except FileNotFoundError:
        return True


class Stop:
    name = "stop"

    def __init__(self, detector):
        self.detector = detector
        self.watcher, self.node = detector.pair

    def begin(self):
        if not self.detector.processes:
            netem(self.node, "loss", "100%")
            netem(self.watcher, "loss", "100%")
            return
        pids = self.node.pids()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        # one that gets no CPU does not stop, but does nothing else either
        end = time.monotonic() + PATIENCE_S
        while not all(map(is_stopped, pids)) and time.monotonic() < end:
            time.sleep(0.001)

    def end(self):
        if self.detector.processes:
            self.node.signal(signal.SIGCONT)
        else:
            no_netem(self.node)
            no_netem(self.watcher)


class OneWay(Stop):
    """The watcher hears nothing, and is heard."""
    name = "one-way"

    def begin(self):
        netem(self.node, "loss", "100%")

    def end(self):
        no_netem(self.node)


class Link(Stop):
    """The device of the one that dies is set down; the other has no carrier."""
    name = "link"

    def begin(self):
        nodes.run("ip", "-n", self.node.name, "link", "set", "eth0", "down")

    def end(self):
        nodes.run("ip", "-n", self.node.name, "link", "set", "eth0", "up")
        nodes.know_each_other(self.detector.pair)


ALL = {kind.name: kind for kind in (Stop, OneWay, Link)}

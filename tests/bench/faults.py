# SPDX-License-Identifier: GPL-2.0
#
# What ends a node, as seen by the other, and how it is undone. `stop` is that of its
# processes, by SIGSTOP; where the kernel beats, of those that read its reports, and
# silence in both directions.

import fcntl
import os
import signal
import subprocess
import termios
import time

import nodes

PATIENCE_S = 0.5


def state(pid):
    """As ps has it; of one that is gone, that of a zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def wait_for(condition):
    """One that gets no CPU does not come to it, but does nothing else either."""
    end = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < end:
        time.sleep(0.001)


class Tc:
    """A tc of a node that waits for commands: one that had to be started first would
    take the CPU from the detectors at the moment that is measured."""

    def __init__(self, node):
        self.process = subprocess.Popen(
            ("tc", "-n", node.name, "-force", "-batch", "-"), stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL)

    def say(self, text):
        self.process.stdin.write(f"qdisc {text}\n".encode())
        self.process.stdin.flush()

    def is_done(self):
        """It has read all, and sleeps until there is more."""
        unread = fcntl.ioctl(self.process.stdin, termios.FIONREAD, b"\0" * 4)
        return not any(unread) and state(self.process.pid) in "SZ"

    def lose_all(self):
        self.say("replace dev eth0 root netem loss 100%")

    def lose_nothing(self):
        # where the load was loss, its end has taken it away already
        self.say("del dev eth0 root")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Stop:
    name = "stop"

    def __init__(self, detector):
        self.detector = detector
        self.watcher, self.node = detector.pair
        self.tcs = [Tc(node) for node in self.silenced()]
        self.pids = []

    def silenced(self):
        """Nodes whose packets are lost."""
        return () if self.detector.processes else self.detector.pair

    def prepare(self):
        """What takes time, and would take it from the detectors."""
        tcs = {tc.process.pid for tc in self.tcs}
        self.pids = [pid for pid in self.node.pids() if pid not in tcs]

    def begin(self):
        for tc in self.tcs:
            tc.lose_all()
        for pid in self.pids:
            os.kill(pid, signal.SIGSTOP)
        wait_for(self.is_begun)

    def is_begun(self):
        return (all(tc.is_done() for tc in self.tcs) and
                all(state(pid) in "TZ" for pid in self.pids))

    def end(self):
        for tc in self.tcs:
            tc.lose_nothing()
        for pid in self.pids:
            os.kill(pid, signal.SIGCONT)

    def close(self):
        for tc in self.tcs:
            tc.close()


class OneWay(Stop):
    """The watcher hears nothing, and is heard."""
    name = "one-way"

    def silenced(self):
        return (self.node,)

    def prepare(self):
        pass


class Link(OneWay):
    """The device of the one that dies is set down; the other has no carrier."""
    name = "link"

    def silenced(self):
        return ()

    def begin(self):
        nodes.run("ip", "-n", self.node.name, "link", "set", "eth0", "down")

    def end(self):
        nodes.run("ip", "-n", self.node.name, "link", "set", "eth0", "up")
        nodes.know_each_other(self.detector.pair)


ALL = {kind.name: kind for kind in (Stop, OneWay, Link)}

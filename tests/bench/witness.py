# SPDX-License-Identifier: GPL-2.0
#
# The independent witness of all pairs, by one clock, CLOCK_REALTIME: a process that
# stamps each line that a detector prints as it is read, and captures of the cables with
# the kernel's time stamps. It takes no processor time from those it watches but for
# each line that they print: a capture is opened shortly before a fault, and read when
# its report has come.

import ctypes
import json
import os
import select
import selectors
import socket
import struct
import time

SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
STAMP = struct.Struct("=qq")
PACKET_OUTGOING = 4
ETH_P_ALL = 3
PRIORITY = 70       # over the hogs of any load


def setns(fd):
    # os.setns() is younger than Debian 12's Python
    if ctypes.CDLL(None, use_errno=True).setns(fd, 0):
        raise OSError(ctypes.get_errno(), "setns")


def socket_in(namespace):
    """A capture of eth0 there."""
    own = os.open("/proc/self/ns/net", os.O_RDONLY)
    other = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    setns(other)
    try:
        capture = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        capture.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        capture.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 26)
        capture.setblocking(False)
        capture.bind(("eth0", ETH_P_ALL))
    finally:
        setns(own)
        os.close(own)
        os.close(other)
    return capture


class Capture:
    """Of the beats of a pair's b, as they come out of the cable at a's end."""

    def __init__(self, detector):
        self.detector = detector
        self.socket = socket_in(detector.pair[0].name)
        self.beats = []         # when they came, ns

    def read(self):
        while True:
            try:
                packet, ancillary, _, sender = self.socket.recvmsg(256, 64)
            except BlockingIOError:
                return
            if sender[2] != PACKET_OUTGOING and \
                    self.detector.is_beat(sender[1], packet):
                seconds, ns = STAMP.unpack(ancillary[0][2])
                self.beats.append(seconds * 10**9 + ns)

    def last_before(self, now):
        """The last beat until then, or 0."""
        self.read()
        return max((beat for beat in self.beats if beat <= now), default=0)

    def any_between(self, begin, end):
        self.read()
        return any(begin < beat < end for beat in self.beats)

    def close(self):
        self.socket.close()


class Log:
    """One process's output."""

    def __init__(self, detector, node, fd):
        self.detector, self.node, self.fd = detector, node, fd
        self.rest = b""
        os.set_blocking(fd, False)

    def lines(self):
        """What can be read, None at the end."""
        data = os.read(self.fd, 1 << 16)
        if not data:
            return None
        *whole, self.rest = (self.rest + data).split(b"\n")
        return [line.decode(errors="replace") for line in whole]


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
        lines = log.lines()
        if lines is None:
            self.selector.unregister(log.fd)
            return
        for line in lines:
            print(now, log.node.name, line, file=self.log)
            said = log.detector.says(log.node, line)
            if said:
                os.write(self.reports, json.dumps(
                    {"ns": now, "detector": log.detector.name,
                     "node": log.node.name[-1], "says": said}).encode() + b"\n")

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
        self.reports, reports = os.pipe()
        self.rest = b""
        self.pid = os.fork()
        if not self.pid:
            try:
                os.close(self.reports)
                with open(log_path, "a", buffering=1, encoding="utf-8") as log:
                    Reader(detectors, reports, log).run()
            finally:
                os._exit(1)
        os.close(reports)

    def take(self, patience_s):
        """Reports that came since the last call, oldest first; waits for the first
        one for so long."""
        if not select.select([self.reports], [], [], patience_s)[0]:
            return []
        data = os.read(self.reports, 1 << 20)
        if not data:
            raise RuntimeError("the witness is gone")
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def close(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)

# SPDX-License-Identifier: GPL-2.0
#
# Each CPU of a guest on one of this machine's, for what is measured in real time. Where
# the host may choose it now and then runs two CPUs of a guest by turns on one of its own,
# and lets one of them wait for some ms while the other CPU is idle: to the guest, a CPU
# that stands still. What User-Mode Linux runs, a process of the host for each of its
# own, may still run on any.

import os
import threading
import time

PERIOD_S = 0.3


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:         # it has ended meanwhile
        return ""


def list_of(path):
    try:
        return os.listdir(path)
    except FileNotFoundError:
        return []


def cpus_of(guest):
    """Threads that are the CPUs of the guest, in order."""
    tids = sorted(map(int, list_of(f"/proc/{guest}/task")))
    names = {tid: read(f"/proc/{guest}/task/{tid}/comm").strip() for tid in tids}
    if names.get(guest) == "linux":
        return tids
    return [tid for tid in tids if names[tid].startswith("CPU ")]


def parent_of(pid):
    stat = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return int(stat[1]) if stat else 0


def allow(tid, cpus):
    try:
        os.sched_setaffinity(tid, cpus)
    except ProcessLookupError:
        pass


class Pin(threading.Thread):
    """For as long as the guest runs; its processes are freed soon after they have begun
    on the CPU of their parent."""

    def __init__(self, guest):
        super().__init__(daemon=True)
        self.guest, self.host = guest, sorted(os.sched_getaffinity(0))
        self.known = set()

    def free_processes(self):
        pids = {int(name) for name in os.listdir("/proc") if name.isdigit()}
        for pid in pids - self.known:
            if parent_of(pid) == self.guest:
                allow(pid, self.host)
        self.known = pids

    def run(self):
        while os.path.isdir(f"/proc/{self.guest}/task"):
            for number, tid in enumerate(cpus_of(self.guest)):
                allow(tid, {self.host[number % len(self.host)]})
            self.free_processes()
            time.sleep(PERIOD_S)

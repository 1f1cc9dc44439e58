# SPDX-License-Identifier: GPL-2.0
#
# How long the guest's CPUs were busy, in instructions: for virtual time only, see
# tests/qemu/boot.sh. /proc/timer_list has the idle time of each CPU in ns, which is
# in /proc/uptime in units of 10 ms.

import os
import re
import time

NS_PER_INSTRUCTION = 2      # -icount shift=1
NOW = re.compile(r"^now at (\d+) nsecs", re.M)
IDLE = re.compile(r"^\s*\.idle_sleeptime\s*: (\d+) nsecs", re.M)


def snapshot():
    """Time of all CPUs, and what of it was idle, since they came up."""
    with open("/proc/timer_list", encoding="ascii") as timers:
        text = timers.read()
    idle = [int(ns) for ns in IDLE.findall(text)]
    return int(NOW.search(text)[1]) * len(idle), sum(idle), len(idle)


class Busy:
    """From now on."""

    def __init__(self):
        self.began, self.idle, _ = snapshot()

    def instructions(self):
        """So far, and in how many seconds."""
        now, idle, cpus = snapshot()
        elapsed = now - self.began
        return ((elapsed - (idle - self.idle)) / NS_PER_INSTRUCTION,
                elapsed / cpus / 1e9)


class Idle:
    """What the guest does with nothing in it, and what it takes to measure."""

    # For half a minute after its boot the kernel does twice as much as later.
    SETTLE_S = 60

    def __init__(self, seconds):
        time.sleep(self.SETTLE_S)
        self.measuring, _ = Busy().instructions()
        busy = Busy()
        time.sleep(seconds)
        instructions, elapsed = busy.instructions()
        self.per_second = (instructions - self.measuring) / elapsed

    def of(self, seconds):
        return self.measuring + self.per_second * seconds


def kernel():
    """Release and package version."""
    uname = os.uname()
    return f"{uname.release} {uname.version}"

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# shell.py VEHICLE: type into the shell that `make shell` gives, and read what it
# says; prints KTAP.

import os
import pty
import re
import select
import sys
import time

TOP = os.path.realpath(os.path.dirname(__file__) + "/../..")
WAIT = 300		# an upper bound, for the boot and all else


class Shell:
    """A terminal, with the guest at its other end."""

    def __init__(self, vehicle):
        self.end = time.monotonic() + WAIT
        self.said = self.transcript = ""
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            os.chdir(TOP)
            os.execv("tests/guest", ["tests/guest", vehicle])

    def read(self):
        """What is said next; empty at the end, or if time is up."""
        left = max(self.end - time.monotonic(), 0)
        if not select.select([self.terminal], [], [], left)[0]:
            return ""
        try:
            return os.read(self.terminal, 4096).decode(errors="replace")
        except OSError:
            return ""

    def hears(self, pattern):
        """Whether that is said, after what was heard before."""
        while not (match := re.search(pattern, self.said)):
            more = self.read()
            if not more:
                return False
            self.said += more
            self.transcript += more
        self.said = self.said[match.end():]
        return True

    def type(self, line):
        os.write(self.terminal, line.encode() + b"\n")

    def status(self):
        while self.read():
            pass
        if time.monotonic() > self.end:
            os.kill(self.pid, 15)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def main():
    shell = Shell(sys.argv[1])
    results = [("it says that hb is loaded", shell.hears("hb is loaded")),
               ("there is a prompt", shell.hears(r"# "))]
    shell.type("hbctl node set name nobody && hbctl")
    results.append(("hbctl works", shell.hears(r"nobody\s.*7694")))
    shell.type("exit 7")
    results.append(("its status is the guest's", shell.status() == 7))
    print(f"KTAP version 1\n1..{len(results)}")
    for line in shell.transcript.splitlines():
        print("#", line)
    for number, (name, good) in enumerate(results, 1):
        print(f"{'ok' if good else 'not ok'} {number} {name}")


main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# console.py [options] -- COMMAND...: run a guest and watch it.  The guest's kernel
# log comes on its fd 3; from "hb-guest: begin" to "hb-guest: end STATUS" (both
# from tests/vm-init) it must hold no sign of trouble.  The exit code is the job's
# own; 126 if the kernel complained, 125 if the guest died, 124 if time was up.

import argparse
import fcntl
import os
import re
import signal
import subprocess
import sys
import threading

import pin

# A check that gives itself up is trouble too.  Where tests take the memory away, a
# reference may go without its tracker: it is counted nevertheless, and a leak warns.
TROUBLE = re.compile(
    r"BUG:|WARNING:|\bWARN\b|RIP:|Call Trace:|INFO: |unreferenced object|"
    r"ref_tracker: (?!memory allocation failure, unreliable)|"
    r"UBSAN:|KASAN:|KCSAN:|suspicious RCU|possible circular|"
    r"waiting for .* to become free|scheduling while atomic|Oops|Kernel panic|"
    r"ODEBUG: Out of memory|memory leak detector disabled|"
    r"turning off the locking correctness validator")
BEGIN = re.compile(r"hb-guest: begin\s*$")
END = re.compile(r"hb-guest: end (\d+)\s*$")

KERNEL_TROUBLE, GUEST_DIED, TIME_OUT = 126, 125, 124


class Watch:
    """What the kernel log has said so far."""

    def __init__(self, quiet, verbose):
        self.quiet, self.verbose = quiet, verbose
        self.boot, self.log, self.trouble = [], [], []
        self.begun, self.status = False, None

    def line(self, line):
        if BEGIN.search(line):
            self.begun = True
        elif END.search(line):
            self.status = int(END.search(line)[1])
        (self.log if self.begun else self.boot).append(line)
        if self.begun and TROUBLE.search(line):
            self.trouble.append(line)
        if self.verbose or (self.begun and not self.quiet):
            print(line, file=sys.stderr, flush=True)

    def verdict(self, killed_for):
        if signal.SIGALRM in killed_for:
            return TIME_OUT, "time is up"
        if killed_for:
            return 128 + killed_for[0], "interrupted"
        if self.status is None:
            return GUEST_DIED, "the guest died"
        if self.trouble:
            return KERNEL_TROUBLE, "the kernel complained"
        return self.status, None

    def unseen(self):
        """Lines worth seeing after a failure which have not been shown."""
        if self.verbose:
            return []
        return (self.boot if not self.begun else []) + \
            (self.log if self.quiet else [])


def big_pipe():
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 1 << 20)
    return reader, writer


def relay(reader):
    """Hand the guest's output on, for as long as anyone wants it."""
    wanted = True
    while chunk := os.read(reader, 1 << 16):
        try:
            while wanted and chunk:
                chunk = chunk[os.write(1, chunk):]
        except BrokenPipeError:
            wanted = False


def start(command, tty):
    """The guest, its kernel log, and the thread which relays its output."""
    log, log_writer = big_pipe()

    def plumb():
        os.dup2(log_writer, 3)
        if not tty:
            os.setpgid(0, 0)

    out, out_writer = (None, None) if tty else big_pipe()
    guest = subprocess.Popen(		# UML cannot wait for /dev/null
        command, stdout=out_writer, stdin=None if tty else subprocess.PIPE,
        preexec_fn=plumb, pass_fds=[3])
    os.close(log_writer)
    thread = None
    if not tty:
        os.close(out_writer)
        thread = threading.Thread(target=relay, args=[out], daemon=True)
        thread.start()
    return guest, log, thread


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--timeout", type=float, default=0)
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--tty", action="store_true")
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()

    watch = Watch(args.quiet, args.verbose)
    guest, log, thread = start(args.command, args.tty)
    killed_for = []

    def stop(signum, _):
        if not args.tty:
            killed_for.append(signum)
            os.killpg(guest.pid, signal.SIGKILL)

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(signum, stop)
    signal.setitimer(signal.ITIMER_REAL, args.timeout)
    if args.pin:
        pin.Pin(guest.pid).start()

    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            watch.line(line.rstrip())
    guest.wait()
    signal.setitimer(signal.ITIMER_REAL, 0)
    if thread:
        thread.join()

    status, why = watch.verdict(killed_for)
    if why:
        for line in watch.unseen() + [f"guest: {why}"] + watch.trouble:
            print(line, file=sys.stderr)
    return status


sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# pair.py [VEHICLE [WORD]]: two QEMU guests, joined by a datagram socket in a folder of
# ours, watch each other; one ends in every way there is, and the other one says
# what it heard of that and when.  Prints KTAP with the table; of all ends, or of
# those with WORD in their name.
#
# Times are the host's, from the line that the victim prints right before its end
# (or from what the host does to it) to the line of the survivor's monitor, so they
# hold two serial ports and an emulated CPU.  They are for the reader: what is
# checked of them is that whoever is told knows sooner than any timeout could.

import dataclasses
import json
import os
import queue
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.realpath(os.path.dirname(__file__) + "/../..")
TROUBLE = re.compile(r"BUG:|WARNING:|Call Trace:|INFO: |Oops|Kernel panic")
SLOW, FAST, K = 1.0, 0.01, 3
GASPS = 3			# as in kmod/gasp.c
DROPPED = "hbctl -j stats peers a | gojq '.[0].rx_dropped'"
IPV4, IPV6 = "10.0.0.", "fd00::"
BOOT, WAIT = 120, 30		# upper bounds
KEY = "aGItcGFpci10ZXN0LWtleS0wMTIzNDU2Nzg5YWJjZGU="
# Runs what the host says; the echo begins on a line of its own. What is said before
# this listens is lost.
JOB = r"""
export PATH=/hb/build/hbctl:$PATH
echo exit 0
while read -r line; do eval "$line"; printf '\nexit %d\n' $?; done < /dev/ttyS1
"""


class Lost(Exception):
    """A guest did not do what it had to."""


class Guest:
    """A guest, its terminal and its monitor."""

    def __init__(self, folder, kernel, name, number):
        self.name, self.number = name, number
        self.folder = f"{folder}/{name}"
        self.socket = f"{folder}/{name}.socket"
        self.peer = f"{folder}/{'b' if name == 'a' else 'a'}.socket"
        self.kernel, self.process = kernel, None
        self.nic, self.append, self.said = None, "", ""
        os.mkdir(self.folder)
        with open(f"{self.folder}/job", "w", encoding="ascii") as job:
            job.write(JOB)

    def image(self):
        folder = subprocess.run(["tests/qemu/kernel.sh", self.kernel], cwd=TOP,
                                check=True, stdout=subprocess.PIPE, text=True)
        return folder.stdout.strip() + "/vmlinuz"

    def devices(self, nic):
        model = {"virtio": "virtio-net-pci", "e1000": "e1000"}[nic]
        return (f"-netdev dgram,id=net,local.type=unix,"
                f"local.path={self.socket},remote.type=unix,"
                f"remote.path={self.peer} "
                f"-device {model},id=nic,netdev=net,romfile=,"
                f"mac=02:00:00:00:00:0{self.number} "
                f"-drive file={self.image()},format=raw,if=virtio,readonly=on "
                f"-monitor unix:{self.folder}/monitor,server=on,wait=off")

    def boot(self, nic, append=""):
        self.stop()
        for path in (self.socket, self.folder + "/monitor"):
            if os.path.exists(path):
                os.unlink(path)
        self.nic, self.append, self.said = nic, append, "its start"
        self.lines, self.events = queue.Queue(), queue.Queue()
        log = os.open(f"{self.folder}/log", os.O_WRONLY | os.O_CREAT |
                      os.O_APPEND)
        self.process = subprocess.Popen(
            ["bash", "-c", 'exec tests/qemu/boot.sh "$1" "$2" 3>&"$3"', "-",
             self.kernel, self.folder + "/job", str(log)],
            cwd=TOP, pass_fds=[log], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=log,
            env=dict(os.environ, TMPDIR=self.folder, HB_APPEND=append,
                     HB_DEVICES=self.devices(nic)))
        os.close(log)
        threading.Thread(target=self.read, args=[self.process, self.lines,
                                                 self.events],
                         daemon=True).start()
        self.answered(BOOT)
        # virtio_pci is a module on some kernels, and nobody else loads it
        drivers = {"virtio": "virtio_pci virtio_net", "e1000": "e1000"}[nic]
        self.run(f"modprobe -a {drivers}; for i in {{1..200}}; do "
                 "[ -e /sys/class/net/eth0 ] && break; sleep 0.1; done")
        # or a link that goes down takes its IPv6 addresses along
        self.run("echo 1 > /proc/sys/net/ipv6/conf/eth0/keep_addr_on_down")
        self.run(f"ip addr add 10.0.0.{self.number}/24 dev eth0")
        self.run(f"ip addr add fd00::{self.number}/64 dev eth0 nodad")
        self.run("ip link set eth0 up")
        self.run(f"(umask 77; echo {KEY} > /run/key)")
        self.load()

    def load(self):
        self.run("insmod /hb/hb.ko")
        self.run(f"hbctl node set name {self.name} key-file /run/key")

    @staticmethod
    def read(process, lines, events):
        """What the monitor says goes to events, all else to lines."""
        for line in process.stdout:
            line = line.decode(errors="replace").strip()
            (events if line.startswith("{") else lines).put(
                (time.monotonic(), line))
        for wanted in lines, events:
            wanted.put((time.monotonic(), None))

    def send(self, command):
        self.said = command
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()

    def wait(self, wanted, seconds=WAIT, source=None):
        """The time and the line for which wanted is true."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                when, line = (source or self.lines).get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                raise Lost(f"guest {self.name} ended after: {self.said}")
            if wanted(line):
                return when, line
        raise Lost(f"guest {self.name} does not answer: {self.said}")

    def wait_state(self, *states):
        """The time and the event of a change to one of these states."""
        when, line = self.wait(lambda line: state_event(line).get("to") in
                               states, source=self.events)
        return when, state_event(line)

    def answered(self, seconds=WAIT):
        self.wait(lambda line: re.fullmatch(r"exit \d+", line), seconds)

    def run(self, command):
        self.send(command)
        self.answered()

    def until(self, command):
        self.run(f"until {command} > /dev/null; do sleep 0.1; done")

    def monitor(self, command):
        """Ask QEMU, until it is ready for the next question."""
        said = b""
        try:
            with socket.socket(socket.AF_UNIX) as monitor:
                monitor.settimeout(WAIT)
                monitor.connect(self.folder + "/monitor")
                monitor.sendall(command.encode() + b"\n")
                while said.count(b"(qemu)") < 2:
                    more = monitor.recv(4096)
                    if not more:
                        raise OSError("it hung up")
                    said += more
        except OSError as error:
            raise Lost(f"QEMU did not {command}: {error}") from error

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        if self.alive():
            self.process.kill()
        if self.process:
            self.process.wait()

    def log(self):
        with open(f"{self.folder}/log", encoding="utf-8",
                  errors="replace") as log:
            return log.read()

    def last_words(self):
        return self.log().splitlines()[-40:]

    def trouble(self):
        begun = self.log().partition("hb-guest: begin")[2]
        return [line for line in begun.splitlines() if TROUBLE.search(line)]


@dataclasses.dataclass
class End:
    """A way to end."""
    name: str
    command: str		# for the victim, or "host" for the host
    reason: str			# that the survivor hears
    state: str = "left"
    ends: bool = True		# there is nothing left of the victim
    undo: str = ""
    append: str = ""		# words for the victim's kernel
    first: tuple = ()		# what has to succeed before


# Loads a kernel that boots if this one crashes
CRASH_KERNEL = ("modprobe -a virtio_pci virtio_blk && cp /dev/vda /run/kernel && "
                "kexec -p --append='quiet panic=-1' /run/kernel")
LISTED = """hbctl -j node show | gojq -e '.[0].hazards | index("crash-kernel")'"""
PANIC = "echo c > /proc/sysrq-trigger"
# QEMU sends what it was given when its main thread gets to that, and forgets it if the
# guest is gone by then: so this machine waits a second.
HALT = "panic=1"
# Each packet is all that the kernel lets the card have before an interrupt, from the
# next ones on.
BUSY = "echo 1 > /sys/class/net/eth0/queues/tx-0/byte_queue_limits/limit_max; sleep 3"

ENDS = [
    End("hbctl leave", "hbctl leave", "leave", ends=False),
    End("rmmod hb", "rmmod hb", "unload", ends=False, undo="load"),
    End("ip link set down", "ip link set eth0 down", "device", ends=False,
        undo="ip link set eth0 up"),
    End("set_link off", "set_link nic off", "timeout", "down", False,
        undo="set_link nic on"),
    End("panic", PANIC, "panic", "down", append=HALT),
    End("reboot", "busybox reboot -f", "reboot"),
    End("poweroff", "busybox poweroff -f", "shutdown"),
    End("SIGKILL of QEMU", "kill", "timeout", "down"),
]
# A crash kernel is booted before anybody is told, unless the command line says else.
CRASHES = [
    End("crash kernel", PANIC, "timeout", "down", append="crashkernel=128M",
        first=(CRASH_KERNEL, LISTED)),
    End("crash kernel, told", PANIC, "panic", "down",
        append="crashkernel=128M crash_kexec_post_notifiers",
        first=(CRASH_KERNEL, f"! {LISTED}")),
]
LOADED = End("panic, busy card", PANIC, "panic", "down", append=HALT, first=(BUSY,))
TOLD = [end for end in ENDS if end.reason != "timeout"]


def state_event(line):
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if event.get("event") == "state" else {}


class Pair:
    """Victim a and survivor b."""

    def __init__(self, folder, kernel):
        self.a = Guest(folder, kernel, "a", 1)
        self.b = Guest(folder, kernel, "b", 2)

    def meet(self, interval, nic, net, append):
        if (not self.a.alive() or self.a.nic != nic or
                self.a.append != append):
            self.a.boot(nic, append)
        self.b.run("hbctl peer del all")
        self.b.events.queue.clear()
        self.a.run("hbctl peer del all")
        for guest, name, number in ((self.a, "b", 2), (self.b, "a", 1)):
            guest.run(f"hbctl peer add {name} addr {net}{number} "
                      f"interval {interval * 1000:.0f}ms multiplier {K}")
        self.b.wait_state("up")
        # If both ask at once, a beat later they agree on one session; the
        # frames of the last gasp are made a moment after.
        self.b.until("hbctl -j stats peers a | gojq -e '.[0].rx_beats > 2'")
        self.a.until("hbctl -j stats | gojq -e '.[0].gasps_ready == 1'")

    def cause(self, end):
        """Returns when it was."""
        if end.command.startswith("set_link"):
            began = time.monotonic()
            self.a.monitor(end.command)
        elif end.command == "kill":
            began = time.monotonic()
            self.a.process.kill()
        else:
            self.a.send("echo now > /dev/ttyS1; " + end.command)
            began = self.a.wait(lambda line: line == "now")[0]
        return began

    def undo(self, end):
        if end.ends:
            try:
                self.a.process.wait(WAIT)
            except subprocess.TimeoutExpired as error:
                raise Lost("the victim goes on") from error
        elif end.undo == "load":
            self.a.load()
        elif end.undo.startswith("set_link"):
            self.a.monitor(end.undo)
        elif end.undo:
            self.a.run(end.undo)

    def try_end(self, end, interval, nic, net):
        """Returns what the survivor reported, and after how many seconds."""
        self.meet(interval, nic, net, end.append)
        for command in end.first:
            self.a.until(command)
        self.b.run(f"dropped=$({DROPPED})")
        self.b.events.queue.clear()
        began = self.cause(end)
        when, event = self.b.wait_state("down", "left")
        if event["reason"] == "panic":
            # the other copies, with which one that gets lost does no harm
            self.b.until(f"[ $({DROPPED}) -ge $((dropped + {GASPS - 1})) ]")
        self.undo(end)
        return event, when - began


def judge(end, interval, event, seconds):
    """What is wrong, or nothing. With the fast interval the emulated CPUs may
    be late for a beat, so a timeout may come first."""
    if interval == FAST:
        return None
    if (event["to"], event["reason"]) != (end.state, end.reason):
        return f"not {end.state} {end.reason}"
    if end.reason != "timeout" and seconds >= (K - 1) * interval:
        return "no sooner than a timeout"
    return None


def run(pair, word):
    cases = [(end, interval, nic, net) for nic, interval, net, ends in (
        ("virtio", SLOW, IPV4, ENDS), ("virtio", FAST, IPV4, ENDS),
        ("virtio", SLOW, IPV6, TOLD), ("virtio", SLOW, IPV4, [*CRASHES, LOADED]),
        ("e1000", SLOW, IPV4, ENDS[2:5]))
        for end in ends if word in end.name]
    failed = 0
    print(f"KTAP version 1\n1..{len(cases) + 1}", flush=True)
    print(f"# {'end':<18}{'card':<8}{'net':<10}{'K x T':>8}  {'state':<6}"
          f"{'reason':<10}{'after':>12}", flush=True)
    for number, (end, interval, nic, net) in enumerate(cases, 1):
        try:
            event, seconds = pair.try_end(end, interval, nic, net)
            wrong = judge(end, interval, event, seconds)
            print(f"# {end.name:<18}{nic:<8}{net:<10}"
                  f"{K * interval * 1000:>5.0f} ms  "
                  f"{event['to']:<6}{event['reason']:<10}"
                  f"{seconds * 1000:>9.1f} ms")
        except Lost as error:
            wrong = str(error)
            for line in pair.a.last_words():
                print("#", line)
            pair.a.stop()
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} {end.name}, {nic}, {net}, "
              f"T = {interval} s{' # ' + wrong if wrong else ''}", flush=True)
    trouble = pair.b.trouble()
    for line in trouble:
        print("#", line)
    print(f"{'not ok' if trouble else 'ok'} {len(cases) + 1} survivor's log")
    return 1 if failed or trouble else 0


def main():
    vehicle = sys.argv[1] if len(sys.argv) > 1 else "qemu-6.12"
    subprocess.run(["tests/lib/deps.sh", "build", "test", "qemu"], cwd=TOP,
                   check=True)
    subprocess.run(["tests/lib/module.sh", vehicle], cwd=TOP, check=True,
                   stdout=subprocess.DEVNULL)
    folder = tempfile.mkdtemp(prefix="hb.", dir="/dev/shm")
    pair = Pair(folder, vehicle.removeprefix("qemu-"))
    try:
        pair.b.boot("virtio")
        pair.b.run("hbctl -j monitor > /dev/ttyS1 &")
        return run(pair, sys.argv[2] if len(sys.argv) > 2 else "")
    except Lost as error:
        print(f"Bail out! {error}")
        return 1
    finally:
        pair.a.stop()
        pair.b.stop()
        shutil.rmtree(folder)


sys.exit(main())

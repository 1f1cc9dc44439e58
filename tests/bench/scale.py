# SPDX-License-Identifier: GPL-2.0
#
# scale.py [quick] [detectors=hb,bird,frr] [peers=10,100,...] [intervals=1000,100,10]
#          [deaths=1000]
#
# In a guest, as root: what many sessions cost, of hb and of what runs in user space.
# For each detector, number of peers of the watchers and interval in ms, as far as the
# machine carries: in virtual time instructions per beat (sent by one end, heard by the
# other: a session has two of them an interval), how late beats come at most, memory,
# and the time to add, show and remove all. Then all of `deaths` peers die at once. A
# JSON object for each measurement, then tables, in comments.

import json
import os
import re
import select
import sys
import time

import fleet
import lines
import nodes
import tap

ICOUNT = bool(os.environ.get("HB_ICOUNT"))
PER_SECOND = 500_000_000        # instructions in virtual time
# What a load must leave of the machine, or it is not carried
SHARE_MAX = 0.9
TRACING = "/sys/kernel/tracing"
CPUS = os.cpu_count()


def choices(words):
    chosen = {"detectors": "hb,bird,frr", "peers": "10,100,1000,10000",
              "intervals": "1000,100,10", "deaths": "1000"}
    for word in words:
        if word == "quick":
            chosen.update(detectors="hb,bird", peers="10,100", intervals="100",
                          deaths="100")
        elif word.partition("=")[0] in chosen:
            chosen.update([word.split("=", 1)])
        else:
            sys.exit(f"scale.py: what is '{word}'?")
    return {key: value.split(",") for key, value in chosen.items()}


def idle_s():
    """Time that passed, and time that CPUs were idle, in s."""
    with open("/proc/uptime", encoding="utf-8") as uptime:
        return [float(word) for word in uptime.read().split()]


def busy_s(duration):
    """Of all CPUs together, within that time."""
    begin = idle_s()
    time.sleep(duration)
    end = idle_s()
    return (end[0] - begin[0]) * CPUS - (end[1] - begin[1])


def kernel_kb():
    """What it has allocated for itself; what waits for a grace period is free by
    then."""
    time.sleep(1)
    with open("/proc/meminfo", encoding="utf-8") as meminfo:
        return sum(int(kb) for kb in re.findall(
            r"^(?:Slab|Percpu|VmallocUsed): +(\d+)", meminfo.read(), re.MULTILINE))


class Scale:
    """The measurements of one detector with one number of peers."""

    def __init__(self, name, peers, per_beat_s):
        self.name, self.peers = name, peers
        self.per_beat_s = per_beat_s    # by what was measured before, or None
        self.fleet = fleet.make(name, peers)
        self.idle = busy_s(300) / 300 if ICOUNT else None
        self.fresh = True

    def rate(self, interval_ms):
        return 2 * self.peers / interval_ms * 1000

    def carries(self, interval_ms):
        """Is there a chance?  An overloaded guest would take for ever to say no."""
        return not self.per_beat_s or \
            self.rate(interval_ms) * self.per_beat_s < SHARE_MAX * CPUS

    def all_up(self):
        time.sleep(0.5)         # to ask costs time that they need
        return self.fleet.up() == self.peers

    def memory_now(self):
        return kernel_kb(), self.fleet.memory_kb()

    def measure(self, interval_ms):
        row = {"detector": self.name, "peers": self.peers,
               "interval_ms": interval_ms}
        before = self.memory_now()
        row["add_s"] = round(self.fleet.add(interval_ms), 4)
        nodes.until(f"{self.peers} sessions of {self.name}", 120, self.all_up)
        time.sleep(2 + 5 * interval_ms / 1000)
        if self.fresh:          # later ones get what the first have left
            self.measure_memory(row, before)
        self.measure_beats(row, interval_ms)
        # before the witness, whose pages the kernel frees for up to 1.2 ms with
        # interrupts off
        late = self.fleet.late_max_ns()
        if late is not None:
            row["timer_late_max_us"] = round(late / 1000, 1)
        self.measure_gaps(row, interval_ms)
        begin = time.monotonic()
        shown = self.fleet.show()
        row["show_s"] = round(time.monotonic() - begin, 4)
        row["show_bytes"] = len(shown)
        row["up"] = self.fleet.up()
        return row

    def measure_memory(self, row, before):
        self.fresh = False
        kernel, process = (after - then for after, then in
                           zip(self.memory_now(), before))
        # the kernel has that of both ends
        row["kernel_bytes_per_peer"] = kernel * 1024 // (2 * self.peers)
        row["process_bytes_per_peer"] = process * 1024 // self.peers

    def measure_beats(self, row, interval_ms):
        # many beats, as /proc/uptime has hundredths of a second, but no long wait
        duration = min(max(40000 / self.rate(interval_ms), 10), 300 if ICOUNT else 20)
        before = self.fleet.beats()
        busy = busy_s(duration)
        row["beats"] = self.fleet.beats() - before
        row["beats_due"] = round(self.rate(interval_ms) * duration)
        if not ICOUNT:
            return              # User-Mode Linux does not know when it is idle
        busy -= self.idle * duration
        row["busy_share"] = round(busy / duration / CPUS, 4)
        row["instructions_per_beat"] = round(busy * PER_SECOND / row["beats"])
        self.per_beat_s = busy / row["beats"]

    def measure_gaps(self, row, interval_ms):
        """The longest time between beats of a session, by the capture."""
        witness = tap.Tap(self.fleet.watchers[0].name)
        time.sleep(max(2, 3 * interval_ms / 1000))
        last, longest = {}, 0
        for stamp, packet in witness.packets():
            peer = tap.source(packet)
            longest = max(longest, stamp - last.get(peer, stamp))
            last[peer] = stamp
        witness.close()
        row["gap_max_ms"] = round(longest / 1e6, 3)

    def deaths(self, interval_ms):
        """All die at once: when is it told, from the deadlines on?"""
        watch = self.fleet
        watch.listen()
        time.sleep(1)
        logs = Logs(watch.watchers[0])
        logs.read_for(0.1)
        self.trace_deaths(True)
        witness = tap.Tap(watch.watchers[0].name)
        time.sleep(2 * interval_ms / 1000)
        watch.cut()
        told = {}
        end = time.monotonic() + 4 * watch.multiplier * interval_ms / 1000 + 10
        while len(told) < self.peers and time.monotonic() < end:
            for stamp, line in logs.read_for(0.1):
                peer = watch.death(line)
                if peer:
                    told.setdefault(peer, stamp)
        last = watch.last_beats(witness.packets())
        witness.close()
        allowed = watch.multiplier * interval_ms * 1e6
        after = [(told[peer] - last[peer] - allowed) / 1e6 for peer in told]
        row = {"detector": self.name, "deaths": self.peers,
               "interval_ms": interval_ms, "reported": len(told)}
        if after:
            stamps = [stamp / 1e6 for stamp in told.values()]
            row["spread_ms"] = round(max(stamps) - min(stamps), 3)
            row.update(spread("told_after_deadline", after))
        row.update(spread("multicast_after_deadline", self.traced()))
        self.trace_deaths(False)
        return row

    def trace_deaths(self, on):
        if self.name != "hb":
            return
        with open(f"{TRACING}/trace", "w", encoding="utf-8"):
            pass
        for name, text in (("filter", "type == 0 && to == 2" if on else "0"),
                           ("enable", str(int(on)))):
            with open(f"{TRACING}/events/hb/hb_event_sent/{name}", "w",
                      encoding="utf-8") as out:
                out.write(text)

    def traced(self):
        """How hb's own tracepoint has it, in ms: from the deadline to the end of the
        multicast."""
        if self.name != "hb":
            return []
        with open(f"{TRACING}/trace", encoding="utf-8") as trace:
            return [int(ns) / 1e6 for ns in re.findall(
                r"hb_event_sent:.* age=(\d+)", trace.read())]


def spread(what, values):
    if not values:
        return {}
    return {f"{what}_{name}_ms": round(value, 3) for name, value in
            (("min", min(values)), ("median", sorted(values)[len(values) // 2]),
             ("max", max(values)))}


class Logs:
    """Lines of a node's output, with the time when they were read."""

    def __init__(self, node):
        self.poll = select.poll()
        self.logs = {fd: lines.Lines(fd) for fd in node.logs}
        for fd in node.logs:
            self.poll.register(fd, select.POLLIN)

    def read_for(self, duration):
        end, said = time.monotonic() + duration, []
        while time.monotonic() < end:
            for fd, _ in self.poll.poll(max(0, end - time.monotonic()) * 1000):
                new = self.logs[fd].read()
                stamp = time.time_ns()
                if new is None:
                    self.poll.unregister(fd)
                    continue
                said += [(stamp, line) for line in new]
        return said


def say(row):
    print(json.dumps(row), flush=True)
    return row


def measure_all(name, peers, intervals, deaths, per_beat_s):
    """Rows of one detector with that many peers, and what a beat cost at last."""
    rows, carried = [], []
    scale = Scale(name, peers, per_beat_s)
    try:
        for interval_ms in intervals:
            row = {"detector": name, "peers": peers, "interval_ms": interval_ms}
            if not scale.carries(interval_ms):
                rows.append(say({**row, "carried": False, "needs_cpus": round(
                    scale.rate(interval_ms) * scale.per_beat_s, 2)}))
                continue
            try:
                row = scale.measure(interval_ms)
            except RuntimeError as error:
                row["error"] = str(error)
            row["carried"] = row.get("up") == peers
            carried += [interval_ms] if row["carried"] else []
            row["remove_s"] = round(scale.fleet.remove(), 4)
            rows.append(say(row))
        if peers in deaths and carried:
            scale.fleet.add(carried[-1])
            nodes.until("all up once more", 120, scale.all_up)
            rows.append(say(scale.deaths(carried[-1])))
    finally:
        scale.fleet.close()
    return rows, scale.per_beat_s


def table(title, rows, columns):
    if not rows:
        return
    print(f"#\n# {title}")
    cells = [[head for head, _ in columns]] + [
        [str(row.get(key, "-")) for _, key in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells)]
    for line in cells:
        print("# " + "  ".join(map(str.rjust, line, widths)))


def tables(rows):
    table("Per beat, sent and heard; memory per peer in bytes", [
        row for row in rows if "peers" in row], (
            ("detector", "detector"), ("peers", "peers"), ("T ms", "interval_ms"),
            ("instructions", "instructions_per_beat"), ("busy", "busy_share"), ("up", "up"), ("gap ms", "gap_max_ms"),
            ("timer late us", "timer_late_max_us"),
            ("kernel B", "kernel_bytes_per_peer"),
            ("process B", "process_bytes_per_peer"), ("add s", "add_s"),
            ("show s", "show_s"), ("remove s", "remove_s"),
            ("CPUs needed", "needs_cpus")))
    table("Deaths at once: ms from the deadline until a reader was told, and until "
          "hb had sent it", [row for row in rows if "deaths" in row], (
              ("detector", "detector"), ("deaths", "deaths"),
              ("T ms", "interval_ms"), ("told", "reported"),
              ("first to last", "spread_ms"),
              ("min", "told_after_deadline_min_ms"),
              ("median", "told_after_deadline_median_ms"),
              ("max", "told_after_deadline_max_ms"),
              ("sent min", "multicast_after_deadline_min_ms"),
              ("median", "multicast_after_deadline_median_ms"),
              ("max", "multicast_after_deadline_max_ms")))


def prepare():
    """No IPv6, which would talk; room for the sockets and timers of all; hb."""
    for name, value in (("core/devconf_inherit_init_net", 1),
                        ("ipv6/conf/all/disable_ipv6", 1),
                        ("ipv6/conf/default/disable_ipv6", 1)):
        with open(f"/proc/sys/net/{name}", "w", encoding="utf-8") as out:
            out.write(str(value))
    nodes.run("prlimit", "--pid", str(os.getpid()), "--nofile=65536:65536")
    os.makedirs(nodes.PLACE, exist_ok=True)
    if not os.path.isdir("/sys/module/hb"):
        nodes.run("insmod", os.environ["HB_KO"])


def main():
    chosen = choices(sys.argv[1:])
    intervals = sorted(map(float, chosen["intervals"]), reverse=True)
    deaths = [int(n) for n in chosen["deaths"] if n]
    prepare()
    rows = []
    for name in chosen["detectors"]:
        per_beat_s = None
        for peers in sorted(map(int, chosen["peers"])):
            try:
                more, per_beat_s = measure_all(name, peers, intervals, deaths,
                                               per_beat_s)
                rows += more
            except (RuntimeError, OSError) as error:
                rows.append(say({"detector": name, "peers": peers,
                                 "error": str(error)}))
    tables(rows)


main()

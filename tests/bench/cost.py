#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# cost.py [--seconds S] [DETECTOR...]: what detectors cost, in instructions, kernel
# and user alike. For the guest whose time is virtual, where an instruction takes 2
# ns and an idle CPU takes none:
#
#   RIVALS=$(tests/bench/rivals.sh) tests/guest --icount --mem 1G qemu-6.12 -- \
#           python3 tests/bench/cost.py
#
# Prints a line of JSON for each detector, then a table. How it is measured:
#
# - The guest is busy for as long as the kernel does not count it idle; what it
#   needs with no detector in it is subtracted.
# - Both nodes are in the guest, so a packet is paid for by its sender and its
#   receiver: busy time over the packets that both devices sent is the cost of a beat
#   sent and received. Whatever else the detector does in that time is in it.
# - hb's beat alone is sent to a device that swallows it (hb-send): no cable, and
#   nobody who answers. The rest of the sum is the cable's and the receiver's.
# - A death: one node's packets are dropped as they leave. What the guest does from
#   then on, until all who watch have told, less what it does when they are let
#   through, over the deaths told; the median of some. The beats sent and received
#   in this time are left out of both.

import argparse
import json
import os
import sys
import time

import cpu
import detectors
import nodes
import voices

INTERVAL_MS = 10
# Long enough that packets can be cut off within it
DEATH_INTERVAL_MS = 100
DEATHS = 16


class HbOpen(detectors.Hb):
    """Without authentication, as the rivals are."""

    name = "hb-open"
    auth = "none"
    identify = staticmethod(detectors.name_hb)


class HbSend(detectors.Hb):
    """One node that beats into the void."""

    name = "hb-send"
    watchers = 0

    def start(self, node, other):
        if node is not self.pair[0]:
            return
        ip = ("ip", "-n", node.name)
        net = node.addr.replace(".0.", ".1.").rpartition(".")[0]
        nodes.run(*ip, "link", "add", "void", "type", "dummy")
        nodes.run(*ip, "addr", "add", f"{net}.1/24", "dev", "void")
        nodes.run(*ip, "link", "set", "void", "up")
        nodes.run(*ip, "neigh", "add", f"{net}.2", "lladdr", "02:00:00:00:00:02",
                  "dev", "void")
        self.identify(node)
        self.watch(node, "void", f"{net}.2")


KINDS = {**detectors.ALL, **{kind.name: kind for kind in (HbOpen, HbSend)}}


def packets(detector):
    """Sent by both nodes, by their devices, so far."""
    return sum(int(nodes.run(*node.inside(
        "sh", "-c", "cat /sys/class/net/[ev]*/statistics/tx_packets | "
        "{ n=0; while read x; do n=$((n + x)); done; echo $n; }")))
        for node in detector.pair)


def beat_cost(detector, idle, seconds):
    """Instructions for a packet sent and received, and packets of a second."""
    sent = -packets(detector)
    busy = cpu.Busy()
    time.sleep(seconds)
    instructions, elapsed = busy.instructions()
    sent += packets(detector)
    return (instructions - idle.of(elapsed)) / sent, sent / elapsed


def tc(node, *words):
    return nodes.run("tc", "-n", node.name, *words)


def begin(node, action):
    """This is done to its packets as they leave."""
    tc(node, "filter", "add", "dev", "eth0", "egress", "matchall", "action", action)


def end(node):
    """No more; returns how many of its packets were dropped."""
    said = json.loads(tc(node, "-j", "-s", "filter", "show", "dev", "eth0", "egress"))
    tc(node, "filter", "del", "dev", "eth0", "egress")
    return sum(action["stats"]["drops"] for filters in said
               for action in filters.get("options", {}).get("actions", ()))


def episode(detector, listener, action, beat):
    """Instructions, less those of beats, while this is done to one node's packets, and
    how many deaths were told."""
    time.sleep(2)
    listener.hear()
    victim = detector.pair[1]
    begin(victim, action)
    sent = -packets(detector)
    busy = cpu.Busy()
    time.sleep(3 * detector.period_ms / 1000 + 2)
    instructions, _ = busy.instructions()
    sent += packets(detector)
    dropped = end(victim)
    told = sum(what == "down" for _, what in listener.hear())
    listener.wait_up()
    return instructions - beat * (sent + dropped / 2), told


def death_cost(detector, beat):
    """Instructions for a death told, the median of some; 0 if it is less than what
    the detector does at irregular times."""
    listener = voices.Listener(detector)
    listener.wait_up()
    for node in detector.pair:
        tc(node, "qdisc", "add", "dev", "eth0", "clsact")
    costs = []
    for _ in range(DEATHS):
        without, _ = episode(detector, listener, "pass", beat)
        instructions, told = episode(detector, listener, "drop", beat)
        if not told:
            raise RuntimeError("nobody told of a death, but\n# " +
                               "\n# ".join(listener.last))
        costs.append((instructions - without) / told)
    return max(sorted(costs)[DEATHS // 2], 0)


def measure(name, number, idle, args):
    kind = KINDS[name]
    detector = kind(number, INTERVAL_MS)
    result = {"detector": name, "interval_ms": detector.interval_ms}
    try:
        if detector.watchers:
            voices.Listener(detector).wait_up()
        time.sleep(5)
        beat, rate = beat_cost(detector, idle, args.seconds)
    finally:
        detector.close()
    result.update(per_beat=round(beat), beats_per_s=round(rate, 2),
                  per_second=round(beat * rate))
    if detector.watchers and not args.no_deaths:
        detector = kind(number, DEATH_INTERVAL_MS)
        try:
            result["per_death"] = round(death_cost(detector, beat))
        finally:
            detector.close()
    return result


def table(results):
    row = "# {:10} {:>12} {:>12} {:>14} {:>12}"
    print(row.format("detector", "per beat", "beats/s", "per second", "per death"))
    for result in results:
        print(row.format(result["detector"], result["per_beat"],
                         result["beats_per_s"], result["per_second"],
                         result.get("per_death", "-")))


def measure_all(names, args):
    """A result for each; those that fail say so, and have none."""
    idle = cpu.Idle(args.seconds)
    for number, name in enumerate(names, 1):
        try:
            yield measure(name, number, idle, args)
        except (RuntimeError, OSError, nodes.subprocess.SubprocessError) as failure:
            print(f"# {name}: {failure}", flush=True)


def arguments(words):
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--no-deaths", action="store_true")
    parser.add_argument("detector", nargs="*")
    return parser.parse_args(words)


def main():
    args = arguments(None)
    names = args.detector or list(KINDS)
    nodes.run("insmod", os.environ["HB_KO"])
    results = []
    print(json.dumps({"kernel": cpu.kernel()}), flush=True)
    for result in measure_all(names, args):
        print(json.dumps(result), flush=True)
        results.append(result)
    table(results)
    return len(results) != len(names)


if __name__ == "__main__":
    sys.exit(main())

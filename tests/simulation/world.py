# SPDX-License-Identifier: GPL-2.0
#
# A cluster in one guest with simulated time, and how the operations of a plan are done
# to it. Nodes are namespaces on one switch; each watches those up to two places
# further on a circle; some have a watcher, a process that follows their events. What was
# done is kept for the oracle: which node did not hear which, and when.
#
#   +------+   +------+   +------+
#   | n0   |   | n1   |   | n2   |   ...
#   | eth0 |   | eth0 |   | eth0 |
#   +--+---+   +--+---+   +--+---+
#      p0         p1         p2      netdev filters, set `cut`
#   ===+==========+==========+=====  br0

import contextlib
import json
import os
import secrets
import subprocess
import time

import nftables

import client

PLACE = "/run/simulation"
REACH = 2
WATCHED = 2     # nodes with a process that follows their events
STALL = "/sys/module/hb_stall/parameters/stall"


def run(*words, text=None):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE,
                          input=text and text.encode()).stdout


class Filter(nftables.Nftables):
    """nft, in this process: it is what most operations are done by."""

    def do(self, text):
        code, _, error = self.cmd(text)
        if code:
            raise RuntimeError(f"nft: {text}: {error}")


def now_ns():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def until(what, condition, step_s, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(step_s)


class Life:
    """Of a node, from one start to its end, and what it reported in it."""

    def __init__(self, node, number, watched):
        self.node, self.begin_ns, self.end_ns = node, now_ns(), None
        self.client = client.Client(node)
        self.watcher, self.path = None, f"{PLACE}/{node}-{number}"
        self.since = self.client.next_event()
        if watched:
            with open(self.path, "wb") as out:
                self.watcher = subprocess.Popen(
                    ("hbctl", "-n", node, "-j", "monitor"), stdout=out)

    def end(self):
        """Its ring as it is now; nothing comes after."""
        self.events = self.client.events(self.since)
        self.end_ns = now_ns()
        self.client.close()
        if self.watcher:
            time.sleep(0.001)
            self.watcher.kill()
            self.watcher.wait()

    def watched(self):
        """What its watcher was told."""
        with open(self.path, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.endswith("}\n")]


class Switch:
    """Who does not hear whom. Cuts may overlap: what two of them cut is whole again
    when both are over."""

    def __init__(self, names):
        self.address = {name: f"10.8.{i >> 8}.{i & 255}"
                        for i, name in enumerate(names, 1)}
        self.mac = {name: f"02:00:00:00:{i >> 8:02x}:{i & 255:02x}"
                    for i, name in enumerate(names)}
        self.cuts, self.blocked, self.filter = {}, {}, Filter()
        run("ip", "link", "add", "br0", "type", "bridge")
        run("ip", "link", "set", "br0", "up")
        self.filter.do("""table netdev nemesis {
            set cut { type ipv4_addr . ipv4_addr; }; }""")
        for name in names:
            self.plug(name)

    def plug(self, name):
        """A cable to a new namespace."""
        port = f"p-{name}"
        run("ip", "netns", "add", name)
        run("ip", "-batch", "-", text=f"""
            link add {port} type veth peer name eth0 netns {name} address {self.mac[name]}
            link set {port} master br0 up""")
        run("ip", "-n", name, "-batch", "-", text=f"""
            addr add {self.address[name]}/16 dev eth0
            link set eth0 up
            """ + "\n".join(
                f"neigh add {self.address[other]} lladdr {self.mac[other]} dev eth0"
                for other in self.address if other != name))
        self.filter.do(f"""table netdev nemesis {{
            chain {name} {{ type filter hook ingress device "{port}" priority 0;
                ip saddr . ip daddr @cut drop; }}; }}""")

    def unplug(self, name):
        self.filter.do(f"delete chain netdev nemesis {name}")
        run("ip", "netns", "del", name)
        until("its port goes", lambda: not os.path.exists(
            f"/sys/class/net/p-{name}"), 0.005)

    def change(self, verb, pairs):
        if pairs:
            elements = ", ".join(f"{self.address[a]} . {self.address[b]}"
                                 for a, b in pairs)
            self.filter.do(f"{verb} element netdev nemesis cut {{ {elements} }}")

    def cut(self, pairs, since_ns=None):
        new = [pair for pair in pairs if not self.cuts.get(pair)]
        self.change("add", new)
        for pair in pairs:
            self.cuts[pair] = self.cuts.get(pair, 0) + 1
        for pair in new:
            self.blocked.setdefault(pair, []).append([since_ns or now_ns(), None])

    def mend(self, pairs):
        for pair in pairs:
            self.cuts[pair] -= 1
        whole = [pair for pair in pairs if not self.cuts[pair]]
        self.change("delete", whole)
        for pair in whole:
            self.blocked[pair][-1][1] = now_ns()


class World:
    def __init__(self, names):
        self.names = names
        os.makedirs(PLACE, exist_ok=True)
        self.switch = Switch(names)

    def peers_of(self, name):
        n, i = len(self.names), self.names.index(name)
        return sorted({self.names[(i + d) % n]
                       for d in range(-REACH, REACH + 1) if d % n})

    def begin(self, plan):
        """All of them as new, and up."""
        self.plan, self.slot = plan, 1
        self.intervals = {(name, peer): plan.interval_ms for name in self.names
                          for peer in self.peers_of(name)}
        self.slowest = dict(self.intervals)
        self.switch.blocked.clear()
        self.lives, self.ended, self.born, self.stalls = {}, [], {}, []
        self.key = secrets.token_bytes(32)
        for name in self.names:
            self.start(name)
        self.wait_until_up()

    def start(self, name):
        number = self.born[name] = self.born.get(name, 0) + 1
        life = self.lives[name] = Life(name, number, name in self.names[:WATCHED])
        life.client.set_node(name=name, key=[{"slot": self.slot, "secret": self.key}],
                             key_send=self.slot)
        for peer in self.peers_of(name):
            life.client.add_peer(peer, self.switch.address[peer],
                                 interval_us=self.intervals[name, peer] * 1000,
                                 multiplier=self.plan.multiplier)

    def stop(self, name):
        life = self.lives.pop(name)
        life.end()
        self.ended.append(life)

    def all_up(self):
        return all(life.client.all_up() for life in self.lives.values())

    def wait_until_up(self):
        until("all up", self.all_up, self.plan.unit_ms / 1000)

    def end(self):
        """Everyone's last words; then nobody has peers any more."""
        lives = list(self.lives.values())
        for life in lives:
            self.stop(life.node)
        for life in lives:
            with contextlib.closing(client.Client(life.node)) as node:
                node.remove_peers()
        time.sleep(1)

    # What begins an operation, and what ends it; both are given it

    def begin_cut(self, op):
        self.switch.cut(op["pairs"])

    def end_cut(self, op):
        self.switch.mend(op["pairs"])

    def begin_netem(self, op):
        if op["node"] not in self.lives:
            return
        run("tc", "-n", op["node"], "qdisc", "replace", "dev", "eth0", "root", "netem",
            *op["netem"].split())

    def end_netem(self, op):
        # a restart takes it away
        subprocess.run(("tc", "-n", op["node"], "qdisc", "del", "dev", "eth0", "root"),
                       check=False, stderr=subprocess.DEVNULL)

    def begin_stall(self, op):
        began = now_ns()
        with open(STALL, "w", encoding="ascii") as out:
            out.write(f"0 {op['for']}")
        self.stalls.append((began, now_ns()))

    begin_crash = begin_cut

    def end_crash(self, op):
        """Gone, where nobody hears its goodbye, and back."""
        name = op["pairs"][0][0]
        self.stop(name)
        self.switch.unplug(name)
        self.switch.plug(name)
        self.start(name)
        self.end_cut(op)

    def begin_restart(self, op):
        """A goodbye, which its watchers hear; then it is away for a while."""
        name = op["node"]
        op["pairs"] = [pair for other in self.names if other != name
                       for pair in ((name, other), (other, name))]
        began = now_ns()
        self.stop(name)
        self.switch.unplug(name)
        self.switch.cut(op["pairs"], began)

    def end_restart(self, op):
        self.switch.plug(op["node"])
        self.end_cut(op)
        self.start(op["node"])

    def begin_step(self, op):
        time.clock_settime(time.CLOCK_REALTIME,
                           time.clock_gettime(time.CLOCK_REALTIME) + op["seconds"])

    def begin_retime(self, op):
        name = op["node"]
        peers = self.peers_of(name)
        peer = peers[int(op["which"] * len(peers))]
        self.intervals[name, peer] = op["interval_ms"]
        self.slowest[name, peer] = max(self.slowest[name, peer], op["interval_ms"])
        self.lives[name].client.set_peer(peer, interval_us=op["interval_ms"] * 1000)

    def begin_roll(self, _op):
        old, self.slot = self.slot, 3 - self.slot
        self.key = secrets.token_bytes(32)
        for words in ({"key": [{"slot": self.slot, "secret": self.key}]},
                      {"key_send": self.slot}, {"key": [{"slot": old}]}):
            for life in self.lives.values():
                life.client.set_node(**words)


def nothing(_op):
    """What ends by itself."""


def steps(world, plan):
    """Moments in ms from the begin, in order, with what is to be done then."""
    todo = []
    for op in plan.operations:
        kind = ("cut" if "pairs" in op and op["op"] != "crash" else
                "netem" if "netem" in op else op["op"])
        begin = getattr(world, f"begin_{kind}")
        end = getattr(world, f"end_{kind}", nothing)
        todo += [(op["at"], begin, op), (op["at"] + op["for"], end, op)]
    return sorted(todo, key=lambda step: step[0])


def live(world, plan):
    """All that the plan has, at its time; later where a stall made it late."""
    world.begin(plan)
    began = now_ns()
    for at_ms, what, op in steps(world, plan):
        time.sleep(max(0, began + at_ms * 10**6 - now_ns()) / 1e9)
        what(op)

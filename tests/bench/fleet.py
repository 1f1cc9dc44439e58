# SPDX-License-Identifier: GPL-2.0
#
# Many sessions of one detector in one guest. BIRD and bfdd have two nodes with a
# cable, and an address pair for each session. A node of hb is a namespace, and has
# one session with another node: so one watcher (ten of them from 10,000 sessions on)
# has a cable to each of up to a thousand namespaces. No packet is forwarded.
#
#   +-----------+  a cable,         +-----------+     +--------+  1000   +--------+
#   | bird-a    |  N address pairs  | bird-b    |     | hb-a0  +-------->+ hb-b0  |
#   |           +-------------------+           |     | ...    | cables  | ...    |
#   +-----------+                   +-----------+     +--------+         +--------+

import re
import socket
import struct
import time

import detectors
import nodes
import tap

SPOKES_MAX = 1000
GENL = "build/selftests/genl"


def batch(space, lines):
    """Lines for ip(8), in that namespace if there is one."""
    words = ("ip",) + (("-n", space) if space else ()) + ("-batch", "-")
    nodes.run(*words, input="\n".join(lines).encode())


def seconds(function, *args):
    begin = time.monotonic()
    function(*args)
    return time.monotonic() - begin


class Fleet:
    """What all have in common.  `watchers` are those whose view is asked for."""

    name = ""
    multiplier = 3
    floor_ms = 10

    def __init__(self, sessions):
        self.sessions = sessions
        self.nodes = []

    def add(self, interval_ms):
        """Add all sessions at both ends; the time that it takes at the watchers'."""
        raise NotImplementedError

    def remove(self):
        """Remove them at the watchers'; the time it takes."""
        raise NotImplementedError

    def show(self):
        """What the watchers print of all their sessions."""
        raise NotImplementedError

    def up(self):
        return len(re.findall(self.is_up, self.show(), re.MULTILINE))

    def late_max_ns(self):
        return None             # they do not tell

    def cut(self):
        raise NotImplementedError

    def death(self, line):
        """The address of the peer that this line of the watcher's says is dead."""
        found = re.search(self.dead, line)
        return found.group(1) if found else None

    @staticmethod
    def last_beats(packets):
        """Time of the last one, by address."""
        return {tap.source(packet): stamp for stamp, packet in packets}

    def memory_kb(self):
        """Of the processes at the watcher's."""
        total = 0
        for pid in self.watchers[0].pids():
            with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as rollup:
                total += int(re.search(r"^Pss: +(\d+)", rollup.read(),
                                       re.MULTILINE).group(1))
        return total

    def beats(self):
        """Packets that came in at either end so far."""
        total = 0
        for node in self.watchers:
            with nodes.within(node.name), \
                    open("/proc/thread-self/net/dev", encoding="utf-8") as devices:
                for line in devices:
                    device, _, counters = line.partition(":")
                    counters = counters.split()
                    if counters and device.strip() != "lo":
                        total += int(counters[1]) + int(counters[9])
        return total

    def close(self):
        for node in self.nodes:
            node.close()


class Hb(Fleet):
    name = "hb"
    floor_ms = 0.1
    is_up = r'"state":"up",'   # of the peer, not of its path

    def __init__(self, sessions):
        super().__init__(sessions)
        hubs = -(-sessions // SPOKES_MAX)
        spokes = sessions // hubs
        self.watchers = [nodes.Node(f"hb-a{i}", f"10.1.{i}.1")
                         for i in range(hubs)]
        self.spokes = [nodes.Node(f"hb-b{i}", f"10.2.{i >> 8}.{i & 255}")
                       for i in range(spokes)]
        self.nodes = self.watchers + self.spokes
        self.addresses = {node.name: node.addr for node in self.spokes}
        self.deaths = {}
        try:
            self.connect()
            self.name_nodes()
        except BaseException:
            self.close()
            raise

    @staticmethod
    def mac(end, hub, spoke):
        return f"02:{end:02x}:00:{hub:02x}:{spoke >> 8:02x}:{spoke & 255:02x}"

    def connect(self):
        batch(None, [f"netns add {node.name}" for node in self.nodes])
        batch(None, [
            f"link add d{s} address {self.mac(1, h, s)} netns {hub.name} "
            f"type veth peer name d{h} address {self.mac(2, h, s)} "
            f"netns {spoke.name}"
            for h, hub in enumerate(self.watchers)
            for s, spoke in enumerate(self.spokes)])
        for h, hub in enumerate(self.watchers):
            self.plug(hub, [(f"d{s}", spoke.addr, self.mac(2, h, s))
                            for s, spoke in enumerate(self.spokes)])
        for s, spoke in enumerate(self.spokes):
            self.plug(spoke, [(f"d{h}", hub.addr, self.mac(1, h, s))
                              for h, hub in enumerate(self.watchers)])

    @staticmethod
    def plug(node, others):
        lines = ["link set lo up", f"addr add {node.addr}/32 dev lo"]
        for device, address, mac in others:
            lines += [f"link set {device} up",
                      f"neigh add {address} lladdr {mac} dev {device} "
                      "nud permanent",
                      f"route add {address}/32 dev {device} src {node.addr}"]
        batch(node.name, lines)

    def name_nodes(self):
        key = detectors.key_of_hb()
        for node in self.nodes:
            detectors.name_hb(node, *key)

    @staticmethod
    def request(node, lines):
        with nodes.within(node.name):
            nodes.run(GENL, "-", input="\n".join(lines).encode())

    def add_to(self, those, others, interval_ms):
        lines = [f"peer-new name=s:{other.name} path=[ addr4=4:{other.addr} ] "
                 f"interval-us=u32:{int(interval_ms * 1000)} "
                 f"multiplier=u8:{self.multiplier}" for other in others]
        for node in those:
            self.request(node, lines)

    def add(self, interval_ms):
        self.add_to(self.spokes, self.watchers, interval_ms)
        return seconds(self.add_to, self.watchers, self.spokes, interval_ms)

    def remove_from(self, those):
        for node in those:
            self.request(node, ["peer-del all"])

    def remove(self):
        took = seconds(self.remove_from, self.watchers)
        self.remove_from(self.spokes)
        return took

    def show(self):
        return "".join(nodes.run("hbctl", "-n", node.name, "-j", "peer",
                                 "show").decode() for node in self.watchers)

    def late_max_ns(self):
        late = [int(ns) for node in self.watchers for ns in re.findall(
            rb'"late_max_ns":(\d+)',
            nodes.run("hbctl", "-n", node.name, "-j", "stats", "peers"))]
        return max(late)

    def memory_kb(self):
        return 0                # it has no processes

    def listen(self):
        self.watchers[0].spawn(
            ("hbctl", "-n", self.watchers[0].name, "-j", "monitor"))

    def cut(self):
        """A rule at the watcher's, for no cable carries the beats of all.  Its
        packets are still seen on the wire: see last_beats()."""
        with nodes.within(self.watchers[0].name):
            nodes.run("nft", "add table inet cut; add chain inet cut silence "
                      "{ type filter hook prerouting priority raw; policy drop; }")

    def death(self, line):
        if '"event":"state"' not in line or '"to":"down"' not in line:
            return None
        peer = re.search(r'"peer":"([^"]*)"', line).group(1)
        last = re.search(r'"last_seq":(\d+)', line)
        self.deaths[self.addresses[peer]] = int(last.group(1))
        return self.addresses[peer]

    def last_beats(self, packets):
        """The one that hb says it heard last: what comes behind the rule that cuts
        is captured, too."""
        return {address: stamp for stamp, packet in packets
                for address in (tap.source(packet),)
                if struct.unpack_from("!Q", packet, 68)[0] ==
                self.deaths.get(address)}


class Rival(Fleet):
    """Two nodes, whose configurations name all neighbours, or none."""

    def __init__(self, sessions, number):
        super().__init__(sessions)
        self.nodes = nodes.pair(f"{self.name}s", number)
        self.watchers = self.nodes[:1]
        try:
            self.give_addresses(number)
            for node in self.nodes:
                self.start(node)
            time.sleep(2)
        except BaseException:
            self.close()
            raise

    def address(self, end, i):
        number = self.nodes[0].addr.split(".")[1]
        return f"10.{number}.{i // 250 + 1 + 128 * end}.{i % 250 + 1}"

    def give_addresses(self, number):
        for end, node in enumerate(self.nodes):
            mac = nodes.mac(self.nodes[1 - end])
            batch(node.name,
                  [f"addr add {self.address(end, i)}/16 dev eth0"
                   for i in range(self.sessions)] +
                  [f"neigh replace {self.address(1 - end, i)} lladdr {mac} "
                   "dev eth0 nud permanent" for i in range(self.sessions)])

    def pairs(self, node):
        end = self.nodes.index(node)
        return [(self.address(end, i), self.address(1 - end, i))
                for i in range(self.sessions)]

    def add(self, interval_ms):
        took = [self.configure(node, interval_ms) for node in
                reversed(self.nodes)]
        return took[-1]

    def remove(self):
        took = [self.configure(node, None) for node in self.nodes]
        return took[0]

    def listen(self):
        pass                    # it logs

    def cut(self):
        nodes.run("tc", "-n", self.nodes[1].name, "qdisc", "add", "dev", "eth0",
                  "root", "netem", "loss", "100%")


class Bird(Rival):
    name = "bird"
    floor_ms = 1
    is_up = r"^\d.* Up "
    dead = r"Session to (\S+) (?:expired|changed state from Up to Down)"

    def write(self, node, interval_ms, neighbours=()):
        detectors.write_bird(node, interval_ms, self.multiplier, neighbours)

    def start(self, node):
        self.write(node, 1000)
        detectors.start_bird(node)

    def control(self, node, *words):
        return nodes.run(*node.chroot("/usr/sbin/birdc", "-s", "/run/bird.ctl",
                                      *words)).decode()

    def configure(self, node, interval_ms):
        """What is added goes by the interface as it was configured before."""
        if not interval_ms:
            self.write(node, 1000)
            return seconds(self.control, node, "configure")
        self.write(node, interval_ms)
        self.control(node, "configure")
        self.write(node, interval_ms, self.pairs(node))
        return seconds(self.control, node, "configure")

    def show(self):
        return self.control(self.watchers[0], "show", "bfd", "sessions")


class Vty:
    """What vtysh(1) says to a daemon, which in turn wants PAM, and is slower."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.ask("enable")

    def ask(self, command):
        self.socket.sendall(command.encode() + b"\0")
        answer = b""
        while answer[-4:-1] != b"\0\0\0":
            more = self.socket.recv(1 << 16)
            if not more:
                raise RuntimeError(f"'{command}' ends the conversation")
            answer += more
        text = answer[:-4].replace(b"\0", b"").decode()
        if answer[-1]:
            raise RuntimeError(f"'{command}' is refused: {text}")
        return text

    def close(self):
        self.socket.close()


class Frr(Rival):
    name = "frr"
    is_up = r"\bup\b"
    dead = r"state-change: \[.*peer:([0-9.]+).*up -> down"

    def start(self, node):
        detectors.start_frr(node)

    @staticmethod
    def tell(node, lines):
        vty = Vty(node.root + "/run/frr/bfdd.vty")
        answers = [vty.ask(line) for line in lines]
        vty.close()
        return answers

    def configure(self, node, interval_ms):
        lines = ["configure terminal", "bfd"]
        for own, other in self.pairs(node):
            peer = f"peer {other} local-address {own} interface eth0"
            lines += [f" {peer}", f"  detect-multiplier {self.multiplier}",
                      f"  receive-interval {int(interval_ms)}",
                      f"  transmit-interval {int(interval_ms)}",
                      "  no shutdown", " exit"] if interval_ms else \
                     [f" no {peer}"]
        return seconds(self.tell, node, lines)

    def show(self):
        return self.tell(self.watchers[0], ["show bfd peers brief"])[0]


def make(name, sessions):
    if name == "hb":
        return Hb(sessions)
    kind, number = {"bird": (Bird, 60), "frr": (Frr, 61)}[name]
    return kind(sessions, number)

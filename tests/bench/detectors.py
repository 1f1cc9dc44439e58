# SPDX-License-Identifier: GPL-2.0
#
# The detectors: how each is configured on two nodes, as its own documentation
# advises for the fastest stable detection, what of its output says that the other
# node is up or dead, and which packets are its beats. For each: `period_ms`, what
# it is configured to take until a death (K times T), `floor_ms` its shortest
# interval, and whether a fault can stop its processes.

import json
import os
import re
import shutil
import struct

import nodes
import tap

REALTIME = 60       # SCHED_FIFO, over the hogs of any load
KEY = nodes.PLACE + "/key"


def udp_port(*ports):
    """Does this IPv4 packet go to such a port?"""
    def is_beat(packet):
        if len(packet) < 28 or packet[9] != 17:
            return False
        return struct.unpack_from("!H", packet, 22)[0] in ports
    return is_beat


def name_hb(node, *words):
    """Make the namespace a node of hb."""
    nodes.run("hbctl", "-n", node.name, "node", "set", "name", node.name, *words)


def key_of_hb():
    """The words that give a node the key, which is the same for all."""
    nodes.run("sh", "-c", f"umask 077; test -e {KEY} || hbctl key generate {KEY}")
    return "key-file", KEY


def write_bird(node, interval_ms, multiplier, neighbours=()):
    """BIRD's user's guide, 6.3 BFD: the interval is a minimum of both sides. Of the
    neighbours, own address and other's."""
    interval = f"{int(interval_ms * 1000)} us"
    sessions = "".join(f'neighbor {other} dev "eth0" local {own};\n'
                       for own, other in neighbours)
    node.write("/etc/bird.conf", f"""
        log stderr all;
        router id {node.addr};
        protocol device {{ }}
        protocol bfd {{
            debug {{ states, events }};
            interface "eth0" {{
                min rx interval {interval};
                min tx interval {interval};
                idle tx interval 300 ms;
                multiplier {multiplier};
            }};
            {sessions}
        }}""")


def start_bird(node, priority=0):
    node.spawn(node.chroot("/usr/sbin/bird", "-f", "-c", "/etc/bird.conf",
                           "-s", "/run/bird.ctl"), priority=priority)


def start_frr(node, peers="", priority=0):
    """bfdd, with zebra, from which it knows the interfaces."""
    # an initramfs knows no owners
    shutil.chown(node.root + "/run/frr", 100, 100)
    node.write("/etc/frr/zebra.conf", "")
    node.write("/etc/frr/bfdd.conf",
               f"debug bfd peer\nlog stdout debugging\n{peers}")
    node.spawn(node.chroot("/usr/lib/frr/zebra"), log=False, priority=priority)
    nodes.until("zebra's socket", 60, os.path.exists,
                node.root + "/run/frr/zserv.api")
    node.spawn(node.chroot("/usr/lib/frr/bfdd"), priority=priority)


def start_keepalived(node, conf):
    """It takes its priority from its configuration."""
    node.write("/etc/keepalived.conf", conf)
    node.spawn(node.chroot("/usr/sbin/keepalived", "-n", "-l", "-D",
                           "-f", "/etc/keepalived.conf"))


class Detector:
    """A pair of nodes that watch each other by one means."""

    name = ""
    processes = True        # a fault may be SIGSTOP of them
    floor_ms = 10
    up = down = None        # patterns of a line of output
    multiplier = 3
    watchers = 2            # or 1, if b does not watch a
    ethertype = tap.ETH_P_IP    # of its beats
    ready_s = 20

    def __init__(self, number, interval_ms, realtime=False):
        self.interval_ms = max(interval_ms, self.floor_ms)
        self.priority = REALTIME if realtime else 0
        self.pair = nodes.pair(self.name, number)
        try:
            for node, other in zip(self.pair, reversed(self.pair)):
                self.start(node, other)
        except BaseException:
            self.close()
            raise

    @property
    def period_ms(self):
        return self.multiplier * self.interval_ms

    @property
    def beat_ms(self):
        """The longest time between two beats, while it is up."""
        return self.interval_ms

    def start(self, node, other):
        raise NotImplementedError

    def revive(self):
        """What has to be done after a death, for it to come up again."""

    @staticmethod
    def is_beat(packet):
        """This one of its ethertype, without the header of Ethernet."""
        raise NotImplementedError

    def says(self, node, line):
        """'up' or 'down' if this line of the node says that of the other, or None."""
        if re.search(self.down, line):
            return "down"
        if re.search(self.up, line):
            return "up"
        return None

    def stamp(self, line):
        """When it came to that by itself, by the witness's clock, if it says so."""

    def close(self):
        for node in self.pair:
            node.close()


class Hb(Detector):
    """Authenticated, as its documentation advises."""

    name = "hb"
    processes = False
    floor_ms = 0.1
    up = r'"event":"(state".*"to|snapshot".*?"state)":"up"'
    # a node whose device goes says goodbye: left is a report of its end, too
    down = r'"event":"state".*"to":"(down|left)"'
    is_beat = staticmethod(udp_port(7694))
    auth = "node-key"

    def stamp(self, line):
        return json.loads(line).get("realtime_ns")

    def identify(self, node):
        name_hb(node, *key_of_hb())

    def watch(self, node, name, addr):
        nodes.run("hbctl", "-n", node.name, "peer", "add", name, "addr", addr,
                  "interval", f"{int(self.interval_ms * 1000)}us",
                  "multiplier", str(self.multiplier), "auth", self.auth)

    def start(self, node, other):
        self.identify(node)
        node.spawn(("hbctl", "-n", node.name, "-j", "monitor"),
                   priority=self.priority)
        self.watch(node, other.name, other.addr)


class HbFast(Hb):
    """At 1 ms x 3, whatever the others are at."""

    name = "hb1"

    def __init__(self, number, _interval_ms, realtime=False):
        super().__init__(number, 1, realtime)


class Bird(Detector):
    name = "bird"
    up = r"Session to .* changed state from .* to Up"
    down = r"Session to .* (expired|changed state from Up to Down)"
    floor_ms = 1
    is_beat = staticmethod(udp_port(3784))

    def start(self, node, other):
        write_bird(node, self.interval_ms, self.multiplier,
                   [(node.addr, other.addr)])
        start_bird(node, self.priority)


class Frr(Detector):
    name = "frr"
    up = r"state-change: .*-> up"
    down = r"state-change: .*up -> down"
    is_beat = staticmethod(udp_port(3784))

    def start(self, node, other):
        interval = int(self.interval_ms)
        start_frr(node, f"""
bfd
 peer {other.addr} interface eth0
  detect-multiplier {self.multiplier}
  receive-interval {interval}
  transmit-interval {interval}
  no shutdown
 exit
exit
""", self.priority)


class KeepalivedBfd(Detector):
    """keepalived.conf(5), BFD CONFIGURATION, and there bfd_rt_priority."""

    name = "kalived"
    up = r"\(peer\) Entering Up state"
    down = r"\(peer\) (Expired after|Entering Down state)"
    floor_ms = 10
    is_beat = staticmethod(udp_port(3784))

    def start(self, node, other):
        interval = int(self.interval_ms)
        realtime = f"bfd_rt_priority {REALTIME}" if self.priority else ""
        start_keepalived(node, f"""
global_defs {{
    router_id {node.name}
    {realtime}
}}
bfd_instance peer {{
    neighbor_ip {other.addr}
    source_ip {node.addr}
    min_rx {interval}
    min_tx {interval}
    idle_tx 1000
    multiplier {self.multiplier}
}}
""")


class Vrrp(Detector):
    """keepalived.conf(5), VRRP version 3, whose adverts are 10 ms apart at least.
    a, the backup, hears b, the master; dead after 3 adverts and the skew of RFC
    5798 6.1, (256 - priority) / 256 adverts."""

    name = "vrrp"
    priority_of = {"a": 100, "b": 200}
    watchers = 1
    down = r"\(peer\) (Receive advertisement timeout|Entering MASTER STATE)"
    up = r"\(peer\) Entering BACKUP STATE"

    @property
    def period_ms(self):
        return self.interval_ms * (3 + (256 - self.priority_of["a"]) / 256)

    @staticmethod
    def is_beat(packet):
        return len(packet) > 20 and packet[9] == 112

    def start(self, node, other):
        realtime = f"vrrp_rt_priority {REALTIME}" if self.priority else ""
        end = node.name[-1]
        start_keepalived(node, f"""
global_defs {{
    router_id {node.name}
    vrrp_version 3
    {realtime}
}}
vrrp_instance peer {{
    state {"MASTER" if end == "b" else "BACKUP"}
    interface eth0
    virtual_router_id 7
    priority {self.priority_of[end]}
    advert_int {self.interval_ms / 1000:.2f}
    unicast_src_ip {node.addr}
    unicast_peer {{
        {other.addr}
    }}
    virtual_ipaddress {{
        {node.addr.rpartition(".")[0]}.100/24
    }}
}}
""")


class Corosync(Detector):
    """corosync.conf(5), knet, with its default token of 3 s. The first that it says of
    a death is of the link, the membership follows seconds later."""

    name = "corosync"
    token_ms = 3000
    multiplier = 1
    up = r"host: \d link: 0 is up"
    down = r"host: \d link: 0 is down"
    ready_s = 60
    beat_ms = 1000
    is_beat = staticmethod(udp_port(5405))

    @property
    def period_ms(self):
        return self.token_ms / 2    # knet_ping_timeout is token / pong_count

    def start(self, node, other):
        members = sorted((node, other), key=lambda n: n.addr)
        node.write("/etc/corosync/corosync.conf", f"""
totem {{
    version: 2
    cluster_name: bench
    transport: knet
    token: {self.token_ms}
    crypto_cipher: none
    crypto_hash: none
}}
nodelist {{
""" + "".join(f"""    node {{
        ring0_addr: {member.addr}
        name: {member.name}
        nodeid: {i}
    }}
""" for i, member in enumerate(members, 1)) + """}
logging {
    to_stderr: yes
    to_logfile: no
    to_syslog: no
}
""")
        node.spawn(node.chroot("/usr/sbin/corosync", "-f"))


class CorosyncFast(Corosync):
    """The default token of before 3.1, 1 s, the shortest ever advised."""

    name = "corofast"
    token_ms = 1000


class Serf(Detector):
    """Its LAN profile: probes every second, suspicion of 4 s."""

    name = "serf"
    up = r"EventMemberJoin: \S+-[ab]"
    down = r"EventMemberFailed"
    multiplier = 1
    beat_ms = 1000
    ready_s = 40
    is_beat = staticmethod(udp_port(7946))

    @property
    def period_ms(self):
        return 5000         # the next probe, and 4 suspicion intervals of 1 s

    def start(self, node, other):
        node.spawn(node.chroot(
            "/usr/bin/serf", "agent", f"-node={node.name}",
            f"-bind={node.addr}:7946", "-profile=lan", "-log-level=info",
            f"-retry-join={other.addr}", "-retry-interval=1s"),
            priority=self.priority)

    def revive(self):
        """It would try every 30 s only."""
        node, other = reversed(self.pair)
        nodes.run(*node.chroot("/usr/bin/serf", "join", other.addr))

    def says(self, node, line):
        # a node joins itself, too
        return None if f": {node.name} " in line else super().says(node, line)


class Tipc(Detector):
    """tipc-link(8): a tolerance of 50 ms is the least."""

    name = "tipc"
    processes = False
    tolerance_ms = 50
    multiplier = 1
    beat_ms = 50
    up, down = r"^up", r"^down"

    @property
    def period_ms(self):
        return self.tolerance_ms

    ethertype = 0x88ca

    @staticmethod
    def is_beat(packet):
        return True

    def start(self, node, other):
        nodes.run("sh", "-c", "modprobe -q tipc || :")      # may be built in
        tipc = node.inside("tipc")
        nodes.run(*tipc, "node", "set", "identity", node.name)
        nodes.run(*tipc, "bearer", "enable", "media", "eth", "device", "eth0")
        nodes.run(*tipc, "bearer", "set", "tolerance", str(self.tolerance_ms),
                  "media", "eth", "device", "eth0")
        node.spawn(node.inside("python3", "-u", "tests/bench/tipc.py"),
                   priority=self.priority)


ALL = {kind.name: kind for kind in
       (Hb, HbFast, Bird, Frr, KeepalivedBfd, Vrrp, Tipc, Corosync, CorosyncFast,
        Serf)}

# SPDX-License-Identifier: GPL-2.0
#
# Two nodes of a detector: two namespaces with a cable between them, each with a root
# of its own for the detector's files, and the processes that run there.
#
#   +------------------------+  veth  +------------------------+
#   | NAME-a  10.N.0.1  eth0 +--------+ eth0  10.N.0.2  NAME-b |
#   +------------------------+        +------------------------+

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import time

PLACE = "/run/bench"
RIVALS = os.environ.get("RIVALS", "/rivals")
CLONE_NEWNET = 0x40000000


def run(*words, **more):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, **more).stdout


def until(what, seconds, condition, *args):
    end = time.monotonic() + seconds
    while not condition(*args):
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


@contextlib.contextmanager
def within(name):
    """What is opened or started here is in that network namespace. Cheaper than a
    process that changes to it, which counts where there are thousands."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net", "rb") as home, \
            open(f"/run/netns/{name}", "rb") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns {name}")
        try:
            yield
        finally:
            libc.setns(home.fileno(), CLONE_NEWNET)


class Node:
    """A namespace, a root, and what runs there.  All of it ends with close()."""

    def __init__(self, name, addr):
        self.name, self.addr = name, addr
        self.root = f"{PLACE}/{name}/root"
        self.processes, self.logs = [], []
        self.mounted = False

    def make_root(self):
        """The rivals' files, to which this node alone writes; hb can do without."""
        if not os.path.isdir(RIVALS):
            return
        upper, work = f"{PLACE}/{self.name}/upper", f"{PLACE}/{self.name}/work"
        for folder in (upper, work, self.root):
            os.makedirs(folder)
        run("mount", "-t", "overlay", "overlay", self.root, "-o",
            f"lowerdir={RIVALS},upperdir={upper},workdir={work}")
        self.mounted = True
        for folder in ("dev", "proc"):
            run("mount", "--rbind", f"/{folder}", f"{self.root}/{folder}")

    def write(self, path, text):
        path = self.root + path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)

    def chroot(self, *words):
        """The command line that runs this in the node's namespace and root."""
        return ("ip", "netns", "exec", self.name, "chroot", self.root) + words

    def inside(self, *words):
        """The command line that runs this in the node's namespace only."""
        return ("ip", "netns", "exec", self.name) + words

    def spawn(self, words, log=True, priority=0):
        """Start a process; what it prints is a log of the node if log says so."""
        if priority:
            words = ("chrt", "-f", str(priority)) + tuple(words)
        else:
            words = ("chrt", "-o", "0") + tuple(words)
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, start_new_session=True,
            stdout=subprocess.PIPE if log else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if log else subprocess.DEVNULL)
        self.processes.append(process)
        if log:
            self.logs.append(process.stdout.fileno())
        return process

    def pids(self):
        """Of all processes in the namespace, those which a rival forked included."""
        return [int(pid) for pid in run("ip", "netns", "pids", self.name).split()]

    def signal(self, number):
        for pid in self.pids():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def close(self):
        self.signal(signal.SIGKILL)
        for process in self.processes:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
        if self.mounted:
            run("umount", "-R", "-l", self.root)
        run("ip", "netns", "del", self.name)
        shutil.rmtree(f"{PLACE}/{self.name}", ignore_errors=True)


def quiet(node):
    """No packets but those of the detector: no IPv6, no questions for addresses."""
    run(*node.inside("sh", "-c",
        "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; "
        "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6"))


def mac(node):
    return run(*node.inside("cat", "/sys/class/net/eth0/address")).decode().strip()


def know_each_other(nodes):
    for node, other in zip(nodes, reversed(nodes)):
        run("ip", "-n", node.name, "neigh", "replace", other.addr, "lladdr",
            mac(other), "dev", "eth0", "nud", "permanent")


def pair(name, number):
    """Two nodes of that name, connected, with roots: the watcher and the watched."""
    os.makedirs(PLACE, exist_ok=True)
    nodes = [Node(f"{name}-{end}", f"10.{number}.0.{i}")
             for i, end in ((1, "a"), (2, "b"))]
    for node in nodes:
        run("ip", "netns", "add", node.name)
        quiet(node)
    run("ip", "link", "add", "eth0", "netns", nodes[0].name, "type", "veth",
        "peer", "name", "eth0", "netns", nodes[1].name)
    for node in nodes:
        run("ip", "-n", node.name, "addr", "add", f"{node.addr}/24", "dev", "eth0")
        run("ip", "-n", node.name, "link", "set", "eth0", "up")
        run("ip", "-n", node.name, "link", "set", "lo", "up")
        node.make_root()
    know_each_other(nodes)
    return nodes

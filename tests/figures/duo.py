# SPDX-License-Identifier: GPL-2.0
#
# Two nodes a and b in two namespaces with a path between them, for the figures
# that are taken in simulated time. HB_PARAMS are parameters for the module, such as
# stall_guard=0 for an ablation.

import json
import os
import subprocess
import time


def run(*words):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout


def hb(node, *words):
    return run("hbctl", "-n", node, "-j", *words)


def peer(node):
    return json.loads(hb(node, "peer", "show"))[0]


def until(what, *condition):
    for _ in range(1000):
        if condition[0](*condition[1:]):
            return
        time.sleep(0.02)
    raise RuntimeError(f"{what} does not come")


def is_state(node, state):
    return peer(node)["state"] == state


def network(node, *words):
    run("tc", "-n", node, "qdisc", "replace", "dev", "eth0", "root", "netem",
        *words)


def setup():
    run("insmod", os.environ["HB_KO"], *os.environ.get("HB_PARAMS", "").split())
    for node in "ab":
        run("ip", "netns", "add", node)
    run("ip", "link", "add", "eth0", "netns", "a", "type", "veth", "peer",
        "name", "eth0", "netns", "b")
    for number, node in enumerate("ab", 1):
        run("ip", "-n", node, "addr", "add", f"10.9.0.{number}/24", "dev", "eth0")
        run("ip", "-n", node, "link", "set", "eth0", "up")
        hb(node, "node", "set", "name", node)


def add_peers(interval_us, *words):
    for node, other, number in (("a", "b", 2), ("b", "a", 1)):
        hb(node, "peer", "add", other, "addr", f"10.9.0.{number}", "interval",
           f"{interval_us}us", "auth", "none", *words)
    for node in "ab":
        until("up", is_state, node, "up")


def downs():
    return [peer(node)["downs"] for node in "ab"]

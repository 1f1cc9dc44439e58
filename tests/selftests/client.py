#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# A client that is not ours: the kernel's YNL in Python (YNL is the folder
# tools/net/ynl/pyynl of a kernel tree) reads our specification, and what it
# sees of nodes, peers and events is what hbctl says.
#
#   +-------------------+           +-------------------+
#   | A   node a        |           | B   node b        |
#   |     10.0.0.1 eth0 +-----------+ eth0 10.0.0.2     |
#   +-------------------+           +-------------------+

import ctypes
import json
import os
import shutil
import subprocess
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SPEC = os.path.join(ROOT, "Documentation/netlink/specs/hb.yaml")
WAIT = 60
A, B = f"hb-a-{os.getpid()}", f"hb-b-{os.getpid()}"


def skip(reason):
    print(f"KTAP version 1\n1..0 # SKIP {reason}")
    sys.exit(4)


def find_ynl():
    path = os.environ.get("YNL")
    if not path:
        skip("YNL does not name tools/net/ynl/pyynl of a kernel tree")
    sys.path.append(path)
    try:
        from lib import YnlFamily
    except ImportError as error:
        skip(f"{error}")
    return YnlFamily


def find_hbctl():
    built = os.path.join(ROOT, "build/hbctl/hbctl")
    return os.environ.get("HBCTL") or shutil.which("hbctl") or built


def load_module():
    ko = os.environ.get("HB_KO")
    if not os.path.isdir("/sys/module/hb") and ko:
        subprocess.run(("insmod", ko), check=False)
    if not os.path.isdir("/sys/module/hb"):
        skip("module hb is not loaded, HB_KO does not name it")


def run(*words):
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


def hb(netns, *words):
    out = run(HBCTL, "-n", netns, "-j", *words)
    return json.loads(out) if out else None


def enter(netns):
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{netns}", encoding="ascii") as handle:
        if libc.setns(handle.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), "setns")


def wait_for(what, condition):
    end = time.monotonic() + WAIT
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what} does not happen")
        time.sleep(0.05)


def state(netns, peer):
    return hb(netns, "peer", "show", peer)[0]["state"]


def setup():
    for netns in (A, B):
        run("ip", "netns", "add", netns)
        run("ip", "-n", netns, "link", "set", "lo", "up")
    run("ip", "link", "add", "eth0", "netns", A, "type", "veth",
        "peer", "name", "eth0", "netns", B)
    for netns, node, n in ((A, "a", 1), (B, "b", 2)):
        run("ip", "-n", netns, "addr", "add", f"10.0.0.{n}/24", "dev", "eth0")
        run("ip", "-n", netns, "link", "set", "eth0", "up")
        run(HBCTL, "-n", netns, "node", "set", "name", node)


def cleanup():
    for netns in (A, B):
        subprocess.run(("ip", "netns", "del", netns), check=False)


def check(what, got, want):
    assert got == want, f"{what}: {got!r}, not {want!r}"


def same(what, theirs, ours, keys):
    """Names have dashes there and underscores here, ids are strings here."""
    for key in keys:
        want = ours.get(key.replace("-", "_"))
        if isinstance(want, str) and want.startswith("0x"):
            want = int(want, 16)
        got = theirs.get(key)
        if isinstance(want, bool):
            got = bool(got)
        check(f"{what}: {key}", got, want)


def node_is_the_same(ynl):
    same("node", ynl.do("node-get", {}), hb(A, "node", "show")[0],
         ("name", "port", "id", "incarnation", "peers"))


def subscribe(ynl):
    ynl.ntf_subscribe("events")


def peer_is_added(ynl):
    ynl.do("peer-new", {
        "name": "b", "path": [{"addr4": "10.0.0.2"}], "interval-us": 100000,
        "multiplier": 5, "auth": "none"})
    run(HBCTL, "-n", B, "peer", "add", "a", "addr", "10.0.0.1",
        "interval", "100ms", "multiplier", "5", "auth", "none")
    wait_for("up", lambda: state(A, "b") == "up" and state(B, "a") == "up")


def peer_is_the_same(ynl):
    theirs = ynl.dump("peer-get", {"name": "b"})
    check("peers", len(theirs), 1)
    ours = hb(A, "peer", "show", "b")[0]
    same("peer", theirs[0], ours,
         ("name", "interval-us", "multiplier", "enabled", "auth", "id",
          "state", "reason", "detect-us", "tx-interval-us",
          "remote-interval-us", "remote-multiplier", "remote-defect",
          "session", "remote-session", "remote-incarnation", "ups", "downs",
          "mistakes"))
    path = theirs[0]["path"][0]
    check("address", path["addr4"], "10.0.0.2")
    check("state", path["state"], "up")
    check("all peers", [p["name"] for p in ynl.dump("peer-get", {})], ["b"])


def counters_are_the_same(ynl):
    theirs, ours = ynl.do("stats-get", {}), hb(A, "stats")[0]
    check("names", sorted(key.replace("-", "_") for key in theirs), sorted(ours))
    check("events", theirs["events"], ours["events"])
    wait_for("a gap between beats",
             lambda: ynl.dump("peer-stats-get", {"name": "b"})[0].get("gap"))
    peer = ynl.dump("peer-stats-get", {"name": "b"})[0]
    assert peer["rx-beats"] > sum(b["count"] for b in peer["gap"]) > 0, peer


def refusal_is_told(ynl):
    try:
        ynl.do("peer-set", {"name": "c", "multiplier": 2})
    except Exception as error:          # NlError is not exported everywhere
        assert "there is no such peer" in str(error), str(error)
    else:
        raise AssertionError("it was not refused")


def take_events(ynl, into):
    ynl.check_ntf()
    while not ynl.async_msg_queue.empty():
        message = ynl.async_msg_queue.get()
        check("name", message["name"], "event-ntf")
        into += message["msg"]["event"]
    return into


def death_is_told(ynl):
    seen = []
    run("tc", "-n", B, "qdisc", "add", "dev", "eth0", "root", "netem",
        "loss", "100%")
    wait_for("death", lambda: any(e["to"] == "down"
                                  for e in take_events(ynl, seen)))
    ours = hb(A, "events")
    check("numbers", [e["seq"] for e in seen], [e["seq"] for e in ours])
    for event, mine in zip(seen, ours):
        mine["type"] = mine.pop("event")
        same(f"event {event['seq']}", event, mine,
             ("seq", "type", "peer", "from", "to", "reason", "realtime-ns",
              "monotonic-ns", "duration-ns", "silence-ns", "detect-ns",
              "late-ns", "missed", "last-seq", "path", "peer-id",
              "incarnation"))


def ring_is_the_same(ynl):
    pages = ynl.dump("event-get", {"since": 2})
    ours = hb(A, "events", "since", "2")
    theirs = [e["seq"] for page in pages for e in page.get("event", [])]
    check("numbers", theirs, [e["seq"] for e in ours])
    check("oldest", pages[0]["oldest"], 1)
    check("next", pages[0]["next"], ours[-1]["seq"] + 1)


# YNL binds its socket to subscribe, which has to come first.
TESTS = (subscribe, node_is_the_same, peer_is_added, peer_is_the_same,
         counters_are_the_same, refusal_is_told, death_is_told,
         ring_is_the_same)


def main():
    ynl_family = find_ynl()
    if os.geteuid():
        skip("only root may do this")
    load_module()
    bad = 0
    print(f"KTAP version 1\n1..{len(TESTS)}")
    try:
        setup()
        enter(A)
        ynl = ynl_family(SPEC, schema="")
        for number, test in enumerate(TESTS, 1):
            try:
                test(ynl)
            except Exception:
                bad = 1
                for line in traceback.format_exc().splitlines():
                    print("#", line)
                print("not ", end="")
            print(f"ok {number} {test.__name__}", flush=True)
    finally:
        cleanup()
    return bad


HBCTL = find_hbctl()
sys.exit(main())

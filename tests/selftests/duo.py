# SPDX-License-Identifier: GPL-2.0
#
# What the tests in Python share: two nodes, and the kernel's YNL, which reads our
# specification (YNL is the folder tools/net/ynl/pyynl of a kernel tree).
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


HBCTL = find_hbctl()


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


def silence(netns):
    """Nothing goes out any more."""
    run("tc", "-n", netns, "qdisc", "add", "dev", "eth0", "root", "netem",
        "loss", "100%")


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


def peer_is_added(ynl):
    """a and b beat to each other."""
    ynl.do("peer-new", {
        "name": "b", "path": [{"addr4": "10.0.0.2"}], "interval-us": 100000,
        "multiplier": 5, "auth": "none"})
    run(HBCTL, "-n", B, "peer", "add", "a", "addr", "10.0.0.1",
        "interval", "100ms", "multiplier", "5", "auth", "none")
    wait_for("up", lambda: state(A, "b") == "up" and state(B, "a") == "up")


def check(what, got, want):
    assert got == want, f"{what}: {got!r}, not {want!r}"


def run_tests(tests, prepare=None):
    """Each with a YNL in A, in order, and KTAP of it."""
    ynl_family = find_ynl()
    if os.geteuid():
        skip("only root may do this")
    load_module()
    if prepare:
        prepare()
    bad = 0
    print(f"KTAP version 1\n1..{len(tests)}")
    try:
        setup()
        enter(A)
        ynl = ynl_family(SPEC, schema="")
        for number, test in enumerate(tests, 1):
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

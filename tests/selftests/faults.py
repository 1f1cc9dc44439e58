#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# Every allocation of the module fails once, in every request, in the creation of a
# namespace and in the start of a node, while two nodes beat: what could not be done has
# changed nothing, and nobody dies of it. Then every one while the module is loaded: it
# is not, and leaves nothing behind. Needs a kernel that fails the n-th allocation on
# request (Documentation/fault-injection/fault-injection.rst).

import ctypes
import errno
import os
import sys

from duo import A, SPEC, check, peer_is_added, run, run_tests, skip, state

DEBUGFS = "/sys/kernel/debug"
FAULTS = ("failslab", "fail_page_alloc")
OTHERS = ("fail_usercopy",)     # the n-th of these would count, too
FAIL_NTH = "/proc/thread-self/fail-nth"
CLONE_NEWNET = 0x40000000
FINIT_MODULE = 313             # x86_64
MOST = 500
# Of what is shown, what changes by itself
LIVE = {"silence-ns", "since-ns", "rtt-ns", "suspicion", "qos", "lateness", "hazard",
        "detect-us", "remote-stalled-us", "ups", "session", "maintenance-us",
        "held-us", "state", "reason"}


def write(path, text):
    with open(path, "w", encoding="ascii") as out:
        out.write(text)


def text_of_module():
    """Its first and last address."""
    with open("/proc/modules", encoding="ascii") as modules:
        size = next(int(line.split()[1]) for line in modules
                    if line.startswith("hb "))
    with open("/sys/module/hb/sections/.text", encoding="ascii") as text:
        begin = int(text.read(), 16)
    return begin, begin + size


def text_of_kernel(name):
    """First and last address of a function."""
    with open("/proc/kallsyms", encoding="ascii") as symbols:
        at = sorted((int(line.split()[0], 16), line.split()[2]) for line in symbols)
    number = next(i for i, symbol in enumerate(at) if symbol[1] == name)
    begin = at[number][0]
    return begin, next(address for address, _ in at[number:] if address > begin)


def on_behalf_of(rule, begin, end):
    for fault in FAULTS:
        write(f"{DEBUGFS}/{fault}/{rule}-start", hex(begin))
        write(f"{DEBUGFS}/{fault}/{rule}-end", hex(end))


def only_of(begin, end):
    """Only what is allocated on behalf of this code may fail."""
    on_behalf_of("require", begin, end)


def but_not_of(begin, end):
    on_behalf_of("reject", begin, end)


def prepare():
    if not os.path.exists(FAIL_NTH) or not os.path.isdir(f"{DEBUGFS}/failslab"):
        skip("this kernel can't fail the n-th allocation (CONFIG_FAULT_INJECTION)")
    for fault in FAULTS:
        write(f"{DEBUGFS}/{fault}/ignore-gfp-wait", "N")
        write(f"{DEBUGFS}/{fault}/verbose", "0")
        write(f"{DEBUGFS}/{fault}/stacktrace-depth", "32")
        write(f"{DEBUGFS}/{fault}/times", "-1")
    write(f"{DEBUGFS}/fail_page_alloc/min-order", "0")
    write(f"{DEBUGFS}/failslab/cache-filter", "N")
    for fault in OTHERS:
        write(f"{DEBUGFS}/{fault}/require-start", "1")
        write(f"{DEBUGFS}/{fault}/require-end", "1")


def failing(nth, call, *args):
    """Call it while its n-th allocation fails; whether there was one, and the error."""
    error = None
    control = os.open(FAIL_NTH, os.O_RDWR)
    try:
        os.write(control, f"{nth}\n".encode())
        try:
            call(*args)
        except Exception as caught:         # NlError is not exported everywhere
            error = caught
        left = int(os.pread(control, 16, 0).strip(b"\0\n"))
        if left:
            os.write(control, b"0\n")
    finally:
        os.close(control)
    return left == 0, error


def sweep(call, after_failure, after_success):
    """The first allocation fails, then the second, and so on until there is none; how
    many failed."""
    for nth in range(1, MOST):
        struck, error = failing(nth, call)
        if error:
            after_failure(error)
        else:
            after_success()
        if not struck:
            check("without a fault", error, None)
            return nth - 1
    raise AssertionError(f"more than {MOST} allocations")


def constant(what):
    return {key: value for key, value in what.items() if key not in LIVE}


def shown(ynl):
    node = constant(ynl.do("node-get", {}))
    return node, [constant(peer) for peer in ynl.dump("peer-get", {})]


def sweep_request(ynl, name, attrs, undo=None):
    """A request that fails changes nothing; one that works is undone."""
    before = shown(ynl)

    def unchanged(error):
        # no memory, or what the kernel makes of it
        assert "memory" in str(error) or "buffer" in str(error), error
        check(f"state after a failed {name}", shown(ynl), before)

    def redo():
        if undo:
            ynl.do(*undo)
            check(f"state after an undone {name}", shown(ynl), before)

    failed = sweep(lambda: ynl.do(name, attrs), unchanged, redo)
    print(f"# {name} {' '.join(attrs)}: {failed} allocations")
    return failed


def requests(ynl):
    only_of(*text_of_module())
    secret = bytes(range(32))
    other = {"name": "c", "path": [{"addr4": "10.0.0.3"}], "interval-us": 1000000}
    failed = sweep_request(
        ynl, "node-set", {"key": [{"slot": 1, "secret": secret}], "key-send": 1},
        ("node-set", {"key": [{"slot": 1}]}))
    failed += sweep_request(ynl, "peer-new", {**other, "auth": "none"},
                            ("peer-del", {"name": "c"}))
    failed += sweep_request(
        ynl, "peer-new", {**other, "auth": "peer-key", "key-send": 1,
                          "key": [{"slot": 1, "secret": secret}]},
        ("peer-del", {"name": "c"}))
    ynl.do("peer-new", {**other, "auth": "none"})
    for change, back in (
            ({"interval-us": 2000000}, {"interval-us": 1000000}),
            ({"path": [{"addr4": "10.0.0.4"}]}, {"path": [{"addr4": "10.0.0.3"}]}),
            ({"auth": "peer-key", "key": [{"slot": 1, "secret": secret}],
              "key-send": 1}, {"auth": "none"}),
            ({"enabled": 0}, {"enabled": 1})):
        failed += sweep_request(ynl, "peer-set", {"name": "c", **change},
                                ("peer-set", {"name": "c", **back}))
    failed += sweep_request(
        ynl, "peer-del", {"name": "c"}, ("peer-new", {**other, "auth": "none"}))
    ynl.do("peer-del", {"name": "c"})
    assert failed > 10, f"{failed} allocations failed in all"


def keys_of_all_peers(ynl):
    """A new key of the node is one for each of its peers, or for none."""
    only_of(*text_of_module())
    secrets = [bytes([n] * 32) for n in range(2)]
    new = [("node-set", {"key": [{"slot": 2, "secret": secret}], "key-send": 2})
           for secret in secrets]
    ynl.do(*new[0])
    for name in ("c", "d"):
        peer = {"name": name, "path": [{"addr4": "10.0.0.3"}], "enabled": 0}
        failed = sweep_request(ynl, "peer-new", peer, ("peer-del", {"name": name}))
        assert failed > 2, failed
        ynl.do("peer-new", peer)
    failed = sweep_request(ynl, *new[1], new[0])
    assert failed > 1, failed
    for name in ("c", "d"):
        ynl.do("peer-del", {"name": name})
    ynl.do("node-set", {"key": [{"slot": 2}]})


def replies(ynl):
    only_of(*text_of_module())
    for name in ("node-get", "stats-get"):
        failed = sweep(lambda name=name: ynl.do(name, {}),
                       lambda error: None, lambda: None)
        print(f"# {name}: {failed} allocations")
        assert failed, name


def dumps(ynl):
    only_of(*text_of_module())
    for name in ("peer-get", "event-get", "peer-stats-get"):
        want = len(ynl.dump(name, {}))

        def whole(name=name, want=want):
            check(name, len(ynl.dump(name, {})), want)

        failed = sweep(lambda name=name: ynl.dump(name, {}), lambda error: None, whole)
        print(f"# {name}: {failed} allocations")


def in_child(call, *args):
    """Whether a fault struck, and an error, as its exit code says."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 4
    try:
        struck, error = call(*args)
        code = struck | bool(error) << 1
    finally:
        os._exit(code)


def unshare(nth):
    return failing(nth, os_unshare)


def os_unshare():
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")


def namespaces(_ynl):
    only_of(*text_of_module())
    sweep_child("a namespace", unshare)


def sweep_child(what, call, *args):
    for nth in range(1, MOST):
        code = in_child(call, nth, *args)
        if not code & 1:
            break
    check("without a fault", code, 0)
    print(f"# {what}: {nth - 1} allocations")
    assert nth > 2, nth


def start_node(nth, family):
    """The first name of a node opens its sockets: not at all, or after all."""
    os_unshare()
    ynl = family(SPEC, schema="")
    struck, error = failing(nth, ynl.do, "node-set", {"name": "c"})
    check("named", "name" in ynl.do("node-get", {}), not error)
    if error:
        ynl.do("node-set", {"name": "c"})
    return struck, error


def nodes(ynl):
    only_of(*text_of_module())
    sweep_child("a node", start_node, type(ynl))


def nobody_died(ynl):
    check("state", state(A, "b"), "up")
    peer = next(p for p in ynl.dump("peer-get", {}) if p["name"] == "b")
    check("deaths", peer["downs"], 0)


def load():
    """As insmod does, in this thread."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(os.environ["HB_KO"], "rb") as module:
        if libc.syscall(FINIT_MODULE, module.fileno(), b"", 0):
            raise OSError(ctypes.get_errno(), "finit_module")


def unload():
    run("rmmod", "hb")


def own_cache():
    if not os.path.exists("/proc/slabinfo"):
        return False
    with open("/proc/slabinfo", encoding="ascii") as caches:
        return any(line.startswith("hb_peer ") for line in caches)


def loading(_ynl):
    """Only below the function that calls those which init a module, for what the kernel
    does itself to load one is not ours; and not in the creation of a slab cache, of
    whose failure it complains on the console."""
    if "HB_KO" not in os.environ:
        print("# HB_KO does not name the module, so this is not tried")
        return
    unload()
    only_of(*text_of_kernel("do_one_initcall"))
    but_not_of(*text_of_kernel("__kmem_cache_create_args"))

    refused = []

    def not_loaded(error):
        refused.append(error)
        check("error", error.errno, errno.ENOMEM)
        assert not os.path.isdir("/sys/module/hb"), error
        assert not own_cache(), "the slab cache is still there"

    failed = sweep(load, not_loaded, unload)
    print(f"# the module: {failed} allocations, without {len(refused)} it is not loaded")
    load()
    assert refused


TESTS = (peer_is_added, requests, keys_of_all_peers, replies, dumps, namespaces, nodes,
         nobody_died, loading)

BAD = run_tests(TESTS, prepare)
only_of(0, 2 ** 64 - 1)         # as it was, for others
but_not_of(0, 0)
sys.exit(BAD)

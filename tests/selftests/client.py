#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
#
# A client that is not ours: the kernel's YNL in Python reads our specification, and
# what it sees of nodes, peers and events is what hbctl says.

import sys

from duo import A, B, check, hb, peer_is_added, run_tests, silence, wait_for


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


def beside(theirs, ours, key=None):
    """What both say while nothing happens, or this value is the same."""
    while True:
        before = ours()
        result = theirs(), ours()
        if result[1] == before or key and result[1][key] == before[key]:
            return result


def node_is_the_same(ynl):
    same("node", ynl.do("node-get", {}), hb(A, "node", "show")[0],
         ("name", "port", "id", "incarnation", "peers"))


def subscribe(ynl):
    ynl.ntf_subscribe("events")


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
    theirs, ours = beside(lambda: ynl.do("stats-get", {}),
                          lambda: hb(A, "stats")[0], "events")
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
    silence(B)
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
    pages, ours = beside(lambda: ynl.dump("event-get", {"since": 2}),
                         lambda: hb(A, "events", "since", "2"))
    theirs = [e["seq"] for page in pages for e in page.get("event", [])]
    check("numbers", theirs, [e["seq"] for e in ours])
    check("oldest", pages[0]["oldest"], 1)
    check("next", pages[0]["next"], ours[-1]["seq"] + 1)


# YNL binds its socket to subscribe, which has to come first.
TESTS = (subscribe, node_is_the_same, peer_is_added, peer_is_the_same,
         counters_are_the_same, refusal_is_told, death_is_told,
         ring_is_the_same)


sys.exit(run_tests(TESTS))

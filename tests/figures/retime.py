#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# retime.py [NUMBER [SEED]]: change T from 1 ms to 1 s and back, on either side or on
# both, at random moments in simulated time, on a path that loses one packet in
# twenty, for the guest uml-tt. Nobody is to die of it, and both sides are to agree
# in the end. Prints KTAP, one test for all.

import random
import sys
import time

from duo import add_peers, downs, hb, network, peer, setup, until

SHORT_US, LONG_US = 1000, 1000000
# So many beats in a row are not lost, at one in twenty.
MULTIPLIER = "20"


def set_interval(node, interval_us):
    hb(node, "peer", "set", "a" if node == "b" else "b", "interval",
       f"{interval_us}us")


def follow(interval_us):
    return all(peer(node)["tx_interval_us"] == interval_us for node in "ab")


def main():
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    want = {"a": SHORT_US, "b": SHORT_US}
    setup()
    for node in "ab":
        network(node, "delay", "100us", "loss", "5%")
    add_peers(SHORT_US, "multiplier", MULTIPLIER)
    began = [peer(node)["ups"] for node in "ab"]
    for _ in range(number):
        for node in rng.choice(("a", "b", "ab")):
            want[node] = LONG_US if want[node] == SHORT_US else SHORT_US
            set_interval(node, want[node])
        # up to where the beats of the old pace and of the new one have mixed
        time.sleep(rng.choice((0.0001, 0.001, 0.01, 0.1, 1)) * rng.uniform(0, 3))
    until("agreement", follow, max(want.values()))
    deaths, ups = downs(), [peer(node)["ups"] for node in "ab"]
    print(f"KTAP version 1\n1..1\n# deaths {deaths}, times up {began} then {ups}")
    good = not any(deaths) and ups == began
    print(f"{'ok' if good else 'not ok'} 1 {number} changes of T kill nobody")
    return not good


sys.exit(main())

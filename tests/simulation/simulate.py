#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# simulate.py [--nodes N] [--operations I,J,...] FIRST LAST: lives of a cluster, one for
# each seed, in the guest uml-tt. A JSON object for each: what is wrong, and a hash of
# all that was reported, by which two runs can be told to have been the same. With
# --operations only these of the seed's, counted from 0, are done.

import argparse
import hashlib
import json
import os
import sys

import nemesis
import oracle
import world

def hash_of(ended):
    said = json.dumps([(life.node, life.events) for life in ended])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def one(cluster, plan):
    wrong = []
    try:
        world.live(cluster, plan)
        cluster.wait_until_up()
    except RuntimeError as error:
        wrong.append(str(error))
    cluster.end()
    wrong += oracle.Oracle(cluster, plan).complaints()
    return {"seed": plan.seed, "wrong": wrong, "hash": hash_of(cluster.ended),
            "operations": len(plan.operations),
            "deaths": sum(event["to"] in oracle.GONE for life in cluster.ended
                          for event in oracle.states(life))}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--nodes", type=int, default=16)
    parser.add_argument("--operations")
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    args = parser.parse_args()
    stall = os.environ["HB_KO"].replace("/kmod/hb.ko", "/tests/stall/hb_stall.ko")
    world.run("insmod", os.environ["HB_KO"])
    world.run("insmod", stall)
    names = [f"n{i}" for i in range(args.nodes)]
    cluster = world.World(names)
    bad = False
    for seed in range(args.first, args.last + 1):
        plan = nemesis.Plan(seed, names)
        if args.operations is not None:
            chosen = {int(word) for word in args.operations.split(",") if word}
            plan.operations = [op for i, op in enumerate(plan.operations)
                               if i in chosen]
        result = one(cluster, plan)
        bad |= bool(result["wrong"])
        print(json.dumps(result), flush=True)
    return bad


sys.exit(main())

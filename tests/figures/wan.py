#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# wan.py FOLDER ADVISED END PAIR...: what wan.sh has recorded, as a table. Every
# death that was declared while the peer lived is a mistake, whatever hb thinks.

import json
import sys


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.startswith("{")]


def lives(records):
    """The times of true death, from the kill to the next life."""
    kills = [r["kill"] for r in records if "kill" in r]
    return list(zip(kills, [r["live"] for r in records if "live" in r]))


def up_at(changes, when):
    return [to for now, to in changes if now <= when][-1:] == ["up"]


def judge(events, dead):
    """Detection times of true deaths, the times of false ones, and how many true ones
    were not declared. A peer that is down by mistake when it dies can't be declared
    down again, and the verdict on its old life in the first moments of the next one
    is neither."""
    changes = [(event["monotonic_ns"] / 1e9, event["to"]) for event in events
               if event.get("event") == "state"]
    downs = [now for now, to in changes if to == "down"]
    false = [now for now in downs
             if not any(kill <= now <= live + 2 for kill, live in dead)]
    told = [[now - kill for now in downs if kill <= now <= live][:1]
            for kill, live in dead if up_at(changes, kill)]
    return [t[0] for t in told if t], false, sum(not t for t in told)


def row(folder, pair):
    found, false, missed = judge(lines(f"{folder}/{pair}"),
                                 lives(lines(f"{folder}/{pair}.true")))
    with open(f"{folder}/{pair}.end", encoding="utf-8") as file:
        peer = json.load(file)[0]
    found = [1000 * f for f in found] or [0]
    print(f"# {pair:9} {len(false):8} {len(found):7} {min(found):7.0f} "
          f"{sum(found) / len(found):7.0f} {max(found):7.0f} "
          f"{peer['detect_us'] / 1000:10.0f}  {peer['qos']['mistakes']}")
    return false, missed


def verdict(number, good, what):
    print(f"{'ok' if good else 'not ok'} {number} {what}")


def main():
    folder, advised, end = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    print("# pair      mistakes  deaths   min ms  avg ms  max ms  "
          "D at end ms  mistakes by hb")
    rows = {pair: row(folder, pair) for pair in sys.argv[4:]}
    false = {pair: row[0] for pair, row in rows.items()}
    with open(f"{folder}/advice", encoding="utf-8") as file:
        advice = json.load(file)[0]
    print(f"# tune, after {advised / 3600:.1f} h, for the next "
          f"{(end - advised) / 3600:.1f} h:")
    for pair, what in (("fixed", "present"), ("tuned", "proposed")):
        said = advice[what]
        expected = (end - advised) * 1e9 / said["mistake_every_ns"]
        most = (end - advised) * 1e9 / said["surely_not_within_ns"]
        came = sum(t > advised for t in false[pair])
        print(f"# {what}: {said['interval_us'] / 1000:.0f} ms x "
              f"{said['multiplier']}: {expected:.1f} mistakes expected, "
              f"at most {most:.1f}; {came} came")
    missed = max(row[1] for row in rows.values())
    print("KTAP version 1\n1..2")
    verdict(1, not missed, "true deaths are declared")
    verdict(2, len(false["adaptive"]) < len(false["fixed"]) / 4 + 1,
            "adaptive detection makes fewer mistakes than fixed")


main()

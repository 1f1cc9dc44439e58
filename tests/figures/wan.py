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


def judge(events, dead):
    """Detection times of true deaths, and the times of false ones."""
    found, false = {}, []
    for event in events:
        if event.get("event") != "state" or event["to"] != "down":
            continue
        now = event["monotonic_ns"] / 1e9
        death = [d for d in dead if d[0] <= now <= d[1] + 2]
        if not death:
            false.append(now)
        else:
            found.setdefault(death[0], now - death[0][0])
    return list(found.values()), false, len(dead) - len(found)


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
    # A peer that is down already when it dies can't be declared down again.
    missed = max(row[1] for row in rows.values())
    print("KTAP version 1\n1..2")
    verdict(1, missed <= 1, "true deaths are declared")
    verdict(2, len(false["adaptive"]) < len(false["fixed"]) / 4 + 1,
            "adaptive detection makes fewer mistakes than fixed")


main()

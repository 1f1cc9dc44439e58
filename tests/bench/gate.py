#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# gate.py [--update]: has hb become dearer than tests/bench/baseline.json says? In the
# guest of cost.py; prints KTAP. With --update: a new baseline instead.

import json
import os
import sys

import cost
import cpu
import nodes

BASELINE = os.path.join(os.path.dirname(__file__), "baseline.json")
DETECTORS = ("hb", "hb-open", "hb-send")
FIGURES = ("per_beat", "per_death")
# The same code differs by 1% a beat and 15% a death when anything else in the
# guest does, be it the length of a file: a death as hbctl tells it is shown, but not
# judged. The kernel's part of it is, by tests/figures/latency.sh.
JUDGED = ("per_beat",)
SECONDS = "20"
ALLOWED = 1.05


def measured():
    args = cost.arguments(["--seconds", SECONDS])
    return {result["detector"]: {figure: result[figure] for figure in FIGURES
                                 if figure in result}
            for result in cost.measure_all(DETECTORS, args)}


def update():
    baseline = {"kernel": cpu.kernel(), "instructions": measured()}
    print(json.dumps(baseline, indent="\t"))
    return len(baseline["instructions"]) < len(DETECTORS)


def is_dearer(name, was, now):
    """Says how the figure changed; a figure that is missing is dearer."""
    if now is None:
        print(f"# {name}: not measured")
        return True
    print(f"# {name}: {now} instructions, {was} before, {now / was - 1:+.1%}")
    if now * ALLOWED < was:
        print("# that much cheaper: time for `make bench-gate UPDATE=1`")
    return now > was * ALLOWED


def check():
    with open(BASELINE, encoding="utf-8") as text:
        baseline = json.load(text)
    was = [(name, figure, value) for name in DETECTORS
           for figure, value in baseline["instructions"][name].items()]
    if cpu.kernel() != baseline["kernel"]:
        print(f"# the baseline is of another kernel, {baseline['kernel']}")
    judged = sum(figure in JUDGED for _, figure, _ in was)
    print(f"KTAP version 1\n1..{judged}", flush=True)
    now, failed, n = measured(), 0, 0
    for name, figure, value in was:
        what = f"{name} {figure.replace('_', ' ')}"
        bad = is_dearer(what, value, now.get(name, {}).get(figure))
        if figure not in JUDGED:
            continue
        n += 1
        failed += bad
        print(f"{'not ok' if bad else 'ok'} {n} {what} within 5% of the baseline")
    return failed > 0


def main():
    nodes.run("insmod", os.environ["HB_KO"])
    return update() if "--update" in sys.argv[1:] else check()


if __name__ == "__main__":
    sys.exit(main())

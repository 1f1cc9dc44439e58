#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# report.py: what of the module has run in this guest since it booted, by the kernel's
# own gcov (Documentation/dev-tools/gcov.rst), in lines and in branches; what has not,
# with the reason if `reasons` next to this file has one. For the guest uml-debug with
# HB_GCOV=1. Prints KTAP; fails below 90 % of lines or 80 % of branches.

import collections
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

LINES, BRANCHES = 90, 80
HERE = os.path.dirname(os.path.abspath(__file__))
GCOV = "/sys/kernel/debug/gcov"


class Source:
    """One file: how often each line ran, and each way out of it was taken. A header's
    lines are compiled in many places, which add up."""

    def __init__(self):
        self.lines = collections.Counter()
        self.branches = collections.Counter()

    def add(self, line):
        number = line["line_number"]
        self.lines[number] += line["count"]
        for i, branch in enumerate(line["branches"]):
            self.branches[number, i] += branch["count"]


def share(counter):
    """Of those that are not 0, in %, and how many there are."""
    taken = sum(count > 0 for count in counter.values())
    return 100 * taken / max(len(counter), 1), len(counter)


def data_of(folder):
    """Copies of the kernel's data, which gcov can read, each with its notes."""
    for path in glob.glob(f"{GCOV}/**/kmod/**/*.gcda", recursive=True):
        copy = os.path.join(folder, os.path.basename(path))
        with open(path, "rb") as data, open(copy, "wb") as out:
            shutil.copyfileobj(data, out)
        shutil.copy(path[:-5] + ".gcno", copy[:-5] + ".gcno")
        yield copy


def read():
    sources = collections.defaultdict(Source)
    with tempfile.TemporaryDirectory() as folder:
        for path in data_of(folder):
            text = subprocess.run(
                ("gcov", "--json-format", "--branch-probabilities", "--stdout", path),
                check=True, stdout=subprocess.PIPE, cwd=folder).stdout
            for file in json.loads(text)["files"]:
                _, kmod, name = file["file"].rpartition("kmod/")
                if kmod:
                    for line in file["lines"]:
                        sources[kmod + name].add(line)
    return sources


def reasons():
    """Pairs of a file and a piece of a line of it, and why it does not run."""
    known = {}
    with open(f"{HERE}/reasons", encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                what, _, why = line.strip().partition(" -- ")
                file, _, piece = what.partition(": ")
                known[file, piece] = why
    return known


def why(known, file, text):
    return next((why for (where, piece), why in known.items()
                 if where == file and piece in text), None)


def tell_missing(sources, known):
    for file in sorted(sources):
        with open(os.path.join(HERE, "../..", file), encoding="utf-8") as text:
            texts = [""] + text.read().split("\n")
        for number, count in sorted(sources[file].lines.items()):
            if not count:
                reason = why(known, file, texts[number])
                print(f"# {file}:{number}: {texts[number].strip()}"
                      f"{f'  -- {reason}' if reason else ''}")


def main():
    sources = read()
    total = Source()
    print("KTAP version 1\n1..2")
    for name, source in sorted(sources.items()):
        for what in ("lines", "branches"):
            getattr(total, what).update({(name, key): count for key, count in
                                         getattr(source, what).items()})
        print(f"# {share(source.lines)[0]:5.1f} % of lines, "
              f"{share(source.branches)[0]:5.1f} % of branches  {name}")
    print("# what has not run:")
    tell_missing(sources, reasons())
    bad = False
    for number, (what, counter, bound) in enumerate((
            ("lines", total.lines, LINES), ("branches", total.branches, BRANCHES)), 1):
        percent, of = share(counter)
        bad |= percent < bound
        print(f"{'ok' if percent >= bound else 'not ok'} {number} "
              f"{percent:.1f} % of {of} {what} have run, of which {bound} % have to")
    return bad


sys.exit(main())

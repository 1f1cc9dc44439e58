#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# report.py [FOLDER]: what of the module has run in this guest since it booted, by the
# kernel's own gcov (Documentation/dev-tools/gcov.rst) or a copy of it, in lines and in
# branches, with what KUnit has run of the same files; and what has not, with the reason
# if `reasons` next to this file has one. For the guest uml-debug with HB_GCOV=1. Prints
# KTAP; fails below 90 % of lines or 80 % of branches.
#
# All lines and branches that the compiler has of the files in kmod count. But what is
# no branch of ours is not compiled, see tests/lib/module.sh: the checks of UBSAN and
# KASAN; copies of a function in each of its callers; and by plain.h, what some macros of
# the kernel test in our lines, which nobody can take.

import collections
import fnmatch
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
    lines are compiled in many places, and what KUnit tests twice; they add up."""

    def __init__(self, name):
        self.name = name
        with open(os.path.join(HERE, "../..", name), encoding="utf-8") as text:
            self.texts = [""] + [line.strip() for line in text.read().split("\n")]
        self.lines = collections.Counter()
        self.branches = collections.Counter()
        self.function = {}

    def add(self, line):
        number = line["line_number"]
        self.lines[number] += line["count"]
        self.function[number] = line.get("function_name", "")
        for i, branch in enumerate(line["branches"]):
            self.branches[number, i] += branch["count"]

    def missing(self):
        """Lines that did not run, or were not left in every way: how many ways these
        are, and how many there are."""
        for number, count in sorted(self.lines.items()):
            ways = [taken > 0 for (line, _), taken in self.branches.items()
                    if line == number]
            if not count or not all(ways):
                yield number, count, len(ways) - sum(ways), len(ways)


def share(counter):
    """Of those that are not 0, in %, and how many there are."""
    taken = sum(count > 0 for count in counter.values())
    return 100 * taken / max(len(counter), 1), len(counter)


def data_of(root, folder):
    """Copies of the kernel's data, which gcov can read, each with its notes."""
    for path in (glob.glob(f"{root}/**/kmod/**/*.gcda", recursive=True) +
                 glob.glob(f"{root}/**/kunit/core.gcda", recursive=True)):
        copy = os.path.join(folder, path.replace("/", "#"))
        with open(path, "rb") as data, open(copy, "wb") as out:
            shutil.copyfileobj(data, out)
        shutil.copy(path[:-5] + ".gcno", copy[:-5] + ".gcno")
        yield copy


def read(root):
    sources = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in data_of(root, folder):
            text = subprocess.run(
                ("gcov", "--json-format", "--branch-probabilities", "--stdout", path),
                check=True, stdout=subprocess.PIPE, cwd=folder).stdout
            for file in json.loads(text)["files"]:
                _, kmod, name = file["file"].rpartition("kmod/")
                if kmod:
                    source = sources.setdefault(name, Source(kmod + name))
                    for line in file["lines"]:
                        source.add(line)
    return [sources[name] for name in sorted(sources)]


class Reason:
    """Why lines of a file do not run: those with a piece of text in them, or all of the
    functions in a list."""

    def __init__(self, line):
        what, _, self.why = line.strip().partition(" -- ")
        self.file, _, self.piece = what.partition(": ")
        self.functions = self.piece.replace("()", "").split(", ")
        if not all(f"{function}()" in self.piece for function in self.functions):
            self.functions = []
        self.used = False

    def covers(self, source, number):
        if not fnmatch.fnmatch(source.name, self.file):
            return False
        if self.functions:
            return source.function[number] in self.functions
        return self.piece in source.texts[number]


def reasons():
    with open(f"{HERE}/reasons", encoding="utf-8") as lines:
        return [Reason(line) for line in lines
                if line.strip() and not line.startswith("#")]


def reason_for(known, source, number):
    for reason in known:
        if reason.covers(source, number):
            reason.used = True
            return reason.why
    return None


def tell_missing(sources):
    known = reasons()
    untold = 0
    for source in sources:
        for number, count, ways, of in source.missing():
            why = reason_for(known, source, number)
            untold += not why
            print(f"# {source.name}:{number}: {source.texts[number]}"
                  f"  -- {f'{ways} of {of} ways not taken' if count else 'not run'}"
                  f"{f': {why}' if why else ''}")
    print(f"# {untold} of these lines are without a reason")
    for reason in known:
        if not reason.used:
            print(f"# not needed: {reason.file}: {reason.piece}")


def main():
    sources = read(*sys.argv[1:] or [GCOV])
    total = {"lines": collections.Counter(), "branches": collections.Counter()}
    print("KTAP version 1\n1..2")
    for source in sources:
        for what, counter in total.items():
            counter.update({(source.name, key): count for key, count in
                            getattr(source, what).items()})
        print(f"# {share(source.lines)[0]:5.1f} % of {len(source.lines)} lines, "
              f"{share(source.branches)[0]:5.1f} % of {len(source.branches)} branches  "
              f"{source.name}")
    print("# what has not run:")
    tell_missing(sources)
    bad = False
    for number, (what, bound) in enumerate((("lines", LINES), ("branches", BRANCHES)), 1):
        percent, of = share(total[what])
        bad |= percent < bound
        print(f"{'ok' if percent >= bound else 'not ok'} {number} "
              f"{percent:.1f} % of {of} {what} have run, of which {bound} % have to")
    return bad


sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# ktap.py [--vehicle V] [--results FILE]: read KTAP (of KUnit, of kselftest, nested,
# with or without the kernel log's time stamps), print a line for each test and add
# the counts to FILE and what failed to FILE.failed.  ktap.py --summary FILE: once
# more what failed, where the end of a long log has it, then the sum of the counts in
# one line.  What was planned but did not run has failed; so has a run of no tests at
# all.

import argparse
import os
import re
import sys
import time

STAMP = re.compile(r"^\[ *\d+\.\d+\] ")
NESTING = re.compile(r"^(?:    |# ?)")
VERSION = re.compile(r"^K?TAP version \d+")
PLAN = re.compile(r"^1\.\.(\d+)(?:\s+# SKIP\s*(.*))?$", re.I)
RESULT = re.compile(r"^(not )?ok \d+(?: -)?(?: (?:selftests: )?(.*?))?(?:\s*# (.*))?$")
SKIP = re.compile(r"^SKIP\b:?\s*(.*)", re.I)
SUBTEST = re.compile(r"^Subtest: (.+)")
SELFTEST = re.compile(r"^selftests: (.+)")
MAX_DIAGNOSTICS = 40


class Level:
    """The tests between one version line and the result which sums them up."""

    def __init__(self):
        self.name, self.plan, self.skip = None, None, None
        self.ran, self.bad = 0, 0

    def complaint(self, outermost):
        # KUnit does not know in advance how many parameters a test has
        if self.plan is None:
            return "there is no plan" if self.ran and outermost else None
        if self.plan != self.ran:
            return f"{self.plan} planned, {self.ran} ran"
        return None


class Report:
    """What goes to the reader: progress, and counts."""

    def __init__(self, vehicle, failures):
        self.prefix = vehicle + " " if vehicle else ""
        self.failures = failures
        self.passed = self.failed = self.skipped = 0
        self.diagnostics, self.mark = [], time.monotonic()

    def tell(self, verdict, name, reason=""):
        now = time.monotonic()
        reason = f" ({reason})" if reason else ""
        lines = [f"{verdict:4} {self.prefix}{name} {now - self.mark:.2f}s{reason}"]
        if verdict == "FAIL":
            lines += (f"     | {line}" for line in self.diagnostics[-MAX_DIAGNOSTICS:])
        # at once: others write to the same place
        text = "".join(line + "\n" for line in lines)
        os.write(1, text.encode())
        if verdict == "FAIL" and self.failures:
            with open(self.failures, "a", encoding="utf-8") as out:
                out.write(text)
        self.diagnostics, self.mark = [], now

    def ok(self, name):
        self.passed += 1
        self.tell("ok", name)

    def skip(self, name, reason):
        self.skipped += 1
        self.tell("SKIP", name, reason or "no reason given")

    def fail(self, name, reason=""):
        self.failed += 1
        self.tell("FAIL", name, reason)


class Parser:
    """Levels that are open, outermost first; a line's nesting says which is meant."""

    def __init__(self, report):
        self.report, self.levels = report, []

    def level(self, depth):
        while len(self.levels) <= depth:
            self.levels.append(Level())
        return self.levels[depth]

    def path(self, depth, name):
        outer = [level.name for level in self.levels[1:depth + 1] if level.name]
        return ": ".join(outer + [name])

    def close(self, depth):
        """End the levels from this depth on; True if a test of theirs was bad."""
        bad = 0
        while len(self.levels) > depth:
            level = self.levels.pop()
            complaint = level.complaint(not self.levels)
            if complaint:
                name = level.name or "plan"
                self.report.fail(self.path(len(self.levels) - 1, name), complaint)
            bad += level.bad + bool(complaint)
        return bad > 0

    def result(self, depth, match):
        failed, name, directive = match.groups()
        skip = SKIP.match(directive or "")
        skip = skip[1] if skip else None
        if len(self.levels) > depth + 1:
            skip = skip or self.levels[depth + 1].skip
        nested = any(lv.ran or lv.plan for lv in self.levels[depth + 1:])
        inner_bad = self.close(depth + 1)
        level = self.level(depth)
        level.ran += 1
        level.bad += bool(failed or inner_bad)
        name = self.path(depth, name or str(level.ran))
        if skip is not None:
            self.report.skip(name, skip)
        elif failed and not inner_bad:
            self.report.fail(name, directive)
        elif not nested:
            self.report.ok(name)

    def plan(self, depth, match):
        level = self.level(depth)
        level.plan = int(match[1])
        if depth:
            level.skip = match[2]
        elif match[2] is not None:
            self.report.skip("everything", match[2])

    def version(self, depth, _match):
        name = self.level(depth).name
        self.close(depth)
        self.level(depth).name = name

    def subtest(self, depth, match):
        """KUnit's heading is a comment inside the level which it names."""
        self.level(depth - 1).name = match[1]

    def selftest(self, depth, match):
        """kselftest's heading comes before the level which it names."""
        self.close(depth)
        self.level(depth).name = match[1]

    def take(self, depth, text):
        """True if this is a line of KTAP proper, nested so deep."""
        for pattern, action in ((VERSION, self.version), (PLAN, self.plan),
                                (RESULT, self.result), (SUBTEST, self.subtest),
                                (SELFTEST, self.selftest)):
            match = pattern.match(text)
            if match:
                action(depth, match)
                return True
        return False

    def line(self, text):
        text = STAMP.sub("", text.rstrip())
        inner, depth = text, 0
        while not self.take(depth, inner):
            if not NESTING.match(inner):
                if text:
                    self.report.diagnostics.append(text)
                return
            inner, depth = NESTING.sub("", inner, count=1), depth + 1


def failures_of(results):
    return results + ".failed"


def summary(results):
    passed = failed = skipped = 0
    with open(results, encoding="utf-8") as lines:
        for line in lines:
            counts = [int(word) for word in line.split()[-3:]]
            passed, failed, skipped = map(
                sum, zip((passed, failed, skipped), counts))
    if failed:
        print("# what failed:")
        with open(failures_of(results), encoding="utf-8") as text:
            sys.stdout.write(text.read())
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed + skipped else 0


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--vehicle", default="")
    arguments.add_argument("--results")
    arguments.add_argument("--summary", metavar="FILE")
    args = arguments.parse_args()
    if args.summary:
        return summary(args.summary)

    report = Report(args.vehicle, args.results and failures_of(args.results))
    parser = Parser(report)
    for line in sys.stdin:
        parser.line(line)
    parser.close(0)
    if not report.passed + report.failed + report.skipped:
        report.fail("nothing", "no test ran")
    if args.results:
        with open(args.results, "a", encoding="utf-8") as out:
            print(args.vehicle or "-", report.passed, report.failed,
                  report.skipped, file=out)
    return 1 if report.failed else 0


sys.stdin.reconfigure(errors="replace")
sys.exit(main())

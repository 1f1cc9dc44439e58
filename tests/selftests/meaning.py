# SPDX-License-Identifier: GPL-2.0
#
# Replies in the words of the specification, which says how attributes are called; which
# of them are never the same, and why, is said here. Only to record a conversation anew:
# whether a kernel still talks like that is judged without it.

import yaml

from shape import is_stall, want

TIMES = {"maintenance-us", "held-us", "remote-stalled-us"}
# Of these numbers it matters who else has the same.
RANDOM = {"session", "remote-session", "incarnation", "remote-incarnation"}
# What chance, the machine or its kernel makes it
MEASURED = {"suspicion", "accuracy-ppb", "availability-ppb", "blame", "hazard"}
COUNTERS = {("event", "seq"), ("event", "last-seq"), ("event", "missed"),
            ("events", "oldest"), ("events", "next"), ("burst", "length")}
COUNTED = {"stats", "peer-stats", "bucket", "burst", "lateness"}
MANY = {"hazard": "+", "late": "+", "gap": "+", "burst": "+", "event": "~"}


def meaning(group, name, kind):
    """Why it is never the same, or None."""
    if name in RANDOM:
        return "random"
    if name in MEASURED:
        return "measured"
    if name.endswith("-ns") or name in TIMES:
        return "time"
    if (group, name) in COUNTERS or group in COUNTED and kind.startswith("u"):
        return "counter"
    return None


def reply_of(op):
    return (op.get("do") or op.get("dump") or {}).get("reply", {})


class Spec:
    def __init__(self, path):
        with open(path, encoding="utf-8") as text:
            spec = yaml.safe_load(text)
        self.ops = spec["operations"]["list"]
        self.sets = {group["name"]: group["attributes"]
                     for group in spec["attribute-sets"]}
        self.numbers, self.seen = {}, set()

    def command(self, number):
        return self.ops[number - 1]["name"]

    def describe(self, message):
        op = self.ops[message.cmd - 1]
        if "notify" in op:
            op = next(o for o in self.ops if o["name"] == op["notify"])
        return self.attrs(message.attrs, op["attribute-set"])

    def missing(self):
        """What replies may hold, and none has held so far."""
        nests = {attr["nested-attributes"] for attrs in self.sets.values()
                 for attr in attrs if "nested-attributes" in attr} - {"key"}
        able = {(op["attribute-set"], name) for op in self.ops
                for name in reply_of(op).get("attributes", ())}
        able |= {(group, attr["name"]) for group in nests
                 for attr in self.sets[group] if attr["type"] != "pad"}
        return {f"{group} {name}" for group, name in able - self.seen}

    def attrs(self, attrs, group):
        wants, seen = [], set()
        for attr in attrs:
            self.seen.add((group, self.sets[group][attr.id - 1]["name"]))
            many = MANY.get(self.sets[group][attr.id - 1]["name"], "")
            if is_stall(attr) or many == "+" and attr.id in seen:
                continue
            seen.add(attr.id)
            wants.append(self.attr(attr, group, many))
        pads = [want(number, "pad", pad=True)
                for number, spec in enumerate(self.sets[group], 1)
                if spec["type"] == "pad"]
        return wants + pads

    def attr(self, attr, group, many):
        spec = self.sets[group][attr.id - 1]
        name = spec["name"]
        if attr.children is not None:
            return want(attr.id, name, many,
                        children=self.attrs(attr.children, spec["nested-attributes"]))
        word = meaning(group, name, spec["type"])
        if not word:
            return want(attr.id, name, many, data=attr.data)
        number = self.number(attr.data) if word == "random" else None
        return want(attr.id, name, many, meaning=word, length=len(attr.data),
                    number=number)

    def number(self, data):
        return str(self.numbers.setdefault(data, len(self.numbers) + 1))

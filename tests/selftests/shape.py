# SPDX-License-Identifier: GPL-2.0
#
# What a reply has to be like, as text and as a comparison. An attribute is a line,
#
#   NUMBER[+|~] NAME VALUE
#
# of which the name is for the reader only. VALUE is the bytes that must be there, as
# "text" or 0x and digits; or for what is never the same a word of its meaning and how
# many bytes it has, as time:8; with #1 it has to be the same wherever #1 is, and another
# than #2. { begins a nest, } ends it. `pad` may be there or not. With + there are one or
# more like this, with ~ these in this order and between them any stall (event type 2),
# for these come when they like.

import collections
import re

LINE = re.compile(r'(\d+)([+~]?) (?:(pad)|(\S+) (?:(\{)|"(.*)"|0x([0-9a-f]*)|'
                  r"([a-z]+):(\d+)(?: #(\d+))?))$")
STALL = (2, b"\2\0\0\0")

# @length and @number are of what has a meaning, a word; else there is data or children.
Want = collections.namedtuple(
    "Want", "id many name pad data meaning length number children")


def want(id, name, many="", pad=False, data=None, meaning=None, length=None,
         number=None, children=None):
    return Want(id, many, name, pad, data, meaning, length, number, children)


def parse(lines):
    """Attributes up to a } or the end; takes the lines that it has read."""
    wants = []
    while lines:
        line = lines.pop(0).strip()
        if line == "}":
            break
        match = LINE.match(line)
        if not match:
            raise ValueError(f"not understood: {line}")
        id, many, pad, name, nest, text, digits, meaning, length, number = match.groups()
        data = text.encode() + b"\0" if text is not None else \
            bytes.fromhex(digits) if digits is not None else None
        wants.append(want(int(id), name or pad, many, bool(pad), data, meaning,
                          length and int(length), number,
                          parse(lines) if nest else None))
    return wants


def value(want):
    if want.meaning:
        return f"{want.meaning}:{want.length}" + \
            (f" #{want.number}" if want.number else "")
    if re.fullmatch(rb"[ -!#-~]+\0", want.data) and len(want.data) not in (4, 8):
        return f'"{want.data[:-1].decode()}"'
    return "0x" + want.data.hex()


def lines(wants, indent="  "):
    for want in wants:
        line = f"{indent}{want.id}{want.many} {want.name}"
        if want.pad:
            yield line
        elif want.children is None:
            yield f"{line} {value(want)}"
        else:
            yield line + " {"
            yield from lines(want.children, indent + "  ")
            yield indent + "}"


class Judge:
    """Compares, and keeps what is new and which value each number stands for."""

    def __init__(self):
        self.new, self.known = set(), {}

    def attrs(self, wants, attrs, where):
        """The differences."""
        found = collections.defaultdict(list)
        for attr in attrs:
            found[attr.id].append(attr)
        wanted = collections.defaultdict(list)
        for want in wants:
            wanted[want.id].append(want)
        self.new |= {f"{where}: {id}" for id in found if id not in wanted}
        for id, same in wanted.items():
            if not same[0].pad:
                yield from self.group(same, found[id],
                                      f"{where} {id} ({same[0].name})")

    def group(self, wants, attrs, where):
        if wants[0].many == "~":
            yield from self.sequence(wants, attrs, where)
            return
        if wants[0].many == "+" and attrs:
            wants = wants[:1] * len(attrs)
        if len(wants) != len(attrs):
            yield f"{where}: {len(attrs)} of them, not {len(wants)}"
            return
        for want, attr in zip(wants, attrs):
            yield from self.attr(want, attr, where)

    def sequence(self, wants, attrs, where):
        attrs = [attr for attr in attrs if not is_stall(attr)]
        if len(wants) != len(attrs):
            yield f"{where}: {len(attrs)} of them, not {len(wants)}"
        for number, (want, attr) in enumerate(zip(wants, attrs), 1):
            yield from self.attr(want, attr, f"{where} no. {number}")

    def attr(self, want, attr, where):
        if (want.children is None) != (attr.children is None):
            yield f"{where}: {'no' if attr.children is None else 'a'} nest"
        elif attr.children is not None:
            yield from self.attrs(want.children, attr.children, where)
        elif not want.meaning and attr.data != want.data:
            yield f"{where}: 0x{attr.data.hex()}, not 0x{want.data.hex()}"
        elif want.meaning and len(attr.data) != want.length:
            yield f"{where}: {len(attr.data)} bytes long, not {want.length}"
        elif want.number and not self.agrees(want.number, attr.data):
            yield f"{where}: 0x{attr.data.hex()} is not #{want.number}"

    def agrees(self, number, data):
        if data in self.known.values() and self.known.get(number) != data:
            return False
        return self.known.setdefault(number, data) == data


def is_stall(attr):
    return any((child.id, child.data) == STALL for child in attr.children or ())

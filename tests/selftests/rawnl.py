# SPDX-License-Identifier: GPL-2.0
#
# Generic netlink as bytes: it knows messages and attributes, and nothing of what they
# mean, so that no header and no specification can hide a change of theirs.

import collections
import os
import socket
import struct

HEADER = struct.Struct("=IHHII")        # struct nlmsghdr
GENL = struct.Struct("=BBH")            # struct genlmsghdr
ATTR = struct.Struct("=HH")             # struct nlattr
ERROR, DONE = 2, 3
F_REQUEST, F_DUMP = 1, 0x300
NESTED, TYPE_MASK = 0x8000, 0x3fff
NETLINK_GENERIC, SOL_NETLINK, ADD_MEMBERSHIP, CAP_ACK, EXT_ACK = 16, 270, 1, 10, 11
CTRL, GETFAMILY, FAMILY_ID, FAMILY_NAME, OPS, GROUPS = 16, 3, 1, 2, 6, 7

# A nest has children, anything else has data.
Attr = collections.namedtuple("Attr", "id data children")
Message = collections.namedtuple("Message", "cmd version attrs")


def flat(data):
    """Attributes in data, their types as they are."""
    while len(data) >= ATTR.size:
        length, kind = ATTR.unpack_from(data)
        if not ATTR.size <= length <= len(data):
            raise ValueError(f"attribute {kind} is {length} bytes long")
        yield kind, data[ATTR.size:length]
        data = data[length + 3 & ~3:]


def tree(data):
    return [Attr(kind & TYPE_MASK, None, tree(value)) if kind & NESTED else
            Attr(kind & TYPE_MASK, value, None) for kind, value in flat(data)]


def open_socket():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.setsockopt(SOL_NETLINK, CAP_ACK, 1)
    sock.setsockopt(SOL_NETLINK, EXT_ACK, 1)
    sock.bind((0, 0))
    return sock


def parts(data):
    """Messages that came in one piece: type, and what is behind the header."""
    while len(data) >= HEADER.size:
        length, kind = HEADER.unpack_from(data)[:2]
        yield kind, data[HEADER.size:length]
        data = data[length + 3 & ~3:]


def message(body):
    cmd, version, _ = GENL.unpack_from(body)
    return Message(cmd, version, tree(body[GENL.size:]))


def exchange(sock, family, flags, payload):
    """Send a request, all but its header; the bodies that come back, and its errno."""
    sock.send(HEADER.pack(HEADER.size + len(payload), family, flags, 1, 0) + payload)
    bodies = []
    while True:
        for kind, body in parts(sock.recv(1 << 17)):
            if kind in (ERROR, DONE):
                return bodies, -struct.unpack_from("=i", body)[0]
            bodies.append(body)


def call(sock, family, flags, payload):
    bodies, code = exchange(sock, family, flags, payload)
    return [message(body) for body in bodies], code


class Family:
    """What nlctrl says of a family."""

    def __init__(self, sock, name):
        value = name.encode() + b"\0"
        attr = ATTR.pack(ATTR.size + len(value), FAMILY_NAME) + value
        attr += bytes(-len(attr) % 4)
        bodies, code = exchange(sock, CTRL, 5, GENL.pack(GETFAMILY, 1, 0) + attr)
        if code:
            raise OSError(code, os.strerror(code))
        said = dict(flat(bodies[0][GENL.size:]))
        self.id = int.from_bytes(said[FAMILY_ID], "little")
        self.ops = {}
        for _, op in flat(said[OPS]):
            op = dict(flat(op))
            self.ops[int.from_bytes(op[1], "little")] = \
                int.from_bytes(op[2], "little")
        self.groups = {}
        for _, group in flat(said[GROUPS]):
            group = dict(flat(group))
            self.groups[group[1].rstrip(b"\0").decode()] = \
                int.from_bytes(group[2], "little")


def subscribe(family, group):
    sock = open_socket()
    sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, family.groups[group])
    sock.setblocking(False)
    return sock


def heard(sock):
    """What was multicast and not read yet."""
    found = []
    try:
        while True:
            found += [message(body) for _, body in parts(sock.recv(1 << 17))]
    except BlockingIOError:
        return found

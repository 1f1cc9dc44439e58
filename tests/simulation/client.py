# SPDX-License-Identifier: GPL-2.0
#
# What hbctl does, by the kernel's YNL in Python (YNL is the folder tools/net/ynl/pyynl
# of a kernel tree), in this process: in simulated time nothing costs but to start
# processes.

import copy
import ctypes
import os
import socket
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.environ["YNL"], os.path.join(HERE, "../selftests")]
# pylint: disable=wrong-import-position
from lib import YnlFamily       # noqa: E402, the folders are known only now
import rawnl                    # noqa: E402

SPEC = os.path.join(HERE, "../../Documentation/netlink/specs/hb.yaml")
CLONE_NEWNET = 0x40000000
NETLINK_GENERIC = 16
SOL_NETLINK, NETLINK_EXT_ACK = 270, 11


def enter(path):
    libc = ctypes.CDLL(None, use_errno=True)
    with open(path, "rb") as space:
        if libc.setns(space.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), path)


class Client:
    """Of the node in one namespace, which exists for as long as this is open."""

    family = None       # the specification is read once

    def __init__(self, space):
        if not Client.family:
            Client.family = YnlFamily(SPEC, schema="")
        self.ynl = copy.copy(Client.family)
        enter(f"/run/netns/{space}")
        self.ynl.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                      NETLINK_GENERIC)
        enter("/proc/1/ns/net")
        self.ynl.sock.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)

    def set_node(self, **attributes):
        self.ynl.do("node-set", hyphens(attributes))

    def add_peer(self, name, addr, **attributes):
        self.ynl.do("peer-new", {"name": name, "path": [{"addr4": addr}],
                                 **hyphens(attributes)})

    def set_peer(self, name, **attributes):
        self.ynl.do("peer-set", {"name": name, **hyphens(attributes)})

    def remove_peers(self):
        self.ynl.do("peer-del", {"all": True})

    def all_up(self):
        """Whether all peers are. It is asked often, and to decode all else that is said
        of a peer would take half of the time of a seed."""
        spec = self.ynl
        state = spec.attr_sets["peer"]["state"].value
        up = spec.consts["state"].entries["up"].value
        get = rawnl.GENL.pack(spec.msgs["peer-get"].req_value, 1, 0)
        bodies, code = rawnl.exchange(self.ynl.sock, spec.nlproto.family_id,
                                      rawnl.F_REQUEST | rawnl.F_DUMP, get)
        if code:
            raise OSError(code, os.strerror(code))
        return all(int.from_bytes(dict(rawnl.flat(body[rawnl.GENL.size:]))[state],
                                  sys.byteorder) == up for body in bodies)

    def events(self, since=0):
        """Those of the ring from that number on, their keys as hbctl has them."""
        return [{key.replace("-", "_"): value for key, value in event.items()}
                for message in self.ynl.dump("event-get", {"since": since})
                for event in message.get("event", ())]

    def next_event(self):
        """The number that the next one gets."""
        return self.ynl.dump("event-get", {"since": 2 ** 64 - 1})[0]["next"]

    def close(self):
        self.ynl.sock.close()


def hyphens(attributes):
    return {key.replace("_", "-"): value for key, value in attributes.items()}

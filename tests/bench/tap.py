# SPDX-License-Identifier: GPL-2.0
#
# A witness on the wire: the packets that come into a namespace, with the kernel's time
# of each. They wait in the socket's buffer until they are asked for,
# so that to capture them takes no time from those who are watched.

import socket
import struct
import time

import nodes

ETH_P_IP = 0x0800
SO_RCVBUFFORCE = 33
SO_TIMESTAMPNS = 35
SOL_PACKET, PACKET_STATISTICS = 263, 6
BUFFER = 64 << 20
# The kernel stamps packets as they come from shortly after somebody first wants that on,
# and until then as they are read
STAMPED = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
STAMPED.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


class Tap:
    def __init__(self, space, protocol=ETH_P_IP):
        with nodes.within(space):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                        socket.htons(protocol))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.setblocking(False)

    def packets(self):
        """Of all so far: time in ns of CLOCK_REALTIME, and bytes behind the Ethernet
        header. More may come faster than they are read here."""
        now, stamp = time.time_ns(), 0
        while stamp < now:
            try:
                packet, ancillary, _, _ = self.socket.recvmsg(256, 64)
            except BlockingIOError:
                break
            seconds, ns = struct.unpack("qq", ancillary[0][2])
            stamp = seconds * 10 ** 9 + ns
            yield stamp, packet
        if self.lost():
            raise RuntimeError("the capture has lost packets")

    def lost(self):
        statistics = self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
        return struct.unpack("II", statistics)[1]

    def close(self):
        self.socket.close()


def source(packet):
    return socket.inet_ntoa(packet[12:16])

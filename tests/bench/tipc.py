# SPDX-License-Identifier: GPL-2.0
#
# What TIPC's topology service says of the other nodes of this namespace, a line for
# each change: subscribes to the service type TIPC_NODE_STATE, 0, of which every node
# that can be reached has an instance (include/uapi/linux/tipc.h).

import socket
import struct

FOREVER = 0xffffffff
SUBSCRIPTION = struct.Struct("=IIIII8s")
PUBLISHED, WITHDRAWN = 1, 2
NODE_STATE = 0

topology = socket.socket(socket.AF_TIPC, socket.SOCK_SEQPACKET)
topology.connect((socket.TIPC_ADDR_NAME, socket.TIPC_TOP_SRV,
                  socket.TIPC_TOP_SRV, 0, 0))
topology.send(SUBSCRIPTION.pack(NODE_STATE, 0, 0xffffffff, FOREVER,
                                socket.TIPC_SUB_PORTS, b""))
own = None
while True:
    message = topology.recv(256)
    kind, lower = struct.unpack_from("=II", message)
    if own is None:
        own = lower             # it hears of itself first
    elif kind == PUBLISHED:
        print(f"up {lower:x}", flush=True)
    elif kind == WITHDRAWN:
        print(f"down {lower:x}", flush=True)

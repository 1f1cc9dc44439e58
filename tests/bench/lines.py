# SPDX-License-Identifier: GPL-2.0
#
# The output of a process, by whole lines.

import os


class Lines:
    """What comes out of a pipe."""

    def __init__(self, fd):
        self.fd, self.rest = fd, b""
        os.set_blocking(fd, False)

    def read(self):
        """Those that are whole by now; None at the end of the output. Only if there
        is something to read."""
        data = os.read(self.fd, 1 << 16)
        if not data:
            return None
        *whole, self.rest = (self.rest + data).split(b"\n")
        return [line.decode(errors="replace") for line in whole]

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Byte orders, address spaces, contexts by sparse; W=1 by the kernel's gcc.
. "$(dirname "$0")/lib.sh"
. tests/lint/build.sh
lint_need sparse sparse
lint_build C=2 CF=-D__CHECK_ENDIAN__

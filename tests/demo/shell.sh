#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What `make shell` gives: hb is loaded, if it was built, and then a shell.

if [[ -e ${HB_KO:-} ]] && insmod "$HB_KO"; then
	echo "hb is loaded, hbctl is there: \`hbctl node set name a\`, \`hbctl -h\`."
fi
echo "\`exit\` ends the guest."
exec bash -i

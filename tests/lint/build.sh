# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# lint_build MAKE-ARGUMENT...: build the modules in a scratch copy and print what
# the compiler or the checker says of our files. To source after lib.sh.

# KDIR and KARCH, or else the stock 6.12 that the QEMU tests boot
lint_kdir=${KDIR:-$(tests/qemu/kernel.sh 6.12)/kdir}

lint_build()
{
	local copy log part status=0
	[[ -f Kbuild ]] || lint_skip "no Kbuild yet"
	copy=$(mktemp -d)
	log=$copy.log
	rsync -aR --exclude='*.o' --exclude='*.ko' --exclude='*.mod*' \
		--exclude='.*' Kbuild VERSION kmod include tests/stall "$copy"
	for part in "" /tests/stall; do
		make -C "$lint_kdir" -s M="$copy$part" ${KARCH:+ARCH="$KARCH"} \
			W=1 "$@" modules &>> "$log" || status=$?
	done
	# The kernel's own headers are not ours to mend.
	sed -i "s|$copy/||g" "$log"
	! grep -E "^(kmod|include|tests)/.*: (warning|error|fatal)" "$log" || status=1
	[[ $status -eq 0 ]] || grep -E ': \*\*\*|error:' "$log" || :
	rm -rf "$copy" "$log"
	return $status
}

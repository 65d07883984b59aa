#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Streams between two machines, each with a kernel of its own, over models of real cards: MYNET's TCP with the
# kernel's at the other end, and with itself. ../lib/machine.sh is what runs in each.
. ../lib/lib.sh

top=$(realpath "$(dirname "$(realpath "$0")")/../..")
tmp=$(mktemp -d)
defer rm -rf "$tmp"
bytes=5000000

# The first machine is MYNET's. The digests of what was sent and received end in files.
meet() {	# meet MODEL OTHER
	local model=$1 machine="$top/selftests/lib/machine.sh"
	# shellcheck disable=SC2016 # MYNET_VM_SHARED is the machines'
	"$top/scripts/vm" ${MYNET_KERNEL:+-k "$MYNET_KERNEL"} -t 500 -n "$model" pair "'$machine' 1 mynet $bytes" \
		"'$machine' 2 $2 $bytes && cat \$MYNET_VM_SHARED/*.digest" > "$tmp/$model-$2" 2>&1 ||
		{ cat "$tmp/$model-$2"; return 1; }
}
arrived() {	# arrived FILE FROM TO
	local sent received
	sent=$(grep -o "sent-by-$2 .*" "$tmp/$1")
	received=$(grep -o "received-by-$3 .*" "$tmp/$1")
	equals "$bytes" "$(cut -d' ' -f2 <<< "$sent")" && equals "${sent#* }" "${received#* }"
}

while read -r model other what; do
	ok "$model: two machines have met, MYNET and $what" meet "$model" "$other"
	ok "... a stream goes there" arrived "$model-$other" 1 2
	ok "... and one comes back" arrived "$model-$other" 2 1
done << EOF
virtio-net-pci inet the kernel's TCP
e1000e mynet MYNET
EOF
finish

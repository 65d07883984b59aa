#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The test of the tests: a fault planted in a copy of the project must turn 'make check' red,
# and the report must name the guilty line.
. ../lib/lib.sh

top=$(realpath "$(dirname "$(realpath "$0")")/../..")
copy=$(mktemp -d "$top/build/faults.XXXXXX")
defer rm -rf "$copy"
mkdir "$copy/selftests"
cp -r "$top"/{Kbuild,Makefile,af_mynet,drivers,include,scripts,tools} "$copy/"
cp -r "$top"/selftests/{Makefile,run,lib} "$copy/selftests/"

# One module instead of all, whose loading commits the fault, and one topic that loads it.
# shellcheck disable=SC2016 # variables of make
sed -i -e 's/^obj-m := .*/obj-m := mynet_fault.o\nmynet_fault-y := drivers\/fault.o/' -e '/^obj-m +=/d' \
	-e '/^$(addprefix/s/$(af_mynet-y)/$(mynet_fault-y)/' "$copy/Kbuild"
mkdir "$copy/selftests/fault"
cat > "$copy/selftests/fault/load.sh" <<'EOF'
#!/bin/bash
. ../lib/lib.sh
ok "the module loads" modprobe mynet_fault
finish
EOF
chmod +x "$copy/selftests/fault/load.sh"

plant() {	# plant < BODY: the body of the function that does it
	cat > "$copy/drivers/fault.c" <<-EOF
	#include <linux/delay.h>
	#include <linux/module.h>
	#include <linux/slab.h>
	#include <linux/spinlock.h>
	static noinline int fault(void)
	{
	$(cat)
		return 0;
	}
	module_init(fault);
	MODULE_LICENSE("GPL");
	EOF
}

# The copy without a fault is green: what makes it red below is the fault.
healthy() {
	plant < /dev/null
	make -C "$copy" check T=fault K=debug
}

# red WORDS: the report must have these words and the line marked GUILTY.
red() {
	local status=0 line output
	plant
	line=$(grep -n GUILTY "$copy/drivers/fault.c" | cut -d: -f1)
	output=$(make -C "$copy" check T=fault K=debug 2>&1) || status=$?
	printf '%s\n' "$output" | tail -n 80
	[ "$status" -ne 0 ] || { echo "make check stayed green"; return 1; }
	[[ $output == *"$1"* ]] || { echo "the report does not say: $1"; return 1; }
	[[ $output == *"drivers/fault.c:$line"* ]] || { echo "the report does not name line $line"; return 1; }
	printf '%s\n' "$output" | grep -qE '^[0-9]+ passed, [1-9][0-9]* failed, ' ||
		{ echo "the counts show no failure"; return 1; }
}

ok "a healthy copy is green" healthy

ok "a use after free is red" red "KASAN: use-after-free" <<'EOF'
	char *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	return READ_ONCE(p[3]) ? 0 : 1;	/* GUILTY */
EOF

ok "a lock inversion is red" red "possible circular locking dependency" <<'EOF'
	static DEFINE_SPINLOCK(a);
	static DEFINE_SPINLOCK(b);

	spin_lock(&a);
	spin_lock(&b);
	spin_unlock(&b);
	spin_unlock(&a);
	spin_lock(&b);
	spin_lock(&a);	/* GUILTY */
	spin_unlock(&a);
	spin_unlock(&b);
EOF

# Many, for an old register or stack word may still point to one.
ok "a leak is red" red "unreferenced object" <<'EOF'
	static void *lost;
	int i;

	for (i = 0; i < 64; i++)
		WRITE_ONCE(lost, kmalloc(64, GFP_KERNEL));	/* GUILTY */
	WRITE_ONCE(lost, NULL);
EOF

ok "sleeping in atomic context is red" red "sleeping function called from invalid context" <<'EOF'
	static DEFINE_SPINLOCK(a);

	spin_lock(&a);
	might_sleep();	/* GUILTY */
	spin_unlock(&a);
EOF

ok "a warning is red" red "WARNING:" <<'EOF'
	WARN_ON(1);	/* GUILTY */
EOF

finish

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
ok "the module loads" modprobe mynet_fault which="$(cat "$(dirname "$(readlink -f "$0")")/which")"
finish
EOF
chmod +x "$copy/selftests/fault/load.sh"

cat > "$copy/drivers/fault.c" <<'EOF'
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static int nothing(void)
{
	return 0;
}

static noinline int use_after_free(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	return READ_ONCE(p[3]) ? 0 : 1;	/* GUILTY use_after_free */
}

static noinline int inversion(void)
{
	static DEFINE_SPINLOCK(a);
	static DEFINE_SPINLOCK(b);

	spin_lock(&a);
	spin_lock(&b);
	spin_unlock(&b);
	spin_unlock(&a);
	spin_lock(&b);
	spin_lock(&a);	/* GUILTY inversion */
	spin_unlock(&a);
	spin_unlock(&b);
	return 0;
}

/* Many, for an old register or stack word may still point to one. */
static noinline int leak(void)
{
	static void *lost;
	int i;

	for (i = 0; i < 64; i++)
		WRITE_ONCE(lost, kmalloc(64, GFP_KERNEL));	/* GUILTY leak */
	WRITE_ONCE(lost, NULL);
	return 0;
}

static noinline int sleeper(void)
{
	static DEFINE_SPINLOCK(a);

	spin_lock(&a);
	might_sleep();	/* GUILTY sleeper */
	spin_unlock(&a);
	return 0;
}

static noinline int warning(void)
{
	WARN_ON(1);	/* GUILTY warning */
	return 0;
}

static int which;
module_param(which, int, 0444);

static int __init fault(void)
{
	static int (*const faults[])(void) = {
		nothing, use_after_free, inversion, leak, sleeper, warning,
	};

	return faults[which]();
}
module_init(fault);
MODULE_LICENSE("GPL");
EOF
names=(nothing use_after_free inversion leak sleeper warning)

commit() {	# commit WHICH: make check, with a module that commits this fault when it is loaded
	echo "$1" > "$copy/selftests/fault/which"
	make -C "$copy" check T=fault K=debug 2>&1
}

# red WHICH WORDS: the report must have these words and the line marked GUILTY.
red() {
	local status=0 line output
	line=$(grep -n "GUILTY ${names[$1]}" "$copy/drivers/fault.c" | cut -d: -f1)
	output=$(commit "$1") || status=$?
	printf '%s\n' "$output" | tail -n 80
	[ "$status" -ne 0 ] || { echo "make check stayed green"; return 1; }
	[[ $output == *"$2"* ]] || { echo "the report does not say: $2"; return 1; }
	[[ $output == *"drivers/fault.c:$line"* ]] || { echo "the report does not name line $line"; return 1; }
	printf '%s\n' "$output" | grep -qE '^[0-9]+ passed, [1-9][0-9]* failed, ' ||
		{ echo "the counts show no failure"; return 1; }
}

# Each fault takes a debug kernel of its own. A whole run has two: a report stops the machine, a leak is found at its end.
full "a healthy copy is green" commit 0
ok "a use after free is red" red 1 "KASAN: use-after-free"
ok "a leak is red" red 3 "unreferenced object"
full "a lock inversion is red" red 2 "possible circular locking dependency"
full "sleeping in atomic context is red" red 4 "sleeping function called from invalid context"
full "a warning is red" red 5 "WARNING:"
finish

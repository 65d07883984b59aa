#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every static check goes red: a fault is planted in a small tree, and the check has to name its
# file and its line. In the tree as it is, none of them finds anything.
# shellcheck disable=SC2016 # what is planted is not for this shell to expand
. ../lib/lib.sh

top=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd -P)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mynet
work=$(mktemp -d)
defer rm -rf "$work"

# put FILE: standard input becomes the file, in the tree where we are.
put() {
	mkdir -p "$(dirname "$1")"
	cat > "$1"
}

# A house with a room of every kind, and nothing wrong in it.
make_house() {
	mkdir -p "$work/clean/scripts"
	cd "$work/clean" || exit 1
	cp "$top"/scripts/{lint,lib.sh,debian.sh,checks.py,build,sparse-new,kernel,features} "$top"/scripts/check-* scripts/
	cp "$top/.shellcheckrc" .
	put Kbuild <<-'EOF'
	obj-m := af_mynet.o
	af_mynet-y := af_mynet/main.o af_mynet/core/core.o
	ccflags-y := -I$(src)/include -I$(src)/include/uapi -I$(src)/af_mynet \
		-include $(src)/include/mynet/compat.h $(MYNET_CFLAGS)
	EOF
	put include/uapi/linux/mynet.h <<-'EOF'
	/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
	#define PF_MYNET	18
	enum { A_UNSPEC, A_IFINDEX };
	enum { CMD_UNSPEC, CMD_DEV_GET };
	EOF
	put include/mynet/compat.h <<-'EOF'
	/* SPDX-License-Identifier: GPL-2.0 */
	#ifdef MYNET_HAVE_NEWS
	#endif
	EOF
	echo 'NEWS | linux/types.h | int a = 0; (void)a;' | put include/mynet/features.list
	make_family
	make_driver
	make_papers
	cd - > /dev/null || exit 1
}

make_family() {
	put af_mynet/main.c <<-'EOF'
	// SPDX-License-Identifier: GPL-2.0
	#include <linux/module.h>

	#include "core/core.h"

	static int __init mynet_init(void)
	{
		return mynet_core_init(0);
	}

	module_init(mynet_init);
	MODULE_DESCRIPTION("A small tree");
	MODULE_LICENSE("GPL");
	EOF
	put af_mynet/core/core.h <<-'EOF'
	/* SPDX-License-Identifier: GPL-2.0 */
	#ifndef MYNET_CORE_H
	#define MYNET_CORE_H

	#include <linux/types.h>

	/**
	 * mynet_core_init() - open the room
	 * @port: where
	 *
	 * Return: 0.
	 */
	int mynet_core_init(__be16 port);

	#endif /* MYNET_CORE_H */
	EOF
	put af_mynet/core/core.c <<-'EOF'
	// SPDX-License-Identifier: GPL-2.0
	#include "core/core.h"

	int mynet_core_init(__be16 port)
	{
		return port ? 1 : 0;
	}
	EOF
	local header
	for header in link/link link/neighbour internet/internet socket/socket; do
		echo '/* SPDX-License-Identifier: GPL-2.0 */' | put "af_mynet/$header.h"
	done
	put af_mynet/internet/sum.c <<-'EOF'
	// SPDX-License-Identifier: GPL-2.0
	/* Adds.							[pure] */
	#include <linux/types.h>
	EOF
}

make_driver() {
	local header
	for header in chip chip_priv driver; do
		echo '/* SPDX-License-Identifier: GPL-2.0 */' | put "drivers/ftgmac100/$header.h"
	done
	put drivers/ftgmac100/chip.c <<-'EOF'
	// SPDX-License-Identifier: GPL-2.0
	#include "chip.h"
	EOF
	put drivers/ftgmac100/main.c <<-'EOF'
	// SPDX-License-Identifier: GPL-2.0
	#include "chip.h"
	EOF
}

make_papers() {
	put Makefile <<-'EOF'
	check:
	EOF
	put Documentation/tour.rst <<-'EOF'
	A tour
	======

	``mynet_core_init()`` in ``af_mynet/core/core.c``, called from ``core/core.h``'s users;
	``make check`` shows it, ``dev_queue_xmit()`` sends, ``socket()`` opens.
	EOF
	put selftests/core/core.sh <<-'EOF'
	#!/bin/bash
	echo "1..0 # SKIP nothing to see"
	exit 4
	EOF
	chmod +x selftests/core/core.sh
	put Documentation/netlink/specs/mynet.yaml <<-'EOF'
	name: mynet
	doc: A small family.
	protocol: genetlink
	uapi-header: linux/mynet.h
	attribute-sets:
	  - name: device
	    name-prefix: a-
	    attributes:
	      - {name: ifindex, type: u32}
	operations:
	  name-prefix: cmd-
	  list:
	    - name: dev-get
	      doc: Ask.
	      attribute-set: device
	      do: {request: {attributes: [ifindex]}}
	EOF
}

# tree: a fresh copy to plant a fault in; we are in it afterwards.
tree() {
	rm -rf "$work/tree"
	cp -r "$work/clean" "$work/tree"
	cd "$work/tree" || exit 1
}

# names CHECK PLACE WORDS: the check fails and says WORDS about PLACE (file:line).
names() {
	local output status=0
	output=$(scripts/check-"$1" 2>&1) || status=$?
	if [ "$status" -ne 1 ] || ! grep -E "^${2//./\\.}:([0-9]+:)? " <<< "$output" | grep -qF -- "$3"; then
		echo "wanted status 1 and '$2: ... $3', got status $status and:"
		echo "$output"
		return 1
	fi
}

# finds CHECK WORDS FILE TEXT: TEXT becomes the end of FILE, and its last line is named.
finds() {
	local place
	tree
	mkdir -p "$(dirname "$3")"
	printf '%b\n' "$4" >> "$3"
	place=$3:$(wc -l < "$3")
	names "$1" "$place" "$2"
}

# names_first CHECK PLACE FILE TEXT: as finds, of a text of several lines.
names_first() {
	tree
	mkdir -p "$(dirname "$3")"
	printf '%b\n' "$4" > "$3"
	names "$1" "$2" "charges nobody"
}

# allows CHECK FILE TEXT: the same, and nothing is wrong with it.
allows() {
	tree
	mkdir -p "$(dirname "$2")"
	printf '%b\n' "$3" >> "$2"
	scripts/check-"$1"
}

repeat() {	# repeat N TEXT
	local i
	for ((i = 0; i < $1; i++)); do printf '%s\\n' "$2"; done
}

make_house

clean_tree_passes() {
	local cheap=(words sizes includes circles owners locks pure readers account compat drops tested selftests docs specs shell)
	[ ! -e "$cache/source/linux-6.1" ] || cheap+=(kerneldoc style)
	tree
	scripts/lint "${cheap[@]}"
}
ok "a clean tree passes, and lint says so" clean_tree_passes

lint_goes_red() {
	local output
	tree
	echo '// FIX''ME' >> af_mynet/main.c
	! output=$(scripts/lint words) || { echo "status 0"; return 1; }
	grep -A1 "^# af_mynet/main.c:14: " <<< "$output" | grep -q "^not ok 1 - words: "
}
ok "lint prints findings with its verdict and ends with status 1" lint_goes_red
ok "lint refuses a check that there is not" not eval 'tree; scripts/lint nonsense'

ok "words: a path of somebody's machine" finds words "somebody's machine" \
	Documentation/tour.rst 'See /home/jo/mynet.'
ok "words: root's home" finds words "somebody's machine" af_mynet/main.c '/* /root/mynet */'
ok "words: a package host in a script" finds words "package host" \
	scripts/fetch 'wget http://no-such-host.debian.org/debian'
for headless in '/* What is sent. */' '/*\n * It was sent.\n' '\t/* Nobody reads. */'; do
	ok "words: a comment without a head: $headless" eval "
		tree; printf '\n%b\n' '$headless' >> af_mynet/main.c; scripts/check-words |
		grep -E '^af_mynet/main.c:1[4-6]: a comment that begins without naming its thing'"
done
ok "words: ... in a script" finds words "without naming" selftests/core/core.sh '\n# Who sends.'
ok "words: ... in a docstring" finds words "without naming" selftests/lib/core.py '"""Of a socket."""'
ok "words: a later line of a comment may begin so" allows words selftests/core/core.sh '\n# The one\n# Who sends.'
ok "words: ... and a name that begins like one" allows words af_mynet/main.c '/* Itself. */\n/* Whatsit. */'
part_in_another_form() {
	tree
	printf '\n/* Looking up. */\n\nint mynet_a;\n' >> af_mynet/main.c
	names words af_mynet/main.c:15 "a part of a file"
}
ok "words: a part of a file that begins in another form" part_in_another_form
ok "words: an RFC's section in another form" finds words "a section is written" af_mynet/main.c \
	'/* See RFC 9293 section 3.8. */'
ok "words: unfinished work" finds words "unfinished" af_mynet/main.c '/* TO''DO: more */'

ok "sizes: a long file" finds sizes "800" af_mynet/core/core.c "$(repeat 800 '/* . */')"
long_function() {
	tree
	printf '%b\n' "int mynet_long(void)\n{\n$(repeat 101 '\tmore();')}" >> af_mynet/core/core.c
	names sizes af_mynet/core/core.c:9 "mynet_long() has 101 lines"
}
ok "sizes: a long function" long_function
long_shell_function() {
	tree
	printf '%b\n' "more() {\n$(repeat 101 '\techo')}" >> selftests/core/core.sh
	names sizes selftests/core/core.sh:4 "more() has 101 lines"
}
ok "sizes: a long function in shell" long_shell_function

ok "includes: a room looks up" finds includes "link may not see socket" \
	af_mynet/link/arp.c '#include "socket/socket.h"'
ok "includes: the floor looks up" finds includes "core may not see link" \
	af_mynet/core/core.c '#include "link/link.h"'
ok "includes: a room looks past the door" finds includes "its door is link/link.h" \
	af_mynet/internet/out.c '#include "link/neighbour.h"'
ok "includes: a layer is skipped" finds includes "socket may not see internet" \
	af_mynet/socket/a.c '#include "internet/internet.h"'
ok "includes: a room that the house has not" finds includes "no room of that name" \
	af_mynet/attic/attic.c '/* one line */'
ok "includes: net/ipv4's own header" finds includes "only the kernel's core" \
	af_mynet/main.c '#include <net/tcp.h>'
ok "includes: the driver looks into the family" finds includes "knows nothing of the family" \
	drivers/ftgmac100/main.c '#include <mynet/compat.h>'
ok "includes: hardware looks at the driver" finds includes "hardware may not see" \
	drivers/ftgmac100/chip.c '#include "driver.h"'
ok "includes: hardware knows the kernel's network" finds includes "hardware does not know" \
	drivers/ftgmac100/chip.c '#include <linux/skbuff.h>'
ok "includes: hardware has a packet in hand" finds includes "struct sk_buff" \
	drivers/ftgmac100/chip.c 'struct sk_buff *skb;'
ok "includes: the driver looks into the hardware" finds includes "inside the hardware" \
	drivers/ftgmac100/main.c '#include "chip_priv.h"'
family_sees_card() {
	tree
	echo '/* SPDX-License-Identifier: GPL-2.0 */' | put include/uapi/linux/vftgmac100.h
	echo '#include <linux/vftgmac100.h>' >> drivers/ftgmac100/main.c
	scripts/check-includes || return
	echo '#include <linux/vftgmac100.h>' >> af_mynet/main.c
	names includes af_mynet/main.c:14 "family may not see"
}
ok "includes: the family looks at the card" family_sees_card
ok "includes: a tool looks into the family" finds includes "tools may see" \
	tools/mynet/main.c '#include "../../af_mynet/core/core.h"'
ok "includes: a door that is open" allows includes \
	af_mynet/internet/out.c '#include "link/link.h"\n#include "core/core.h"'

# two_files: a room whose upper file calls the lower one; a static function is nobody else's.
two_files() {
	tree
	printf '%b\n' 'static int mn_own(void)\n{\n\treturn 1;\n}\n\nint mn_low(void)\n{\n\treturn mn_own();\n}' |
		put af_mynet/link/low.c
	printf '%b\n' 'int mn_own(void);\n\nint mn_high(void)\n{\n\treturn mn_low();\n}\n\nint mn_own(void)\n{\n\treturn 2;\n}' |
		put af_mynet/link/high.c
}
down_only() { two_files; scripts/check-circles; }
ok "circles: calls that lead down only" down_only
call_up() {
	two_files
	sed -i 's/return mn_own/return mn_high() + mn_own/' af_mynet/link/low.c
	names circles af_mynet/link/low.c:8 "mn_high: a circle of 2 files: low.c -> high.c -> low.c" || return
	names circles af_mynet/link/high.c:5 "mn_low: a circle of 2 files"
}
ok "circles: the lower file calls back" call_up
inline_up() {
	two_files
	echo 'static inline int mn_short(void) { return mn_high(); }' >> af_mynet/link/link.h
	sed -i 's/return mn_own/return mn_short() + mn_own/' af_mynet/link/low.c
	names circles af_mynet/link/low.c:8 "mn_high: a circle"
}
ok "circles: ... through an inline function" inline_up
table_up() {
	two_files
	printf '%b\n' 'static const struct mn_ops mn_ops = {\n\t.high = mn_high,\n};' >> af_mynet/link/low.c
	names circles af_mynet/link/low.c:11 "mn_high: a circle"
}
ok "circles: ... through a table" table_up
known_circle() {
	two_files
	sed -i 's/return mn_own/return mn_high() + mn_own/' af_mynet/link/low.c
	printf '%b\n' 'af_mynet/link\n\thigh.c\n\tlow.c mid.c' > scripts/circles
	names circles scripts/circles:3 "mid.c is in that circle no more" || return
	scripts/check-circles -w
	equals $'af_mynet/link\n\thigh.c low.c' "$(cat scripts/circles)" && scripts/check-circles
}
ok "circles: a list that is longer than the circle; -w shrinks it" known_circle

# foreign LINE...: a function of recv.c with these lines.
foreign() {
	tree
	printf '\t%s\n' "$@" | sed -e '1i static void mn_read(struct mn_tcp_sock *tp)\n{' -e '$a }' |
		put af_mynet/transport/tcp/recv.c
}
for write in 'tp->cc.cwnd = 1;' 'mn_tcp(sk)->cc.cwnd++;' 'WRITE_ONCE(tp->cc.cwnd, 2);' \
	'tp->cc.prr.out += 2;' 'tp->cc = (struct mn_cc){};'; do
	ok "owners: a write of somebody else's state: $write" eval "
		foreign '$write'; names owners af_mynet/transport/tcp/recv.c:3 'cc is written by cc'"
done
by_pointer() {
	foreign 'struct mn_cc *cc = &tp->cc;' 'cc->cwnd = 1;'
	names owners af_mynet/transport/tcp/recv.c:4 "cc is written by cc"
}
ok "owners: ... through a pointer" by_pointer
owners_ask() {
	foreign 'mn_cc_set(&tp->cc, tp->cc.cwnd == 1);' 'tw->cc = tp->cc;'
	scripts/check-owners
}
ok "owners: a verb is called, a value read" owners_ask
known_writes() {
	foreign 'tp->cc.cwnd = 1;'
	echo 'cc recv.c 3' > scripts/foreign
	names owners scripts/foreign:1 "recv.c writes cc 1 times" || return
	scripts/check-owners -w
	equals 'cc recv.c 1' "$(cat scripts/foreign)" && scripts/check-owners
}
ok "owners: a list that knows of more writes than there are; -w shrinks it" known_writes

holds() {	# holds BODY: of a function that needs a lock
	tree
	printf 'static int mn_thing_locked(struct mn_thing *t)\n{\n%b}\n' "$1" | put af_mynet/internet/thing.c
	scripts/check-locks
}
needs_lock() {	# needs_lock BODY
	holds "$1" > /dev/null
	names locks af_mynet/internet/thing.c:1 "does not assert the lock that it needs"
}
ok "locks: a function that asserts nothing" needs_lock '\treturn t->count;\n'
ok "locks: ... too late" needs_lock '\tif (t)\n\t\tlockdep_assert_held(&t->lock);\n'
ok "locks: one that asserts first is free" holds '\tint n = 1;\n\n\tlockdep_assert_held(&t->lock);\n\treturn n;\n'

ok "account: memory that charges nobody" finds account "charges nobody" \
	af_mynet/internet/route.c 'void *f(void) { return kzalloc(1, GFP_KERNEL); }'
ok "account: ... in two lines" names_first account "af_mynet/internet/route.c:1" \
	af_mynet/internet/route.c 'void *f(void) { return kzalloc(1,\n	GFP_KERNEL); }'
ok "account: a cache of its own" finds account "KMEM_CACHE() charges nobody" \
	drivers/ftgmac100/pool.c 'void f(void) { c = KMEM_CACHE(thing, 0); }'
ok "account: what is charged is free" allows account \
	af_mynet/internet/route.c 'void *f(void) { return kzalloc(1, GFP_ATOMIC | __GFP_ACCOUNT); }'

ok "pure: a header of the kernel's network" finds pure "<linux/skbuff.h>" \
	af_mynet/internet/sum.c '#include <linux/skbuff.h>'
ok "pure: a header that is not pure" finds pure "core/core.h, which is not [pure]" \
	af_mynet/internet/sum.c '#include "core/core.h"'
ok "pure: a socket" finds pure "a socket" af_mynet/internet/sum.c 'int f(struct sock *sk);'
ok "pure: a packet" finds pure "a packet" af_mynet/internet/sum.c 'int f(struct sk_buff *skb);'
ok "pure: a lock" finds pure "a lock" af_mynet/internet/sum.c 'static spinlock_t lock;'
ok "pure: a clock" finds pure "a clock" af_mynet/internet/sum.c 'u64 f(void) { return ktime_get_ns(); }'
ok "pure: an allocation" finds pure "an allocation" \
	af_mynet/internet/sum.c 'void *f(void) { return kmalloc(1, 0); }'
ok "pure: what a comment says is free" allows pure \
	af_mynet/internet/sum.c '/* struct sock, jiffies, kmalloc() */'

option_without_reader() {
	tree
	printf 'struct mn_tcp_user {\n\tbool\tused;\n\tbool\tleft;\n};\n' | put af_mynet/transport/tcp/tcp.h
	echo 'void set(void) { tp->user.used = 1; tp->user.left = 1; }' | put af_mynet/transport/tcp/sockopt.c
	echo 'int act(void) { return tp->user.used; }' | put af_mynet/transport/tcp/output.c
	names readers af_mynet/transport/tcp/tcp.h:3 "left is set and told" &&
		! scripts/check-readers | grep -q used
}
ok "readers: an option that nothing reads" option_without_reader

# A house with a reason, two counters of one name and a knob; a test names what it is given.
measured_house() {	# measured_house WORDS
	tree
	printf '#define MYNET_DROP_LIST(X)\t\\\n\tX(TOO_ODD, NOT_SPECIFIED,\t\\\n\t  "odd")\n' | put af_mynet/core/drop.h
	printf '#define MYNET_MIB_GROUP_LIST(X)\t\\\n\tX(A, SNMP, "Aa")\t\\\n\tX(B, SNMP, "Bb")\n\n' | put af_mynet/core/mib.h
	printf '#define MYNET_MIB_LIST(X)\t\\\n\tX(A_IN, A, "In", "a")\t\\\n\tX(B_IN, B, "In", "b")\n' >> af_mynet/core/mib.h
	printf '\tMN_TCP_KNOB(speed, 1, 0, 1),\n' | put af_mynet/core/sysctl.c
	echo "$1" | put selftests/core/core.wire
	scripts/check-tested
}
untested_is_named() {	# untested_is_named WORDS FINDING
	local output
	output=$(measured_house "$1")
	equals "$2" "$output"
}
ok "tested: what has a test" measured_house "TOO_ODD Aa:In Bb In sysctl speed 1"
ok "tested: a reason without" untested_is_named "Aa:In Bb In sysctl speed 1" \
	"af_mynet/core/drop.h:2: no selftest names the drop TOO_ODD"
ok "tested: a counter without, though another of its name has one" untested_is_named "TOO_ODD Aa In In tcp_speed" \
	"af_mynet/core/mib.h:7: no selftest names the counter Bb In"
ok "tested: a knob without" untested_is_named "TOO_ODD Aa:In Bb In speed" \
	"af_mynet/core/sysctl.c:1: no selftest names the knob tcp_speed"
untested_list_shrinks() {
	local output
	measured_house "TOO_ODD Aa:In Bb:In" > /dev/null
	printf 'drop TOO_ODD\nknob tcp_speed\n' | put scripts/untested
	output=$(scripts/check-tested)
	equals "scripts/untested:1: is tested or gone: scripts/check-tested -w takes it out" "$output" || return
	scripts/check-tested -w && equals "knob tcp_speed" "$(cat scripts/untested)"
}
ok "tested: the list of exceptions only shrinks" untested_list_shrinks

ok "compat: a kernel's version" finds compat "KERNEL_VERSION" \
	af_mynet/main.c '#if KERNEL_VERSION(6, 12, 0)'
ok "compat: a feature outside of compat.h" finds compat "MYNET_HAVE_NEWS" \
	af_mynet/main.c '#ifdef MYNET_HAVE_NEWS'
ok "compat: a feature that nobody asks for" finds compat "does not ask for it" \
	include/mynet/compat.h '#ifdef MYNET_HAVE_NWES'
ok "compat: a feature that nobody uses" finds compat "never used" \
	include/mynet/features.list 'OLDS | linux/types.h | int b;'

ok "selftests: a test without a topic" eval \
	'tree; echo "#!/bin/sh" > selftests/a.sh; names selftests selftests/a.sh:1 "topic"'
ok "selftests: a test that cannot run" eval \
	'tree; chmod -x selftests/core/core.sh; names selftests selftests/core/core.sh:1 "executable"'
ok "selftests: sleep in shell" finds selftests "wait for a fact" \
	selftests/core/core.sh 'sleep 1'	# waits for time itself: only planted
ok "selftests: sleep in C" finds selftests "wait for a fact" \
	selftests/core/a.c '\tusleep(1000);'	# waits for time itself: only planted
for bare in 'kfree_skb(skb)' 'dev_kfree_skb_any(skb)' 'skb_queue_purge(&sk->sk_write_queue)'; do
	ok "drops: a packet that ends nameless: $bare" finds drops "names no reason" \
		af_mynet/core/core.c "\t$bare;"
done
ok "drops: a packet that had a good end" allows drops af_mynet/core/core.c '\tconsume_skb(skb);'
ok "drops: notices that nobody read" allows drops \
	af_mynet/core/core.c '\tskb_queue_purge(&sk->sk_error_queue);'
ok "selftests: a sleep that says why" allows selftests \
	selftests/core/core.sh '# waits for time itself: the lease ends\nsleep 1' # waits for time itself: only planted
ok "selftests: a pause while polling" allows selftests \
	selftests/core/core.sh 'until [ -e x ]; do sleep 0.1; done'
ok "selftests: skipping without a word" finds selftests 'no "SKIP reason"' \
	selftests/core/core.sh ':\n:\n:\n:\nexit 4'
ok "selftests: skipping without a reason" finds selftests "without a reason" \
	selftests/core/core.sh 'skip_all'
ok "selftests: skipping without a reason in C" finds selftests "without a reason" \
	selftests/core/a.c '\tSKIP(return, "");'

ok "docs: a title that does not parse" finds docs "underline" Documentation/tour.rst '\nMore than that\n======'
ok "docs: a function that is gone" finds docs "no such function" \
	Documentation/tour.rst '\n``mynet_gone()``'
ok "docs: a name that is gone" finds docs "no such name" Documentation/tour.rst '\n``MYNET_GONE``'
ok "docs: a file that is gone" finds docs "no such file" \
	Documentation/tour.rst '\n``af_mynet/core/gone.c``'
ok "docs: a sysctl that is gone" finds docs "no such sysctl" \
	Documentation/tour.rst '\n``net.mynet.gone``'
ok "docs: a verb that is gone" finds docs "no such verb" Documentation/tour.rst '\n``make tea``'
ok "docs: a word that stands for any" allows docs Documentation/tour.rst '\n``selftests/TOPIC/NAME.sh``'
ok "docs: a long line" finds docs "more than 100" Documentation/tour.rst "\n$(printf 'word %.0s' {1..30})"
ok "docs: a link to nowhere" finds docs "does not exist" Documentation/tour.rst '\n`x <gone.rst>`_'
ok "docs: a link to nowhere in the README" finds docs "does not exist" README.md '[x](gone.md)'

ok "specs: no YAML" finds specs "no YAML" Documentation/netlink/specs/a.yaml 'name: [a\n]]'
ok "specs: a type that there is not" eval "
	tree; sed -i s/u32/u33/ Documentation/netlink/specs/mynet.yaml
	names specs Documentation/netlink/specs/mynet.yaml:9 u33"
ok "specs: an attribute that is not defined" eval "
	tree; sed -i 's/\[ifindex\]/[gone]/' Documentation/netlink/specs/mynet.yaml
	names specs Documentation/netlink/specs/mynet.yaml:16 'not defined'"
ok "specs: a number that is another one in the header" eval "
	tree; sed -i 's/A_UNSPEC,/& A_OTHER,/' include/uapi/linux/mynet.h
	names specs Documentation/netlink/specs/mynet.yaml:9 'A_IFINDEX is not 1'"

if command -v man > /dev/null; then
	small_command() {	# small_command OBJECT: a command with that object beside "dev", and its page
		tree
		printf '\t{ "dev", do_dev },\n\t{ "%s", do_it },\n' "$1" | put tools/mynet/main.c
		printf '.TH MYNET 8\n.SH OBJECTS\n.SS mynet dev\nDevices.\n' | put tools/man/mynet.8
		printf '\t[dev]=show\n' | put tools/completion/mynet.sh
	}
	ok "man: a request that there is not" eval "
		small_command; echo .BOLD >> tools/man/mynet.8; names man tools/man/mynet.8:5 BOLD"
	ok "man: an object without a section" eval "
		small_command tea; names man tools/mynet/main.c:2 'tea: not in tools/man/mynet.8'"
	ok "man: an object without completion" eval "
		small_command tea; echo '.SS mynet tea' >> tools/man/mynet.8
		names man tools/mynet/main.c:2 'tea: not in tools/completion'"
else
	skip "man: an object without a section" "man is not installed"
fi

ok "shell: an unquoted variable in a script without a suffix" finds shell "Double quote" \
	scripts/a '#!/bin/sh\ncat $1'

if [ -e "$cache/source/linux-6.1/Makefile" ]; then
	ok "kerneldoc: an argument without a word" eval "
		tree; sed -i '/@port/d' af_mynet/core/core.h
		names kerneldoc af_mynet/core/core.h:13 \"'port' not described\""
	ok "style: spaces for a tab" finds style "CODE_INDENT" \
		af_mynet/core/more.h '/* SPDX-License-Identifier: GPL-2.0 */\n        int a;'
	style_forgets_nothing() {
		tree
		scripts/check-style && echo '        int a;' >> af_mynet/core/core.h &&
			names style af_mynet/core/core.h:16 CODE_INDENT &&
			names style af_mynet/core/core.h:16 CODE_INDENT
	}
	ok "style: a fault is found again, and after a clean run" style_forgets_nothing
else
	skip "kerneldoc and style" "the kernel's source is not in the cache"
fi

# A module that only the linker's view makes: which kernel, which foreign symbols.
fake_module() {	# fake_module KERNEL SYMBOL
	mkdir -p "build/$1"
	printf 'extern char %s[]; char *use = %s;\n' "$2" "$2" > build/a.c
	printf '__attribute__((section(".modinfo"))) const char v[] = "vermagic=%s SMP";\n' \
		"$(cat "$cache/kernels/$1/release")" >> build/a.c
	gcc -c -o "build/$1/af_mynet.ko" build/a.c
}
symbol_is_named() {	# symbol_is_named KERNEL SYMBOL WORDS
	tree
	echo "extern char $2[];" >> af_mynet/main.c
	fake_module "$1" "$2" && names symbols af_mynet/main.c:14 "$3"
}
symbol_is_allowed() {
	tree
	fake_module "$1" "$2" && scripts/check-symbols
}
if [ -e "$cache/source/linux-6.1/Makefile" ] && [ -e "$cache/kernels/6.1/release" ]; then
	ok "symbols: one of net/ipv4" symbol_is_named 6.1 ip_route_output_flow net/ipv4/route.c
	ok "symbols: one of net/ipv6" symbol_is_named 6.1 ipv6_chk_addr net/ipv6
	ok "symbols: the shared core of reassembly" symbol_is_allowed 6.1 inet_frag_find
	if [ -e "$cache/kernels/6.12/release" ]; then
		newer=$(awk -F'\t' 'NR == FNR { old[$2]; next } $2 ~ /^drm_/ && !($2 in old) { print $2; exit }' \
			"$cache"/kernels/{6.1,6.12}/kdir/Module.symvers)
		ok "symbols: one that only a newer kernel has" symbol_is_named 6.12 "$newer" REVIEWED
	else
		skip "symbols: one that only a newer kernel has" "kernel 6.12 is not in the cache"
	fi

	stale_is_skipped() {
		tree
		fake_module 6.1 ip_route_output_flow
		echo "$PWD/build/6.1/main.o" > build/6.1/af_mynet.mod
		echo "$PWD/build/6.1/main.c" > build/6.1/.main.o.cmd
		touch -d '1 hour' build/6.1/main.c
		scripts/check-symbols
		equals 4 $?
	}
	ok "symbols: a module older than its sources says nothing" stale_is_skipped

	# One build shows both compilers, and what none of them was shown.
	build_names_all() {
		local output finding
		tree
		printf 'static int mynet_unused(void)\n{\n\treturn 1;\n}\n' >> af_mynet/main.c
		sed -i 's/port ? 1 : 0/port + 1/' af_mynet/core/core.c
		! output=$(scripts/check-build) || { echo "status 0"; return 1; }
		for finding in '^af_mynet/main.c:14:.*mynet_unused' \
			'^af_mynet/core/core.c:6:.*restricted __be16' \
			'^af_mynet/internet/sum.c:1: not in Kbuild'; do
			grep -q "$finding" <<< "$output" || { echo "no '$finding' in: $output"; return 1; }
		done
		equals "$output" "$(scripts/check-build)"
	}
	ok "build: an unused function, sparse's own kind of fault, a file left out; found again" \
		build_names_all
else
	skip "symbols and build" "kernel 6.1 or its source is not in the cache"
fi
finish

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Is scripts/bench to be believed? It is fed benchmarks whose figures are known, in place of a
# virtual machine, and mynet-load has to count right and fail loudly.

. ../lib/lib.sh

top=$(realpath "$(dirname "$(realpath "$0")")/../..")
work=$(mktemp -d)
defer rm -rf "$work"
mkdir "$work/d" "$work/csv"

# check SENTENCE COMMAND...: a case that shows what was printed if it fails.
check() {
	ok "$1" shown_unless "${@:2}"
}
shown_unless() {
	"$@" || { tail -n 20 "$work/stdout" "$work/stderr"; return 1; }
}

# benchmark NAME < text: a benchmark of this test.
benchmark() {
	cat > "$work/d/$1.sh"
}

# bench ARG...: run scripts/bench on them; what it did is in stdout, stderr and $status.
bench() {
	status=0
	rm -f "$work"/csv/*
	: > "$work/calls"
	WORK=$work "$top/scripts/bench" -H -d "$work/d" -o "$work/csv" "$@" \
		> "$work/stdout" 2> "$work/stderr" || status=$?
}

# call PROGRAM ARG...: the same for any program.
call() {
	status=0
	"$@" > "$work/stdout" 2> "$work/stderr" || status=$?
}
load() {
	call "$top/build/tools/mynet-load" "$@"
}

status_is() { [ "$status" -eq "$1" ]; }
stdout_is() { [ "$(cat "$work/stdout")" = "$1" ]; }
stdout_has() { grep -qE -- "$1" "$work/stdout"; }
stderr_has() { grep -qE -- "$1" "$work/stderr"; }
calls_are() { [ "$(tr -d '\n' < "$work/calls")" = "$1" ]; }
in_csv() { [ "$(awk -F, "$1" "$work"/csv/*.csv)" = "$2" ]; }

benchmark twice <<'EOT'
# Twice as much on one side.
figure double bar=1.9 a="side a 200" b="side b 100"
side() { echo "$1" >> "$WORK/calls"; echo "$2"; }
tear_down() { echo torn > "$WORK/torn"; }
EOT
bench twice
check "a ratio of two is printed as two" \
	stdout_is "double ratio=2.000 min=2.000 max=2.000 n=9 bar=1.9 ok"
check "all figures ok is status 0" status_is 0
check "one pair warms up and the order of the next nine alternates" calls_are ababbaabbaabbaabbaab
check "the samples are a line each" in_csv 'NR > 1 { n++ } END { print n }' 9
# shellcheck disable=SC2016 # the fields are awk's
check "a sample has its number, order, sides and ratio" \
	in_csv 'NR == 3 { print $1, $2, $3, $4, $5, $6, $9 }' "double 2 ba 200 100 2 here"
# shellcheck disable=SC2016 # the fields are awk's
check "a sample says which kernel it is from" \
	in_csv 'NR == 2 { print $10 }' "$(uname -r)"
check "progress is plain lines when nobody watches" \
	stderr_has '^mynet: double: pair 9 of 9, median 2\.000$'
check "what was set up is torn down" grep -q torn "$work/torn"

bench -n 12 twice
check "more pairs are measured when asked for" stdout_has ' n=12 '

benchmark short <<'EOT'
figure enough a="echo 101" b="echo 100" bar=1.01
figure missing a="echo 100" b="echo 100" bar=1.01
EOT
bench short
check "a figure below its bar is short" stdout_has '^missing ratio=1\.000 .* bar=1\.01 short$'
check "a figure at its bar is ok" stdout_has '^enough ratio=1\.010 .* bar=1\.01 ok$'
check "one short figure is status 1" status_is 1

benchmark lower <<'EOT'
figure quick better=lower bar=1.5 a="echo 14.0" b="echo 10"
figure slow better=lower bar=1.5 a="echo 16" b="echo 10.0"
figure most bar=..2 a="echo 3" b="echo 1"
EOT
bench lower
check "where lower is better a bar is a ceiling: below is ok" \
	stdout_has '^quick ratio=1\.400 .* bar=\.\.1\.5 ok$'
check "where lower is better a bar is a ceiling: above is short" \
	stdout_has '^slow ratio=1\.600 .* bar=\.\.1\.5 short$'
check "a ceiling can be written as a range" stdout_has '^most ratio=3\.000 .* bar=\.\.2 short$'

benchmark bars <<'EOT'
figure info a="echo 1" b="echo 100"
figure between bar=0.9..1.1 a="echo 1" b="echo 1"
figure above bar=0.9..1.1 a="echo 1.2" b="echo 1"
figure below bar=0.9..1.1 a="echo 8e-1" b="echo 1"
EOT
bench bars
check "without a bar any ratio is ok" stdout_has '^info ratio=0\.010 .* bar=- ok$'
check "a ratio inside a range is ok" stdout_has '^between .* bar=0\.9\.\.1\.1 ok$'
check "a ratio above a range is short" stdout_has '^above .* short$'
check "a ratio below a range is short" stdout_has '^below .* short$'

benchmark spread <<'EOT'
figure odd a='next 1 5 2 9 3 8 4 7 6 10' b='echo 1'
figure even a='next 1 5 2 9 3 8 4 7 6 10' b='echo 1'
next() {
	echo x >> "$WORK/turn"
	shift $((($(wc -l < "$WORK/turn") - 1) % 10))
	echo "$1"
}
EOT
bench spread	# the first value is the warm-up's
check "the median of nine pairs is the fifth, least and greatest are shown" \
	stdout_has '^odd ratio=6\.000 min=2\.000 max=10\.000 n=9'
rm "$work/turn"
bench -n 4 spread
check "the median of four pairs is between the second and the third" \
	stdout_has '^odd ratio=4\.000 min=2\.000 max=9\.000 n=4'
check "fewer than nine pairs are called a look" stderr_has 'look, not a result'

benchmark fails <<'EOT'
figure broken a="echo 1" b="broken"
figure whole a="echo 1" b="echo 1"
broken() {
	echo the reason >&2
	false
	echo 1
}
EOT
bench fails
check "a measure that fails is status 3" status_is 3
check "the failure names figure, side and command" \
	stderr_has "figure broken, side b, warm-up: 'broken' failed with status 1"
check "what a failing measure said is shown" stderr_has '^the reason$'
check "a failed figure prints no ratio, the others do" \
	stdout_is "whole ratio=1.000 min=1.000 max=1.000 n=9 bar=- ok"

for bad in "" "words" "0" "-1" "1
2" "nan"; do
	printf 'figure odd a="echo 1" b="printf %%s %q"\n' "'$bad'" | benchmark bad
	bench bad
	check "a measure that prints '${bad//$'\n'/ }' is no figure" status_is 3
done

benchmark later <<'EOT'
figure tired a="echo 1" b="tired"
tired() { echo x >> "$WORK/tired"; [ "$(wc -l < "$WORK/tired")" -lt 5 ]; echo 1; }
EOT
bench later
check "a measure that fails in the middle is status 3" status_is 3
check "the failure names the pair" stderr_has 'figure tired, side b, pair 4:'

benchmark setup <<'EOT'
figure never a="echo 1" b="echo 1"
set_up() { false; }
tear_down() { echo again > "$WORK/torn"; }
EOT
bench setup twice
check "a topology that cannot be set up is status 3" status_is 3
check "it is torn down all the same" test -e "$work/torn"
check "the next benchmark runs" stdout_has '^double .* ok$'

benchmark nonsense <<'EOT'
figure x a="echo 1"
EOT
bench nonsense
check "a figure without a second side is refused" status_is 3
bench nothing
check "an unknown benchmark is wrong usage" status_is 2
bench -n 0 twice
check "no pairs are wrong usage" status_is 2
bench -Z
check "an unknown option is wrong usage" status_is 2
bench -l twice
check "the list says what a benchmark is" stdout_is "twice        Twice as much on one side."

benchmark endless <<'EOT'
figure endless a="wait_long" b="echo 1"
wait_long() { echo begun > "$WORK/begun"; read -rt 0.2 <> <(:); echo 1; }
tear_down() { echo after > "$WORK/ended"; }
EOT
WORK=$work "$top/scripts/bench" -H -n 100000 -d "$work/d" -o "$work/csv" endless \
	> "$work/stdout" 2> "$work/stderr" &
run=$!
wait_for 20 test -e "$work/begun"
kill $run
wait $run
status=$?
check "a run that is ended tells so by its status" status_is 143
check "a run that is ended tears down first" test -e "$work/ended"

# --- mynet-load -------------------------------------------------------------------------

for test in udp udp-rr tcp sendfile tcp-rr tcp-crr; do
	load $test -n 320 -l 100
	check "$test counts what arrived" \
		stdout_has "^$test family=inet size=100 count=320 bytes=32000 elapsed_ns=[1-9]"
	check "$test counts processor time" stdout_has 'cpu_ns=[1-9]'
	load $test -t 0.05 -w 0
	check "$test runs for a time" status_is 0
done
load udp -n 64 -k count
check "one result can be asked for alone" stdout_is 64
load udp -f 2 -n 64
check "a family can be a number" stdout_has 'family=2 '
load udp -f 255
check "a family that is not there is an error" stderr_has 'socket of family 255: Address family not'
load tcp -s 192.0.2.1
check "an address that is not ours is an error" stderr_has 'bind to 192\.0\.2\.1'
load tcp -S no-such-namespace
check "a namespace that is not there is an error" stderr_has 'network namespace no-such-namespace'
check "an error is status 1" status_is 1
for bad in "" "sctp" "udp udp" "udp -l 65508" "udp -l 0" "udp -n x" "udp -t 0" "udp -t nan" \
	"udp -s host" "udp -k speed" "udp -f 0" "udp -p 65536" "udp -n -1"; do
	# shellcheck disable=SC2086 # words on purpose
	load $bad
	check "'mynet-load${bad:+ }$bad' is wrong usage" status_is 2
done
for tool in dgram hold load many routes; do
	call "$top/build/tools/mynet-$tool" --help
	check "mynet-$tool tells how it is used" stdout_has '^Usage: '
	check "... which is status 0" status_is 0
done
for script in "$top"/scripts/*; do
	grep -qsx 'usage() {' "$script" || continue
	call "$script" --help
	check "scripts/${script##*/} tells how it is used" stdout_has '^Usage: '
done

finish

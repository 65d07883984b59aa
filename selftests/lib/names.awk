# SPDX-License-Identifier: GPL-2.0
# From the kernel's headers to a table in C: the names of options by level and number, and of
# flags by their bit. Headers that programs see come first; of the last one only MSG_* counts.
BEGIN {
	print "/* Made by selftests/lib/names.awk. */"
	print "#define MSG_LEVEL 4242"
	print "static const struct { int level, number; const char *name; } names[] = {"
}
FILENAME ~ /asm-generic\/socket\.h$/ { prefix = "^SO_"; level = 1 }
FILENAME ~ /uapi\/linux\/in\.h$/ { prefix = "^(IP|MCAST)_"; level = 0 }
FILENAME ~ /uapi\/linux\/tcp\.h$/ { prefix = "^TCP_"; level = 6 }
FILENAME ~ /uapi\/linux\/udp\.h$/ { prefix = "^UDP_"; level = 17 }
FILENAME ~ /include\/linux\/socket\.h$/ { prefix = "^MSG_"; level = "MSG_LEVEL" }
/^[ \t]*#[ \t]*define[ \t]/ {
	sub(/^[ \t]*#[ \t]*define[ \t]+/, "")
	if ($1 ~ prefix && $2 ~ /^(0x[0-9a-fA-F]+|[0-9]+)$/)
		printf "\t{ %s, (int)%s, \"%s\" },\n", level, $2, $1
}
END { print "};" }

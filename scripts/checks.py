# SPDX-License-Identifier: GPL-2.0
"""Helpers of the checks: the project's files, and how a check tells its findings.

A check prints "file:line: what is wrong" on standard output and ends with status 0 (nothing
found), 1 (something found) or 4 (could not look; the reason is printed instead).
"""
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SKIP = 4

# Written by the build beside the sources; nobody's handwriting.
GENERATED = re.compile(r"(^build/|\.mod\.c$|(^|/)features\.h$|(^|/)__pycache__/)")

_found = []


def files(*patterns):
    """The project's own files whose path matches one of the regular expressions."""
    # git knows what is debris; a tree that is none of git's, or not for us, is taken whole
    git = subprocess.run(
        ["git", "-C", TOP, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=False, capture_output=True, text=True)
    if os.path.exists(os.path.join(TOP, ".git")) and git.returncode == 0:
        listing = git.stdout.split("\0")
    else:
        listing = [os.path.relpath(os.path.join(folder, name), TOP)
                   for folder, _, names in os.walk(TOP) for name in names]
    wanted = re.compile("|".join(patterns) or ".")
    return sorted({path for path in listing if path and wanted.search(path)
                   and not GENERATED.search(path) and not path.startswith(".git/")
                   and os.path.isfile(os.path.join(TOP, path))})


def read(path):
    """Text of a file of the project, or "" if it is none."""
    with open(os.path.join(TOP, path), "rb") as f:
        data = f.read()
    return "" if b"\0" in data[:4096] else data.decode("utf-8", "replace")


def lines(path):
    """(number, line) of a file, counted from 1."""
    return enumerate(read(path).splitlines(), 1)


def code_lines(path):
    """(number, line) of a C file with comments and the insides of strings blanked out."""
    def blank(match):
        text = match.group(0)
        if text[0] == '"':
            return '""'
        return "\n" * text.count("\n") + " "
    text = re.sub(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', blank, read(path), flags=re.S)
    return enumerate(text.splitlines(), 1)


def includes(path):
    """(number, "name" or <name>) of each #include of a C file."""
    for number, line in lines(path):
        match = re.match(r'\s*#\s*include\s+(["<][^">]+[">])', line)
        if match:
            yield number, match.group(1)


def resolve(path, name):
    """The project's file that an #include in path names, or None if it is somebody else's."""
    inner = name[1:-1]
    places = [os.path.dirname(path)] if name[0] == '"' else []
    places += ["include", "include/uapi"]
    if path.startswith("af_mynet/"):
        places.append("af_mynet")
    for place in places:
        candidate = os.path.normpath(os.path.join(place, inner))
        if os.path.isfile(os.path.join(TOP, candidate)):
            return candidate
    return None


def is_pure(path):
    """A file that calls itself [pure] in its head comment."""
    return any("[pure]" in line for _, line in zip(range(15), read(path).splitlines()))


def cached(path):
    """A path below the cache, or None while it is not there."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    path = os.path.join(cache, "mynet", path)
    return path if os.path.exists(path) else None


def kernel_source():
    """The unpacked source of Debian's 6.1, or None while it is not in the cache."""
    makefile = cached("source/linux-6.1/Makefile")
    return makefile and os.path.dirname(makefile)


def finding(path, number, what):
    _found.append((path, number, what))


def skip(reason):
    print(reason)
    sys.exit(SKIP)


def finish():
    for path, number, what in sorted(set(_found)):
        print(f"{path}:{number}: {what}")
    sys.exit(1 if _found else 0)


if __name__ == "__main__":  # checks.py PATTERN...: for the checks that are shell
    print("\n".join(files(*sys.argv[1:])))

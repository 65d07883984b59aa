#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0
"""Does what a document tells its reader to type, and compares what it says will be seen.

tutorial.py FILE: a command stands in a literal block after "# ", what is seen in the lines below it;
"..." stands for anything in a line, and alone for any lines. A command without such lines
has only to succeed. Prints TAP.
"""
import re
import subprocess
import sys

END = "--- end of the command, status "


def read(path):
    """The commands of a document: line number, command, the lines to be seen."""
    steps, seen = [], None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.startswith("\t"):
                seen = seen if line == "\n" else None
            elif line.startswith("\t# "):
                seen = []
                steps.append((number, line[3:].strip(), seen))
            elif seen is not None:
                seen.append(line[1:].rstrip())
    return steps


def pattern(lines):
    """The regular expression for the lines to be seen."""
    parts = [r"(?:.*\n)*?" if line == "..." else
             ".*".join(map(re.escape, line.split("..."))) + r"\s*\n" for line in lines]
    return re.compile("".join(parts) + r"\Z")


class Shell:
    """The reader's shell; commands run one after the other in it."""

    def __init__(self):
        self.bash = subprocess.Popen(["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     text=True, bufsize=1)

    def type(self, command):
        """Status and output of a command."""
        print(f"{command}\necho; echo '{END}'$?", file=self.bash.stdin, flush=True)
        output = ""
        for line in self.bash.stdout:
            if line.startswith(END):
                return int(line[len(END):]), output.removesuffix("\n")
            output += line
        raise EOFError("the shell has ended")


def follow(shell, command, seen):
    """Whether a command does what it should the first time, as it has to for the reader, and what it did."""
    status, output = shell.type(command)
    if output and not output.endswith("\n"):
        output += "\n"
    good = status == 0 and (not seen or pattern(seen).match(output))
    return good, f"status {status}\n{output}"


def main():
    steps = read(sys.argv[1])
    shell = Shell()
    failed = 0
    print(f"1..{len(steps)}")
    for n, (number, command, seen) in enumerate(steps, 1):
        good, what = follow(shell, command, seen)
        if not good:
            failed += 1
            print("".join(f"# {line}\n" for line in what.splitlines()), end="")
        print(f"{'ok' if good else 'not ok'} {n} - line {number}: {command.replace('#', '')}",
              flush=True)
    sys.exit(failed > 0 or not steps)


main()

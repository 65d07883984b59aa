#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Runs the scripts beside it, again and again, without a start of Python for each: that takes seconds on a
debug kernel.

resident.py < lines "SCRIPT ARG...", quoted as in a shell. Each is answered by what the script's main() prints
and a line of the character EOT and the status it returns.
"""
import contextlib
import importlib
import io
import os
import shlex
import sys
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

for line in sys.stdin:
    script, *args = shlex.split(line)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            status = importlib.import_module(script).main(args)
        except Exception:  # a mistake in one case is no reason to end the others
            traceback.print_exc(file=sys.stdout)
            status = 1
    sys.stdout.write(said.getvalue() + "\x04%d\n" % status)
    sys.stdout.flush()

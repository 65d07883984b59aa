#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The first steps of Documentation/tutorial.rst, typed as they stand there.
top=$(dirname "$(readlink -f "$0")")/../..
exec python3 -B ../lib/tutorial.py "$top/Documentation/tutorial.rst"

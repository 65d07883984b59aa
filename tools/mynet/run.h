/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MYNET_TOOL_RUN_H
#define MYNET_TOOL_RUN_H

/* Runs @path with its system calls watched. Returns its exit status. */
int run_trapped(const char *path, char **argv);

#endif

// SPDX-License-Identifier: GPL-2.0
/*
 * The programs that have a socket: descriptors of all programs by inode, as /proc has them. Owns
 * that list, read anew for each command.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ss.h"

struct holder {
	uint64_t	inode;
	unsigned int	pid, fd;
	char		name[16];
};

static struct holder *holders;
static size_t holder_count, holder_room;

static void add_holder(const struct holder *one)
{
	if (holder_count == holder_room) {
		holder_room = holder_room * 2 + 256;
		holders = realloc(holders, holder_room * sizeof(*holders));
		if (!holders)
			fail("Out of memory");
	}
	holders[holder_count++] = *one;
}

static void read_name(struct holder *one)
{
	char path[64];
	FILE *file;

	one->name[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%u/comm", one->pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (!fgets(one->name, sizeof(one->name), file))
		one->name[0] = '\0';
	one->name[strcspn(one->name, "\n")] = '\0';
	fclose(file);
}

static void read_program(struct holder *one)
{
	char path[64], target[64];
	struct dirent *entry;
	unsigned long inode;
	ssize_t n;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%u/fd", one->pid);
	dir = opendir(path);
	if (!dir)
		return;
	read_name(one);
	while ((entry = readdir(dir))) {
		n = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);
		if (n <= 0)
			continue;
		target[n] = '\0';
		if (sscanf(target, "socket:[%lu]", &inode) != 1)
			continue;
		one->inode = inode;
		one->fd = strtoul(entry->d_name, NULL, 10);
		add_holder(one);
	}
	closedir(dir);
}

static int by_inode(const void *a, const void *b)
{
	const struct holder *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return (int)x->fd - (int)y->fd;
}

void ss_find_programs(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	struct holder one;

	holder_count = 0;
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		one.pid = strtoul(entry->d_name, NULL, 10);
		if (one.pid)
			read_program(&one);
	}
	closedir(dir);
	qsort(holders, holder_count, sizeof(*holders), by_inode);
}

/* The first one of those who have it. */
static const struct holder *find_holder(uint64_t inode)
{
	size_t low = 0, high = holder_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (holders[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return holders + low;
}

void ss_show_programs(uint64_t inode)
{
	const struct holder *one = find_holder(inode), *end = holders + holder_count;
	bool first = true;

	if (!inode || one == end || one->inode != inode)
		return;
	out_text(" users:(");
	out_array_begin("users");
	for (; one < end && one->inode == inode; one++, first = false) {
		out_object_begin();
		out_string("name", first ? "(\"%s\"" : ",(\"%s\"", one->name);
		out_number("pid", ",pid=%llu", one->pid);
		out_number("fd", ",fd=%llu)", one->fd);
		out_object_end();
	}
	out_array_end();
	out_text(")");
}

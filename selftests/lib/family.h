/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The family's module as a test handles it: load, unload, ask. By system call, not by
 * modprobe: a test that does it a thousand times has no time for programs.
 */
#ifndef MYNET_TEST_FAMILY_H
#define MYNET_TEST_FAMILY_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/mynet.h>

/* Opens the module's file; keep it and load from it as often as you like. */
static inline int family_file(void)
{
	struct utsname uts;
	char path[256];

	uname(&uts);
	snprintf(path, sizeof(path), "/lib/modules/%s/extra/af_mynet.ko", uts.release);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* 0, or -1 with errno. */
static inline int family_load_from(int file)
{
	return syscall(SYS_finit_module, file, "", 0);
}

/* 0 (also if it was loaded already), or -1 with errno. */
static inline int family_load(void)
{
	int file = family_file(), err;

	if (file < 0)
		return -1;
	err = family_load_from(file);
	close(file);
	return err && errno == EEXIST ? 0 : err;
}

/* 0, or -1 with errno: EWOULDBLOCK if somebody holds it, ENOENT if it is not there. */
static inline int family_unload(void)
{
	return syscall(SYS_delete_module, "af_mynet", O_NONBLOCK);
}

static inline bool family_loaded(void)
{
	return access("/sys/module/af_mynet/refcnt", F_OK) == 0;
}

/* First line of a file without its newline, or NULL. */
static inline char *read_line(const char *path, char *buf, size_t size)
{
	FILE *file = fopen(path, "re");
	char *line;

	if (!file)
		return NULL;
	line = fgets(buf, size, file);
	fclose(file);
	if (line)
		line[strcspn(line, "\n")] = '\0';
	return line;
}

/* 0 or -1 with errno. */
static inline int write_line(const char *path, const char *line)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	int err;

	if (file < 0)
		return -1;
	err = write(file, line, strlen(line)) == (ssize_t)strlen(line) ? 0 : -1;
	close(file);
	return err;
}

/*
 * From here to autoload_on() the kernel calls no modprobe. The old setting is kept in @path,
 * of at least 256 bytes.
 */
static inline void autoload_off(char *path)
{
	if (!read_line("/proc/sys/kernel/modprobe", path, 256))
		path[0] = '\0';
	write_line("/proc/sys/kernel/modprobe", "\n");
}

static inline void autoload_on(const char *path)
{
	write_line("/proc/sys/kernel/modprobe", path);
}

/* A counter in a file of the form of /proc/net/netstat, or -1 if it is not there. */
static inline long long read_counter(const char *path, const char *name)
{
	char names[4096], values[4096], *n, *v, *in, *iv;
	FILE *file = fopen(path, "re");
	long long found = -1;

	if (!file)
		return -1;
	while (found < 0 && fgets(names, sizeof(names), file) &&
	       fgets(values, sizeof(values), file)) {
		n = strtok_r(names, " \n", &in);
		v = strtok_r(values, " \n", &iv);
		while (n && v && strcmp(n, name)) {
			n = strtok_r(NULL, " \n", &in);
			v = strtok_r(NULL, " \n", &iv);
		}
		if (n && v)
			found = strtoll(v, NULL, 10);
	}
	fclose(file);
	return found;
}

#endif /* MYNET_TEST_FAMILY_H */

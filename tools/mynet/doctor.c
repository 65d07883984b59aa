// SPDX-License-Identifier: GPL-2.0
/*
 * "mynet doctor": is this machine ready for MYNET, and if not, which command makes it so? Looks,
 * changes nothing, and loads no module.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/mynet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "mynet.h"

#define MODULE	"af_mynet"
#define INSTALL	"make install	(in the folder of the source)"

static unsigned int found;	/* findings so far */

static int help(struct words *words)
{
	printf("Usage: mynet doctor\n"
	       "Looks whether MYNET can work here: kernel, headers, module, signatures, other\n"
	       "modules that take its number, and what the kernel's own IPv4 still does on attached\n"
	       "devices. Each finding comes with the command that ends it. Exit status 2 if there is\n"
	       "any.\n");
	return MYNET_OK;
}

/* --- telling ------------------------------------------------------------------------------ */

static void tell(const char *verdict, const char *text, const char *command)
{
	out_object_begin();
	out_string("verdict", "%-8s", verdict);
	out_string("text", "%s\n", text);
	if (command)
		out_string("command", "        # %s\n", command);
	out_object_end();
}

__attribute__((format(printf, 1, 2)))
static void fine(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	tell("ok", text, NULL);
}

__attribute__((format(printf, 2, 3)))
static void finding(const char *command, const char *format, ...)
{
	char text[512];
	va_list args;

	found++;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	tell("finding", text, command);
}

/* The first line of a file, without its end; "" if there is none. */
static const char *line_of(const char *path)
{
	static char line[512];
	FILE *file = fopen(path, "r");

	line[0] = 0;
	if (file && !fgets(line, sizeof(line), file))
		line[0] = 0;
	if (file)
		fclose(file);
	line[strcspn(line, "\n")] = 0;
	return line;
}

/* --- the module --------------------------------------------------------------------------- */

/* modules.dep begins each line with a module's path, from its folder. */
static bool find_installed(const char *release, char *path, size_t size)
{
	char line[4096], dep[512];
	char *end, *name;
	FILE *file;

	snprintf(dep, sizeof(dep), "/lib/modules/%s/modules.dep", release);
	file = fopen(dep, "r");
	path[0] = 0;
	while (file && !path[0] && fgets(line, sizeof(line), file)) {
		end = strchr(line, ':');
		name = strstr(line, "/" MODULE ".ko");
		if (!end || !name || name > end)
			continue;
		*end = 0;
		snprintf(path, size, "/lib/modules/%s/%s", release, line);
	}
	if (file)
		fclose(file);
	return path[0];
}

/* "srcversion=..." of a module's file that is not compressed; "" if it is not found. */
static void read_srcversion(const char *path, char *version, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *data, *word;
	struct stat st;

	version[0] = 0;
	if (fd < 0)
		return;
	if (!fstat(fd, &st) && st.st_size) {
		data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		word = data == MAP_FAILED ? NULL : memmem(data, st.st_size, "srcversion=", 11);
		if (word)
			snprintf(version, size, "%.*s", (int)(data + st.st_size - word - 11),
				 word + 11);
		if (data != MAP_FAILED)
			munmap((void *)data, st.st_size);
	}
	close(fd);
}

static bool is_loaded(void)
{
	return !access("/sys/module/" MODULE, F_OK);
}

static void check_kernel(const char *release)
{
	char path[4608];
	const bool is_installed = find_installed(release, path, sizeof(path));

	snprintf(path, sizeof(path), "/lib/modules/%s/build/Makefile", release);
	if (!access(path, F_OK))
		fine("kernel %s and its headers", release);
	else if (is_loaded() || is_installed)
		fine("kernel %s; its headers are not here, nor needed: the module is", release);
	else
		finding("apt-get install linux-headers-$(uname -r)",
			"kernel %s has no headers here: modules cannot be built for it", release);
}

/* --- who holds it ------------------------------------------------------------------------- */

#define HOLDERS_MAX	8	/* that are named */

/* How many descriptors of a process are sockets of ours, in whatever network namespace. */
static unsigned int sockets_of(const char *pid)
{
	char path[300], protocol[32];
	struct dirent *fd;
	unsigned int n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	dir = opendir(path);
	while (dir && (fd = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%.20s/fd/%.20s", pid, fd->d_name);
		if (getxattr(path, "system.sockprotoname", protocol, sizeof(protocol)) > 0 &&
		    !strncmp(protocol, "MYNET-", 6))
			n++;
	}
	if (dir)
		closedir(dir);
	return n;
}

/* Puts "NAME (PID)" behind what is in @text, as far as there is room. */
static void name_holder(char *text, size_t size, const char *pid)
{
	char path[64], name[32];
	size_t len = strlen(text);

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	snprintf(name, sizeof(name), "%.20s", line_of(path));
	snprintf(text + len, size - len, "%s%s (%.20s)", len ? ", " : "", name, pid);
}

/* Other modules that use this one's functions have links in a folder. */
static void name_modules(char *text, size_t size)
{
	DIR *dir = opendir("/sys/module/" MODULE "/holders");
	struct dirent *holder;
	size_t len;

	while (dir && (holder = readdir(dir))) {
		len = strlen(text);
		if (holder->d_name[0] != '.')
			snprintf(text + len, size - len, "%smodule %.40s", len ? ", " : "",
				 holder->d_name);
	}
	if (dir)
		closedir(dir);
}

/* A module that is held cannot be removed, and modprobe does not say by whom. */
static void check_holders(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *process;
	unsigned int n = 0;
	char text[400] = "";

	name_modules(text, sizeof(text));
	while (dir && (process = readdir(dir)))
		if (isdigit((unsigned char)process->d_name[0]) && sockets_of(process->d_name) &&
		    ++n <= HOLDERS_MAX)
			name_holder(text, sizeof(text), process->d_name);
	if (dir)
		closedir(dir);
	if (text[0])
		fine("the module is held by %s%s", text, n > HOLDERS_MAX ? " and others" : "");
	else if (atoi(line_of("/sys/module/" MODULE "/refcnt")))
		fine("the module is held, by no process that %s may look at",
		     getuid() ? "you" : "root");
	else
		fine("nobody holds the module: modprobe -r " MODULE " removes it");
}

static void check_module(const char *release)
{
	char path[4608], installed[64], loaded[64];
	bool is_installed = find_installed(release, path, sizeof(path));

	if (!is_installed)
		finding(INSTALL,
			"the module is not installed for kernel %s", release);
	else
		fine("the module is installed: %s", path);
	if (!is_loaded()) {
		finding("modprobe " MODULE, "the module is not loaded");
		return;
	}
	read_srcversion(path, installed, sizeof(installed));
	snprintf(loaded, sizeof(loaded), "%.60s", line_of("/sys/module/" MODULE "/srcversion"));
	if (is_installed && installed[0] && loaded[0] && strcmp(installed, loaded))
		finding("modprobe -r " MODULE " && modprobe " MODULE,
			"the loaded module is another one than the installed one (%s, %s)", loaded,
			installed);
	else
		fine("the module is loaded");
	check_holders();
}

static void check_signatures(void)
{
	const char *enforce = line_of("/sys/module/module/parameters/sig_enforce");
	bool enforced = enforce[0] == 'Y';
	const char *lockdown = line_of("/sys/kernel/security/lockdown");

	if (lockdown[0] && !strstr(lockdown, "[none]"))
		enforced = true;
	if (enforced && !is_loaded())
		finding("kmodsign sha512 MOK.priv MOK.der " MODULE ".ko; mokutil --import MOK.der",
			"this kernel loads signed modules only: sign it and enrol your key");
	else
		fine(enforced ? "signed modules only, and this one is accepted" :
				"modules need no signature");
}

/* Would another module be loaded for our number? */
static void check_number(const char *release)
{
	char path[512], line[512], alias[256], module[128];
	bool taken = false;
	FILE *file;

	snprintf(path, sizeof(path), "/lib/modules/%s/modules.alias", release);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "alias %255s %127s", alias, module) != 2 ||
		    strcmp(alias, "net-pf-18") || !strcmp(module, MODULE))
			continue;
		taken = true;
		snprintf(path, sizeof(path), "echo blacklist %s > /etc/modprobe.d/mynet.conf",
			 module);
		finding(path, "the module %s takes the same family number, %d", module, PF_MYNET);
	}
	if (file)
		fclose(file);
	if (!taken)
		fine("the family number %d is nobody else's", PF_MYNET);
}

/* --- devices ------------------------------------------------------------------------------ */

#define DEVICES_MAX	256

/* Devices that MYNET took over from the kernel's IPv4. */
static struct {
	unsigned int n;
	char name[DEVICES_MAX][32];
} attached;

static void take_device(struct nlattr **attrs, void *arg)
{
	const char *name = mnl_attr_get_str(attrs[MYNET_A_DEV_NAME]);
	unsigned int *devices = arg;

	if (strcmp(name, "lo"))		/* which is always attached */
		++*devices;
	if (mnl_attr_get_u32(attrs[MYNET_A_DEV_MODE]) == MYNET_DEV_MODE_INET &&
	    attached.n < DEVICES_MAX)
		snprintf(attached.name[attached.n++], sizeof(attached.name[0]), "%s", name);
}

static unsigned int kernel_addresses(const char *dev, char *first, size_t size)
{
	struct ifaddrs *all, *ifa;
	unsigned int n = 0;

	if (getifaddrs(&all))
		return 0;
	for (ifa = all; ifa; ifa = ifa->ifa_next)
		if (ifa->ifa_addr && ifa->ifa_addr->sa_family == AF_INET &&
		    !strcmp(ifa->ifa_name, dev) && !n++)
			inet_ntop(AF_INET, &((struct sockaddr_in *)ifa->ifa_addr)->sin_addr,
				  first, size);
	freeifaddrs(all);
	return n;
}

/* The last word of a line of /proc/net/arp is its device. */
static unsigned int kernel_neighbours(const char *dev)
{
	FILE *file = fopen("/proc/net/arp", "r");
	unsigned int n = 0;
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = 0;
		if (strrchr(line, ' ') && !strcmp(strrchr(line, ' ') + 1, dev))
			n++;
	}
	if (file)
		fclose(file);
	return n;
}

static void check_device(const char *dev)
{
	char first[INET_ADDRSTRLEN] = "", command[600];
	unsigned int addresses = kernel_addresses(dev, first, sizeof(first));
	unsigned int neighbours = kernel_neighbours(dev);

	if (addresses) {
		snprintf(command, sizeof(command), "%s -4 address flush dev %s", in_netns("ip"),
			 dev);
		finding(command, "%s is attached, but the kernel's IPv4 has %s there too", dev,
			first);
	}
	if (neighbours) {
		snprintf(command, sizeof(command), "%s -4 neighbour flush dev %s", in_netns("ip"),
			 dev);
		finding(command, "%s is attached, but the kernel's IPv4 knows %u neighbours there",
			dev, neighbours);
	}
	if (!addresses && !neighbours)
		fine("%s is attached, and the kernel's IPv4 leaves it alone", dev);
}

static void check_devices(void)
{
	unsigned int i, devices = 0;
	char attach[600], *end = attach;

	if (!is_loaded())
		return;
	end += snprintf(end, sizeof(attach), "%s dev attach DEV && ", in_netns("mynet"));
	snprintf(end, attach + sizeof(attach) - end, "%s addr add ADDR/LEN dev DEV",
		 in_netns("mynet"));
	attached.n = 0;
	if (nl_show(nl_request(MYNET_CMD_DEV_GET, NLM_F_DUMP), MYNET_A_DEV_MAX, take_device,
		    &devices))
		finding("modprobe -r " MODULE " && modprobe " MODULE,
			"the module does not say which devices are attached");
	else if (!devices)
		finding(attach, "no device is attached: MYNET reaches nobody but this machine");
	for (i = 0; i < attached.n; i++)
		check_device(attached.name[i]);
}

int do_doctor(struct words *words)
{
	struct utsname machine;

	if (take_word(words, "help", 1))
		return help(words);
	if (peek_word(words))
		fail("Command \"%s\" is unknown, try \"mynet doctor help\".", peek_word(words));
	uname(&machine);
	found = 0;
	out_begin();
	check_kernel(machine.release);
	check_module(machine.release);
	check_signatures();
	check_number(machine.release);
	check_devices();
	out_end();
	return found ? MYNET_REFUSED : MYNET_OK;
}

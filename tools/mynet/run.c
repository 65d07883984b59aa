// SPDX-License-Identifier: GPL-2.0
/*
 * "mynet run": a program that knows only AF_INET runs on MYNET.
 *
 * A program that is linked dynamically gets a library before its own (tools/preload). One that
 * asks the kernel without the C library, because it is static or written in Go, is watched
 * instead (run_trap.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/elf.h>
#include <linux/mynet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "mynet.h"
#include "run.h"

#define PRELOAD		"libmynet-preload.so"
#define INET_PORTS_MAX	16	/* as the library has room for */
#define SCRIPT_DEPTH	4	/* interpreters of interpreters, as the kernel has it */
#define GO_SECTION	".go.buildinfo"

static int usage(FILE *to)
{
	fprintf(to,
		"Usage: mynet [ -n NETNS ] run [ OPTIONS ] CMD [ ARG... ]\n"
		"where  OPTIONS := { --preload | --trap | --inet-ports PORT[,PORT...] }\n"
		"Runs CMD with its IPv4 sockets on MYNET. AF_INET6 is refused, so that programs which\n"
		"can do both take IPv4.\n"
		"  --preload     by a preloaded library: right for what is linked dynamically\n"
		"  --trap        by system calls watched from outside: static programs, Go\n"
		"                (without either, the file of CMD decides)\n"
		"  --inet-ports  leave sockets that go to these ports on the kernel's own IPv4;\n"
		"                only with --preload\n");
	return to == stdout ? MYNET_OK : MYNET_USAGE;
}

/* --- what kind of program it is ----------------------------------------------------------- */

enum kind { KIND_DYNAMIC, KIND_OWN_CALLS, KIND_FOREIGN };

struct image {
	const unsigned char *data;
	size_t size;
};

/* A table of @n entries of @entry bytes, if all of it is in the file. */
static const void *table(const struct image *image, size_t offset, size_t entry, size_t n)
{
	if (offset > image->size || n * entry > image->size - offset)
		return NULL;
	return image->data + offset;
}

static bool has_go_section(const struct image *image, const struct elf64_hdr *elf)
{
	const struct elf64_shdr *section, *names;
	const char *name;
	unsigned int i;

	section = table(image, elf->e_shoff, sizeof(*section), elf->e_shnum);
	if (!section || elf->e_shstrndx >= elf->e_shnum)
		return false;
	names = &section[elf->e_shstrndx];
	for (i = 0; i < elf->e_shnum; i++) {
		name = table(image, names->sh_offset + section[i].sh_name, 1, sizeof(GO_SECTION));
		if (name && !memcmp(name, GO_SECTION, sizeof(GO_SECTION)))
			return true;
	}
	return false;
}

static enum kind kind_of_elf(const struct image *image)
{
	const struct elf64_hdr *elf = table(image, 0, sizeof(*elf), 1);
	const struct elf64_phdr *segment;
	unsigned int i;

	if (!elf || elf->e_ident[EI_CLASS] != ELFCLASS64)
		return KIND_FOREIGN;
	segment = table(image, elf->e_phoff, sizeof(*segment), elf->e_phnum);
	for (i = 0; segment && i < elf->e_phnum; i++)
		if (segment[i].p_type == PT_INTERP && !has_go_section(image, elf))
			return KIND_DYNAMIC;
	return KIND_OWN_CALLS;
}

/* Set-uid, set-gid, or capabilities of its file: what the kernel grants on exec. */
static void refuse_privileged(const char *path)
{
	struct stat st;

	if (!getuid())
		return;
	if ((!stat(path, &st) && st.st_mode & (S_ISUID | S_ISGID)) ||
	    getxattr(path, "security.capability", NULL, 0) > 0)
		fail("\"%s\" would lose its set-uid or its capabilities: run it as root.", path);
}

static enum kind kind_of(const char *path, int depth);

/* "#!INTERPRETER [ARG]": what counts is the interpreter. */
static enum kind kind_of_script(const struct image *image, int depth)
{
	char line[PATH_MAX], *word, *rest = line;

	snprintf(line, sizeof(line), "%.*s",
		 image->size < sizeof(line) ? (int)image->size - 2 : (int)sizeof(line) - 1,
		 image->data + 2);
	line[strcspn(line, "\n")] = 0;
	rest += strspn(rest, " \t");
	word = strsep(&rest, " \t");
	return depth ? kind_of(word, depth - 1) : KIND_FOREIGN;
}

static enum kind kind_of(const char *path, int depth)
{
	struct image image = { NULL, 0 };
	enum kind kind = KIND_FOREIGN;
	struct stat st;
	void *mapped;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) || !st.st_size)
		fail("Cannot read \"%s\": %s", path, strerror(errno));
	refuse_privileged(path);
	mapped = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (mapped == MAP_FAILED)
		fail("Cannot read \"%s\": %s", path, strerror(errno));
	image.data = mapped;
	image.size = st.st_size;
	if (image.size > SELFMAG && !memcmp(image.data, ELFMAG, SELFMAG))
		kind = kind_of_elf(&image);
	else if (image.size > 2 && !memcmp(image.data, "#!", 2))
		kind = kind_of_script(&image, depth);
	munmap(mapped, st.st_size);
	return kind;
}

/* Finds the path at which execvp() will find the program. */
static void find_program(const char *name, char *path, size_t size)
{
	const char *dirs = getenv("PATH") ?: "/usr/bin:/bin";
	int n;

	snprintf(path, size, "%s", name);
	if (strchr(name, '/'))
		return;
	for (; *dirs; dirs += n + (dirs[n] == ':')) {
		n = strcspn(dirs, ":");
		snprintf(path, size, "%.*s/%s", n, dirs, name);
		if (!access(path, X_OK))
			return;
	}
	fail("Cannot find the program \"%s\"", name);
}

/* --- the preloaded library ---------------------------------------------------------------- */

/* Beside this program, as in a build folder, or where "make install" puts both. */
static void find_library(char *path, size_t size)
{
	static const char * const places[] = { "", "/../lib/mynet" };
	char self[PATH_MAX] = "";
	unsigned int i;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) > 0 && strrchr(self, '/'))
		*strrchr(self, '/') = 0;
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		snprintf(path, size, "%.*s%s/" PRELOAD, (int)sizeof(self) - 64, self, places[i]);
		if (!access(path, R_OK))
			return;
	}
	fail("%s, the library of \"mynet run\", is not there", path);
}

/* The program's own word for it would be "Address family not supported by protocol". */
static void check_family(void)
{
	int fd = socket(PF_MYNET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 && errno == EAFNOSUPPORT)
		fail("The kernel does not know MYNET: load the module with modprobe af_mynet");
	if (fd >= 0)
		close(fd);
}

static void preload(void)
{
	const char *others = getenv("LD_PRELOAD");
	char library[PATH_MAX], all[2 * PATH_MAX];

	find_library(library, sizeof(library));
	snprintf(all, sizeof(all), "%s%s%s", library, others ? ":" : "", others ?: "");
	setenv("LD_PRELOAD", all, 1);
}

/* "PORT[,PORT...]", for the library. */
static void take_ports(const char *list)
{
	char copy[512], *rest = copy;
	unsigned int n = 0;

	snprintf(copy, sizeof(copy), "%s", list);
	while (rest) {
		if (!parse_number(strsep(&rest, ","), "port", 65535))
			fail("Error: argument \"%s\" is wrong: not a port", list);
		n++;
	}
	if (n > INET_PORTS_MAX || strlen(list) >= sizeof(copy))
		fail("Error: more than %d ports", INET_PORTS_MAX);
	setenv("MYNET_INET_PORTS", list, 1);
}

int do_run(struct words *words)
{
	char path[PATH_MAX];
	enum kind kind = KIND_FOREIGN;
	enum { BY_FILE, PRELOADED, TRAPPED } how = BY_FILE;
	const char *word;

	if (!words->n)
		return usage(stderr);
	while ((word = peek_word(words)) && word[0] == '-') {
		next_word(words);
		if (!strcmp(word, "--preload"))
			how = PRELOADED;
		else if (!strcmp(word, "--trap"))
			how = TRAPPED;
		else if (!strcmp(word, "--inet-ports"))
			take_ports(next_word(words));
		else
			return usage(strcmp(word, "--help") ? stderr : stdout);
	}
	if (!words->n)
		fail("No command: mynet run CMD [ ARG... ]");
	find_program(words->word[0], path, sizeof(path));
	/* How was said: then a file that may be run but not read will do. */
	if (how == BY_FILE || !access(path, R_OK))
		kind = kind_of(path, SCRIPT_DEPTH);
	else
		refuse_privileged(path);
	if (how == BY_FILE) {
		if (kind == KIND_FOREIGN)
			fail("\"%s\" is no program for this processor's 64 bits", path);
		how = kind == KIND_DYNAMIC ? PRELOADED : TRAPPED;
	}
	check_family();
	words->word[words->n] = NULL;	/* as main()'s argv ends */
	fflush(stdout);			/* of the batch that this is a line of */
	if (how == TRAPPED)
		return run_trapped(path, words->word);
	preload();
	execv(path, words->word);
	fail("Cannot run \"%s\": %s", path, strerror(errno));
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The family is there when it is asked for, says so, and is unknown without its module.
 */
#include <stddef.h>

#include "kselftest_harness.h"
#include "family.h"

FIXTURE(family)
{
	int log;
	char modprobe[256];
};

FIXTURE_SETUP(family)
{
	self->log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ASSERT_GE(self->log, 0);
	if (family_loaded())
		ASSERT_EQ(0, family_unload());
	ASSERT_GE(lseek(self->log, 0, SEEK_END), 0);
	self->modprobe[0] = '\0';
}

FIXTURE_TEARDOWN(family)
{
	if (self->modprobe[0])
		autoload_on(self->modprobe);
	close(self->log);
}

/* Has the kernel said this since the test began? */
static bool said(int log, const char *sentence)
{
	char record[1024];
	ssize_t n;

	while ((n = read(log, record, sizeof(record) - 1)) > 0) {
		record[n] = '\0';
		if (strstr(record, sentence))
			return true;
	}
	return false;
}

TEST_F(family, socket_of_the_family_loads_its_module)
{
	EXPECT_EQ(-1, socket(PF_MYNET, SOCK_RDM, 0));
	EXPECT_EQ(ESOCKTNOSUPPORT, errno);
	EXPECT_TRUE(family_loaded());
}

TEST_F(family, registration_is_announced_as_the_kernels_families_are)
{
	ASSERT_EQ(0, family_load());
	EXPECT_TRUE(said(self->log, "NET: Registered PF_MYNET protocol family\n"));
}

TEST_F(family, unregistration_is_announced_too)
{
	ASSERT_EQ(0, family_load());
	ASSERT_EQ(0, family_unload());
	EXPECT_TRUE(said(self->log, "NET: Unregistered PF_MYNET protocol family\n"));
}

TEST_F(family, without_its_module_it_is_unknown)
{
	autoload_off(self->modprobe);
	EXPECT_EQ(-1, socket(PF_MYNET, SOCK_STREAM, 0));
	EXPECT_EQ(EAFNOSUPPORT, errno);
}

TEST_F(family, it_can_be_loaded_once_only)
{
	int file = family_file();

	ASSERT_EQ(0, family_load_from(file));
	EXPECT_EQ(-1, family_load_from(file));
	EXPECT_EQ(EEXIST, errno);
}

TEST_F(family, address_has_the_layout_of_an_internet_address)
{
	struct sockaddr_mynet ours = { .smn_family = 1, .smn_port = 2, .smn_addr = 3 };
	struct sockaddr_storage theirs = { .ss_family = 1 };

	EXPECT_EQ(sizeof(struct sockaddr), sizeof(ours));
	EXPECT_EQ(0, memcmp(&ours, &theirs, sizeof(ours.smn_family)));
	EXPECT_EQ(2, offsetof(struct sockaddr_mynet, smn_port));
	EXPECT_EQ(4, offsetof(struct sockaddr_mynet, smn_addr));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0
/*
 * The look-up of socket(): who serves a (type, protocol), in the order and with the errors
 * that INET has. The rows are of type SOCK_RDM, which no transport of MYNET serves.
 */
#include <kunit/test.h>
#include <linux/in.h>
#include <linux/net.h>

#include "transport/transport.h"

#define MN_TYPE		SOCK_RDM

static struct proto mn_row_prot = { .obj_size = sizeof(struct mynet_sock) };
static struct proto mn_small_prot = { .obj_size = sizeof(struct sock) };
static const struct mynet_transport mn_row_transport = { .prot = &mn_row_prot };
static const struct mynet_transport mn_small_transport = { .prot = &mn_small_prot };

static void mn_row_remove(struct kunit_resource *res)
{
	mynet_protosw_unregister(res->data);
}

static int mn_row_keep(struct kunit_resource *res, void *row)
{
	res->data = row;
	return 0;
}

/* A row that is not registered yet. Its memory is the test's, which outlives its stack. */
static struct mynet_protosw *mn_row(struct kunit *test, int protocol, unsigned int flags)
{
	struct mynet_protosw *row = kunit_kzalloc(test, sizeof(*row), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, row);
	row->type = MN_TYPE;
	row->protocol = protocol;
	row->transport = &mn_row_transport;
	row->flags = flags;
	return row;
}

/* A row that is registered until the test is over, however it ends. */
static struct mynet_protosw *mn_row_add(struct kunit *test, int protocol, unsigned int flags)
{
	struct mynet_protosw *row = mn_row(test, protocol, flags);

	KUNIT_ASSERT_EQ(test, mynet_protosw_register(row), 0);
	kunit_alloc_resource(test, mn_row_keep, mn_row_remove, GFP_KERNEL, row);
	return row;
}

/* Finds a row, and the protocol that it came to. */
static const struct mynet_protosw *mn_find(int type, int protocol, int *chosen)
{
	const struct mynet_protosw *row;

	*chosen = protocol;
	rcu_read_lock();
	row = mynet_protosw_find(type, chosen);
	rcu_read_unlock();
	return row;
}

static void mn_expect_found(struct kunit *test, int protocol, const struct mynet_protosw *row,
			    int comes_to)
{
	int chosen;

	KUNIT_EXPECT_PTR_EQ(test, mn_find(MN_TYPE, protocol, &chosen), row);
	KUNIT_EXPECT_EQ(test, chosen, comes_to);
}

static void mn_expect_error(struct kunit *test, int type, int protocol, long err)
{
	int chosen;

	KUNIT_EXPECT_EQ(test, PTR_ERR(mn_find(type, protocol, &chosen)), err);
	KUNIT_EXPECT_EQ(test, chosen, protocol);
}

static void type_without_a_row_is_not_supported(struct kunit *test)
{
	mn_expect_error(test, MN_TYPE, 0, -ESOCKTNOSUPPORT);
	mn_expect_error(test, MN_TYPE, IPPROTO_TCP, -ESOCKTNOSUPPORT);
}

static void row_of_another_type_does_not_count(struct kunit *test)
{
	mn_row_add(test, 77, 0);
	mn_expect_error(test, SOCK_SEQPACKET, 77, -ESOCKTNOSUPPORT);
}

static void protocol_that_no_row_of_the_type_has_is_not_supported(struct kunit *test)
{
	mn_row_add(test, 77, 0);
	mn_expect_error(test, MN_TYPE, 78, -EPROTONOSUPPORT);
}

static void protocol_finds_its_own_row(struct kunit *test)
{
	struct mynet_protosw *a = mn_row_add(test, 77, 0);
	struct mynet_protosw *b = mn_row_add(test, 78, 0);

	mn_expect_found(test, 77, a, 77);
	mn_expect_found(test, 78, b, 78);
}

static void no_protocol_finds_the_first_row_and_takes_its_own(struct kunit *test)
{
	struct mynet_protosw *first = mn_row_add(test, 77, MYNET_PROTOSW_PERMANENT);

	mn_row_add(test, 78, MYNET_PROTOSW_PERMANENT);
	mn_expect_found(test, IPPROTO_IP, first, 77);
}

static void row_for_all_protocols_serves_any_but_none(struct kunit *test)
{
	struct mynet_protosw *row = mn_row_add(test, IPPROTO_IP, 0);

	mn_expect_found(test, 1, row, 1);
	mn_expect_found(test, 255, row, 255);
	mn_expect_found(test, IPPROTO_MAX - 1, row, IPPROTO_MAX - 1);
	mn_expect_error(test, MN_TYPE, IPPROTO_IP, -EPROTONOSUPPORT);
}

static void later_row_hides_an_earlier_one_until_it_goes(struct kunit *test)
{
	struct mynet_protosw *old = mn_row_add(test, 77, 0);
	struct mynet_protosw *new = mn_row(test, 77, 0);

	KUNIT_ASSERT_EQ(test, mynet_protosw_register(new), 0);
	mn_expect_found(test, 77, new, 77);
	mynet_protosw_unregister(new);
	mn_expect_found(test, 77, old, 77);
}

static void permanent_row_cannot_be_hidden(struct kunit *test)
{
	struct mynet_protosw *row = mn_row_add(test, 77, MYNET_PROTOSW_PERMANENT), *all;

	KUNIT_EXPECT_EQ(test, mynet_protosw_register(mn_row(test, 77, 0)), -EPERM);
	KUNIT_EXPECT_EQ(test, -EPERM,
			mynet_protosw_register(mn_row(test, 77, MYNET_PROTOSW_PERMANENT)));

	all = mn_row_add(test, IPPROTO_IP, 0);
	mn_expect_found(test, 77, row, 77);
	mn_expect_found(test, 78, all, 78);
}

static void permanent_row_comes_before_rows_that_were_there(struct kunit *test)
{
	struct mynet_protosw *row;

	mn_row_add(test, 77, 0);
	row = mn_row_add(test, 77, MYNET_PROTOSW_PERMANENT);
	mn_expect_found(test, 77, row, 77);
}

static void impossible_rows_are_refused(struct kunit *test)
{
	struct mynet_protosw *type = mn_row(test, 77, 0);
	struct mynet_protosw *small = mn_row(test, 77, 0);

	type->type = SOCK_MAX;
	small->transport = &mn_small_transport;
	KUNIT_EXPECT_EQ(test, mynet_protosw_register(type), -EINVAL);
	KUNIT_EXPECT_EQ(test, mynet_protosw_register(small), -EINVAL);
	KUNIT_EXPECT_EQ(test, mynet_protosw_register(mn_row(test, IPPROTO_MAX, 0)), -EINVAL);
	mn_expect_error(test, MN_TYPE, 77, -ESOCKTNOSUPPORT);
}

static struct kunit_case mn_protosw_tests[] = {
	KUNIT_CASE(type_without_a_row_is_not_supported),
	KUNIT_CASE(row_of_another_type_does_not_count),
	KUNIT_CASE(protocol_that_no_row_of_the_type_has_is_not_supported),
	KUNIT_CASE(protocol_finds_its_own_row),
	KUNIT_CASE(no_protocol_finds_the_first_row_and_takes_its_own),
	KUNIT_CASE(row_for_all_protocols_serves_any_but_none),
	KUNIT_CASE(later_row_hides_an_earlier_one_until_it_goes),
	KUNIT_CASE(permanent_row_cannot_be_hidden),
	KUNIT_CASE(permanent_row_comes_before_rows_that_were_there),
	KUNIT_CASE(impossible_rows_are_refused),
	{}
};

static struct kunit_suite mn_protosw_suite = {
	.name = "mynet_protosw",
	.test_cases = mn_protosw_tests,
};
kunit_test_suite(mn_protosw_suite);

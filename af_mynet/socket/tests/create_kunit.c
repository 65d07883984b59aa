// SPDX-License-Identifier: GPL-2.0
/*
 * Birth and death of a socket, by way of the kernel's own socket calls, on a transport that
 * does nothing but take notes.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mynet.h>
#include <linux/net.h>
#include <net/sock.h>

#include "core/core.h"
#include "core/mib.h"
#include "transport/transport.h"

#define MN_TYPE		SOCK_RDM
#define MN_PROTOCOL	253		/* for experiments, RFC 3692 */

/* The calls that the transport got. */
static struct mn_notes {
	unsigned int	opened, closed, unhashed;
	int		open_answer;
	long		timeout;
} mn_notes;

static int mn_note_open(struct sock *sk)
{
	mn_notes.opened++;
	return mn_notes.open_answer;
}

static void mn_note_close(struct sock *sk, long timeout)
{
	mn_notes.closed++;
	mn_notes.timeout = timeout;
	sk_common_release(sk);
}

static void mn_note_unhash(struct sock *sk)
{
	mn_notes.unhashed++;
}

static struct proto mn_note_prot = {
	.name		= "MYNET-NOTES",
	.owner		= THIS_MODULE,
	.obj_size	= sizeof(struct mynet_sock),
	.unhash		= mn_note_unhash,
};

static const struct mynet_transport mn_note_transport = {
	.prot	= &mn_note_prot,
	.open	= mn_note_open,
	.close	= mn_note_close,
};

static struct mynet_protosw mn_note_row = {
	.type		= MN_TYPE,
	.protocol	= MN_PROTOCOL,
	.transport	= &mn_note_transport,
};

static struct mynet_protosw mn_raw_row = {
	.type		= SOCK_RAW,
	.protocol	= MN_PROTOCOL,
	.transport	= &mn_note_transport,
	.flags		= MYNET_PROTOSW_REUSE,
};

static int mn_create_suite_init(struct kunit_suite *suite)
{
	int err = proto_register(&mn_note_prot, 1);

	if (err)
		return err;
	err = mynet_protosw_register(&mn_note_row);
	if (err)
		goto err_prot;
	err = mynet_protosw_register(&mn_raw_row);
	if (err)
		goto err_row;
	return 0;

err_row:
	mynet_protosw_unregister(&mn_note_row);
err_prot:
	proto_unregister(&mn_note_prot);
	return err;
}

static void mn_create_suite_exit(struct kunit_suite *suite)
{
	mynet_protosw_unregister(&mn_raw_row);
	mynet_protosw_unregister(&mn_note_row);
	proto_unregister(&mn_note_prot);
}

static int mn_create_test_init(struct kunit *test)
{
	memset(&mn_notes, 0, sizeof(mn_notes));
	return 0;
}

static u64 mn_count(enum mynet_mib_id id)
{
	return mynet_mib_read(mynet_net(&init_net), id);
}

static struct socket *mn_open(struct kunit *test)
{
	struct socket *sock;

	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, PF_MYNET, MN_TYPE, 0, &sock), 0);
	return sock;
}

/* No socket, but this error. A socket that is there all the same must not stay. */
static void mn_expect_refused(struct kunit *test, int err, int wanted, struct socket *sock)
{
	KUNIT_EXPECT_EQ(test, err, wanted);
	if (!err)
		sock_release(sock);
}

static void mn_expect_kernel_refused(struct kunit *test, int protocol, int wanted)
{
	struct socket *sock = NULL;
	int err = sock_create_kern(&init_net, PF_MYNET, MN_TYPE, protocol, &sock);

	mn_expect_refused(test, err, wanted, sock);
}

static void socket_is_born_with_the_familys_marks(struct kunit *test)
{
	struct socket *sock = mn_open(test);
	struct sock *sk = sock->sk;

	KUNIT_EXPECT_EQ(test, sk->sk_family, PF_MYNET);
	KUNIT_EXPECT_EQ(test, sk->sk_type, MN_TYPE);
	KUNIT_EXPECT_EQ(test, sk->sk_protocol, MN_PROTOCOL);
	KUNIT_EXPECT_TRUE(test, sk->sk_reuse == SK_NO_REUSE);
	KUNIT_EXPECT_PTR_EQ(test, sock_net(sk), &init_net);
	KUNIT_EXPECT_PTR_EQ(test, mynet_sk(sk)->transport, &mn_note_transport);
	KUNIT_EXPECT_PTR_EQ(test, mynet_sk(sk)->mnet, mynet_net(&init_net));
	KUNIT_EXPECT_EQ(test, mn_notes.opened, 1);
	sock_release(sock);
}

static void row_can_ask_for_shared_ports(struct kunit *test)
{
	struct socket *sock;

	KUNIT_ASSERT_EQ(test, 0, sock_create_kern(&init_net, PF_MYNET, SOCK_RAW, MN_PROTOCOL,
						  &sock));
	KUNIT_EXPECT_TRUE(test, sock->sk->sk_reuse == SK_CAN_REUSE);
	sock_release(sock);
}

static void close_reaches_the_transport_and_frees_the_socket(struct kunit *test)
{
	u64 created = mn_count(MYNET_MIB_SOCK_CREATED);
	u64 destroyed = mn_count(MYNET_MIB_SOCK_DESTROYED);

	sock_release(mn_open(test));
	KUNIT_EXPECT_EQ(test, mn_notes.closed, 1);
	KUNIT_EXPECT_EQ(test, mn_notes.timeout, 0);
	KUNIT_EXPECT_EQ(test, mn_notes.unhashed, 1);
	KUNIT_EXPECT_EQ(test, mn_count(MYNET_MIB_SOCK_CREATED), created + 1);
	KUNIT_EXPECT_EQ(test, mn_count(MYNET_MIB_SOCK_DESTROYED), destroyed + 1);
}

static void lingering_close_tells_the_transport_how_long(struct kunit *test)
{
	struct socket *sock = mn_open(test);

	sock_set_flag(sock->sk, SOCK_LINGER);
	sock->sk->sk_lingertime = 7 * HZ;
	sock_release(sock);
	KUNIT_EXPECT_EQ(test, mn_notes.timeout, 7L * HZ);
}

static void transport_that_fails_to_open_leaves_nothing(struct kunit *test)
{
	u64 created = mn_count(MYNET_MIB_SOCK_CREATED);
	u64 destroyed = mn_count(MYNET_MIB_SOCK_DESTROYED);
	u64 refused = mn_count(MYNET_MIB_SOCK_REFUSED);
	int holders = module_refcount(THIS_MODULE);

	mn_notes.open_answer = -EADDRNOTAVAIL;
	mn_expect_kernel_refused(test, 0, -EADDRNOTAVAIL);
	KUNIT_EXPECT_EQ(test, mn_notes.closed, 0);
	KUNIT_EXPECT_EQ(test, mn_notes.unhashed, 1);
	KUNIT_EXPECT_EQ(test, mn_count(MYNET_MIB_SOCK_CREATED) - created,
			mn_count(MYNET_MIB_SOCK_DESTROYED) - destroyed);
	KUNIT_EXPECT_EQ(test, mn_count(MYNET_MIB_SOCK_REFUSED), refused + 1);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), holders);
}

static void open_socket_holds_family_and_transport(struct kunit *test)
{
	int transport = module_refcount(THIS_MODULE);
	struct socket *sock = mn_open(test);
	struct module *owner = sock->ops->owner;
	int family = module_refcount(owner);

	KUNIT_EXPECT_PTR_NE(test, owner, THIS_MODULE);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), transport + 1);
	sock_release(sock);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), transport);
	KUNIT_EXPECT_EQ(test, module_refcount(owner), family - 1);
}

static void socket_outlives_its_row(struct kunit *test)
{
	struct socket *sock = mn_open(test);

	mynet_protosw_unregister(&mn_note_row);
	mn_expect_kernel_refused(test, 0, -ESOCKTNOSUPPORT);
	sock_release(sock);
	KUNIT_EXPECT_EQ(test, mn_notes.closed, 1);
	KUNIT_ASSERT_EQ(test, mynet_protosw_register(&mn_note_row), 0);
}

static void unread_packets_are_dropped_with_a_reason(struct kunit *test)
{
	u64 before = mn_count(MYNET_MIB_DROP(MYNET_DROP_SOCK_CLOSED));
	struct socket *sock = mn_open(test);
	int i;

	for (i = 0; i < 3; i++) {
		struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, skb);
		skb_put(skb, 8);
		KUNIT_ASSERT_EQ(test, sock_queue_rcv_skb(sock->sk, skb), 0);
	}
	sock_release(sock);
	KUNIT_EXPECT_EQ(test, mn_count(MYNET_MIB_DROP(MYNET_DROP_SOCK_CLOSED)), before + 3);
}

static void protocol_out_of_range_is_invalid(struct kunit *test)
{
	mn_expect_kernel_refused(test, -1, -EINVAL);
	mn_expect_kernel_refused(test, IPPROTO_MAX, -EINVAL);
	mn_expect_kernel_refused(test, INT_MAX, -EINVAL);
}

/* Makes a socket as a program without any privilege. */
static int mn_create_unprivileged(int type, int protocol, struct socket **sock)
{
	struct cred *cred = prepare_creds();
	const struct cred *old;
	int err;

	if (!cred)
		return -ENOMEM;
	cap_clear(cred->cap_effective);
	old = override_creds(cred);
	err = sock_create(PF_MYNET, type, protocol, sock);
	revert_creds(old);
	put_cred(cred);
	return err;
}

static void raw_socket_needs_a_capability_and_others_do_not(struct kunit *test)
{
	struct socket *sock = NULL;
	int err = mn_create_unprivileged(SOCK_RAW, MN_PROTOCOL, &sock);

	mn_expect_refused(test, err, -EPERM, sock);
	KUNIT_ASSERT_EQ(test, mn_create_unprivileged(MN_TYPE, MN_PROTOCOL, &sock), 0);
	sock_release(sock);
	KUNIT_ASSERT_EQ(test, sock_create(PF_MYNET, SOCK_RAW, MN_PROTOCOL, &sock), 0);
	sock_release(sock);
}

/* Takes the row away and puts it back, until it is told to stop. */
static int mn_flip_row(void *unused)
{
	while (!kthread_should_stop()) {
		mynet_protosw_unregister(&mn_note_row);
		if (mynet_protosw_register(&mn_note_row))
			return -EIO;
		cond_resched();
	}
	return 0;
}

static void sockets_are_made_while_the_row_comes_and_goes(struct kunit *test)
{
	struct task_struct *flipper = kthread_run(mn_flip_row, NULL, "mynet-flip");
	unsigned int made = 0, refused = 0;
	int err;

	KUNIT_ASSERT_FALSE(test, IS_ERR(flipper));
	get_task_struct(flipper);
	while ((made < 500 || refused < 5) && made + refused < 100000) {
		struct socket *sock;

		err = sock_create_kern(&init_net, PF_MYNET, MN_TYPE, MN_PROTOCOL, &sock);
		if (err) {
			refused++;
			KUNIT_EXPECT_EQ(test, err, -ESOCKTNOSUPPORT);
		} else {
			made++;
			sock_release(sock);
		}
		cond_resched();
	}
	KUNIT_EXPECT_EQ(test, kthread_stop(flipper), 0);
	put_task_struct(flipper);
	KUNIT_EXPECT_EQ(test, mn_notes.opened, made);
	KUNIT_EXPECT_EQ(test, mn_notes.closed, made);
}

static struct kunit_case mn_create_tests[] = {
	KUNIT_CASE(socket_is_born_with_the_familys_marks),
	KUNIT_CASE(row_can_ask_for_shared_ports),
	KUNIT_CASE(close_reaches_the_transport_and_frees_the_socket),
	KUNIT_CASE(lingering_close_tells_the_transport_how_long),
	KUNIT_CASE(transport_that_fails_to_open_leaves_nothing),
	KUNIT_CASE(open_socket_holds_family_and_transport),
	KUNIT_CASE(socket_outlives_its_row),
	KUNIT_CASE(unread_packets_are_dropped_with_a_reason),
	KUNIT_CASE(protocol_out_of_range_is_invalid),
	KUNIT_CASE(raw_socket_needs_a_capability_and_others_do_not),
	KUNIT_CASE(sockets_are_made_while_the_row_comes_and_goes),
	{}
};

static struct kunit_suite mn_create_suite = {
	.name = "mynet_create",
	.suite_init = mn_create_suite_init,
	.suite_exit = mn_create_suite_exit,
	.init = mn_create_test_init,
	.test_cases = mn_create_tests,
};
kunit_test_suite(mn_create_suite);

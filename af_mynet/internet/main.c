// SPDX-License-Identifier: GPL-2.0
/*
 * Opens and closes the internet room, makes its part of each namespace and device, and tells the
 * files here what happens below.
 *
 * State: none of its own; see inet.h.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "internet/inet.h"

unsigned int mn_inet_id __read_mostly;

/* --- devices ------------------------------------------------------------------------------ */

static int mn_indev_make(struct mynet_dev *mdev, struct netlink_ext_ack *extack)
{
	static const struct mn_fib_kind group = { .type = RTN_MULTICAST, .scope = RT_SCOPE_LINK };
	static const struct mn_fib_kind link = { .type = RTN_UNICAST, .scope = RT_SCOPE_LINK };
	struct mn_indev *indev = kzalloc(sizeof(*indev), GFP_KERNEL_ACCOUNT);
	static u64 serial;	/* RTNL */
	int err = -ENOMEM;

	if (!indev)
		return -ENOMEM;
	indev->mdev = mdev;
	indev->inet = mn_inet(mdev->mnet->net);
	indev->serial = ++serial;
	mn_mc_init(indev);
	indev->group = mn_dst_alloc(mdev->dev, 0, &group);
	if (!indev->group)
		goto err_indev;
	indev->link = mn_dst_alloc(mdev->dev, 0, &link);
	if (!indev->link)
		goto err_group;
	err = mn_indev_sysctl_init(indev);
	if (err)
		goto err_link;
	rcu_assign_pointer(mdev->upper, indev);
	mn_rules_dev(&indev->inet->fib, mdev->dev, true);
	return 0;

err_link:
	mn_dst_kill(indev->link);
err_group:
	mn_dst_kill(indev->group);
err_indev:
	kfree(indev);
	return err;
}

static void mn_indev_end(struct mynet_dev *mdev)
{
	struct mn_indev *indev = rtnl_dereference(mdev->upper);

	if (!indev)
		return;
	mn_mc_exit(indev);
	mn_rules_dev(&indev->inet->fib, mdev->dev, false);
	mn_fib_dev_down(indev->inet, mdev, true);
	RCU_INIT_POINTER(mdev->upper, NULL);
	mn_indev_sysctl_exit(indev);
	mn_dst_kill(indev->group);
	mn_dst_kill(indev->link);
	/* Last: as long as one of them lives, a path may be learnt from it. */
	mn_paths_flush(indev->inet, mdev->dev);
	kfree_rcu(indev, rcu);
}

static int mn_dev_event(struct mynet_dev *mdev, enum mynet_dev_event event,
			struct netlink_ext_ack *extack)
{
	struct mn_inet *inet = mn_inet(mdev->mnet->net);

	switch (event) {
	case MYNET_DEV_ATTACHED:
		return mn_indev_make(mdev, extack);
	case MYNET_DEV_UP:
		mn_fib_dev_up(inet, mdev);
		mn_mc_up(rtnl_dereference(mdev->upper));
		break;
	case MYNET_DEV_DOWN:
		mn_mc_down(rtnl_dereference(mdev->upper));
		mn_fib_dev_down(inet, mdev, false);
		mn_paths_flush(inet, mdev->dev);
		break;
	case MYNET_DEV_GONE:
		mn_indev_end(mdev);
		break;
	case MYNET_DEV_CHANGE:
		mn_fib_dev_carrier(inet, mdev);
		break;
	case MYNET_DEV_NAME:
		mn_indev_sysctl_rename(rtnl_dereference(mdev->upper));
		mn_rules_dev(&inet->fib, mdev->dev, true);
		break;
	case MYNET_DEV_MTU:
		break;
	}
	return 0;
}

static const struct mynet_link_ops mn_link_ops = {
	.input		= mn_ip_input,
	.neigh_failed	= mn_icmp_unreachable,
	.dev_event	= mn_dev_event,
	.addr_event	= mn_fib_addr_event,
	.proxy		= mn_forward_proxy,
};

/* --- namespaces --------------------------------------------------------------------------- */

static int __net_init mn_inet_net_init(struct net *net)
{
	struct mn_inet *inet = mn_inet(net);
	int err;

	inet->mnet = mynet_net(net);
	mn_inet_conf_init(inet);
	mn_icmp_error_net_init(inet);
	mn_paths_net_init(inet);
	err = mn_fib_net_init(inet);
	if (err)
		return err;
	err = mn_frag_net_init(inet);
	if (err)
		goto err_fib;
	err = mn_inet_sysctl_init(inet);
	if (err)
		goto err_frag;
	err = mn_hook_example_net_init(inet);
	if (err)
		goto err_sysctl;
	err = mn_fib_proc_init(inet->mnet);
	if (err)
		goto err_example;
	err = mn_mc_proc_init(inet->mnet);
	if (err)
		goto err_proc;
	return 0;

err_proc:
	mn_fib_proc_exit(inet->mnet);
err_example:
	mn_hook_example_net_exit(inet);
err_sysctl:
	mn_inet_sysctl_exit(inet);
err_frag:
	mn_frag_net_pre_exit(inet);
	mn_frag_net_exit(inet);
err_fib:
	mn_fib_net_exit(inet);
	return err;
}

static void __net_exit mn_inet_net_pre_exit(struct net *net)
{
	mn_frag_net_pre_exit(mn_inet(net));
}

static void __net_exit mn_inet_net_exit(struct net *net)
{
	struct mn_inet *inet = mn_inet(net);

	mynet_mc_close(net, &inet->admin_mc);
	mn_mc_proc_exit(inet->mnet);
	mn_fib_proc_exit(inet->mnet);
	mn_hook_example_net_exit(inet);
	mn_inet_sysctl_exit(inet);
	mn_frag_net_exit(inet);
	mn_paths_flush(inet, NULL);
	mn_fib_net_exit(inet);
}

static struct pernet_operations mn_inet_net_ops = {
	.init	= mn_inet_net_init,
	.pre_exit = mn_inet_net_pre_exit,
	.exit	= mn_inet_net_exit,
	.id	= &mn_inet_id,
	.size	= sizeof(struct mn_inet),
};

int __init mynet_internet_init(void)
{
	static const struct mn_dst_ways ways __initconst = {
		.output		= mn_ip_output,
		.forward	= mn_ip_forward,
		.deliver	= mn_ip_deliver,
	};
	int err;

	mn_ip_ident_init();
	err = mn_fib_cmd_init();
	if (!err)
		err = mn_rules_cmd_init();
	if (!err)
		err = mn_mc_cmd_init();
	if (err)
		return err;
	err = mn_fib_entry_init();
	if (err)
		return err;
	err = mn_dst_init(&ways);
	if (err)
		goto err_entry;
	err = mn_frag_init();
	if (err)
		goto err_route;
	err = register_pernet_subsys(&mn_inet_net_ops);
	if (err)
		goto err_frag;
	err = mn_icmp_init();
	if (err)
		goto err_net;
	err = mn_igmp_init();
	if (err)
		goto err_icmp;
	err = mynet_link_start(&mn_link_ops);
	if (err)
		goto err_igmp;
	return 0;

err_igmp:
	mn_igmp_exit();
err_icmp:
	mn_icmp_exit();
err_net:
	unregister_pernet_subsys(&mn_inet_net_ops);
err_frag:
	mn_frag_exit();
err_route:
	mn_dst_exit();
err_entry:
	mn_fib_entry_exit();
	return err;
}

void mynet_internet_exit(void)
{
	mynet_link_stop();
	mn_igmp_exit();
	mn_icmp_exit();
	unregister_pernet_subsys(&mn_inet_net_ops);
	mn_frag_exit();
	mn_dst_exit();
	mn_fib_entry_exit();
}

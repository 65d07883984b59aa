// SPDX-License-Identifier: GPL-2.0
/*
 * Opens and closes the link room: per-namespace state first, then, when the layer above is
 * ready, the devices.
 *
 * State: mn_link_ops, the layer above.
 */
#include <net/net_namespace.h>

#include "link/private.h"

unsigned int mn_link_net_id __read_mostly;
const struct mynet_link_ops *mn_link_ops __read_mostly;

static int __net_init mn_link_net_init(struct net *net)
{
	struct mn_link_net *ln = mn_link_net(net);
	int err;

	ln->mnet = mynet_net(net);
	mn_dev_net_init(&ln->dev);
	mn_ifaddr_net_init(&ln->ifaddr);
	mn_life_net_init(&ln->ifaddr);
	mn_probe_net_init(&ln->ifaddr);
	err = mn_neigh_net_init(net, &ln->neigh);
	if (err)
		return err;
	err = mn_arp_proc_init(net);
	if (err)
		goto err_neigh;
	return 0;

err_neigh:
	mn_neigh_net_exit(&ln->neigh);
	return err;
}

static void __net_exit mn_link_net_exit(struct net *net)
{
	mn_arp_proc_exit(net);
	mn_probe_net_exit(&mn_link_net(net)->ifaddr);
	mn_life_net_exit(&mn_link_net(net)->ifaddr);
	mn_neigh_net_exit(&mn_link_net(net)->neigh);
}

static struct pernet_operations mn_link_net_ops = {
	.init	= mn_link_net_init,
	.exit	= mn_link_net_exit,
	.id	= &mn_link_net_id,
	.size	= sizeof(struct mn_link_net),
};

int __init mynet_link_init(void)
{
	int err;

	err = mn_dev_genl_init();
	if (!err)
		err = mn_ifaddr_genl_init();
	if (!err)
		err = mn_neigh_genl_init();
	if (err)
		return err;
	err = register_pernet_subsys(&mn_link_net_ops);
	if (err)
		return err;
	mn_offload_init();
	return 0;
}

void mynet_link_exit(void)
{
	mn_offload_exit();
	mn_neigh_wait_for_all();
	unregister_pernet_subsys(&mn_link_net_ops);
}

int mynet_link_start(const struct mynet_link_ops *ops)
{
	mn_link_ops = ops;
	return mn_dev_start();
}

void mynet_link_stop(void)
{
	mn_dev_stop();
	synchronize_net();
}

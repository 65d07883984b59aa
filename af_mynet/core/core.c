// SPDX-License-Identifier: GPL-2.0
/*
 * Makes and ends MYNET's part of each network namespace, and the directory
 * /proc/net/mynet in it.
 *
 * State: struct mynet_net, allocated and freed by the kernel's pernet machinery.
 */
#include <linux/proc_fs.h>
#include <net/net_namespace.h>

#include "core/core.h"
#include "core/mib.h"

unsigned int mynet_net_id __read_mostly;
MYNET_EXPORT_TO_TESTS(mynet_net_id);

static int __net_init mn_net_init(struct net *net)
{
	struct mynet_net *mnet = mynet_net(net);
	int err;

	mnet->net = net;
	mnet->proc = proc_net_mkdir(net, "mynet", net->proc_net);
	if (!mnet->proc)
		return -ENOMEM;

	err = mynet_mib_net_init(mnet);
	if (err)
		goto err_proc;
	return 0;

err_proc:
	proc_remove(mnet->proc);
	return err;
}

static void __net_exit mn_net_exit(struct net *net)
{
	struct mynet_net *mnet = mynet_net(net);

	mynet_mib_net_exit(mnet);
	proc_remove(mnet->proc);
}

static struct pernet_operations mn_net_ops = {
	.init	= mn_net_init,
	.exit	= mn_net_exit,
	.id	= &mynet_net_id,
	.size	= sizeof(struct mynet_net),
};

int __init mynet_core_init(void)
{
	return register_pernet_subsys(&mn_net_ops);
}

void mynet_core_exit(void)
{
	unregister_pernet_subsys(&mn_net_ops);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Opens and closes the transport room, and makes its part of each namespace.
 *
 * State: struct mn_transport_net, as a list of what each file owns.
 */
#include <linux/slab.h>

#include "transport/diag.h"
#include "transport/sk.h"

unsigned int mn_transport_net_id __read_mostly;

#define MN_TRANSPORT_SYSCTLS	(MN_PORT_SYSCTLS + 1)

/* One entry more, empty: older kernels look for the end, not at a number. */
static int mn_transport_sysctl_init(struct net *net)
{
	struct mn_transport_net *tnet = mn_transport_net(net);
	struct ctl_table *table;

	table = kcalloc(MN_TRANSPORT_SYSCTLS + 1, sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	mn_port_sysctls(net, table);
	mn_ping_sysctl(net, table + MN_PORT_SYSCTLS);
	tnet->sysctl = register_net_sysctl_sz(net, "net/mynet", table,
					      MN_TRANSPORT_SYSCTLS);
	if (!tnet->sysctl)
		kfree(table);
	return tnet->sysctl ? 0 : -ENOMEM;
}

static void mn_transport_sysctl_exit(struct net *net)
{
	struct ctl_table_header *header = mn_transport_net(net)->sysctl;
	const struct ctl_table *table = header->ctl_table_arg;

	unregister_net_sysctl_table(header);
	kfree(table);
}

static int __net_init mn_transport_net_init(struct net *net)
{
	int err = mn_port_net_init(net);

	if (err)
		return err;
	mn_ping_conf_init(net);
	err = mn_transport_sysctl_init(net);
	if (err)
		goto err_port;
	err = mn_sockstat_net_init(net);
	if (err)
		goto err_sysctl;
	return 0;

err_sysctl:
	mn_transport_sysctl_exit(net);
err_port:
	mn_port_net_exit(net);
	return err;
}

static void __net_exit mn_transport_net_exit(struct net *net)
{
	mn_sockstat_net_exit(net);
	mn_transport_sysctl_exit(net);
	mn_port_net_exit(net);
}

static struct pernet_operations mn_transport_net_ops = {
	.init	= mn_transport_net_init,
	.exit	= mn_transport_net_exit,
	.id	= &mn_transport_net_id,
	.size	= sizeof(struct mn_transport_net),
};

static const struct mynet_raw_ops mn_raw_hooks = {
	.raw		= mn_raw_input,
	.raw_error	= mn_raw_error,
	.alert		= mn_raw_alert,
	.ping		= mn_ping_input,
	.ping_error	= mn_ping_error,
};

int __init mynet_transport_init(void)
{
	int err;

	mn_port_init();
	err = register_pernet_subsys(&mn_transport_net_ops);
	if (err)
		return err;
	err = mn_udp_init();
	if (err)
		goto err_net;
	err = mn_tcp_init();
	if (err)
		goto err_udp;
	err = mn_raw_init();
	if (err)
		goto err_tcp;
	err = mn_ping_init();
	if (err)
		goto err_raw;
	err = mn_diag_init();
	if (err)
		goto err_ping;
	mynet_raw_ops_set(&mn_raw_hooks);
	return 0;

err_ping:
	mn_ping_exit();
err_raw:
	mn_raw_exit();
err_tcp:
	mn_tcp_exit();
err_udp:
	mn_udp_exit();
err_net:
	unregister_pernet_subsys(&mn_transport_net_ops);
	return err;
}

void mynet_transport_exit(void)
{
	mynet_raw_ops_set(NULL);
	mn_ping_exit();
	mn_raw_exit();
	mn_tcp_exit();
	mn_udp_exit();
	unregister_pernet_subsys(&mn_transport_net_ops);
}

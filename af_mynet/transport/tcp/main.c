// SPDX-License-Identifier: GPL-2.0
/*
 * Opens and closes TCP, and makes its part of each namespace.
 *
 * State: none of its own; see struct mn_tcp_net.
 */
#include "tcp.h"
#include "transport/sk.h"

unsigned int mn_tcp_net_id __read_mostly;

static int __net_init mn_tcp_net_init(struct net *net)
{
	int err = mn_tcp_sysctl_init(net);

	if (err)
		return err;
	err = percpu_counter_init(&mn_tcp_net(net)->orphans, 0, GFP_KERNEL);
	if (err)
		goto err_sysctl;
	err = mn_tcp_proc_init(net);
	if (err)
		goto err_orphans;
	return 0;

err_orphans:
	percpu_counter_destroy(&mn_tcp_net(net)->orphans);
err_sysctl:
	mn_tcp_sysctl_exit(net);
	return err;
}

static void __net_exit mn_tcp_net_exit(struct net *net)
{
	mn_tw_net_exit(net);
	mn_tcp_proc_exit(net);
	/* Each orphan kept the namespace until it was counted off. */
	percpu_counter_destroy(&mn_tcp_net(net)->orphans);
	mn_tcp_sysctl_exit(net);
}

static struct pernet_operations mn_tcp_net_ops = {
	.init	= mn_tcp_net_init,
	.exit	= mn_tcp_net_exit,
	.id	= &mn_tcp_net_id,
	.size	= sizeof(struct mn_tcp_net),
};

static const struct mynet_inet_proto mn_tcp_proto = {
	.input		= mn_tcp_rcv,
	.error		= mn_tcp_icmp,
	.early_demux	= mn_tcp_early_demux,
	.congctl_key	= mn_cc_key,
	.congctl_name	= mn_cc_name,
};

int __init mn_tcp_init(void)
{
	int err;

	mn_isn_init();
	mn_tsq_init(mn_tcp_resume);
	mn_tcp_mem_init();
	err = mn_bind_init();
	if (err)
		return err;
	err = mn_demux_init(&mn_tcp_prot);
	if (err)
		goto err_bind;
	err = mn_req_init();
	if (err)
		goto err_demux;
	err = mn_tw_init();
	if (err)
		goto err_req;
	err = register_pernet_subsys(&mn_tcp_net_ops);
	if (err)
		goto err_tw;
	err = mn_tcp_sock_init();
	if (err)
		goto err_net;
	err = mynet_inet_proto_add(&mn_tcp_proto, IPPROTO_TCP);
	if (err)
		goto err_sock;
	return 0;

err_sock:
	mn_tcp_sock_exit();
err_net:
	unregister_pernet_subsys(&mn_tcp_net_ops);
err_tw:
	mn_tw_exit();
err_req:
	mn_req_exit();
err_demux:
	mn_demux_exit();
err_bind:
	mn_bind_exit();
	return err;
}

void mn_tcp_exit(void)
{
	mynet_inet_proto_del(&mn_tcp_proto, IPPROTO_TCP);
	mn_tcp_sock_exit();
	unregister_pernet_subsys(&mn_tcp_net_ops);
	mn_tw_exit();
	mn_req_exit();
	mn_tsq_exit();
	mn_demux_exit();
	mn_bind_exit();
}

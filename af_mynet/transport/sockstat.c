// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/mynet/sockstat: how many sockets there are and what they hold, as /proc/net/sockstat
 * says it of AF_INET. Sockets in use, TIME_WAIT and fragments are those of the namespace; orphans,
 * allocated sockets and memory are those of the machine, for that is what the limits are about.
 *
 * State: none.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <net/sock.h>

#include "transport/raw.h"
#include "transport/sk.h"
#include "transport/udp.h"

static long mn_proto_pages(const struct proto *prot)
{
	return max(0L, atomic_long_read(prot->memory_allocated));
}

static int mn_sockstat_show(struct seq_file *seq, void *v)
{
	struct net *net = seq->private;
	struct mn_tcp_stat tcp;
	unsigned long memory;
	unsigned int queues;

	mn_tcp_stat_get(net, &tcp);
	mynet_frag_stat(net, &queues, &memory);
	seq_printf(seq, "sockets: used %d\n", sock_inuse_get(net));
	seq_printf(seq, "TCP: inuse %d orphan %d tw %d alloc %d mem %ld\n",
		   sock_prot_inuse_get(net, tcp.prot), tcp.orphans, tcp.time_wait, tcp.sockets,
		   mn_proto_pages(tcp.prot));
	seq_printf(seq, "UDP: inuse %d mem %ld\n", sock_prot_inuse_get(net, &mn_udp_prot),
		   mn_proto_pages(&mn_udp_prot));
	seq_printf(seq, "RAW: inuse %d\n", sock_prot_inuse_get(net, &mn_raw_prot));
	seq_printf(seq, "FRAG: inuse %u memory %lu\n", queues, memory);
	return 0;
}

int mn_sockstat_net_init(struct net *net)
{
	return proc_create_net_single("sockstat", 0444, mynet_net(net)->proc, mn_sockstat_show,
				      NULL) ? 0 : -ENOMEM;
}

void mn_sockstat_net_exit(struct net *net)
{
	remove_proc_entry("sockstat", mynet_net(net)->proc);
}

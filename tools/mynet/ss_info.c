// SPDX-License-Identifier: GPL-2.0
/* Details of "mynet ss": a socket's memory and the state of a TCP connection. */
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <string.h>

#include "ss.h"

void ss_show_memory(const struct nlattr *mem)
{
	static const struct {
		unsigned int index;
		const char *key, *format;
	} shown[] = {
		{ SK_MEMINFO_RMEM_ALLOC, "rmem_alloc", " skmem:(r%llu" },
		{ SK_MEMINFO_RCVBUF, "rcv_buf", ",rb%llu" },
		{ SK_MEMINFO_WMEM_ALLOC, "wmem_alloc", ",t%llu" },
		{ SK_MEMINFO_SNDBUF, "snd_buf", ",tb%llu" },
		{ SK_MEMINFO_FWD_ALLOC, "fwd_alloc", ",f%llu" },
		{ SK_MEMINFO_WMEM_QUEUED, "wmem_queued", ",w%llu" },
		{ SK_MEMINFO_OPTMEM, "opt_mem", ",o%llu" },
		{ SK_MEMINFO_BACKLOG, "back_log", ",bl%llu" },
		{ SK_MEMINFO_DROPS, "sock_drop", ",d%llu)" },
	};
	const uint32_t *value;
	unsigned int i;

	if (!mem || mnl_attr_get_payload_len(mem) < SK_MEMINFO_VARS * sizeof(*value))
		return;
	value = mnl_attr_get_payload(mem);
	out_group_begin("skmem");
	for (i = 0; i < ARRAY_SIZE(shown); i++)
		out_number(shown[i].key, shown[i].format, value[shown[i].index]);
	out_object_end();
}

static void show_if(const char *key, const char *format, uint64_t value)
{
	if (value)
		out_number(key, format, value);
}

/* Shows microseconds in milliseconds, as ss has them: without zeros at the end. */
static void show_ms(const char *key, const char *format, uint32_t us)
{
	char text[32];

	snprintf(text, sizeof(text), "%g", us / 1000.0);
	out_string(NULL, format, text);
	out_number(key, NULL, us);
}

static void show_options(const struct tcp_info *info)
{
	if (info->tcpi_options & TCPI_OPT_TIMESTAMPS)
		out_flag("ts", " ts");
	if (info->tcpi_options & TCPI_OPT_SACK)
		out_flag("sack", " sack");
	if (info->tcpi_options & TCPI_OPT_ECN)
		out_flag("ecn", " ecn");
}

static void show_times(const struct tcp_info *info)
{
	if (info->tcpi_options & TCPI_OPT_WSCALE) {
		out_number("snd_wscale", " wscale:%llu", info->tcpi_snd_wscale);
		out_number("rcv_wscale", ",%llu", info->tcpi_rcv_wscale);
	}
	show_ms("rto_us", " rto:%s", info->tcpi_rto);
	show_if("backoff", " backoff:%llu", info->tcpi_backoff);
	if (info->tcpi_rtt) {
		show_ms("rtt_us", " rtt:%s", info->tcpi_rtt);
		show_ms("rttvar_us", "/%s", info->tcpi_rttvar);
	}
	if (info->tcpi_ato)
		show_ms("ato_us", " ato:%s", info->tcpi_ato);
	out_number("mss", " mss:%llu", info->tcpi_snd_mss);
	show_if("pmtu", " pmtu:%llu", info->tcpi_pmtu);
	show_if("rcvmss", " rcvmss:%llu", info->tcpi_rcv_mss);
	show_if("advmss", " advmss:%llu", info->tcpi_advmss);
	out_number("cwnd", " cwnd:%llu", info->tcpi_snd_cwnd);
	if (info->tcpi_snd_ssthresh < 0x7fffffff)
		out_number("ssthresh", " ssthresh:%llu", info->tcpi_snd_ssthresh);
}

static void show_counts(const struct tcp_info *info)
{
	show_if("bytes_sent", " bytes_sent:%llu", info->tcpi_bytes_sent);
	show_if("bytes_retrans", " bytes_retrans:%llu", info->tcpi_bytes_retrans);
	show_if("bytes_acked", " bytes_acked:%llu", info->tcpi_bytes_acked);
	show_if("bytes_received", " bytes_received:%llu", info->tcpi_bytes_received);
	show_if("segs_out", " segs_out:%llu", info->tcpi_segs_out);
	show_if("segs_in", " segs_in:%llu", info->tcpi_segs_in);
	show_if("data_segs_out", " data_segs_out:%llu", info->tcpi_data_segs_out);
	show_if("data_segs_in", " data_segs_in:%llu", info->tcpi_data_segs_in);
}

static void show_flight(const struct tcp_info *info)
{
	show_if("lastsnd", " lastsnd:%llu", info->tcpi_last_data_sent);
	show_if("lastrcv", " lastrcv:%llu", info->tcpi_last_data_recv);
	show_if("lastack", " lastack:%llu", info->tcpi_last_ack_recv);
	if (info->tcpi_pacing_rate && ~info->tcpi_pacing_rate)
		out_number("pacing_rate", " pacing_rate %llubps", info->tcpi_pacing_rate * 8);
	show_if("delivered", " delivered:%llu", info->tcpi_delivered);
	show_if("unacked", " unacked:%llu", info->tcpi_unacked);
	if (info->tcpi_retrans || info->tcpi_total_retrans) {
		out_number("retrans", " retrans:%llu", info->tcpi_retrans);
		out_number("retrans_total", "/%llu", info->tcpi_total_retrans);
	}
	show_if("lost", " lost:%llu", info->tcpi_lost);
	show_if("sacked", " sacked:%llu", info->tcpi_sacked);
	if (info->tcpi_rcv_rtt)
		show_ms("rcv_rtt_us", " rcv_rtt:%s", info->tcpi_rcv_rtt);
	show_if("rcv_space", " rcv_space:%llu", info->tcpi_rcv_space);
	show_if("rcv_ssthresh", " rcv_ssthresh:%llu", info->tcpi_rcv_ssthresh);
	show_if("notsent", " notsent:%llu", info->tcpi_notsent_bytes);
	if (info->tcpi_min_rtt && ~info->tcpi_min_rtt)
		show_ms("minrtt_us", " minrtt:%s", info->tcpi_min_rtt);
}

void ss_show_info(const struct nlattr *attr, const struct nlattr *cc)
{
	struct tcp_info info = {};
	size_t len;

	if (!attr)
		return;
	len = mnl_attr_get_payload_len(attr);
	memcpy(&info, mnl_attr_get_payload(attr), len < sizeof(info) ? len : sizeof(info));
	out_group_begin("info");
	show_options(&info);
	if (cc)
		out_string("cc", " %s", mnl_attr_get_str(cc));
	if (info.tcpi_state != SS_LISTEN) {
		show_times(&info);
		show_counts(&info);
		show_flight(&info);
	} else {
		out_number("cwnd", " cwnd:%llu", info.tcpi_snd_cwnd);
	}
	out_object_end();
}

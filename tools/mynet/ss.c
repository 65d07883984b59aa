// SPDX-License-Identifier: GPL-2.0
/*
 * "mynet ss": sockets, with the options and columns of ss(8). As text, rows are kept until all are
 * there, for a column is as wide as what is in it.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "ss.h"

struct row {
	char	netid[8], state[12], recvq[12], sendq[12];
	char	local[40], lport[24], remote[40], rport[24];
	char	*rest;
};

static struct {
	bool numeric, programs, info, memory, timers, extended, summary, no_header, one_line, kill;
	uint32_t kinds, states;
} opt;

static struct ss_node *filter;
static struct row *rows;
static size_t row_count, row_room;
static struct ss_sock *doomed;
static size_t doomed_count, doomed_room;

static const char *const kind_names[] = { "tcp", "udp", "raw", "ping" };

static const char *const state_names[SS_STATES] = {
	[SS_ESTABLISHED] = "ESTAB", [SS_SYN_SENT] = "SYN-SENT", [SS_SYN_RECV] = "SYN-RECV",
	[SS_FIN_WAIT_1] = "FIN-WAIT-1", [SS_FIN_WAIT_2] = "FIN-WAIT-2",
	[SS_TIME_WAIT] = "TIME-WAIT", [SS_CLOSED] = "UNCONN", [SS_CLOSE_WAIT] = "CLOSE-WAIT",
	[SS_LAST_ACK] = "LAST-ACK", [SS_LISTEN] = "LISTEN", [SS_CLOSING] = "CLOSING",
};

static int help(void)
{
	printf("Usage: mynet ss [ OPTIONS ] [ state STATE | exclude STATE ]... [ EXPRESSION ]\n"
	       "  -t -u -w --ping   TCP, UDP, raw, ping sockets only; -A KIND,... the same\n"
	       "  -l listening ones, -a all, else those that have a peer\n"
	       "  -n numbers, no names      -p programs that have them\n"
	       "  -e user, inode, cookie    -o timers      -m memory    -i state of TCP\n"
	       "  -s how many there are     -H no header   -O one line each\n"
	       "  -K end them               -j JSON        -h this\n"
	       "STATE: all connected synchronized bucket big established syn-sent syn-recv\n"
	       "  fin-wait-1 fin-wait-2 time-wait closed close-wait last-ack listening closing\n"
	       "EXPRESSION: and, or, not, () of: src|dst ADDR[/LEN][:PORT]\n"
	       "  sport|dport {=|!=|<|>|<=|>=} :PORT   dev = DEV   fwmark = MARK[/MASK]\n");
	return MYNET_OK;
}

static void *grow(void *array, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return array;
	*room = *room * 2 + 64;
	array = realloc(array, *room * size);
	if (!array)
		fail("Out of memory");
	return array;
}

/* --- one socket --------------------------------------------------------------------------- */

static uint32_t get_u32(struct nlattr **attrs, int attr)
{
	return attrs[attr] ? mnl_attr_get_u32(attrs[attr]) : 0;
}

static uint64_t get_u64(struct nlattr **attrs, int attr)
{
	return attrs[attr] ? mnl_attr_get_u64(attrs[attr]) : 0;
}

static uint16_t get_port(struct nlattr **attrs, int attr)
{
	return attrs[attr] ? ntohs(mnl_attr_get_u16(attrs[attr])) : 0;
}

static void read_sock(struct nlattr **attrs, struct ss_sock *s)
{
	*s = (struct ss_sock){
		.kind = get_u32(attrs, MYNET_A_SOCK_KIND),
		.state = get_u32(attrs, MYNET_A_SOCK_STATE),
		.local = get_u32(attrs, MYNET_A_SOCK_LOCAL),
		.remote = get_u32(attrs, MYNET_A_SOCK_REMOTE),
		.lport = get_port(attrs, MYNET_A_SOCK_LPORT),
		.rport = get_port(attrs, MYNET_A_SOCK_RPORT),
		.recvq = get_u32(attrs, MYNET_A_SOCK_RECVQ),
		.sendq = get_u32(attrs, MYNET_A_SOCK_SENDQ),
		.dev = get_u32(attrs, MYNET_A_SOCK_IFINDEX),
		.uid = get_u32(attrs, MYNET_A_SOCK_UID),
		.mark = get_u32(attrs, MYNET_A_SOCK_MARK),
		.shutdown = get_u32(attrs, MYNET_A_SOCK_SHUTDOWN),
		.timer = get_u32(attrs, MYNET_A_SOCK_TIMER),
		.expires = get_u32(attrs, MYNET_A_SOCK_EXPIRES),
		.retries = get_u32(attrs, MYNET_A_SOCK_RETRIES),
		.inode = get_u64(attrs, MYNET_A_SOCK_INODE),
		.cookie = get_u64(attrs, MYNET_A_SOCK_COOKIE),
	};
	if (s->kind >= ARRAY_SIZE(kind_names) || s->state >= SS_STATES || !state_names[s->state])
		fail("The kernel tells of a socket that this program does not understand.");
}

/* The name of a port; the list of services is read once for each port. */
static const char *service(uint32_t kind, uint16_t port)
{
	static const char *known[2][65536];
	const char **name = &known[kind == MYNET_SOCK_UDP][port];
	struct servent *found;

	if (!*name) {
		setservent(1);
		found = getservbyport(htons(port), kind == MYNET_SOCK_UDP ? "udp" : "tcp");
		*name = found ? strdup(found->s_name) : "";
	}
	return *name ? *name : "";
}

static void put_port(char *to, size_t size, const struct ss_sock *s, uint16_t port)
{
	struct protoent *protocol = NULL;
	const char *name = "";

	if (!opt.numeric && s->kind <= MYNET_SOCK_UDP && port)
		name = service(s->kind, port);
	if (!opt.numeric && s->kind == MYNET_SOCK_RAW && port) {
		protocol = getprotobynumber(port);
		name = protocol ? protocol->p_name : "";
	}
	if (*name)
		snprintf(to, size, "%.*s", (int)size - 1, name);
	else if (port)
		snprintf(to, size, "%u", port);
	else
		snprintf(to, size, "*");
}

static void put_addr(char *to, size_t size, uint32_t addr, uint32_t dev)
{
	char number[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &addr, number, sizeof(number));
	snprintf(to, size, dev ? "%s%%%s" : "%s", number, dev ? ifname(dev) : "");
}

/* As ss writes a time: 1.2sec, 3min12sec, 250ms. */
static const char *time_text(uint32_t ms)
{
	static char text[32];
	unsigned int seconds = ms / 1000, minutes = seconds / 60;

	if (minutes)
		snprintf(text, sizeof(text), seconds % 60 ? "%umin%usec" : "%umin", minutes,
			 seconds % 60);
	else if (seconds >= 10)
		snprintf(text, sizeof(text), "%usec", seconds);
	else if (seconds)
		snprintf(text, sizeof(text), "%u.%03usec", seconds, ms % 1000);
	else
		snprintf(text, sizeof(text), "%ums", ms);
	return text;
}

static void show_timer(const struct ss_sock *s)
{
	static const char *const names[] = { "off", "on", "keepalive", "timewait", "persist" };

	if (!s->timer || s->timer >= ARRAY_SIZE(names))
		return;
	out_string("timer", " timer:(%s,", names[s->timer]);
	out_string(NULL, "%s,", time_text(s->expires));
	out_number("expires_ms", NULL, s->expires);
	out_number("retries", "%llu)", s->retries);
}

static void show_extended(const struct ss_sock *s)
{
	static const char *const shut[] = { "<->", "-->", "<--", "---" };

	if (s->uid)
		out_number("uid", " uid:%llu", s->uid);
	out_number("ino", " ino:%llu", s->inode);
	out_number("cookie", " sk:%llx", s->cookie);
	if (s->mark)
		out_number("fwmark", " fwmark:0x%llx", s->mark);
	if (s->inode && s->kind == MYNET_SOCK_TCP)
		out_string("open", " %s", shut[s->shutdown & 3]);
}

/* All behind the names. */
static void show_rest(const struct ss_sock *s, struct nlattr **attrs)
{
	if (opt.programs)
		ss_show_programs(s->inode);
	if (opt.timers || opt.extended)
		show_timer(s);
	if (opt.extended)
		show_extended(s);
	if ((opt.memory && attrs[MYNET_A_SOCK_MEM]) || (opt.info && attrs[MYNET_A_SOCK_INFO]))
		out_text(opt.one_line ? "" : "\n\t");
	if (opt.memory)
		ss_show_memory(attrs[MYNET_A_SOCK_MEM]);
	if (opt.info)
		ss_show_info(attrs[MYNET_A_SOCK_INFO], attrs[MYNET_A_SOCK_CC]);
}

static void show_json(const struct ss_sock *s, struct nlattr **attrs)
{
	out_object_begin();
	out_string("netid", NULL, kind_names[s->kind]);
	out_string("state", NULL, state_names[s->state]);
	out_number("recv_q", NULL, s->recvq);
	out_number("send_q", NULL, s->sendq);
	out_addr("local", NULL, s->local);
	out_number("local_port", NULL, s->lport);
	out_addr("peer", NULL, s->remote);
	out_number("peer_port", NULL, s->rport);
	if (s->dev)
		out_string("dev", NULL, ifname(s->dev));
	show_rest(s, attrs);
	out_object_end();
}

static void add_row(const struct ss_sock *s, struct nlattr **attrs)
{
	struct row *row;
	size_t size;
	FILE *file;

	rows = grow(rows, row_count, &row_room, sizeof(*rows));
	row = &rows[row_count++];
	snprintf(row->netid, sizeof(row->netid), "%s", kind_names[s->kind]);
	snprintf(row->state, sizeof(row->state), "%s", state_names[s->state]);
	snprintf(row->recvq, sizeof(row->recvq), "%u", s->recvq);
	snprintf(row->sendq, sizeof(row->sendq), "%u", s->sendq);
	put_addr(row->local, sizeof(row->local), s->local, s->dev);
	put_addr(row->remote, sizeof(row->remote), s->remote, 0);
	put_port(row->lport, sizeof(row->lport), s, s->lport);
	put_port(row->rport, sizeof(row->rport), s, s->kind == MYNET_SOCK_RAW ? 0 : s->rport);
	row->rest = NULL;
	if (!opt.programs && !opt.timers && !opt.extended && !opt.memory && !opt.info)
		return;
	file = open_memstream(&row->rest, &size);
	if (!file)
		fail("Out of memory");
	out_redirect(file);
	show_rest(s, attrs);
	out_redirect(NULL);
	fclose(file);
}

static void take_one(struct nlattr **attrs, void *arg)
{
	struct ss_sock s;

	read_sock(attrs, &s);
	if (!ss_fits(filter, &s))
		return;
	if (opt.kill) {
		doomed = grow(doomed, doomed_count, &doomed_room, sizeof(*doomed));
		doomed[doomed_count++] = s;
	}
	if (json)
		show_json(&s, attrs);
	else
		add_row(&s, attrs);
}

/* --- columns ------------------------------------------------------------------------------ */

static void wider(unsigned int *width, const char *text)
{
	if (strlen(text) > *width)
		*width = strlen(text);
}

static void print_row(const struct row *row, const unsigned int *w, bool netid)
{
	if (netid)
		printf("%-*s ", w[0], row->netid);
	printf("%-*s %-*s %-*s %*s:%-*s %*s:%-*s%s\n", w[1], row->state, w[2], row->recvq, w[3],
	       row->sendq, w[4], row->local, w[5], row->lport, w[6], row->remote, w[7],
	       row->rport, row->rest ? row->rest : "");
}

static void print_rows(void)
{
	bool netid = opt.kinds & (opt.kinds - 1);
	unsigned int w[8] = {};
	struct row head = {
		"Netid", "State", "Recv-Q", "Send-Q", "Local Address", "Port", "Peer Address",
		"Port", opt.programs ? "Process" : ""
	};
	size_t i;

	for (i = 0; i <= row_count; i++) {
		const struct row *row = i < row_count ? &rows[i] : &head;

		if (row == &head && opt.no_header)
			break;
		wider(&w[0], row->netid);
		wider(&w[1], row->state);
		wider(&w[2], row->recvq);
		wider(&w[3], row->sendq);
		wider(&w[4], row->local);
		wider(&w[5], row->lport);
		wider(&w[6], row->remote);
		wider(&w[7], row->rport);
	}
	if (!opt.no_header)
		print_row(&head, w, netid);
	for (i = 0; i < row_count; i++) {
		print_row(&rows[i], w, netid);
		free(rows[i].rest);
	}
	row_count = 0;
}

/* --- how many ----------------------------------------------------------------------------- */

static void count_one(struct nlattr **attrs, void *arg)
{
	unsigned int (*count)[SS_STATES] = arg;
	struct ss_sock s;

	read_sock(attrs, &s);
	count[s.kind][0]++;
	count[s.kind][s.state]++;
}

static int summarise(void)
{
	unsigned int count[ARRAY_SIZE(kind_names)][SS_STATES] = {}, total = 0, i;
	const unsigned int *tcp = count[MYNET_SOCK_TCP];
	int status = nl_show(nl_request(MYNET_CMD_SOCK_GET, NLM_F_DUMP), MYNET_A_SOCK_MAX,
			     count_one, count);

	for (i = 0; i < ARRAY_SIZE(kind_names); i++)
		total += count[i][0];
	out_begin();
	out_object_begin();
	out_number("total", "Total: %llu\n", total);
	out_group_begin("tcp");
	out_number("total", "TCP:   %llu", tcp[0]);
	out_number("estab", " (estab %llu", tcp[SS_ESTABLISHED]);
	out_number("listen", ", listen %llu", tcp[SS_LISTEN]);
	out_number("syn_recv", ", syn-recv %llu", tcp[SS_SYN_RECV]);
	out_number("timewait", ", timewait %llu)\n", tcp[SS_TIME_WAIT]);
	out_object_end();
	out_text("\nTransport Total\n");
	out_number("raw", "RAW       %llu\n", count[MYNET_SOCK_RAW][0]);
	out_number("udp", "UDP       %llu\n", count[MYNET_SOCK_UDP][0]);
	out_number("ping", "PING      %llu\n", count[MYNET_SOCK_PING][0]);
	out_number(NULL, "TCP       %llu\n", tcp[0]);
	out_object_end();
	out_end();
	return status;
}

/* --- ending ------------------------------------------------------------------------------- */

static int destroy(void)
{
	int status = MYNET_OK, err;
	size_t i;

	for (i = 0; i < doomed_count; i++) {
		const struct ss_sock *s = &doomed[i];
		struct nlmsghdr *request = nl_request(MYNET_CMD_SOCK_DESTROY, 0);

		mnl_attr_put_u32(request, MYNET_A_SOCK_KIND, s->kind);
		mnl_attr_put_u32(request, MYNET_A_SOCK_LOCAL, s->local);
		mnl_attr_put_u16(request, MYNET_A_SOCK_LPORT, htons(s->lport));
		mnl_attr_put_u32(request, MYNET_A_SOCK_REMOTE, s->remote);
		mnl_attr_put_u16(request, MYNET_A_SOCK_RPORT, htons(s->rport));
		if (s->cookie)
			mnl_attr_put_u64(request, MYNET_A_SOCK_COOKIE, s->cookie);
		err = nl_talk(request);
		if (err)
			status = err;
	}
	doomed_count = 0;
	return status;
}

/* --- options ------------------------------------------------------------------------------ */

static void take_kinds(const char *list)
{
	unsigned int i;
	size_t n;

	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		for (i = 0; i < ARRAY_SIZE(kind_names); i++)
			if (strlen(kind_names[i]) == n && !strncmp(list, kind_names[i], n))
				break;
		if (i == ARRAY_SIZE(kind_names) && !(n == 3 && !strncmp(list, "all", n)))
			fail("Error: \"%.*s\" is no kind of sockets.", (int)n, list);
		opt.kinds |= i < ARRAY_SIZE(kind_names) ? 1U << i : (1U << i) - 1;
	}
}

/* The options that switch something on. */
static const struct {
	char letter;
	bool *on;
} switches[] = {
	{ 'n', &opt.numeric }, { 'p', &opt.programs }, { 'i', &opt.info }, { 'm', &opt.memory },
	{ 'o', &opt.timers }, { 'e', &opt.extended }, { 's', &opt.summary },
	{ 'H', &opt.no_header }, { 'O', &opt.one_line }, { 'K', &opt.kill }, { 'j', &json },
};

static bool take_switch(char letter)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(switches); i++) {
		if (switches[i].letter != letter)
			continue;
		*switches[i].on = true;
		return true;
	}
	return false;
}

static void take_letter(char letter, struct words *words)
{
	if (letter == 't')
		opt.kinds |= 1 << MYNET_SOCK_TCP;
	else if (letter == 'u')
		opt.kinds |= 1 << MYNET_SOCK_UDP;
	else if (letter == 'w')
		opt.kinds |= 1 << MYNET_SOCK_RAW;
	else if (letter == 'A')
		take_kinds(next_word(words));
	else if (letter == 'l')
		opt.states = 1 << SS_LISTEN | 1 << SS_CLOSED;
	else if (letter == 'a')
		opt.states = SS_ALL;
	else if (letter != '4' && !take_switch(letter))
		fail("Option \"-%c\" is unknown, try \"mynet ss -h\".", letter);
}

static void take_option(const char *option, struct words *words)
{
	static const struct {
		const char *name;
		char letter;
	} longs[] = {
		{ "tcp", 't' }, { "udp", 'u' }, { "raw", 'w' }, { "listening", 'l' },
		{ "all", 'a' }, { "numeric", 'n' }, { "processes", 'p' }, { "info", 'i' },
		{ "memory", 'm' }, { "options", 'o' }, { "extended", 'e' }, { "summary", 's' },
		{ "no-header", 'H' }, { "oneline", 'O' }, { "kill", 'K' }, { "json", 'j' },
		{ "query", 'A' }, { "socket", 'A' }, { "ipv4", '4' },
	};
	unsigned int i;

	if (option[1] != '-') {
		while (*++option)
			take_letter(*option, words);
		return;
	}
	if (!strcmp(option, "--ping")) {
		opt.kinds |= 1 << MYNET_SOCK_PING;
		return;
	}
	for (i = 0; i < ARRAY_SIZE(longs); i++)
		if (!strcmp(option + 2, longs[i].name)) {
			take_letter(longs[i].letter, words);
			return;
		}
	fail("Option \"%s\" is unknown, try \"mynet ss -h\".", option);
}

/*
 * Takes the options, which may stand among the other words. Those of the program count too: -s, -j.
 */
static bool take_options(struct words *words)
{
	struct words rest = *words;
	const char *word;

	memset(&opt, 0, sizeof(opt));
	opt.summary = show_stats;
	opt.one_line = oneline;
	opt.states = SS_ALL & ~(1 << SS_LISTEN | 1 << SS_CLOSED | 1 << SS_TIME_WAIT |
				1 << SS_SYN_RECV);
	words->n = 0;
	while (peek_word(&rest)) {
		word = next_word(&rest);
		if (!strcmp(word, "-h") || !strcmp(word, "--help"))
			return false;
		if (word[0] == '-' && word[1])
			take_option(word, &rest);
		else
			words->word[words->n++] = (char *)word;
	}
	if (!opt.kinds)
		opt.kinds = (1U << ARRAY_SIZE(kind_names)) - 1;
	return true;
}

int do_ss(struct words *words)
{
	struct nlmsghdr *request;
	uint32_t show = 0;
	int status;

	row_count = 0;
	doomed_count = 0;
	if (!take_options(words) || take_word(words, "help", 2))
		return help();
	if (opt.summary)
		return summarise();
	opt.states = ss_take_states(words, opt.states);
	filter = ss_take_filter(words);
	if (opt.programs)
		ss_find_programs();
	if (opt.memory)
		show |= MYNET_SOCK_SHOW_MEM;
	if (opt.info)
		show |= MYNET_SOCK_SHOW_INFO;

	request = nl_request(MYNET_CMD_SOCK_GET, NLM_F_DUMP);
	mnl_attr_put_u32(request, MYNET_A_SOCK_KINDS, opt.kinds);
	mnl_attr_put_u32(request, MYNET_A_SOCK_STATES, opt.states);
	mnl_attr_put_u32(request, MYNET_A_SOCK_SHOW, show);
	ss_tell_kernel(filter, request);
	out_begin();
	status = nl_show(request, MYNET_A_SOCK_MAX, take_one, NULL);
	out_end();
	if (!json)
		print_rows();
	return status ? status : opt.kill ? destroy() : MYNET_OK;
}

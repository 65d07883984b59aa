// SPDX-License-Identifier: GPL-2.0
/*
 * The expressions of "mynet ss", in the grammar of ss(8):
 *
 *	or	:= and { ( or | '|' | '||' ) and }
 *	and	:= not { [ and | '&' | '&&' ] not }
 *	not	:= ( not | '!' ) not | '(' or ')' | term
 *	term	:= ( src | dst ) [ = ] ADDR[/LEN][:PORT] | ( sport | dport ) OP [:]PORT |
 *		   dev OP NAME | fwmark OP MARK[/MASK]
 *
 * What all of it needs is told to the kernel too, which then does not even show what lacks it.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "ss.h"

enum node_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_ADDR, NODE_PORT, NODE_DEV, NODE_MARK };

struct ss_node {
	enum node_kind	kind;
	struct ss_node	*left, *right;
	bool		remote;		/* of ADDR and PORT: the other end's */
	uint32_t	value, mask;	/* ADDR in network byte order */
	uint32_t	first, last;	/* PORT; a range that may go round: > 80 is 81 to 65535 */
	bool		invert;
};

/* --- states ------------------------------------------------------------------------------- */

static const struct {
	const char	*name;
	uint32_t	states;
} state_names[] = {
	{ "all", SS_ALL },
	{ "connected", SS_ALL & ~(1 << SS_CLOSED | 1 << SS_LISTEN) },
	{ "synchronized", SS_ALL & ~(1 << SS_CLOSED | 1 << SS_LISTEN | 1 << SS_SYN_SENT) },
	{ "bucket", 1 << SS_SYN_RECV | 1 << SS_TIME_WAIT },
	{ "big", SS_ALL & ~(1 << SS_SYN_RECV | 1 << SS_TIME_WAIT) },
	{ "established", 1 << SS_ESTABLISHED }, { "estab", 1 << SS_ESTABLISHED },
	{ "syn-sent", 1 << SS_SYN_SENT }, { "syn-recv", 1 << SS_SYN_RECV },
	{ "fin-wait-1", 1 << SS_FIN_WAIT_1 }, { "fin-wait-2", 1 << SS_FIN_WAIT_2 },
	{ "time-wait", 1 << SS_TIME_WAIT },
	{ "closed", 1 << SS_CLOSED }, { "unconnected", 1 << SS_CLOSED },
	{ "close-wait", 1 << SS_CLOSE_WAIT }, { "last-ack", 1 << SS_LAST_ACK },
	{ "listening", 1 << SS_LISTEN }, { "listen", 1 << SS_LISTEN },
	{ "closing", 1 << SS_CLOSING },
};

static uint32_t parse_states(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(state_names); i++)
		if (!strcasecmp(name, state_names[i].name))
			return state_names[i].states;
	fail("Error: \"%s\" is no state of a socket.", name);
}

uint32_t ss_take_states(struct words *words, uint32_t otherwise)
{
	uint32_t states = 0;

	for (;;) {
		if (take_word(words, "state", 5))
			states |= parse_states(next_word(words));
		else if (take_word(words, "exclude", 4))
			states = (states ? states : SS_ALL) & ~parse_states(next_word(words));
		else
			return states ? states : otherwise;
	}
}

/* --- words of an expression --------------------------------------------------------------- */

static char *text;	/* what is left */
static char token[128];	/* the next one, empty at the end */

static void next_token(void)
{
	static const char operators[] = "=!<>&|";
	size_t n;

	text += strspn(text, " \t\n");
	if (*text == '(' || *text == ')')
		n = 1;
	else if (*text && strchr(operators, *text))
		n = strspn(text, operators);
	else
		n = strcspn(text, " \t\n()=!<>&|");
	if (n >= sizeof(token))
		fail("Error: \"%s\" is too long.", text);
	memcpy(token, text, n);
	token[n] = '\0';
	text += n;
}

static bool take_token(const char *one, const char *other, const char *third)
{
	if (strcmp(token, one) && (!other || strcmp(token, other)) &&
	    (!third || strcmp(token, third)))
		return false;
	next_token();
	return true;
}

static struct ss_node *new_node(enum node_kind kind, struct ss_node *left, struct ss_node *right)
{
	struct ss_node *node = calloc(1, sizeof(*node));

	if (!node)
		fail("Out of memory");
	node->kind = kind;
	node->left = left;
	node->right = right;
	return node;
}

/* --- terms -------------------------------------------------------------------------------- */

static uint32_t parse_port(const char *name)
{
	struct servent *service;

	if (*name == ':')
		name++;
	if (*name >= '0' && *name <= '9')
		return parse_number(name, "port", 65535);
	service = getservbyname(name, NULL);
	if (!service)
		fail("Error: \"%s\" does not look like a port.", name);
	return ntohs(service->s_port);
}

static struct ss_node *port_node(bool remote, uint32_t first, uint32_t last)
{
	struct ss_node *node = new_node(NODE_PORT, NULL, NULL);

	node->remote = remote;
	node->first = first;
	node->last = last;
	return node;
}

static bool take_equal(bool *invert)
{
	*invert = false;
	if (take_token("=", "==", "eq"))
		return true;
	*invert = take_token("!=", "ne", "neq");
	return *invert;
}

static struct ss_node *parse_ports(bool remote)
{
	struct ss_node *node = port_node(remote, 0, 65535);
	uint32_t port;

	if (take_equal(&node->invert)) {
		node->first = parse_port(token);
		node->last = node->first;
	} else if (take_token(">=", "ge", "geq")) {
		node->first = parse_port(token);
	} else if (take_token("<=", "le", "leq")) {
		node->last = parse_port(token);
	} else if (take_token(">", "gt", NULL)) {
		/* Beyond the last there is none: an empty range. */
		node->first = parse_port(token) + 1;
	} else if (take_token("<", "lt", NULL)) {
		port = parse_port(token);
		node->first = port ? 0 : 1;
		node->last = port ? port - 1 : 0;
	} else {
		fail("Error: a comparison is expected rather than \"%s\".", token);
	}
	next_token();
	return node;
}

static struct ss_node *parse_host(bool remote)
{
	struct ss_node *node, *port = NULL;
	bool invert;
	char *colon;
	int length;

	take_equal(&invert);
	if (!token[0])
		fail("Error: an address is expected.");
	colon = strchr(token, ':');
	if (colon) {
		if (strcmp(colon + 1, "*") && colon[1])
			port = port_node(remote, parse_port(colon), parse_port(colon));
		*colon = '\0';
	}
	node = new_node(NODE_ADDR, NULL, NULL);
	node->remote = remote;
	if (token[0] && strcmp(token, "*")) {
		node->value = parse_prefix(token, &length).s_addr;
		node->mask = length ? htonl(~0U << (length < 0 ? 0 : 32 - length)) : 0;
	}
	next_token();
	if (port)
		node = new_node(NODE_AND, node, port);
	return invert ? new_node(NODE_NOT, node, NULL) : node;
}

static struct ss_node *parse_dev(void)
{
	struct ss_node *node = new_node(NODE_DEV, NULL, NULL);

	if (!take_equal(&node->invert))
		fail("Error: a comparison is expected rather than \"%s\".", token);
	node->value = parse_ifindex(token);
	next_token();
	return node;
}

static struct ss_node *parse_mark(void)
{
	struct ss_node *node = new_node(NODE_MARK, NULL, NULL);
	char *slash;

	if (!take_equal(&node->invert))
		fail("Error: a comparison is expected rather than \"%s\".", token);
	node->mask = ~0U;
	slash = strchr(token, '/');
	if (slash) {
		*slash = '\0';
		node->mask = parse_number(slash + 1, "mask", ~0U);
	}
	node->value = parse_number(token, "mark", ~0U);
	next_token();
	return node;
}

/* --- the expression ----------------------------------------------------------------------- */

static struct ss_node *parse_or(void);

static struct ss_node *parse_not(void)
{
	struct ss_node *node;

	if (take_token("not", "!", NULL))
		return new_node(NODE_NOT, parse_not(), NULL);
	if (take_token("(", NULL, NULL)) {
		node = parse_or();
		if (!take_token(")", NULL, NULL))
			fail("Error: \")\" is missing.");
		return node;
	}
	if (take_token("src", NULL, NULL))
		return parse_host(false);
	if (take_token("dst", NULL, NULL))
		return parse_host(true);
	if (take_token("sport", NULL, NULL))
		return parse_ports(false);
	if (take_token("dport", NULL, NULL))
		return parse_ports(true);
	if (take_token("dev", NULL, NULL))
		return parse_dev();
	if (take_token("fwmark", NULL, NULL))
		return parse_mark();
	fail("Error: an expression is expected rather than \"%s\".", token);
}

static struct ss_node *parse_and(void)
{
	struct ss_node *node = parse_not();

	for (;;) {
		if (!take_token("and", "&", "&&") &&
		    (!token[0] || !strcmp(token, ")") || !strcmp(token, "or") || token[0] == '|'))
			return node;
		node = new_node(NODE_AND, node, parse_not());
	}
}

static struct ss_node *parse_or(void)
{
	struct ss_node *node = parse_and();

	while (take_token("or", "|", "||"))
		node = new_node(NODE_OR, node, parse_and());
	return node;
}

struct ss_node *ss_take_filter(struct words *words)
{
	char line[4096] = "";
	struct ss_node *node;
	size_t len = 0;

	while (peek_word(words)) {
		len += snprintf(line + len, sizeof(line) - len, "%s ", next_word(words));
		if (len >= sizeof(line))
			fail("Error: the expression is too long.");
	}
	text = line;
	next_token();
	if (!token[0])
		return NULL;
	node = parse_or();
	if (token[0])
		fail("Error: \"%s\" is not expected.", token);
	return node;
}

/* --- judging ------------------------------------------------------------------------------ */

bool ss_fits(const struct ss_node *node, const struct ss_sock *s)
{
	uint32_t port;

	if (!node)
		return true;
	switch (node->kind) {
	case NODE_AND:
		return ss_fits(node->left, s) && ss_fits(node->right, s);
	case NODE_OR:
		return ss_fits(node->left, s) || ss_fits(node->right, s);
	case NODE_NOT:
		return !ss_fits(node->left, s);
	case NODE_ADDR:
		return !(((node->remote ? s->remote : s->local) ^ node->value) & node->mask);
	case NODE_PORT:
		port = node->remote ? s->rport : s->lport;
		return (port >= node->first && port <= node->last) != node->invert;
	case NODE_DEV:
		return (s->dev == node->value) != node->invert;
	case NODE_MARK:
		return ((s->mark & node->mask) == (node->value & node->mask)) != node->invert;
	}
	return false;
}

/* The conditions that the kernel has been told: one of each kind. */
struct told {
	bool addr[2], port[2];
};

static void tell_node(const struct ss_node *node, struct nlmsghdr *request, struct told *told)
{
	if (node->kind == NODE_AND) {
		tell_node(node->left, request, told);
		tell_node(node->right, request, told);
	} else if (node->kind == NODE_ADDR && !told->addr[node->remote]) {
		told->addr[node->remote] = true;
		mnl_attr_put_u32(request, node->remote ? MYNET_A_SOCK_REMOTE : MYNET_A_SOCK_LOCAL,
				 node->value);
		mnl_attr_put_u8(request, node->remote ? MYNET_A_SOCK_REMOTE_LEN :
				MYNET_A_SOCK_LOCAL_LEN, __builtin_popcount(node->mask));
	} else if (node->kind == NODE_PORT && !node->invert && !told->port[node->remote] &&
		   node->first <= node->last) {
		told->port[node->remote] = true;
		mnl_attr_put_u16(request, node->remote ? MYNET_A_SOCK_RPORT : MYNET_A_SOCK_LPORT,
				 htons(node->first));
		mnl_attr_put_u16(request, node->remote ? MYNET_A_SOCK_RPORT_MAX :
				 MYNET_A_SOCK_LPORT_MAX, htons(node->last));
	}
}

void ss_tell_kernel(const struct ss_node *filter, struct nlmsghdr *request)
{
	struct told told = {};

	if (filter)
		tell_node(filter, request, &told);
}

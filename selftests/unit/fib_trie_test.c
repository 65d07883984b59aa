// SPDX-License-Identifier: GPL-2.0
/*
 * The trie of af_mynet/internet/fib_trie*.c against a twin that cannot be wrong: an
 * array of prefixes, asked one by one.
 *
 * fib_trie_test [SEED [ROUNDS]] runs the random cases from that seed on. fib_trie_test size N
 * measures a table of N prefixes instead; it takes part in no verdict.
 */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "kselftest.h"

#include "af_mynet/internet/fib_trie.c"
#include "af_mynet/internet/fib_trie_walk.c"

unsigned int shim_alloc_fails_at;

struct route {
	struct mn_fib_leaf leaf;
	bool in;
};

static struct mutex lock = { .held = 1 };
static struct mn_fib_trie trie;
static u64 seed;

static u32 rnd(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return seed >> 32;
}

/* The way out of a case that found something wrong. */
static jmp_buf case_ended;

#define require(what)	demand(what, #what, __LINE__)

static void demand(bool so, const char *what, int line)
{
	if (so)
		return;
	ksft_print_msg("line %d: not so: %s\n", line, what);
	longjmp(case_ended, 1);
}

static bool passes(bool (*test)(void))
{
	return !setjmp(case_ended) && test();
}

static struct mn_fib_leaf *twin_lookup(struct route *routes, int n, u32 addr)
{
	struct mn_fib_leaf *best = NULL;
	int i;

	for (i = 0; i < n; i++)
		if (routes[i].in && mn_fib_leaf_has(&routes[i].leaf, addr) &&
		    (!best || routes[i].leaf.plen > best->plen))
			best = &routes[i].leaf;
	return best;
}

/* All prefixes that contain @addr, not only the longest. */
static bool chain_right(struct route *routes, int n, u32 addr)
{
	struct mn_fib_leaf *leaf, *last = NULL;
	int i, wanted = 0, got = 0;

	for (i = 0; i < n; i++)
		wanted += routes[i].in && mn_fib_leaf_has(&routes[i].leaf, addr);
	leaf = mn_fib_trie_lookup(&trie, addr);
	require(leaf == twin_lookup(routes, n, addr));
	for (; leaf; leaf = mn_fib_leaf_up(leaf)) {
		require(mn_fib_leaf_has(leaf, addr));
		require(!last || leaf->plen < last->plen);
		last = leaf;
		got++;
	}
	require(got == wanted);
	return true;
}

/* Does the node keep what the head of fib_trie.c promises? */
static bool node_right(struct mn_trie_node *node, size_t *nodes, size_t *bytes)
{
	u32 i, used = 0, full = 0;

	++*nodes;
	*bytes += mn_node_bytes(node->bits);
	require(!node->fresh);
	require(node->cover == mn_entry_cover(&trie, mn_node_entry(node), mn_node_start(node)));
	for (i = 0; i < mn_node_size(node); i++) {
		void *entry = node->slot[i];
		struct mn_fib_leaf *leaf = entry;
		u32 first = node->key | i << node->pos;

		used += mn_slot_real(node, i, entry);
		full += mn_slot_full(node, entry);
		if (mn_is_node(entry)) {
			struct mn_trie_node *child = mn_to_node(entry);

			require(child->pos + child->bits <= node->pos);
			require(mn_key_agrees(child->key, first, 32 - node->pos));
			if (!node_right(child, nodes, bytes))
				return false;
		} else if (entry && !mn_slot_real(node, i, entry)) {
			require(mn_fib_leaf_has(leaf, first));
			require(leaf->plen <= 32 - node->pos);
		}
	}
	require(used == node->used && full == node->full && used > 1);
	return true;
}

/* Drawn, each node and each key comes once, in order, and every prefix is at its key. */
static bool drawing_right(void)
{
	struct mn_fib_item item, last = { .start = 255 };
	size_t nodes = 0, prefixes = 0;
	struct mn_fib_leaf *leaf;
	u32 key = 0;
	u8 start = 0;

	while (mn_fib_trie_item(&trie, key, start, &item)) {
		require(last.start == 255 || item.key > last.key ||
			(item.key == last.key && item.start > last.start));
		require(item.depth <= nodes && (nodes || !item.depth));
		if (item.leaf)
			require(item.start == MN_FIB_LEAF_START && item.leaf->key == item.key);
		else
			nodes++;
		for (leaf = item.leaf; leaf && leaf->key == item.key; leaf = mn_fib_leaf_up(leaf))
			prefixes++;
		last = item;
		key = item.key;
		start = item.start + 1;
		if (start > MN_FIB_LEAF_START) {
			start = 0;
			if (++key == 0)
				break;
		}
	}
	require(nodes == trie.nodes && prefixes == trie.leaves);
	return true;
}

static bool trie_right(struct route *routes, int n)
{
	size_t nodes = 0, bytes = 0, leaves = 0, walked = 0;
	struct mn_fib_leaf *leaf, *last = NULL;
	int i;

	for (i = 0; i < n; i++) {
		struct mn_fib_leaf *r = &routes[i].leaf;

		leaves += routes[i].in;
		if (routes[i].in)
			require(mn_fib_trie_find(&trie, r->key, r->plen) == r);
		if (!chain_right(routes, n, r->key) || !chain_right(routes, n, r->key - 1) ||
		    !chain_right(routes, n, r->key | ~r->mask) ||
		    !chain_right(routes, n, (r->key | ~r->mask) + 1))
			return false;
	}
	for (i = 0; i < 64; i++)
		if (!chain_right(routes, n, rnd()))
			return false;

	leaf = mn_fib_trie_next(&trie, 0, 0);
	while (leaf) {
		require(!last || last->key < leaf->key ||
			(last->key == leaf->key && last->plen < leaf->plen));
		last = leaf;
		walked++;
		if (leaf->plen < 32)
			leaf = mn_fib_trie_next(&trie, leaf->key, leaf->plen + 1);
		else
			leaf = leaf->key == ~0U ? NULL : mn_fib_trie_next(&trie, leaf->key + 1, 0);
	}
	require(walked == leaves && trie.leaves == leaves);

	if (mn_is_node(trie.root) && !node_right(mn_to_node(trie.root), &nodes, &bytes))
		return false;
	require(trie.nodes == nodes && trie.bytes == bytes);
	return drawing_right();
}

/* Prefixes that crowd: few different bits, so that they nest, share keys and fill nodes. */
static void random_route(struct route *route, int kind)
{
	static const u32 bases[] = { 0, 0x0a000000, 0xc0a80000, 0xffffff00, 0x80000000 };
	u32 key = rnd();
	u8 plen = rnd() % 33;

	switch (kind) {
	case 0:
		break;
	case 1:
		key = bases[rnd() % ARRAY_SIZE(bases)] | (rnd() & 0xff);
		plen = 24 + rnd() % 9;
		break;
	case 2:
		key &= 0xf0f00000;
		plen = rnd() % 16;
		break;
	case 3:
		key = bases[rnd() % ARRAY_SIZE(bases)] | (rnd() & 0xffff);
		plen = 32 - rnd() % 4;
		break;
	default:
		key &= 0x00ffff00;
		plen = 16 + rnd() % 9;
	}
	*route = (struct route){ .in = false };
	mn_fib_leaf_init(&route->leaf, key, plen);
}

static bool toggle(struct route *routes, int n, int i)
{
	struct route *r = &routes[i];
	struct mn_fib_leaf *there = mn_fib_trie_find(&trie, r->leaf.key, r->leaf.plen);
	int err;

	if (r->in) {
		mn_fib_trie_remove(&trie, &r->leaf);
		r->in = false;
		return true;
	}
	if (rnd() % 8 == 0)
		shim_alloc_fails_at = 1 + rnd() % 6;
	err = mn_fib_trie_insert(&trie, &r->leaf);
	shim_alloc_fails_at = 0;
	if (there)
		require(err == -EEXIST);
	else if (err)
		require(err == -ENOMEM);
	else
		r->in = true;
	return true;
}

static bool random_set(int n)
{
	struct route *routes = calloc(n, sizeof(*routes));
	int i, kind = rnd() % 6;
	bool right = true;

	mn_fib_trie_init(&trie, &lock);
	for (i = 0; i < n; i++)
		random_route(&routes[i], kind == 5 ? rnd() % 5 : kind);
	for (i = 0; i < 3 * n && right; i++) {
		right = toggle(routes, n, i < n ? i : rnd() % n);
		if (right && (i % (n / 4 + 1) == 0))
			right = trie_right(routes, n);
	}
	for (i = 0; i < n && right; i++) {
		if (!routes[i].in)
			continue;
		mn_fib_trie_remove(&trie, &routes[i].leaf);
		routes[i].in = false;
		if (i % (n / 4 + 1) == 0)
			right = trie_right(routes, n);
	}
	require(!trie.root && !trie.nodes && !trie.bytes && !trie.leaves);
	free(routes);
	return right;
}

static u64 first_seed = 1, current_seed;
static int rounds = 600;

static bool random_sets_are_found_as_a_list_would_find_them(void)
{
	u64 round;

	for (round = first_seed; round < first_seed + rounds; round++) {
		seed = round;
		rnd();
		current_seed = round;
		random_set(1 + rnd() % (round % 8 ? 60 : 400));
	}
	return true;
}

static bool add(struct route *route, u32 key, u8 plen)
{
	mn_fib_leaf_init(&route->leaf, key, plen);
	route->in = !mn_fib_trie_insert(&trie, &route->leaf);
	return route->in;
}

static bool default_route_answers_what_nothing_else_does(void)
{
	struct route r[3] = {};

	mn_fib_trie_init(&trie, &lock);
	require(!mn_fib_trie_lookup(&trie, 0x01020304));
	require(add(&r[0], 0, 0));
	require(mn_fib_trie_lookup(&trie, 0x01020304) == &r[0].leaf);
	require(mn_fib_trie_lookup(&trie, ~0U) == &r[0].leaf);
	require(add(&r[1], 0x01020304, 32) && add(&r[2], 0, 32));
	require(mn_fib_trie_lookup(&trie, 0x01020304) == &r[1].leaf);
	require(mn_fib_trie_lookup(&trie, 0x01020305) == &r[0].leaf);
	require(mn_fib_trie_lookup(&trie, 0) == &r[2].leaf);
	require(mn_fib_leaf_up(&r[2].leaf) == &r[0].leaf);
	mn_fib_trie_remove(&trie, &r[0].leaf);
	require(!mn_fib_trie_lookup(&trie, 0x01020305));
	require(!mn_fib_leaf_up(&r[1].leaf));
	mn_fib_trie_free(&trie);
	return true;
}

static bool a_prefix_is_taken_once(void)
{
	struct route r[3] = {};

	mn_fib_trie_init(&trie, &lock);
	require(add(&r[0], 0x0a000000, 8) && add(&r[1], 0x0a000000, 16));
	mn_fib_leaf_init(&r[2].leaf, 0x0a010203, 8);
	require(mn_fib_trie_insert(&trie, &r[2].leaf) == -EEXIST);
	require(trie.leaves == 2);
	mn_fib_trie_free(&trie);
	return true;
}

static bool a_full_range_of_hosts_becomes_one_node(void)
{
	static struct route r[4096];
	int i;

	memset(r, 0, sizeof(r));
	mn_fib_trie_init(&trie, &lock);
	for (i = 0; i < 4096; i++)
		require(add(&r[i], 0xc0a80000 + i, 32));
	require(trie.nodes == 1 && mn_to_node(trie.root)->bits == 12);
	for (i = 0; i < 4095; i++)
		mn_fib_trie_remove(&trie, &r[i].leaf);
	require(trie.nodes == 0 && trie.root == &r[4095].leaf);
	mn_fib_trie_free(&trie);
	return true;
}

/* How many prefixes of each length a table of the Internet's core has, in thousandths. */
static const struct { u8 plen; u16 share; } full_table[] = {
	{ 24, 600 }, { 22, 120 }, { 23, 105 }, { 20, 45 }, { 21, 50 }, { 19, 27 },
	{ 16, 14 }, { 18, 14 }, { 17, 9 }, { 15, 5 }, { 14, 5 }, { 13, 3 }, { 12, 2 }, { 11, 1 },
};

static u8 full_table_plen(void)
{
	u32 i, pick = rnd() % 1000;

	for (i = 0; pick >= full_table[i].share; i++)
		pick -= full_table[i].share;
	return full_table[i].plen;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void measure(int n)
{
	struct route *routes = calloc(n, sizeof(*routes));
	int i, found = 0, lookups = 10000000;
	double t[4];

	seed = 1;
	for (i = 0; i < n; i++)
		mn_fib_leaf_init(&routes[i].leaf, 0x01000000 + rnd() % 0xde000000,
				 full_table_plen());
	mn_fib_trie_init(&trie, &lock);
	t[0] = now();
	for (i = 0; i < n; i++)
		routes[i].in = !mn_fib_trie_insert(&trie, &routes[i].leaf);
	t[1] = now();
	ksft_print_msg("%zu prefixes, %zu nodes of %zu bytes; with leaves %.1f bytes a prefix\n",
		       trie.leaves, trie.nodes, trie.bytes,
		       (double)trie.bytes / trie.leaves + sizeof(struct mn_fib_leaf));
	for (i = 0; i < lookups; i++)
		found += !!mn_fib_trie_lookup(&trie, rnd());
	t[2] = now();
	for (i = 0; i < n; i++)
		if (routes[i].in)
			mn_fib_trie_remove(&trie, &routes[i].leaf);
	t[3] = now();
	ksft_print_msg("ns each: insert %.0f, look-up %.1f (%d%% found), remove %.0f\n",
		       (t[1] - t[0]) / n * 1e9, (t[2] - t[1]) / lookups * 1e9,
		       (int)(found * 100.0 / lookups), (t[3] - t[2]) / n * 1e9);
	free(routes);
}

int main(int argc, char **argv)
{
	bool right;

	if (argc > 2 && !strcmp(argv[1], "size")) {
		measure(atoi(argv[2]));
		return 0;
	}
	if (argc > 1)
		first_seed = strtoull(argv[1], NULL, 0);
	if (argc > 2)
		rounds = atoi(argv[2]);
	ksft_print_header();
	ksft_set_plan(4);
	ksft_test_result(passes(default_route_answers_what_nothing_else_does),
			 "a default route answers what nothing else does\n");
	ksft_test_result(passes(a_prefix_is_taken_once), "a prefix is taken once\n");
	ksft_test_result(passes(a_full_range_of_hosts_becomes_one_node),
			 "a full range of hosts becomes one node\n");
	right = passes(random_sets_are_found_as_a_list_would_find_them);
	if (!right)
		ksft_print_msg("with seed %llu\n", (unsigned long long)current_seed);
	ksft_test_result(right, "random sets of routes are found as a list would find them\n");
	ksft_finished();
}

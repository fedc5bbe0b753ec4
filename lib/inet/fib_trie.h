/* A path-compressed binary trie of prefixes, both families: longest-prefix match in a walk down,
 * dumps in the kernel's two orders. */
#ifndef VNET_INET_FIB_TRIE_H
#define VNET_INET_FIB_TRIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/list.h"
#include "base/pool.h"

struct fib_key { /* the bits of an address, left-aligned: an IPv4 address is the top half of hi */
    uint64_t hi, lo;
};

struct fib_node {       /* a prefix; without routes where it only joins two branches */
    struct fib_key key; /* zero behind its length */
    struct fib_node *child[2], *parent;
    struct fib_node *subtree; /* IPv6: the root of the sources of this destination; NULL: none */
    struct list routes;       /* struct fib_route.node */
    uint8_t len;
    bool sub_root; /* of sources: without routes, its parent is the destination's node */
};

struct fib_trie {
    struct fib_node *root;   /* NULL: empty */
    struct fib_node *recent; /* that fib_trie_get() gave last, or one near it: in the order of
                                addresses, the next is not far; NULL: none */
    struct pool nodes;
    uint8_t bits; /* 32 or 128 */
};

/* An empty one, for addresses of that many bits; ended by fib_trie_clear(). */
#define FIB_TRIE_INIT(of_bits)                                        \
    {                                                                 \
        .nodes = {.size = sizeof(struct fib_node)}, .bits = (of_bits) \
    }

struct fib_key fib_key(const struct inet_addr *a);

/* The node of exactly this prefix, NULL if there is none; fib_trie_get() makes it. */
struct fib_node *fib_trie_find(const struct fib_trie *t, const struct inet_prefix *p);
struct fib_node *fib_trie_get(struct fib_trie *t, const struct inet_prefix *p);
struct fib_node *fib_trie_find_key(const struct fib_trie *t, struct fib_key k, unsigned len);
/* Sources within a destination n (IPv6: rt6_info.rt6i_src): the node of exactly this prefix, whose
 * length is not 0. */
struct fib_node *fib_trie_find_src(const struct fib_node *n, const struct inet_prefix *src);
struct fib_node *fib_trie_get_src(struct fib_trie *t, struct fib_node *n,
                                  const struct inet_prefix *src);
struct fib_node *fib_trie_find_src_key(const struct fib_node *n, struct fib_key k, unsigned len);
/* The destination of a node of sources (or n itself). */
struct fib_node *fib_trie_owner(struct fib_node *n);
/* Give back a node if it has no routes left. */
void fib_trie_prune(struct fib_trie *t, struct fib_node *n);
/* Free all nodes (not what hangs on them). */
void fib_trie_clear(struct fib_trie *t);

/* The longest prefix with routes that holds the address, then the next shorter one; NULL ends. */
const struct fib_node *fib_trie_match(const struct fib_trie *t, const struct inet_addr *a);
const struct fib_node *fib_trie_shorter(const struct fib_node *n);
/* The same with sources: fib6_node_lookup() and fib6_backtrack(). A destination with sources of
 * which none holds the address is passed by, whatever routes it has besides. */
const struct fib_node *fib_trie_match6(const struct fib_trie *t, const struct inet_addr *daddr,
                                       const struct inet_addr *saddr);
const struct fib_node *fib_trie_backtrack(const struct fib_node *n, const struct inet_addr *saddr);

/* Walks over all nodes (also those without routes), NULL ends.
 * IPv4 (leaf_walk_rcu): by address, at the same address the longest prefix first.
 * IPv6 (fib6_walk_continue): sources, left, right, then the node itself. */
struct fib_node *fib_trie_first_v4(const struct fib_trie *t);
struct fib_node *fib_trie_next_v4(const struct fib_node *n);
struct fib_node *fib_trie_first_v6(const struct fib_trie *t);
struct fib_node *fib_trie_next_v6(const struct fib_node *n);

#endif

#include "inet/fib_trie.h"

static uint64_t be64(const uint8_t *p)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return v;
}

struct fib_key fib_key(const struct inet_addr *a)
{
    struct fib_key k = {0, 0};
    if (a->family == VNET_AF_INET)
        k.hi = (uint64_t)inet_addr_to_v4(a) << 32;
    else if (a->family == VNET_AF_INET6)
        k = (struct fib_key){be64(a->bytes), be64(a->bytes + 8)};
    return k;
}

static struct fib_key key_mask(struct fib_key k, unsigned len)
{
    if (len < 64)
        return (struct fib_key){len ? k.hi >> (64 - len) << (64 - len) : 0, 0};
    unsigned low = len - 64;
    return (struct fib_key){k.hi, low ? k.lo >> (64 - low) << (64 - low) : 0};
}

static inline unsigned key_bit(struct fib_key k, unsigned pos)
{
    return pos < 64 ? k.hi >> (63 - pos) & 1 : k.lo >> (127 - pos) & 1;
}

static inline bool key_under(struct fib_key k, const struct fib_node *n)
{
    unsigned len = n->len;
    if (len <= 64)
        return len == 0 || (k.hi ^ n->key.hi) >> (64 - len) == 0;
    return k.hi == n->key.hi && (k.lo ^ n->key.lo) >> (128 - len) == 0;
}

static bool key_eq(struct fib_key a, struct fib_key b)
{
    return a.hi == b.hi && a.lo == b.lo;
}

/* x is not 0 */
static unsigned leading_zeros(uint64_t x)
{
#ifdef __GNUC__
    if (sizeof(unsigned long long) == sizeof(x))
        return (unsigned)__builtin_clzll(x);
#endif
    unsigned n = 0;
    for (unsigned step = 32; step; step /= 2) {
        if (x >> (64 - step) == 0) {
            n += step;
            x <<= step;
        }
    }
    return n;
}

/* How many leading bits a and b share, at most max. */
static unsigned key_common(struct fib_key a, struct fib_key b, unsigned max)
{
    unsigned n = 128;
    if (a.hi != b.hi)
        n = leading_zeros(a.hi ^ b.hi);
    else if (a.lo != b.lo)
        n = 64 + leading_zeros(a.lo ^ b.lo);
    return n < max ? n : max;
}

/* Where to begin to look for a prefix: a node that it is under (or is), else the root. */
static struct fib_node *near(const struct fib_trie *t, struct fib_key k, unsigned len)
{
    struct fib_node *n = t->recent;
    while (n && (n->len > len || !key_under(k, n)))
        n = n->parent;
    return n ? n : t->root;
}

static struct fib_node *find_below(struct fib_node *n, struct fib_key k, unsigned len)
{
    while (n && n->len < len && key_under(k, n))
        n = n->child[key_bit(k, n->len)];
    return n && n->len == len && key_eq(n->key, k) ? n : NULL;
}

struct fib_node *fib_trie_find_key(const struct fib_trie *t, struct fib_key k, unsigned len)
{
    return find_below(near(t, k, len), k, len);
}

struct fib_node *fib_trie_find(const struct fib_trie *t, const struct inet_prefix *p)
{
    return fib_trie_find_key(t, key_mask(fib_key(&p->addr), p->len), p->len);
}

struct fib_node *fib_trie_find_src_key(const struct fib_node *n, struct fib_key k, unsigned len)
{
    return find_below(n->subtree, k, len);
}

struct fib_node *fib_trie_find_src(const struct fib_node *n, const struct inet_prefix *src)
{
    return find_below(n->subtree, key_mask(fib_key(&src->addr), src->len), src->len);
}

static struct fib_node *node_new(struct fib_trie *t, struct fib_key k, unsigned len,
                                 struct fib_node *parent)
{
    struct fib_node *n = pool_take(&t->nodes);
    n->key = key_mask(k, len);
    n->len = (uint8_t)len;
    n->parent = parent;
    list_init(&n->routes);
    return n;
}

static struct fib_node **link_of(struct fib_trie *t, const struct fib_node *n)
{
    if (n->sub_root)
        return &n->parent->subtree;
    return n->parent ? &n->parent->child[n->parent->child[1] == n] : &t->root;
}

/* Put a node of `len` bits of k between n and its parent. */
static struct fib_node *insert_above(struct fib_trie *t, struct fib_node *n, struct fib_key k,
                                     unsigned len)
{
    struct fib_node **slot = link_of(t, n);
    struct fib_node *in = node_new(t, k, len, n->parent);
    in->child[key_bit(n->key, len)] = n;
    n->parent = in;
    *slot = in;
    return in;
}

/* The node of a prefix, made if need be; it is looked for from n on (NULL: there are none). */
static struct fib_node *get_below(struct fib_trie *t, struct fib_node *n, struct fib_key k,
                                  unsigned len)
{
    struct fib_node *parent = n ? n->parent : NULL;
    while (n && n->len < len && key_under(k, n)) {
        parent = n;
        n = n->child[key_bit(k, n->len)];
    }
    if (n && n->len == len && key_eq(n->key, k))
        return n;
    if (n) {
        unsigned common = key_common(k, n->key, n->len < len ? n->len : len);
        parent = insert_above(t, n, k, common);
        if (common == len)
            return parent;
    }
    struct fib_node *leaf = node_new(t, k, len, parent);
    if (parent)
        parent->child[key_bit(k, parent->len)] = leaf;
    else
        t->root = leaf;
    return leaf;
}

struct fib_node *fib_trie_get(struct fib_trie *t, const struct inet_prefix *p)
{
    struct fib_key k = key_mask(fib_key(&p->addr), p->len);
    t->recent = get_below(t, near(t, k, p->len), k, p->len);
    return t->recent;
}

struct fib_node *fib_trie_get_src(struct fib_trie *t, struct fib_node *n,
                                  const struct inet_prefix *src)
{
    if (!n->subtree) {
        n->subtree = node_new(t, (struct fib_key){0, 0}, 0, n);
        n->subtree->sub_root = true;
    }
    struct fib_key k = key_mask(fib_key(&src->addr), src->len);
    return get_below(t, n->subtree, k, src->len); /* below its root, which stays */
}

struct fib_node *fib_trie_owner(struct fib_node *n)
{
    struct fib_node *top = n;
    while (top && !top->sub_root)
        top = top->parent;
    return top ? top->parent : n;
}

void fib_trie_prune(struct fib_trie *t, struct fib_node *n)
{
    while (n && list_empty(&n->routes) && !n->subtree && !(n->child[0] && n->child[1])) {
        struct fib_node *parent = n->parent;
        struct fib_node *child = n->child[0] ? n->child[0] : n->child[1];
        if (n->sub_root && child)
            return;
        *link_of(t, n) = child;
        if (child)
            child->parent = parent;
        if (t->recent == n)
            t->recent = parent;
        pool_give(&t->nodes, n);
        n = parent;
    }
}

void fib_trie_clear(struct fib_trie *t)
{
    pool_release(&t->nodes);
    t->root = t->recent = NULL;
}

const struct fib_node *fib_trie_match(const struct fib_trie *t, const struct inet_addr *a)
{
    struct fib_key k = fib_key(a);
    const struct fib_node *n = t->root, *best = NULL;
    while (n && key_under(k, n)) {
        if (!list_empty(&n->routes))
            best = n;
        if (n->len == t->bits)
            break;
        n = n->child[key_bit(k, n->len)];
    }
    return best;
}

const struct fib_node *fib_trie_shorter(const struct fib_node *n)
{
    do {
        n = n->parent;
    } while (n && list_empty(&n->routes));
    return n;
}

/* ---- with sources ---- */

/* fib6_node_lookup_1(); NULL: nothing, also not at the root. */
static const struct fib_node *lookup6(const struct fib_node *root, struct fib_key k,
                                      struct fib_key src)
{
    const struct fib_node *n = root, *next = root, *found;
    for (; next && key_under(k, next); next = n->child[key_bit(k, n->len)]) {
        n = next;
        if (n->len == 128)
            break;
    }
    for (; n && key_under(k, n); n = n->parent) {
        found = n->subtree ? lookup6(n->subtree, src, src) : !list_empty(&n->routes) ? n : NULL;
        if (found || n == root)
            return found;
    }
    return NULL;
}

const struct fib_node *fib_trie_match6(const struct fib_trie *t, const struct inet_addr *daddr,
                                       const struct inet_addr *saddr)
{
    const struct fib_node *n = lookup6(t->root, fib_key(daddr), fib_key(saddr));
    if (n)
        return n;
    return t->root && t->root->len == 0 && !list_empty(&t->root->routes) ? t->root : NULL;
}

const struct fib_node *fib_trie_backtrack(const struct fib_node *n, const struct inet_addr *saddr)
{
    while (n->parent) {
        const struct fib_node *up = n->parent, *sources = up->subtree;
        if (sources && sources != n) {
            struct fib_key k = fib_key(saddr);
            const struct fib_node *found = lookup6(sources, k, k);
            n = found ? found : sources;
        } else {
            n = up;
        }
        if (!list_empty(&n->routes))
            return n;
    }
    return NULL;
}

/* ---- IPv4's order ---- */

/* The longest prefix at the same address. */
static struct fib_node *same_key_deepest(struct fib_node *n)
{
    while (n->child[0] && key_eq(n->child[0]->key, n->key))
        n = n->child[0];
    return n;
}

static bool same_key_child(const struct fib_node *n)
{
    return n->parent && n->parent->child[0] == n && key_eq(n->parent->key, n->key);
}

struct fib_node *fib_trie_first_v4(const struct fib_trie *t)
{
    return t->root ? same_key_deepest(t->root) : NULL;
}

struct fib_node *fib_trie_next_v4(const struct fib_node *n)
{
    if (same_key_child(n))
        return n->parent;
    /* All prefixes of this address are done: now what lies behind it below them. */
    const struct fib_node *d = same_key_deepest((struct fib_node *)n);
    if (d->child[0])
        return same_key_deepest(d->child[0]);
    if (d->child[1])
        return same_key_deepest(d->child[1]);
    for (const struct fib_node *p = d->parent; p; d = p, p = p->parent)
        if (p->child[0] == d && p->child[1])
            return same_key_deepest(p->child[1]);
    return NULL;
}

/* ---- IPv6's order ---- */

/* The first of what is below n, its sources left out; n itself if nothing is. */
static struct fib_node *first_of_children(struct fib_node *n)
{
    while (n->child[0] || n->child[1]) {
        n = n->child[0] ? n->child[0] : n->child[1];
        while (n->subtree)
            n = n->subtree;
    }
    return n;
}

static struct fib_node *first_within(struct fib_node *n)
{
    while (n->subtree)
        n = n->subtree;
    return first_of_children(n);
}

struct fib_node *fib_trie_first_v6(const struct fib_trie *t)
{
    return t->root ? first_within(t->root) : NULL;
}

struct fib_node *fib_trie_next_v6(const struct fib_node *n)
{
    struct fib_node *p = n->parent;
    if (n->sub_root)
        return first_of_children(p);
    if (p && p->child[0] == n && p->child[1])
        return first_within(p->child[1]);
    return p;
}

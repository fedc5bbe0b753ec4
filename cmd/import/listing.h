/* What listings of a machine say of it: the outputs of `ip address`, `ip link`, `ip route`,
 * `ip rule`, `ip neigh`, `route -n`, `sysctl -a`, as text or as `ip -j` JSON. */
#ifndef VNET_CMD_IMPORT_LISTING_H
#define VNET_CMD_IMPORT_LISTING_H

#include "vnet_addr.h"
#include "vnet_link.h"
#include "vnet_route.h"

/* The numbers of `ip -d link`, in its order. */
enum listed_attr {
    ATTR_PROMISCUITY,
    ATTR_ALLMULTI,
    ATTR_MIN_MTU,
    ATTR_MAX_MTU,
    ATTR_TX_QUEUES,
    ATTR_RX_QUEUES,
    ATTR_GSO_MAX_SIZE,
    ATTR_GSO_MAX_SEGS,
    ATTR_TSO_MAX_SIZE,
    ATTR_TSO_MAX_SEGS,
    ATTR_GRO_MAX_SIZE,
    ATTRS,
};
/* A row: its word in text and its key in JSON. */
struct attr_name {
    const char *word, *key;
};
extern const struct attr_name attr_names[ATTRS];

struct listed_link { /* pointers are owned */
    size_t line;     /* where it was first seen, as in notes */
    int ifindex;     /* 0: not shown */
    char name[VNET_IFNAMSIZ];
    char below[VNET_IFNAMSIZ]; /* of NAME@BELOW; "": none */
    char link_type[16];        /* "ether", "loopback", ...; "": not shown */
    char kind[16], slave_kind[24], master[VNET_IFNAMSIZ], qdisc[VNET_IFNAMSIZ], group[32];
    bool has_header; /* its flags and all of the first line were shown */
    bool no_carrier;
    uint32_t flags;                    /* VNET_IFF_* */
    uint32_t mtu;                      /* 0: not shown */
    int operstate, linkmode, addr_gen; /* -1: not shown */
    int64_t qlen;                      /* -1: not shown */
    struct lladdr mac, brd;
    uint32_t attrs_shown; /* a bit for each of enum listed_attr */
    uint32_t attr[ATTRS];
    char *alias;
    char **altnames;
    size_t naltnames, altnames_cap;
    bool shows_v4, shows_v6; /* its addresses of the family were listed, perhaps none */
    bool guessed;            /* only named by a route, a neighbour */
    int made;                /* its index in the world; 0: left out */
};

struct listed_addr {
    size_t line;
    char dev[VNET_IFNAMSIZ];
    struct vnet_addr_info info; /* ifindex is not set */
};

/* A route, a rule, a neighbour: the words that `ip OBJECT add` takes. */
struct listed_words {
    size_t line;
    uint8_t family;
    bool rough; /* of `route -n`: what `ip route` says goes before it */
    uint32_t hash;
    char *text; /* owned */
};

struct listed_list {
    struct listed_words *v; /* owned */
    size_t n, cap;
};

struct listed_sysctl {
    size_t line;
    char *key, *value; /* owned */
};

struct listing_note { /* what cannot be represented, and why */
    size_t line;
    char *text; /* owned */
};

struct listing { /* arrays are owned */
    struct listed_link *links;
    size_t nlinks, links_cap;
    struct listed_addr *addrs;
    size_t naddrs, addrs_cap;
    struct listed_list routes, rules, neighs;
    struct listed_sysctl *sysctls;
    size_t nsysctls, sysctls_cap;
    bool shows_rules4, shows_rules6;
    bool shows_routes4, shows_routes6; /* a table main was listed, perhaps an empty one */
    struct listing_note *notes;
    size_t nnotes, notes_cap;
    size_t more_notes; /* that were too many to keep */
};

/* What a listing may hold at most; what is beyond is noted and left out. */
enum {
    LISTING_LINKS = 1024,
    LISTING_ADDRS = 8192,
    LISTING_ROUTES = 16384,
    LISTING_RULES = 1024,
    LISTING_NEIGHS = 4096,
    LISTING_SYSCTLS = 65536,
    LISTING_NOTES = 1000,
};

/* Does this command list links, addresses or IPv4 routes, so that its output can be read here? */
bool listing_command(const char *command);
/* Add what the output of such a command says; lines that say nothing known are passed over. */
void listing_read(struct listing *l, char *const *lines, size_t n);
/* Add what a text says: outputs, with or without prompts and commands, and JSON, in any mixture.
 * first_line: the number of its first line, for notes. What is not understood is noted. */
void listing_read_text(struct listing *l, const char *text, size_t len, size_t first_line);
/* Is there anything in it? */
bool listing_empty(const struct listing *l);
void listing_release(struct listing *l);

void listing_note(struct listing *l, size_t line, const char *fmt, ...) VNET_PRINTF(3, 4);
/* The link of that name, NULL if none was listed. */
struct listed_link *listing_find_link(const struct listing *l, const char *name);
/* The same, made if need be; NULL if there are too many (noted) or the name is none. */
struct listed_link *listing_link(struct listing *l, size_t line, const char *name);
void listing_add_addr(struct listing *l, const struct listed_addr *a);
/* text is copied; what is there already is not added again. max: LISTING_ROUTES, ... */
void listing_add_words(struct listing *l, struct listed_list *list, size_t max,
                       const struct listed_words *words);
void listing_add_sysctl(struct listing *l, size_t line, const char *key, const char *value);

/* Make all of it in the world, which shall be fresh (preset "bare"); what cannot be made is noted
 * and the rest made. A link of a kind that vnet lacks becomes a network card if it is Ethernet. The
 * world's clock runs on by VNET_PRESET_TIME, so that links are past their start-up. -errno and *err
 * only where nothing can be done at all. */
int listing_apply(struct listing *l, struct vnet *w, struct vnet_err *err);

#endif

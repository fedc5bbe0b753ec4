/* Reading a text of listings line by line. Private to cmd/import. */
#ifndef VNET_CMD_IMPORT_FEED_H
#define VNET_CMD_IMPORT_FEED_H

#include "base/strbuf.h"
#include "cmd/import/line.h"
#include "cmd/import/listing.h"

enum { NO_LINK = -1 };

/* What the command says that printed the lines, as far as one was seen. */
struct printed_by {
    bool other;              /* none that is read here: its lines are passed over */
    uint8_t family;          /* of -4, -6; UNSPEC: not said */
    bool part;               /* only some of the routes */
    char table[32];          /* `ip route show table T`, "": none or all */
    char dev[VNET_IFNAMSIZ]; /* `... show dev D`, "": all */
};

struct feed {
    struct listing *l;
    size_t line;     /* number of the line, for notes */
    const char *raw; /* the line */
    struct line_words w;
    bool from_json; /* the lines are made from JSON: none of them is a command */
    struct printed_by by;
    long link;           /* index in l->links of the record that the lines are in; NO_LINK */
    bool of_addrs;       /* the record is of `ip address`, not of `ip link` */
    size_t addr;         /* 1 + index in l->addrs of the one whose lifetimes may follow; 0: none */
    size_t rules_from;   /* where in l->rules the rules of one output begin */
    struct strbuf route; /* the route whose nexthops may follow; empty: none */
    struct listed_words route_words;
    bool route_main; /* it stood in an output of the whole of table main */
    bool counters_noted;
};

/* Each takes the line if it is of its kind: false if it is not. */
bool read_command(struct feed *r);
bool read_link_header(struct feed *r);
bool read_link_detail(struct feed *r);
bool read_brief(struct feed *r);
bool read_oneline_addr(struct feed *r);
bool read_addr_line(struct feed *r);
bool read_lifetimes(struct feed *r);
bool read_rule(struct feed *r);
bool read_neigh(struct feed *r);
bool read_sysctl(struct feed *r);
bool read_nexthop(struct feed *r);
bool read_route_n(struct feed *r);
bool read_route(struct feed *r);

/* The line is of another record: what was being put together is complete. */
void feed_end_record(struct feed *r);
void feed_end_route(struct feed *r);
void feed_end_rules(struct feed *r);
/* One line, without its newline. */
void feed_line(struct feed *r, const char *line, size_t len);
/* The link that the record is of, NULL if none. */
struct listed_link *feed_link(const struct feed *r);
/* Is this an address of the family, UNSPEC: of any, perhaps with a length behind it? */
bool feed_prefix(const char *word, uint8_t family, struct inet_addr *addr, uint8_t *len);
/* A word that the profile's `ip` prints for operational states: -1: it is none. */
int feed_operstate(const char *word);

/* A JSON array that begins at text: its objects, each as lines of text to r. The bytes it took;
 * r->line counts on. */
size_t feed_json(struct feed *r, const char *text, size_t len);

#endif

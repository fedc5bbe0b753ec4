/* Host names in filter expressions. libpcap would ask the resolver of the machine that vnet runs
 * on; the emulated one knows the names of its hosts file only, so the rest is refused before. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/hosts.h"
#include "base/mem.h"
#include "base/nametab.h"
#include "cmd/tcpdump/run.h"

/* What a word makes of the names after it. */
enum meaning {
    NAMES_HOSTS,   /* hosts, unless link-layer addresses were spoken of */
    NAMES_OTHER,   /* ports, networks, ...: libpcap looks in files of the machine */
    NAMES_LINK,    /* if hosts, then by their link-layer addresses */
    NAMES_NETWORK, /* the opposite */
};

static const struct nametab qualifiers[] = {
    {"host", NAMES_HOSTS},      {"src", NAMES_HOSTS},
    {"dst", NAMES_HOSTS},       {"gateway", NAMES_OTHER},
    {"net", NAMES_OTHER},       {"port", NAMES_OTHER},
    {"portrange", NAMES_OTHER}, {"proto", NAMES_OTHER},
    {"mask", NAMES_OTHER},      {"protochain", NAMES_OTHER},
    {"ifname", NAMES_OTHER},    {"on", NAMES_OTHER},
    {"type", NAMES_OTHER},      {"subtype", NAMES_OTHER},
    {"direction", NAMES_OTHER}, {"dir", NAMES_OTHER},
    {"reason", NAMES_OTHER},    {"action", NAMES_OTHER},
    {"ether", NAMES_LINK},      {"wlan", NAMES_LINK},
    {"fddi", NAMES_LINK},       {"tr", NAMES_LINK},
    {"link", NAMES_LINK},       {"ip", NAMES_NETWORK},
    {"ip6", NAMES_NETWORK},     {"arp", NAMES_NETWORK},
    {"rarp", NAMES_NETWORK},    {NULL, 0},
};

/* The other words of libpcap's grammar (pcap-filter(7)). */
static const char *const keywords[] = {
    "aarp",      "addr1",      "addr2", "addr3",  "addr4",     "address1",  "address2",
    "address3",  "address4",   "ah",    "and",    "atalk",     "broadcast", "byte",
    "carp",      "clnp",       "csnp",  "decnet", "es-is",     "esis",      "esp",
    "geneve",    "greater",    "icmp",  "icmp6",  "icmp6type", "icmp6code", "icmpcode",
    "icmptype",  "ifindex",    "igmp",  "igrp",   "iih",       "inbound",   "ipx",
    "is-is",     "isis",       "iso",   "l1",     "l2",        "lat",       "len",
    "length",    "less",       "llc",   "lsp",    "mopdl",     "moprc",     "mpls",
    "multicast", "netbeui",    "not",   "or",     "outbound",  "pim",       "ppp",
    "pppoed",    "pppoes",     "psnp",  "ra",     "radio",     "rnr",       "rset",
    "ruleset",   "rulenum",    "sca",   "sctp",   "slip",      "snp",       "srnr",
    "stp",       "subrulenum", "ta",    "tcp",    "tcpflags",  "udp",       "vlan",
    "vpi",       "vci",        "vrrp",
};

struct scan {
    const char *word;
    size_t len;
    bool hosts; /* names are hosts' */
    bool link;  /* by their link-layer addresses */
};

static bool equals(const struct scan *s, const char *word)
{
    return strlen(word) == s->len && memcmp(word, s->word, s->len) == 0;
}

static bool begins(const struct scan *s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s->len > n && memcmp(s->word, prefix, n) == 0;
}

static bool take_qualifier(struct scan *s)
{
    for (const struct nametab *t = qualifiers; t->name; t++) {
        if (!equals(s, t->name))
            continue;
        if (t->value == NAMES_HOSTS || t->value == NAMES_OTHER)
            s->hosts = t->value == NAMES_HOSTS;
        else
            s->link = t->value == NAMES_LINK;
        return true;
    }
    return false;
}

static bool is_keyword(const struct scan *s)
{
    if (begins(s, "icmp-") || begins(s, "icmp6-") || begins(s, "tcp-"))
        return true; /* icmp-echo, tcp-syn, ... */
    for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
        if (equals(s, keywords[i]))
            return true;
    return false;
}

/* Numbers and addresses of all kinds begin with a digit or hold a colon. */
static bool is_number(const struct scan *s)
{
    return isdigit((unsigned char)s->word[0]) || memchr(s->word, ':', s->len) ||
           memchr(s->word, '/', s->len);
}

static bool is_known_host(const struct scan *s)
{
    struct inet_addr a;
    char *name = mem_strndup(s->word, s->len);
    bool known =
        hosts_addr(NULL, name, VNET_AF_INET, &a) || hosts_addr(NULL, name, VNET_AF_INET6, &a);
    free(name);
    return known;
}

char *filter_unknown_host(const char *text)
{
    static const char word_characters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/";
    struct scan s = {NULL, 0, false, false};
    for (s.word = text; *s.word; s.word += s.len) {
        s.len = strspn(s.word, word_characters);
        if (s.len == 0 || *s.word == '-') { /* an operator, a bracket, a minus */
            s.len = 1;
            continue;
        }
        bool escaped = s.word > text && s.word[-1] == '\\';
        if ((take_qualifier(&s) || is_keyword(&s)) && !escaped)
            continue;
        if (s.hosts && !s.link && !is_number(&s) && !is_known_host(&s))
            return mem_strndup(s.word, s.len);
    }
    return NULL;
}

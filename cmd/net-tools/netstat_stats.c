/* netstat -s: the kernel's counters in words (statistics.c of net-tools 2.10). */
#include <stdlib.h>
#include <string.h>

#include "cmd/net-tools/netstat.h"
#include "vnet_proc.h"

enum entry_kind {
    NUMBER,
    IF_ANY,  /* only if it is not 0 */
    SETTING, /* never shown */
    ICMP_IN, /* in a histogram */
    ICMP_OUT,
};

struct entry {
    const char *name;
    const char *words; /* "" is not shown; '#' stands for the number */
    enum entry_kind kind;
};

/* The order is that of the program, which searches these by halves, though they are not sorted:
 * some are not found. */
static const struct entry ip_table[] = {
    {"DefaultTTL", "Default TTL is #", SETTING},
    {"Forwarding", "Forwarding is %s", SETTING},
    {"ForwDatagrams", "# forwarded", NUMBER},
    {"FragCreates", "# fragments created", IF_ANY},
    {"FragFails", "# outgoing packets failed fragmentation", IF_ANY},
    {"FragOKs", "# outgoing packets fragmented ok", IF_ANY},
    {"InAddrErrors", "# with invalid addresses", IF_ANY},
    {"InDelivers", "# incoming packets delivered", NUMBER},
    {"InDiscards", "# incoming packets discarded", NUMBER},
    {"InHdrErrors", "# with invalid headers", IF_ANY},
    {"InReceives", "# total packets received", NUMBER},
    {"InUnknownProtos", "# with unknown protocol", IF_ANY},
    {"OutDiscards", "# outgoing packets dropped", IF_ANY},
    {"OutNoRoutes", "# dropped because of missing route", IF_ANY},
    {"OutRequests", "# requests sent out", NUMBER},
    {"ReasmFails", "# packet reassemblies failed", IF_ANY},
    {"ReasmOKs", "# packets reassembled ok", IF_ANY},
    {"ReasmReqds", "# reassemblies required", IF_ANY},
    {"ReasmTimeout", "# fragments dropped after timeout", IF_ANY},
};

static const struct entry icmp_table[] = {
    {"InAddrMaskReps", "address mask replies: #", ICMP_IN},
    {"InAddrMasks", "address mask request: #", ICMP_IN},
    {"InDestUnreachs", "destination unreachable: #", ICMP_IN},
    {"InEchoReps", "echo replies: #", ICMP_IN},
    {"InEchos", "echo requests: #", ICMP_IN},
    {"InErrors", "# input ICMP message failed", NUMBER},
    {"InMsgs", "# ICMP messages received", NUMBER},
    {"InParmProbs", "wrong parameters: #", ICMP_IN},
    {"InRedirects", "redirects: #", ICMP_IN},
    {"InSrcQuenchs", "source quenches: #", ICMP_IN},
    {"InTimeExcds", "timeout in transit: #", ICMP_IN},
    {"InTimestampReps", "timestamp reply: #", ICMP_IN},
    {"InTimestamps", "timestamp request: #", ICMP_IN},
    {"OutAddrMaskReps", "address mask replies: #", ICMP_OUT},
    {"OutAddrMasks", "address mask requests: #", ICMP_OUT},
    {"OutDestUnreachs", "destination unreachable: #", ICMP_OUT},
    {"OutEchoReps", "echo replies: #", ICMP_OUT},
    {"OutEchos", "echo requests: #", ICMP_OUT},
    {"OutErrors", "# ICMP messages failed", NUMBER},
    {"OutMsgs", "# ICMP messages sent", NUMBER},
    {"OutParmProbs", "wrong parameters: #", ICMP_OUT},
    {"OutRedirects", "redirect: #", ICMP_OUT},
    {"OutSrcQuenchs", "source quench: #", ICMP_OUT},
    {"OutTimeExcds", "time exceeded: #", ICMP_OUT},
    {"OutTimestampReps", "timestamp replies: #", ICMP_OUT},
    {"OutTimestamps", "timestamp requests: #", ICMP_OUT},
};

static const struct entry tcp_table[] = {
    {"ActiveOpens", "# active connection openings", NUMBER},
    {"AttemptFails", "# failed connection attempts", NUMBER},
    {"CurrEstab", "# connections established", NUMBER},
    {"EstabResets", "# connection resets received", NUMBER},
    {"InErrs", "# bad segments received", NUMBER},
    {"InSegs", "# segments received", NUMBER},
    {"MaxConn", "", NUMBER},
    {"OutRsts", "# resets sent", NUMBER},
    {"OutSegs", "# segments sent out", NUMBER},
    {"PassiveOpens", "# passive connection openings", NUMBER},
    {"RetransSegs", "# segments retransmitted", NUMBER},
    {"RtoAlgorithm", "RTO algorithm is %s", SETTING},
    {"RtoMax", "", NUMBER},
    {"RtoMin", "", NUMBER},
};

static const struct entry udp_table[] = {
    {"InDatagrams", "# packets received", NUMBER},
    {"InErrors", "# packet receive errors", NUMBER},
    {"NoPorts", "# packets to unknown port received", NUMBER},
    {"OutDatagrams", "# packets sent", NUMBER},
    {"RcvbufErrors", "# receive buffer errors", NUMBER},
    {"SndbufErrors", "# send buffer errors", NUMBER},
};

static const struct entry ip6_table[] = {
    {"Ip6FragCreates", "# fragments created", IF_ANY},
    {"Ip6FragFails", "# outgoing packets failed fragmentation", IF_ANY},
    {"Ip6FragOKs", "# outgoing packets fragmented ok", IF_ANY},
    {"Ip6InAddrErrors", "# with invalid addresses", IF_ANY},
    {"Ip6InDelivers", "# incoming packets delivered", NUMBER},
    {"Ip6InDiscards", "# incoming packets discarded", NUMBER},
    {"Ip6InHdrErrors", "# with invalid headers", IF_ANY},
    {"Ip6InMcastPkts", "# incoming multicast packets", IF_ANY},
    {"Ip6InNoRoutes", "# incoming packets with no route", IF_ANY},
    {"Ip6InReceives", "# total packets received", NUMBER},
    {"Ip6InTooBigErrors", "# with packets too big", IF_ANY},
    {"Ip6InTruncatedPkts", "# with truncated packets", IF_ANY},
    {"Ip6InUnknownProtos", "# with unknown protocol", IF_ANY},
    {"Ip6OutDiscards", "# outgoing packets dropped", IF_ANY},
    {"Ip6OutForwDatagrams", "# forwarded", NUMBER},
    {"Ip6OutMcastPkts", "# outgoing multicast packets", IF_ANY},
    {"Ip6OutNoRoutes", "# dropped because of missing route", IF_ANY},
    {"Ip6OutRequests", "# requests sent out", NUMBER},
    {"Ip6ReasmFails", "# packet reassemblies failed", IF_ANY},
    {"Ip6ReasmOKs", "# packets reassembled ok", IF_ANY},
    {"Ip6ReasmReqds", "# reassemblies required", IF_ANY},
    {"Ip6ReasmTimeout", "# fragments dropped after timeout", IF_ANY},
};

static const struct entry icmp6_table[] = {
    {"Icmp6InDestUnreachs", "destination unreachable: #", ICMP_IN},
    {"Icmp6InEchoReplies", "echo replies: #", ICMP_IN},
    {"Icmp6InEchos", "echo requests: #", ICMP_IN},
    {"Icmp6InErrors", "# input ICMP message failed", NUMBER},
    {"Icmp6InGroupMembQueries", "group member queries: #", ICMP_IN},
    {"Icmp6InGroupMembReductions", "group member reductions: #", ICMP_IN},
    {"Icmp6InGroupMembResponses", "group member responses: #", ICMP_IN},
    {"Icmp6InMsgs", "# ICMP messages received", NUMBER},
    {"Icmp6InNeighborAdvertisements", "neighbour advertisement: #", ICMP_IN},
    {"Icmp6InNeighborSolicits", "neighbour solicits: #", ICMP_IN},
    {"Icmp6InParmProblems", "parameter problem: #", ICMP_IN},
    {"Icmp6InPktTooBigs", "packets too big: #", ICMP_IN},
    {"Icmp6InRedirects", "redirects: #", ICMP_IN},
    {"Icmp6InRouterAdvertisements", "router advertisement: #", ICMP_IN},
    {"Icmp6InRouterSolicits", "router solicits: #", ICMP_IN},
    {"Icmp6InTimeExcds", "received ICMPv6 time exceeded: #", ICMP_IN},
    {"Icmp6OutDestUnreachs", "destination unreachable: #", ICMP_OUT},
    {"Icmp6OutEchoReplies", "echo replies: #", ICMP_OUT},
    {"Icmp6OutEchos", "echo requests: #", ICMP_OUT},
    {"Icmp6OutGroupMembQueries", "group member queries: #", ICMP_OUT},
    {"Icmp6OutGroupMembReductions", "group member reductions: #", ICMP_OUT},
    {"Icmp6OutGroupMembResponses", "group member responses: #", ICMP_OUT},
    {"Icmp6OutMsgs", "# ICMP messages sent", NUMBER},
    {"Icmp6OutNeighborAdvertisements", "neighbor advertisements: #", ICMP_OUT},
    {"Icmp6OutNeighborSolicits", "neighbor solicits: #", ICMP_OUT},
    {"Icmp6OutParmProblems", "parameter problem: #", ICMP_OUT},
    {"Icmp6OutPktTooBigs", "packets too big: #", ICMP_OUT},
    {"Icmp6OutRedirects", "redirects: #", ICMP_OUT},
    {"Icmp6OutRouterAdvertisements ", "router advertisement: #", ICMP_OUT},
    {"Icmp6OutRouterSolicits", "router solicits: #", ICMP_OUT},
    {"Icmp6OutTimeExcds", "sent ICMPv6 time exceeded: #", ICMP_OUT},
};

static const struct entry udp6_table[] = {
    {"Udp6InDatagrams", "# packets received", NUMBER},
    {"Udp6InErrors", "# packet receive errors", NUMBER},
    {"Udp6NoPorts", "# packets to unknown port received", NUMBER},
    {"Udp6OutDatagrams", "# packets sent", NUMBER},
};

/* Of all that the program knows of TCP, what shows when nothing was counted. */
static const struct entry tcpext_table[] = {
    {"TCPHPHits", "# packet headers predicted", NUMBER},
};

enum protocol { RAW = 1, TCP = 2, UDP = 4 };

static const struct table {
    const char *title;
    const struct entry *entries; /* NULL: the program knows none of these */
    size_t n;
    unsigned shown_with; /* enum protocol; 0: always */
} tables[] = {
#define TABLE(title, entries, with)                                        \
    {                                                                      \
        (title), (entries), sizeof(entries) / sizeof((entries)[0]), (with) \
    }
    TABLE("Ip", ip_table, RAW),         TABLE("Icmp", icmp_table, RAW),
    TABLE("Tcp", tcp_table, TCP),       TABLE("Udp", udp_table, UDP),
    TABLE("TcpExt", tcpext_table, TCP), TABLE("Ip6", ip6_table, RAW),
    TABLE("Icmp6", icmp6_table, RAW),   TABLE("Udp6", udp6_table, UDP),
};

struct stats {
    struct sink *out;
    unsigned wanted; /* enum protocol */
    enum entry_kind state;
    struct table table; /* being printed */
};

static int indentation(enum entry_kind kind)
{
    return kind == ICMP_IN || kind == ICMP_OUT ? 8 : 4;
}

/* bsearch(3) */
static const struct entry *find_entry(const struct table *t, const char *name)
{
    size_t low = 0, high = t->entries ? t->n : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, t->entries[middle].name);
        if (order == 0)
            return &t->entries[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static bool shows_table(const struct stats *s)
{
    return !s->table.shown_with || (s->table.shown_with & s->wanted);
}

static void print_words(const struct stats *s, const struct entry *e, unsigned long long value)
{
    const char *number = strchr(e->words, '#');
    sink_printf(s->out, "%*s%.*s%llu%s\n", indentation(e->kind), "", (int)(number - e->words),
                e->words, value, number + 1);
}

/* printval() */
static void print_value(struct stats *s, const char *name, unsigned long long value)
{
    const struct entry *e = find_entry(&s->table, name);
    if (!shows_table(s))
        return;
    if (!e) {
        if (value)
            sink_printf(s->out, "%*s%s: %llu\n", indentation(s->state), "", name, value);
        return;
    }
    if (e->kind == SETTING || !*e->words)
        return;
    bool histogram = e->kind == ICMP_IN || e->kind == ICMP_OUT;
    if (histogram && s->state != e->kind)
        sink_printf(s->out, "%*sICMP %s histogram:\n", indentation(s->state), "",
                    e->kind == ICMP_IN ? "input" : "output");
    if (e->kind == NUMBER || value)
        print_words(s, e, value);
    s->state = e->kind;
}

/* newtable(): one that the program does not know goes on in the manner of the one before. */
static void begin_table(struct stats *s, const char *title)
{
    s->table = (struct table){.title = title};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (strcmp(tables[i].title, title) == 0) {
            s->table = tables[i];
            s->state = NUMBER;
        }
    }
    if (shows_table(s))
        sink_printf(s->out, "%s:\n", title);
}

/* The next word of *at is cut off there; NULL: the line has no more. */
static char *next_word(char **at)
{
    char *word = *at + strspn(*at, " \t:");
    if (!*word)
        return NULL;
    *at = word + strcspn(word, " \t:");
    if (**at)
        *(*at)++ = '\0';
    return word;
}

static char *next_line(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    if (!*line)
        return NULL;
    *at = end ? end + 1 : line + strlen(line);
    if (end)
        *end = '\0';
    return line;
}

/* process_fd(): a line of names, a line of values. */
static void print_tables(struct stats *s, char *text, const char *only)
{
    for (char *names, *values; (names = next_line(&text)) && (values = next_line(&text));) {
        char *title = next_word(&names), *name, *value;
        next_word(&values);
        if (strncmp(title, only, strlen(only)) != 0)
            continue;
        begin_table(s, title);
        while ((name = next_word(&names)) && (value = next_word(&values)))
            print_value(s, name, strtoull(value, NULL, 10));
    }
}

/* process6_fd(): a name and a value a line; up to its 6 the name is the table's. */
static void print_lines(struct stats *s, char *text)
{
    char title[16] = "";
    for (char *line; (line = next_line(&text));) {
        char *name = next_word(&line), *value = next_word(&line);
        size_t n = strcspn(name, "6") + 1;
        if ((!*title || !strstr(name, title)) && n < sizeof(title)) {
            memcpy(title, name, n);
            title[n] = '\0';
            begin_table(s, title);
        }
        print_value(s, name, value ? strtoull(value, NULL, 10) : 0);
    }
}

static void print_file(struct stats *s, struct netns *ns, const char *file, const char *only)
{
    struct strbuf text = STRBUF_INIT;
    if (vnet_proc_net(ns, file, &text) == 0 && only)
        print_tables(s, text.data, only);
    else if (text.len)
        print_lines(s, text.data);
    strbuf_release(&text);
}

int netstat_statistics(const struct netstat *n, bool inet6)
{
    struct stats s = {.out = n->env->out};
    struct vnet *w;
    struct netns *ns;
    s.wanted = (n->raw ? RAW : 0U) | (n->tcp ? TCP : 0U) | (n->udp ? UDP : 0U);
    if (cmd_begin(n->env, &w, &ns) < 0)
        return 1;
    if (inet6) {
        print_file(&s, ns, "snmp6", NULL);
        print_file(&s, ns, "snmp", "Tcp");
    } else {
        print_file(&s, ns, "snmp", "");
        print_file(&s, ns, "netstat", "");
    }
    return cmd_commit(n->env) < 0 ? 1 : 0;
}

/* What other versions of the tools say for the same thing; see unify_wording.h. */
#include "cmd/replay/unify_wording.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"

/* A piece of a line; `where`: only in lines that hold this, NULL: in all. */
static const struct wording {
    const char *text, *as, *where;
} wordings[] = {
    {", use -v[v]... for full protocol decode", ", use -v or -vv for full protocol decode", NULL},
    {", capture size 262144 bytes", ", snapshot length 262144 bytes", NULL}, /* tcpdump < 4.99 */
    {", capture size 65535 bytes", ", snapshot length 262144 bytes", NULL},  /* < 4.7 */
    {", capture size 96 bytes", ", snapshot length 262144 bytes", NULL},     /* < 4.0 */
    {"LINUX_SLL (Linux cooked)", "LINUX_SLL2 (Linux cooked v2)", NULL},      /* libpcap < 1.10 */
    {"LINUX_SLL (Linux cooked v1)", "LINUX_SLL2 (Linux cooked v2)", NULL},
    {" group default", "", NULL},            /* iproute2 < 3.11 */
    {" proto kernel_lo", "", "inet"},        /* iproute2 6.3 */
    {" proto kernel_ll", "", "inet"},        /* likewise */
    {" noprefixroute", "", "inet6 ::1/128"}, /* Linux 6.x */
    {" qlen 1000", "", ": lo: <LOOPBACK"},   /* Linux 4.3 */
    {" qlen 1", "", ": lo: <LOOPBACK"},
    {" mtu 16436 ", " mtu 65536 ", ": lo: <LOOPBACK"},       /* Linux < 3.6 */
    {" pref medium", "", NULL},                              /* iproute2 4.1 */
    {" icmp_req=", " icmp_seq=", NULL},                      /* iputils of Ubuntu 12.04 */
    {"dropped overrun mcast", "dropped missed mcast", NULL}, /* iproute2 < 5.10 */
    {" uid 0", "", NULL},                                    /* Linux < 4.10 */
};

/* Whole lines: a kernel or an iproute2 without extended acknowledgements prints the errno. */
static const struct {
    const char *text, *as;
} messages[] = {
    {"Error: ipv4: Address already assigned.", "RTNETLINK answers: File exists"},
    {"Error: ipv6: address already assigned.", "RTNETLINK answers: File exists"},
    {"Error: ipv4: Address not found.", "RTNETLINK answers: Cannot assign requested address"},
    {"Error: ipv6: address not found.", "RTNETLINK answers: Cannot assign requested address"},
    {"Error: Nexthop has invalid gateway.", "RTNETLINK answers: Network is unreachable"},
    {"Error: Device for nexthop is not up.", "RTNETLINK answers: Network is down"},
    {"Error: Nexthop device is not up.", "RTNETLINK answers: Network is down"},
    {"Error: Unknown device type.", "RTNETLINK answers: Operation not supported"},
    {"Error: mtu less than device minimum.", "RTNETLINK answers: Invalid argument"},
    {"Error: mtu greater than device maximum.", "RTNETLINK answers: Invalid argument"},
    {"Error: Invalid scope.", "RTNETLINK answers: Invalid argument"},
    {"Error: ipv6: IPv6 is disabled on this device.", "RTNETLINK answers: Permission denied"},
    {"connect: Network is unreachable",
     "ping: connect: Network is unreachable"}, /* iputils < 2017 */
    {"connect: Invalid argument", "ping: connect: Invalid argument"},
    {"connect: No route to host", "ping: connect: No route to host"},
};

/* "bash: line 1: x", "-bash: x", "sh: 1: x": the shell's name before its message. */
static const char *skip_shell(const char *line)
{
    static const char *const shells[] = {"-bash: ", "bash: ", "sh: ", "-sh: ", "zsh: ", "dash: "};
    for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
        size_t n = strlen(shells[i]);
        if (strncmp(line, shells[i], n) != 0)
            continue;
        line += n;
        if (strncmp(line, "line ", 5) == 0 && isdigit((unsigned char)line[5]))
            line += 5;
        n = strspn(line, "0123456789");
        return n && strncmp(line + n, ": ", 2) == 0 ? line + n + 2 : line;
    }
    return line;
}

/* Those that a line may hold: found once a line, which may be long. */
struct candidates {
    const struct wording *list[ARRAY_LEN(wordings)];
    size_t n;
};

static void find_candidates(struct candidates *c, const char *line)
{
    c->n = 0;
    for (size_t i = 0; i < ARRAY_LEN(wordings); i++) {
        const struct wording *w = &wordings[i];
        if (strstr(line, w->text) && (!w->where || strstr(line, w->where)))
            c->list[c->n++] = w;
    }
}

static const struct wording *wording_at(const struct candidates *c, const char *s)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct wording *w = c->list[i];
        size_t n = strlen(w->text);
        if (strncmp(s, w->text, n) != 0)
            continue;
        if (!isdigit((unsigned char)w->text[n - 1]) || !isdigit((unsigned char)s[n]))
            return w;
    }
    return NULL;
}

/* " link-netnsid 0", " link-netns NAME": the number and the name of the same thing. */
static size_t peer_namespace(const char *s)
{
    if (strncmp(s, " link-netns", 11) != 0)
        return 0;
    size_t n = 11 + (strncmp(s + 11, "id", 2) == 0 ? 2 : 0);
    return s[n] == ' ' ? n + 1 + strcspn(s + n + 1, " ") : 0;
}

static void replace_wordings(struct strbuf *out, const char *line)
{
    struct candidates c;
    find_candidates(&c, line);
    for (const char *s = line; *s;) {
        const struct wording *w = wording_at(&c, s);
        size_t peer = w ? 0 : peer_namespace(s);
        if (w)
            strbuf_adds(out, w->as);
        else if (peer)
            strbuf_adds(out, " link-netns");
        else
            strbuf_addc(out, *s);
        s += w ? strlen(w->text) : peer ? peer : 1;
    }
}

static const char *whole_message(const char *line)
{
    for (size_t i = 0; i < ARRAY_LEN(messages); i++)
        if (strcmp(line, messages[i].text) == 0)
            return messages[i].as;
    return line;
}

/* One space for any run of them, none at the ends, save the one that marks the intervals of
 * tcpdump -ttt. */
char *unify_canonical(const char *line)
{
    struct strbuf spaced = STRBUF_INIT, out = STRBUF_INIT;
    if (line[0] == ' ' && isdigit((unsigned char)line[1]))
        strbuf_addc(&spaced, ' ');
    for (const char *p = line; *p; p++) {
        if (!isspace((unsigned char)*p))
            strbuf_addc(&spaced, *p);
        else if (spaced.len && p[1] && !isspace((unsigned char)p[1]))
            strbuf_addc(&spaced, ' ');
    }
    replace_wordings(&out, whole_message(skip_shell(strbuf_cstr(&spaced))));
    strbuf_release(&spaced);
    return strbuf_detach(&out);
}

bool unify_optional_line(const char *line)
{
    static const char *const optional[] = {"valid_lft forever preferred_lft forever", "altname "};
    line += strspn(line, " \t");
    for (size_t i = 0; i < ARRAY_LEN(optional); i++)
        if (strncmp(line, optional[i], strlen(optional[i])) == 0)
            return true;
    return line[strspn(line, " \t\r")] == '\0';
}

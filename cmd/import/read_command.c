/* Command lines among the outputs: what they say of the lines that follow. */
#include <string.h>

#include "base/mem.h"
#include "cmd/args.h"
#include "cmd/import/feed.h"

/* First words of command lines; what other programs print is not read here. */
static const char *const programs[] = {
    "ip",    "route",   "sysctl",   "sudo",   "arp",       "ifconfig",   "netstat", "bridge",
    "brctl", "ping",    "ping6",    "cat",    "echo",      "ethtool",    "nmcli",   "iptables",
    "uname", "tcpdump", "hostname", "ssh",    "exit",      "clear",      "ls",      "cd",
    "ss",    "tc",      "nft",      "docker", "systemctl", "traceroute", "arping",  "grep",
};

static bool is_program(const char *word, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(programs); i++)
        if (strlen(programs[i]) == len && strncmp(word, programs[i], len) == 0)
            return true;
    return false;
}

/* "/sbin/ip" is ip. */
static const char *program_at(const char *s, size_t *len)
{
    *len = strcspn(s, " \t");
    for (size_t i = *len; i > 0; i--) {
        if (s[i - 1] == '/') {
            s += i;
            *len -= i;
            break;
        }
    }
    return s;
}

/* The text behind a prompt, NULL if the line has none: behind "# ", "$ ", "% " or "> " stands a
 * program's name, or before it something with an @, as in user@host. */
static const char *behind_prompt(const char *line)
{
    for (const char *s = strpbrk(line, "#$%>"); s; s = strpbrk(s + 1, "#$%>")) {
        const char *command = s + 1 + strspn(s + 1, " \t");
        size_t len;
        if (s[1] != ' ' && s[1] != '\0')
            continue;
        const char *program = program_at(command, &len);
        const char *at = memchr(line, '@', (size_t)(s - line));
        if (is_program(program, len) ||
            (at && at > line && (line[0] == '[' || !strchr(" \t<", at[-1]))))
            return command;
        if (s == line && s[0] == '$' && *command)
            return command;
    }
    return NULL;
}

static const char *find_command(const struct feed *r)
{
    size_t len;
    const char *s = r->raw + strspn(r->raw, " \t");
    const char *program = program_at(s, &len);
    if (r->from_json)
        return NULL;
    if (feed_link(r) && line_is(&r->w, 0, "bridge")) /* `ip -d link` */
        return NULL;
    if (is_program(program, len))
        return s;
    if (*s >= '0' && *s <= '9') /* the flags of a link look like a prompt's end */
        return NULL;
    return behind_prompt(r->raw);
}

/* ---- ip ---- */

static const char *const objects[] = {"address", "link", "route", "rule", "neighbor", "neighbour"};
static const char *const verbs[] = {"show", "list", "lst", "ls"};

static bool one_of(const char *word, const char *const *table, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (arg_matches(word, table[i]))
            return true;
    return false;
}

static void copy_word(char *out, size_t size, const char *word)
{
    size_t n = strlen(word);
    if (n < size)
        memcpy(out, word, n + 1);
}

/* The options before the object; false: one that makes the output another's or another thing. */
static bool read_ip_options(const struct line_words *w, int *i, struct printed_by *by)
{
    for (; *i < w->n && w->word[*i][0] == '-'; (*i)++) {
        const char *opt = w->word[*i] + (w->word[*i][1] == '-');
        if (strcmp(opt, "-4") == 0)
            by->family = VNET_AF_INET;
        else if (strcmp(opt, "-6") == 0)
            by->family = VNET_AF_INET6;
        else if (arg_matches(opt, "-netns") || arg_matches(opt, "-batch"))
            return false;
        else if (arg_matches(opt, "-family") && opt[1] == 'f' && *i + 1 < w->n)
            by->family = strcmp(w->word[++*i], "inet6") == 0 ? VNET_AF_INET6 : VNET_AF_INET;
    }
    return true;
}

/* What stands behind `ip OBJECT show`: which part of all it shows. */
static void read_selectors(const struct line_words *w, int i, struct printed_by *by)
{
    for (; i < w->n && w->word[i][0] != '|'; i++) {
        if (line_is(w, i, "table") && i + 1 < w->n) {
            if (strcmp(w->word[++i], "all") != 0)
                copy_word(by->table, sizeof(by->table), w->word[i]);
        } else if (line_is(w, i, "dev") && i + 1 < w->n) {
            copy_word(by->dev, sizeof(by->dev), w->word[++i]);
            by->part = true;
        } else {
            by->part = true;
        }
    }
    if (strcmp(by->table, "main") == 0)
        by->table[0] = '\0';
}

static bool read_ip(struct feed *r, int i)
{
    const struct line_words *w = &r->w;
    if (!read_ip_options(w, &i, &r->by) || i >= w->n ||
        !one_of(w->word[i], objects, ARRAY_LEN(objects)))
        return false;
    char object = w->word[i][0];
    bool route = object == 'r' && w->word[i][1] != 'u';
    i++;
    if (i < w->n && w->word[i][0] != '|') {
        if (!one_of(w->word[i], verbs, ARRAY_LEN(verbs)))
            return false;
        i++;
    }
    read_selectors(w, i, &r->by);
    if (route && !r->by.part && !r->by.table[0]) { /* all that is there follows, perhaps nothing */
        r->l->shows_routes4 |= r->by.family != VNET_AF_INET6;
        r->l->shows_routes6 |= r->by.family == VNET_AF_INET6;
    }
    if (object == 'r' && !route && r->by.family == VNET_AF_UNSPEC)
        r->by.family = VNET_AF_INET;
    return true;
}

/* `route`, `route -n`, `route -ne` */
static bool read_route_command(const struct line_words *w, int i)
{
    return i == w->n || (i + 1 == w->n && strncmp(w->word[i], "-n", 2) == 0);
}

static bool is_listing(struct feed *r)
{
    const struct line_words *w = &r->w;
    size_t len;
    int i = 0;
    while (line_is(w, i, "sudo") || (i > 0 && i < w->n && w->word[i][0] == '-'))
        i++;
    if (i == w->n)
        return false;
    const char *program = program_at(w->word[i], &len);
    if (strcmp(program, "ip") == 0)
        return read_ip(r, i + 1);
    if (strcmp(program, "route") == 0)
        return read_route_command(w, i + 1);
    return strcmp(program, "sysctl") == 0 && !strchr(r->raw, '=');
}

bool read_command(struct feed *r)
{
    const char *command = find_command(r);
    if (!command)
        return false;
    feed_end_record(r);
    r->by = (struct printed_by){.other = true};
    r->raw = command;
    line_cut(&r->w, command);
    if (r->w.n == 0)
        return true;
    struct printed_by by = {0};
    r->by = by;
    if (!is_listing(r)) {
        r->by.other = true;
        listing_note(r->l, r->line, "not a listing: passed over with what it printed: %.80s",
                     command);
    }
    return true;
}

/* For replay: with nothing that leaves parts out. */
bool listing_command(const char *command)
{
    static const char *const plain[] = {"-4", "-d"};
    struct listing l = {0};
    struct feed r = {.l = &l, .raw = command};
    line_cut(&r.w, command);
    bool ok = is_listing(&r) && !line_is(&r.w, 0, "sysctl") && !r.by.part && !r.by.table[0];
    for (int i = 0; ok && i < r.w.n; i++)
        if (r.w.word[i][0] == '-' && strcmp(r.w.word[0], "ip") == 0)
            ok = one_of(r.w.word[i], plain, ARRAY_LEN(plain));
    listing_release(&l);
    return ok;
}

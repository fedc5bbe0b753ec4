/* Two worlds compared by what the tools show of them, namespace by namespace: the longest sequence
 * of lines that both have is left out. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/export/export.h"
#include "cmd/vnet/history.h"
#include "vnet_netns.h"

enum { MOST_LINES = 4000 }; /* a table of their product is made */

struct lines {
    char **v; /* owned, each too */
    size_t n, cap;
};

static void add_line(struct lines *l, char *line)
{
    ARRAY_GROW(l->v, l->n, l->cap);
    l->v[l->n++] = line;
}

static void release_lines(struct lines *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->v[i]);
    free(l->v);
}

/* What is shown of a namespace, and in which of its lines time alone moves something. */
static const struct view {
    const char *command;
    const char *skip;  /* lines that have this are left out; NULL: none are */
    const char *until; /* and lines end before this */
    bool ages;         /* the last word is a state that time changes */
    bool hangs;        /* lines that begin with a blank belong to the word before */
} views[] = {
    {"ip link", NULL, NULL, false, true},
    {"ip -o addr", NULL, "\\", true, false},
    {"ip -4 route show table all", " table local ", NULL, false, false},
    {"ip -6 route show table all", " table local ", NULL, false, false},
    {"ip rule", NULL, NULL, false, false},
    {"ip -6 rule", NULL, NULL, false, false},
    {"ip nexthop", NULL, NULL, false, false},
    {"ip neigh", NULL, NULL, true, false},
    {"bridge -o link", NULL, NULL, false, false},
    {"bridge fdb", " self permanent", NULL, false, false},
    {"bridge vlan", "port  ", NULL, false, true},
};

static void run_view(struct cmd_env *env, struct vnet_session *session, const char *netns,
                     const char *command, struct sink *out)
{
    char *copy = mem_strdup(command), *argv[8], *rest = NULL;
    int argc = 0;
    struct sink err;
    for (char *w = strtok_r(copy, " ", &rest); w && argc < 7; w = strtok_r(NULL, " ", &rest))
        argv[argc++] = w;
    argv[argc] = NULL;
    sink_init_mem(&err);
    struct cmd_env inner = *env;
    inner.session = session;
    inner.out = out;
    inner.err = &err;
    inner.own_process = false;
    inner.netns = netns;
    tool_run(tool_find(argv[0]), &inner, argc, argv);
    sink_release(&err);
    free(copy);
}

/* States in which an entry came about by hand, or cannot be used, are told. */
static size_t without_age(const char *line, size_t len)
{
    static const char *const ageing[] = {"REACHABLE", "STALE", "DELAY", "PROBE", "tentative", NULL};
    while (len > 0 && line[len - 1] == ' ')
        len--;
    for (const char *const *a = ageing; *a; a++) {
        size_t n = strlen(*a);
        if (len > n && memcmp(line + len - n, *a, n) == 0)
            return len - n;
    }
    return len;
}

/* The length of words at `at` that nearly every link has: told are others. */
static size_t usual_at(const char *at, size_t len)
{
    static const char *const usual[] = {" mode DEFAULT", " group default", " qlen 1000", NULL};
    for (const char *const *u = usual; *u; u++) {
        size_t n = strlen(*u);
        if (n <= len && memcmp(at, *u, n) == 0 && (n == len || at[n] == ' '))
            return n;
    }
    return 0;
}

static void add_unusual(struct strbuf *sb, const char *line, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t usual = usual_at(line + i, len - i);
        if (!usual)
            strbuf_addc(sb, line[i]);
        i += usual ? usual : 1;
    }
}

static size_t line_length(const struct view *v, const char *line)
{
    size_t len = strcspn(line, "\n");
    const char *end = v->until ? strstr(line, v->until) : NULL;
    if (end && (size_t)(end - line) < len)
        len = (size_t)(end - line);
    if (v->ages)
        len = without_age(line, len);
    while (len > 0 && line[len - 1] == ' ')
        len--;
    return len;
}

static bool is_left_out(const struct view *v, const char *line, size_t len)
{
    const char *at = v->skip ? strstr(line, v->skip) : NULL;
    return at && at < line + len;
}

static void add_view(struct lines *l, const struct view *v, const char *name, const char *text)
{
    struct strbuf sb = STRBUF_INIT;
    size_t held = 0;
    const char *holder = "";
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t len = line_length(v, line);
        if (len == 0 || is_left_out(v, line, strcspn(line, "\n")))
            continue;
        strbuf_addf(&sb, "%s%s", *name ? name : "", *name ? ": " : "");
        if (v->hangs && *line == ' ') {
            strbuf_add(&sb, holder, held);
        } else if (v->hangs) {
            holder = line;
            held = strcspn(line, " \n");
        }
        add_unusual(&sb, line, len);
        add_line(l, strbuf_detach(&sb));
    }
}

/* Settings that are not as the kernel made them: `vnet export` knows. */
static void add_sysctls(struct lines *l, struct vnet *w, struct netns *ns, const char *name)
{
    static const struct view lines = {"", NULL, NULL, false, false};
    struct sink out, err;
    struct strbuf text = STRBUF_INIT;
    sink_init_mem(&out);
    sink_init_mem(&err);
    export_namespace(w, ns, &out, &err);
    for (const char *line = strbuf_cstr(&out.buf); *line; line += *line == '\n') {
        size_t len = strcspn(line, "\n");
        if (strncmp(line, "sysctl -qw ", 11) == 0) {
            strbuf_adds(&text, "sysctl ");
            strbuf_add(&text, line + 11, len - 11);
            strbuf_addc(&text, '\n');
        }
        line += len;
    }
    add_view(l, &lines, name, strbuf_cstr(&text));
    strbuf_release(&text);
    sink_release(&out);
    sink_release(&err);
}

static void add_namespace(struct cmd_env *env, struct lines *l, struct vnet *w, struct netns *ns)
{
    const char *name = vnet_netns_name(ns);
    struct vnet_session *session = vnet_session_memory(vnet_clone(w));
    struct strbuf there = STRBUF_INIT;
    if (*name) {
        strbuf_addf(&there, "namespace %s", name);
        add_line(l, strbuf_detach(&there));
    }
    for (size_t i = 0; i < ARRAY_LEN(views); i++) {
        struct sink out;
        sink_init_mem(&out);
        run_view(env, session, name, views[i].command, &out);
        add_view(l, &views[i], name, strbuf_cstr(&out.buf));
        sink_release(&out);
    }
    add_sysctls(l, w, ns, name);
    vnet_session_free(session);
}

static void read_lines(struct cmd_env *env, struct lines *l, struct vnet *w)
{
    add_namespace(env, l, w, vnet_init_ns(w));
    for (struct netns *ns = NULL; (ns = vnet_netns_next(w, ns));)
        if (*vnet_netns_name(ns))
            add_namespace(env, l, w, ns);
}

static void print_line(struct cmd_env *env, char sign, const char *line)
{
    sink_printf(env->out, "%c %s\n", sign, line);
}

/* length[i][k]: of the longest common sequence of what follows a's line i and b's line k. */
static uint16_t *common_lengths(const struct lines *a, const struct lines *b)
{
    size_t width = b->n + 1;
    uint16_t *length = mem_calloc((a->n + 1) * width, sizeof(*length));
    for (size_t i = a->n; i-- > 0;)
        for (size_t k = b->n; k-- > 0;) {
            uint16_t down = length[(i + 1) * width + k], right = length[i * width + k + 1];
            length[i * width + k] = strcmp(a->v[i], b->v[k]) == 0
                                        ? (uint16_t)(length[(i + 1) * width + k + 1] + 1)
                                    : down > right ? down
                                                   : right;
        }
    return length;
}

static bool print_diff(struct cmd_env *env, const struct lines *a, const struct lines *b)
{
    size_t width = b->n + 1, i = 0, k = 0;
    uint16_t *length = common_lengths(a, b);
    bool any = false;
    while (i < a->n || k < b->n) {
        if (i < a->n && k < b->n && strcmp(a->v[i], b->v[k]) == 0) {
            i++;
            k++;
            continue;
        }
        any = true;
        if (k == b->n || (i < a->n && length[(i + 1) * width + k] >= length[i * width + k + 1]))
            print_line(env, '-', a->v[i++]);
        else
            print_line(env, '+', b->v[k++]);
    }
    free(length);
    return any;
}

/* Too long for a table: what is in common at both ends does not matter. */
static void cut_common(struct lines *a, struct lines *b)
{
    size_t head = 0, tail = 0, least = a->n < b->n ? a->n : b->n;
    while (head < least && strcmp(a->v[head], b->v[head]) == 0)
        head++;
    while (tail < least - head && strcmp(a->v[a->n - 1 - tail], b->v[b->n - 1 - tail]) == 0)
        tail++;
    struct lines *both[] = {a, b};
    for (size_t w = 0; w < 2; w++) {
        struct lines *l = both[w];
        for (size_t i = 0; i < tail; i++)
            free(l->v[--l->n]);
        for (size_t i = 0; i < head; i++)
            free(l->v[i]);
        memmove(l->v, l->v + head, (l->n - head) * sizeof(*l->v));
        l->n -= head;
    }
}

bool snapshot_diff(struct cmd_env *env, struct vnet *before, struct vnet *after)
{
    struct lines a = {0}, b = {0};
    read_lines(env, &a, before);
    read_lines(env, &b, after);
    if (a.n && b.n)
        cut_common(&a, &b);
    bool any = a.n || b.n;
    if (a.n > MOST_LINES || b.n > MOST_LINES)
        sink_printf(env->out, "%zu lines are others, now %zu\n", a.n, b.n);
    else
        any = print_diff(env, &a, &b);
    release_lines(&a);
    release_lines(&b);
    return any;
}

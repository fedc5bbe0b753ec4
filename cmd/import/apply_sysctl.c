/* Settings as they were listed. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/import/apply.h"
#include "vnet_sysctl.h"

struct paths { /* of all the settings that the namespace has, sorted */
    char **v;
    size_t n, cap;
};

static int add_path(const char *path, bool readable, bool writable, void *arg)
{
    struct paths *p = arg;
    (void)readable;
    (void)writable;
    ARRAY_GROW(p->v, p->n, p->cap);
    p->v[p->n++] = mem_strdup(path);
    return 0;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_paths(struct paths *p, const struct netns *ns)
{
    *p = (struct paths){0};
    vnet_sysctl_list(ns, "", add_path, p);
    if (p->n)
        qsort(p->v, p->n, sizeof(*p->v), by_text);
}

static void release_paths(struct paths *p)
{
    for (size_t i = 0; i < p->n; i++)
        free(p->v[i]);
    free(p->v);
}

/* "net.ipv4.conf.eth0/100.rp_filter" into a path: the two separators change places, if the first
 * that comes is a dot. */
static char *path_of(const char *key)
{
    char *path = mem_strdup(key), *s = strpbrk(path, "./");
    bool dots = s && *s == '.';
    for (; dots && s; s = strpbrk(s + 1, "./"))
        *s = *s == '.' ? '/' : '.';
    return path;
}

/* Equal up to the blanks between numbers? */
static bool same_value(const char *a, const char *b)
{
    for (;;) {
        size_t n = strspn(a, " \t\r"), m = strspn(b, " \t\r");
        bool ends = !a[n] || !b[m];
        if (ends)
            return !a[n] && !b[m];
        if (!n != !m || a[n] != b[m])
            return false;
        a += n + 1;
        b += m + 1;
    }
}

/* ---- what is not there: one note for a group of them ---- */

enum { GROUPS = 64 };

struct group {
    char name[40];
    size_t line, n;
};

struct missing {
    struct group v[GROUPS];
    size_t n, others;
};

/* "net.ipv4", "kernel" */
static size_t group_length(const char *key)
{
    size_t n = strcspn(key, "./");
    if (strncmp(key, "net", n) == 0 && key[n])
        n += 1 + strcspn(key + n + 1, "./");
    return n < sizeof(((struct group *)0)->name) ? n : sizeof(((struct group *)0)->name) - 1;
}

static void note_missing(struct missing *m, const struct listed_sysctl *s)
{
    size_t len = group_length(s->key), i = 0;
    while (i < m->n && (strncmp(m->v[i].name, s->key, len) != 0 || m->v[i].name[len]))
        i++;
    if (i == GROUPS) {
        m->others++;
        return;
    }
    if (i == m->n) {
        m->v[m->n++] = (struct group){.line = s->line};
        memcpy(m->v[i].name, s->key, len);
    }
    m->v[i].n++;
}

static void report(struct listing *l, const struct missing *m)
{
    for (size_t i = 0; i < m->n; i++)
        listing_note(l, m->v[i].line, "%s: %zu settings that vnet does not have: left out",
                     m->v[i].name, m->v[i].n);
    if (m->others)
        listing_note(l, 0, "%zu settings more that vnet does not have: left out", m->others);
}

/* ---- setting ---- */

static void apply(struct listing *l, struct netns *ns, const struct listed_sysctl *s,
                  const char *path, bool last)
{
    struct strbuf now = STRBUF_INIT;
    struct vnet_err err;
    bool same = vnet_sysctl_get(ns, path, &now) == 0 && same_value(strbuf_cstr(&now), s->value);
    if (!same && vnet_sysctl_set(ns, path, s->value, &err) < 0 && last)
        listing_note(l, s->line, "%.80s = %.40s: not kept: it stays %.40s", s->key, s->value,
                     strbuf_cstr(&now));
    strbuf_release(&now);
}

void apply_sysctls(struct listing *l, struct netns *ns, bool last)
{
    struct paths p;
    struct missing *m = mem_alloc(sizeof(*m));
    if (l->nsysctls)
        read_paths(&p, ns);
    else
        p = (struct paths){0};
    for (size_t i = 0; i < l->nsysctls; i++) {
        char *path = path_of(l->sysctls[i].key);
        if (p.n && bsearch(&path, p.v, p.n, sizeof(*p.v), by_text))
            apply(l, ns, &l->sysctls[i], path, last);
        else
            note_missing(m, &l->sysctls[i]);
        free(path);
    }
    if (last)
        report(l, m);
    release_paths(&p);
    free(m);
}

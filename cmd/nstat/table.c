/* Lists of counters: read from the kernel's files and from the history, printed. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/nstat/nstat.h"
#include "cmd/printer.h"

void nstat_release(struct nstat_list *l)
{
    free(l->v);
    *l = (struct nstat_list){NULL, 0, 0};
}

/* Settings among the counters. */
static bool is_useless(const char *name)
{
    static const char *const names[] = {
        "IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin",
        "TcpRtoMax",    "TcpMaxConn",   "TcpCurrEstab",    NULL};
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

void nstat_add(struct nstat_list *l, const char *name, uint64_t value)
{
    if (is_useless(name) || strlen(name) >= VNET_NSTAT_NAME)
        return;
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 256;
        l->v = mem_realloc(l->v, l->cap * sizeof(*l->v));
    }
    struct vnet_nstat_entry *e = &l->v[l->n++];
    memset(e, 0, sizeof(*e));
    strcpy(e->name, name);
    e->value = value;
}

/* ---- reading ---- */

/* The next word of a line, of at most `size` - 1 bytes; false: the line has no more. */
static bool next_word(const char **at, char *word, size_t size)
{
    const char *p = *at + strspn(*at, " \t");
    size_t n = strcspn(p, " \t\n"), kept = n < size ? n : size - 1;
    memcpy(word, p, kept);
    word[kept] = '\0';
    *at = p + n;
    return n > 0;
}

void nstat_parse_tables(struct nstat_list *l, const char *text)
{
    char title[VNET_NSTAT_NAME], name[VNET_NSTAT_NAME], value[32];
    struct strbuf whole = STRBUF_INIT;
    while (*text) {
        const char *names = text, *values = strchr(text, '\n');
        values = values ? values + 1 : "";
        next_word(&names, title, sizeof(title));
        title[strcspn(title, ":")] = '\0';
        text = strchr(values, '\n');
        text = text ? text + 1 : "";
        next_word(&values, value, sizeof(value));
        while (next_word(&names, name, sizeof(name)) && next_word(&values, value, sizeof(value))) {
            strbuf_reset(&whole);
            strbuf_addf(&whole, "%s%s", title, name);
            nstat_add(l, whole.data, strtoull(value, NULL, 10));
        }
    }
    strbuf_release(&whole);
}

/* sscanf()'s "%s%llu" */
static bool parse_line(struct nstat_list *l, const char *line)
{
    char name[VNET_NSTAT_NAME], value[32], *end;
    if (!next_word(&line, name, sizeof(name)) || !next_word(&line, value, sizeof(value)))
        return false;
    unsigned long long v = strtoull(value, &end, 10);
    if (end == value)
        return false;
    nstat_add(l, name, v);
    return true;
}

bool nstat_parse_lines(struct nstat_list *l, const char *text, char *source, size_t size)
{
    for (; *text; text += *text == '\n') {
        size_t len = strcspn(text, "\n"), kept = len < size ? len : size;
        if (*text == '#') {
            memcpy(source, text + 1, kept - 1);
            source[kept - 1] = '\0';
        } else if (!parse_line(l, text)) {
            return false;
        }
        text += len;
    }
    return true;
}

/* ---- printing ---- */

static bool matches(const struct nstat_show *how, const char *name)
{
    if (!how->patterns || !how->patterns[0])
        return true;
    for (char **p = how->patterns; *p; p++)
        if (fnmatch(*p, name, 0) == 0)
            return true;
    return false;
}

/* Both lists are in one order: the search goes on behind what was found last. */
static const struct vnet_nstat_entry *find_next(const struct nstat_list *old, size_t *from,
                                                const char *name)
{
    for (size_t i = *from; i < old->n; i++) {
        if (strcmp(old->v[i].name, name) == 0) {
            *from = i + 1;
            return &old->v[i];
        }
    }
    return NULL;
}

static void begin(struct printer *p, struct sink *out, const struct nstat_show *how)
{
    *p = (struct printer){.out = out, .json = how->json, .pretty = how->pretty, .nl = "\n"};
    if (!how->json) {
        sink_printf(out, "#%s\n", how->source);
        return;
    }
    p->in_json = true;
    json_open_object(p, NULL);
    json_open_object(p, how->source);
}

static void put(struct printer *p, const char *name, uint64_t value, const char *behind)
{
    if (p->json)
        json_u64(p, name, value);
    else
        sink_printf(p->out, "%-32s%-16llu%6.1f%s\n", name, (unsigned long long)value, 0.0, behind);
}

static void finish(struct printer *p)
{
    if (!p->json)
        return;
    json_close_object(p);
    json_close_object(p);
    sink_puts(p->out, "\n");
}

void nstat_dump(struct sink *out, const struct nstat_show *how, const struct nstat_list *now,
                const struct nstat_list *old, bool to_history)
{
    struct printer p;
    size_t from = 0;
    begin(&p, out, how);
    for (size_t i = 0; i < now->n; i++) {
        const char *name = now->v[i].name;
        uint64_t value = now->v[i].value;
        bool wanted = matches(how, name);
        if ((!how->zeros && !value) || (!wanted && !to_history))
            continue;
        const struct vnet_nstat_entry *e = wanted ? NULL : find_next(old, &from, name);
        put(&p, name, e ? e->value : value, "");
    }
    finish(&p);
}

void nstat_dump_added(struct sink *out, const struct nstat_show *how, const struct nstat_list *now,
                      const struct nstat_list *old)
{
    struct printer p;
    size_t from = 0;
    begin(&p, out, how);
    for (size_t i = 0; i < now->n; i++) {
        const char *name = now->v[i].name;
        const struct vnet_nstat_entry *e = find_next(old, &from, name);
        bool overflow = e && now->v[i].value < e->value;
        uint64_t added = overflow ? 0 : now->v[i].value - (e ? e->value : 0);
        if ((how->zeros || added) && matches(how, name))
            put(&p, name, added, overflow ? " (overflow)" : "");
    }
    finish(&p);
}

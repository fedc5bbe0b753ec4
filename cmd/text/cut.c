/* cut, tr, seq. */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/text/text.h"

/* ---- cut ---- */

struct cut {
    struct cmd_env *env;
    bool fields, only_delimited;
    char delimiter;
    struct range {
        unsigned long from, to; /* from 1 */
    } * ranges;
    size_t n, cap;
};

static bool selected(const struct cut *c, unsigned long i)
{
    for (size_t k = 0; k < c->n; k++)
        if (i >= c->ranges[k].from && i <= c->ranges[k].to)
            return true;
    return false;
}

/* N, N-M, N-, -M */
static bool take_range(struct cut *c, const char *s, size_t len)
{
    char word[48], *end = word;
    struct range r = {1, (unsigned long)-1};
    if (len == 0 || len >= sizeof(word) || (len == 1 && *s == '-'))
        return false;
    memcpy(word, s, len);
    word[len] = '\0';
    if (*word != '-')
        r.from = strtoul(word, &end, 10);
    if (*end != '-')
        r.to = r.from;
    else if (*++end)
        r.to = strtoul(end, &end, 10);
    ARRAY_GROW(c->ranges, c->n, c->cap);
    c->ranges[c->n++] = r;
    return !*end && r.from && r.from <= r.to;
}

static bool take_list(struct cut *c, const char *list)
{
    for (;;) {
        size_t n = strcspn(list, ",");
        if (!take_range(c, list, n))
            return false;
        if (!list[n])
            return true;
        list += n + 1;
    }
}

static void put_fields(const struct cut *c, const char *line, size_t len)
{
    unsigned long i = 0;
    bool any = false;
    const char *end = line + len;
    if (!memchr(line, c->delimiter, len)) {
        if (!c->only_delimited)
            sink_write(c->env->out, line, len), sink_puts(c->env->out, "\n");
        return;
    }
    for (const char *p = line; p;) {
        const char *next = memchr(p, c->delimiter, (size_t)(end - p));
        if (selected(c, ++i)) {
            if (any)
                sink_write(c->env->out, &c->delimiter, 1);
            sink_write(c->env->out, p, (size_t)((next ? next : end) - p));
            any = true;
        }
        p = next ? next + 1 : NULL;
    }
    sink_puts(c->env->out, "\n");
}

static bool cut_line(const char *line, size_t len, void *arg)
{
    const struct cut *c = arg;
    len -= line[len - 1] == '\n';
    if (c->fields) {
        put_fields(c, line, len);
        return true;
    }
    for (size_t i = 0; i < len; i++)
        if (selected(c, i + 1))
            sink_write(c->env->out, line + i, 1);
    sink_puts(c->env->out, "\n");
    return true;
}

int cut_main(struct cmd_env *env, int argc, char **argv)
{
    struct cut c = {.env = env, .delimiter = '\t'};
    struct options o;
    int option, status = -1;
    options_init(&o, argc, argv, "b:c:f:d:s", NULL, env->err);
    while (status < 0 && (option = options_next(&o)) != -1) {
        c.fields |= option == 'f';
        c.only_delimited |= option == 's';
        if (option == 'd')
            c.delimiter = o.arg[0];
        if (option == '?' || (option == 'd' && strlen(o.arg) != 1) ||
            (strchr("bcf", option) && !take_list(&c, o.arg)))
            status = text_usage(env, "cut", 1);
    }
    if (status < 0 && !c.n) {
        sink_puts(env->err, "cut: you must specify a list of bytes, characters, or fields\n"
                            "Try 'cut --help' for more information.\n");
        status = 1;
    }
    if (status < 0)
        status = text_all_lines(env, "cut", &o, cut_line, &c);
    free(c.ranges);
    options_release(&o);
    return status;
}

/* ---- tr ---- */

struct tr {
    struct cmd_env *env;
    bool complement, delete, squeeze;
    unsigned char map[256];
    bool in_first[256], in_last[256]; /* of the sets: to delete or exchange; to squeeze */
    int previous;
};

struct set {
    unsigned char v[512];
    size_t n;
};

static const struct {
    const char *name;
    int (*holds)(int c);
} classes[] = {
    {"[:alnum:]", isalnum}, {"[:alpha:]", isalpha},   {"[:digit:]", isdigit},
    {"[:lower:]", islower}, {"[:punct:]", ispunct},   {"[:space:]", isspace},
    {"[:upper:]", isupper}, {"[:xdigit:]", isxdigit}, {"[:blank:]", isblank},
};

static void add(struct set *set, unsigned char c)
{
    if (set->n < sizeof(set->v))
        set->v[set->n++] = c;
}

/* A class at s: its length, else 0. */
static size_t add_class(struct set *set, const char *s)
{
    for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
        size_t n = strlen(classes[i].name);
        if (strncmp(s, classes[i].name, n) != 0)
            continue;
        for (int c = 0; c < 256; c++)
            if (classes[i].holds(c))
                add(set, (unsigned char)c);
        return n;
    }
    return 0;
}

static unsigned char take_escaped(const char **s)
{
    static const char codes[] = "n\nt\tr\rf\fv\va\ab\b\\\\";
    char c = *(*s)++;
    if (c != '\\' || !**s)
        return (unsigned char)c;
    c = *(*s)++;
    for (const char *p = codes; *p; p += 2)
        if (*p == c)
            return (unsigned char)p[1];
    return c == '0' ? '\0' : (unsigned char)c;
}

static void read_set(struct set *set, const char *s)
{
    set->n = 0;
    while (*s) {
        size_t n = add_class(set, s);
        if (n) {
            s += n;
            continue;
        }
        unsigned char from = take_escaped(&s), to = from;
        if (s[0] == '-' && s[1]) {
            s++;
            to = take_escaped(&s);
        }
        for (unsigned c = from; c <= to; c++)
            add(set, (unsigned char)c);
    }
}

static void make_maps(struct tr *t, const struct set *first, const struct set *second)
{
    const struct set *squeezed = second->n ? second : first;
    for (size_t i = 0; i < first->n; i++)
        t->in_first[first->v[i]] = true;
    for (int c = 0; c < 256; c++) {
        t->in_first[c] ^= t->complement;
        t->map[c] = (unsigned char)c;
        if (t->complement && t->in_first[c] && second->n)
            t->map[c] = second->v[second->n - 1];
    }
    for (size_t i = 0; i < first->n && second->n && !t->complement; i++)
        t->map[first->v[i]] = second->v[i < second->n ? i : second->n - 1];
    for (size_t i = 0; i < squeezed->n; i++)
        t->in_last[squeezed->v[i]] = true;
    for (int c = 0; c < 256 && !second->n; c++)
        t->in_last[c] = t->in_first[c];
}

static bool tr_line(const char *line, size_t len, void *arg)
{
    struct tr *t = arg;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)line[i];
        if (t->delete &&t->in_first[c])
            continue;
        if (!t->delete)
            c = t->map[c];
        if (t->squeeze && t->in_last[c] && t->previous == c)
            continue;
        t->previous = c;
        sink_write(t->env->out, &c, 1);
    }
    return true;
}

int tr_main(struct cmd_env *env, int argc, char **argv)
{
    struct tr t = {.env = env, .previous = -1};
    struct options o;
    struct set first, second = {.n = 0};
    int option, status = -1;
    options_init(&o, argc, argv, "+cCds", NULL, env->err);
    while (status < 0 && (option = options_next(&o)) != -1) {
        t.complement |= option == 'c' || option == 'C';
        t.delete |= option == 'd';
        t.squeeze |= option == 's';
        if (option == '?')
            status = text_usage(env, "tr", 1);
    }
    int wanted = t.delete == t.squeeze ? 2 : 1, most = t.delete &&!t.squeeze ? 1 : 2;
    if (status < 0 && (o.noperands < wanted || o.noperands > most)) {
        sink_puts(env->err, o.noperands < wanted ? "tr: missing operand\n" : "tr: extra operand\n");
        status = 1;
    }
    if (status < 0) {
        read_set(&first, o.operands[0]);
        if (o.noperands > 1)
            read_set(&second, o.operands[1]);
        make_maps(&t, &first, &second);
        status = text_each_line(env, "tr", "-", tr_line, &t);
    }
    options_release(&o);
    return status;
}

/* ---- seq ---- */

static bool whole(struct cmd_env *env, const char *word, int64_t *n)
{
    char *end;
    errno = 0;
    *n = strtoll(word, &end, 10);
    if (end != word && !*end && !errno && *n > -(1LL << 53) && *n < (1LL << 53))
        return true;
    sink_printf(env->err, "vnet: seq: '%s' is not a whole number\n", word);
    return false;
}

static int put_numbers(struct cmd_env *env, int64_t from, int64_t step, int64_t to,
                       const char *separator, bool pad)
{
    char a[32], b[32];
    int width = snprintf(a, sizeof(a), "%lld", (long long)from);
    int other = snprintf(b, sizeof(b), "%lld", (long long)to);
    width = pad ? (width > other ? width : other) : 0;
    bool any = false;
    for (int64_t n = from; step > 0 ? n <= to : n >= to; n += step) {
        if (env->out->error || (env->interrupted && *env->interrupted))
            break;
        sink_printf(env->out, "%s%0*lld", any ? separator : "", width, (long long)n);
        any = true;
    }
    sink_puts(env->out, any ? "\n" : "");
    return env->interrupted && *env->interrupted ? 128 + (int)*env->interrupted : 0;
}

int seq_main(struct cmd_env *env, int argc, char **argv)
{
    const char *separator = "\n";
    bool pad = false;
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && !isdigit((unsigned char)argv[i][1]); i++) {
        if (strncmp(argv[i], "-s", 2) == 0 && argv[i][2])
            separator = argv[i] + 2;
        else if (strcmp(argv[i], "-w") == 0)
            pad = true;
        else if (strcmp(argv[i], "-s") == 0 && i + 1 < argc)
            separator = argv[++i];
        else
            return text_usage(env, "seq", 1);
    }
    int n = argc - i;
    int64_t from = 1, step = 1, to = 1;
    if (n < 1 || n > 3) {
        sink_printf(env->err, "seq: %s operand\n", n < 1 ? "missing" : "extra");
        return 1;
    }
    if (!whole(env, argv[argc - 1], &to) || (n > 1 && !whole(env, argv[i], &from)) ||
        (n > 2 && !whole(env, argv[i + 1], &step)))
        return 1;
    if (step == 0) {
        sink_puts(env->err, "seq: invalid Zero increment value: '0'\n");
        return 1;
    }
    return put_numbers(env, from, step, to, separator, pad);
}

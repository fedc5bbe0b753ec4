/* sort and uniq, in byte order (the C locale). */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/text/text.h"

/* ---- sort ---- */

struct sort {
    struct cmd_env *env;
    bool reverse, unique, numeric, fold, blanks;
    char separator;         /* 0: the border between blanks and what follows */
    unsigned long from, to; /* fields of the key, from 1; 0: the whole line, to its end */
    bool key_reverse, key_numeric;
};

struct item {
    const char *text;
    size_t at; /* among the lines: equal ones stay in order */
    const struct sort *s;
};

/* Where field `n` begins (or, past it, ends). */
static const char *skip_fields(const struct sort *s, const char *text, unsigned long n)
{
    while (n-- > 0 && *text) {
        if (s->separator) {
            text += strcspn(text, (char[]){s->separator, '\0'});
            text += *text && n > 0;
        } else {
            text += strspn(text, " \t");
            text += strcspn(text, " \t");
        }
    }
    return text;
}

static char *key_of(const struct sort *s, const char *text)
{
    const char *start = text, *end = text + strlen(text);
    if (s->from) {
        start = skip_fields(s, text, s->from - 1);
        if (s->separator && s->from > 1 && *start == s->separator)
            start++;
        if (s->to)
            end = skip_fields(s, text, s->to);
    }
    if (s->blanks || s->numeric || s->key_numeric)
        start += strspn(start, " \t");
    return mem_strndup(start, end > start ? (size_t)(end - start) : 0);
}

static int compare_numbers(const char *a, const char *b)
{
    double x = strtod(a, NULL), y = strtod(b, NULL);
    return (x > y) - (x < y);
}

static int compare_folded(const char *a, const char *b)
{
    while (*a && toupper((unsigned char)*a) == toupper((unsigned char)*b)) {
        a++;
        b++;
    }
    return toupper((unsigned char)*a) - toupper((unsigned char)*b);
}

static int compare_keys(const struct sort *s, const char *a, const char *b)
{
    char *x = key_of(s, a), *y = key_of(s, b);
    int order = s->numeric || s->key_numeric ? compare_numbers(x, y)
                : s->fold                    ? compare_folded(x, y)
                                             : strcmp(x, y);
    free(x);
    free(y);
    return s->reverse != s->key_reverse ? -order : order;
}

static int compare(const void *pa, const void *pb)
{
    const struct item *a = pa, *b = pb;
    const struct sort *s = a->s;
    int order = compare_keys(s, a->text, b->text);
    if (!order && !s->unique)
        order = s->reverse ? strcmp(b->text, a->text) : strcmp(a->text, b->text);
    return order ? order : a->at < b->at ? -1 : 1;
}

/* -k F[,F][nr] */
static bool take_key(struct sort *s, char *word)
{
    char *end;
    s->from = strtoul(word, &end, 10);
    if (s->from && *end == ',') {
        s->to = strtoul(end + 1, &end, 10);
        if (!s->to)
            return false;
    }
    for (; *end == 'n' || *end == 'r'; end++)
        *(*end == 'n' ? &s->key_numeric : &s->key_reverse) = true;
    return s->from && !*end;
}

static bool take_sort_option(struct sort *s, int option, char *arg)
{
    switch (option) {
    case 'r':
        s->reverse = true;
        return true;
    case 'u':
        s->unique = true;
        return true;
    case 'n':
        s->numeric = true;
        return true;
    case 'f':
        s->fold = true;
        return true;
    case 'b':
        s->blanks = true;
        return true;
    case 't':
        s->separator = arg[0];
        return arg[0] && !arg[1];
    case 'k':
        return !s->from && take_key(s, arg); /* one key */
    default:
        return false;
    }
}

static void put_sorted(struct sort *s, const struct text_lines *lines)
{
    struct item *items = mem_calloc(lines->n + 1, sizeof(*items));
    for (size_t i = 0; i < lines->n; i++)
        items[i] = (struct item){lines->v[i].text, i, s};
    qsort(items, lines->n, sizeof(*items), compare);
    for (size_t i = 0; i < lines->n; i++)
        if (!s->unique || i == 0 || compare_keys(s, items[i - 1].text, items[i].text) != 0)
            sink_printf(s->env->out, "%s\n", items[i].text);
    free(items);
}

int sort_main(struct cmd_env *env, int argc, char **argv)
{
    struct sort s = {.env = env};
    struct text_lines lines = {NULL, 0, 0, false};
    struct options o;
    int option, status = -1;
    options_init(&o, argc, argv, "runfbt:k:", NULL, env->err);
    while (status < 0 && (option = options_next(&o)) != -1)
        if (!take_sort_option(&s, option, o.arg))
            status = text_usage(env, "sort", 2);
    if (status < 0) {
        status = text_all_lines(env, "sort", &o, text_collect, &lines);
        put_sorted(&s, &lines);
        status = status == 1 ? 2 : status;
    }
    text_lines_release(&lines);
    options_release(&o);
    return status;
}

/* ---- uniq ---- */

struct uniq {
    struct cmd_env *env;
    bool count, repeated, unique;
    struct strbuf line; /* the current group's */
    unsigned long n;    /* of lines in it */
};

static void end_group(struct uniq *u)
{
    if (!u->n || (u->repeated && u->n == 1) || (u->unique && u->n > 1))
        return;
    if (u->count)
        sink_printf(u->env->out, "%7lu ", u->n);
    sink_printf(u->env->out, "%s\n", strbuf_cstr(&u->line));
}

static bool uniq_line(const char *line, size_t len, void *arg)
{
    struct uniq *u = arg;
    len -= line[len - 1] == '\n';
    if (u->n && u->line.len == len && memcmp(strbuf_cstr(&u->line), line, len) == 0) {
        u->n++;
        return true;
    }
    end_group(u);
    strbuf_reset(&u->line);
    strbuf_add(&u->line, line, len);
    u->n = 1;
    return true;
}

int uniq_main(struct cmd_env *env, int argc, char **argv)
{
    struct uniq u = {.env = env};
    struct options o;
    int option, status = -1;
    options_init(&o, argc, argv, "cdu", NULL, env->err);
    while (status < 0 && (option = options_next(&o)) != -1) {
        u.count |= option == 'c';
        u.repeated |= option == 'd';
        u.unique |= option == 'u';
        if (option == '?')
            status = text_usage(env, "uniq", 1);
    }
    if (status < 0 && o.noperands > 1) {
        sink_puts(env->err, "vnet: uniq writes to standard output only\n");
        status = 1;
    }
    if (status < 0) {
        status = text_all_lines(env, "uniq", &o, uniq_line, &u);
        end_group(&u);
    }
    strbuf_release(&u.line);
    options_release(&o);
    return status;
}

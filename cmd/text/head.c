/* head, tail, wc. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/text/text.h"

struct head {
    struct cmd_env *env;
    unsigned long lines, bytes;         /* wanted */
    bool by_bytes, from_start, all_but; /* -c; tail -n +N; head -n -N */
    bool quiet, verbose;
    unsigned long left;
};

/* -5 is -n 5, as the first word. */
static char **modern(int argc, char **argv, char *buf, size_t size)
{
    char **copy = mem_calloc((size_t)argc + 1, sizeof(*copy));
    memcpy(copy, argv, (size_t)argc * sizeof(*copy));
    if (argc > 1 && argv[1][0] == '-' && isdigit((unsigned char)argv[1][1]) &&
        strlen(argv[1]) < size - 2) {
        snprintf(buf, size, "-n%s", argv[1] + 1);
        copy[1] = buf;
    }
    return copy;
}

static bool take_count(struct head *h, const char *name, int option, const char *word)
{
    unsigned long n;
    const char *digits = word + (*word == '+' || *word == '-');
    if (!text_number(digits, (unsigned long)-1 / 2, &n)) {
        sink_printf(h->env->err, "%s: invalid number of %s: '%s'\n", name,
                    option == 'c' ? "bytes" : "lines", word);
        return false;
    }
    h->by_bytes = option == 'c';
    h->from_start = *word == '+';
    h->all_but = *word == '-';
    *(option == 'c' ? &h->bytes : &h->lines) = n;
    return true;
}

/* -1: go on, else the exit status. */
static int parse(struct head *h, const char *name, struct options *o)
{
    for (int option; (option = options_next(o)) != -1;) {
        if (option == '?')
            return text_usage(h->env, name, 1);
        if ((option == 'n' || option == 'c') && !take_count(h, name, option, o->arg))
            return 1;
        h->quiet |= option == 'q';
        h->verbose |= option == 'v';
    }
    return -1;
}

static const struct long_option longs[] = {
    {"lines", 1, 'n'}, {"bytes", 1, 'c'}, {"quiet", 0, 'q'}, {"verbose", 0, 'v'}, {NULL, 0, 0}};

/* "==> FILE <==" before each of several files. */
static int each_file(struct head *h, const char *name, const struct options *o,
                     int (*run)(struct head *h, const char *file))
{
    int status = 0;
    if (o->noperands == 0)
        return run(h, "-");
    for (int i = 0; i < o->noperands; i++) {
        struct reader probe;
        int rc = cmd_open_reader(h->env, o->operands[i], &probe);
        if (rc < 0) {
            sink_printf(h->env->err, "%s: cannot open '%s' for reading: %s\n", name, o->operands[i],
                        cmd_strerror(-rc));
            status = 1;
            continue;
        }
        reader_release(&probe);
        if (h->verbose || (o->noperands > 1 && !h->quiet))
            sink_printf(h->env->out, "%s==> %s <==\n", i ? "\n" : "", o->operands[i]);
        status |= run(h, o->operands[i]);
    }
    return status;
}

/* ---- head ---- */

static bool head_line(const char *line, size_t len, void *arg)
{
    struct head *h = arg;
    if (h->by_bytes) {
        size_t n = len < h->left ? len : h->left;
        sink_write(h->env->out, line, n);
        h->left -= n;
    } else {
        sink_write(h->env->out, line, len);
        h->left--;
    }
    return h->left > 0;
}

static void put_lines(struct head *h, const struct text_lines *all, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        sink_write(h->env->out, all->v[i].text, all->v[i].len);
        if (!all->cut || i + 1 < all->n)
            sink_puts(h->env->out, "\n");
    }
}

static int run_head(struct head *h, const char *file)
{
    struct text_lines all = {NULL, 0, 0, false};
    h->left = h->by_bytes ? h->bytes : h->lines;
    if (!h->all_but)
        return h->left ? text_each_line(h->env, "head", file, head_line, h) : 0;
    int status = text_each_line(h->env, "head", file, text_collect, &all);
    put_lines(h, &all, 0, all.n > h->lines ? all.n - h->lines : 0);
    text_lines_release(&all);
    return status;
}

int head_main(struct cmd_env *env, int argc, char **argv)
{
    struct head h = {.env = env, .lines = 10};
    char first[32], **words = modern(argc, argv, first, sizeof(first));
    struct options o;
    options_init(&o, argc, words, "n:c:qv", longs, env->err);
    int status = parse(&h, "head", &o);
    if (status < 0 && h.by_bytes && h.all_but)
        status = text_usage(env, "head", 1);
    if (status < 0)
        status = each_file(&h, "head", &o, run_head);
    options_release(&o);
    free(words);
    return status;
}

/* ---- tail ---- */

/* A window of the last lines, or all behind the first ones. */
struct tail {
    struct head *h;
    struct text_lines kept; /* a ring once it is full */
    size_t first;
    unsigned long seen;
};

static bool tail_line(const char *line, size_t len, void *arg)
{
    struct tail *t = arg;
    if (t->h->from_start) {
        if (++t->seen >= t->h->lines)
            sink_write(t->h->env->out, line, len);
        return !t->h->env->out->error;
    }
    if (!t->h->lines)
        return true;
    if (t->kept.n < t->h->lines)
        return text_collect(line, len, &t->kept);
    struct text_line *oldest = &t->kept.v[t->first];
    free(oldest->text);
    t->kept.cut = line[len - 1] != '\n';
    oldest->len = len - !t->kept.cut;
    oldest->text = mem_strndup(line, oldest->len);
    t->first = (t->first + 1) % t->kept.n;
    return true;
}

static int run_tail(struct head *h, const char *file)
{
    struct tail t = {.h = h};
    int status = text_each_line(h->env, "tail", file, tail_line, &t);
    for (size_t i = 0; i < t.kept.n; i++) {
        const struct text_line *line = &t.kept.v[(t.first + i) % t.kept.n];
        sink_write(h->env->out, line->text, line->len);
        if (!t.kept.cut || i + 1 < t.kept.n)
            sink_puts(h->env->out, "\n");
    }
    text_lines_release(&t.kept);
    return status;
}

int tail_main(struct cmd_env *env, int argc, char **argv)
{
    struct head h = {.env = env, .lines = 10};
    char first[32], **words = modern(argc, argv, first, sizeof(first));
    struct options o;
    options_init(&o, argc, words, "n:qv", longs, env->err);
    int status = parse(&h, "tail", &o);
    if (status < 0 && h.by_bytes)
        status = text_usage(env, "tail", 1);
    if (status < 0)
        status = each_file(&h, "tail", &o, run_tail);
    options_release(&o);
    free(words);
    return status;
}

/* ---- wc ---- */

struct counts {
    unsigned long lines, words, bytes;
};

static bool count_line(const char *line, size_t len, void *arg)
{
    struct counts *n = arg;
    bool inside = false;
    n->lines += line[len - 1] == '\n';
    n->bytes += len;
    for (size_t i = 0; i < len; i++) {
        bool space = isspace((unsigned char)line[i]) != 0;
        n->words += !space && !inside;
        inside = !space;
    }
    return true;
}

struct wc {
    struct cmd_env *env;
    bool lines, words, bytes;
    int width;
};

static void put_counts(const struct wc *w, const struct counts *n, const char *name)
{
    const struct {
        bool shown;
        unsigned long n;
    } columns[] = {{w->lines, n->lines}, {w->words, n->words}, {w->bytes, n->bytes}};
    const char *blank = "";
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        if (!columns[i].shown)
            continue;
        sink_printf(w->env->out, "%s%*lu", blank, w->width, columns[i].n);
        blank = " ";
    }
    sink_printf(w->env->out, "%s%s\n", name ? " " : "", name ? name : "");
}

/* GNU's columns are as wide as the largest number, 7 where that is not known before. */
static void set_width(struct wc *w, int operands, const struct counts *total)
{
    char digits[32];
    bool one = w->lines + w->words + w->bytes == 1;
    int width = snprintf(digits, sizeof(digits), "%lu", total->bytes);
    w->width = one && operands <= 1 ? 1 : operands == 0 ? 7 : width;
}

static int count_all(struct wc *w, const struct options *o)
{
    size_t n = o->noperands ? (size_t)o->noperands : 1;
    struct counts *each = mem_calloc(n, sizeof(*each)), total = {0, 0, 0};
    int *status = mem_calloc(n, sizeof(*status)), result = 0;
    for (size_t i = 0; i < n; i++) {
        status[i] =
            text_each_line(w->env, "wc", o->noperands ? o->operands[i] : "-", count_line, &each[i]);
        result |= status[i];
        total.lines += each[i].lines;
        total.words += each[i].words;
        total.bytes += each[i].bytes;
    }
    set_width(w, o->noperands, &total);
    for (size_t i = 0; i < n; i++)
        if (!status[i])
            put_counts(w, &each[i], o->noperands ? o->operands[i] : NULL);
    if (n > 1)
        put_counts(w, &total, "total");
    free(each);
    free(status);
    return result;
}

int wc_main(struct cmd_env *env, int argc, char **argv)
{
    struct wc w = {.env = env};
    struct options o;
    int option, status = -1;
    options_init(&o, argc, argv, "lwc", NULL, env->err);
    while (status < 0 && (option = options_next(&o)) != -1) {
        if (option == '?')
            status = text_usage(env, "wc", 1);
        w.lines |= option == 'l';
        w.words |= option == 'w';
        w.bytes |= option == 'c';
    }
    if (!w.lines && !w.words && !w.bytes)
        w.lines = w.words = w.bytes = true;
    if (status < 0)
        status = count_all(&w, &o);
    options_release(&o);
    return status;
}

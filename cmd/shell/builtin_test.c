/* test and [ (POSIX.1-2017, XCU 4), with -a, -o and parentheses. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/shell/builtins.h"
#include "cmd/shell/state.h"

struct test {
    struct call *c;
    char **v;
    int n, at;
    int depth;
    bool failed; /* a message was printed */
};

static bool fail(struct test *t, const char *word, const char *why)
{
    if (!t->failed)
        builtin_fail(t->c, "%s%s%s", word, *word ? ": " : "", why);
    t->failed = true;
    return false;
}

static bool integer(struct test *t, const char *word, long long *value)
{
    char *end;
    errno = 0;
    *value = strtoll(word, &end, 10);
    end += strspn(end, " \t");
    if (end == word || *end || errno)
        return fail(t, word, "integer expression expected");
    return true;
}

/* ---- files ---- */

static bool is_folder(struct test *t, const char *name)
{
    return files_open(t->c->env->files, name, O_RDONLY) == -EISDIR;
}

static bool exists(struct test *t, const char *name, off_t *size)
{
    struct reader in;
    struct stat st;
    *size = 0;
    int rc = cmd_open_reader(t->c->env, name, &in);
    if (rc < 0)
        return rc == -EISDIR || rc == -EACCES;
    if (in.fd >= 0 && fstat(in.fd, &st) == 0)
        *size = st.st_size;
    reader_release(&in);
    return true;
}

static bool is_terminal(struct test *t, const char *word)
{
    long long fd;
    if (!integer(t, word, &fd) || fd < 0 || fd >= IO_MAX)
        return false;
    const struct stream *s = t->c->sh->io.at[fd];
    return s && s->fd >= 0 && isatty(s->fd);
}

static bool is_unary(const char *op)
{
    return op[0] == '-' && op[1] && !op[2] && strchr("nzedfrwxsthL", op[1]);
}

static bool unary(struct test *t, char op, const char *word)
{
    off_t size;
    switch (op) {
    case 'n':
        return *word;
    case 'z':
        return !*word;
    case 't':
        return is_terminal(t, word);
    case 'd':
        return is_folder(t, word);
    case 'f':
        return exists(t, word, &size) && !is_folder(t, word);
    case 's':
        return exists(t, word, &size) && size > 0;
    case 'h':
    case 'L':
        return false; /* there are no links among the shell's files */
    default:
        return exists(t, word, &size);
    }
}

/* ---- comparisons ---- */

enum comparison { EQ, NE, LT, LE, GT, GE };

static const struct {
    const char *op;
    enum comparison how;
    bool text;
} binaries[] = {
    {"=", EQ, true},    {"==", EQ, true},   {"!=", NE, true},   {"<", LT, true},
    {">", GT, true},    {"-eq", EQ, false}, {"-ne", NE, false}, {"-lt", LT, false},
    {"-le", LE, false}, {"-gt", GT, false}, {"-ge", GE, false},
};

static int find_binary(const char *op)
{
    for (size_t i = 0; i < ARRAY_LEN(binaries); i++)
        if (strcmp(binaries[i].op, op) == 0)
            return (int)i;
    return -1;
}

static bool holds(enum comparison how, int order)
{
    const bool results[] = {order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0};
    return results[how];
}

static bool binary(struct test *t, int which, const char *a, const char *b)
{
    long long x, y;
    if (binaries[which].text)
        return holds(binaries[which].how, strcmp(a, b));
    return integer(t, a, &x) && integer(t, b, &y) && holds(binaries[which].how, (x > y) - (x < y));
}

/* ---- expressions ---- */

static bool any_of(struct test *t);

static const char *word(const struct test *t, int ahead)
{
    return t->at + ahead < t->n ? t->v[t->at + ahead] : NULL;
}

static bool is_word(const struct test *t, int ahead, const char *what)
{
    const char *w = word(t, ahead);
    return w && strcmp(w, what) == 0;
}

static bool parentheses(struct test *t)
{
    t->at++;
    bool result = any_of(t);
    if (!is_word(t, 0, ")"))
        return fail(t, "", "`)' expected");
    t->at++;
    return result;
}

static bool primary(struct test *t)
{
    enum { DEEPEST = 200 };
    const char *first = word(t, 0), *second = word(t, 1), *third = word(t, 2);
    if (t->failed || !first || ++t->depth > DEEPEST)
        return fail(t, "", "argument expected");
    int which = second && third ? find_binary(second) : -1;
    bool result;
    if (which >= 0) {
        t->at += 3;
        result = binary(t, which, first, third);
    } else if (strcmp(first, "!") == 0 && second) {
        t->at++;
        result = !primary(t);
    } else if (strcmp(first, "(") == 0 && second) {
        result = parentheses(t);
    } else if (is_unary(first) && second) {
        t->at += 2;
        result = unary(t, first[1], second);
    } else if (second && first[0] == '-' && first[1] && !first[2]) {
        return fail(t, first, "unary operator expected");
    } else {
        t->at++;
        result = *first;
    }
    t->depth--;
    return result;
}

static bool all_of(struct test *t)
{
    bool result = primary(t);
    while (!t->failed && is_word(t, 0, "-a")) {
        t->at++;
        result &= primary(t);
    }
    return result;
}

static bool any_of(struct test *t)
{
    bool result = all_of(t);
    while (!t->failed && is_word(t, 0, "-o")) {
        t->at++;
        result |= all_of(t);
    }
    return result;
}

int builtin_test(struct call *c)
{
    struct test t = {.c = c, .v = c->argv + 1, .n = c->argc - 1};
    if (strcmp(c->argv[0], "[") == 0) {
        if (t.n == 0 || strcmp(t.v[t.n - 1], "]") != 0)
            return builtin_usage(c, "missing `]'");
        t.n--;
    }
    if (t.n == 0)
        return 1;
    if (t.n == 2 && strcmp(t.v[0], "!") != 0 && !is_unary(t.v[0])) {
        fail(&t, t.v[0], "unary operator expected");
        return 2;
    }
    bool result = any_of(&t);
    if (!t.failed && t.at < t.n)
        fail(&t, t.n > 3 ? "" : t.v[t.at],
             t.n > 3 ? "too many arguments" : "binary operator expected");
    return t.failed ? 2 : !result;
}

/* Arithmetic expansion (XCU 2.6.4): C's expressions on signed integers, here of 64 bits, which wrap
 * around. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/shell/expand.h"
#include "cmd/shell/state.h"

enum { DEEPEST = 200 };

struct arith {
    struct shell *sh;
    const char *text, *at;
    int unused; /* within what && || ?: do not evaluate */
    int depth;
    bool failed;
};

static int64_t comma(struct arith *a);
static int64_t assignment(struct arith *a);

static int64_t fail(struct arith *a, const char *why)
{
    if (!a->failed)
        shell_complain(a->sh, "%s: %s (error token is \"%s\")", a->text, why, a->at);
    a->failed = true;
    a->at = a->text + strlen(a->text);
    return 0;
}

static void skip_blanks(struct arith *a)
{
    while (isspace((unsigned char)*a->at))
        a->at++;
}

/* ---- values ---- */

static int64_t number(struct arith *a)
{
    char *end;
    uint64_t n = strtoull(a->at, &end, 0);
    if (isalnum((unsigned char)*end) || *end == '#' || *end == '_')
        return fail(a, "value too great for base, or not a number");
    a->at = end;
    return (int64_t)n;
}

static size_t name_length(const struct arith *a)
{
    size_t n = 0;
    while (isalnum((unsigned char)a->at[n]) || a->at[n] == '_')
        n++;
    return isdigit((unsigned char)*a->at) ? 0 : n;
}

static char *take_name(struct arith *a)
{
    skip_blanks(a);
    size_t n = name_length(a);
    char *name = n ? mem_strndup(a->at, n) : NULL;
    a->at += n;
    return name;
}

/* A variable's value, which may be an expression in turn. */
static int64_t value_of(struct arith *a, const char *name)
{
    const char *text = vars_get(&a->sh->vars, name);
    if (!text && a->sh->nounset && !a->unused) {
        shell_complain(a->sh, "%s: unbound variable", name);
        a->failed = true;
    }
    if (!text || a->unused)
        return 0;
    struct arith inner = {.sh = a->sh, .text = text, .at = text, .depth = a->depth + 1};
    if (inner.depth > DEEPEST)
        return fail(a, "expression recursion level exceeded");
    skip_blanks(&inner);
    char *copy = mem_strdup(text); /* an assignment may free it */
    inner.text = inner.at = copy;
    skip_blanks(&inner);
    int64_t value = *inner.at ? comma(&inner) : 0;
    if (!inner.failed && *inner.at)
        fail(&inner, "syntax error in expression");
    a->failed |= inner.failed;
    free(copy);
    return value;
}

static int64_t assign(struct arith *a, const char *name, int64_t value)
{
    char text[32];
    snprintf(text, sizeof(text), "%" PRId64, value);
    if (!a->unused && !a->failed && vars_set(&a->sh->vars, name, text) < 0) {
        shell_complain(a->sh, "%s: readonly variable", name);
        a->failed = true;
    }
    return value;
}

/* Is this operator next? Then it is taken. */
static bool take(struct arith *a, const char *op)
{
    skip_blanks(a);
    size_t n = strlen(op);
    if (strncmp(a->at, op, n) != 0)
        return false;
    a->at += n;
    return true;
}

/* ---- operators ---- */

static int64_t increment(struct arith *a, const char *name, int64_t by, bool before)
{
    int64_t old = value_of(a, name);
    int64_t new = (int64_t)((uint64_t)old + (uint64_t)by);
    assign(a, name, new);
    return before ? new : old;
}

static int64_t variable(struct arith *a)
{
    char *name = take_name(a);
    int64_t value;
    if (take(a, "++"))
        value = increment(a, name, 1, false);
    else if (take(a, "--"))
        value = increment(a, name, -1, false);
    else
        value = value_of(a, name);
    free(name);
    return value;
}

static int64_t primary(struct arith *a)
{
    skip_blanks(a);
    if (isdigit((unsigned char)*a->at))
        return number(a);
    if (name_length(a))
        return variable(a);
    if (!take(a, "("))
        return fail(a, "syntax error: operand expected");
    int64_t value = comma(a);
    if (!a->failed && !take(a, ")"))
        return fail(a, "missing `)'");
    return value;
}

/* ++x, --x; *done: it was one. */
static int64_t step(struct arith *a, bool *done)
{
    const char *start = a->at;
    bool up = take(a, "++");
    *done = up || take(a, "--");
    if (!*done)
        return 0;
    char *name = take_name(a);
    if (!name) {
        a->at = start; /* two signs */
        *done = false;
        return 0;
    }
    int64_t value = increment(a, name, up ? 1 : -1, true);
    free(name);
    return value;
}

static int64_t unary(struct arith *a)
{
    bool done;
    int64_t value = 0;
    if (a->failed || ++a->depth > DEEPEST)
        return fail(a, "expression recursion level exceeded");
    skip_blanks(a);
    value = step(a, &done);
    if (done)
        ;
    else if (take(a, "-"))
        value = (int64_t)(0 - (uint64_t)unary(a));
    else if (take(a, "+"))
        value = unary(a);
    else if (take(a, "~"))
        value = ~unary(a);
    else if (a->at[0] == '!' && a->at[1] != '=')
        a->at++, value = !unary(a);
    else
        value = primary(a);
    a->depth--;
    return value;
}

/* By how tightly they bind; of one level the longest first. */
static const struct binary {
    const char *op;
    int level;
} binaries[] = {
    {"**", 11}, {"*", 10}, {"/", 10}, {"%", 10}, {"+", 9}, {"-", 9},  {"<<", 8},
    {">>", 8},  {"<=", 7}, {">=", 7}, {"<", 7},  {">", 7}, {"==", 6}, {"!=", 6},
    {"&&", 2},  {"||", 1}, {"&", 5},  {"^", 4},  {"|", 3},
};

static const struct binary *next_binary(struct arith *a, int least)
{
    skip_blanks(a);
    for (size_t i = 0; i < ARRAY_LEN(binaries); i++) {
        size_t n = strlen(binaries[i].op);
        if (strncmp(a->at, binaries[i].op, n) != 0)
            continue;
        if (binaries[i].level < least || (a->at[n] == '=' && !strchr("<>=!&|", *a->at)))
            return NULL; /* or an assignment operator */
        if ((binaries[i].level == 8 || strchr("&^|", *a->at)) && n < 3 && a->at[n] == '=')
            return NULL;
        return &binaries[i];
    }
    return NULL;
}

static int64_t power(int64_t base, int64_t exponent)
{
    uint64_t result = 1, b = (uint64_t)base;
    for (; exponent > 0; exponent >>= 1, b *= b)
        if (exponent & 1)
            result *= b;
    return (int64_t)result;
}

static int64_t divide(struct arith *a, char op, int64_t x, int64_t y)
{
    if (a->unused)
        return 0;
    if (y == 0)
        return fail(a, "division by 0");
    if (y == -1) /* the smallest number has no opposite */
        return op == '/' ? (int64_t)(0 - (uint64_t)x) : 0;
    return op == '/' ? x / y : x % y;
}

static int64_t shift(int64_t x, int64_t by, bool left)
{
    by &= 63;
    return left ? (int64_t)((uint64_t)x << by) : x >> by;
}

static int64_t compute(struct arith *a, const char *op, int64_t x, int64_t y)
{
    uint64_t ux = (uint64_t)x, uy = (uint64_t)y;
    bool two = op[1] != '\0';
    switch (op[0]) {
    case '*':
        return two ? power(x, y) : (int64_t)(ux * uy);
    case '/':
    case '%':
        return divide(a, op[0], x, y);
    case '+':
        return (int64_t)(ux + uy);
    case '-':
        return (int64_t)(ux - uy);
    case '<':
        return !two ? x < y : op[1] == '=' ? x <= y : shift(x, y, true);
    case '>':
        return !two ? x > y : op[1] == '=' ? x >= y : shift(x, y, false);
    case '=':
        return x == y;
    case '!':
        return x != y;
    case '&':
        return two ? x && y : (int64_t)(ux & uy);
    case '|':
        return two ? x || y : (int64_t)(ux | uy);
    default:
        return (int64_t)(ux ^ uy);
    }
}

/* Precedence climbing. */
static int64_t binary(struct arith *a, int least)
{
    const struct binary *b;
    int64_t x = unary(a);
    while (!a->failed && (b = next_binary(a, least))) {
        bool skip = (strcmp(b->op, "&&") == 0 && !x) || (strcmp(b->op, "||") == 0 && x);
        a->at += strlen(b->op);
        a->unused += skip;
        int64_t y = binary(a, b->level == 11 ? 11 : b->level + 1);
        a->unused -= skip;
        x = compute(a, b->op, x, y);
    }
    return x;
}

static int64_t conditional(struct arith *a)
{
    int64_t condition = binary(a, 1);
    if (a->failed || !take(a, "?"))
        return condition;
    a->unused += !condition;
    int64_t yes = comma(a);
    a->unused -= !condition;
    if (!a->failed && !take(a, ":"))
        return fail(a, "`:' expected for conditional expression");
    a->unused += condition != 0;
    int64_t no = assignment(a);
    a->unused -= condition != 0;
    return condition ? yes : no;
}

/* The assignment operator at the position: its length, 0 if it is none; *op: what it computes. */
static size_t assignment_length(const char *s, char op[3])
{
    static const char *const ops[] = {"<<=", ">>=", "*=", "/=", "%=", "+=", "-=", "&=", "^=", "|="};
    op[0] = '\0';
    if (*s == '=')
        return s[1] == '=' ? 0 : 1;
    for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
        size_t n = strlen(ops[i]);
        if (strncmp(s, ops[i], n) != 0)
            continue;
        memcpy(op, ops[i], n - 1);
        op[n - 1] = '\0';
        return n;
    }
    return 0;
}

static int64_t assignment(struct arith *a)
{
    char op[3];
    skip_blanks(a);
    const char *start = a->at;
    char *name = take_name(a);
    skip_blanks(a);
    size_t n = name ? assignment_length(a->at, op) : 0;
    int64_t value;
    if (++a->depth > DEEPEST) {
        value = fail(a, "expression recursion level exceeded");
    } else if (n) {
        a->at += n;
        value = assignment(a);
        value = assign(a, name, op[0] ? compute(a, op, value_of(a, name), value) : value);
    } else {
        a->at = start;
        value = conditional(a);
    }
    a->depth--;
    free(name);
    return value;
}

static int64_t comma(struct arith *a)
{
    int64_t value = assignment(a);
    while (!a->failed && take(a, ","))
        value = assignment(a);
    return value;
}

bool arith_evaluate(struct shell *sh, const char *text, int64_t *value)
{
    struct arith a = {.sh = sh, .text = text, .at = text};
    skip_blanks(&a);
    *value = *a.at ? comma(&a) : 0;
    skip_blanks(&a);
    if (!a.failed && *a.at)
        fail(&a, "syntax error in expression");
    return !a.failed;
}

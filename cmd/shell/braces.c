#include "cmd/shell/braces.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"

enum { LONGEST_NUMBER = 15, DEEPEST = 50 };

struct sequence {
    long long from, to, step;
    int width; /* of numbers with leading zeros, 0: none */
    bool letters;
};

/* ---- {x..y..step} ---- */

static bool take_end(const char **p, const char *end, long long *value, bool *letter, int *width)
{
    char word[LONGEST_NUMBER + 1], *rest;
    size_t n = 0;
    while (*p + n < end && (*p)[n] != '.')
        n++;
    if (n == 0 || n > LONGEST_NUMBER)
        return false;
    memcpy(word, *p, n);
    word[n] = '\0';
    *p += n;
    *letter = n == 1 && isalpha((unsigned char)*word);
    *value = *letter ? *word : strtoll(word, &rest, 10);
    const char *digits = word + (*word == '-');
    if (digits[0] == '0' && digits[1] && (int)n > *width)
        *width = (int)n;
    return *letter || (isdigit((unsigned char)*digits) && !*rest);
}

static bool take_dots(const char **p, const char *end)
{
    if (end - *p < 2 || strncmp(*p, "..", 2) != 0)
        return false;
    *p += 2;
    return true;
}

static bool read_sequence(const char *p, const char *end, struct sequence *s)
{
    bool from_letter, to_letter, step_letter;
    *s = (struct sequence){.step = 1};
    if (!take_end(&p, end, &s->from, &from_letter, &s->width) || !take_dots(&p, end) ||
        !take_end(&p, end, &s->to, &to_letter, &s->width) || from_letter != to_letter)
        return false;
    if (p < end && (!take_dots(&p, end) || !take_end(&p, end, &s->step, &step_letter, &(int){0}) ||
                    step_letter))
        return false;
    s->step = s->step == 0 ? 1 : s->step < 0 ? -s->step : s->step;
    s->letters = from_letter;
    return p == end;
}

/* ---- {a,b} ---- */

/* The } that closes the { at p; NULL: none. *commas: within, not deeper. */
static const char *find_close(const char *p, unsigned *commas)
{
    int depth = 0;
    *commas = 0;
    for (; *p; p++) {
        depth += *p == '{';
        depth -= *p == '}';
        *commas += *p == ',' && depth == 1;
        if (depth == 0)
            return p;
    }
    return NULL;
}

/* The first { that begins an expansion; NULL: none. */
static const char *find_open(const char *text, const char **close, unsigned *commas)
{
    struct sequence s;
    for (const char *p = strchr(text, '{'); p; p = strchr(p + 1, '{')) {
        *close = find_close(p, commas);
        if (*close && (*commas || read_sequence(p + 1, *close, &s)))
            return p;
    }
    return NULL;
}

struct expander {
    struct words *out;
    size_t most;
    int depth;
};

static bool expand(struct expander *e, const char *before, const char *text);

/* before + item + the expansions of `rest`. */
static bool expand_item(struct expander *e, const char *before, const char *item, size_t n,
                        const char *rest)
{
    struct strbuf text = STRBUF_INIT;
    strbuf_add(&text, item, n);
    strbuf_adds(&text, rest);
    bool ok = expand(e, before, strbuf_cstr(&text));
    strbuf_release(&text);
    return ok;
}

static bool expand_sequence(struct expander *e, const char *before, const struct sequence *s,
                            const char *rest)
{
    long long span = s->from < s->to ? s->to - s->from : s->from - s->to;
    for (long long i = 0; i <= span; i += s->step) {
        char item[64];
        long long value = s->from < s->to ? s->from + i : s->from - i;
        int n = s->letters ? snprintf(item, sizeof(item), "%c", (char)value)
                           : snprintf(item, sizeof(item), "%0*lld", s->width, value);
        if (!expand_item(e, before, item, (size_t)n, rest))
            return false;
    }
    return true;
}

static bool expand_list(struct expander *e, const char *before, const char *open, const char *close)
{
    int depth = 0;
    const char *item = open + 1;
    for (const char *p = item; p <= close; p++) {
        if ((p == close || *p == ',') && depth == 0) {
            if (!expand_item(e, before, item, (size_t)(p - item), close + 1))
                return false;
            item = p + 1;
        }
        depth += *p == '{';
        depth -= *p == '}';
    }
    return true;
}

static bool expand(struct expander *e, const char *before, const char *text)
{
    const char *close;
    unsigned commas;
    const char *open = find_open(text, &close, &commas);
    struct strbuf word = STRBUF_INIT;
    struct sequence s;
    bool ok;
    strbuf_adds(&word, before);
    if (!open) {
        strbuf_adds(&word, text);
        words_add(e->out, strbuf_detach(&word));
        return e->out->n <= e->most;
    }
    strbuf_add(&word, text, (size_t)(open - text));
    if (++e->depth > DEEPEST)
        ok = false;
    else if (commas)
        ok = expand_list(e, strbuf_cstr(&word), open, close);
    else
        ok = read_sequence(open + 1, close, &s) &&
             expand_sequence(e, strbuf_cstr(&word), &s, close + 1);
    e->depth--;
    strbuf_release(&word);
    return ok;
}

bool braces_any(const char *text)
{
    const char *close;
    unsigned commas;
    return find_open(text, &close, &commas) != NULL;
}

bool braces_expand(const char *text, size_t most, struct words *out)
{
    struct expander e = {.out = out, .most = most};
    return expand(&e, "", text);
}

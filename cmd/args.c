#include "cmd/args.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

bool arg_matches(const char *word, const char *full)
{
    return *word && *word == *full && strncmp(word, full, strlen(word)) == 0;
}

int arg_next(struct args *a)
{
    if (a->n > 1) {
        arg_advance(a);
        return arg_completing(a) ? arg_offer_value(a, a->v[-1]) : ARG_OK;
    }
    sink_puts(a->err, "Command line is not complete. Try option \"help\"\n");
    return ARG_USAGE;
}

int arg_missing(struct args *a, const char *key)
{
    sink_printf(a->err, "Error: argument \"%s\" is required\n", key);
    return ARG_USAGE;
}

int arg_invalid(struct args *a, const char *why, const char *word)
{
    sink_printf(a->err, "Error: argument \"%s\" is wrong: %s\n", word, why);
    return ARG_USAGE;
}

int arg_duplicate(struct args *a, const char *key, const char *word)
{
    sink_printf(a->err, "Error: duplicate \"%s\": \"%s\" is the second value.\n", key, word);
    return ARG_USAGE;
}

int arg_garbage(struct args *a, const char *key, const char *word)
{
    sink_printf(a->err, "Error: either \"%s\" is duplicate, or \"%s\" is a garbage.\n", key, word);
    return ARG_USAGE;
}

int arg_on_off(struct args *a, const char *key, const char *word)
{
    sink_printf(a->err, "Error: argument of \"%s\" must be \"on\" or \"off\", not \"%s\"\n", key,
                word);
    return ARG_FAILED;
}

int arg_off_on(struct args *a, const char *key, const char *word)
{
    sink_printf(a->err, "Error: argument of \"%s\" must be one of \"off\", \"on\", not \"%s\"\n",
                key, word);
    return ARG_FAILED;
}

int arg_unsupported(struct args *a, const char *what, const char *word)
{
    sink_printf(a->err, "vnet: %s \"%s\" is not emulated\n", what, word);
    return ARG_USAGE;
}

int arg_refuse(struct args *a, void *into, const struct keyword *kw)
{
    (void)into;
    return arg_unsupported(a, kw->why, kw->name);
}

int arg_refuse_value(struct args *a, void *into, const struct keyword *kw)
{
    int status = arg_next(a);
    return status ? status : arg_refuse(a, into, kw);
}

int args_read_options(struct args *a, void *into, int (*take)(void *into, struct args *a),
                      int (*offer)(const struct args *a))
{
    while (a->n > 0 && a->v[0][0] == '-') {
        if (arg_completing(a))
            return offer(a);
        if (strcmp(a->v[0], "--") == 0) {
            arg_advance(a);
            break;
        }
        int status = take(into, a);
        if (status)
            return status;
        arg_advance(a);
    }
    return ARG_OK;
}

int arg_take_text(struct args *a, void *into, const struct keyword *kw)
{
    int status = arg_next(a);
    if (!status)
        memcpy((char *)into + kw->value, &a->v[0], sizeof(a->v[0]));
    return status;
}

static const struct keyword *find_keyword(const struct keyword *table, const char *word)
{
    for (const struct keyword *kw = table; kw->name; kw++)
        if (*word == *kw->name &&
            (strcmp(word, kw->name) == 0 || (kw->abbrev && arg_matches(word, kw->name))))
            return kw;
    return NULL;
}

int args_read(struct args *a, const struct keyword *table, void *into,
              int (*other)(struct args *a, void *into))
{
    while (a->n > 0) {
        if (arg_completing(a))
            return arg_offer_keywords(a, table);
        const struct keyword *kw = find_keyword(table, a->v[0]);
        int status = kw ? kw->parse(a, into, kw) : other(a, into);
        if (status > 0)
            return status;
        arg_advance(a);
        if (status == ARG_STOP)
            break;
    }
    return ARG_OK;
}

static bool read_unsigned(const char *s, int base, unsigned long long max, unsigned long long *out)
{
    char *end;
    errno = 0;
    unsigned long long v = strtoull(s, &end, base);
    if (end == s || *end || errno == ERANGE || v > max)
        return false;
    *out = v;
    return true;
}

bool arg_u64(const char *s, int base, uint64_t *out)
{
    unsigned long long v;
    if (!read_unsigned(s, base, UINT64_MAX, &v))
        return false;
    *out = v;
    return true;
}

bool arg_u32(const char *s, int base, uint32_t *out)
{
    unsigned long long v;
    if (!read_unsigned(s, base, UINT32_MAX, &v))
        return false;
    *out = (uint32_t)v;
    return true;
}

bool arg_u16(const char *s, int base, uint16_t *out)
{
    unsigned long long v;
    if (!read_unsigned(s, base, UINT16_MAX, &v))
        return false;
    *out = (uint16_t)v;
    return true;
}

bool arg_u8(const char *s, int base, uint8_t *out)
{
    unsigned long long v;
    if (!read_unsigned(s, base, UINT8_MAX, &v))
        return false;
    *out = (uint8_t)v;
    return true;
}

bool arg_int(const char *s, int base, int *out)
{
    char *end;
    errno = 0;
    long long v = strtoll(s, &end, base);
    if (end == s || *end || errno == ERANGE || v < INT_MIN || v > INT_MAX)
        return false;
    *out = (int)v;
    return true;
}

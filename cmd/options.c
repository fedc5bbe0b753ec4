#include "cmd/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/menu.h"

void options_init(struct options *o, int argc, char **argv, const char *spec,
                  const struct long_option *longs, struct sink *err)
{
    *o = (struct options){
        .argc = argc, .argv = argv, .spec = spec, .longs = longs, .err = err, .next = 1};
    o->operands = mem_calloc((size_t)argc + 1, sizeof(*o->operands));
}

void options_release(struct options *o)
{
    free(o->operands);
    o->operands = NULL;
}

static void complain(struct options *o, const char *fmt, ...) VNET_PRINTF(2, 3);
static void complain(struct options *o, const char *fmt, ...)
{
    if (!o->err)
        return;
    va_list ap;
    va_start(ap, fmt);
    sink_printf(o->err, "%s: ", o->argv[0]);
    sink_vprintf(o->err, fmt, ap);
    va_end(ap);
}

/* The next word is an option's argument: the option, or '?' where that word is to be completed. */
static int take_value(struct options *o, int option)
{
    o->arg = o->argv[o->next++];
    if (!o->complete || o->next < o->argc)
        return option;
    if (o->complete->menu)
        o->complete->menu->usage = o->usage;
    complete_offer_value(o->complete, o->argv[0], option);
    return '?';
}

/* The last word, if it is to be completed. */
static bool completes(struct options *o, const char *word)
{
    bool option = word[0] == '-';
    if (!o->complete || o->next < o->argc || (!option && o->operands_too))
        return false;
    if (option)
        complete_offer_options(o->complete, o->spec, o->longs, o->not_emulated, o->usage);
    else
        complete_offer_value(o->complete, o->argv[0], 0);
    return true;
}

static int next_short(struct options *o)
{
    unsigned char c = (unsigned char)*o->cluster++;
    const char *rest = *o->cluster ? o->cluster : NULL;
    const char *at = c == ':' || c == '+' ? NULL : strchr(o->spec, c);
    o->cluster = rest;
    if (!at) {
        o->bad = c;
        complain(o, "invalid option -- '%c'\n", c);
        return '?';
    }
    if (at[1] != ':')
        return c;
    o->cluster = NULL;
    if (rest) {
        o->arg = (char *)rest;
    } else if (at[2] != ':') {
        if (o->next >= o->argc) {
            o->bad = c;
            complain(o, "option requires an argument -- '%c'\n", c);
            return '?';
        }
        return take_value(o, c);
    }
    return c;
}

/* An exact name wins; else a prefix that fits one option only. */
static const struct long_option *find_long(struct options *o, const char *name, size_t len,
                                           bool *ambiguous)
{
    const struct long_option *found = NULL;
    *ambiguous = false;
    for (const struct long_option *l = o->longs; l && l->name; l++) {
        if (strncmp(l->name, name, len) != 0)
            continue;
        if (strlen(l->name) == len) {
            *ambiguous = false;
            return l;
        }
        if (found && found->value != l->value)
            *ambiguous = true;
        found = l;
    }
    return found;
}

static void complain_ambiguous(struct options *o, const char *word, size_t len)
{
    complain(o, "option '%s' is ambiguous; possibilities:", word);
    for (const struct long_option *l = o->longs; o->err && l->name; l++)
        if (strncmp(l->name, word + 2, len) == 0)
            sink_printf(o->err, " '--%s'", l->name);
    if (o->err)
        sink_puts(o->err, "\n");
}

static int next_long(struct options *o, char *word)
{
    char *name = word + 2, *value = strchr(name, '=');
    size_t len = value ? (size_t)(value - name) : strlen(name);
    bool ambiguous;
    const struct long_option *l = find_long(o, name, len, &ambiguous);
    o->bad = 0;
    if (ambiguous) {
        complain_ambiguous(o, word, len);
        return '?';
    }
    if (!l) {
        complain(o, "unrecognized option '--%.*s'\n", (int)strlen(name), name);
        return '?';
    }
    if (value && !l->takes_arg) {
        complain(o, "option '--%s' doesn't allow an argument\n", l->name);
        return '?';
    }
    if (!value && l->takes_arg == 1) {
        if (o->next >= o->argc) {
            complain(o, "option '--%s' requires an argument\n", l->name);
            return '?';
        }
        return take_value(o, l->value);
    } else if (value) {
        o->arg = value + 1;
    }
    return l->value;
}

int options_next(struct options *o)
{
    o->arg = NULL;
    if (o->cluster)
        return next_short(o);
    while (o->next < o->argc) {
        char *word = o->argv[o->next++];
        if (completes(o, word))
            return '?';
        if (strcmp(word, "--") == 0)
            break;
        if (word[0] == '-' && word[1] == '-' && o->longs)
            return next_long(o, word);
        if (word[0] == '-' && word[1] != '\0') {
            o->cluster = word + 1;
            return next_short(o);
        }
        o->operands[o->noperands++] = word;
        if (o->spec[0] == '+')
            break;
    }
    while (o->next < o->argc)
        o->operands[o->noperands++] = o->argv[o->next++];
    return -1;
}

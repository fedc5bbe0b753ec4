/* The author's machine, as the transcript shows it: all of the listings before the first change;
 * or, where there are none, what later ones show that no command has made. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/import/listing.h"
#include "cmd/replay/run.h"

struct lines {
    char **line; /* borrowed strings */
    size_t n, cap;
};

static void add_line(struct lines *l, char *line)
{
    ARRAY_GROW(l->line, l->n, l->cap);
    l->line[l->n++] = line;
}

static bool word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

/* Does the text hold the word? */
static bool mentions(const char *text, const char *word, size_t len)
{
    for (const char *s = strstr(text, word); s; s = strstr(s + 1, word))
        if ((s == text || !word_char(s[-1])) && !word_char(s[len]))
            return true;
    return false;
}

/* Does a command before step `end` name it, as what makes a device must? */
static bool named_before(const struct transcript *t, size_t end, const char *name)
{
    for (size_t i = 0; i < end; i++)
        if (mentions(t->steps[i].command, name, strlen(name)))
            return true;
    return false;
}

/* "2: ens33: <...": the name of the device that a listing goes on with, into `name`. */
static bool link_name(const char *line, char name[VNET_IFNAMSIZ])
{
    size_t digits = strspn(line, "0123456789");
    if (!digits || strncmp(line + digits, ": ", 2) != 0)
        return false;
    const char *s = line + digits + 2;
    size_t n = strcspn(s, "@: ");
    if (n == 0 || n >= VNET_IFNAMSIZ || !strchr(s, '<'))
        return false;
    memcpy(name, s, n);
    name[n] = '\0';
    return true;
}

/* The lines of step i's output about cards that were there before: not made by a command, not on
 * top of another device. */
static void take_cards(const struct transcript *t, size_t i, struct lines *out)
{
    const struct step *s = &t->steps[i];
    bool taking = false;
    for (size_t k = 0; k < s->nexpected; k++) {
        char name[VNET_IFNAMSIZ], *line = s->expected[k].text;
        if (link_name(line, name))
            taking = strcmp(name, "lo") != 0 && !strchr(line, '@') && !named_before(t, i, name);
        if (taking)
            add_line(out, line);
    }
}

/* A route's device is one of the cards. */
static bool routes_over(const char *route, const struct lines *cards)
{
    for (size_t i = 0; i < cards->n; i++) {
        char name[VNET_IFNAMSIZ];
        if (link_name(cards->line[i], name) && mentions(route, name, strlen(name)))
            return true;
    }
    return false;
}

static void take_routes(const struct step *s, const struct lines *cards, struct lines *out)
{
    for (size_t k = 0; k < s->nexpected; k++)
        if (isalnum((unsigned char)s->expected[k].text[0]) &&
            routes_over(s->expected[k].text, cards))
            add_line(out, s->expected[k].text);
}

static bool lists_routes(const struct step *s)
{
    return strstr(s->command, "route") || strstr(s->command, "ip r");
}

/* Listings after the first change. */
static void read_later(const struct transcript *t, size_t from, struct listing *l)
{
    struct lines cards = {0}, routes = {0};
    for (size_t i = from; i < t->n; i++)
        if (t->steps[i].kind == STEP_COMMAND && listing_command(t->steps[i].command) &&
            !lists_routes(&t->steps[i]))
            take_cards(t, i, &cards);
    for (size_t i = from; i < t->n && cards.n; i++)
        if (t->steps[i].kind == STEP_COMMAND && listing_command(t->steps[i].command) &&
            lists_routes(&t->steps[i]) && !routes.n)
            take_routes(&t->steps[i], &cards, &routes);
    if (cards.n)
        listing_read(l, cards.line, cards.n);
    if (routes.n)
        listing_read(l, routes.line, routes.n);
    free(cards.line);
    free(routes.line);
}

static void read_listing(struct listing *l, const struct step *s)
{
    struct lines lines = {0};
    for (size_t i = 0; i < s->nexpected; i++)
        add_line(&lines, s->expected[i].text);
    if (lines.n)
        listing_read(l, lines.line, lines.n);
    free(lines.line);
}

int replay_make_machine(const struct transcript *t, struct vnet *w, struct vnet_err *err)
{
    struct listing l = {0};
    size_t i = 0, listings = 0;
    for (; i < t->n; i++) {
        const struct step *s = &t->steps[i];
        if (s->kind == STEP_DIRECTIVE)
            continue;
        if (!listing_command(s->command))
            break;
        read_listing(&l, s);
        listings++;
    }
    if (!listings)
        read_later(t, i, &l);
    int rc = listing_apply(&l, w, err);
    listing_release(&l);
    return rc;
}

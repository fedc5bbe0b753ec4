/* Rules, neighbours, settings: `ip rule`, `ip neigh`, `sysctl -a`. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/import/feed.h"
#include "cmd/ip/neigh_print.h"

static void add_word(struct strbuf *sb, const char *word)
{
    if (sb->len)
        strbuf_addc(sb, ' ');
    strbuf_adds(sb, word);
}

/* ---- rules ---- */

/* "1001:  from all to 10.0.0.0/8 fwmark 0x10/0xff iif veth0 [detached] lookup 100" */
bool read_rule(struct feed *r)
{
    const struct line_words *w = &r->w;
    char pref[16];
    uint32_t v;
    struct inet_addr addr;
    uint8_t bits;
    size_t len = w->n >= 2 ? strlen(w->word[0]) : 0;
    if (len < 2 || len > 11 || w->word[0][len - 1] != ':' ||
        (!line_is(w, 1, "from") && !line_is(w, 1, "not")))
        return false;
    snprintf(pref, sizeof(pref), "%.*s", (int)len - 1, w->word[0]);
    if (!line_u32(pref, UINT32_MAX, &v))
        return false;
    struct strbuf text = STRBUF_INIT;
    struct listed_words words = {.line = r->line, .family = r->by.family};
    r->link = NO_LINK;
    feed_end_route(r);
    if (v == 0) /* the first of another output */
        feed_end_rules(r);
    strbuf_addf(&text, "pref %s", pref);
    for (int i = 1; i < w->n; i++) {
        if (line_is(w, i, "proto") && line_is(w, i + 1, "kernel"))
            i++;
        else if (w->word[i][0] != '[') /* [detached], [unresolved] */
            add_word(&text, w->word[i]);
        if ((line_is(w, i, "from") || line_is(w, i, "to")) && i + 1 < w->n &&
            feed_prefix(w->word[i + 1], VNET_AF_UNSPEC, &addr, &bits))
            words.family = addr.family;
    }
    words.text = text.data;
    listing_add_words(r->l, &r->l->rules, LISTING_RULES, &words);
    strbuf_release(&text);
    return true;
}

/* An output without a command before it: IPv6 has no rule for the table default. */
static uint8_t guess_family(const struct listed_list *rules, size_t from)
{
    bool has_main = false;
    for (size_t i = from; i < rules->n; i++) {
        if (rules->v[i].family != VNET_AF_UNSPEC)
            return rules->v[i].family;
        if (strstr(rules->v[i].text, " lookup default"))
            return VNET_AF_INET;
        has_main |= strstr(rules->v[i].text, " lookup main") != NULL;
    }
    return has_main ? VNET_AF_INET6 : VNET_AF_INET;
}

void feed_end_rules(struct feed *r)
{
    struct listed_list *rules = &r->l->rules;
    if (r->rules_from < rules->n) {
        uint8_t family = guess_family(rules, r->rules_from);
        for (size_t i = r->rules_from; i < rules->n; i++)
            if (rules->v[i].family == VNET_AF_UNSPEC)
                rules->v[i].family = family;
        if (!r->by.part)
            *(family == VNET_AF_INET6 ? &r->l->shows_rules6 : &r->l->shows_rules4) = true;
    }
    r->rules_from = rules->n;
}

/* ---- neighbours ---- */

/* The name of a state as it is printed: upper case; in lower case as it is typed. */
static bool state_word(const char *word, char out[16])
{
    uint32_t state;
    size_t n = strlen(word);
    if (n == 0 || n >= 16)
        return false;
    for (size_t i = 0; i <= n; i++) {
        if (islower((unsigned char)word[i]))
            return false;
        out[i] = (char)tolower((unsigned char)word[i]);
    }
    return out[0] > '9' && ip_neigh_state(out, &state);
}

/* What stands behind "ADDRESS dev DEV"; false: nothing that a neighbour has. */
static bool add_neigh_words(struct feed *r, struct strbuf *text, int i, bool *proxy)
{
    static const char *const flags[] = {"router", "extern_learn", "managed"};
    static const char *const counts[] = {"ref", "used", "probes"};
    const struct line_words *w = &r->w;
    char state[16];
    bool known = false;
    for (; i < w->n; i++) {
        const char *word = w->word[i];
        size_t k = 0;
        while (k < ARRAY_LEN(flags) && strcmp(word, flags[k]) != 0)
            k++;
        if (k < ARRAY_LEN(flags)) {
            add_word(text, word);
        } else if (strcmp(word, "proxy") == 0) {
            known = *proxy = true;
        } else if (i + 1 < w->n && (strcmp(word, "lladdr") == 0 || strcmp(word, "proto") == 0)) {
            known = true;
            strbuf_addf(text, " %s %s", word[0] == 'l' ? word : "protocol", w->word[i + 1]);
            i++;
        } else if (state_word(word, state)) {
            known = true;
            strbuf_addf(text, " nud %s", state);
        } else {
            for (k = 0; k < ARRAY_LEN(counts) && strcmp(word, counts[k]) != 0; k++)
                ;
            if (k == ARRAY_LEN(counts))
                return false;
            i++;
        }
    }
    return known;
}

/* "192.168.2.1 dev veth0 lladdr 02:... router ref 1 used 0/0/0 probes 1 STALE" */
bool read_neigh(struct feed *r)
{
    const struct line_words *w = &r->w;
    struct inet_addr addr;
    uint8_t len;
    bool proxy = false, has_dev = line_is(w, 1, "dev") && w->n > 2;
    const char *dev = has_dev ? w->word[2] : r->by.dev;
    struct strbuf text = STRBUF_INIT, whole = STRBUF_INIT;
    bool ok = w->n >= 2 && *dev && !strchr(w->word[0], '/') &&
              feed_prefix(w->word[0], VNET_AF_UNSPEC, &addr, &len) &&
              add_neigh_words(r, &text, has_dev ? 3 : 1, &proxy);
    if (ok) {
        feed_end_record(r);
        strbuf_addf(&whole, "%s%s dev %s %s", proxy ? "proxy " : "", w->word[0], dev,
                    strbuf_cstr(&text) + (text.len && text.data[0] == ' '));
        const struct listed_words words = {
            .line = r->line, .family = addr.family, .text = whole.data};
        listing_add_words(r->l, &r->l->neighs, LISTING_NEIGHS, &words);
        if (!listing_find_link(r->l, dev)) {
            struct listed_link *link = listing_link(r->l, r->line, dev);
            if (link)
                link->guessed = true;
        }
    }
    strbuf_release(&text);
    strbuf_release(&whole);
    return ok;
}

/* ---- settings ---- */

static bool is_key(const char *word)
{
    return islower((unsigned char)word[0]) && (strchr(word, '.') || strchr(word, '/')) &&
           word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/@:+"
                             "~")] == '\0';
}

/* "net.ipv4.ip_forward = 1"; "sysctl: permission denied on key ..." says nothing */
bool read_sysctl(struct feed *r)
{
    const struct line_words *w = &r->w;
    if (w->n && strcmp(w->word[0], "sysctl:") == 0)
        return true;
    if (w->n < 2 || strcmp(w->word[1], "=") != 0 || !is_key(w->word[0]))
        return false;
    feed_end_record(r);
    const char *value = strchr(r->raw, '=') + 1;
    listing_add_sysctl(r->l, r->line, w->word[0], value + strspn(value, " \t"));
    return true;
}

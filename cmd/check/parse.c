/* The language: a line an assertion, "[in NAMESPACE] [not] KIND WORD...", "# ..." a comment, and a
 * line "hint ..." belongs to the assertion before it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cmd/check/check.h"

enum { MOST_ASSERTIONS = 1000, MOST_LINE = 4096 };

const struct check_kind check_kinds[] = {
    {"reachable", CHECK_PINGS, "ADDRESS", {"from", NULL}, "", NULL, NULL},
    {"route",
     CHECK_SHOWS,
     "ADDRESS",
     {"via", "dev", "src", "table", NULL},
     "",
     "ip route get %s",
     NULL},
    {"entry",
     CHECK_SHOWS,
     "PREFIX",
     {"via", "dev", "src", "metric", "proto", "scope", NULL},
     "",
     "ip route show table all",
     ""},
    {"address", CHECK_SHOWS, "PREFIX", {"on", NULL}, "", "ip -o addr show", "inet"},
    {"link",
     CHECK_SHOWS,
     "DEVICE",
     {"mtu", "master", "state", "address", NULL},
     "up down",
     "ip -o -d link show dev %s",
     NULL},
    {"neighbour",
     CHECK_SHOWS,
     "ADDRESS",
     {"on", "lladdr", "state", NULL},
     "",
     "ip neigh show %s",
     ""},
    {"fdb", CHECK_SHOWS, "MAC", {"dev", "master", "vlan", NULL}, "", "bridge fdb show", ""},
    {"sysctl", CHECK_SHOWS, "KEY", {"=", NULL}, "", "sysctl %s", ""},
    {"captured", CHECK_CAPTURES, "DEVICE", {NULL}, "", NULL, NULL},
    {"succeeds", CHECK_SUCCEEDS, NULL, {NULL}, "", NULL, NULL},
    {"prints", CHECK_PRINTS, "TEXT", {NULL}, "", NULL, NULL},
    {.name = NULL},
};

static const struct check_kind *kind_of(const char *word)
{
    for (const struct check_kind *k = check_kinds; k->name; k++)
        if (strcmp(k->name, word) == 0)
            return k;
    return NULL;
}

/* ---- words ---- */

struct words {
    char **v; /* owned, NULL-terminated */
    int n;
};

static void release_words(char **v)
{
    for (char **w = v; w && *w; w++)
        free(*w);
    free(v);
}

static int fail(struct check_error *e, size_t line, const char *word, const char *why)
{
    e->line = line;
    snprintf(e->word, sizeof(e->word), "%s", word);
    return vnet_err(&e->why, EINVAL, "%s", why);
}

/* A word, or what stands between quotation marks; NULL after the last one. -1: no closing one. */
static int next_word(const char **at, struct strbuf *word)
{
    const char *p = *at + strspn(*at, " \t\r");
    strbuf_reset(word);
    if (!*p || *p == '#')
        return 0;
    if (*p == '"') {
        size_t n = strcspn(p + 1, "\"");
        strbuf_add(word, p + 1, n);
        *at = p + 1 + n + 1;
        return p[1 + n] ? 1 : -1;
    }
    size_t n = strcspn(p, " \t\r");
    strbuf_add(word, p, n);
    *at = p + n;
    return 1;
}

static int split(const char *text, size_t line, struct words *w, struct check_error *e)
{
    struct strbuf word = STRBUF_INIT;
    int rc;
    w->v = mem_calloc(CHECK_MOST_WORDS + 1, sizeof(*w->v));
    w->n = 0;
    while ((rc = next_word(&text, &word)) > 0 && w->n < CHECK_MOST_WORDS)
        w->v[w->n++] = mem_strdup(strbuf_cstr(&word));
    if (rc < 0)
        rc = fail(e, line, strbuf_cstr(&word), "the closing quotation mark is missing");
    else if (rc > 0)
        rc = fail(e, line, strbuf_cstr(&word), "too many words");
    strbuf_release(&word);
    return rc;
}

/* ---- an assertion ---- */

static bool is_flag(const struct check_kind *k, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = k->flags; len && (p = strstr(p, word)); p += len)
        if ((p == k->flags || p[-1] == ' ') && (p[len] == ' ' || !p[len]))
            return true;
    return false;
}

static bool is_key(const struct check_kind *k, const char *word)
{
    for (const char *const *key = k->keys; *key; key++)
        if (strcmp(*key, word) == 0)
            return true;
    return false;
}

/* What may follow the first word, for messages. */
static void list_keys(const struct check_kind *k, struct strbuf *sb)
{
    for (const char *const *key = k->keys; *key; key++)
        strbuf_addf(sb, "%s%s", sb->len ? ", " : "", *key);
    for (const char *p = k->flags; *p;) {
        size_t n = strcspn(p, " ");
        strbuf_addf(sb, "%s%.*s", sb->len ? ", " : "", (int)n, p);
        p += n + (p[n] == ' ');
    }
}

static int check_keys(const struct assertion *a, struct check_error *e)
{
    for (int i = 1; i < a->nwords; i++) {
        if (is_flag(a->kind, a->words[i]))
            continue;
        if (!is_key(a->kind, a->words[i])) {
            struct strbuf keys = STRBUF_INIT, why = STRBUF_INIT;
            list_keys(a->kind, &keys);
            strbuf_addf(&why, "after \"%s\" can come: %s", a->kind->name, strbuf_cstr(&keys));
            fail(e, a->line, a->words[i], why.data);
            strbuf_release(&keys);
            strbuf_release(&why);
            return -EINVAL;
        }
        if (++i == a->nwords)
            return fail(e, a->line, a->words[i - 1], "its value is missing");
    }
    return 0;
}

static bool is_address(const char *word)
{
    struct inet_addr addr;
    return inet_addr_parse(strchr(word, ':') ? VNET_AF_INET6 : VNET_AF_INET, word, &addr);
}

static bool is_prefix(const char *word)
{
    const char *slash = strchr(word, '/');
    if (!slash || strlen(slash) < 2 || strlen(slash) > 4 ||
        slash[1 + strspn(slash + 1, "0123456789")])
        return !slash && (strcmp(word, "default") == 0 || is_address(word));
    char *addr = mem_strndup(word, (size_t)(slash - word));
    bool ok = is_address(addr);
    free(addr);
    return ok;
}

static int check_operand(const struct assertion *a, struct check_error *e)
{
    const char *operand = a->kind->operand, *word = a->words[0];
    struct lladdr mac;
    if (strcmp(operand, "ADDRESS") == 0 && !is_address(word))
        return fail(e, a->line, word, "is no address");
    if (strcmp(operand, "PREFIX") == 0 && !is_prefix(word))
        return fail(e, a->line, word, "is no address with a prefix length, as in 10.0.0.1/24");
    if (strcmp(operand, "MAC") == 0 && !lladdr_parse(word, &mac))
        return fail(e, a->line, word, "is no MAC address");
    if (strcmp(operand, "KEY") == 0 && *word == '-')
        return fail(e, a->line, word, "is no sysctl");
    if (strcmp(operand, "DEVICE") == 0 && (!*word || *word == '-' || strlen(word) >= VNET_IFNAMSIZ))
        return fail(e, a->line, word, "is no device's name");
    return 0;
}

/* Where the command begins: behind "by", or at once. */
static int command_at(const struct assertion *a)
{
    if (a->kind->how == CHECK_SUCCEEDS)
        return 0;
    if (a->kind->how == CHECK_PRINTS)
        return 1;
    for (int i = 1; i < a->nwords; i++)
        if (strcmp(a->words[i], "by") == 0)
            return i + 1;
    return 0;
}

static int check_command(const struct assertion *a, struct check_error *e)
{
    int at = command_at(a);
    if (a->kind->how == CHECK_CAPTURES && at == 0)
        return fail(e, a->line, "", "what shall cause it is missing: by COMMAND");
    if (at >= a->nwords)
        return fail(e, a->line, "", "the command is missing");
    const struct tool *tool = tool_find(a->words[at]);
    if (!tool || tool->origin != TOOL_REAL)
        return fail(e, a->line, a->words[at], "is no tool of vnet's");
    return 0;
}

static int check_assertion(const struct assertion *a, struct check_error *e)
{
    bool command = a->kind->how >= CHECK_SUCCEEDS;
    if (a->nwords == 0)
        return fail(e, a->line, a->kind->name,
                    a->kind->operand ? "what it is about is missing" : "the command is missing");
    int rc = a->kind->operand ? check_operand(a, e) : 0;
    if (rc == 0)
        rc = command ? check_command(a, e) : check_keys(a, e);
    if (rc == 0 && strcmp(a->kind->name, "sysctl") == 0 && !assertion_value(a, "="))
        rc = fail(e, a->line, a->words[0], "its value is missing: sysctl KEY = VALUE");
    return rc;
}

static void join(struct strbuf *sb, char *const *words)
{
    for (; *words; words++)
        strbuf_addf(sb, "%s%s", sb->len ? " " : "", *words);
}

/* w is taken. */
static int add_assertion(struct assertions *list, struct words *w, size_t line,
                         struct check_error *e)
{
    struct assertion a = {.line = line, .words = w->v, .nwords = w->n};
    struct strbuf text = STRBUF_INIT;
    int skip = 0;
    join(&text, w->v);
    if (w->n >= 2 && strcmp(w->v[0], "in") == 0)
        skip = 2;
    a.netns = mem_strdup(skip ? w->v[1] : "");
    if (skip < w->n && strcmp(w->v[skip], "not") == 0) {
        a.negated = true;
        skip++;
    }
    a.kind = skip < w->n ? kind_of(w->v[skip]) : NULL;
    int rc = 0;
    if (!a.kind)
        rc = fail(e, line, skip < w->n ? w->v[skip] : "",
                  skip < w->n ? "is no kind of assertion" : "the assertion is missing");
    for (int i = 0; rc == 0 && i <= skip; i++)
        free(w->v[i]);
    if (rc == 0) {
        a.nwords -= skip + 1;
        memmove(a.words, a.words + skip + 1, ((size_t)a.nwords + 1) * sizeof(*a.words));
    }
    a.text = strbuf_detach(&text);
    ARRAY_GROW(list->v, list->n, list->cap);
    list->v[list->n++] = a;
    return rc ? rc : check_assertion(&a, e);
}

static int take_hint(struct assertions *list, const char *text, size_t line, struct check_error *e)
{
    if (!list->n)
        return fail(e, line, "hint", "there is no assertion before it");
    struct assertion *a = &list->v[list->n - 1];
    if (a->hint)
        return fail(e, line, "hint", "there is one already");
    a->hint = mem_strdup(text + strspn(text, " \t"));
    return 0;
}

static int parse_line(struct assertions *list, const char *text, size_t line, struct check_error *e)
{
    const char *first = text + strspn(text, " \t");
    struct words w;
    if (text_has_control(text) && !strchr(text, '\t') && !strchr(text, '\r'))
        return fail(e, line, "", "it has a control character");
    if (strncmp(first, "hint", 4) == 0 && (first[4] == ' ' || first[4] == '\t'))
        return take_hint(list, first + 4, line, e);
    int rc = split(text, line, &w, e);
    if (rc == 0 && w.n > 0 && list->n < MOST_ASSERTIONS)
        return add_assertion(list, &w, line, e);
    if (rc == 0 && w.n > 0)
        rc = fail(e, line, "", "these are too many assertions");
    release_words(w.v);
    return rc;
}

int assertions_parse(const char *text, size_t len, struct assertions *a, struct check_error *error)
{
    const char *end = text + len;
    int rc = 0;
    *a = (struct assertions){0};
    *error = (struct check_error){0};
    for (size_t line = 1; rc == 0 && text < end; line++) {
        const char *nl = memchr(text, '\n', (size_t)(end - text));
        size_t n = (size_t)((nl ? nl : end) - text);
        if (n > MOST_LINE || memchr(text, '\0', n))
            return fail(error, line, "", "this is no line of text");
        char *copy = mem_strndup(text, n);
        if (n && copy[n - 1] == '\r')
            copy[n - 1] = '\0';
        rc = parse_line(a, copy, line, error);
        free(copy);
        text += n + 1;
    }
    if (rc == 0 && a->n == 0)
        rc = fail(error, 1, "", "there is no assertion in it");
    return rc;
}

void assertions_release(struct assertions *a)
{
    for (size_t i = 0; i < a->n; i++) {
        free(a->v[i].text);
        free(a->v[i].netns);
        free(a->v[i].hint);
        release_words(a->v[i].words);
    }
    free(a->v);
}

const char *assertion_value(const struct assertion *a, const char *key)
{
    for (int i = 1; i + 1 < a->nwords; i++) {
        if (is_flag(a->kind, a->words[i]))
            continue;
        if (strcmp(a->words[i], key) == 0)
            return a->words[i + 1];
        i++;
    }
    return NULL;
}

/* `ip -j`: each object becomes the lines of text that `ip` prints for it, so that what they mean is
 * known in one place only. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "cmd/import/feed.h"

/* ---- values as words ---- */

/* One word, no more: what comes from a stranger's file must not become several. */
static bool is_word(const char *s)
{
    for (const char *c = s; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return false;
    return *s != '\0';
}

/* A member as a word behind a blank and `before`; nothing if there is none. */
static bool put_value(struct strbuf *sb, const char *before, const json_t *v)
{
    if (json_is_string(v) && is_word(json_string_value(v)))
        strbuf_addf(sb, "%s%s", before, json_string_value(v));
    else if (json_is_integer(v))
        strbuf_addf(sb, "%s%lld", before, (long long)json_integer_value(v));
    else
        return false;
    return true;
}

static bool put(struct strbuf *sb, const char *before, const json_t *obj, const char *key)
{
    return put_value(sb, before, json_object_get(obj, key));
}

struct pair {
    const char *key, *before;
};

static void put_pairs(struct strbuf *sb, const json_t *obj, const struct pair *pairs)
{
    for (; pairs->key; pairs++)
        put(sb, pairs->before, obj, pairs->key);
}

static void put_strings(struct strbuf *sb, const json_t *array, const char *between)
{
    const json_t *v;
    size_t i;
    json_array_foreach(array, i, v)
    {
        put_value(sb, i ? between : "", v);
    }
}

static void send(struct feed *r, struct strbuf *sb)
{
    feed_line(r, strbuf_cstr(sb), sb->len);
    strbuf_reset(sb);
}

/* ---- links ---- */

static const char *const link_keys[] = {
    "ifindex",
    "link",
    "link_index",
    "ifname",
    "flags",
    "mtu",
    "qdisc",
    "master",
    "operstate",
    "linkmode",
    "group",
    "txqlen",
    "link_type",
    "address",
    "broadcast",
    "addr_info",
    "linkinfo",
    "ifalias",
    "altnames",
    "stats64",
    "stats",
    "permaddr",
    "link_netnsid",
    "link_pointtopoint",
    "inet6_addr_gen_mode",
};

static bool known_key(const char *key)
{
    for (size_t i = 0; i < ARRAY_LEN(link_keys); i++)
        if (strcmp(key, link_keys[i]) == 0)
            return true;
    for (size_t i = 0; i < ATTRS; i++)
        if (strcmp(key, attr_names[i].key) == 0)
            return true;
    return false;
}

static void note_unknown(struct feed *r, const json_t *obj)
{
    const struct listed_link *link = feed_link(r);
    const json_t *v;
    const char *key;
    json_object_foreach(obj, key, v)
    {
        if (link && !known_key(key))
            listing_note(r->l, r->line, "%s: attribute %.40s is not kept", link->name, key);
    }
}

static void put_name(struct strbuf *sb, const json_t *obj)
{
    put(sb, "", obj, "ifname");
    if (!put(sb, "@", obj, "link"))
        put(sb, "@if", obj, "link_index");
}

static void send_header(struct feed *r, struct strbuf *sb, const json_t *obj)
{
    static const struct pair pairs[] = {
        {"mtu", " mtu "},         {"qdisc", " qdisc "},   {"master", " master "},
        {"operstate", " state "}, {"linkmode", " mode "}, {"group", " group "},
        {"txqlen", " qlen "},     {NULL, NULL},
    };
    put(sb, "", obj, "ifindex");
    strbuf_adds(sb, ": ");
    put_name(sb, obj);
    strbuf_adds(sb, ": <");
    put_strings(sb, json_object_get(obj, "flags"), ",");
    strbuf_adds(sb, ">");
    put_pairs(sb, obj, pairs);
    send(r, sb);
}

static void send_details(struct feed *r, struct strbuf *sb, const json_t *obj)
{
    const json_t *info = json_object_get(obj, "linkinfo"), *alt = json_object_get(obj, "altnames"),
                 *v;
    const char *alias = json_string_value(json_object_get(obj, "ifalias"));
    size_t i;
    if (put(sb, "link/", obj, "link_type")) {
        put(sb, " ", obj, "address");
        put(sb, " brd ", obj, "broadcast");
        put(sb, " addrgenmode ", obj, "inet6_addr_gen_mode");
        for (i = 0; i < ATTRS; i++) {
            const json_t *n = json_object_get(obj, attr_names[i].key);
            if (json_is_integer(n))
                strbuf_addf(sb, " %s %lld", attr_names[i].word, (long long)json_integer_value(n));
        }
        send(r, sb);
    }
    if (put(sb, "", info, "info_kind"))
        send(r, sb);
    if (put(sb, "", info, "info_slave_kind")) {
        strbuf_adds(sb, "_slave");
        send(r, sb);
    }
    if (alias && !strpbrk(alias, "\r\n\\")) {
        strbuf_addf(sb, "alias %s", alias);
        send(r, sb);
    }
    json_array_foreach(alt, i, v)
    {
        if (put_value(sb, "altname ", v))
            send(r, sb);
    }
    if (json_object_get(obj, "stats64") || json_object_get(obj, "stats"))
        feed_line(r, "RX:", 3);
}

static void send_addr(struct feed *r, struct strbuf *sb, const json_t *a)
{
    const json_t *v;
    const char *key;
    put(sb, "", a, "family");
    put(sb, " ", a, "local");
    put(sb, " peer ", a, "address");
    put(sb, "/", a, "prefixlen");
    put(sb, " metric ", a, "metric");
    put(sb, " brd ", a, "broadcast");
    put(sb, " any ", a, "anycast");
    put(sb, " scope ", a, "scope");
    json_object_foreach(a, key, v)
    {
        if (json_is_true(v) && is_word(key))
            strbuf_addf(sb, " %s", key);
    }
    put(sb, " ", a, "label");
    send(r, sb);
    if (put(sb, "valid_lft ", a, "valid_life_time") &&
        put(sb, " preferred_lft ", a, "preferred_life_time"))
        send(r, sb);
    strbuf_reset(sb);
}

static void send_brief(struct feed *r, struct strbuf *sb, const json_t *obj)
{
    const json_t *flags = json_object_get(obj, "flags"), *v;
    size_t i;
    put_name(sb, obj);
    put(sb, " ", obj, "operstate");
    put(sb, " ", obj, "address");
    if (flags) {
        strbuf_adds(sb, " <");
        put_strings(sb, flags, ",");
        strbuf_adds(sb, ">");
    }
    json_array_foreach(json_object_get(obj, "addr_info"), i, v)
    {
        put(sb, " ", v, "local");
        put(sb, " peer ", v, "address");
        put(sb, "/", v, "prefixlen");
    }
    send(r, sb);
}

static void send_link(struct feed *r, struct strbuf *sb, const json_t *obj)
{
    const json_t *v;
    size_t i;
    if (!json_object_get(obj, "ifindex")) {
        send_brief(r, sb, obj);
        return;
    }
    send_header(r, sb, obj);
    if (!feed_link(r))
        return; /* a link that is left out: so is what is said of it */
    note_unknown(r, obj);
    send_details(r, sb, obj);
    json_array_foreach(json_object_get(obj, "addr_info"), i, v)
    {
        if (json_object_size(v))
            send_addr(r, sb, v);
    }
}

/* ---- routes ---- */

static void put_via(struct strbuf *sb, const json_t *obj)
{
    const json_t *via = json_object_get(obj, "via");
    put(sb, " via ", obj, "gateway");
    if (put(sb, " via ", via, "family"))
        put(sb, " ", via, "host");
    put(sb, " dev ", obj, "dev");
}

static void put_metrics(struct strbuf *sb, const json_t *metrics)
{
    static const char *const times[] = {"rtt", "rttvar", "rto_min"};
    const json_t *set, *v;
    const char *key;
    size_t i;
    json_array_foreach(metrics, i, set)
    {
        json_object_foreach(set, key, v)
        {
            if (strcmp(key, "ecn") == 0)
                strbuf_adds(sb, " features ecn");
            else if (is_word(key) && json_is_integer(v))
                strbuf_addf(sb, " %s %lld", key, (long long)json_integer_value(v));
            for (size_t k = 0; k < ARRAY_LEN(times); k++)
                if (json_is_integer(v) && strcmp(key, times[k]) == 0)
                    strbuf_adds(sb, "ms");
        }
    }
}

static void put_flags(struct strbuf *sb, const json_t *obj)
{
    const json_t *v;
    size_t i;
    json_array_foreach(json_object_get(obj, "flags"), i, v)
    {
        put_value(sb, " ", v);
    }
}

static void send_route(struct feed *r, struct strbuf *sb, const json_t *obj)
{
    static const struct pair pairs[] = {
        {"table", " table "}, {"protocol", " proto "}, {"scope", " scope "},
        {"prefsrc", " src "}, {"metric", " metric "},  {NULL, NULL},
    };
    const json_t *v;
    size_t i;
    if (put(sb, "", obj, "type"))
        strbuf_addc(sb, ' ');
    put(sb, "", obj, "dst");
    put(sb, " from ", obj, "from");
    put(sb, " tos ", obj, "tos");
    put_via(sb, obj);
    put_pairs(sb, obj, pairs);
    put_flags(sb, obj);
    put(sb, " expires ", obj, "expires");
    put_metrics(sb, json_object_get(obj, "metrics"));
    put(sb, " pref ", obj, "pref");
    send(r, sb);
    json_array_foreach(json_object_get(obj, "nexthops"), i, v)
    {
        strbuf_adds(sb, "nexthop");
        put_via(sb, v);
        put(sb, " weight ", v, "weight");
        put_flags(sb, v);
        send(r, sb);
    }
}

/* ---- rules and neighbours ---- */

static void put_range(struct strbuf *sb, const json_t *obj, const char *before, const char *first,
                      const char *last)
{
    if (put(sb, before, obj, first))
        put(sb, "-", obj, last);
}

static void send_rule(struct feed *r, struct strbuf *sb, const json_t *obj)
{
    static const struct pair pairs[] = {
        {"ipproto", " ipproto "},
        {"sport", " sport "},
        {"dport", " dport "},
        {NULL, NULL},
    };
    static const struct pair actions[] = {
        {"table", " lookup "},
        {"suppress_prefixlen", " suppress_prefixlength "},
        {"suppress_ifgroup", " suppress_ifgroup "},
        {"goto", " goto "},
        {"action", " "},
        {"protocol", " proto "},
        {NULL, NULL},
    };
    put(sb, "", obj, "priority");
    strbuf_adds(sb, json_object_get(obj, "not") ? ": not" : ":");
    if (put(sb, " from ", obj, "src"))
        put(sb, "/", obj, "srclen");
    if (put(sb, " to ", obj, "dst"))
        put(sb, "/", obj, "dstlen");
    put(sb, " tos ", obj, "tos");
    if (put(sb, " fwmark ", obj, "fwmark"))
        put(sb, "/", obj, "fwmask");
    put(sb, " iif ", obj, "iif");
    put(sb, " oif ", obj, "oif");
    put_range(sb, obj, " uidrange ", "uid_start", "uid_end");
    put_pairs(sb, obj, pairs);
    put_range(sb, obj, " sport ", "sport_start", "sport_end");
    put_range(sb, obj, " dport ", "dport_start", "dport_end");
    put_pairs(sb, obj, actions);
    if (json_object_get(obj, "nop"))
        strbuf_adds(sb, " nop");
    send(r, sb);
}

static void send_neigh(struct feed *r, struct strbuf *sb, const json_t *obj)
{
    static const char *const flags[] = {"router", "proxy", "extern_learn"};
    const json_t *v;
    size_t i;
    put(sb, "", obj, "dst");
    put(sb, " dev ", obj, "dev");
    put(sb, " lladdr ", obj, "lladdr");
    for (i = 0; i < ARRAY_LEN(flags); i++)
        if (json_object_get(obj, flags[i]))
            strbuf_addf(sb, " %s", flags[i]);
    json_array_foreach(json_object_get(obj, "state"), i, v)
    {
        put_value(sb, " ", v);
    }
    put(sb, " proto ", obj, "protocol");
    send(r, sb);
}

/* ---- objects ---- */

static void send_object(struct feed *r, const json_t *obj)
{
    struct strbuf sb = STRBUF_INIT;
    if (json_object_get(obj, "ifname"))
        send_link(r, &sb, obj);
    else if (json_object_get(obj, "priority"))
        send_rule(r, &sb, obj);
    else if (json_object_get(obj, "dst") &&
             (json_object_get(obj, "state") || json_object_get(obj, "lladdr") ||
              json_object_get(obj, "proxy")))
        send_neigh(r, &sb, obj);
    else if (json_object_get(obj, "dst"))
        send_route(r, &sb, obj);
    else if (json_object_size(obj)) /* `ip` prints {} for what it filters */
        listing_note(r->l, r->line,
                     "an object that is no link, route, rule or neighbour: left out");
    strbuf_release(&sb);
}

static void read_object(struct feed *r, const char *text, size_t len)
{
    struct vnet_err err = {""};
    char *copy = mem_strndup(text, len);
    json_t *root = strlen(copy) == len ? json_parse(copy, len, &err) : NULL;
    r->from_json = true;
    if (root)
        send_object(r, root);
    else
        listing_note(r->l, r->line, "not JSON: left out: %.60s", err.msg);
    r->from_json = false;
    json_free(root);
    free(copy);
}

/* The byte behind a string that begins at s. */
static const char *behind_string(const char *s, const char *end)
{
    for (s++; s < end && *s != '"'; s++)
        if (*s == '\\' && s + 1 < end)
            s++;
    return s < end ? s + 1 : end;
}

/* The byte behind the object that begins at s; NULL: it has no end. Lines are counted. */
static const char *behind_object(const char *s, const char *end, size_t *lines)
{
    unsigned depth = 0;
    while (s < end) {
        if (*s == '"') {
            s = behind_string(s, end);
            continue;
        }
        if (*s == '\n')
            ++*lines;
        else if (*s == '{' || *s == '[')
            depth++;
        else if ((*s == '}' || *s == ']') && --depth == 0)
            return s + 1;
        s++;
    }
    return NULL;
}

size_t feed_json(struct feed *r, const char *text, size_t len)
{
    const char *s = text + 1 + strcspn(text, "["), *end = text + len;
    while (s < end && *s != ']') {
        size_t lines = 0;
        if (*s == '\n')
            r->line++;
        if (*s != '{') {
            if (!strchr(" \t\r\n,", *s))
                break; /* no array of objects: what follows is read as text */
            s++;
            continue;
        }
        const char *behind = behind_object(s, end, &lines);
        if (!behind) {
            listing_note(r->l, r->line, "JSON that ends too early: left out");
            return len;
        }
        if (!r->by.other)
            read_object(r, s, (size_t)(behind - s));
        r->line += lines;
        s = behind;
    }
    return (size_t)((s < end && *s == ']' ? s + 1 : s) - text);
}

/* listing_read_text(): which reader each line is for. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/import/feed.h"

/* ---- lines that say nothing ---- */

static bool only_of(const char *s, const char *chars)
{
    return s[strspn(s, chars)] == '\0';
}

/* Blank lines, elisions, headings, what Markdown puts around. */
static bool read_nothing(struct feed *r)
{
    static const char *const headings[] = {"Kernel IP routing table", "Kernel IPv6 routing table",
                                           "Destination "};
    const char *s = r->raw + strspn(r->raw, " \t");
    for (size_t i = 0; i < ARRAY_LEN(headings); i++)
        if (strncmp(s, headings[i], strlen(headings[i])) == 0)
            return true;
    return only_of(s, " .\r") || strncmp(s, "```", 3) == 0 || only_of(s, "-=~ ");
}

/* In this order: the first that takes the line. */
static bool (*const readers[])(struct feed *r) = {
    read_command,   read_nothing,   read_link_header, read_oneline_addr, read_link_detail,
    read_addr_line, read_lifetimes, read_rule,        read_sysctl,       read_nexthop,
    read_brief,     read_neigh,     read_route_n,     read_route,
};

static void read_whole(struct feed *r, const char *line)
{
    r->raw = line;
    line_cut(&r->w, line);
    if (r->w.cut_off) {
        feed_end_record(r);
        listing_note(r->l, r->line, "the line is too long: left out: %.40s ...", line);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
        if (r->by.other && i > 0)
            return;
        if (readers[i](r))
            return;
    }
    feed_end_record(r);
    listing_note(r->l, r->line, "not understood: %.80s", line + strspn(line, " \t"));
}

/* Where the line ends for a reader: `ip -o` has a backslash for a newline. */
static size_t part_length(const char *s, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++)
        if (s[i] == '\\' && (s[i + 1] == ' ' || s[i + 1] == '\t'))
            return i;
    return len;
}

void feed_line(struct feed *r, const char *line, size_t len)
{
    while (len && line[len - 1] == '\r')
        len--;
    for (;;) {
        size_t n = part_length(line, len);
        char *part = mem_strndup(line, n);
        read_whole(r, part);
        free(part);
        r->raw = NULL;
        if (n == len)
            return;
        line += n + 1;
        len -= n + 1;
    }
}

/* Does JSON begin here? A prompt may begin with a bracket too. */
static bool is_json(const char *s, size_t len)
{
    size_t i = 0;
    while (i < len && (s[i] == ' ' || s[i] == '\t'))
        i++;
    if (i == len || s[i] != '[')
        return false;
    for (i++; i < len && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r'); i++)
        ;
    return i == len || s[i] == '{' || s[i] == ']' || s[i] == '\n';
}

struct listed_link *feed_link(const struct feed *r)
{
    return r->link == NO_LINK ? NULL : &r->l->links[r->link];
}

void feed_end_record(struct feed *r)
{
    r->link = NO_LINK;
    r->addr = 0;
    feed_end_route(r);
    feed_end_rules(r);
}

static const char *end_of_line(const char *s, const char *end)
{
    const char *nl = memchr(s, '\n', (size_t)(end - s));
    return nl ? nl : end;
}

void listing_read_text(struct listing *l, const char *text, size_t len, size_t first_line)
{
    struct feed *r = mem_alloc(sizeof(*r));
    const char *end = text + len;
    *r = (struct feed){.l = l, .line = first_line, .link = NO_LINK, .rules_from = l->rules.n};
    while (text < end) {
        if (is_json(text, (size_t)(end - text))) {
            feed_end_record(r);
            text += feed_json(r, text, (size_t)(end - text));
            feed_end_record(r);
            continue;
        }
        const char *stop = end_of_line(text, end);
        feed_line(r, text, (size_t)(stop - text));
        r->line++;
        text = stop + 1;
    }
    feed_end_record(r);
    strbuf_release(&r->route);
    free(r);
}

void listing_read(struct listing *l, char *const *lines, size_t n)
{
    struct strbuf text = STRBUF_INIT;
    for (size_t i = 0; i < n; i++) {
        strbuf_adds(&text, lines[i]);
        strbuf_addc(&text, '\n');
    }
    listing_read_text(l, strbuf_cstr(&text), text.len, 1);
    strbuf_release(&text);
}

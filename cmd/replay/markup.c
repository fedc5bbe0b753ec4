#include "cmd/replay/markup.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/replay/prompt.h"
#include "cmd/replay/recognise.h"

static void add_block(struct blocks *b, size_t first, size_t end, size_t indent,
                      enum block_kind kind)
{
    if (first >= end)
        return;
    ARRAY_GROW(b->block, b->n, b->cap);
    b->block[b->n++] = (struct block){first, end, indent, kind};
}

static size_t indent_of(const char *line)
{
    return strspn(line, " \t");
}

static bool is_blank(const char *line)
{
    return line[indent_of(line)] == '\0';
}

/* ---- languages of code blocks ---- */

static enum block_kind kind_of_language(const char *lang, size_t len)
{
    static const char *const terminal[] = {
        "bash",          "console",  "shell",      "sh",           "text",      "txt",
        "shell-session", "terminal", "zsh",        "output",       "plaintext", "plain",
        "none",          "session",  "sh-session", "shellsession", "ksh",       "log",
    };
    if (len == 0)
        return BLOCK_CODE;
    for (size_t i = 0; i < ARRAY_LEN(terminal); i++)
        if (strlen(terminal[i]) == len && strncmp(terminal[i], lang, len) == 0)
            return BLOCK_CODE;
    return BLOCK_DATA;
}

static enum block_kind kind_of_info(const char *info)
{
    info += strspn(info, " \t{.");
    return kind_of_language(info, strcspn(info, " \t{},.:"));
}

/* ---- Markdown: fences ---- */

/* The length of a fence at this line, 0: there is none. */
static size_t fence_len(const char *line, char *sign)
{
    const char *s = line + indent_of(line);
    if (*s != '`' && *s != '~')
        return 0;
    *sign = *s;
    size_t n = strspn(s, (char[]){*s, '\0'});
    return n >= 3 && !strchr(s + n, '`') ? n : 0;
}

static bool closes_fence(const char *line, char sign, size_t len)
{
    char s;
    size_t n = fence_len(line, &s);
    return n >= len && s == sign && is_blank(line + indent_of(line) + n);
}

static bool find_fenced(const struct source *s, struct blocks *out)
{
    bool any = false;
    for (size_t i = 0; i < s->n; i++) {
        char sign;
        const char *line = s->line[i].text;
        size_t len = fence_len(line, &sign), end = i + 1;
        if (len == 0)
            continue;
        any = true;
        while (end < s->n && !closes_fence(s->line[end].text, sign, len))
            end++;
        add_block(out, i + 1, end, indent_of(line), kind_of_info(line + indent_of(line) + len));
        i = end;
    }
    return any;
}

/* ---- reStructuredText: directives, and paragraphs that end in "::" ---- */

/* Does a literal block follow this line? Its kind in *kind. */
static bool opens_literal(const char *line, enum block_kind *kind)
{
    static const char *const names[] = {
        "code-block::", "code::", "sourcecode::", "prompt::", "parsed-literal::"};
    const char *s = line + indent_of(line);
    size_t len = strlen(s);
    *kind = BLOCK_CODE;
    if (strncmp(s, ".. ", 3) != 0)
        return len >= 2 && strcmp(s + len - 2, "::") == 0;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        size_t n = strlen(names[i]);
        if (strncmp(s + 3, names[i], n) != 0)
            continue;
        *kind = kind_of_info(s + 3 + n);
        return true;
    }
    return false;
}

/* The end of the indented lines that begin at `first`; blank lines at their end are not in. */
static size_t indented_end(const struct source *s, size_t first, size_t indent)
{
    size_t end = first;
    for (size_t i = first; i < s->n; i++) {
        if (is_blank(s->line[i].text))
            continue;
        if (indent_of(s->line[i].text) < indent)
            break;
        end = i + 1;
    }
    return end;
}

static size_t skip_rst_options(const struct source *s, size_t i)
{
    while (i < s->n && s->line[i].text[indent_of(s->line[i].text)] == ':')
        i++;
    while (i < s->n && is_blank(s->line[i].text))
        i++;
    return i;
}

static bool find_literal(const struct source *s, struct blocks *out)
{
    bool directive = false;
    for (size_t i = 0; i < s->n; i++) {
        enum block_kind kind;
        if (!opens_literal(s->line[i].text, &kind))
            continue;
        size_t first = skip_rst_options(s, i + 1);
        size_t indent = first < s->n ? indent_of(s->line[first].text) : 0;
        if (indent <= indent_of(s->line[i].text))
            continue;
        size_t end = indented_end(s, first, indent);
        add_block(out, first, end, indent, kind);
        directive = true;
        i = end - 1;
    }
    return directive;
}

/* ---- Markdown: indented code ---- */

static bool shows_command(const char *line)
{
    struct prompts p = {0};
    prompts_see(&p, line);
    return p.named || p.dollar || p.hashed || p.bare;
}

/* Indented by a tab or four spaces, while no command stands at the margin. */
static bool find_indented(const struct source *s, struct blocks *out)
{
    bool any = false;
    for (size_t i = 0; i < s->n; i++) {
        const char *line = s->line[i].text;
        size_t indent = indent_of(line);
        bool code = (indent >= 4 || *line == '\t') && (i == 0 || is_blank(s->line[i - 1].text));
        if (indent == 0 && shows_command(line))
            return false;
        if (!code || is_blank(line))
            continue;
        size_t end = indented_end(s, i, indent);
        any = any || shows_command(line + indent);
        add_block(out, i, end, indent, BLOCK_CODE);
        i = end - 1;
    }
    return any;
}

void markup_find(const struct source *s, struct blocks *out)
{
    static bool (*const kinds[])(const struct source *,
                                 struct blocks *) = {find_fenced, find_literal, find_indented};
    *out = (struct blocks){0};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (kinds[i](s, out))
            return;
        out->n = 0;
    }
    add_block(out, 0, s->n, 0, BLOCK_PASTE);
}

void markup_release(struct blocks *b)
{
    free(b->block);
    *b = (struct blocks){0};
}

const char *markup_line(const struct source *s, const struct block *b, size_t line)
{
    const char *text = s->line[line].text;
    size_t indent = indent_of(text);
    return text + (indent < b->indent ? indent : b->indent);
}

char *markup_directive(const char *line)
{
    static const struct {
        const char *begin, *end;
    } forms[] = {{"#vnet ", ""}, {"<!-- vnet ", "-->"}, {"<!--vnet ", "-->"}, {".. vnet ", ""}};
    line += indent_of(line);
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        size_t n = strlen(forms[i].begin), len = strlen(line), tail = strlen(forms[i].end);
        if (strncmp(line, forms[i].begin, n) != 0 || len < n + tail ||
            strcmp(line + len - tail, forms[i].end) != 0)
            continue;
        len -= tail;
        while (len > n && isspace((unsigned char)line[len - 1]))
            len--;
        return mem_strndup(line + n, len - n);
    }
    return NULL;
}

#include "cmd/menu.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
    MOST_WORDS = 5, /* of a value, spelled out */
    MANY_NAMES = 24,
    INDENT = 2,
    GAP = 2,
};

static const struct {
    const char *one, *title;
} sources[COMPLETE_SOURCES] = {
    [COMPLETE_NONE] = {NULL, "keywords"},
    [COMPLETE_DEVICES] = {"DEVICE", "devices"},
    [COMPLETE_ADDRESSES] = {"ADDRESS", "addresses"},
    [COMPLETE_PREFIXES] = {"ADDRESS/LENGTH", "addresses"},
    [COMPLETE_ROUTES] = {"PREFIX", "destinations"},
    [COMPLETE_SYSCTLS] = {"SYSCTL", "sysctls"},
    [COMPLETE_TOOLS] = {"COMMAND", "commands"},
    [COMPLETE_NETNS] = {"NAMESPACE", "namespaces"},
    [COMPLETE_PROFILES] = {"PROFILE", "profiles"},
    [COMPLETE_SNAPSHOTS] = {"SNAPSHOT", "snapshots"},
};

const char *menu_source_name(enum complete_source source)
{
    return sources[source].one;
}

/* ---- making ---- */

/* brctl's texts have tabs, as its usage prints them. */
static char *without_tabs(const char *text)
{
    struct strbuf plain = STRBUF_INIT;
    for (; *text; text++) {
        if (*text != '\t')
            strbuf_addc(&plain, *text);
        else if (text[1] != '\t')
            strbuf_adds(&plain, "  ");
    }
    return strbuf_detach(&plain);
}

void menu_add(struct menu *m, enum complete_source source, const char *word, size_t n,
              const char *text)
{
    for (size_t i = 0; i < m->n; i++)
        if (strncmp(m->list[i].word, word, n) == 0 && !m->list[i].word[n])
            return;
    ARRAY_GROW(m->list, m->n, m->cap);
    m->list[m->n++] = (struct menu_entry){
        .word = mem_strndup(word, n), .source = source, .text = text ? without_tabs(text) : NULL};
}

void menu_takes(struct menu *m, const char *name)
{
    const char *all = strbuf_cstr(&m->takes), *at = strstr(all, name);
    size_t n = strlen(name);
    if (at && (at == all || at[-1] == '|') && (!at[n] || at[n] == '|'))
        return;
    strbuf_addf(&m->takes, "%s%s", m->takes.len ? "|" : "", name);
}

static void entry_release(struct menu_entry *e)
{
    free(e->word);
    free(e->takes);
    free(e->text);
}

void menu_release(struct menu *m)
{
    for (size_t i = 0; i < m->n; i++)
        entry_release(&m->list[i]);
    free(m->list);
    strbuf_release(&m->takes);
    *m = (struct menu)MENU_INIT;
}

char *menu_summary(const struct menu *m)
{
    struct strbuf text = STRBUF_INIT;
    size_t words = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (m->list[i].source != COMPLETE_NONE)
            continue;
        if (words++ < MOST_WORDS)
            strbuf_addf(&text, "%s%s", text.len ? "|" : "", m->list[i].word);
    }
    if (words > MOST_WORDS)
        strbuf_adds(&text, "|...");
    if (m->takes.len)
        strbuf_addf(&text, "%s%s", text.len ? "|" : "", m->takes.data);
    if (!text.len)
        strbuf_adds(&text, "VALUE");
    return strbuf_detach(&text);
}

/* ---- names with many dots ---- */

/* "net.ipv4.conf." of a name, where "net.ipv4." is typed; 0: it ends before. */
static size_t fold_length(const char *name, size_t typed)
{
    const char *dot = strlen(name) > typed ? strchr(name + typed, '.') : NULL;
    return dot ? (size_t)(dot - name) + 1 : 0;
}

static size_t group_end(const struct menu *m, size_t i, size_t n)
{
    size_t k = i + 1;
    while (k < m->n && m->list[k].source == m->list[i].source &&
           strncmp(m->list[k].word, m->list[i].word, n) == 0)
        k++;
    return k;
}

static void fold_group(struct menu_entry *e, size_t length, size_t members)
{
    struct strbuf text = STRBUF_INIT;
    strbuf_addf(&text, "%zu of them", members);
    e->word[length] = '\0';
    free(e->text);
    e->text = strbuf_detach(&text);
}

/* What all these names begin with, up to a dot. */
static size_t common_prefix(const struct menu *m, size_t typed)
{
    const struct menu_entry *first = NULL;
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct menu_entry *e = &m->list[i];
        if (e->source != COMPLETE_SYSCTLS)
            continue;
        n = first ? n : strlen(e->word);
        first = first ? first : e;
        while (n > typed && strncmp(e->word, first->word, n) != 0)
            n--;
    }
    while (n > typed && first->word[n - 1] != '.')
        n--;
    return n > typed ? n : typed;
}

void menu_fold(struct menu *m, const char *typed)
{
    size_t kept = 0, prefix = common_prefix(m, strlen(typed));
    for (size_t i = 0; m->n > MANY_NAMES && i < m->n;) {
        size_t n = m->list[i].source == COMPLETE_SYSCTLS ? fold_length(m->list[i].word, prefix) : 0;
        size_t end = n ? group_end(m, i, n) : i + 1;
        if (end > i + 1)
            fold_group(&m->list[i], n, end - i);
        for (size_t k = i + 1; k < end; k++)
            entry_release(&m->list[k]);
        m->list[kept++] = m->list[i];
        i = end;
    }
    if (m->n > MANY_NAMES)
        m->n = kept;
}

/* ---- what a tool's usage tells of an option ---- */

/* Behind the option's name on a line of a usage, where the line begins with it or with its other
 * name: "  -p, --load[=<file>]  read values from file"; NULL: it is another's line. */
static const char *behind_option(const char *line, const char *option)
{
    size_t n = strlen(option);
    const char *s = line + strspn(line, " \t");
    while (*s == '-') {
        size_t k = strcspn(s, " ,=[\t\n<");
        if (k == n && strncmp(s, option, n) == 0) {
            s += k;
            return strncmp(s, ", -", 3) == 0 ? s + 2 + strcspn(s + 2, " ,=[\t\n<") : s;
        }
        s += k;
        s += strspn(s, ",");
        s += *s == ' ' && s[1] == '-' ? 1 : 0;
    }
    return NULL;
}

static void upper_case(struct strbuf *text)
{
    for (size_t i = 0; i < text->len; i++)
        text->data[i] = (char)toupper((unsigned char)text->data[i]);
}

/* "<count>", " count", "=COUNT" as "COUNT"; *end is behind it. NULL: there is none. */
static char *read_argument(const char *s, const char **end)
{
    struct strbuf name = STRBUF_INIT;
    const char *from = s + strspn(s, "[= ");
    bool brackets = *from == '<';
    size_t n = brackets ? strcspn(++from, ">\n") : strcspn(from, " ]\t\n");
    *end = s;
    if (n == 0 || (!brackets && strncmp(s, "  ", 2) == 0) || *s == '\n')
        return NULL;
    strbuf_add(&name, from, n);
    upper_case(&name);
    *end = from + n + brackets;
    return strbuf_detach(&name);
}

/* The words behind two blanks or a tab, on this line, or indented on the next. */
static char *read_text(const char *s)
{
    s += strspn(s, "]");
    if (*s == '\n' && strncmp(s + 1, "        ", 8) == 0)
        s++;
    else if (strncmp(s, "  ", 2) != 0 && *s != '\t' && strncmp(s, " -", 2) != 0)
        return NULL;
    s += strspn(s, " \t");
    size_t n = strcspn(s, "\n");
    return n ? mem_strndup(s, n) : NULL;
}

/* "[ -c count ]": without a text. */
static char *bracket_argument(const char *usage, const char *option)
{
    struct strbuf form = STRBUF_INIT;
    const char *end;
    strbuf_addf(&form, "[ %s ", option);
    const char *at = strstr(usage, form.data);
    char *name = at ? read_argument(at + form.len, &end) : NULL;
    strbuf_release(&form);
    return name;
}

static void describe_option(const char *usage, struct menu_entry *e)
{
    const char *at = NULL, *end;
    for (const char *line = usage; !at && *line; line += *line == '\n') {
        at = behind_option(line, e->word);
        line += strcspn(line, "\n");
    }
    char *name = at ? read_argument(at, &end) : bracket_argument(usage, e->word);
    if (at)
        e->text = read_text(end);
    if (name && e->takes && strcmp(e->takes, "VALUE") == 0) {
        free(e->takes);
        e->takes = name;
        name = NULL;
    }
    free(name);
}

void menu_value_of(struct menu *m, const char *option)
{
    struct menu_entry e = {.word = mem_strdup(option), .takes = mem_strdup("VALUE")};
    if (m->usage)
        describe_option(m->usage, &e);
    menu_takes(m, e.takes);
    if (e.text)
        strbuf_addf(&m->takes, ": %s", e.text);
    entry_release(&e);
}

/* ---- printing ---- */

/* Tables, then what the world has, then options. */
static int rank(const struct menu_entry *e)
{
    return e->word[0] == '-' ? COMPLETE_SOURCES : (int)e->source;
}

static int by_rank(const void *a, const void *b)
{
    const struct menu_entry *x = a, *y = b;
    int order = rank(x) - rank(y);
    return order ? order : strcmp(x->word, y->word);
}

static size_t entry_width(const struct menu_entry *e)
{
    return strlen(e->word) + (e->takes ? 1 + strlen(e->takes) : 0);
}

static void put_entry(const struct menu_entry *e, struct sink *out, size_t width)
{
    size_t n = entry_width(e);
    sink_printf(out, "%s%s%s%*s", e->word, e->takes ? " " : "", e->takes ? e->takes : "",
                (int)(width > n ? width - n : 0), "");
}

static void put_described(const struct menu_entry *list, size_t n, struct sink *out)
{
    size_t width = 0;
    for (size_t i = 0; i < n; i++)
        if (entry_width(&list[i]) > width)
            width = entry_width(&list[i]);
    for (size_t i = 0; i < n; i++) {
        sink_printf(out, "%*s", INDENT, "");
        put_entry(&list[i], out, list[i].text ? width : 0);
        sink_printf(out, "%s%s\n", list[i].text ? "  " : "", list[i].text ? list[i].text : "");
    }
}

/* How wide each column is, and all of them together. */
static size_t measure(const struct menu_entry *list, size_t n, size_t rows, size_t *widths)
{
    size_t total = INDENT;
    for (size_t i = 0; i < n; i += rows) {
        size_t *width = &widths[i / rows];
        *width = 0;
        for (size_t k = i; k < n && k < i + rows; k++)
            if (entry_width(&list[k]) + GAP > *width)
                *width = entry_width(&list[k]) + GAP;
        total += *width;
    }
    return total - GAP;
}

static void put_columns(const struct menu_entry *list, size_t n, struct sink *out, unsigned width)
{
    size_t *widths = mem_calloc(n, sizeof(*widths)), rows = 1;
    while (rows < n && measure(list, n, rows, widths) > width)
        rows++;
    measure(list, n, rows, widths);
    for (size_t row = 0; row < rows; row++) {
        sink_printf(out, "%*s", INDENT, "");
        for (size_t i = row; i < n; i += rows)
            put_entry(&list[i], out, i + rows < n ? widths[i / rows] : 0);
        sink_puts(out, "\n");
    }
    free(widths);
}

static bool any_text(const struct menu_entry *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].text)
            return true;
    return false;
}

static const char *title(const struct menu *m, const struct menu_entry *e)
{
    return e->word[0] == '-'                        ? "options"
           : e->source == COMPLETE_NONE && m->value ? "values"
                                                    : sources[e->source].title;
}

/* Is it the name of what the menu lists? */
static bool is_listed(const struct menu *m, const char *name, size_t n)
{
    for (size_t i = 0; i < m->n; i++) {
        const char *one = sources[m->list[i].source].one;
        if (one && strlen(one) == n && strncmp(one, name, n) == 0)
            return true;
    }
    return false;
}

static void put_takes(const struct menu *m, struct sink *out)
{
    struct strbuf rest = STRBUF_INIT;
    for (const char *s = strbuf_cstr(&m->takes); *s; s += *s == '|') {
        size_t n = strcspn(s, "|");
        if (!is_listed(m, s, n))
            strbuf_addf(&rest, "%s%.*s", rest.len ? " or " : "", (int)n, s);
        s += n;
    }
    if (rest.len)
        sink_printf(out, "%s%s\n", m->n ? "or " : "  ", rest.data);
    strbuf_release(&rest);
}

void menu_print(struct menu *m, struct sink *out, unsigned width)
{
    for (size_t i = 0; m->usage && i < m->n; i++)
        if (m->list[i].word[0] == '-' && !m->list[i].text)
            describe_option(m->usage, &m->list[i]);
    if (m->n)
        qsort(m->list, m->n, sizeof(*m->list), by_rank);
    for (size_t i = 0, k; i < m->n; i = k) {
        for (k = i + 1; k < m->n && rank(&m->list[k]) == rank(&m->list[i]);)
            k++;
        sink_printf(out, "%s:\n", title(m, &m->list[i]));
        if (any_text(m->list + i, k - i))
            put_described(m->list + i, k - i, out);
        else
            put_columns(m->list + i, k - i, out, width);
    }
    put_takes(m, out);
}

#include "cmd/shell/fault.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/machine/machine.h"
#include "cmd/menu.h"
#include "cmd/quote.h"
#include "cmd/shell/command.h"
#include "cmd/text/text.h"

enum { LONGEST = 64 }; /* letters of a word that is looked for among others */

/* ---- which word ---- */

struct fault {
    int word;          /* its index; argc: behind the last */
    size_t from, part; /* the letters of it that are meant; part 0: all */
};

/* Complaints that something is missing behind the last word. */
static const char *const at_the_end[] = {
    "Command line is not complete", "option requires an argument",         "requires an argument",
    "Not enough information",       "need at least a destination address",
};

/* How long a complaint is: without the usage that may follow it. */
static size_t complaint_length(const char *said)
{
    const char *usage = strstr(said, "sage:"), *other = strstr(said, "\nUsage");
    size_t n = strlen(said);
    if (usage && (size_t)(usage - said) < n)
        n = (size_t)(usage - said);
    if (other && (size_t)(other - said) < n)
        n = (size_t)(other - said);
    return n;
}

/* May a word end, or begin, beside this character? */
static bool is_edge(char c)
{
    return !isalnum((unsigned char)c) && (c == '\0' || !strchr("_-@", c));
}

/* Is the word in the text, by itself? A complaint of sysctl's has slashes for dots. */
static bool is_named(const char *text, size_t len, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; n && i + n <= len; i++) {
        size_t k = 0;
        while (k < n && (text[i + k] == word[k] || (text[i + k] == '/' && word[k] == '.')))
            k++;
        if (k == n && (i == 0 || is_edge(text[i - 1])) && is_edge(i + n < len ? text[i + n] : '\0'))
            return true;
    }
    return false;
}

/* In "x", 'x', `x' or [x]. */
static bool is_quoted(const char *text, size_t len, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 1; n && i + n < len; i++)
        if (strncmp(text + i, word, n) == 0 && strchr("\"'`[", text[i - 1]) &&
            strchr("\"']", text[i + n]))
            return true;
    return false;
}

/* "invalid option -- 'Z'": the word of options, and the letter in it. */
static bool find_letter(struct fault *f, int argc, char **argv, const char *said)
{
    static const char words[] = "invalid option -- '";
    const char *at = strstr(said, words);
    for (int i = 1; at && i < argc; i++) {
        const char *letter = argv[i][0] == '-' ? strchr(argv[i] + 1, at[strlen(words)]) : NULL;
        if (letter && argv[i][1] != '-') {
            *f = (struct fault){i, (size_t)(letter - argv[i]), 1};
            return true;
        }
    }
    return false;
}

static bool find_end(struct fault *f, int argc, const char *said, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(at_the_end); i++) {
        const char *at = strstr(said, at_the_end[i]);
        if (at && at < said + len) {
            *f = (struct fault){.word = argc};
            return true;
        }
    }
    return false;
}

/* NAME=VALUE, as sysctl takes it, is named without the value. */
static char *name_of(const char *word)
{
    size_t n = strcspn(word, "=");
    return mem_strndup(word, n ? n : strlen(word));
}

static bool find_quoted(struct fault *f, int argc, char **argv, const char *said, size_t len)
{
    for (int i = argc - 1; i > 0; i--) {
        char *name = name_of(argv[i]);
        bool found = is_quoted(said, len, name) || is_quoted(said, len, argv[i]);
        free(name);
        if (found) {
            *f = (struct fault){.word = i};
            return true;
        }
    }
    return false;
}

/* ---- what may stand there ---- */

/* What completion has for the place of argv[word]. */
static void choices(struct cmd_env *env, int word, char **argv, struct menu *m)
{
    char **words = mem_calloc((size_t)word + 2, sizeof(*words)), nothing[] = "", dash[] = "-";
    memcpy(words, argv, (size_t)word * sizeof(*words));
    words[word] = argv[word][0] == '-' ? dash : nothing;
    complete_choices(env, word + 1, words, m);
    free(words);
}

static bool has_word(const struct menu *m, const char *word)
{
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->list[i].word, word) == 0)
            return true;
    return false;
}

static bool has_source(const struct menu *m, enum complete_source source)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->list[i].source == source)
            return true;
    return false;
}

static bool is_right(struct cmd_env *env, int word, char **argv)
{
    struct menu m = MENU_INIT;
    choices(env, word, argv, &m);
    bool right = has_word(&m, argv[word]);
    menu_release(&m);
    return right;
}

/* The last word that is named without quotes. A keyword that is right where it stands is named for
 * the value behind it ("Unknown device type."). */
static bool find_named(struct fault *f, struct cmd_env *env, int argc, char **argv,
                       const char *said, size_t len)
{
    for (int i = argc - 1; i > 0; i--) {
        char *name = name_of(argv[i]);
        bool found = is_named(said, len, name);
        free(name);
        if (!found)
            continue;
        bool keyword = i + 1 < argc && strlen(argv[i]) > 1 && is_right(env, i, argv);
        *f = (struct fault){.word = keyword ? i + 1 : i};
        return true;
    }
    return false;
}

/* The word where a device is to stand, and this is none. */
static bool find_device(struct fault *f, struct cmd_env *env, int argc, char **argv,
                        const char *said)
{
    bool found = false;
    for (int i = argc - 1; i > 0 && !found && strstr(said, "o such device"); i--) {
        struct menu m = MENU_INIT;
        choices(env, i, argv, &m);
        found = has_source(&m, COMPLETE_DEVICES) && !has_word(&m, argv[i]);
        *f = (struct fault){.word = i};
        menu_release(&m);
    }
    return found;
}

/* ---- what was meant ---- */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Letters to change, leave out, add, or exchange with their neighbour, to make one word of another
 * (Damerau, 1964); `begun`: of another, or of what it begins with, as words may be abbreviated. */
static unsigned distance(const char *a, const char *b, bool begun)
{
    unsigned rows[3][LONGEST + 1];
    size_t n = strlen(a), m = strlen(b);
    if (n > LONGEST || m > LONGEST)
        return LONGEST;
    for (size_t k = 0; k <= m; k++)
        rows[0][k] = (unsigned)k;
    for (size_t i = 1; i <= n; i++) {
        unsigned *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t k = 1; k <= m; k++) {
            now[k] = least(least(last[k], now[k - 1]) + 1, last[k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                now[k] = least(now[k], before[k - 2] + 1);
        }
    }
    unsigned d = rows[n % 3][m];
    for (size_t k = n; begun && k < m; k++)
        d = least(d, rows[n % 3][k]);
    return d;
}

struct nearest {
    const char *typed, *word; /* word NULL: none yet */
    unsigned distance;        /* of `word`, or one more than is near */
    bool begun;               /* the beginning of a word is enough */
};

/* A third of the letters, one at least. */
static struct nearest nearest_init(const char *typed)
{
    size_t n = strlen(typed);
    return (struct nearest){typed, NULL, (unsigned)(n < 6 ? 2 : n / 3 + 1), false};
}

static void nearest_try(struct nearest *n, const char *word)
{
    unsigned d = distance(n->typed, word, n->begun);
    bool better = d < n->distance || (d == n->distance && n->word && strcmp(word, n->word) < 0);
    if (better && d < strlen(word)) {
        n->word = word;
        n->distance = d;
    }
}

/* Addresses and routes are many, and one digit from another one is not a slip of the finger. Where
 * the complaint is of a device, a device was meant. */
static bool can_be_mistyped(const struct menu_entry *e, bool device)
{
    if (device)
        return e->source == COMPLETE_DEVICES;
    return e->source != COMPLETE_ADDRESSES && e->source != COMPLETE_PREFIXES &&
           e->source != COMPLETE_ROUTES;
}

static void try_menu(struct nearest *n, const struct menu *m, bool device)
{
    for (size_t i = 0; i < m->n; i++)
        if (can_be_mistyped(&m->list[i], device))
            nearest_try(n, m->list[i].word);
}

/* What is nearly that among what may stand there; NULL: none, or the word is right there. Owned. */
static char *find_meant(struct cmd_env *env, int word, char **argv, const char *said)
{
    struct menu m = MENU_INIT;
    char *typed = name_of(argv[word]);
    struct nearest n = nearest_init(typed);
    choices(env, word, argv, &m);
    bool device = strstr(said, "evice \"") && has_source(&m, COMPLETE_DEVICES);
    try_menu(&n, &m, device);
    if (!n.word && strlen(typed) > 2) {
        n.begun = true;
        try_menu(&n, &m, device);
    }
    char *meant = n.word && n.distance ? mem_strdup(n.word) : NULL;
    free(typed);
    menu_release(&m);
    return meant;
}

/* Of a filter that cannot be parsed, the word that is nearly one of its own. */
static bool find_mistyped(struct fault *f, struct cmd_env *env, int argc, char **argv,
                          const char *said)
{
    char *meant = NULL;
    for (int i = 1; i < argc && !meant && strstr(said, "syntax error"); i++) {
        meant = find_meant(env, i, argv, said);
        *f = (struct fault){.word = i};
    }
    free(meant);
    return meant != NULL;
}

static bool find_fault(struct fault *f, struct cmd_env *env, int argc, char **argv,
                       const char *said)
{
    size_t len = complaint_length(said);
    return find_letter(f, argc, argv, said) || find_end(f, argc, said, len) ||
           find_quoted(f, argc, argv, said, len) || find_named(f, env, argc, argv, said, len) ||
           find_device(f, env, argc, argv, said) || find_mistyped(f, env, argc, argv, said);
}

static void try_tools(struct nearest *n, const struct tool *list)
{
    for (const struct tool *t = list; t->name; t++)
        if (t->origin != TOOL_OWN)
            nearest_try(n, t->name);
}

const char *fault_nearest_command(const char *name)
{
    struct nearest n = nearest_init(name);
    try_tools(&n, tools);
    try_tools(&n, text_tools);
    try_tools(&n, machine_tools);
    for (const struct builtin *b = builtins; b->name; b++)
        if (b->name[1])
            nearest_try(&n, b->name);
    return n.word;
}

/* ---- telling ---- */

void fault_tell(struct cmd_env *env, int argc, char **argv, const char *said, struct sink *out)
{
    struct strbuf line = STRBUF_INIT;
    struct fault f;
    if (!find_fault(&f, env, argc, argv, said))
        return;
    size_t column = 0, width = 1;
    for (int i = 0; i < argc; i++) {
        size_t start = line.len + (i > 0);
        strbuf_adds(&line, i ? " " : "");
        quote_add(&line, argv[i]);
        if (i == f.word) {
            column = start + f.from;
            width = f.part ? f.part : line.len - start;
        }
    }
    if (f.word == argc)
        column = line.len + 1;
    char *meant = f.word < argc && !f.part ? find_meant(env, f.word, argv, said) : NULL;
    sink_printf(out, "    %s\n    %*s^", line.data, (int)column, "");
    for (size_t i = 1; i < width; i++)
        sink_puts(out, "~");
    if (meant)
        sink_printf(out, " did you mean %s?", meant);
    else if (f.word == argc)
        sink_puts(out, " something is missing here: ? tells what");
    sink_puts(out, "\n");
    strbuf_release(&line);
    free(meant);
}

#include "cmd/shell/help.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/machine/machine.h"
#include "cmd/menu.h"
#include "cmd/shell/command.h"
#include "cmd/shell/complete.h"
#include "cmd/shell/state.h"
#include "cmd/text/text.h"

enum { USUAL_COLUMNS = 80 };

/* ---- which ? is a question ---- */

struct scan {
    char quote;         /* the one that is open, or 0 */
    int braces;         /* of ${ that are open */
    int parentheses;    /* of $(( that are open */
    bool comment, here; /* a here-document is to come, or has begun */
};

/* Behind a dollar sign at s[i]: how far the scan goes on. */
static size_t scan_dollar(struct scan *sc, const char *s, size_t i, size_t n)
{
    if (i + 1 < n && s[i + 1] == '{') {
        sc->braces++;
        return 2;
    }
    if (i + 2 < n && s[i + 1] == '(' && s[i + 2] == '(') {
        sc->parentheses++;
        return 3;
    }
    return 1;
}

static bool is_pair(const char *s, size_t i, size_t n, char c)
{
    return i + 1 < n && s[i] == c && s[i + 1] == c;
}

/* One step outside of '...' and comments: characters taken. */
static size_t scan_plain(struct scan *sc, const char *s, size_t i, size_t n)
{
    if (s[i] == '\\')
        return 2;
    if (s[i] == '$')
        return scan_dollar(sc, s, i, n);
    if (s[i] == '"')
        sc->quote = sc->quote ? '\0' : '"';
    else if (s[i] == '}' && sc->braces)
        sc->braces--;
    else if (is_pair(s, i, n, ')') && sc->parentheses)
        return sc->parentheses--, 2;
    else if (sc->quote)
        return 1;
    else if (s[i] == '\'')
        sc->quote = '\'';
    else if (s[i] == '#' && (i == 0 || strchr(" \t\n;", s[i - 1])))
        sc->comment = true;
    else if (is_pair(s, i, n, '<'))
        return sc->here = true, 2;
    return 1;
}

bool help_is_literal(const char *s, size_t n)
{
    struct scan sc = {.quote = '\0'};
    size_t i = 0;
    while (i < n) {
        if (sc.here && s[i] == '\n')
            return true;
        if (sc.comment || sc.quote == '\'') {
            sc.comment = sc.comment && s[i] != '\n';
            if (s[i] == sc.quote)
                sc.quote = '\0';
            i++;
        } else {
            i += scan_plain(&sc, s, i, n);
        }
    }
    return i > n || (n && s[n - 1] == '$') || sc.quote || sc.braces || sc.parentheses || sc.comment;
}

bool help_is_asked(const char *line)
{
    size_t n = strlen(line);
    while (n && strchr(" \t\n", line[n - 1]))
        n--;
    if (n == 0 || line[n - 1] != '?' || (n > 1 && !strchr(" \t", line[n - 2])))
        return false;
    return !help_is_literal(line, n - 1);
}

/* ---- commands ---- */

static void list_tools(struct sink *out, const char *title, const struct tool *list)
{
    sink_printf(out, "%s\n", title);
    for (const struct tool *t = list; t->name; t++)
        if (t->origin != TOOL_OWN)
            sink_printf(out, "  %-10s %s\n", t->name, t->summary);
}

void help_all(struct sink *out)
{
    list_tools(out, "An emulated Linux machine; you are root of it. Its tools:", tools);
    list_tools(out, "\nFilters:", text_tools);
    list_tools(out, "\nAbout the machine:", machine_tools);
    sink_puts(out, "\nThe shell's own commands:\n");
    for (const struct builtin *b = builtins; b->name; b++)
        sink_printf(out, "  %-10s %s\n", b->name, b->summary);
    sink_puts(out, "\nFiles that commands write are the shell's own, and go when it ends.\n"
                   "? at any place of a line, or help WORD..., tells what can come next there.\n");
}

static void add_command(struct menu *m, const char *name, const char *summary, const char *typed)
{
    if (strncmp(name, typed, strlen(typed)) == 0)
        menu_add(m, COMPLETE_TOOLS, name, strlen(name), summary);
}

static void add_tools(struct menu *m, const struct tool *list, const char *typed)
{
    for (const struct tool *t = list; t->name; t++)
        if (t->origin != TOOL_OWN)
            add_command(m, t->name, t->summary, typed);
}

/* The commands that begin with what is typed. */
static void add_commands(struct shell *sh, struct menu *m, const char *typed)
{
    add_tools(m, tools, typed);
    add_tools(m, text_tools, typed);
    add_tools(m, machine_tools, typed);
    for (const struct builtin *b = builtins; b->name; b++)
        add_command(m, b->name, b->summary, typed);
    for (size_t i = 0; i < sh->functions.n; i++)
        add_command(m, sh->functions.list[i].name, "a function", typed);
}

/* ---- places ---- */

/* The command itself: what it does, where no table knows more. */
static void put_command(const char *name, struct sink *out)
{
    const struct builtin *b = builtin_find(name);
    const struct tool *t = command_tool(name);
    if (b)
        sink_printf(out, "%s %s: %s\n", b->name, b->usage, b->summary);
    else if (t)
        sink_printf(out, "%s: %s\n", t->name, t->summary);
    else
        sink_printf(out, "%s is no command of vnet's\n", name);
}

/* Files, jobs, variables: what completion offers there. */
static void add_completions(struct shell *sh, struct menu *m, const char *line, size_t start,
                            const char *text)
{
    struct words found = {.n = 0};
    complete_word(sh, line, start, text, &found);
    for (size_t i = 0; i < found.n; i++)
        if (strncmp(found.v[i], text, strlen(text)) == 0)
            menu_add(m, COMPLETE_NONE, found.v[i], strlen(found.v[i]), NULL);
    words_release(&found);
}

static bool has_menu(const char *command)
{
    return strcmp(command, "vnet") == 0 || (!builtin_find(command) && tool_find(command));
}

static void put_menu(struct menu *m, const char *command, const char *typed, struct sink *out)
{
    int columns = sink_columns(out);
    if (m->n || m->takes.len)
        menu_print(m, out, columns > 0 ? (unsigned)columns : USUAL_COLUMNS);
    else if (*typed)
        sink_printf(out, "nothing that vnet knows begins with %s here\n", typed);
    else if (!*command)
        help_all(out);
    else if (has_menu(command))
        sink_printf(out, "%s: what may stand here is in man vnet-%s\n", command, command);
    menu_release(m);
}

void help_words(struct shell *sh, int argc, char **argv, struct sink *out)
{
    struct menu m = MENU_INIT;
    if (!has_menu(argv[0])) {
        put_command(argv[0], out);
        return;
    }
    complete_menu(sh->opts.env, argc, argv, &m);
    put_menu(&m, argv[0], argv[argc - 1], out);
}

void help_line(struct shell *sh, const char *line, size_t len, struct sink *out)
{
    size_t start = len;
    while (start && !strchr(" \t\n\"'><;|&(){}", line[start - 1]))
        start--;
    struct words words = {.n = 0};
    struct menu m = MENU_INIT;
    char *typed = mem_strndup(line + start, len - start);
    bool file = complete_split(line, start, &words);
    const char *command = words.n ? words.v[0] : "";
    if (!words.n && !file) {
        if (*typed)
            add_commands(sh, &m, typed);
    } else if (!file && has_menu(command)) {
        words_add(&words, mem_strdup(typed));
        complete_menu(sh->opts.env, (int)words.n, words.v, &m);
        command = words.v[0];
    } else {
        if (!file && !*typed)
            put_command(command, out);
        add_completions(sh, &m, line, start, typed);
    }
    if (file || words.n == 0 || has_menu(command) || m.n)
        put_menu(&m, command, typed, out);
    words_release(&words);
    free(typed);
}

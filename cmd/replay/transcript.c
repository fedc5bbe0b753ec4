#include "cmd/replay/transcript.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* ---- prompts ---- */

/* Which lone signs stand for a prompt: "# " does only where nothing better is in the text, since it
 * also begins comments. */
struct prompts {
    bool named;  /* [user@host dir]# or user@host:dir$ */
    bool dollar; /* "$ " */
};

static bool is_sign(char c)
{
    return c == '#' || c == '$' || c == '%';
}

/* Behind a prompt's sign: a space and the command, or the end of the line. */
static const char *behind_sign(const char *s)
{
    if (s[1] == '\0')
        return s + 1;
    return s[1] == ' ' ? s + 2 : NULL;
}

/* [user@host dir]# command */
static const char *bracket_prompt(const char *line)
{
    const char *close = line[0] == '[' ? strchr(line, ']') : NULL;
    const char *at = close ? memchr(line, '@', (size_t)(close - line)) : NULL;
    return at && is_sign(close[1]) ? behind_sign(close + 1) : NULL;
}

/* user@host:dir$ command */
static const char *colon_prompt(const char *line)
{
    const char *s = line;
    while (isalnum((unsigned char)*s) || *s == '_' || *s == '-' || *s == '.')
        s++;
    if (s == line || *s != '@')
        return NULL;
    const char *host = ++s;
    while (isalnum((unsigned char)*s) || *s == '_' || *s == '-' || *s == '.')
        s++;
    if (s == host || *s != ':')
        return NULL;
    while (*s && !isspace((unsigned char)*s) && !is_sign(*s))
        s++;
    return is_sign(*s) ? behind_sign(s) : NULL;
}

static const char *named_prompt(const char *line)
{
    const char *command = bracket_prompt(line);
    return command ? command : colon_prompt(line);
}

/* The command on a line, NULL if the line has no prompt. */
static const char *find_command(const struct prompts *p, const char *line)
{
    const char *command = named_prompt(line);
    if (command)
        return command;
    if (line[0] == '$' && line[1] == ' ')
        return line + 2;
    if (!p->named && !p->dollar && line[0] == '#' && line[1] == ' ')
        return line + 2;
    return NULL;
}

static const char *find_directive(const char *line)
{
    static const char mark[] = "#vnet ";
    return strncmp(line, mark, sizeof(mark) - 1) == 0 ? line + sizeof(mark) - 1 : NULL;
}

/* ---- lines ---- */

struct lines {
    char **line; /* owned strings */
    size_t n, cap;
};

static void split_lines(const char *text, size_t len, struct lines *l)
{
    const char *end = text + len;
    while (text < end) {
        const char *nl = memchr(text, '\n', (size_t)(end - text));
        size_t n = (size_t)((nl ? nl : end) - text);
        ARRAY_GROW(l->line, l->n, l->cap);
        char *line = mem_alloc(n + 1);
        memcpy(line, text, n);
        if (n && line[n - 1] == '\r')
            line[n - 1] = '\0';
        l->line[l->n++] = line;
        text += n + 1;
    }
}

static void release_lines(struct lines *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->line[i]);
    free(l->line);
}

static struct prompts find_prompts(const struct lines *l)
{
    struct prompts p = {false, false};
    for (size_t i = 0; i < l->n; i++) {
        if (named_prompt(l->line[i]))
            p.named = true;
        if (strncmp(l->line[i], "$ ", 2) == 0)
            p.dollar = true;
    }
    return p;
}

/* ---- steps ---- */

static struct step *add_step(struct transcript *t, size_t line_no, const char *command,
                             enum step_kind kind)
{
    ARRAY_GROW(t->steps, t->n, t->cap);
    struct step *s = &t->steps[t->n++];
    *s = (struct step){.kind = kind,
                       .line_no = line_no,
                       .command = mem_strdup(command),
                       .exit_status = -1,
                       .traffic = SIZE_MAX};
    return s;
}

/* The first word behind `sudo`, compared with `name`. */
static bool first_word_is(const char *command, const char *name)
{
    size_t n = strlen(name);
    if (strncmp(command, "sudo ", 5) == 0)
        command += 5;
    return strncmp(command, name, n) == 0 && (command[n] == '\0' || command[n] == ' ');
}

static enum step_kind kind_of(const char *command)
{
    if (first_word_is(command, "ping"))
        return STEP_TRAFFIC;
    if (first_word_is(command, "tcpdump") && !strstr(command, " -r"))
        return STEP_CAPTURE;
    return STEP_COMMAND;
}

static bool is_comment(const struct prompts *p, const char *line)
{
    return (p->named || p->dollar) && line[0] == '#';
}

static void add_expected(struct step *s, const char *line)
{
    int status, used = 0;
    if (sscanf(line, "[exit %d]%n", &status, &used) == 1 && line[used] == '\0') {
        s->exit_status = status;
        return;
    }
    if (strcmp(line, "^C") == 0)
        return;
    ARRAY_GROW(s->expected, s->nexpected, s->cap);
    s->expected[s->nexpected++] = mem_strdup(line);
}

static void build_steps(const struct lines *l, struct transcript *t)
{
    struct prompts p = find_prompts(l);
    struct step *current = NULL;
    for (size_t i = 0; i < l->n; i++) {
        const char *line = l->line[i], *directive = find_directive(line);
        const char *command = directive ? NULL : find_command(&p, line);
        if (directive) {
            add_step(t, i + 1, directive, STEP_DIRECTIVE);
            current = NULL;
        } else if (command) {
            current = *command ? add_step(t, i + 1, command, kind_of(command)) : NULL;
        } else if (is_comment(&p, line)) {
            current = NULL;
        } else if (current) {
            add_expected(current, line);
        }
    }
}

/* Captures belong to the traffic before them with only captures between, else to the traffic that
 * follows, else to the last there was. */
static void pair_captures(struct transcript *t)
{
    size_t last = SIZE_MAX;
    bool adjacent = false;
    for (size_t i = 0; i < t->n; i++) {
        struct step *s = &t->steps[i];
        if (s->kind == STEP_TRAFFIC) {
            last = i;
            adjacent = true;
        } else if (s->kind == STEP_CAPTURE) {
            size_t next = i;
            while (next < t->n && t->steps[next].kind == STEP_CAPTURE)
                next++;
            bool followed = next < t->n && t->steps[next].kind == STEP_TRAFFIC;
            s->traffic = !adjacent && followed ? next : last;
        } else {
            adjacent = false;
        }
    }
}

int transcript_parse(const char *text, size_t len, struct transcript *t, struct vnet_err *err)
{
    struct lines l = {0};
    *t = (struct transcript){0};
    if (memchr(text, '\0', len))
        return vnet_err(err, EINVAL, "not a text: it has a NUL byte");
    split_lines(text, len, &l);
    build_steps(&l, t);
    release_lines(&l);
    if (t->n == 0)
        return vnet_err(err, EINVAL,
                        "no commands found: they must stand behind a prompt such as \"$ \", "
                        "\"# \" or \"[root@host ~]# \"");
    pair_captures(t);
    return 0;
}

void transcript_release(struct transcript *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct step *s = &t->steps[i];
        for (size_t k = 0; k < s->nexpected; k++)
            free(s->expected[k]);
        free(s->expected);
        free(s->command);
    }
    free(t->steps);
    *t = (struct transcript){0};
}

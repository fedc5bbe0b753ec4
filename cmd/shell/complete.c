#include "cmd/shell/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/complete.h"
#include "cmd/shell/command.h"
#include "cmd/shell/state.h"
#include "cmd/machine/machine.h"
#include "cmd/text/text.h"
#include "vnet_sysctl.h"

struct typed {
    struct shell *sh;
    struct words words; /* of the command, those before the one that is completed */
    const char *text;   /* of that one */
    struct words *out;
};

static void offer(struct typed *t, const char *word)
{
    for (size_t i = 0; i < t->out->n; i++)
        if (strcmp(t->out->v[i], word) == 0)
            return;
    if (strncmp(word, t->text, strlen(t->text)) == 0)
        words_add(t->out, mem_strdup(word));
}

/* ---- names ---- */

static void offer_commands(struct typed *t)
{
    for (const struct builtin *b = builtins; b->name; b++)
        offer(t, b->name);
    for (const struct tool *tool = tools; tool->name; tool++)
        if (tool->origin != TOOL_OWN)
            offer(t, tool->name);
    for (const struct tool *tool = text_tools; tool->name; tool++)
        offer(t, tool->name);
    for (const struct tool *tool = machine_tools; tool->name; tool++)
        offer(t, tool->name);
    for (size_t i = 0; i < t->sh->functions.n; i++)
        offer(t, t->sh->functions.list[i].name);
}

static void offer_file(const char *name, void *arg)
{
    struct typed *t = arg;
    const char *folder = files_folder(t->sh->opts.env->files);
    size_t n = strlen(folder);
    if (t->text[0] == '/')
        offer(t, name);
    else if (strncmp(name, folder, n) == 0 && name[n] == '/')
        offer(t, name + n + 1);
}

static int offer_sysctl_file(const char *path, bool readable, bool writable, void *arg)
{
    struct strbuf name = STRBUF_INIT;
    (void)readable;
    (void)writable;
    strbuf_addf(&name, "/proc/sys/%s", path);
    offer(arg, name.data);
    strbuf_release(&name);
    return 0;
}

/* What the world has: looked at, and left as it is. */
static void with_world(struct typed *t, void (*look)(struct typed *t, struct netns *ns))
{
    struct cmd_env *env = t->sh->opts.env;
    struct vnet *w;
    struct vnet_err err;
    if (vnet_begin(env->session, false, &w, &err) < 0)
        return;
    struct netns *ns = vnet_ns_find(w, env->netns);
    if (ns)
        look(t, ns);
    vnet_abort(env->session);
}

static void look_at_sysctl_files(struct typed *t, struct netns *ns)
{
    vnet_sysctl_list(ns, "", offer_sysctl_file, t);
}

static void offer_files(struct typed *t)
{
    if (t->sh->opts.env->files)
        files_list(t->sh->opts.env->files, offer_file, t);
    if (t->text[0] == '/')
        with_world(t, look_at_sysctl_files);
}

static void offer_jobs(struct typed *t)
{
    for (size_t i = 0; i < t->sh->jobs.n; i++) {
        char text[32];
        snprintf(text, sizeof(text), "%%%d", t->sh->jobs.list[i]->id);
        offer(t, text);
    }
}

static void offer_variables(struct typed *t)
{
    for (size_t i = 0; i < t->sh->vars.n; i++) {
        struct strbuf name = STRBUF_INIT;
        strbuf_addf(&name, "$%s", t->sh->vars.list[i].name);
        offer(t, name.data);
        strbuf_release(&name);
    }
}

/* ---- arguments ---- */

/* What the tool offers, a line each. */
static void offer_lines(struct typed *t, const char *lines)
{
    while (*lines) {
        size_t n = strcspn(lines, "\n");
        char *word = mem_strndup(lines, n);
        offer(t, word);
        free(word);
        lines += n + (lines[n] == '\n');
    }
}

static void complete_tool(struct typed *t)
{
    struct sink found;
    struct words argv;
    words_copy(&argv, t->words.v, t->words.n);
    words_add(&argv, mem_strdup(t->text));
    sink_init_mem(&found);
    complete_words(t->sh->opts.env, (int)argv.n, argv.v, &found);
    offer_lines(t, strbuf_cstr(&found.buf));
    sink_release(&found);
    words_release(&argv);
}

/* help ip route: as behind "ip route" itself. */
static void complete_help(struct typed *t)
{
    if (t->words.n == 1) {
        offer_commands(t);
        return;
    }
    free(t->words.v[0]);
    memmove(t->words.v, t->words.v + 1, t->words.n * sizeof(*t->words.v));
    t->words.n--;
    complete_tool(t);
}

static const struct {
    const char *command;
    void (*complete)(struct typed *t);
} arguments[] = {
    {"help", complete_help}, {"type", offer_commands}, {"vnet", complete_tool},
    {"fg", offer_jobs},      {"bg", offer_jobs},       {"kill", offer_jobs},
    {"wait", offer_jobs},    {"jobs", offer_jobs},
};

static void complete_argument(struct typed *t)
{
    if (t->text[0] == '$') {
        offer_variables(t);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(arguments); i++)
        if (strcmp(arguments[i].command, t->words.v[0]) == 0) {
            arguments[i].complete(t);
            return;
        }
    if (tool_find(t->words.v[0]))
        complete_tool(t);
    if (t->out->n == 0)
        offer_files(t);
}

/* ---- the line ---- */

/* Words before which another command begins. */
static bool is_prefix(const char *word)
{
    static const char *const words[] = {"sudo", "command", "exec",  "then", "else", "do",
                                        "if",   "while",   "until", "!",    "{",    "eval"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return strchr(word, '=') != NULL;
}

bool complete_split(const char *line, size_t len, struct words *words)
{
    bool target = false;
    for (size_t i = 0; i < len;) {
        size_t n = 0;
        if (line[i] == '\\' && line[i + 1] == '\n') {
            i += 2; /* the line goes on */
            continue;
        } else if (strchr(";|&(\n`", line[i])) {
            words_release(words);
            i++;
        } else if (line[i] == '>' || line[i] == '<') {
            target = true;
            i++;
            continue;
        } else if (strchr(" \t\"'", line[i])) {
            i++;
            continue;
        } else {
            while (i + n < len && !strchr(" \t\"'<>;|&()\n`", line[i + n]))
                n++;
            char *word = mem_strndup(line + i, n ? n : 1);
            if (target || (words->n == 0 && is_prefix(word)))
                free(word);
            else
                words_add(words, word);
            i += n ? n : 1;
        }
        target = false;
    }
    return target;
}

void complete_word(struct shell *sh, const char *line, size_t start, const char *text,
                   struct words *out)
{
    struct typed t = {.sh = sh, .text = text, .out = out};
    if (complete_split(line, start, &t.words))
        offer_files(&t);
    else if (t.words.n == 0)
        offer_commands(&t);
    else
        complete_argument(&t);
    words_release(&t.words);
}

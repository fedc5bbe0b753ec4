#include "cmd/shell/words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"

struct splitter {
    const char *at;
    struct strbuf word;
    bool in_word;     /* a word has begun, perhaps an empty quoted one */
    bool want_target; /* the next word is a redirection's file */
    struct shell_command *cmd;
    int cap;
    struct vnet_err *err;
};

void shell_command_release(struct shell_command *cmd)
{
    for (int i = 0; i < cmd->argc; i++)
        free(cmd->argv[i]);
    free(cmd->argv);
    free(cmd->redirect);
    *cmd = (struct shell_command){0};
}

static void end_word(struct splitter *s)
{
    if (!s->in_word)
        return;
    char *word = strbuf_detach(&s->word);
    s->in_word = false;
    if (s->want_target) {
        free(s->cmd->redirect);
        s->cmd->redirect = word;
        s->want_target = false;
        return;
    }
    if (s->cmd->argc + 2 > s->cap) {
        s->cap = 2 * s->cap + 8;
        s->cmd->argv = mem_realloc(s->cmd->argv, (size_t)s->cap * sizeof(char *));
    }
    s->cmd->argv[s->cmd->argc++] = word;
    s->cmd->argv[s->cmd->argc] = NULL;
}

static int take_single_quoted(struct splitter *s)
{
    const char *end = strchr(s->at, '\'');
    if (!end)
        return vnet_err(s->err, EINVAL, "unterminated quote: '%s", s->at);
    strbuf_add(&s->word, s->at, (size_t)(end - s->at));
    s->at = end + 1;
    return 0;
}

static int refuse(struct splitter *s, const char *what)
{
    return vnet_err(s->err, EINVAL, "%s is not supported here", what);
}

static int take_double_quoted(struct splitter *s)
{
    for (; *s->at && *s->at != '"'; s->at++) {
        if (*s->at == '$' || *s->at == '`')
            return refuse(s, "an expansion ($ or `)");
        if (*s->at == '\\' && s->at[1] && strchr("$`\"\\", s->at[1]))
            s->at++;
        strbuf_addc(&s->word, *s->at);
    }
    if (!*s->at)
        return vnet_err(s->err, EINVAL, "unterminated quote: \"");
    s->at++;
    return 0;
}

/* '>' or '>>', and 2>&1, which a lone word "2" may precede. */
static int take_redirection(struct splitter *s)
{
    bool from_stderr = s->in_word && strcmp(strbuf_cstr(&s->word), "2") == 0;
    if (from_stderr && strncmp(s->at, "&1", 2) == 0) {
        strbuf_reset(&s->word);
        s->in_word = false;
        s->at += 2;
        s->cmd->stderr_to_stdout = true;
        return 0;
    }
    if (from_stderr)
        return refuse(s, "a redirection of standard error");
    end_word(s);
    if (*s->at == '>') {
        s->cmd->append = true;
        s->at++;
    }
    s->want_target = true;
    return 0;
}

static int take_operator(struct splitter *s, char c)
{
    switch (c) {
    case '>':
        return take_redirection(s);
    case '<':
        return refuse(s, "an input redirection (<)");
    case '|':
        return refuse(s, "a pipe (|)");
    case '&':
        return refuse(s, "& (background or &&)");
    case ';':
        return refuse(s, "a list of commands (;)");
    case '(':
    case ')':
        return refuse(s, "a subshell");
    default:
        return refuse(s, "an expansion ($ or `)");
    }
}

static int take_char(struct splitter *s)
{
    char c = *s->at++;
    if (isspace((unsigned char)c)) {
        end_word(s);
        return 0;
    }
    if (strchr("><|&;()$`", c))
        return take_operator(s, c);
    s->in_word = true;
    if (c == '\'')
        return take_single_quoted(s);
    if (c == '"')
        return take_double_quoted(s);
    if (c == '\\' && *s->at)
        c = *s->at++;
    strbuf_addc(&s->word, c);
    return 0;
}

static void drop_sudo(struct shell_command *cmd)
{
    if (cmd->argc == 0 || strcmp(cmd->argv[0], "sudo") != 0)
        return;
    free(cmd->argv[0]);
    memmove(cmd->argv, cmd->argv + 1, (size_t)cmd->argc * sizeof(char *));
    cmd->argc--;
}

int shell_parse(const char *line, struct shell_command *cmd, struct vnet_err *err)
{
    struct splitter s = {.at = line, .cmd = cmd, .err = err};
    int rc = 0;
    *cmd = (struct shell_command){0};
    while (rc == 0 && *s.at) {
        if (*s.at == '#' && !s.in_word)
            break;
        rc = take_char(&s);
    }
    if (rc == 0)
        end_word(&s);
    if (rc == 0 && s.want_target)
        rc = vnet_err(err, EINVAL, "a file name is missing after >");
    strbuf_release(&s.word);
    if (rc < 0)
        shell_command_release(cmd);
    else
        drop_sudo(cmd);
    return rc;
}

#include "cmd/replay/prompt.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/replay/prose.h"
#include "cmd/replay/recognise.h"

/* ---- the shapes ---- */

static bool is_sign(char c)
{
    return c == '#' || c == '$' || c == '%' || c == '>';
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

static const char *skip_name(const char *s)
{
    while (is_name_char(*s))
        s++;
    return s;
}

/* Behind a prompt's sign: a space and the command, or the end of the line. */
static const char *behind_sign(const char *s)
{
    if (!is_sign(*s))
        return NULL;
    if (s[1] == '\0')
        return s + 1;
    return s[1] == ' ' ? s + 2 : NULL;
}

/* "(venv) user@host:~$": what environments put in front. */
static const char *skip_environment(const char *line)
{
    const char *end = line[0] == '(' ? skip_name(line + 1) : line;
    return end > line + 1 && end[0] == ')' ? end + 1 + (end[1] == ' ') : line;
}

/* [user@host dir]# command; the space behind the sign is sometimes lost */
static const char *bracket_prompt(const char *line)
{
    const char *close = line[0] == '[' ? strchr(line, ']') : NULL;
    if (!close || close - line > 80 || !memchr(line, '@', (size_t)(close - line)))
        return NULL;
    const char *sign = close + 1 + (close[1] == ' ');
    if (*sign != '#' && *sign != '$' && *sign != '%')
        return NULL;
    return sign + 1 + (sign[1] == ' ');
}

/* user@host:dir$ command, user@host dir # command, user@host> command */
static const char *colon_prompt(const char *line)
{
    const char *user = skip_environment(line), *at = skip_name(user);
    if (at == user || *at != '@')
        return NULL;
    const char *s = skip_name(at + 1);
    if (s == at + 1)
        return NULL;
    if (*s == ':' || (*s == ' ' && (s[1] == '~' || s[1] == '/')))
        s++;
    while (*s && !isspace((unsigned char)*s) && !is_sign(*s))
        s++;
    return behind_sign(*s == ' ' ? s + 1 : s);
}

/* bash-5.1# command */
static const char *shell_prompt(const char *line)
{
    static const char *const shells[] = {"bash-", "sh-", "ksh-", "dash-"};
    for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
        size_t n = strlen(shells[i]);
        if (strncmp(line, shells[i], n) == 0 && isdigit((unsigned char)line[n]))
            return behind_sign(line + n + strspn(line + n, "0123456789."));
    }
    return NULL;
}

/* "/ # command", "~ $ command", "~/dir$ command" */
static const char *dir_prompt(const char *line)
{
    if (*line != '/' && *line != '~')
        return NULL;
    const char *s = line + strcspn(line, " #$%");
    s += *s == ' ';
    return *s == '#' || *s == '$' ? behind_sign(s) : NULL;
}

/* "➜  dir command", "❯ command" */
static const char *arrow_prompt(const char *line)
{
    static const char thick[] = "\xe2\x9e\x9c", thin[] = "\xe2\x9d\xaf";
    if (strncmp(line, thin, sizeof(thin) - 1) == 0)
        return line + sizeof(thin) - 1 + (line[sizeof(thin) - 1] == ' ');
    if (strncmp(line, thick, sizeof(thick) - 1) != 0)
        return NULL;
    const char *s = line + sizeof(thick) - 1;
    s += strspn(s, " ");
    s += strcspn(s, " ");
    return s + strspn(s, " ");
}

typedef const char *prompt_fn(const char *line);
static prompt_fn *const named_prompts[] = {bracket_prompt, colon_prompt, shell_prompt, dir_prompt,
                                           arrow_prompt};

static const char *named_prompt(const char *line)
{
    for (size_t i = 0; i < ARRAY_LEN(named_prompts); i++) {
        const char *command = named_prompts[i](line);
        if (command)
            return command;
    }
    return NULL;
}

static const char *lone_sign(const char *line, char sign)
{
    return line[0] == sign ? behind_sign(line) : NULL;
}

/* "# command", but not "# comment". */
static const char *root_prompt(const char *line)
{
    const char *command = lone_sign(line, '#');
    if (!command || recognise_command(command))
        return command;
    bool comment = prose_foreign(command) || prose_words(command) ||
                   isupper((unsigned char)command[strspn(command, " ")]);
    return comment ? NULL : command;
}

/* "host# command", "> command": only where a known command follows. */
static const char *weak_prompt(const char *line)
{
    const char *s = skip_name(line);
    if (s == line && *s != '>' && *s != '%')
        return NULL;
    const char *command = behind_sign(s);
    return command && recognise_command(command) ? command : NULL;
}

/* ---- which of them a text uses ---- */

void prompts_see(struct prompts *p, const char *line)
{
    const char *command = lone_sign(line, '#');
    if (named_prompt(line))
        p->named = true;
    else if (lone_sign(line, '$'))
        p->dollar = true;
    else if (command && recognise_command(command))
        p->hashed++;
    else if (recognise_command(line))
        p->bare++;
    else if (weak_prompt(line))
        p->last_hope = true;
}

void prompts_settle(struct prompts *p)
{
    bool better = p->named || p->dollar;
    p->root = !better && p->hashed > p->bare;
    p->last_hope = p->last_hope && !better && !p->root;
}

const char *prompts_find(const struct prompts *p, const char *line)
{
    const char *command = named_prompt(line);
    if (!command)
        command = lone_sign(line, '$');
    if (!command && p->root)
        command = root_prompt(line);
    if (!command && p->last_hope)
        command = weak_prompt(line);
    return command ? command + strspn(command, " \t") : NULL;
}

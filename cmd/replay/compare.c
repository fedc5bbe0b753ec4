/* Judging what a step printed against what the transcript shows. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/machine/machine.h"
#include "cmd/replay/run.h"
#include "cmd/shell/shell.h"

static void split_output(struct replay_outcome *o)
{
    const char *s = strbuf_cstr(&o->output);
    size_t cap = 0;
    while (*s) {
        size_t n = strcspn(s, "\n");
        ARRAY_GROW(o->lines, o->nlines, cap);
        o->lines[o->nlines++] = mem_strndup(s, n);
        s += n + (s[n] == '\n');
    }
}

/* ---- captures show their closing counts or do not ---- */

static bool is_count(const char *line)
{
    return strstr(line, " packets captured") || strstr(line, " packet captured") ||
           strstr(line, " received by filter") || strstr(line, " dropped by kernel");
}

static bool is_header(const char *line)
{
    return strncmp(line, "tcpdump: ", 9) == 0 || strncmp(line, "listening on ", 13) == 0;
}

static bool shows(const struct step *s, bool (*kind)(const char *))
{
    for (size_t i = 0; i < s->nexpected; i++)
        if (kind(s->expected[i].text))
            return true;
    return false;
}

static void drop(struct replay_outcome *o, bool (*kind)(const char *))
{
    size_t kept = 0;
    for (size_t i = 0; i < o->nlines; i++) {
        if (kind(o->lines[i]))
            free(o->lines[i]);
        else
            o->lines[kept++] = o->lines[i];
    }
    o->nlines = kept;
}

/* A terminal's last blank lines are nobody's business. */
static size_t without_blank_tail(const char *const *lines, size_t n)
{
    while (n > 0 && lines[n - 1][strspn(lines[n - 1], " \t")] == '\0')
        n--;
    return n;
}

/* ---- one comparison ---- */

/* Which of the expected lines are compared: lines that read like sentences may be the author's. */
struct reading {
    size_t end;         /* the lines before this one */
    bool without_doubt; /* and of them only those that do not read like sentences */
};

static enum unify_verdict compare_reading(struct replay *r, const struct step *s,
                                          const struct reading *reading, struct replay_outcome *o)
{
    const char **lines = mem_calloc(reading->end + 1, sizeof(*lines));
    const char *const *actual_lines = (const char *const *)o->lines;
    size_t n = 0;
    for (size_t i = 0; i < reading->end; i++)
        if (!reading->without_doubt || !s->expected[i].doubt)
            lines[n++] = s->expected[i].text;
    struct unify_text expected = {lines, without_blank_tail(lines, n)};
    struct unify_text actual = {actual_lines, without_blank_tail(actual_lines, o->nlines)};
    enum unify_verdict v =
        unify_block(r->u, &expected, &actual, unify_command_is_unordered(s->command), &o->diff);
    free(lines);
    return v;
}

static size_t count_different(const struct unify_steps *diff)
{
    size_t n = 0;
    for (size_t i = 0; i < diff->n; i++)
        n += diff->step[i].verdict == UNIFY_DIFFERENT;
    return n;
}

/* The reading that matches, else the one that differs least. */
static enum unify_verdict compare_lines(struct replay *r, const struct step *s,
                                        struct replay_outcome *o)
{
    enum { MOST_READINGS = 20 };
    struct reading readings[MOST_READINGS] = {{s->nexpected, false}, {s->nexpected, true}};
    size_t n = 1, best = 0, least = SIZE_MAX;
    for (size_t i = 0; i < s->nexpected && n < MOST_READINGS; i++) {
        if (!s->expected[i].doubt)
            continue;
        n += n == 1;
        readings[n++] = (struct reading){i, true};
    }
    for (size_t k = 0; k < n; k++) {
        enum unify_verdict v = compare_reading(r, s, &readings[k], o);
        size_t different = count_different(&o->diff);
        if (v != UNIFY_DIFFERENT)
            return v;
        bool no_worse = k == 1 && different == least; /* then sentences are the author's own */
        if (different < least || no_worse) {
            least = different;
            best = k;
        }
    }
    return compare_reading(r, s, &readings[best], o);
}

/* What says that vnet, not the machine that it imitates, cannot do it. */
static const char *refusal(const struct step *s, const struct replay_outcome *o)
{
    for (size_t i = 0; i < o->nlines; i++)
        if (strstr(o->lines[i], "not emulated") ||
            (s->nexpected == 0 && strncmp(o->lines[i], "modprobe: FATAL: Module ", 24) == 0))
            return o->lines[i];
    return NULL;
}

/* The author's shell did not know the command either. */
static bool unknown_to_author(const struct step *s)
{
    for (size_t i = 0; i < s->nexpected; i++)
        if (strstr(s->expected[i].text, "not found"))
            return true;
    return false;
}

/* A command whose output is not shown: it must not fail, if it is one that does something. */
static enum replay_verdict judge_unshown(const struct step *s, struct replay_outcome *o)
{
    o->not_compared = true;
    return s->kind == STEP_COMMAND && o->exit_status != 0 ? REPLAY_BEHAVIOURAL : REPLAY_SAME;
}

/* A command of its own, with no pipe behind it, that each machine answers otherwise, or whose work
 * is not done here. */
static bool tells_of_machine(const struct step *s)
{
    char name[16];
    const char *word = s->command + (strncmp(s->command, "sudo ", 5) == 0 ? 5 : 0);
    word += strspn(word, " ");
    size_t len = strcspn(word, " ");
    if (strpbrk(s->command, "|;&<>\n") || len >= sizeof(name))
        return false;
    memcpy(name, word, len);
    name[len] = '\0';
    return machine_tool_tells(name);
}

static enum replay_verdict judge_machine(struct replay_outcome *o)
{
    o->not_compared = true;
    vnet_err(&o->why, 0, "of the author's machine: not compared");
    return REPLAY_SAME;
}

static enum replay_verdict judge(struct replay *r, const struct step *s, struct replay_outcome *o)
{
    static const enum replay_verdict verdict_of[] = {
        [UNIFY_SAME] = REPLAY_SAME,
        [UNIFY_VOLATILE] = REPLAY_VOLATILE,
        [UNIFY_COSMETIC] = REPLAY_COSMETIC,
        [UNIFY_DIFFERENT] = REPLAY_BEHAVIOURAL,
    };
    unify_command(r->u, s->command);
    if (tells_of_machine(s))
        return judge_machine(o);
    if (s->not_shown)
        return judge_unshown(s, o);
    enum unify_verdict v = compare_lines(r, s, o);
    if (s->exit_status >= 0 && s->exit_status != o->exit_status)
        return REPLAY_BEHAVIOURAL;
    return verdict_of[v];
}

void replay_compare(struct replay *r, size_t i, struct replay_outcome *o)
{
    const struct step *s = &r->t.steps[i];
    split_output(o);
    if (o->exit_status == -ENOENT && unknown_to_author(s))
        o->exit_status = shell_status(r->shell);
    const char *why = refusal(s, o);
    if (o->exit_status < 0 || why) {
        if (why)
            vnet_err(&o->why, 0, "%s", why);
        o->verdict = REPLAY_UNSUPPORTED;
        return;
    }
    if (s->kind == STEP_CAPTURE) {
        replay_learn_clock(r, s, o);
        if (!shows(s, is_count))
            drop(o, is_count);
        if (!shows(s, is_header))
            drop(o, is_header);
    }
    o->verdict = judge(r, s, o);
}

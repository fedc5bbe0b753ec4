/* Cutting the blocks of a text into commands and their outputs. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/replay/markup.h"
#include "cmd/replay/prompt.h"
#include "cmd/replay/prose.h"
#include "cmd/replay/recognise.h"
#include "cmd/replay/transcript.h"

enum { NONE = -1 };

enum block_mode {
    MODE_PROMPTS,  /* commands stand behind prompts */
    MODE_COMMANDS, /* commands are told by their words */
    MODE_OUTPUT,   /* what the last command printed */
    MODE_IGNORED,
};

struct builder {
    struct transcript *t;
    struct prompts prompts;
    const struct block *block;
    enum block_mode mode;
    long current;      /* step whose output is being read, or NONE */
    long capture;      /* the last capture that may still be printing, or NONE */
    size_t block_step; /* first step of this block */
    bool after_blank;
};

static struct step *current(struct builder *b)
{
    return b->current == NONE ? NULL : &b->t->steps[b->current];
}

static const char *line_at(const struct builder *b, size_t line)
{
    return markup_line(&b->t->source, b->block, line);
}

/* ---- lines of captures ---- */

static bool is_time_of_day(const char *s)
{
    unsigned h, m, sec;
    int used = 0;
    return sscanf(s, "%2u:%2u:%2u.%n", &h, &m, &sec, &used) == 3 && used == 9;
}

/* candump's: "  vcan0  123   [2]  11 22", perhaps with a time in brackets before it. */
static bool is_can_line(const char *line)
{
    unsigned id, len;
    int used = 0;
    line += strspn(line, " ");
    if (*line == '(' && strchr(line, ')'))
        line = strchr(line, ')') + 1;
    return sscanf(line, " %*15s %8x [%2u]%n", &id, &len, &used) == 2 && used;
}

bool transcript_packet_line(const char *line)
{
    if (is_can_line(line))
        return true;
    if (is_time_of_day(line))
        return true;
    return strncmp(line, "IP ", 3) == 0 || strncmp(line, "IP6 ", 4) == 0 ||
           strncmp(line, "ARP, ", 5) == 0;
}

bool transcript_capture_line(const char *line)
{
    return transcript_packet_line(line) || strncmp(line, "listening on ", 13) == 0 ||
           strncmp(line, "tcpdump: ", 9) == 0 || strstr(line, " packets captured") ||
           strstr(line, " packet captured") || strstr(line, " received by filter") ||
           strstr(line, " dropped by kernel") || strstr(line, " dropped by interface");
}

static bool has_packets(const struct step *s)
{
    for (size_t i = 0; i < s->nexpected; i++)
        if (transcript_packet_line(s->expected[i].text))
            return true;
    return false;
}

/* ---- steps ---- */

/* Commands that end what runs in the background. */
static bool ends_background(const char *command)
{
    static const char *const names[] = {"kill", "fg", "pkill", "killall"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (recognise_call(command, names[i]))
            return true;
    return false;
}

static bool reads_file(const char *capture)
{
    for (const char *s = strchr(capture, ' '); s; s = strchr(s + 1, ' '))
        if (s[1] == '-' && (s[2] == 'r' || s[2] == 'D' || s[2] == 'h'))
            return true;
    return strstr(capture, " --") != NULL;
}

/* "tcpdump -i veth0 &": the rest of the line is empty. */
static bool in_background(const char *command)
{
    size_t n = strlen(command);
    return n >= 2 && command[n - 1] == '&' && command[n - 2] != '&';
}

static bool cut_background(char *command)
{
    bool background = in_background(command);
    if (background)
        command[strlen(command) - 1] = '\0';
    return background;
}

static enum step_kind kind_of(const struct builder *b, const char *command)
{
    size_t len;
    const char *capture = recognise_call(command, "tcpdump");
    if (!capture)
        capture = recognise_call(command, "candump");
    bool traffic = recognise_traffic(command) != NULL;
    if (recognise_placeholder(command, &len))
        return STEP_PLACEHOLDER;
    if (b->capture != NONE && b->t->steps[b->capture].background && ends_background(command))
        return STEP_CLOSING;
    if (capture && !traffic && !reads_file(capture) && !strchr(capture, '>') &&
        !strchr(command, ';') && !strchr(command, '\n'))
        return STEP_CAPTURE;
    return traffic && !capture ? STEP_TRAFFIC : STEP_COMMAND;
}

static struct step *add_step(struct builder *b, size_t line, char *command, enum step_kind kind)
{
    struct transcript *t = b->t;
    ARRAY_GROW(t->steps, t->n, t->cap);
    struct step *s = &t->steps[t->n++];
    *s = (struct step){.kind = kind,
                       .line_no = line + 1,
                       .end = line + 1,
                       .indent = b->block ? b->block->indent : 0,
                       .command = command,
                       .exit_status = -1,
                       .traffic = SIZE_MAX};
    return s;
}

/* Behind a secondary prompt. */
static const char *continuation(const struct builder *b, const char *line)
{
    if (b->mode != MODE_PROMPTS || line[0] != '>')
        return line;
    return line[1] == ' ' ? line + 2 : line + 1;
}

/* The command that begins on `line`, with the lines that it goes on to; *end is behind them. */
static char *whole_command(struct builder *b, const char *command, size_t line, size_t *end)
{
    enum { MAX_LINES = 500 };
    struct strbuf text = STRBUF_INIT;
    strbuf_adds(&text, command);
    *end = line + 1;
    while (*end < b->block->end && *end - line < MAX_LINES &&
           recognise_incomplete(strbuf_cstr(&text))) {
        const char *next = line_at(b, *end);
        if (prompts_find(&b->prompts, next))
            break;
        strbuf_addc(&text, '\n');
        strbuf_adds(&text, continuation(b, next));
        ++*end;
    }
    while (text.len && isspace((unsigned char)text.data[text.len - 1]))
        text.data[--text.len] = '\0';
    return strbuf_detach(&text);
}

/* A shell for root, in which "#" is the prompt where it was "$" before: `sudo -i`, `ip netns exec
 * NS bash`. */
static bool opens_root_shell(const char *command)
{
    static const char *const ends[] = {" bash", " sh", " su", " su -", " -i", " -s", "su", "su -"};
    size_t n = strlen(command);
    bool asks = strncmp(command, "sudo ", 5) == 0 || strncmp(command, "su", 2) == 0 ||
                strstr(command, "netns exec ");
    for (size_t i = 0; i < ARRAY_LEN(ends) && asks; i++) {
        size_t k = strlen(ends[i]);
        if (n >= k && strcmp(command + n - k, ends[i]) == 0)
            return true;
    }
    return false;
}

/* Returns the line behind the command. */
static size_t start_command(struct builder *b, const char *command, size_t line)
{
    size_t end;
    b->current = NONE;
    if (!*command || recognise_synopsis(command))
        return line + 1;
    char *text = whole_command(b, command, line, &end);
    enum step_kind kind = kind_of(b, text);
    struct step *s = add_step(b, line, text, kind);
    s->end = end;
    if (opens_root_shell(text))
        b->prompts.root = true;
    if (kind == STEP_CAPTURE)
        s->background = cut_background(text);
    else
        s->background = kind == STEP_TRAFFIC && in_background(text);
    b->current = (long)b->t->n - 1;
    if (kind == STEP_CAPTURE)
        b->capture = b->current;
    b->after_blank = false;
    return end;
}

/* ---- output ---- */

static bool job_notice(const char *line)
{
    size_t n = line[0] == '[' ? strspn(line + 1, "0123456789") : 0;
    if (!n || line[n + 1] != ']')
        return false;
    const char *rest = line + n + 2;
    rest += *rest == '+' || *rest == '-';
    rest += strspn(rest, " ");
    static const char *const states[] = {"Done",    "Exit",       "Running",
                                         "Stopped", "Terminated", "Killed"};
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        if (strncmp(rest, states[i], strlen(states[i])) == 0)
            return true;
    return *rest && rest[strspn(rest, "0123456789")] == '\0';
}

static void add_expected(struct builder *b, struct step *s, size_t line, bool doubt)
{
    const char *text = line_at(b, line);
    int status, used = 0;
    if (sscanf(text, "[exit %d]%n", &status, &used) == 1 && used && text[used] == '\0') {
        s->exit_status = status;
        return;
    }
    if (job_notice(text) && !recognise_call(s->command, "jobs"))
        return;
    if (strncmp(text, "^C", 2) == 0) {
        s->interrupted = true;
        text += 2;
    }
    ARRAY_GROW(s->expected, s->nexpected, s->cap);
    s->expected[s->nexpected++] =
        (struct expected_line){.text = mem_strdup(text), .line = line, .doubt = doubt};
}

/* A packet in another terminal's output belongs to the capture that waits there. */
static bool goes_to_capture(const struct builder *b, const char *line)
{
    if (b->capture == NONE || b->current == b->capture || !transcript_capture_line(line))
        return false;
    const struct step *now = b->current == NONE ? NULL : &b->t->steps[b->current];
    const struct step *capture = &b->t->steps[b->capture];
    if (now && now->kind != STEP_TRAFFIC && now->kind != STEP_CLOSING)
        return false;
    return capture->background || !has_packets(capture) ||
           capture->expected[capture->nexpected - 1].line + 1 == b->block->first;
}

static void read_output(struct builder *b, size_t line)
{
    const char *text = line_at(b, line);
    bool blank = text[strspn(text, " \t")] == '\0';
    struct step *s = current(b);
    enum prose prose = PROSE_NO;
    if (goes_to_capture(b, text)) {
        add_expected(b, &b->t->steps[b->capture], line, false);
        if (!b->t->steps[b->capture].background)
            b->current = b->capture;
        return;
    }
    if (!prose_elision(text) && !blank)
        prose = prose_line(text, b->after_blank);
    if (prose == PROSE_YES || (prose == PROSE_NO && text[0] == '#'))
        b->current = NONE;
    else if (s)
        add_expected(b, s, line, prose == PROSE_MAYBE);
    b->after_blank = blank;
}

/* ---- blocks ---- */

static const char *without_interrupt(const char *line)
{
    return strncmp(line, "^C", 2) == 0 ? line + 2 : line;
}

static const char *command_at(const struct builder *b, size_t line)
{
    const char *text = without_interrupt(line_at(b, line));
    if (b->block->kind == BLOCK_PASTE)
        text += strspn(text, " \t");
    if (b->mode == MODE_PROMPTS)
        return prompts_find(&b->prompts, text);
    if (b->mode == MODE_COMMANDS && recognise_command(text))
        return text + strspn(text, " \t");
    return NULL;
}

static bool any_command(struct builder *b, enum block_mode mode)
{
    b->mode = mode;
    for (size_t i = b->block->first; i < b->block->end; i++)
        if (command_at(b, i))
            return true;
    return false;
}

/* Does a code block without prompts begin with a command, comments passed over? */
static bool begins_with_command(struct builder *b)
{
    b->mode = MODE_COMMANDS;
    for (size_t i = b->block->first; i < b->block->end; i++) {
        const char *text = line_at(b, i);
        text += strspn(text, " \t");
        if (*text && *text != '#')
            return command_at(b, i) != NULL;
    }
    return false;
}

/* A block that is a diagram, or has one. */
static bool draws(const struct builder *b)
{
    for (size_t i = b->block->first; i < b->block->end; i++)
        if (prose_line(line_at(b, i), false) == PROSE_YES)
            return true;
    return false;
}

/* An output block is the last command's, if that has shown nothing yet, or a capture's. */
static enum block_mode output_mode(struct builder *b)
{
    for (size_t i = b->block->first; i < b->block->end; i++)
        if (b->capture != NONE && transcript_capture_line(line_at(b, i))) {
            b->current = b->capture;
            return MODE_OUTPUT;
        }
    if (b->t->n == 0 || draws(b))
        return MODE_IGNORED;
    const struct step *last = &b->t->steps[b->t->n - 1];
    bool wanting = last->kind != STEP_DIRECTIVE && last->nexpected == 0;
    b->current = wanting ? (long)b->t->n - 1 : NONE;
    return wanting ? MODE_OUTPUT : MODE_IGNORED;
}

static enum block_mode choose_mode(struct builder *b)
{
    if (b->block->kind == BLOCK_DATA)
        return output_mode(b);
    if (any_command(b, MODE_PROMPTS))
        return MODE_PROMPTS;
    if (b->block->kind == BLOCK_PASTE ? any_command(b, MODE_COMMANDS) : begins_with_command(b))
        return MODE_COMMANDS;
    return output_mode(b);
}

static bool take_directive(struct builder *b, size_t line)
{
    char *text = markup_directive(b->t->source.line[line].text);
    if (!text)
        return false;
    add_step(b, line, text, STEP_DIRECTIVE);
    b->current = NONE;
    return true;
}

/* Is there output, or what is the author's words only? */
static bool shows_output(const struct step *s)
{
    for (size_t i = 0; i < s->nexpected; i++)
        if (!s->expected[i].doubt && s->expected[i].text[0])
            return true;
    return false;
}

static void drop_expected(struct step *s)
{
    while (s->nexpected)
        free(s->expected[--s->nexpected].text);
}

/* Where commands are listed and no output at all is shown, none was meant to be. */
static void mark_not_shown(struct builder *b)
{
    struct transcript *t = b->t;
    size_t shown = 0;
    for (size_t i = b->block_step; i < t->n; i++)
        shown += t->steps[i].kind != STEP_DIRECTIVE && shows_output(&t->steps[i]);
    for (size_t i = b->block_step; i < t->n; i++) {
        struct step *s = &t->steps[i];
        s->not_shown = shown == 0 || (b->mode == MODE_COMMANDS && !shows_output(s));
        if (s->not_shown)
            drop_expected(s);
    }
}

/* Each block has prompts of its own: "# " begins a comment in one and a command in the next. */
static void see_prompts(struct builder *b)
{
    b->prompts = (struct prompts){0};
    for (size_t i = b->block->first; i < b->block->end; i++) {
        const char *text = line_at(b, i);
        prompts_see(&b->prompts, text + (b->block->kind == BLOCK_PASTE ? strspn(text, " \t") : 0));
    }
    prompts_settle(&b->prompts);
}

static void read_block(struct builder *b)
{
    see_prompts(b);
    b->current = NONE;
    b->after_blank = false;
    b->block_step = b->t->n;
    b->mode = choose_mode(b);
    for (size_t i = b->block->first; i < b->block->end && b->mode != MODE_IGNORED;) {
        const char *command = command_at(b, i);
        if (take_directive(b, i))
            i++;
        else if (command)
            i = start_command(b, command, i);
        else
            read_output(b, i++);
    }
    mark_not_shown(b);
}

/* Output that a later block brought is shown after all. */
static void settle_shown(struct transcript *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct step *s = &t->steps[i];
        while (s->nexpected && s->expected[s->nexpected - 1].text[0] == '\0')
            free(s->expected[--s->nexpected].text);
        if (s->nexpected)
            s->not_shown = false;
    }
}

/* Directives between the blocks. */
static void read_between(struct builder *b, size_t first, size_t end)
{
    b->block = NULL;
    for (size_t i = first; i < end; i++)
        take_directive(b, i);
}

void transcript_build(struct transcript *t)
{
    struct builder b = {.t = t, .current = NONE, .capture = NONE};
    struct blocks blocks;
    size_t at = 0;
    markup_find(&t->source, &blocks);
    for (size_t i = 0; i < blocks.n; i++) {
        read_between(&b, at, blocks.block[i].first);
        b.block = &blocks.block[i];
        read_block(&b);
        at = blocks.block[i].end;
    }
    read_between(&b, at, t->source.n);
    settle_shown(t);
    markup_release(&blocks);
}

/* `ip -batch FILE` (do_batch(), getcmdline() and makeargs() of iproute2 6.1.0). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "cmd/files.h"
#include "cmd/ip/ctx.h"

enum { MAX_WORDS = 512 };

struct batch {
    struct ip *ip;
    FILE *in;
    char *line; /* getline()'s */
    size_t size;
    int lineno;
};

/* One line of the file without its comment, appended; false at the end. */
static bool add_line(struct batch *b, struct strbuf *text)
{
    if (getline(&b->line, &b->size, b->in) < 0)
        return false;
    b->lineno++;
    char *comment = strchr(b->line, '#');
    if (comment)
        *comment = '\0';
    strbuf_adds(text, b->line);
    return true;
}

/* A command: a line, and those that continue it. */
static bool next_command(struct batch *b, struct strbuf *text)
{
    strbuf_reset(text);
    if (!add_line(b, text))
        return false;
    while (text->len >= 2 && strcmp(text->data + text->len - 2, "\\\n") == 0) {
        text->len -= 2;
        text->data[text->len] = '\0';
        if (!add_line(b, text)) {
            sink_puts(b->ip->err, "Missing continuation line\n");
            return false;
        }
    }
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Cut the line into words; a quote at the beginning of a word encloses it. Their number, or -1 with
 * a message printed. */
static int cut_words(struct ip *ip, char *line, char *words[MAX_WORDS])
{
    int n = 0;
    for (;;) {
        while (is_blank(*line))
            line++;
        if (!*line)
            break;
        if (n >= MAX_WORDS - 1) {
            sink_puts(ip->err, "Too many arguments to command\n");
            return -1;
        }
        char quote = *line == '\'' || *line == '"' ? *line++ : '\0';
        words[n++] = line;
        if (quote)
            line = strchr(line, quote);
        else
            while (*line && !is_blank(*line))
                line++;
        if (!line) {
            sink_puts(ip->err, "Unterminated quoted string\n");
            return -1;
        }
        if (*line)
            *line++ = '\0';
    }
    words[n] = NULL;
    return n;
}

static int run_line(struct batch *b, struct strbuf *text, int (*run)(struct ip *ip, struct args *a))
{
    struct ip *ip = b->ip;
    char *words[MAX_WORDS];
    int n = cut_words(ip, text->data, words);
    if (n <= 0)
        return n < 0 ? ARG_EXIT_FAILED : ARG_OK;
    struct args a = {.v = words, .n = n, .err = ip->err};
    uint8_t family = ip->opt.family;
    int status = run(ip, &a);
    ip->opt.family = family;
    /* a file is read at once; nobody shall be kept waiting for a terminal or a pipe */
    if (strcmp(ip->batch, "-") == 0 && ip_close(ip) && !status)
        status = ARG_FAILED;
    return status;
}

static int run_lines(struct batch *b, int (*run)(struct ip *ip, struct args *a))
{
    struct strbuf text = STRBUF_INIT;
    int result = ARG_OK;
    while (next_command(b, &text)) {
        int status = run_line(b, &text, run);
        if (status & ARG_EXIT) {
            result = status;
            break;
        }
        if (!status)
            continue;
        sink_printf(b->ip->err, "Command failed %s:%d\n", b->ip->batch, b->lineno);
        result = ARG_FAILED;
        if (!b->ip->opt.force)
            break;
    }
    strbuf_release(&text);
    free(b->line);
    return result;
}

bool ip_strict(const struct ip *ip)
{
    return ip->facts->ip_strict && !ip->batch;
}

int ip_run_batch(struct ip *ip, int (*run)(struct ip *ip, struct args *a))
{
    struct batch b = {.ip = ip, .in = cmd_fopen(ip->env, ip->batch)};
    if (!b.in) {
        sink_printf(ip->err, "Cannot open file \"%s\" for reading: %s\n", ip->batch,
                    cmd_strerror(errno));
        return ARG_FAILED;
    }
    int status = run_lines(&b, run);
    cmd_fclose(b.in);
    return status;
}

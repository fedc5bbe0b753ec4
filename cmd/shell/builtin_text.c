/* echo and printf, as bash has them. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/shell/builtins.h"
#include "cmd/shell/state.h"

static const char *const simple_escapes = "a\ab\be\033f\fn\nr\rt\tv\v\\\\";

static int digit(char c, int base)
{
    int value = isdigit((unsigned char)c)    ? c - '0'
                : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                             : 99;
    return value < base ? value : -1;
}

/* Up to `most` digits; the number of them. */
static size_t read_digits(const char *s, int base, size_t most, unsigned *value)
{
    size_t n = 0;
    *value = 0;
    for (; n < most && digit(s[n], base) >= 0; n++)
        *value = *value * (unsigned)base + (unsigned)digit(s[n], base);
    return n;
}

/* The escape behind a backslash at s[0]: adds what it means; the characters taken, 0: none of
 * ours. zero: octal numbers begin with 0 (echo -e, %b). */
static size_t add_escape(struct strbuf *out, const char *s, bool zero)
{
    unsigned value;
    for (const char *e = simple_escapes; *e; e += 2)
        if (*s == *e) {
            strbuf_addc(out, e[1]);
            return 1;
        }
    if (*s == 'x') {
        size_t n = read_digits(s + 1, 16, 2, &value);
        if (n)
            strbuf_addc(out, (char)value);
        return n ? n + 1 : 0;
    }
    size_t skip = zero && *s == '0', n = read_digits(s + skip, 8, 3, &value);
    if (zero && !skip)
        return 0;
    if (n + skip)
        strbuf_addc(out, (char)value);
    return n + skip;
}

/* Text with escapes; true: \c, nothing more is to be printed. */
static bool add_escaped(struct strbuf *out, const char *s)
{
    for (; *s; s++) {
        if (s[0] == '\\' && s[1] == 'c')
            return true;
        size_t n = s[0] == '\\' ? add_escape(out, s + 1, true) : 0;
        if (!n)
            strbuf_addc(out, *s);
        s += n;
    }
    return false;
}

int builtin_echo(struct call *c)
{
    struct strbuf text = STRBUF_INIT;
    bool newline = true, escapes = false, stop = false;
    int i = 1;
    for (; i < c->argc && c->argv[i][0] == '-' && c->argv[i][1] &&
           !c->argv[i][1 + strspn(c->argv[i] + 1, "neE")];
         i++)
        for (const char *p = c->argv[i] + 1; *p; p++) {
            newline &= *p != 'n';
            escapes = *p == 'n' ? escapes : *p == 'e';
        }
    for (int first = i; i < c->argc && !stop; i++) {
        if (i > first)
            strbuf_addc(&text, ' ');
        if (escapes)
            stop = add_escaped(&text, c->argv[i]);
        else
            strbuf_adds(&text, c->argv[i]);
    }
    if (newline && !stop)
        strbuf_addc(&text, '\n');
    sink_write(c->env->out, strbuf_cstr(&text), text.len);
    strbuf_release(&text);
    return 0;
}

/* ---- printf ---- */

struct format {
    struct call *c;
    int next; /* the argument */
    int status;
    bool stop;
    struct strbuf out;
};

static const char *argument(struct format *f)
{
    return f->next < f->c->argc ? f->c->argv[f->next++] : NULL;
}

/* What is there by now comes before a complaint. */
static void write_out(struct format *f)
{
    sink_write(f->c->env->out, strbuf_cstr(&f->out), f->out.len);
    strbuf_reset(&f->out);
}

static int64_t number(struct format *f)
{
    const char *word = argument(f);
    char *end;
    if (!word || !*word)
        return 0;
    if (*word == '\'' || *word == '"')
        return (unsigned char)word[1];
    int64_t value = *word == '-' ? strtoll(word, &end, 0) : (int64_t)strtoull(word, &end, 0);
    if (*end) {
        write_out(f);
        f->status = builtin_fail(f->c, "%s: invalid number", word);
    }
    return value;
}

/* The flags, width and precision of a conversion, as the C library takes them. */
static const char *take_spec(struct format *f, const char *s, struct strbuf *spec)
{
    strbuf_addc(spec, '%');
    while (*s && strchr("-+ #0", *s))
        strbuf_addc(spec, *s++);
    for (int i = 0; i < 2; i++) {
        if (*s == '*') {
            strbuf_addf(spec, "%d", (int)(number(f) % 10000));
            s++;
        }
        for (int digits = 0; isdigit((unsigned char)*s); s++)
            if (digits++ < 4)
                strbuf_addc(spec, *s);
        if (i || *s != '.')
            break;
        strbuf_addc(spec, *s++);
    }
    return s;
}

static void put_string(struct format *f, const struct strbuf *spec, const char *text)
{
    struct strbuf full = STRBUF_INIT;
    char buf[16384];
    strbuf_addf(&full, "%ss", spec->data);
    if (spec->len == 1) {
        strbuf_adds(&f->out, text);
    } else {
        snprintf(buf, sizeof(buf), full.data, text); /* the width is bounded */
        strbuf_adds(&f->out, buf);
    }
    strbuf_release(&full);
}

static void put_number(struct format *f, const struct strbuf *spec, char conversion)
{
    struct strbuf full = STRBUF_INIT;
    char buf[16384];
    int64_t value = number(f);
    strbuf_addf(&full, "%sj%c", spec->data, conversion);
    snprintf(buf, sizeof(buf), full.data, (intmax_t)value);
    strbuf_adds(&f->out, buf);
    strbuf_release(&full);
}

static void put_character(struct format *f, const struct strbuf *spec)
{
    const char *word = argument(f);
    char text[2] = {word ? *word : '\0', '\0'};
    put_string(f, spec, text);
}

/* Behind a %: what is left of the format. */
static const char *convert(struct format *f, const char *s)
{
    struct strbuf spec = STRBUF_INIT, text = STRBUF_INIT;
    const char *word;
    s = take_spec(f, s, &spec);
    switch (*s) {
    case '%':
        strbuf_addc(&f->out, '%');
        break;
    case 's':
        word = argument(f);
        put_string(f, &spec, word ? word : "");
        break;
    case 'b':
        word = argument(f);
        f->stop = add_escaped(&text, word ? word : "");
        put_string(f, &spec, strbuf_cstr(&text));
        break;
    case 'c':
        put_character(f, &spec);
        break;
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        put_number(f, &spec, *s);
        break;
    default:
        f->status = shell_unsupported(f->c->sh, "printf's %%%c is not supported", *s ? *s : ' ');
        f->stop = true;
    }
    strbuf_release(&spec);
    strbuf_release(&text);
    return *s ? s + 1 : s;
}

static void put_format(struct format *f, const char *s)
{
    while (*s && !f->stop) {
        size_t n = *s == '\\' ? add_escape(&f->out, s + 1, false) : 0;
        if (n) {
            s += n + 1;
        } else if (*s == '%') {
            s = convert(f, s + 1);
        } else {
            strbuf_addc(&f->out, *s++);
        }
    }
}

int builtin_printf(struct call *c)
{
    struct format f = {.c = c, .next = 2};
    int before;
    int first = c->argc > 1 && strcmp(c->argv[1], "--") == 0 ? 2 : 1;
    if (first >= c->argc) {
        sink_puts(c->env->err, "printf: usage: printf [-v var] format [arguments]\n");
        return 2;
    }
    if (c->argv[first][0] == '-' && first == 1)
        return shell_unsupported(c->sh, "printf %s is not supported", c->argv[1]);
    f.next = first + 1;
    do {
        before = f.next;
        put_format(&f, c->argv[first]);
    } while (f.next < c->argc && f.next > before && !f.stop);
    write_out(&f);
    strbuf_release(&f.out);
    return f.status;
}

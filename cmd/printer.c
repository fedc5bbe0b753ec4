#include "cmd/printer.h"

#include <stddef.h>

/* ---- JSON ---- */

static void json_line(struct printer *p)
{
    if (!p->pretty)
        return;
    sink_puts(p->out, "\n");
    for (unsigned i = 0; i < p->depth; i++)
        sink_puts(p->out, "    ");
}

static void json_separate(struct printer *p)
{
    if (p->sep)
        sink_write(p->out, &p->sep, 1);
    p->sep = ',';
}

static const char *json_escape(char c)
{
    switch (c) {
    case '\t':
        return "\\t";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\f':
        return "\\f";
    case '\b':
        return "\\b";
    case '\\':
        return "\\\\";
    case '"':
        return "\\\"";
    default:
        return NULL;
    }
}

static void json_string(struct printer *p, const char *s)
{
    sink_puts(p->out, "\"");
    for (; *s; s++) {
        const char *esc = json_escape(*s);
        if (esc)
            sink_puts(p->out, esc);
        else
            sink_write(p->out, s, 1);
    }
    sink_puts(p->out, "\"");
}

static void json_key(struct printer *p, const char *key)
{
    if (!key)
        return;
    json_separate(p);
    json_line(p);
    p->sep = '\0';
    json_string(p, key);
    sink_puts(p->out, p->pretty ? ": " : ":");
}

static void json_open(struct printer *p, const char *bracket)
{
    json_separate(p);
    sink_puts(p->out, bracket);
    p->depth++;
    p->sep = '\0';
}

static void json_close(struct printer *p, const char *bracket)
{
    p->depth--;
    if (p->sep)
        json_line(p);
    sink_puts(p->out, bracket);
    p->sep = ',';
}

void json_open_object(struct printer *p, const char *key)
{
    if (!p->in_json)
        return;
    json_key(p, key);
    json_open(p, "{");
}

void json_close_object(struct printer *p)
{
    if (p->in_json)
        json_close(p, "}");
}

void json_open_array(struct printer *p, const char *key)
{
    if (!p->in_json)
        return;
    json_key(p, key);
    json_open(p, "[");
    if (p->pretty)
        sink_puts(p->out, " ");
}

void json_close_array(struct printer *p)
{
    if (!p->in_json)
        return;
    if (p->pretty && p->sep)
        sink_puts(p->out, " ");
    p->sep = '\0';
    json_close(p, "]");
}

void json_begin(struct printer *p)
{
    if (!p->json)
        return;
    p->in_json = true;
    p->sep = '\0';
    p->depth = 0;
    json_open_array(p, NULL);
}

void json_end(struct printer *p)
{
    if (!p->in_json)
        return;
    json_close_array(p);
    sink_puts(p->out, "\n");
    p->in_json = false;
}

static void json_value(struct printer *p, const char *key)
{
    json_key(p, key);
    json_separate(p);
}

/* ---- fields ---- */

static const char *color_code(const struct printer *p, enum print_color color)
{
    static const char *const codes[][2] = {
        [COLOR_IFNAME] = {"\033[36m", "\033[1;36m"},
        [COLOR_MAC] = {"\033[33m", "\033[1;33m"},
        [COLOR_INET] = {"\033[35m", "\033[1;35m"},
        [COLOR_INET6] = {"\033[34m", "\033[1;34m"},
        [COLOR_OPER_UP] = {"\033[32m", "\033[1;32m"},
        [COLOR_OPER_DOWN] = {"\033[31m", "\033[1;31m"},
    };
    return codes[color][p->dark];
}

static bool to_json(const struct printer *p, enum print_to to)
{
    return p->in_json && to != TO_TEXT;
}

static bool to_text(const struct printer *p, enum print_to to)
{
    return !p->in_json && to != TO_JSON;
}

void print_colored(struct printer *p, enum print_to to, enum print_color color, const char *key,
                   const char *fmt, const char *value)
{
    if (to_json(p, to)) {
        json_value(p, key);
        json_string(p, value);
    } else if (to_text(p, to)) {
        bool paint = p->color && color != COLOR_NONE;
        if (paint)
            sink_puts(p->out, color_code(p, color));
        sink_printf(p->out, fmt, value);
        if (paint)
            sink_puts(p->out, "\033[0m");
    }
}

void print_str(struct printer *p, enum print_to to, const char *key, const char *fmt,
               const char *value)
{
    print_colored(p, to, COLOR_NONE, key, fmt, value);
}

void print_int(struct printer *p, enum print_to to, const char *key, const char *fmt, int value)
{
    if (to_json(p, to)) {
        json_value(p, key);
        sink_printf(p->out, "%d", value);
    } else if (to_text(p, to)) {
        sink_printf(p->out, fmt, value);
    }
}

void print_uint(struct printer *p, enum print_to to, const char *key, const char *fmt,
                unsigned value)
{
    if (to_json(p, to))
        json_u64(p, key, value);
    else if (to_text(p, to))
        sink_printf(p->out, fmt, value);
}

void print_seconds(struct printer *p, enum print_to to, const char *key, const char *fmt,
                   double value)
{
    if (to_json(p, to)) {
        json_value(p, key);
        sink_printf(p->out, "%g", value);
    } else if (to_text(p, to)) {
        sink_printf(p->out, fmt, value);
    }
}

void print_hundredths(struct printer *p, enum print_to to, const char *key, const char *fmt,
                      unsigned value)
{
    if (to_json(p, to)) {
        json_value(p, key);
        sink_printf(p->out, "%u.%02u", value / 100, value % 100);
    } else if (to_text(p, to)) {
        sink_printf(p->out, fmt, value / 100.0);
    }
}

void print_0xhex(struct printer *p, enum print_to to, const char *key, const char *fmt,
                 unsigned long long value)
{
    if (to_json(p, to)) {
        json_value(p, key);
        sink_printf(p->out, "\"%#llx\"", value);
    } else if (to_text(p, to)) {
        sink_printf(p->out, fmt, value);
    }
}

static void print_word(struct printer *p, enum print_to to, const char *key, const char *json,
                       const char *words)
{
    if (to_json(p, to)) {
        json_value(p, key);
        sink_puts(p->out, json);
    } else if (to_text(p, to)) {
        sink_puts(p->out, words);
    }
}

void print_true(struct printer *p, enum print_to to, const char *key, const char *words)
{
    print_word(p, to, key, "true", words);
}

void print_null(struct printer *p, enum print_to to, const char *key, const char *words)
{
    print_word(p, to, key, "null", words);
}

void print_bool(struct printer *p, const char *key, bool value)
{
    print_word(p, TO_JSON, key, value ? "true" : "false", NULL);
}

void json_u64(struct printer *p, const char *key, uint64_t value)
{
    if (!p->in_json)
        return;
    json_value(p, key);
    sink_printf(p->out, "%llu", (unsigned long long)value);
}

void print_text(struct printer *p, const char *words)
{
    if (!p->in_json)
        sink_puts(p->out, words);
}

void print_nl(struct printer *p)
{
    print_text(p, p->nl);
}

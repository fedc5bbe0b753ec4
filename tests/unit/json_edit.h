/* Edits of a JSON text by its values, for tests that feed hostile state files. */
#ifndef VNET_TESTS_JSON_EDIT_H
#define VNET_TESTS_JSON_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/strbuf.h"

struct json_span {
    size_t at, len;
    bool key; /* a member's name */
};

static inline size_t json_string_end(const char *text, size_t len, size_t at)
{
    for (at++; at < len && text[at] != '"'; at++)
        if (text[at] == '\\')
            at++;
    return at < len ? at + 1 : len;
}

/* The next scalar (or key) at or behind `from`; false: none. Works on any bytes. */
static inline bool json_next_span(const char *text, size_t len, size_t from, struct json_span *s)
{
    size_t end;
    while (from < len && strchr("{}[],: \n", text[from]))
        from++;
    if (from >= len)
        return false;
    if (text[from] == '"')
        end = json_string_end(text, len, from);
    else
        for (end = from + 1; end < len && !strchr("{}[],: \n\"", text[end]);)
            end++;
    *s = (struct json_span){from, end - from, text[from] == '"' && end < len && text[end] == ':'};
    return true;
}

/* The line that holds `at`: arrays have an element a line. */
static inline struct json_span json_line(const char *text, size_t len, size_t at)
{
    size_t start = at, end = at;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    while (end < len && text[end] != '\n')
        end++;
    return (struct json_span){start, end - start + (end < len), false};
}

/* The text with a span replaced. */
static inline void json_replace(struct strbuf *out, const char *text, size_t len,
                                struct json_span s, const char *with, size_t with_len)
{
    strbuf_reset(out);
    strbuf_add(out, text, s.at);
    strbuf_add(out, with, with_len);
    strbuf_add(out, text + s.at + s.len, len - s.at - s.len);
}

/* Values that loaders get wrong: edges of every width, other types, hostile names. */
static const char *const json_hostile[] = {
    "-1",
    "0",
    "1",
    "2",
    "3",
    "32",
    "33",
    "127",
    "128",
    "129",
    "253",
    "254",
    "255",
    "256",
    "511",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "-2147483648",
    "4294967295",
    "4294967296",
    "4102444800000000000",
    "9000000000000000000",
    "9223372036854775807",
    "-9223372036854775808",
    "1.5",
    "true",
    "false",
    "null",
    "{}",
    "[]",
    "[[]]",
    "[1,2]",
    "\"\"",
    "\"x\"",
    "\"veth0\"",
    "\"lo\"",
    "\"0123456789abcdef\"",
    "\"\\u001b[31m\"",
    "\"18446744073709551615\"",
    "\"255.255.255.255\"",
    "\"0.0.0.0\"",
    "\"224.0.0.1\"",
    "\"::\"",
    "\"ff02::1\"",
    "\"fe80::1\"",
    "\"00:00:00:00:00:00\"",
    "\"ff:ff:ff:ff:ff:ff\"",
    "\"02:00\"",
};

#endif

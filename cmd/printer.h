/* One call per output field, which serves text and JSON: what iproute2's json_print.c and
 * json_writer.c do (6.1.0), for any tool that has a -j. */
#ifndef VNET_CMD_PRINTER_H
#define VNET_CMD_PRINTER_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/sink.h"

enum print_color {
    COLOR_NONE,
    COLOR_IFNAME,
    COLOR_MAC,
    COLOR_INET,
    COLOR_INET6,
    COLOR_OPER_UP,
    COLOR_OPER_DOWN,
};

/* Which of the two outputs a field is for. */
enum print_to { TO_ANY, TO_TEXT, TO_JSON };

struct printer {
    struct sink *out;
    bool json, pretty;
    bool color, dark; /* ANSI colours; those for a dark background */
    const char *nl;   /* "\n", or "\\" for one line a record */
    unsigned depth;   /* of open JSON objects and arrays */
    char sep;         /* what goes before the next JSON value: ',' or none */
    bool in_json;     /* between json_begin and json_end */
};

/* The whole output as one JSON array (a no-op in text). */
void json_begin(struct printer *p);
void json_end(struct printer *p);

/* key NULL: an unnamed value, as in an array. */
void json_open_object(struct printer *p, const char *key);
void json_close_object(struct printer *p);
void json_open_array(struct printer *p, const char *key);
void json_close_array(struct printer *p);

/* Text is the format filled with the value; JSON is key and value. */
void print_str(struct printer *p, enum print_to to, const char *key, const char *fmt,
               const char *value);
void print_colored(struct printer *p, enum print_to to, enum print_color color, const char *key,
                   const char *fmt, const char *value);
void print_int(struct printer *p, enum print_to to, const char *key, const char *fmt, int value);
void print_uint(struct printer *p, enum print_to to, const char *key, const char *fmt,
                unsigned value);
/* Seconds, a number with six digits at most; fmt takes a double. */
void print_seconds(struct printer *p, enum print_to to, const char *key, const char *fmt,
                   double value);
/* fmt is for a double: of hundredths. */
void print_hundredths(struct printer *p, enum print_to to, const char *key, const char *fmt,
                      unsigned value);
/* JSON: a string of hexadecimal digits with 0x. */
void print_0xhex(struct printer *p, enum print_to to, const char *key, const char *fmt,
                 unsigned long long value);
/* Text is the words alone; JSON is true or null. */
void print_true(struct printer *p, enum print_to to, const char *key, const char *words);
void print_null(struct printer *p, enum print_to to, const char *key, const char *words);
/* JSON only: true or false. */
void print_bool(struct printer *p, const char *key, bool value);
/* JSON only. */
void json_u64(struct printer *p, const char *key, uint64_t value);
/* Text only. */
void print_text(struct printer *p, const char *words);
/* The end of a line within a record: a newline, or a backslash in one-line output. */
void print_nl(struct printer *p);

#endif

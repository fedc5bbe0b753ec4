/* What could stand at a place of a command line, for a person to read: words by their kind, each
 * with what it takes, as far as the tables of completion (cmd/complete.h) know it. */
#ifndef VNET_CMD_MENU_H
#define VNET_CMD_MENU_H

#include "cmd/complete.h"

struct menu_entry {
    char *word;                  /* owned */
    enum complete_source source; /* COMPLETE_NONE: of the tool's own tables */
    char *takes; /* what has to follow it, "on|off" or "DEVICE"; NULL: nothing known; owned */
    char *text;  /* what it is; NULL: not known; owned */
};

struct menu {
    struct menu_entry *list;
    size_t n, cap;
    bool value;          /* the place is that of a keyword's or an option's value */
    struct strbuf takes; /* what else may stand there, "DEVICE|BYTES" */
    const char *usage;   /* the tool's own text, which tells of its options; NULL: none; borrowed */
};

#define MENU_INIT    \
    {                \
        .list = NULL \
    }

/* Add a word (n bytes of it) that is not there yet; text may be NULL, and is copied. */
void menu_add(struct menu *m, enum complete_source source, const char *word, size_t n,
              const char *text);
/* Add the name of something that may stand at the place: "DEVICE". */
void menu_takes(struct menu *m, const char *name);
/* At the value of an option, of which nothing else is known: what the usage calls it. */
void menu_value_of(struct menu *m, const char *option);
/* What a menu of values is in a few words: "on|off", "all|ADDRESS". Owned by the caller. */
char *menu_summary(const struct menu *m);
/* Names that go on behind a dot, beyond what is typed: one entry each with their number, where
 * there are many. */
void menu_fold(struct menu *m, const char *typed);
/* Write it, in as many columns as the width has room for. */
void menu_print(struct menu *m, struct sink *out, unsigned width);
void menu_release(struct menu *m);

/* What one such word is called ("DEVICE"); NULL: words of no kind. */
const char *menu_source_name(enum complete_source source);

#endif

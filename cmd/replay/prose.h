/* Telling what people write from what tools print. */
#ifndef VNET_CMD_REPLAY_PROSE_H
#define VNET_CMD_REPLAY_PROSE_H

#include <stdbool.h>
#include <stddef.h>

enum prose {
    PROSE_NO,
    PROSE_MAYBE, /* reads like a sentence: the comparison decides */
    PROSE_YES,   /* no tool prints that: other scripts, bullets, separators, diagrams */
};

/* after_blank: an empty line stands before it, as it does where a paragraph begins. */
enum prose prose_line(const char *line, bool after_blank);
/* How many of the words are such as only sentences have ("the", "is", "we"). */
unsigned prose_words(const char *text);
/* Characters that are no ASCII, quotation marks apart. */
bool prose_foreign(const char *text);
/* Something left out here: "...", "[...]", "<snip>". */
bool prose_elision(const char *line);

#endif

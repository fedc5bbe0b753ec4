/* Completion of a command line: what could stand at its last word.
 *
 * A tool that finds env->complete set reads its words as always, by its own tables, up to the last
 * one; there it offers what the table has, and stops. So what is offered is what is understood. */
#ifndef VNET_CMD_COMPLETE_H
#define VNET_CMD_COMPLETE_H

#include <stdbool.h>

#include "base/nametab.h"
#include "cmd/cmd.h"

/* Words that come from the world, or from a table that several tools share. */
enum complete_source {
    COMPLETE_NONE,
    COMPLETE_DEVICES,
    COMPLETE_ADDRESSES, /* the world's own, and its neighbours' */
    COMPLETE_PREFIXES,  /* addresses as they were given: 192.168.1.11/24 */
    COMPLETE_ROUTES,    /* destinations: 192.168.1.0/24, default */
    COMPLETE_SYSCTLS,
    COMPLETE_TOOLS,
    COMPLETE_NETNS,
    COMPLETE_PROFILES,
    COMPLETE_SNAPSHOTS,
    COMPLETE_SOURCES, /* their number */
};

struct menu;

struct completion {
    const char *word;                    /* what is typed of the last word; may be "" */
    struct sink *out;                    /* a candidate a line */
    struct menu *menu;                   /* what is offered goes there instead; NULL: to out */
    const char *lists[COMPLETE_SOURCES]; /* each a candidate a line; NULL: none */
    const char *object, *verb;           /* of ip, by their full names; NULL: not yet known */
};

/* What could stand at argv[argc - 1], the last word of a command line that begins with a tool's
 * name (or "vnet"): a candidate a line on `out`, in no order. None: whatever the user likes, a file
 * for instance. Nothing is run, printed or changed. */
void complete_words(struct cmd_env *env, int argc, char **argv, struct sink *out);
/* The same as a menu (cmd/menu.h) for a person to read: with what the keywords and options that are
 * offered take, which is what completion offers behind each of them. */
void complete_menu(struct cmd_env *env, int argc, char **argv, struct menu *menu);
/* The words alone, each with its source. */
void complete_choices(struct cmd_env *env, int argc, char **argv, struct menu *menu);
/* vnet complete WORD... */
int complete_main(struct cmd_env *env, int argc, char **argv);

/* For tools: print what begins with what is typed. */
void complete_offer(const struct completion *c, const char *candidate);
/* The same, with a few words on what it is, for menus. */
void complete_describe(const struct completion *c, const char *candidate, const char *text);
/* Words between blanks; one in <> is what the value is called where it is no word of a table. */
void complete_offer_words(const struct completion *c, const char *words);
/* What is offered is the value of a keyword: menus tell that apart. */
void complete_at_value(const struct completion *c);
void complete_offer_names(const struct completion *c, const struct nametab *names);
void complete_offer_source(const struct completion *c, enum complete_source source);

struct long_option;
/* For option parsers: the options themselves (usage: the text that tells of them, NULL: none), and
 * what may follow one (its letter or value; 0: the operands) of a tool. */
void complete_offer_options(const struct completion *c, const char *spec,
                            const struct long_option *longs, const char *refused,
                            const char *usage);
void complete_offer_value(const struct completion *c, const char *tool, int option);

#endif

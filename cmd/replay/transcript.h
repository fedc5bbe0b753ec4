/* A transcript: commands, each with the lines that it printed. */
#ifndef VNET_CMD_REPLAY_TRANSCRIPT_H
#define VNET_CMD_REPLAY_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cmd/replay/source.h"

enum step_kind {
    STEP_COMMAND,
    STEP_TRAFFIC,     /* ping and its kin */
    STEP_CAPTURE,     /* tcpdump on a device */
    STEP_CLOSING,     /* kill, fg, ...: ends a capture in the background; not run */
    STEP_PLACEHOLDER, /* has a word for the reader to replace (<IP>); not run */
    STEP_DIRECTIVE,   /* #vnet ... */
};

struct expected_line {
    char *text;  /* owned; without newline, markup and ^C */
    size_t line; /* in the source, from 0 */
    bool doubt;  /* reads like a sentence: perhaps the author's words */
};

struct step {
    enum step_kind kind;
    size_t line_no; /* of the command, from 1 */
    size_t end;     /* source line behind the command's last, from 0 */
    size_t indent;  /* white space of the markup before each line */
    char *command;  /* owned; without the prompt; of a directive: what follows "#vnet " */
    struct expected_line *expected; /* owned */
    size_t nexpected, cap;
    int exit_status;  /* from a line "[exit N]"; -1: the transcript does not say */
    bool not_shown;   /* no output here, and none would be expected to be shown */
    bool background;  /* STEP_CAPTURE, STEP_TRAFFIC: started by "&" */
    bool interrupted; /* ended by ^C */
    size_t traffic;   /* STEP_CAPTURE: index of the step whose traffic it shows; SIZE_MAX: none */
    size_t first;     /* STEP_CAPTURE: that from here to `traffic`; mostly the same */
    char *note;       /* owned, or NULL: what is known of the step's chances (forgotten.c) */
    char *elsewhere;  /* owned, or NULL: the network namespace of a device that it names */
    char *shell_in;   /* owned, or NULL: the network namespace that it opens a shell in */
};

struct transcript {
    struct source source;
    struct step *steps; /* owned */
    size_t n, cap;
};

/* Read the text of a transcript. -EINVAL and *err when no command is found. *t is to be released
 * either way. */
int transcript_parse(const char *text, size_t len, struct transcript *t, struct vnet_err *err);
void transcript_release(struct transcript *t);

/* pair.c: captures belong to the traffic before them with only captures between, else to the
 * traffic that follows, else to the last there was. */
void transcript_pair(struct transcript *t);
/* The other traffic that a capture may show: the one that follows where it has the one before it,
 * and the other way round. SIZE_MAX: there is none. */
size_t transcript_other_traffic(const struct transcript *t, size_t capture);
/* steps.c: the steps of the source's blocks. */
void transcript_build(struct transcript *t);
/* forgotten.c: say of commands that they name a device that was moved to another namespace, or open
 * a shell in one. */
void transcript_note_namespaces(struct transcript *t);
/* Does the command say in which network namespace it, or a device, is to be? */
bool transcript_names_namespace(const char *command);

/* A line of a capture: a packet, tcpdump's header or its closing counts. */
bool transcript_capture_line(const char *line);
/* The packets' own lines among these. */
bool transcript_packet_line(const char *line);

#endif

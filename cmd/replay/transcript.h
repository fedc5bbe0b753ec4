/* A transcript: commands behind prompts, each with the lines that it printed. */
#ifndef VNET_CMD_REPLAY_TRANSCRIPT_H
#define VNET_CMD_REPLAY_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum step_kind {
    STEP_COMMAND,
    STEP_TRAFFIC,   /* ping */
    STEP_CAPTURE,   /* tcpdump on a device */
    STEP_DIRECTIVE, /* #vnet ... */
};

struct step {
    enum step_kind kind;
    size_t line_no;  /* of the command, from 1 */
    char *command;   /* owned; without the prompt; of a directive: what follows "#vnet " */
    char **expected; /* owned lines, without newlines */
    size_t nexpected, cap;
    int exit_status; /* from a line "[exit N]"; -1: the transcript does not say */
    size_t traffic;  /* STEP_CAPTURE: index of the step whose traffic it shows; SIZE_MAX: none */
};

struct transcript {
    struct step *steps; /* owned */
    size_t n, cap;
};

/* Read the text of a transcript. -EINVAL and *err when no prompt is recognised. */
int transcript_parse(const char *text, size_t len, struct transcript *t, struct vnet_err *err);
void transcript_release(struct transcript *t);

#endif

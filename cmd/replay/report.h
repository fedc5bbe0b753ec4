/* What `vnet replay` prints of its verdicts: as text, TAP, JUnit XML, JSON. */
#ifndef VNET_CMD_REPLAY_REPORT_H
#define VNET_CMD_REPLAY_REPORT_H

#include "cmd/replay/play.h"

struct report_opts {
    bool diff;  /* also what differs by volatile values or spacing only */
    bool quiet; /* mismatches only */
};

struct totals {
    size_t files, unusable; /* transcripts; those that could not be played */
    size_t counts[REPLAY_VERDICTS];
    size_t not_run, not_compared; /* of those that count as same */
};

/* One transcript that was played. */
struct report {
    const char *file;
    const struct replay *replay;
    const struct playing *playing;
};

struct report_format {
    const char *name;
    void (*begin)(struct sink *out);
    void (*transcript)(struct sink *out, const struct report_opts *opts, const struct report *r,
                       const struct totals *before);
    /* A file that could not be played. */
    void (*unusable)(struct sink *out, const char *file, const char *why,
                     const struct totals *before);
    void (*end)(struct sink *out, const struct totals *all);
};

/* NULL: there is no such format. */
const struct report_format *report_format_find(const char *name);

/* Add the transcript's verdicts. */
void report_count(struct totals *t, const struct report *r);
bool report_is_mismatch(const struct replay_outcome *o);
/* Was step i played, and is it to be counted? */
bool report_has(const struct report *r, size_t i);
/* Text of strangers: control characters are shown as \xNN, newlines as they are. */
void report_text(struct sink *out, const char *text);
/* The difference, the reasons and the hint, each line behind `indent`. all: also what differs by
 * volatile values or spacing only. */
void report_details(struct sink *out, const char *indent, const struct step *s,
                    const struct replay_outcome *o, bool all);
/* "3 commands: 2 same, 1 behavioural" */
void report_summary(struct sink *out, const struct totals *t);

extern const struct report_format report_text_format, report_tap_format, report_junit_format,
    report_json_format;

#endif

/* What `vnet replay` prints of its verdicts. */
#ifndef VNET_CMD_REPLAY_REPORT_H
#define VNET_CMD_REPLAY_REPORT_H

#include "cmd/replay/run.h"

struct report_opts {
    bool diff;  /* also what differs by volatile values or spacing only */
    bool quiet; /* mismatches only */
};

void report_outcome(struct sink *out, const struct report_opts *opts, const struct step *s,
                    const struct replay_outcome *o);
void report_summary(struct sink *out, const size_t counts[REPLAY_VERDICTS]);

#endif

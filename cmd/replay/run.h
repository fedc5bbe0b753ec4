/* Running a transcript's commands against a world in memory. Private to cmd/replay. */
#ifndef VNET_CMD_REPLAY_RUN_H
#define VNET_CMD_REPLAY_RUN_H

#include "cmd/cmd.h"
#include "cmd/replay/transcript.h"
#include "cmd/replay/unify.h"

struct replay {
    struct cmd_env env; /* what the commands get: sinks and session are the replay's own */
    struct sink screen; /* both streams of the running command, as a terminal shows them */
    struct transcript t;
    struct unify *u;
    /* The author's clock against the world's: nanoseconds to add to the world's time of day, known
     * from the first capture that prints clock times. */
    bool clock_known;
    int64_t clock_offset;
    int *waits;       /* seconds before a step where two are not enough; 0: two; owned */
    bool traffic_ran; /* the traffic of the captures now due has been sent */
};

/* What became of a step. */
enum replay_verdict {
    REPLAY_SAME,
    REPLAY_VOLATILE,
    REPLAY_COSMETIC,
    REPLAY_BEHAVIOURAL,
    REPLAY_UNSUPPORTED,
    REPLAY_VERDICTS
};
extern const char *const replay_verdict_names[REPLAY_VERDICTS];

struct replay_outcome {
    enum replay_verdict verdict;
    int exit_status;
    int waited;              /* seconds, where the usual wait was not enough */
    struct vnet_err why;     /* UNSUPPORTED: what is missing */
    struct strbuf output;    /* what was printed; owned */
    struct unify_steps diff; /* its strings point into lines and the transcript */
    char **lines;            /* of output; owned */
    size_t nlines;
};

/* world.c: a fresh world with the transcript's settings (profile: NULL: its own) and the machine of
 * its first listings. NULL and *err. */
struct vnet *replay_world(const struct transcript *t, const char *profile_name,
                          struct vnet_err *err);
/* Is this directive's text a setting, done before playing? */
bool replay_is_setting(const char *text);

/* Let time pass as between the author's commands, run step i, compare. */
void replay_step(struct replay *r, size_t i, struct replay_outcome *o);
void replay_outcome_release(struct replay_outcome *o);
/* Carry out "#vnet ..." directives that act while replaying (run, wait). -EINVAL and *err. */
int replay_directive(struct replay *r, const char *text, struct vnet_err *err);

/* clock.c: the first and last clock time (HH:MM:SS.ffffff) at the beginning of lines, in ns since
 * midnight. false: there is none. */
bool capture_times(char *const *lines, size_t n, int64_t *first, int64_t *last);
/* World time now; let the world run on. */
int64_t replay_now(struct replay *r);
void replay_run_until(struct replay *r, int64_t until);
/* Before traffic: to the time at which the author's captures saw it begin. */
void replay_align_traffic(struct replay *r, size_t traffic);
/* Before a capture of that traffic is printed: until its last frame must have come. */
void replay_align_capture(struct replay *r, size_t traffic);
/* After a capture was printed: learn the offset between the clocks. */
void replay_learn_clock(struct replay *r, const struct step *s, const struct replay_outcome *o);

#endif

/* Running a transcript's commands against a world in memory. Private to cmd/replay. */
#ifndef VNET_CMD_REPLAY_RUN_H
#define VNET_CMD_REPLAY_RUN_H

#include "cmd/cmd.h"
#include "cmd/replay/reason.h"
#include "cmd/replay/transcript.h"
#include "cmd/replay/unify.h"

/* How a step is to be played: the transcript leaves some of it open. */
struct step_plan {
    int wait;           /* seconds before it where two are not enough; 0: two */
    size_t traffic;     /* of a capture: as in struct step */
    uint64_t position;  /* of a capture: where the first of its traffic begins in the recorder */
    const char *before; /* a command that the author ran off camera just before; borrowed, NULL */
    const char *netns;  /* where it runs though the transcript does not say so; "": the initial one;
                           NULL: where the terminal is; borrowed */
    struct vnet_capture *held; /* of a capture that runs now, beside the traffic; owned, or NULL */
};

struct replay_own {
    struct cmd_span *v; /* frames that the reader has caused; owned */
    size_t n, cap;
    size_t since;  /* the number of the first since the last traffic of the transcript; 0: none, */
    uint64_t last; /* which began here */
};

struct replay {
    struct cmd_env env;  /* what the commands get: sinks and session are the replay's own */
    struct sink screen;  /* both streams of the running command, as a terminal shows them */
    struct shell *shell; /* that they are typed into */
    struct transcript t;
    struct unify *u;
    /* The author's clock against the world's: nanoseconds to add to the world's time of day, known
     * from the first capture that prints clock times. */
    bool clock_known;
    int64_t clock_offset;
    struct replay_own own;
    struct step_plan *plan;     /* one a step; owned */
    struct reasons reasons;     /* of what the running step's packets met */
    volatile sig_atomic_t stop; /* too much is going on: commands end as by ^C */
    bool typed;                 /* the time of typing after the last command has passed */
    const volatile sig_atomic_t
        *user_interrupt;          /* the reader's own ^C ends all; NULL: there is none */
    size_t missing;               /* line number of the first step that vnet cannot do; 0: none */
    size_t watched;               /* step before which the neighbours are noted, SIZE_MAX: none */
    struct strbuf neighbours;     /* those of then, a line each */
    struct vnet_err not_imported; /* why the machine of the first listings could not be made; "" */
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
    bool played;             /* else the play ended before */
    bool skipped;            /* not run: a placeholder, the end of a capture */
    bool not_compared;       /* the transcript shows no output */
    int waited;              /* seconds, where the usual wait was not enough */
    size_t paired;           /* of a capture: line number of the traffic, where that was a guess */
    const char *netns;       /* in which network namespace, where that was a guess; borrowed */
    struct vnet_err why;     /* UNSUPPORTED: what is missing; skipped: why */
    struct strbuf output;    /* what was printed; owned */
    struct unify_steps diff; /* its strings point into lines and the transcript */
    char **lines;            /* of output; owned */
    size_t nlines;
    struct strbuf reasons; /* in words, a line each: what the trace knows; owned */
    struct strbuf hint;    /* what would make it match; owned */
};

/* world.c: a fresh world with the transcript's settings (profile: NULL: its own) and, unless
 * `bare`, the machine of its first listings. not_imported: why that machine could not be made, "".
 * NULL and *err. */
struct vnet *replay_world(const struct transcript *t, const char *profile_name, bool bare,
                          struct vnet_err *not_imported, struct vnet_err *err);
/* machine.c: make the author's machine, as far as its listings show it, in a new world. */
int replay_make_machine(const struct transcript *t, struct vnet *w, struct vnet_err *err);
/* Is this directive's text a setting, done before playing? */
bool replay_is_setting(const char *text);

/* run.c: let time pass as between the author's commands, run step i, compare. */
void replay_step(struct replay *r, size_t i, struct replay_outcome *o);
void replay_outcome_release(struct replay_outcome *o);

/* line.c: run one command; output goes to the screen. Its exit status; -ENOENT: there is no such
 * command, -ENOTSUP: something in it is not supported (*err says what). */
int replay_run_line(struct replay *r, const char *line, struct vnet_err *err);

/* hold.c: before the traffic of step i, start the captures beside it, so that their devices are
 * promiscuous; end that of step i; end all. */
void replay_hold_captures(struct replay *r, size_t i);
void replay_release_capture(struct replay *r, size_t i);
void replay_release_captures(struct replay *r);
/* own.c: round a command of the reader's own; before capture i of the transcript, which shows none
 * of its frames; forget them. */
uint64_t replay_own_begins(struct replay *r);
void replay_own_ends(struct replay *r, uint64_t from);
void replay_own_hide(struct replay *r, size_t i);
void replay_own_forget(struct replay *r);

/* compare.c: judge what step i printed. */
void replay_compare(struct replay *r, size_t i, struct replay_outcome *o);

/* directive.c: carry out "#vnet ..." directives that act while replaying (run, wait). -EINVAL and
 * *err. */
int replay_directive(struct replay *r, const char *text, struct vnet_err *err);

/* clock.c: the first and last clock time (HH:MM:SS.ffffff) at the beginning of lines, in ns since
 * midnight. false: there is none. */
bool capture_times(const struct step *s, int64_t *first, int64_t *last);
/* World time now; let the world run on. */
int64_t replay_now(struct replay *r);
void replay_run_until(struct replay *r, int64_t until);
/* Before traffic: to the time at which the author's captures saw it begin. */
void replay_align_traffic(struct replay *r, size_t traffic);
/* Before a capture of that traffic is printed: until its last frame must have come. */
void replay_align_capture(struct replay *r, size_t traffic);
/* After a capture was printed: learn the offset between the clocks. */
void replay_learn_clock(struct replay *r, const struct step *s, const struct replay_outcome *o);

/* What passes between two commands where the transcript does not tell. */
#define REPLAY_TYPING_TIME (2 * NSEC_PER_SEC)

/* Bytes that a step may print. */
#define REPLAY_MOST_OUTPUT (1 << 20)

#endif

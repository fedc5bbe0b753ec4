/* A command run on a copy of a world, listened to. */
#ifndef VNET_CMD_TEACH_TRIAL_H
#define VNET_CMD_TEACH_TRIAL_H

#include "cmd/cmd.h"
#include "cmd/teach/steps.h"

enum { TRIAL_USAGE = 2 }; /* exit status: the words are wrong */
enum {                    /* what is wanted besides output, status and steps */
       TRIAL_SHOWN = 1,
       TRIAL_FRAMES = 2,
       TRIAL_HOOKS = 4, /* among the steps those through netfilter's hooks */
       TRIAL_SHORT = 8, /* one of many: frames that go round and round are stopped early */
};

struct trial {
    struct sink out, err; /* what the command printed */
    int status;           /* its exit status */
    struct steps steps;
    struct strbuf shown; /* TRIAL_SHOWN: witness_tell(): what a real machine would show */
    struct strbuf log;   /* ... and the lines that are new in the kernel's log, each with newline */
    struct strbuf frames; /* TRIAL_FRAMES: those of all devices, a pcapng file */
    uint64_t overwritten; /* ... and how many more there were before them */
};

/* Is the command one that sends packets, which can be tried? false: *status is what to end with,
 * after a message, or after its words were completed. */
bool trial_command(struct cmd_env *env, int argc, char **argv, int *status);
/* Run it in w, which it takes, after the `n` command lines of fixes ("ip link set v0 up"). It is
 * ended if it would not end by itself. wants: TRIAL_* or 0. false: a fix was refused, the command
 * was not run. */
bool trial_run(struct trial *t, const struct cmd_env *env, struct vnet *w, const char *const *fixes,
               size_t n, int argc, char **argv, unsigned wants);
/* What came of a trial, in short. */
struct trial_result {
    bool works;
    char *outcome; /* where the command got to: what it said last, where the first packet was lost;
                      owned; NULL: a fix was refused */
    char *place;  /* where the last packet was lost: the namespace; owned; NULL: nothing was lost */
    char *end;    /* ... and why; owned; NULL likewise */
    size_t reach; /* different steps that its packets took: the more, the further they came */
    uint64_t events;
};

/* trial_run() in a child process, whose world is a copy without copying; w stays as it is. */
void trial_quick(struct trial_result *r, const struct cmd_env *env, struct vnet *w,
                 const char *const *fixes, size_t n, int argc, char **argv);
void trial_result_release(struct trial_result *r);
void trial_sum_up(struct trial_result *r, const struct trial *t, bool ran);
/* w after the changes, as far as they were taken; takes w, the answer is the caller's. */
struct vnet *trial_changed(const struct cmd_env *env, struct vnet *w, const char *const *lines,
                           size_t n);
/* Run a command line, words between blanks, for its effect in the initial namespace. */
bool trial_apply(const struct cmd_env *env, struct vnet_session *session, const char *line);
void trial_release(struct trial *t);
/* Where the first packet was lost; NULL: none was. */
const struct step *trial_first_loss(const struct trial *t);
/* The command's last words that are no blank line: of its errors, if it failed and has any. */
void trial_last_words(const struct trial *t, struct strbuf *sb);
/* What became of the command: its last words, and if it failed where the first packet was lost. */
void trial_outcome(const struct trial *t, struct strbuf *sb);

#endif

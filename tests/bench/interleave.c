/* Time commands side by side: interleave RUNS NAME COMMAND [NAME COMMAND ...]
 *
 * Each COMMAND is split at spaces and run RUNS times, in turns with the others, standard output to
 * /dev/null; a word "{}" stands for the number of the turn. Prints a line a command: name, median and
 * quartiles in milliseconds, ratio of the medians to the first command's. Exit 1 if any run failed. */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

extern char **environ;

enum { MAX_WORDS = 64, MAX_COMMANDS = 8 };

struct command {
    const char *name;
    char *words[MAX_WORDS];
    double *ms;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int run_once(const struct command *c, long turn)
{
    char *argv[MAX_WORDS + 1], numbered[MAX_WORDS][128];
    int n = 0, status = -1;
    pid_t pid;
    posix_spawn_file_actions_t actions;
    for (; c->words[n]; n++) {
        char *mark = strstr(c->words[n], "{}");
        argv[n] = c->words[n];
        if (mark) {
            snprintf(numbered[n], sizeof(numbered[n]), "%.*s%ld%s", (int)(mark - c->words[n]),
                     c->words[n], turn, mark + 2);
            argv[n] = numbered[n];
        }
    }
    argv[n] = NULL;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) == 0)
        waitpid(pid, &status, 0);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    struct command commands[MAX_COMMANDS] = {{0}};
    int n = 0, failed = 0;
    long runs = argc > 3 ? strtol(argv[1], NULL, 10) : 0;
    if (runs < 1 || argc % 2 != 0)
        return fprintf(stderr, "usage: interleave RUNS NAME COMMAND ...\n"), 2;
    for (int i = 2; i + 1 < argc && n < MAX_COMMANDS; i += 2, n++) {
        int w = 0;
        commands[n].name = argv[i];
        commands[n].ms = mem_calloc((size_t)runs, sizeof(double));
        for (char *s = strtok(argv[i + 1], " "); s && w < MAX_WORDS - 1; s = strtok(NULL, " "))
            commands[n].words[w++] = s;
    }
    for (long turn = 0; turn < runs; turn++) {
        for (int i = 0; i < n; i++) {
            double start = now_ms();
            failed += run_once(&commands[i], turn) != 0;
            commands[i].ms[turn] = now_ms() - start;
        }
    }
    for (int i = 0; i < n; i++) {
        double *ms = commands[i].ms;
        qsort(ms, (size_t)runs, sizeof(*ms), by_value);
        printf("  %-34s %7.3f ms  (%.3f .. %.3f)  %5.2fx\n", commands[i].name, ms[runs / 2],
               ms[runs / 4], ms[runs * 3 / 4],
               ms[runs / 2] / commands[0].ms[runs / 2]);
        free(ms);
    }
    if (failed)
        printf("  %d runs failed\n", failed);
    return failed != 0;
}

/* Time commands side by side: interleave RUNS NAME COMMAND [NAME COMMAND ...]
 *
 * Each COMMAND is split at spaces and run RUNS times, in turns with the others, standard output to
 * /dev/null. What stands behind a word "--undo" is run after it, outside the time taken, so that
 * each run finds the same world. Prints a line a command: name, median and quartiles in
 * milliseconds, ratio of the medians to the first command's. Exit 1 if any run failed. */
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
    char *words[MAX_WORDS]; /* ended by NULL; then those of the undoing command, likewise ended */
    char **undo;            /* NULL: none */
    double *ms;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int run(char *const *argv)
{
    int status = -1;
    pid_t pid;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) == 0)
        waitpid(pid, &status, 0);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

/* One turn: the time that it took. */
static double run_timed(const struct command *c, int *failed)
{
    double start = now_ms();
    *failed += run(c->words) != 0;
    double ms = now_ms() - start;
    if (c->undo)
        *failed += run(c->undo) != 0;
    return ms;
}

static void split(struct command *c, char *text)
{
    int w = 0;
    for (char *s = strtok(text, " "); s && w < MAX_WORDS - 1; s = strtok(NULL, " ")) {
        if (strcmp(s, "--undo") == 0) {
            c->words[w++] = NULL;
            c->undo = &c->words[w];
        } else {
            c->words[w++] = s;
        }
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void report(const struct command *c, long runs, double first)
{
    const double *ms = c->ms;
    printf("  %-34s %7.3f ms  (%.3f .. %.3f)  %5.2fx\n", c->name, ms[runs / 2], ms[runs / 4],
           ms[runs * 3 / 4], ms[runs / 2] / first);
}

int main(int argc, char **argv)
{
    struct command commands[MAX_COMMANDS] = {{0}};
    int n = 0, failed = 0;
    long runs = argc > 3 ? strtol(argv[1], NULL, 10) : 0;
    if (runs < 1 || argc % 2 != 0)
        return fprintf(stderr, "usage: interleave RUNS NAME COMMAND ...\n"), 2;
    for (int i = 2; i + 1 < argc && n < MAX_COMMANDS; i += 2, n++) {
        commands[n].name = argv[i];
        commands[n].ms = mem_calloc((size_t)runs, sizeof(double));
        split(&commands[n], argv[i + 1]);
    }
    for (long turn = 0; turn < runs; turn++)
        for (int i = 0; i < n; i++)
            commands[i].ms[turn] = run_timed(&commands[i], &failed);
    for (int i = 0; i < n; i++)
        qsort(commands[i].ms, (size_t)runs, sizeof(double), by_value);
    for (int i = 0; i < n; i++)
        report(&commands[i], runs, commands[0].ms[runs / 2]);
    for (int i = 0; i < n; i++)
        free(commands[i].ms);
    if (failed)
        printf("  %d runs failed\n", failed);
    return failed != 0;
}

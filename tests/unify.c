/* unify: do two transcripts of one script (tests/record) say the same, up to volatile values?
 *
 *   unify [-n] [-v] [-t SECONDS] EXPECTED ACTUAL
 *
 * Shows each command whose output differs, as a diff. Exit 0: the same, 1: not, 2: cannot tell.
 *   -n  number the commands that are shown: "@N # COMMAND", from 1
 *   -v  also show what differs in volatile values only
 *   -t  how much intervals and durations may differ (default 0.3; 0: by any amount) */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/replay/unify.h"

/* A command line and the lines that it printed. */
struct entry {
    const char *command;
    struct unify_text output;
};

struct transcript {
    char *text; /* newlines replaced by NULs */
    const char **line;
    struct entry *entry;
    size_t n, cap;
};

struct count {
    size_t same, different;
};

struct ways {
    bool verbose, numbered;
};

static char *slurp(const char *path, size_t *len)
{
    FILE *f = fopen(path, "r");
    char *text = NULL;
    size_t cap = 0;
    *len = 0;
    if (!f) {
        perror(path);
        exit(2);
    }
    do {
        text = mem_realloc(text, cap = cap * 2 + 4096);
        *len += fread(text + *len, 1, cap - *len - 1, f);
    } while (*len == cap - 1);
    text[*len] = '\0';
    fclose(f);
    return text;
}

static void add_command(struct transcript *t, const char *command, const char *const *output)
{
    ARRAY_GROW(t->entry, t->n, t->cap);
    t->entry[t->n++] = (struct entry){command, {output, 0}};
}

static void transcript_load(struct transcript *t, const char *path)
{
    size_t len, n = 0;
    *t = (struct transcript){0};
    t->text = slurp(path, &len);
    t->line = mem_calloc(len + 1, sizeof(*t->line));
    for (char *p = t->text; p < t->text + len; p += strlen(p) + 1) {
        p[strcspn(p, "\n")] = '\0';
        if (strncmp(p, "# ", 2) == 0) {
            add_command(t, p + 2, &t->line[n]);
        } else if (t->n > 0) {
            t->line[n++] = p;
            t->entry[t->n - 1].output.n++;
        }
    }
}

static void transcript_release(struct transcript *t)
{
    free(t->text);
    free(t->line);
    free(t->entry);
}

static void print_steps(const char *command, const struct unify_steps *s, bool verbose)
{
    printf("# %s\n", command);
    for (size_t i = 0; i < s->n; i++) {
        const struct unify_step *step = &s->step[i];
        bool same = step->verdict == UNIFY_SAME || (step->verdict == UNIFY_VOLATILE && !verbose);
        if (same)
            printf("  %s\n", step->expected);
        if (!same && step->expected)
            printf("- %s\n", step->expected);
        if (!same && step->actual)
            printf("+ %s\n", step->actual);
    }
}

/* Cosmetic differences are differences here: a test wants the very bytes. */
static void compare_entry(struct unify *u, const struct entry *e, const struct entry *a,
                          const struct ways *ways, struct count *count)
{
    struct unify_steps steps = {0};
    unify_command(u, e->command);
    enum unify_verdict v =
        unify_block(u, &e->output, &a->output, unify_command_is_unordered(e->command), &steps);
    bool same = v <= UNIFY_VOLATILE;
    if (!same || (ways->verbose && v == UNIFY_VOLATILE)) {
        if (ways->numbered)
            printf("@%zu ", count->same + count->different + 1);
        print_steps(e->command, &steps, ways->verbose);
    }
    if (same)
        count->same++;
    else
        count->different++;
    unify_steps_release(&steps);
}

static struct count compare(const struct transcript *e, const struct transcript *a,
                            const struct unify_opts *opts, const struct ways *ways)
{
    struct count count = {0};
    struct unify *u = unify_new(opts);
    for (size_t i = 0; i < e->n || i < a->n; i++) {
        if (i < e->n && i < a->n && strcmp(e->entry[i].command, a->entry[i].command) == 0) {
            compare_entry(u, &e->entry[i], &a->entry[i], ways, &count);
            continue;
        }
        printf("- # %s\n", i < e->n ? e->entry[i].command : "(no more commands)");
        printf("+ # %s\n", i < a->n ? a->entry[i].command : "(no more commands)");
        count.different += (e->n > i ? e->n : i + 1) - i;
        break;
    }
    unify_free(u);
    return count;
}

static int usage(void)
{
    fprintf(stderr, "usage: unify [-n] [-v] [-t SECONDS] EXPECTED ACTUAL\n");
    return 2;
}

int main(int argc, char **argv)
{
    struct unify_opts opts = {.tolerance_ns = 300000000};
    struct transcript e, a;
    struct ways ways = {false, false};
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "-v") == 0)
            ways.verbose = true;
        else if (strcmp(argv[i], "-n") == 0)
            ways.numbered = true;
        else if (strcmp(argv[i], "-t") == 0 && i + 1 < argc)
            opts.tolerance_ns = (int64_t)(atof(argv[++i]) * 1e9);
        else
            return usage();
    }
    if (argc - i != 2)
        return usage();
    transcript_load(&e, argv[i]);
    transcript_load(&a, argv[i + 1]);
    struct count count = compare(&e, &a, &opts, &ways);
    transcript_release(&e);
    transcript_release(&a);
    printf("%zu commands agree, %zu differ\n", count.same, count.different);
    return count.different ? 1 : 0;
}

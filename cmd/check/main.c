#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/check/check.h"
#include "cmd/files.h"
#include "cmd/options.h"

enum { EXIT_HOLDS = 0, EXIT_FAILS = 1, EXIT_WRONG = 2, MOST_BYTES = 1 << 20 };

enum { OPT_TAP = 1, OPT_JUNIT };
static const struct long_option longs[] = {
    {"tap", 0, OPT_TAP}, {"junit", 0, OPT_JUNIT}, {NULL, 0, 0}};

static int usage(struct cmd_env *env)
{
    sink_puts(env->err, "Usage: vnet check [--tap | --junit] FILE...\n");
    return EXIT_WRONG;
}

static int read_file(struct cmd_env *env, const char *name, struct strbuf *text)
{
    struct reader in;
    char block[4096];
    ssize_t n = cmd_open_reader(env, name, &in);
    if (n < 0)
        return (int)n;
    while ((n = reader_read(&in, block, sizeof(block))) > 0 && text->len < MOST_BYTES)
        strbuf_add(text, block, (size_t)n);
    reader_release(&in);
    return n < 0 ? (int)n : 0;
}

/* false after a message. */
static bool read_assertions(struct cmd_env *env, const char *name, struct assertions *list)
{
    struct strbuf text = STRBUF_INIT;
    struct check_error error;
    int rc = read_file(env, name, &text);
    if (rc < 0) {
        sink_printf(env->err, "vnet: %s: %s\n", name, cmd_strerror(-rc));
    } else if ((rc = assertions_parse(strbuf_cstr(&text), text.len, list, &error)) < 0) {
        sink_printf(env->err, "%s:%zu: ", name, error.line);
        if (*error.word)
            sink_printf(env->err, "\"%s\": ", error.word);
        sink_printf(env->err, "%s\n", error.why.msg);
    }
    strbuf_release(&text);
    return rc == 0;
}

static size_t judge_file(struct cmd_env *env, struct vnet *w, const char *name,
                         const struct assertions *list, const struct check_report *report,
                         size_t *number)
{
    size_t failed = 0;
    for (size_t i = 0; i < list->n; i++) {
        struct verdict v;
        judge(env, w, &list->v[i], &v);
        report->tell(env->out, ++*number, name, &list->v[i], &v);
        failed += !v.holds;
        verdict_release(&v);
    }
    return failed;
}

static int check_files(struct cmd_env *env, const struct options *o,
                       const struct check_report *report)
{
    struct assertions *lists = mem_calloc((size_t)o->noperands, sizeof(*lists));
    size_t n = 0, number = 0, failed = 0;
    bool ok = true;
    for (int i = 0; i < o->noperands; i++) {
        ok = read_assertions(env, o->operands[i], &lists[i]) && ok;
        n += lists[i].n;
    }
    struct vnet *w = ok ? cmd_copy_world(env) : NULL;
    if (w) {
        report->begin(env->out, n);
        for (int i = 0; i < o->noperands; i++)
            failed += judge_file(env, w, o->operands[i], &lists[i], report, &number);
        report->end(env->out, n, failed);
    }
    for (int i = 0; i < o->noperands; i++)
        assertions_release(&lists[i]);
    free(lists);
    vnet_free(w);
    return !w ? EXIT_WRONG : failed ? EXIT_FAILS : EXIT_HOLDS;
}

int check_main(struct cmd_env *env, int argc, char **argv)
{
    const struct check_report *report = &check_report_text;
    struct options o;
    bool ok = true;
    options_init(&o, argc, argv, "", longs, env->err);
    o.complete = env->complete;
    for (int c; ok && (c = options_next(&o)) != -1;) {
        report = c == OPT_TAP ? &check_report_tap : &check_report_junit;
        ok = c != '?';
    }
    int status = ok && o.noperands > 0 ? check_files(env, &o, report)
                 : env->complete       ? EXIT_WRONG
                                       : usage(env);
    options_release(&o);
    return status;
}

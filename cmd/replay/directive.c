/* "#vnet ..." lines that act while replaying. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/check/check.h"
#include "cmd/replay/run.h"

static int directive_run(struct replay *r, const char *line, struct vnet_err *err)
{
    replay_run_until(r, replay_now(r) + REPLAY_TYPING_TIME);
    int rc = replay_run_line(r, line, err);
    strbuf_reset(&r->screen.buf);
    return rc < 0 ? -EINVAL : 0;
}

static int directive_wait(struct replay *r, const char *text, struct vnet_err *err)
{
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end || !(seconds >= 0) || seconds > 1e9)
        return vnet_err(err, EINVAL, "#vnet wait: \"%s\" is not a number of seconds", text);
    replay_run_until(r, replay_now(r) + (int64_t)(seconds * 1e9));
    return 0;
}

/* What shall hold here, as in a file of `vnet check`. */
static int directive_check(struct replay *r, const char *text, struct vnet_err *err)
{
    struct assertions list;
    struct check_error error;
    struct verdict v;
    struct vnet *w;
    int rc = assertions_parse(text, strlen(text), &list, &error);
    if (rc < 0)
        vnet_err(err, EINVAL, "#vnet check: \"%s\": %.200s", error.word, error.why.msg);
    if (rc == 0 && (rc = vnet_begin(r->env.session, false, &w, err)) == 0) {
        struct vnet *copy = vnet_clone(w);
        vnet_abort(r->env.session);
        judge(&r->env, copy, &list.v[0], &v);
        if (!v.holds)
            rc = vnet_err(err, EINVAL, "#vnet check %s: does not hold: %.300s", list.v[0].text,
                          strbuf_cstr(&v.found));
        verdict_release(&v);
        vnet_free(copy);
    }
    assertions_release(&list);
    return rc;
}

static const struct {
    const char *name;
    int (*run)(struct replay *r, const char *rest, struct vnet_err *err);
} directives[] = {
    {"check ", directive_check},
    {"run ", directive_run},
    {"wait ", directive_wait},
};

int replay_directive(struct replay *r, const char *text, struct vnet_err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(directives); i++) {
        size_t n = strlen(directives[i].name);
        if (strncmp(text, directives[i].name, n) == 0)
            return directives[i].run(r, text + n, err);
    }
    return vnet_err(err, EINVAL, "#vnet %s: no such directive", text);
}

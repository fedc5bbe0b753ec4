/* Judging: the tools themselves look, on copies of the world. What they print is what a reader
 * finds in their own terminal. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/check/check.h"
#include "cmd/teach/trial.h"
#include "cmd/teach/why.h"
#include "vnet_session.h"

enum { MOST_EVENTS = 200000, MOST_FOUND = 4 /* lines */ };
#define MOST_TIME (60 * NSEC_PER_SEC)

/* ---- running ---- */

struct run {
    struct vnet_session *session; /* owned */
    struct sink out, err;
    struct steps steps;
    volatile sig_atomic_t stop;
    int status;
};

static void run_open(struct run *r, const struct vnet *w)
{
    *r = (struct run){.session = vnet_session_memory(vnet_clone(w))};
    sink_init_mem(&r->out);
    sink_init_mem(&r->err);
}

static void run_close(struct run *r)
{
    vnet_session_interrupt(r->session, NULL);
    vnet_session_free(r->session);
    steps_release(&r->steps);
    sink_release(&r->out);
    sink_release(&r->err);
}

/* Too much going on, or too long, ends it as ^C does. */
static void run_command(struct run *r, struct cmd_env *env, const char *netns, char *const *words)
{
    struct cmd_env inner = *env;
    struct vnet_err err;
    struct vnet *w;
    int argc = 0;
    while (words[argc])
        argc++;
    char **argv = mem_calloc((size_t)argc + 1, sizeof(*argv)); /* its own: tools permute them */
    memcpy(argv, words, (size_t)argc * sizeof(*argv));
    strbuf_reset(&r->out.buf);
    strbuf_reset(&r->err.buf);
    inner.session = r->session;
    inner.out = &r->out;
    inner.err = &r->err;
    inner.netns = netns;
    inner.own_process = false;
    inner.may_wait_forever = true;
    inner.interrupted = &r->stop;
    if (vnet_begin(r->session, false, &w, &err) == 0) {
        inner.deadline = vnet_now(w) + MOST_TIME;
        inner.deadline_signal = SIGINT;
        if (!r->steps.stop)
            steps_listen(&r->steps, w, MOST_EVENTS, &r->stop);
        vnet_commit(r->session, &err);
    }
    vnet_session_interrupt(r->session, &r->stop);
    r->status = tool_run(tool_find(argv[0]), &inner, argc, argv);
    free(argv);
}

static const char *printed(const struct run *r)
{
    return strbuf_cstr(&r->out.buf);
}

/* ---- lines and words ---- */

/* The word behind `line`'s place, its length; 0: the line ends. */
static size_t word_at(const char **line)
{
    *line += strspn(*line, " \t");
    return strcspn(*line, " \t\n");
}

static bool is_word(const char *at, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(at, word, n) == 0;
}

/* Does the line have the word, behind `before` (NULL: anywhere)? */
static bool has_pair(const char *line, const char *before, const char *word)
{
    bool ready = !before;
    for (size_t n; (n = word_at(&line)) > 0; line += n) {
        if (ready && is_word(line, n, word))
            return true;
        ready = !before || is_word(line, n, before);
    }
    return false;
}

/* "10.0.0.1/24" behind inet or inet6; without a length any will do. */
static bool has_address(const char *line, const char *prefix)
{
    bool ready = false, whole = strchr(prefix, '/');
    for (size_t n; (n = word_at(&line)) > 0; line += n) {
        size_t len = whole ? n : (size_t)(strcspn(line, "/ \t\n"));
        if (ready && is_word(line, len, prefix))
            return true;
        ready = is_word(line, n, "inet") || is_word(line, n, "inet6");
    }
    return false;
}

/* A host's route is listed without its length; a type may stand before the destination. */
static bool is_entry(const char *line, const char *prefix)
{
    size_t n = strlen(prefix);
    const char *end = strchr(prefix, ':') ? "/128" : "/32";
    if (n > strlen(end) && strcmp(prefix + n - strlen(end), end) == 0)
        n -= strlen(end);
    for (int i = 0; i < 2; i++) {
        size_t len = word_at(&line);
        if (len == n && memcmp(line, prefix, n) == 0)
            return true;
        line += len;
    }
    return false;
}

static bool is_up(const char *line)
{
    const char *flags = strchr(line, '<');
    for (const char *p = flags ? flags + 1 : ""; *p && *p != '>' && *p != '\n';) {
        size_t n = strcspn(p, ",>\n");
        if (is_word(p, n, "UP"))
            return true;
        p += n + (p[n] == ',');
    }
    return false;
}

static bool has_value(const char *line, const char *value)
{
    const char *eq = strstr(line, " = ");
    struct strbuf a = STRBUF_INIT;
    bool same = eq != NULL;
    for (const char *p = value; same && *p;) { /* blanks of any kind and number are one */
        size_t n = word_at(&p);
        strbuf_addf(&a, "%s%.*s", a.len ? " " : "", (int)n, p);
        p += n;
        if (*p == '\n')
            break;
    }
    struct strbuf b = STRBUF_INIT;
    const char *p = eq ? eq + 3 : "";
    for (size_t n; (n = word_at(&p)) > 0; p += n)
        strbuf_addf(&b, "%s%.*s", b.len ? " " : "", (int)n, p);
    same = same && strcmp(strbuf_cstr(&a), strbuf_cstr(&b)) == 0;
    strbuf_release(&a);
    strbuf_release(&b);
    return same;
}

/* ---- what a tool shows ---- */

static bool is_kind(const struct assertion *a, const char *name)
{
    return strcmp(a->kind->name, name) == 0;
}

/* Is the line about what the assertion is about? */
static bool is_about(const struct assertion *a, const char *line)
{
    if (is_kind(a, "address"))
        return has_address(line, a->words[0]);
    if (is_kind(a, "entry"))
        return is_entry(line, a->words[0]);
    if (is_kind(a, "sysctl"))
        return strstr(line, " = ") != NULL;
    return !a->kind->lead || is_word(line, strcspn(line, " \n"), a->words[0]);
}

static bool has_key(const struct assertion *a, const char *line, const char *key, const char *value)
{
    if (strcmp(key, "on") == 0) /* the tool was asked for that device's only */
        return true;
    if (strcmp(key, "=") == 0)
        return has_value(line, value);
    if (strcmp(key, "address") == 0 || (strcmp(key, "state") == 0 && is_kind(a, "neighbour")))
        return has_pair(line, NULL, value);
    return has_pair(line, key, value);
}

static bool has_all(const struct assertion *a, const char *line)
{
    if (!is_about(a, line))
        return false;
    for (int i = 1; i < a->nwords; i++) {
        const char *word = a->words[i];
        bool up = strcmp(word, "up") == 0, down = strcmp(word, "down") == 0;
        if (*a->kind->flags && (up || down)) {
            if (is_up(line) != up)
                return false;
            continue;
        }
        if (!has_key(a, line, word, a->words[++i]))
            return false;
    }
    return true;
}

static void add_found(struct verdict *v, const char *text)
{
    for (int i = 0; i < MOST_FOUND && *text; i++) {
        size_t n = strcspn(text, "\n");
        strbuf_add(&v->found, text, n);
        strbuf_addc(&v->found, '\n');
        text += n + (text[n] == '\n');
    }
}

static void ask_tool(struct cmd_env *env, struct run *r, const struct assertion *a)
{
    char *copy = mem_strdup(a->kind->command), *rest = NULL, *argv[16], dev[] = "dev";
    const char *on = assertion_value(a, "on");
    int n = 0;
    for (char *w = strtok_r(copy, " ", &rest); w && n < 12; w = strtok_r(NULL, " ", &rest))
        argv[n++] = strcmp(w, "%s") == 0 ? a->words[0] : w;
    if (on) {
        argv[n++] = dev;
        argv[n++] = (char *)(uintptr_t)on;
    }
    argv[n] = NULL;
    run_command(r, env, a->netns, argv);
    free(copy);
}

static void judge_shown(struct cmd_env *env, const struct vnet *w, const struct assertion *a,
                        struct verdict *v)
{
    struct run r;
    const char *hit = NULL;
    struct strbuf near = STRBUF_INIT;
    run_open(&r, w);
    ask_tool(env, &r, a);
    for (const char *line = printed(&r); *line; line += *line == '\n') {
        size_t n = strcspn(line, "\n");
        if (!hit && has_all(a, line))
            hit = line;
        if (is_about(a, line)) {
            strbuf_add(&near, line, n);
            strbuf_addc(&near, '\n');
        }
        line += n;
    }
    v->holds = !hit == a->negated;
    if (!v->holds && hit) {
        strbuf_add(&v->found, hit, strcspn(hit, "\n"));
        strbuf_addc(&v->found, '\n');
    } else if (!v->holds) {
        add_found(v, near.len        ? near.data
                     : r.err.buf.len ? r.err.buf.data
                                     : "nothing of it is there\n");
    }
    strbuf_release(&near);
    run_close(&r);
}

/* ---- traffic ---- */

static void tell_loss(const struct trial *t, struct verdict *v)
{
    const struct step *loss = trial_first_loss(t);
    trial_last_words(t, &v->found);
    strbuf_addc(&v->found, '\n');
    if (!loss)
        return;
    step_put_loss(&v->found, loss);
    strbuf_addc(&v->found, '\n');
}

/* The first set of changes that `vnet why` names. */
static void ask_why(struct cmd_env *env, const struct vnet *w, const char *netns, int argc,
                    char *const *words, struct verdict *v)
{
    struct run r;
    char *argv[16] = {(char *)(uintptr_t) "why"};
    struct cmd_env inner = *env;
    run_open(&r, w);
    for (int i = 0; i < argc && i < 14; i++)
        argv[i + 1] = words[i];
    inner.session = r.session;
    inner.out = &r.out;
    inner.err = &r.err;
    inner.netns = netns;
    why_main(&inner, argc + 1, argv);
    const char *set = strstr(printed(&r), "It works after");
    for (const char *line = set ? strchr(set, '\n') : NULL;
         line && strncmp(line + 1, "    ", 4) == 0; line = strchr(line + 1, '\n')) {
        size_t n = strcspn(line + 5, "\n");
        strbuf_addf(&v->hint, "%s%.*s", v->hint.len ? "; " : "it works after: ", (int)n, line + 5);
    }
    run_close(&r);
}

static void judge_ping(struct cmd_env *env, struct vnet *w, const struct assertion *a,
                       struct verdict *v)
{
    char *words[8];
    static const char *const three[] = {"ping", "-c", "3", NULL};
    const char *from = assertion_value(a, "from");
    struct cmd_env inner = *env;
    struct trial t;
    int n = 0;
    for (; three[n]; n++)
        words[n] = (char *)(uintptr_t)three[n];
    if (from) {
        words[n++] = (char *)(uintptr_t) "-I";
        words[n++] = (char *)(uintptr_t)from;
    }
    words[n++] = a->words[0];
    words[n] = NULL;
    char *argv[8];
    memcpy(argv, words, sizeof(argv));
    inner.netns = a->netns;
    trial_run(&t, &inner, vnet_clone(w), NULL, 0, n, argv, 0);
    v->holds = (t.status == 0) != a->negated;
    if (!v->holds && !a->negated)
        tell_loss(&t, v);
    else if (!v->holds)
        strbuf_adds(&v->found, "it answers\n");
    trial_release(&t);
    if (!v->holds && !a->negated && !a->hint)
        ask_why(env, w, a->netns, n, words, v);
}

static void judge_command(struct cmd_env *env, const struct vnet *w, const struct assertion *a,
                          struct verdict *v)
{
    bool prints = a->kind->how == CHECK_PRINTS;
    struct run r;
    run_open(&r, w);
    run_command(&r, env, a->netns, a->words + (prints ? 1 : 0));
    bool does = prints ? strstr(printed(&r), a->words[0]) != NULL : r.status == 0;
    v->holds = does != a->negated;
    if (!v->holds) {
        if (!prints)
            strbuf_addf(&v->found, "exit status %d\n", r.status);
        add_found(v, r.err.buf.len ? r.err.buf.data : printed(&r));
    }
    run_close(&r);
}

/* DEVICE [FILTER...] by COMMAND...; the device may be another namespace's: NAMESPACE/DEVICE. */
static void capture(struct run *r, struct cmd_env *env, const struct assertion *a, int by)
{
    static const char *const start[] = {"tcpdump", "--last", "-n", "-i", NULL};
    char *argv[CHECK_MOST_WORDS + 8], *slash = strchr(a->words[0], '/');
    int n = 0;
    for (; start[n]; n++)
        argv[n] = (char *)(uintptr_t)start[n];
    argv[n++] = slash ? slash + 1 : a->words[0];
    for (int i = 1; i < by; i++)
        argv[n++] = a->words[i];
    argv[n] = NULL;
    char *netns =
        slash ? mem_strndup(a->words[0], (size_t)(slash - a->words[0])) : mem_strdup(a->netns);
    run_command(r, env, netns, argv);
    free(netns);
}

static void judge_capture(struct cmd_env *env, const struct vnet *w, const struct assertion *a,
                          struct verdict *v)
{
    struct run r;
    int by = 1;
    while (strcmp(a->words[by], "by") != 0)
        by++;
    run_open(&r, w);
    run_command(&r, env, a->netns, a->words + by + 1);
    r.stop = 0;
    capture(&r, env, a, by);
    bool any = r.out.buf.len > 0;
    v->holds = any != a->negated;
    if (!v->holds && any)
        add_found(v, printed(&r));
    if (!v->holds && !any && r.status != 0)
        add_found(v, strbuf_cstr(&r.err.buf));
    if (!v->holds && !any && r.status == 0) {
        capture(&r, env, a, 1);
        add_found(v, r.out.buf.len ? printed(&r) : "nothing passes it\n");
    }
    run_close(&r);
}

void judge(struct cmd_env *env, struct vnet *w, const struct assertion *a, struct verdict *v)
{
    *v = (struct verdict){.found = STRBUF_INIT, .hint = STRBUF_INIT};
    if (!vnet_ns_find(w, a->netns)) {
        strbuf_addf(&v->found, "there is no network namespace %s\n", a->netns);
        return;
    }
    if (a->kind->how == CHECK_PINGS)
        judge_ping(env, w, a, v);
    else if (a->kind->how == CHECK_SHOWS)
        judge_shown(env, w, a, v);
    else if (a->kind->how == CHECK_CAPTURES)
        judge_capture(env, w, a, v);
    else
        judge_command(env, w, a, v);
    if (a->hint) {
        strbuf_reset(&v->hint);
        strbuf_adds(&v->hint, a->hint);
    }
}

void verdict_release(struct verdict *v)
{
    strbuf_release(&v->found);
    strbuf_release(&v->hint);
}

/* Commands that name a device which an earlier one has moved to another network namespace: people
 * forget `ip netns exec` for them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "cmd/replay/transcript.h"

enum { MOST_WORDS = 64 };

struct words {
    char *text; /* owned */
    char *word[MOST_WORDS];
    size_t n;
};

static void cut(struct words *w, const char *command)
{
    w->text = mem_strdup(command);
    w->n = 0;
    for (char *s = w->text; *s && w->n < MOST_WORDS;) {
        s += strspn(s, " \t\n\\\"'");
        size_t len = strcspn(s, " \t\n\\\"'");
        if (!len)
            break;
        w->word[w->n++] = s;
        s += len;
        if (*s)
            *s++ = '\0';
    }
}

static const char *behind(const struct words *w, const char *key, size_t from)
{
    for (size_t i = from; i + 1 < w->n; i++)
        if (strcmp(w->word[i], key) == 0)
            return w->word[i + 1];
    return NULL;
}

static bool has(const struct words *w, const char *word)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->word[i], word) == 0)
            return true;
    return false;
}

/* The device that `ip link set X netns NS`, or `ip link add ... peer name X netns NS`, puts into
 * another namespace; *ns is its name. */
static const char *moved_device(const struct words *w, const char **ns)
{
    const char *set = behind(w, "set", 0), *peer = behind(w, "name", 0);
    *ns = behind(w, "netns", 0);
    if (!*ns || !has(w, "ip") || has(w, "exec") || strcmp(*ns, "add") == 0)
        return NULL;
    if (set)
        return strcmp(set, "dev") == 0 ? behind(w, "dev", 0) : set;
    return has(w, "add") && peer ? peer : NULL;
}

/* Does the command say in which namespace it runs? */
static bool names_namespace(const struct words *w)
{
    return has(w, "netns") || has(w, "nsenter") || has(w, "-n") || has(w, "-netns") ||
           has(w, "unshare");
}

bool transcript_names_namespace(const char *command)
{
    struct words w;
    cut(&w, command);
    bool names = has(&w, "ip") && (has(&w, "netns") || has(&w, "-n") || has(&w, "-netns"));
    names = names || has(&w, "nsenter");
    free(w.text);
    return names;
}

static void note(struct step *s, const char *dev, const char *ns, size_t line)
{
    struct strbuf text = STRBUF_INIT;
    s->elsewhere = mem_strdup(ns);
    strbuf_addf(&text,
                "%s was moved to network namespace %s in line %zu: \"ip netns exec %s\" is missing "
                "here",
                dev, ns, line, ns);
    s->note = strbuf_detach(&text);
}

static void note_step(struct step *s, const struct words *w, const char *dev, const char *ns,
                      size_t line)
{
    if (!s->note && has(w, dev) && !names_namespace(w))
        note(s, dev, ns, line);
}

/* `ip netns exec NS bash`: what follows is in NS, up to an `exit`. NULL: it is no such command. */
static const char *shell_namespace(const struct words *w)
{
    const char *last = w->n ? w->word[w->n - 1] : "", *in = behind(w, "exec", 0);
    bool shell = strcmp(last, "bash") == 0 || strcmp(last, "sh") == 0;
    return shell && has(w, "netns") ? in : NULL;
}

static bool opens_shell_in(const struct words *w, const char *ns)
{
    const char *in = shell_namespace(w);
    return in && strcmp(in, ns) == 0;
}

static void note_shells(struct transcript *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct words w;
        if (t->steps[i].kind == STEP_DIRECTIVE)
            continue;
        cut(&w, t->steps[i].command);
        const char *ns = shell_namespace(&w);
        t->steps[i].shell_in = mem_strdup(ns);
        free(w.text);
    }
}

static void follow_device(struct transcript *t, size_t from, const char *dev, const char *ns)
{
    bool inside = false;
    for (size_t i = from + 1; i < t->n; i++) {
        struct words w;
        if (t->steps[i].kind == STEP_DIRECTIVE)
            continue;
        cut(&w, t->steps[i].command);
        if (opens_shell_in(&w, ns))
            inside = true;
        else if (w.n == 1 && strcmp(w.word[0], "exit") == 0)
            inside = false;
        else if (!inside)
            note_step(&t->steps[i], &w, dev, ns, t->steps[from].line_no);
        free(w.text);
    }
}

void transcript_note_namespaces(struct transcript *t)
{
    enum { MOST_MOVES = 100 };
    size_t moves = 0;
    note_shells(t);
    for (size_t i = 0; i < t->n && moves < MOST_MOVES; i++) {
        struct words w;
        const char *ns, *dev;
        if (t->steps[i].kind == STEP_DIRECTIVE || !strstr(t->steps[i].command, "netns"))
            continue;
        cut(&w, t->steps[i].command);
        dev = moved_device(&w, &ns);
        if (dev) {
            follow_device(t, i, dev, ns);
            moves++;
        }
        free(w.text);
    }
}

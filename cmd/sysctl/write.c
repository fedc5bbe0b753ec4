#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "cmd/sysctl/sysctl.h"
#include "vnet_sysctl.h"

struct setting {
    struct strbuf key, path, value;
    bool ignore_failure;
};

static void release(struct setting *s)
{
    strbuf_release(&s->key);
    strbuf_release(&s->path);
    strbuf_release(&s->value);
}

/* text[0, len) without blanks around it. */
static void add_stripped(struct strbuf *out, const char *text, size_t len)
{
    while (len && isspace((unsigned char)text[0])) {
        text++;
        len--;
    }
    while (len && isspace((unsigned char)text[len - 1]))
        len--;
    strbuf_add(out, text, len);
}

bool sysctl_is_setting(const struct sysctl_run *r, const char *line, const char *where)
{
    while (isspace((unsigned char)*line))
        line++;
    if (strlen(line) < 2 || line[0] == '#' || line[0] == ';' || !sysctl_matches(r, line))
        return false;
    if (strchr(line, '=') || line[0] == '-')
        return true;
    sysctl_warn(r, "%s: invalid syntax, continuing...", where);
    return false;
}

/* parse_setting_line(). false: nothing to set. */
static bool parse(const struct sysctl_run *r, const char *line, struct setting *s)
{
    if (!sysctl_is_setting(r, line, "command line(0)"))
        return false;
    while (isspace((unsigned char)*line))
        line++;
    const char *equals = strchr(line, '=');
    s->ignore_failure = line[0] == '-';
    if (s->ignore_failure)
        line++;
    add_stripped(&s->key, line, equals ? (size_t)(equals - line) : strlen(line));
    if (equals)
        add_stripped(&s->value, equals + 1, strlen(equals + 1));
    else
        strbuf_adds(&s->value, "(null)");
    return true;
}

static void echo(const struct sysctl_run *r, const char *key, const char *value)
{
    if (r->quiet && !r->dry_run)
        return;
    if (r->names_only || (r->no_name && !r->no_newline))
        sink_printf(r->env->out, "%s\n", value);
    else if (r->no_name)
        sink_puts(r->env->out, value);
    else
        sink_printf(r->env->out, "%s = %s\n", key, value);
}

static int refuse(const struct sysctl_run *r, const char *key, int error)
{
    if (error == -EXDEV) {
        sysctl_warn(r, "Path is not under /proc/sys/: /proc/sys/%s", key);
        return 1;
    }
    if (r->ignore_errors)
        return 0;
    sysctl_warn(r, "cannot stat /proc/sys/%s: %s", key, cmd_strerror(-error));
    return 1;
}

struct mode {
    const char *path;
    bool writable;
};

static int note_mode(const char *path, bool readable, bool writable, void *arg)
{
    struct mode *m = arg;
    (void)readable;
    if (strcmp(path, m->path) == 0)
        m->writable = writable;
    return 0;
}

static bool is_writable(const struct sysctl_run *r, const char *path)
{
    struct mode m = {.path = path};
    vnet_sysctl_list(r->ns, path, note_mode, &m);
    return m.writable;
}

/* The key is shown as the path with its separators exchanged. */
static int store(const struct sysctl_run *r, const char *path, const char *key, const char *value)
{
    if (!is_writable(r, path)) { /* a folder, or mode 0444: a stale errno, and no failure */
        sysctl_warn(r, "setting key \"%s\": %s", key, cmd_strerror(EINVAL));
        return 0;
    }
    int rc = r->dry_run ? 0 : vnet_sysctl_set(r->ns, path, value, NULL);
    if (rc) {
        sysctl_warn(r, "setting key \"%s\": %s", key, cmd_strerror(-rc));
        return 1;
    }
    echo(r, key, value);
    return 0;
}

int sysctl_write(const struct sysctl_run *r, const char *assignment)
{
    struct setting s = {STRBUF_INIT, STRBUF_INIT, STRBUF_INIT, false};
    if (!parse(r, assignment, &s)) {
        release(&s);
        return 1;
    }
    sysctl_swap(r, &s.key, '.', '/');
    int rc = sysctl_stat(r, strbuf_cstr(&s.key), &s.path);
    if (rc < 0) {
        rc = refuse(r, strbuf_cstr(&s.key), rc);
    } else {
        sysctl_swap(r, &s.key, '/', '.');
        rc = store(r, s.path.data, s.key.data, strbuf_cstr(&s.value));
    }
    release(&s);
    return rc;
}

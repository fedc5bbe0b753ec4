#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "cmd/time/time.h"
#include "vnet_capture.h"

enum {
    STEP_MS = 5,
    LEAST_MS = 50,
    MOST_MS = 2000,
    YOUNG_S = 2, /* a process older than this has long started */
};

struct process { /* of /proc/PID/stat, proc(5) */
    long pid, parent;
    char state;
    unsigned long long start; /* clock ticks since boot */
};

/* A file of /proc into buf, with a 0 behind; its length, 0 if it cannot be read. */
static size_t read_proc(long pid, const char *name, char *buf, size_t size)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(buf, 1, size - 1, f) : 0;
    if (f)
        fclose(f);
    buf[n] = '\0';
    return n;
}

static bool read_process(long pid, struct process *p)
{
    char text[1024];
    read_proc(pid, "stat", text, sizeof(text));
    const char *rest = strrchr(text, ')'); /* the name before may hold anything */
    p->pid = pid;
    return rest && sscanf(rest,
                          ") %c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
                          "%*d %*d %*d %*d %llu",
                          &p->state, &p->parent, &p->start) == 3;
}

static bool is_listener(const char *arg)
{
    const char *slash = strrchr(arg, '/'), *name = slash ? slash + 1 : arg;
    return strcmp(name, "tcpdump") == 0 || strcmp(name, "candump") == 0;
}

/* Is it a tcpdump or candump of vnet: this program, with that word in its command line? */
static bool is_our_listener(long pid)
{
    char path[64], line[4096];
    struct stat ours, theirs;
    snprintf(path, sizeof(path), "/proc/%ld/exe", pid);
    if (stat("/proc/self/exe", &ours) < 0 || stat(path, &theirs) < 0 ||
        ours.st_ino != theirs.st_ino || ours.st_dev != theirs.st_dev)
        return false;
    size_t n = read_proc(pid, "cmdline", line, sizeof(line));
    for (const char *arg = line; arg < line + n; arg += strlen(arg) + 1)
        if (is_listener(arg))
            return true;
    return false;
}

/* May `p`, an elder sibling, yet become a capture? */
static bool is_starting(struct cmd_env *env, const struct process *p, const struct process *self)
{
    unsigned long long young = (unsigned long long)YOUNG_S * (unsigned long)sysconf(_SC_CLK_TCK);
    if (p->pid == self->pid || p->parent != self->parent || p->start > self->start ||
        strchr("ZTtX", p->state))
        return false;
    if (is_our_listener(p->pid))
        return !vnet_capture_registered(env->session, p->pid);
    return p->start + young > self->start && p->state != 'S';
}

static bool any_starting(struct cmd_env *env)
{
    struct process self, p;
    DIR *proc = read_process((long)getpid(), &self) ? opendir("/proc") : NULL;
    bool found = false;
    if (!proc)
        return false;
    for (struct dirent *d; !found && (d = readdir(proc));) {
        long pid = strtol(d->d_name, NULL, 10);
        found = pid > 0 && read_process(pid, &p) && is_starting(env, &p, &self);
    }
    closedir(proc);
    return found;
}

void settle_captures(struct cmd_env *env)
{
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
    for (int ms = 0; ms < MOST_MS && !*env->interrupted; ms += STEP_MS) {
        if (ms >= LEAST_MS && !any_starting(env))
            break;
        nanosleep(&step, NULL);
    }
}

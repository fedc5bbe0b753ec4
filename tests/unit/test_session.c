/* Sessions: what is saved and when, what a bad file does, clocks, owners, captures. */
#include "vnet_session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "dev/netdev.h"
#include "inet/sock.h"
#include "sim/world.h"
#include "state/state.h"
#include "tests/unit/unit.h"
#include "vnet_capture.h"
#include "vnet_history.h"
#include "vnet_link.h"

struct fixture {
    char folder[64];
    char path[128];
    struct vnet_session *s;
    struct vnet_err err;
};

static void setup(struct fixture *f, enum vnet_clock_mode clock)
{
    memset(f, 0, sizeof(*f));
    strcpy(f->folder, "/tmp/vnet-test-XXXXXX");
    CHECK(mkdtemp(f->folder) != NULL);
    snprintf(f->path, sizeof(f->path), "%s/deep/er/state.json", f->folder);
    f->s = vnet_session_new(f->path, clock, NULL);
}

static void teardown(struct fixture *f)
{
    static const char *const names[] = {"/deep/er/state.json", "/deep/er/state.json.lock",
                                        "/deep/er/state.json.frames0.pcapng",
                                        "/deep/er/state.json.frames1.pcapng"};
    char path[160];
    vnet_session_free(f->s);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s%s", f->folder, names[i]);
        unlink(path);
    }
    for (int i = 0; i < STATE_STEPS; i++) {
        snprintf(path, sizeof(path), "%s/deep/er/state.json.undo/%d", f->folder, i);
        unlink(path);
    }
    snprintf(path, sizeof(path), "%s/deep/er/state.json.undo", f->folder);
    rmdir(path);
    snprintf(path, sizeof(path), "%s/deep/er", f->folder);
    CHECK_INT(rmdir(path), 0); /* nothing else lay there */
    snprintf(path, sizeof(path), "%s/deep", f->folder);
    rmdir(path);
    rmdir(f->folder);
}

static struct vnet *begin(struct fixture *f)
{
    struct vnet *w = NULL;
    CHECK_INT(vnet_begin(f->s, true, &w, &f->err), 0);
    if (!w) {
        printf("# %s\n", f->err.msg);
        exit(1);
    }
    return w;
}

static void commit(struct fixture *f)
{
    CHECK_INT(vnet_commit(f->s, &f->err), 0);
}

static char *slurp(const char *path)
{
    int fd = open(path, O_RDONLY);
    char *text = mem_alloc(1 << 20);
    ssize_t n = read(fd, text, (1 << 20) - 1);
    CHECK(n >= 0);
    close(fd);
    return text;
}

static void spit(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK_INT(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void test_first_use_then_reading_writes_nothing(void)
{
    struct fixture f;
    struct stat before, after;
    setup(&f, VNET_CLOCK_VIRTUAL);
    struct vnet *w = begin(&f);
    CHECK_INT(vnet_link_index(vnet_init_ns(w), "eth0"), 2);
    commit(&f);
    char *first = slurp(f.path);
    CHECK_INT(stat(f.path, &before), 0);
    for (int i = 0; i < 3; i++) {
        begin(&f);
        if (i == 2)
            vnet_abort(f.s);
        else
            commit(&f);
    }
    char *second = slurp(f.path);
    CHECK_INT(stat(f.path, &after), 0);
    CHECK_STR(second, first);
    CHECK(before.st_ino == after.st_ino && before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
    free(first);
    free(second);
    teardown(&f);
}

static void test_commit_keeps_abort_forgets(void)
{
    struct fixture f;
    setup(&f, VNET_CLOCK_VIRTUAL);
    uint32_t a = vnet_random(begin(&f));
    vnet_touch(begin(&f));
    vnet_abort(f.s);
    uint32_t b = vnet_random(begin(&f));
    vnet_abort(f.s);
    CHECK_INT(a, b);
    struct vnet *w = begin(&f);
    vnet_random(w);
    vnet_touch(w);
    commit(&f);
    CHECK(vnet_random(begin(&f)) != a);
    vnet_abort(f.s);
    teardown(&f);
}

static void test_other_session_is_seen(void)
{
    struct fixture f;
    struct vnet *w;
    setup(&f, VNET_CLOCK_VIRTUAL);
    begin(&f);
    commit(&f);
    struct vnet_session *other = vnet_session_new(f.path, VNET_CLOCK_VIRTUAL, NULL);
    for (int i = 1; i < 20; i++) {
        struct vnet_session *s = i % 2 ? other : f.s;
        CHECK_INT(vnet_begin(s, false, &w, &f.err), 0);
        CHECK_INT(w->last_sock_id, (uint32_t)i - 1);
        w->last_sock_id++;
        vnet_touch(w);
        CHECK_INT(vnet_commit(s, &f.err), 0);
    }
    vnet_session_free(other);
    teardown(&f);
}

static void test_virtual_clock(void)
{
    struct fixture f;
    int64_t now;
    setup(&f, VNET_CLOCK_VIRTUAL);
    CHECK_INT(vnet_now(begin(&f)), VNET_VIRTUAL_EPOCH + VNET_COMMAND_COST);
    commit(&f); /* touched nothing: the cost is not kept */
    vnet_session_command(f.s);
    CHECK_INT(vnet_now(begin(&f)), VNET_VIRTUAL_EPOCH + VNET_COMMAND_COST);
    vnet_touch(begin(&f));
    commit(&f);
    CHECK_INT(vnet_session_sleep(f.s, VNET_VIRTUAL_EPOCH + 5 * NSEC_PER_SEC, &f.err), 0);
    CHECK_INT(vnet_session_now(f.s, &now, &f.err), 0);
    CHECK_INT(now, VNET_VIRTUAL_EPOCH + 5 * NSEC_PER_SEC);
    teardown(&f);
}

static int64_t wall_clock(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static void test_real_clock_follows_and_never_goes_back(void)
{
    struct fixture f;
    setup(&f, VNET_CLOCK_REAL);
    int64_t before = wall_clock();
    struct vnet *w = begin(&f);
    int64_t now = vnet_now(w);
    CHECK(now >= before && now <= wall_clock());
    w->now += 3600 * NSEC_PER_SEC; /* as if the wall clock had been set back by an hour */
    vnet_touch(w);
    commit(&f);
    int64_t ahead = vnet_now(begin(&f));
    CHECK(ahead >= now + 3600 * NSEC_PER_SEC && ahead < now + 3660 * NSEC_PER_SEC);
    vnet_touch(begin(&f));
    commit(&f);
    CHECK(vnet_now(begin(&f)) > ahead); /* and goes on from there */
    vnet_abort(f.s);
    teardown(&f);
}

static void test_virtual_then_real(void)
{
    struct fixture f;
    struct vnet *w;
    setup(&f, VNET_CLOCK_VIRTUAL);
    begin(&f);
    commit(&f);
    struct vnet_session *real = vnet_session_new(f.path, VNET_CLOCK_REAL, NULL);
    CHECK_INT(vnet_begin(real, true, &w, &f.err), 0);
    CHECK_INT(vnet_now(w), VNET_VIRTUAL_EPOCH); /* goes on from where virtual time left it */
    vnet_touch(w);
    CHECK_INT(vnet_commit(real, &f.err), 0);
    CHECK_INT(vnet_begin(real, true, &w, &f.err), 0);
    CHECK(vnet_now(w) > VNET_VIRTUAL_EPOCH && vnet_now(w) < VNET_VIRTUAL_EPOCH + 60 * NSEC_PER_SEC);
    vnet_abort(real);
    vnet_session_free(real);
    teardown(&f);
}

static void check_refused(struct fixture *f, const char *content, const char *why)
{
    struct vnet *w;
    char want[300];
    f->err.msg[0] = '\0';
    spit(f->path, content);
    CHECK_INT(vnet_begin(f->s, true, &w, &f->err), -EINVAL);
    snprintf(want, sizeof(want), "%s: %s", f->path, why);
    CHECK_STR(f->err.msg, want);
    char *still = slurp(f->path);
    CHECK_STR(still, content);
    free(still);
}

/* The clock stops at the last time that the loader takes, and what went beyond is not saved. */
static void check_end_of_time(struct fixture *f)
{
    struct vnet *w = begin(f);
    vnet_run_until(w, STATE_TIME_MAX - NSEC_PER_SEC);
    commit(f);
    CHECK_INT(vnet_session_sleep(f->s, STATE_TIME_MAX + 1, &f->err), -EOVERFLOW);
    CHECK_STR(f->err.msg, "the world's clock cannot go beyond the year 2099");
    w = begin(f);
    vnet_run_until(w, STATE_TIME_MAX + 1);
    CHECK_INT(vnet_commit(f->s, &f->err), -EOVERFLOW);
    CHECK_INT(vnet_session_sleep(f->s, STATE_TIME_MAX, &f->err), 0);
    for (int i = 0; i < 2; i++) {
        vnet_session_command(f->s); /* which takes its time elsewhere */
        w = begin(f);
        CHECK_INT(vnet_now(w), STATE_TIME_MAX);
        vnet_touch(w);
        commit(f);
    }
}

static void test_the_clock_ends(void)
{
    struct fixture f;
    setup(&f, VNET_CLOCK_VIRTUAL);
    check_end_of_time(&f);
    teardown(&f);
    memset(&f, 0, sizeof(f));
    f.s = vnet_session_memory(vnet_new(vnet_profile_find("debian12"), 1, NSEC_PER_SEC));
    check_end_of_time(&f);
    vnet_session_free(f.s);
}

static void test_bad_files(void)
{
    struct fixture f;
    struct vnet *w;
    setup(&f, VNET_CLOCK_VIRTUAL);
    begin(&f);
    commit(&f);
    char *good = slurp(f.path);
    char *cut = mem_strndup(good, strlen(good) / 2);
    cut[strlen(cut) - 1] = '{'; /* so that the message does not depend on where it was cut */
    check_refused(&f, "", "line 1 column 1: the text ends too early");
    check_refused(&f, "hello", "line 1 column 1: bad number");
    check_refused(&f, "{}", "is not a state of vnet (no \"vnet\": version)");
    check_refused(&f, "{\"vnet\":5,\"new\":1}",
                  "vnet: was written by a newer vnet (format 5; this one reads up to 4)");
    check_refused(&f, "{\"vnet\":1,\"profile\":\"x\"}",
                  "profile: must name a profile of this vnet");
    check_refused(&f, "{\"vnet\":1,\"\x1b[31m\":1}",
                  "line 1 column 12: control character in a string");
    check_refused(&f, "{\"vnet\":1,\"\\u001b[31m\":1}",
                  "?[31m: is not known to this version of vnet");
    spit(f.path, cut);
    CHECK_INT(vnet_begin(f.s, true, &w, &f.err), -EINVAL);
    spit(f.path, good);
    begin(&f);
    commit(&f);
    free(good);
    free(cut);
    teardown(&f);
}

static void test_no_regular_file(void)
{
    struct fixture f;
    struct vnet *w;
    char want[200];
    setup(&f, VNET_CLOCK_VIRTUAL);
    begin(&f);
    commit(&f);
    unlink(f.path);
    CHECK_INT(mkfifo(f.path, 0600), 0);
    CHECK_INT(vnet_begin(f.s, true, &w, &f.err), -EINVAL); /* and does not hang */
    snprintf(want, sizeof(want), "%s is not a regular file", f.path);
    CHECK_STR(f.err.msg, want);
    teardown(&f);
}

static void test_create(void)
{
    struct fixture f;
    struct vnet *w;
    setup(&f, VNET_CLOCK_VIRTUAL);
    CHECK_INT(vnet_session_world(f.s, vnet_profile_find("centos7"), "bare", 7, &w, &f.err), 0);
    CHECK_INT(vnet_session_create(f.s, w, false, &f.err), 0);
    CHECK_INT(vnet_session_create(f.s, w, false, &f.err), -EEXIST);
    CHECK_INT(vnet_session_create(f.s, w, true, &f.err), 0);
    vnet_free(w);
    w = begin(&f);
    CHECK_STR(vnet_world_profile(w)->name, "centos7");
    CHECK_INT(vnet_link_index(vnet_init_ns(w), "eth0"), 0);
    commit(&f);
    CHECK_INT(vnet_session_world(f.s, NULL, "nosuch", 1, &w, &f.err), -EINVAL);
    CHECK_STR(f.err.msg, "unknown preset \"nosuch\"");
    teardown(&f);
}

static void test_profile_for_this_process_only(void)
{
    struct fixture f;
    struct vnet *w;
    setup(&f, VNET_CLOCK_VIRTUAL);
    begin(&f);
    commit(&f);
    struct vnet_session *s =
        vnet_session_new(f.path, VNET_CLOCK_VIRTUAL, vnet_profile_find("centos7"));
    CHECK_INT(vnet_begin(s, true, &w, &f.err), 0);
    CHECK_STR(vnet_world_profile(w)->name, "centos7");
    vnet_touch(w);
    CHECK_INT(vnet_commit(s, &f.err), 0);
    vnet_session_free(s);
    CHECK_STR(vnet_world_profile(begin(&f))->name, "debian12");
    vnet_abort(f.s);
    teardown(&f);
}

/* A child that makes a socket, tells its id, and waits to be killed. */
static pid_t socket_owner(struct fixture *f, vnet_sock_id *id)
{
    int fd[2];
    CHECK_INT(pipe(fd), 0);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct vnet *w;
        struct vnet_session *s = vnet_session_new(f->path, VNET_CLOCK_VIRTUAL, NULL);
        vnet_begin(s, true, &w, &f->err);
        vnet_socket(vnet_init_ns(w), VNET_AF_INET, VNET_SOCK_RAW, VNET_IPPROTO_ICMP, id);
        vnet_touch(w);
        vnet_commit(s, &f->err);
        if (write(fd[1], id, sizeof(*id)) == sizeof(*id))
            pause();
        _exit(1);
    }
    CHECK_INT(read(fd[0], id, sizeof(*id)), sizeof(*id));
    close(fd[0]);
    close(fd[1]);
    return pid;
}

static void test_killed_owner_loses_its_socket(void)
{
    struct fixture f;
    vnet_sock_id id = 0;
    setup(&f, VNET_CLOCK_VIRTUAL);
    begin(&f);
    commit(&f);
    pid_t pid = socket_owner(&f, &id);
    CHECK_INT(id, 1);
    CHECK(sock_find(begin(&f), id) != NULL);
    commit(&f);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK(sock_find(begin(&f), id) == NULL);
    commit(&f);
    teardown(&f);
}

static void test_memory(void)
{
    struct vnet_err err;
    struct vnet *w = vnet_new(vnet_profiles(), 1, VNET_VIRTUAL_EPOCH);
    struct vnet_session *s = vnet_session_memory(w);
    CHECK(vnet_session_path(s) == NULL);
    struct vnet *same;
    CHECK_INT(vnet_begin(s, true, &same, &err), 0);
    CHECK(same == w);
    int64_t began = vnet_now(w);
    vnet_run_until(w, began + NSEC_PER_SEC);
    vnet_abort(s); /* with the time that passed, a command's changes stay */
    CHECK_INT(vnet_begin(s, true, &same, &err), 0);
    CHECK(same == w);
    CHECK_INT(vnet_now(w), began + NSEC_PER_SEC);
    CHECK_INT(vnet_commit(s, &err), 0);
    vnet_session_free(s);
}

/* ---- captures ---- */

static void record(struct vnet *w, const char *ifname, uint32_t len)
{
    uint8_t bytes[2000] = {1, 2, 3};
    struct skb skb = {.buf = bytes, .len = len};
    recorder_frame(w, netdev_by_name(vnet_init_ns(w), ifname), &skb, VNET_PACKET_HOST);
    vnet_touch(w);
}

/* A transaction that leaves n frames on a device. */
static void traffic(struct fixture *f, const char *ifname, int n)
{
    vnet_session_command(f->s);
    struct vnet *w = begin(f);
    for (int i = 0; i < n; i++)
        record(w, ifname, 60 + (uint32_t)(w->recorder.next_seq % 1000));
    commit(f);
}

static struct vnet_capture *open_capture(struct fixture *f, const char *ifname,
                                         enum vnet_capture_mode mode)
{
    struct vnet_capture *cap = NULL;
    CHECK_INT(vnet_capture_open(f->s, "", ifname, mode, &cap, &f->err), 0);
    return cap;
}

static uint64_t count(struct vnet_capture *cap, uint64_t *dropped)
{
    struct vnet_frame frame;
    struct vnet_err err;
    uint64_t n = 0;
    while (vnet_capture_next(cap, &frame, dropped, &err) == 1) {
        CHECK_INT(frame.len, 60 + frame.seq % 1000);
        CHECK_INT(frame.data[2], 3);
        n++;
    }
    return n;
}

static void test_capture(void)
{
    struct fixture f;
    uint64_t dropped = 0;
    setup(&f, VNET_CLOCK_VIRTUAL);
    begin(&f);
    commit(&f);
    traffic(&f, "lo", 3); /* before: not owed */
    struct vnet_capture *lo = open_capture(&f, "lo", VNET_CAPTURE_FOLLOW),
                        *any = open_capture(&f, "any", VNET_CAPTURE_FOLLOW);
    CHECK_INT(count(lo, &dropped), 0);
    traffic(&f, "lo", 2);
    traffic(&f, "eth0", 5);
    CHECK_INT(count(lo, &dropped), 2);
    CHECK_INT(count(any, &dropped), 7);
    traffic(&f, "lo", 1);
    CHECK_INT(count(lo, &dropped), 1);
    CHECK_INT(count(any, &dropped), 1);
    CHECK_INT(dropped, 0);
    struct vnet_capture *last = open_capture(&f, NULL, VNET_CAPTURE_LAST);
    CHECK_INT(count(last, &dropped), 1);
    traffic(&f, "lo", 1);
    CHECK_INT(count(last, &dropped), 0);
    vnet_capture_close(last);
    vnet_capture_close(any);
    vnet_capture_close(lo);
    CHECK_INT(vnet_capture_open(f.s, "", "nosuch", VNET_CAPTURE_FOLLOW, &lo, &f.err), -ENODEV);
    CHECK_INT(vnet_capture_open(f.s, "nosuch", NULL, VNET_CAPTURE_FOLLOW, &lo, &f.err), -ENOENT);
    teardown(&f);
}

static void test_capture_follows_segments_and_counts_what_it_missed(void)
{
    struct fixture f;
    uint64_t dropped = 0, seen = 0;
    setup(&f, VNET_CLOCK_VIRTUAL);
    begin(&f);
    commit(&f);
    struct vnet_capture *fast = open_capture(&f, "lo", VNET_CAPTURE_FOLLOW);
    struct vnet_capture *slow = open_capture(&f, "lo", VNET_CAPTURE_FOLLOW);
    for (int i = 0; i < 20; i++) { /* some 700 kB a round: over three segments */
        traffic(&f, "lo", 1000);
        seen += count(fast, &dropped);
    }
    CHECK_INT(seen, 20000);
    CHECK_INT(dropped, 0);
    seen = count(slow, &dropped);
    CHECK(seen > 4000 && seen < 20000);
    CHECK_INT(seen + dropped, 20000);
    vnet_capture_close(fast);
    vnet_capture_close(slow);
    teardown(&f);
}

static uint32_t promiscuity(struct fixture *f, const char *ifname)
{
    struct vnet_link_info info;
    struct vnet *w = begin(f);
    struct netns *ns = vnet_init_ns(w);
    CHECK_INT(vnet_link_get(ns, vnet_link_index(ns, ifname), &info), 0);
    CHECK(!(info.flags & VNET_IFF_PROMISC));
    vnet_abort(f->s);
    return info.promiscuity;
}

/* In a process of its own: `n` captures of lo and one of eth0. Killed by the caller. */
static pid_t capturing_process(struct fixture *f, int n)
{
    int ready[2];
    char c;
    CHECK_INT(pipe(ready), 0);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct vnet_session *s = vnet_session_new(f->path, VNET_CLOCK_VIRTUAL, NULL);
        struct vnet_capture *cap;
        for (int i = 0; i <= n; i++)
            if (vnet_capture_open(s, "", i < n ? "lo" : "eth0", VNET_CAPTURE_PROMISC, &cap,
                                  &f->err))
                _exit(1);
        if (write(ready[1], "", 1) == 1)
            pause();
        _exit(1);
    }
    CHECK_INT(read(ready[0], &c, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return pid;
}

static void test_captures_count_in_promiscuity(void)
{
    struct fixture f;
    pid_t pids[3];
    setup(&f, VNET_CLOCK_VIRTUAL);
    begin(&f);
    commit(&f);
    struct vnet_capture *own = open_capture(&f, "lo", VNET_CAPTURE_PROMISC);
    struct vnet_capture *more = open_capture(&f, "lo", VNET_CAPTURE_PROMISC);
    struct vnet_capture *plain = open_capture(&f, "lo", VNET_CAPTURE_FOLLOW);
    CHECK_INT(promiscuity(&f, "lo"), 2);
    for (int i = 0; i < 3; i++)
        pids[i] = capturing_process(&f, i + 1);
    CHECK_INT(promiscuity(&f, "lo"), 2 + 1 + 2 + 3);
    CHECK_INT(promiscuity(&f, "eth0"), 3);
    vnet_capture_close(own);
    CHECK_INT(promiscuity(&f, "lo"), 1 + 1 + 2 + 3);
    kill(pids[1], SIGKILL);
    waitpid(pids[1], NULL, 0);
    CHECK_INT(promiscuity(&f, "lo"), 1 + 1 + 3);
    vnet_capture_close(more);
    vnet_capture_close(plain);
    for (int i = 0; i < 3; i += 2) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
    }
    CHECK_INT(promiscuity(&f, "lo"), 0);
    CHECK_INT(promiscuity(&f, "eth0"), 0);
    teardown(&f);
}

static void test_capture_registration(void)
{
    struct fixture f;
    int go[2], ready[2];
    char c;
    setup(&f, VNET_CLOCK_VIRTUAL);
    begin(&f);
    commit(&f);
    CHECK(pipe(go) == 0 && pipe(ready) == 0);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct vnet_session *s = vnet_session_new(f.path, VNET_CLOCK_VIRTUAL, NULL);
        struct vnet_capture *cap;
        if (read(go[0], &c, 1) != 1 ||
            vnet_capture_open(s, "", "lo", VNET_CAPTURE_FOLLOW, &cap, &f.err) < 0 ||
            write(ready[1], &c, 1) != 1)
            _exit(1);
        pause();
        _exit(1);
    }
    CHECK(!vnet_capture_registered(f.s, pid));
    CHECK_INT(write(go[1], "x", 1), 1);
    CHECK_INT(read(ready[0], &c, 1), 1);
    CHECK(vnet_capture_registered(f.s, pid));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK(!vnet_capture_registered(f.s, pid));
    for (int i = 0; i < 2; i++) {
        close(go[i]);
        close(ready[i]);
    }
    teardown(&f);
}

static void test_capture_in_memory(void)
{
    struct vnet_err err;
    struct vnet_capture *cap;
    struct vnet_frame frame;
    struct vnet *w = vnet_new(vnet_profiles(), 1, VNET_VIRTUAL_EPOCH);
    struct vnet_session *s = vnet_session_memory(w);
    CHECK_INT(vnet_capture_open(s, "", "lo", VNET_CAPTURE_FOLLOW, &cap, &err), 0);
    CHECK_INT(vnet_begin(s, true, &w, &err), 0);
    record(w, "lo", 60);
    vnet_abort(s); /* what has been sent has been sent */
    CHECK_INT(vnet_capture_next(cap, &frame, NULL, &err), 1);
    CHECK_INT(frame.len, 60);
    CHECK_INT(vnet_begin(s, true, &w, &err), 0);
    record(w, "lo", 61);
    CHECK_INT(vnet_commit(s, &err), 0);
    CHECK_INT(vnet_capture_next(cap, &frame, NULL, &err), 1);
    CHECK_INT(frame.len, 61);
    CHECK_INT(vnet_capture_next(cap, &frame, NULL, &err), 0);
    CHECK_INT(vnet_session_wait(s, 0, &err), -EAGAIN);
    vnet_capture_close(cap);
    vnet_session_free(s);
}

static void count_step(const struct vnet_step *step, void *arg)
{
    int *n = arg;
    CHECK_INT(step->number, *n);
    CHECK_STR(step->command, "a command");
    ++*n;
}

static int loopback_mtu(struct vnet_session *s)
{
    struct vnet_err err;
    struct vnet_link_info info;
    struct vnet *w;
    CHECK_INT(vnet_begin(s, false, &w, &err), 0);
    CHECK_INT(vnet_link_get(vnet_init_ns(w), 1, &info), 0);
    vnet_abort(s);
    return (int)info.mtu;
}

static void set_loopback_mtu(struct vnet_session *s, uint32_t mtu)
{
    const struct vnet_link_req req = {.ifindex = 1, .set = VNET_LINK_MTU, .mtu = mtu};
    struct vnet_err err;
    struct vnet *w;
    vnet_session_command(s);
    vnet_session_command_text(s, "", "a command");
    for (int i = 0; i < 2; i++) { /* two transactions, one step */
        CHECK_INT(vnet_begin(s, true, &w, &err), 0);
        CHECK_INT(vnet_link_set(vnet_init_ns(w), &req, &err), 0);
        vnet_touch(w);
        CHECK_INT(vnet_commit(s, &err), 0);
    }
}

static void test_undo_in_memory(void)
{
    struct vnet_err err;
    int n = 0;
    struct vnet_session *s = vnet_session_memory(vnet_new(vnet_profiles(), 1, VNET_VIRTUAL_EPOCH));
    set_loopback_mtu(s, 1400);
    CHECK_INT(vnet_session_undo(s, 1, &err), -ERANGE); /* not asked for */
    vnet_session_keep_steps(s);
    for (uint32_t mtu = 1500; mtu < 1505; mtu++)
        set_loopback_mtu(s, mtu);
    CHECK_INT(vnet_session_history(s, count_step, &n, &err), 0);
    CHECK_INT(n, 5);
    CHECK_INT(vnet_session_undo(s, 2, &err), 0);
    CHECK_INT(loopback_mtu(s), 1502);
    CHECK_INT(vnet_session_undo(s, -1, &err), 0);
    CHECK_INT(loopback_mtu(s), 1503);
    CHECK_INT(vnet_session_undo(s, 4, &err), 0);
    CHECK_INT(loopback_mtu(s), 1400);
    CHECK_INT(vnet_session_undo(s, 1, &err), -ERANGE);
    CHECK_INT(vnet_session_undo(s, -6, &err), -ERANGE);
    CHECK_INT(vnet_session_undo(s, -5, &err), 0);
    CHECK_INT(loopback_mtu(s), 1504);
    CHECK_INT(vnet_snapshot_save(s, "x", false, &err), 0);
    CHECK_INT(vnet_snapshot_save(s, "x", false, &err), -EEXIST);
    set_loopback_mtu(s, 1600);
    CHECK_INT(vnet_snapshot_restore(s, "x", &err), 0);
    CHECK_INT(loopback_mtu(s), 1504);
    CHECK_INT(vnet_snapshot_restore(s, "y", &err), -ENOENT);
    vnet_session_free(s);
}

int main(void)
{
    RUN(test_first_use_then_reading_writes_nothing);
    RUN(test_commit_keeps_abort_forgets);
    RUN(test_other_session_is_seen);
    RUN(test_virtual_clock);
    RUN(test_real_clock_follows_and_never_goes_back);
    RUN(test_virtual_then_real);
    RUN(test_the_clock_ends);
    RUN(test_bad_files);
    RUN(test_no_regular_file);
    RUN(test_create);
    RUN(test_profile_for_this_process_only);
    RUN(test_killed_owner_loses_its_socket);
    RUN(test_memory);
    RUN(test_capture);
    RUN(test_capture_follows_segments_and_counts_what_it_missed);
    RUN(test_capture_registration);
    RUN(test_captures_count_in_promiscuity);
    RUN(test_capture_in_memory);
    RUN(test_undo_in_memory);
    return unit_end();
}

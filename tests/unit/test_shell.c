/* The shell in memory, as a replay runs it: what is complete, what is refused, what is printed. The
 * language itself is compared with bash in tests/shell. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/files.h"
#include "cmd/shell/help.h"
#include "cmd/shell/jobs.h"
#include "cmd/shell/shell.h"

/* ---- parsing ---- */

static void test_check(void)
{
    static const struct {
        const char *text;
        int rc;
    } rows[] = {
        {"", 0},
        {"ip link", 0},
        {"ip link\n", 0},
        {"# only a comment", 0},
        {"echo a; echo b &", 0},
        {"if true; then", -EAGAIN},
        {"if true; then echo; fi", 0},
        {"for i in 1 2; do\necho $i", -EAGAIN},
        {"while true\ndo true\ndone\n", 0},
        {"case x in", -EAGAIN},
        {"case x in a) ;; esac", 0},
        {"f() {", -EAGAIN},
        {"f() { :; }", 0},
        {"( echo", -EAGAIN},
        {"echo 'open", -EAGAIN},
        {"echo \"open", -EAGAIN},
        {"echo `open", -EAGAIN},
        {"echo $(open", -EAGAIN},
        {"echo $((1 +", -EAGAIN},
        {"echo ${x", -EAGAIN},
        {"echo \\\n", -EAGAIN},
        {"echo \\", -EAGAIN},
        {"cat <<E", -EAGAIN},
        {"cat <<E\ntext\n", -EAGAIN},
        {"cat <<E\ntext\nE\n", 0},
        {"cat <<E\ntext\nE", 0},
        {"true &&", -EAGAIN},
        {"true |", -EAGAIN},
        {"true && # and\n", -EAGAIN},
        {"fi", -EINVAL},
        {"echo )", -EINVAL},
        {"; echo", -EINVAL},
        {"a && && b", -EINVAL},
        {"echo >", -EINVAL},
        {"for 1 in a; do :; done", -EINVAL},
        {"if true; fi", -EINVAL},
        {"{ }", -EINVAL},
        {"()", -EINVAL},
        {"echo <(ls)", -ENOTSUP},
        {"cat <<< word", -ENOTSUP},
        {"[[ a = b ]]", -ENOTSUP},
        {"((i++))", -ENOTSUP},
        {"a=(1 2)", -ENOTSUP},
        {"echo ${x/a/b}", -ENOTSUP},
        {"echo ${x:1:2}", -ENOTSUP},
        {"echo ${!x}", -ENOTSUP},
        {"echo ${x[0]}", -ENOTSUP},
        {"echo $'a'", -ENOTSUP},
        {"a |& b", -ENOTSUP},
        {"function f { :; }", -ENOTSUP},
        {"time ls", -ENOTSUP},
        {"select x in a; do :; done", -ENOTSUP},
        {"echo \"[[\" '((' \\$\\'", 0},
        {"echo a[[ $x'y'", 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct vnet_err err = {""};
        int rc = shell_check(rows[i].text, &err);
        CHECK_INT(rc, rows[i].rc);
        if (rc != rows[i].rc)
            printf("# %s: %s\n", rows[i].text, err.msg);
        CHECK(rc == 0 || err.msg[0]);
    }
}

static void test_refusals_are_named(void)
{
    struct vnet_err err = {""};
    shell_check("echo <(ls)", &err);
    CHECK_STR(err.msg, "a process substitution, <(...)");
    shell_check("cat <<E\n", &err);
    CHECK_STR(err.msg, "the here-document's end, \"E\", is missing");
    shell_check("echo )", &err);
    CHECK_STR(err.msg, "syntax error near unexpected token `)'");
}

/* Nested so deep that a parser without a limit would run out of stack. */
static void test_depth(void)
{
    static const char *const openings[] = {"( ", "$(", "{ ", "\"$(", "${x:-", "if ", "$((("};
    enum { TIMES = 100000 };
    for (size_t k = 0; k < ARRAY_LEN(openings); k++) {
        struct strbuf text = STRBUF_INIT;
        struct vnet_err err = {""};
        for (int i = 0; i < TIMES; i++)
            strbuf_adds(&text, openings[k]);
        CHECK(shell_check(text.data, &err) < 0);
        strbuf_release(&text);
    }
}

/* ---- running ---- */

static const volatile sig_atomic_t never;

struct machine {
    struct sink screen;
    struct cmd_env env;
    struct shell *shell;
    struct vnet_err err;
};

static void start(struct machine *m, size_t most_output, unsigned long most_commands)
{
    struct vnet *w = vnet_new(vnet_profiles(), 1, 0);
    struct vnet_err err;
    vnet_preset(w, "bare", &err);
    sink_init_mem(&m->screen);
    m->env =
        (struct cmd_env){.out = &m->screen, .err = &m->screen, .netns = "", .interrupted = &never};
    m->env.session = vnet_session_memory(w);
    m->env.files = files_new(NULL, NULL);
    const struct shell_opts opts = {
        .env = &m->env, .name = "bash", .most_output = most_output, .most_commands = most_commands};
    m->shell = shell_new(&opts);
}

static void stop(struct machine *m)
{
    shell_free(m->shell);
    files_free(m->env.files);
    vnet_session_free(m->env.session);
    sink_release(&m->screen);
}

/* Run a line; what it printed. */
static const char *type(struct machine *m, const char *line, int *rc)
{
    strbuf_reset(&m->screen.buf);
    m->err.msg[0] = '\0';
    *rc = shell_run(m->shell, line, &m->err);
    return strbuf_cstr(&m->screen.buf);
}

static void test_lines(void)
{
    static const struct {
        const char *line, *output;
        int rc;
    } rows[] = {
        {"x=5; echo $x", "5\n", 0},
        {"echo $x $?", "5 0\n", 0},
        {"f() { echo f $1; }", "", 0},
        {"f a; false", "f a\n", 1},
        {"echo $?", "1\n", 0},
        {"printf 'b\\na\\n' | sort | head -1", "a\n", 0},
        {"(x=6; echo $x); echo $x", "6\n5\n", 0},
        {"v=$(echo one; echo two); echo \"$v\"", "one\ntwo\n", 0},
        {"echo a | { read y; echo $y; }", "a\n", 0},
        {"echo text > f; cat f; cat < f | wc -l", "text\n1\n", 0},
        {"cat <<E\n$x\nE", "5\n", 0},
        {"for i in 1 2\ndo echo $i\ndone", "1\n2\n", 0},
        {"cat /proc/sys/net/ipv4/ip_forward", "0\n", 0},
        {"echo 1 > /proc/sys/net/ipv4/ip_forward", "", 0},
        {"cat /proc/sys/net/ipv4/ip_forward", "1\n", 0},
        {"echo 0 | sudo tee /proc/sys/net/ipv4/ip_forward", "0\n", 0},
        {"sudo sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'", "", 0},
        {"sysctl -n net.ipv4.ip_forward", "1\n", 0},
        {"echo bad > /proc/sys/net/ipv4/ip_forward", "bash: echo: write error: Invalid argument\n",
         1},
        {"echo net.ipv4.ip_forward=0 > c; sysctl -p c", "net.ipv4.ip_forward = 0\n", 0},
        {"echo 'link set lo mtu 1400' | ip -batch - && ip link show lo | grep -o 'mtu [0-9]*'",
         "mtu 1400\n", 0},
        {"echo link set lo mtu 1500 > b; ip -batch b; ip -o link show lo | grep -c 'mtu 1500'",
         "1\n", 0},
        {"sleep 1000; echo slept", "slept\n", 0},
        {"su -", "", 0},
        {"exit", "", 0},
        {"exit", "", 0},
        {"echo still here", "still here\n", 0},
        {"/sbin/ip -o link show lo | wc -l", "1\n", 0},
        {"echo )", "bash: syntax error near unexpected token `)'\n", 2},
        {"cat none", "cat: none: No such file or directory\n", 1},
        {"cat < none", "bash: none: No such file or directory\n", 1},
        {"frobnicate", "bash: frobnicate: command not found\n", -ENOENT},
        {"echo $?", "127\n", 0},
        {"ping -c 1 127.0.0.1 >p & wait; grep -c ttl= p", "1\n", 0},
        {"cat <(ls)", NULL, -ENOTSUP},
        {"read -t 5 x", NULL, -ENOTSUP},
        {"echo $((1/0))", NULL, 1},
    };
    struct machine m;
    start(&m, 1 << 20, 10000);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int rc;
        const char *output = type(&m, rows[i].line, &rc);
        if (rows[i].output)
            CHECK_STR(output, rows[i].output);
        CHECK_INT(rc, rows[i].rc);
        if (rc != rows[i].rc)
            printf("# %s: %s\n", rows[i].line, output);
    }
    stop(&m);
}

/* Streams that meet again keep their order where a terminal would. */
static void test_streams(void)
{
    struct machine m;
    int rc;
    start(&m, 0, 0);
    CHECK_STR(type(&m, "{ echo out; echo err >&2; } 2>&1 | cat", &rc), "out\nerr\n");
    CHECK_STR(type(&m, "nosuch 2>/dev/null; echo $?", &rc), "127\n");
    CHECK_STR(type(&m, "{ nosuch; echo x; } > f 2>&1; cat f", &rc),
              "bash: nosuch: command not found\nx\n");
    CHECK_STR(type(&m, "exec > g; echo hidden; exec > /dev/stderr; cat g", &rc), "hidden\n");
    stop(&m);
}

/* Aliases as dash has them; bash without -i and --posix has none. */
static void test_aliases(void)
{
    static const struct {
        const char *line, *output;
    } rows[] = {
        {"alias ll='echo ll' e='echo ' a=e", ""},
        {"ll x; e ll y; a ll", "ll x\necho ll y\necho ll\n"},
        {"alias ip='ip -br'\nip link show lo | wc -l", "1\n"},
        {"alias q='if true; then echo yes'\nq; fi", "yes\n"},
        {"alias two='echo 1; echo 2'\ntwo; two | wc -l; for i in 1; do two; done; echo $(two)",
         "1\n2\n1\n1\n1\n2\n1 2\n"},
        {"echo two; \\two", "two\nbash: two: command not found\n"},
        {"alias n=m m=n\nn", "bash: n: command not found\n"},
        {"unalias ll; ll", "ll\n"}, /* what is on one line was read before */
        {"alias e; unalias -a; alias", "alias e='echo '\n"},
        {"alias x; unalias x", "bash: alias: x: not found\nbash: unalias: x: not found\n"},
        {"shopt -s extglob", "vnet: shopt is not supported\n"},
        {"trap '' INT", "vnet: trap '': to ignore a signal is not supported\n"},
        {"trap 'echo x' USR1", "vnet: trap: USR1 is not supported: EXIT, HUP, INT and TERM are\n"},
        {"trap 'echo bye' EXIT; exit", "bye\n"},
    };
    struct machine m;
    start(&m, 1 << 20, 10000);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        CHECK_STR(type(&m, rows[i].line, &(int){0}), rows[i].output);
    stop(&m);
}

/* Text by aliases has an end. */
static void test_alias_limit(void)
{
    struct machine m;
    struct strbuf line = STRBUF_INIT;
    start(&m, 1 << 20, 10000);
    for (char c = 'a'; c < 'q'; c++)
        strbuf_addf(&line, "alias %c=': ;%c;%c;%c;%c;%c;%c'\n", c, c + 1, c + 1, c + 1, c + 1,
                    c + 1, c + 1);
    type(&m, line.data, &(int){0});
    CHECK_STR(type(&m, "a", &(int){0}),
              "vnet: a command with more than 500 aliases in it is not supported\n");
    strbuf_release(&line);
    stop(&m);
}

/* Commands in the background go on while others let time pass, always in the same order. */
static void test_background(void)
{
    static const struct {
        const char *line, *output;
        int rc;
    } rows[] = {
        {"(sleep 2; echo 2) & (sleep 1; echo 1) & echo 0; wait", "0\n1\n2\n", 0},
        {"sleep 5 & wait $!; echo $?", "0\n", 0},
        {"sleep 5 & kill $!; wait $!; echo $?", "143\n", 0},
        {"sleep 5 & kill -STOP %1", "vnet: stopping a command is not supported here\n", -ENOTSUP},
        {"kill -9 %1; wait %1; echo $?; jobs", "137\n", 0},
        {"sleep 9 & sleep 1; jobs; fg; jobs", "[1]+  Running                 sleep 9 &\nsleep 9\n",
         0},
        {"false & wait $!; echo $?", "1\n", 0},
        {"kill 1; kill 99999",
         "bash: kill: (1) - No such process\nbash: kill: (99999) - No such process\n", 1},
        {"frobnicate & wait", "bash: frobnicate: command not found\n", -ENOENT},
        {"x=1; (sleep 1; x=2; echo $x) & wait; echo $x", "2\n1\n", 0},
        {"tcpdump -i lo -n -t -q icmp 2>e | grep -c ICMP >n & ping -c 1 127.0.0.1 >p; kill %1; "
         "wait; cat n",
         "2\n", 0},
        {"tcpdump -i lo -n -t -c 1 icmp 2>e >n & ping -c 1 127.0.0.1 >p; wait; grep -c request n",
         "1\n", 0},
        {"timeout 3 tcpdump -i lo >o 2>n & wait; tail -n 1 n", "0 packets dropped by kernel\n", 0},
        {"while :; do sleep 1; echo .; done >d & sleep 3.5; kill %1; wait; wc -l <d", "3\n", 0},
        {"ping -c 9 127.0.0.1 >p & sleep 2.5; kill -INT %1; wait; grep -o '[0-9]* received' p",
         "3 received\n", 0},
    };
    struct machine m;
    start(&m, 1 << 20, 10000);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int rc;
        const char *output = type(&m, rows[i].line, &rc);
        CHECK_STR(output, rows[i].output);
        CHECK_INT(rc, rows[i].rc);
    }
    type(&m, "sleep 100 & ping 127.0.0.1 & tcpdump -i lo & (sleep 7 & sleep 8) &", &(int){0});
    stop(&m); /* ends them */
}

/* What never ends is ended. */
static void test_limits(void)
{
    static const char *const endless[] = {
        "while true; do :; done",
        "while true; do echo line; done",
        "f() { f; }; f",
        "f() { f | f; }; f",
        "f() { (f); }; f",
        "f() { f & f & }; f",
        "while true; do true & done",
        "while true; do sleep 1 & done",
        "x=a; while true; do x=$x$x; done",
        "seq 1 99999999999 | tail -1",
        "until false; do echo $(echo x); done",
        "eval 'while :; do eval :; done'",
    };
    for (size_t i = 0; i < ARRAY_LEN(endless); i++) {
        struct machine m;
        int rc;
        start(&m, 1 << 16, 2000);
        type(&m, endless[i], &rc);
        CHECK(m.screen.buf.len <= 1 << 16);
        type(&m, "echo alive", &rc);
        CHECK_INT(rc, 0);
        stop(&m);
    }
}

/* The host's files are neither read nor written. */
static void test_host_files(void)
{
    struct machine m;
    int rc;
    FILE *f;
    start(&m, 0, 0);
    CHECK_STR(type(&m, "cat /etc/passwd", &rc), "cat: /etc/passwd: No such file or directory\n");
    type(&m, "echo x > /tmp/vnet-test-shell-must-not-exist", &rc);
    CHECK_INT(rc, 0);
    f = fopen("/tmp/vnet-test-shell-must-not-exist", "r");
    CHECK(f == NULL);
    if (f)
        fclose(f);
    CHECK_STR(type(&m, "cat /tmp/../tmp/./vnet-test-shell-must-not-exist", &rc), "x\n");
    CHECK_STR(type(&m, "echo ../../../../etc/*", &rc), "../../../../etc/*\n");
    CHECK_STR(type(&m, "ip -batch /etc/passwd", &rc),
              "Cannot open file \"/etc/passwd\" for reading: No such file or directory\n");
    CHECK_STR(type(&m, "cat /proc/self/environ /dev/mem", &rc),
              "cat: /proc/self/environ: No such file or directory\n"
              "cat: /dev/mem: No such file or directory\n");
    stop(&m);
}

/* ---- jobs ---- */

static void test_jobs(void)
{
    struct jobs jobs = {0};
    struct job *a = jobs_add(&jobs, "sleep 1"), *b = jobs_add(&jobs, "ping x");
    job_add_process(a, 11);
    job_add_process(b, 12);
    job_add_process(b, 13);
    a->background = b->background = true;
    jobs_make_current(&jobs, a);
    jobs_make_current(&jobs, b);
    CHECK(jobs_find(&jobs, "%%") == b && jobs_find(&jobs, "%-") == a &&
          jobs_find(&jobs, "%1") == a);
    CHECK(jobs_find(&jobs, "%sl") == a && jobs_find(&jobs, "%?ng") == b && !jobs_find(&jobs, "%9"));
    CHECK(jobs_find_pid(&jobs, 13) == b && !jobs_find_pid(&jobs, 14));
    jobs_note(&jobs, 12, 0);
    CHECK(job_state(b) == JOB_RUNNING);
    jobs_note(&jobs, 13, 3 << 8); /* as wait() has an exit status */
    CHECK(job_state(b) == JOB_DONE);
    CHECK_INT(job_status(b, false), 3);
    char *line = job_line(&jobs, b, false);
    CHECK_STR(line, "[2]+  Exit 3                  ping x");
    free(line);
    jobs_remove(&jobs, b);
    line = job_line(&jobs, a, false);
    CHECK_STR(line, "[1]+  Running                 sleep 1 &");
    free(line);
    jobs_release(&jobs);
}

static bool is_literal(const char *text)
{
    return help_is_literal(text, strlen(text));
}

static void test_questions(void)
{
    static const char *const literal[] = {
        "echo \\",    "echo $", "echo 'a ",     "echo \"a ",   "echo ${x:",
        "echo $((a ", "ls # ",  "cat <<E\na\n", "echo \"${x}", "echo \"'",
    };
    static const char *const questions[] = {
        "",           "ip link ", "echo 'a' ",    "echo \"'\" ", "echo ${x} ", "echo $((1 + 1)) ",
        "echo a\\\\", "# a\n",    "ip \\\nlink ", "echo a#",     "cat <<E",    "echo $x ",
    };
    for (size_t i = 0; i < ARRAY_LEN(literal); i++)
        CHECK(is_literal(literal[i]));
    for (size_t i = 0; i < ARRAY_LEN(questions); i++)
        CHECK(!is_literal(questions[i]));
    CHECK(help_is_asked("ip link ?\n") && help_is_asked("?") && help_is_asked("ping ? \n"));
    CHECK(!help_is_asked("ls a?") && !help_is_asked("echo \\?") && !help_is_asked("echo ' ?"));
    CHECK(!help_is_asked("") && !help_is_asked("\n") && !help_is_asked("echo '?'"));
}

int main(void)
{
    RUN(test_check);
    RUN(test_refusals_are_named);
    RUN(test_depth);
    RUN(test_lines);
    RUN(test_streams);
    RUN(test_aliases);
    RUN(test_alias_limit);
    RUN(test_background);
    RUN(test_limits);
    RUN(test_host_files);
    RUN(test_jobs);
    RUN(test_questions);
    return unit_end();
}

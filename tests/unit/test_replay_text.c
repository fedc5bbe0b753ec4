/* Telling commands, prompts, prose and markup apart; elisions and other versions' wording. */
#include <stdlib.h>

#include "cmd/replay/markup.h"
#include "cmd/replay/prompt.h"
#include "cmd/replay/prose.h"
#include "cmd/replay/recognise.h"
#include "cmd/replay/transcript.h"
#include "cmd/replay/unify.h"
#include "tests/unit/unit.h"

/* ---- commands ---- */

static void test_commands(void)
{
    static const char *const yes[] = {
        "ip link",
        "sudo ip a",
        "  ip -4 addr show",
        "sudo -u bob ping -c1 a",
        "route -n",
        "X=1",
        "A=b ip link",
        "for i in 1 2; do ip link; done",
        "echo 1 > /proc/sys/net/ipv4/ip_forward",
        "sysctl -w a=1",
        "modprobe veth",
    };
    static const char *const no[] = {
        "ip utility, iproute2-6.1.0",
        "ping: unknown host x",
        "ping",
        "route is what we need, and it is there",
        "for example, we do this",
        "tcpdump: verbose output suppressed",
        "1: lo: <LOOPBACK>",
        "ip \xe5\x91\xbd\xe4\xbb\xa4",
        "PING 1.1.1.1",
        "",
    };
    for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
        CHECK(recognise_command(yes[i]));
    for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
        CHECK(!recognise_command(no[i]));
}

static void test_calls(void)
{
    CHECK_STR(recognise_call("sudo timeout 5 tcpdump -i a", "tcpdump"), "tcpdump -i a");
    CHECK_STR(recognise_call("ip netns exec a ping b", "ping"), "ping b");
    CHECK_STR(recognise_call("for i in 1; do ping a; done", "ping"), "ping a; done");
    CHECK(!recognise_call("echo ping a", "ping"));
    CHECK(!recognise_call("echo 'a; ping b'", "ping"));
    CHECK_STR(recognise_traffic("true && arping x"), "arping x");
}

static void test_incomplete(void)
{
    static const char *const yes[] = {"ip link \\", "echo 'a", "for i in 1; do", "cat <<E\nline",
                                      "ip a |",     "a &&",    "if true; then",  "f() {"};
    static const char *const no[] = {"ip link",          "echo 'a'",   "for i in 1; do a; done",
                                     "cat <<E\nline\nE", "echo done",  "a \\\\",
                                     "cat <<'E'\nx\nE",  "f() { a; }", "echo for if"};
    for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
        CHECK(recognise_incomplete(yes[i]));
    for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
        CHECK(!recognise_incomplete(no[i]));
}

static void test_not_to_run(void)
{
    size_t len;
    CHECK(recognise_placeholder("ping <the IP>", &len) != NULL);
    CHECK_INT(len, 8);
    CHECK(!recognise_placeholder("cat < file > out", &len));
    CHECK(!recognise_placeholder("cat <<EOF > x", &len));
    CHECK(recognise_synopsis("ip link add DEVICE type { veth | vxcan } [ peer name NAME ]"));
    CHECK(!recognise_synopsis("f() { ip link; }"));
    CHECK(!recognise_synopsis("ip link"));
}

/* ---- prompts ---- */

static void check_prompt(const char *line, const char *command)
{
    struct prompts p = {0};
    prompts_see(&p, line);
    prompts_settle(&p);
    const char *got = prompts_find(&p, line);
    CHECK_STR(got ? got : "(none)", command);
}

static void test_prompt_shapes(void)
{
    check_prompt("[root@host ~]# ip a", "ip a");
    check_prompt("[root@host ~]#ip a", "ip a");
    check_prompt("[me@host dir]$", "");
    check_prompt("me@host:~/x$ ip a", "ip a");
    check_prompt("me@host ~ $ ip a", "ip a");
    check_prompt("(venv) me@host:~$ ip a", "ip a");
    check_prompt("bash-5.1# ip a", "ip a");
    check_prompt("/ # ip a", "ip a");
    check_prompt("~$ ip a", "ip a");
    check_prompt("\xe2\x9e\x9c  ~ ip a", "ip a");
    check_prompt("\xe2\x9d\xaf ip a", "ip a");
    check_prompt("$ anything at all", "anything at all");
    check_prompt("# ip a", "ip a");
    check_prompt("# Make the pair", "(none)");
    check_prompt("host# ip a", "ip a");
    check_prompt("> ip a", "ip a");
    check_prompt("> quoted words", "(none)");
    check_prompt("7: veth1@veth0: <UP>", "(none)");
    check_prompt("    inet 1.2.3.4/8 scope host lo", "(none)");
}

/* ---- prose ---- */

static void test_prose(void)
{
    CHECK_INT(prose_line("################", false), PROSE_YES);
    CHECK_INT(prose_line("+-------+", false), PROSE_YES);
    CHECK_INT(prose_line("| eth0  |", false), PROSE_YES);
    CHECK_INT(prose_line("- a point", false), PROSE_YES);
    CHECK_INT(prose_line("\xe6\x88\x91", false), PROSE_YES);
    CHECK_INT(prose_line("Now we see that the route is there.", false), PROSE_MAYBE);
    CHECK_INT(prose_line("Window two asks:", false), PROSE_MAYBE);
    CHECK_INT(prose_line("1.2.3.4 dev veth0 src 1.2.3.5 uid 0", false), PROSE_NO);
    CHECK_INT(prose_line("Cannot find device \"a\"", false), PROSE_NO);
    CHECK_INT(prose_line("PING 1.1.1.1 (1.1.1.1) 56(84) bytes of data.", true), PROSE_NO);
    CHECK_INT(prose_line("RTNETLINK answers: File exists", false), PROSE_NO);
    CHECK_INT(prose_line("ping: Do you want to ping broadcast?", false), PROSE_NO);
    CHECK_INT(prose_line("--- 1.1.1.1 ping statistics ---", true), PROSE_NO);
    CHECK(prose_elision(" ... ") && prose_elision("\xe2\x80\xa6") && !prose_elision("..x"));
}

/* ---- markup ---- */

static struct transcript parse(const char *text)
{
    struct transcript t;
    struct vnet_err err = {""};
    CHECK_INT(transcript_parse(text, strlen(text), &t, &err), 0);
    return t;
}

static void test_markdown(void)
{
    struct transcript t = parse("ip link is prose here\n\n  ```sh\n  ip link\n  ```\n\nOutput:\n\n"
                                "  ```\n  1: lo\n      x\n  ```\n```yaml\nip link\n```\n"
                                "<!-- vnet wait 3 -->\n~~~\n$ ip addr\n2: a\n~~~\n");
    CHECK_INT(t.n, 3);
    CHECK_STR(t.steps[0].command, "ip link");
    CHECK_INT(t.steps[0].nexpected, 2);
    CHECK_STR(t.steps[0].expected[1].text, "    x");
    CHECK_INT(t.steps[0].indent, 2);
    CHECK_INT(t.steps[1].kind, STEP_DIRECTIVE);
    CHECK_STR(t.steps[1].command, "wait 3");
    CHECK_STR(t.steps[2].command, "ip addr");
    CHECK_INT(t.steps[2].nexpected, 1);
    transcript_release(&t);
}

static void test_rst(void)
{
    struct transcript t =
        parse("Text::\n\n   $ ip link\n   1: lo\n\nMore.\n\n"
              ".. code-block:: console\n   :linenos:\n\n   $ ip addr\n\n   2: a\n\nEnd\n");
    CHECK_INT(t.n, 2);
    CHECK_INT(t.steps[0].nexpected, 1);
    CHECK_STR(t.steps[1].command, "ip addr");
    CHECK_INT(t.steps[1].nexpected, 2);
    transcript_release(&t);
}

static void test_no_prompts(void)
{
    struct transcript t =
        parse("How to:\nip link add a type veth\nip route\n1.0.0.0/8 dev a\n\nThe end\n");
    CHECK_INT(t.n, 2);
    CHECK(t.steps[0].not_shown && !t.steps[1].not_shown);
    CHECK_STR(t.steps[1].expected[0].text, "1.0.0.0/8 dev a");
    transcript_release(&t);
}

static void test_two_terminals(void)
{
    static const char *const packet = "10:00:00.000001 ARP, Request";
    struct transcript t =
        parse("# tcpdump -i a &\n[1] 77\nlistening on a\n# ping -c1 b\n"
              "10:00:00.000001 ARP, Request\nPING b\n# kill %1\n1 packet captured\n"
              "[1]+  Done  tcpdump -i a\n# ip link\n");
    CHECK_INT(t.n, 4);
    CHECK(t.steps[0].background);
    CHECK_STR(t.steps[0].command, "tcpdump -i a ");
    CHECK_INT(t.steps[0].traffic, 1);
    CHECK_INT(t.steps[0].nexpected, 3);
    CHECK_STR(t.steps[0].expected[1].text, packet);
    CHECK_INT(t.steps[1].nexpected, 1);
    CHECK_INT(t.steps[2].kind, STEP_CLOSING);
    transcript_release(&t);
}

static void test_forgotten_namespace(void)
{
    struct transcript t =
        parse("# ip netns add red\n# ip link set v1 netns red\n"
              "# ip netns exec red ip link set v1 up\n# ip addr add 1.1.1.1/8 dev v1\n"
              "Cannot find device \"v1\"\n# ip link show v0\nx\n");
    CHECK_INT(t.n, 5);
    CHECK(!t.steps[1].note && !t.steps[2].note && !t.steps[4].note);
    CHECK(t.steps[3].note &&
          strstr(t.steps[3].note, "v1 was moved to network namespace red in line 2"));
    transcript_release(&t);
}

static void test_escapes(void)
{
    struct transcript t =
        parse("\033[1;32mme@h\033[0m:~$ \033]0;title\aip link\n\033[31m1: lo\033[0m\n");
    CHECK_INT(t.n, 1);
    CHECK_STR(t.steps[0].command, "ip link");
    CHECK_STR(t.steps[0].expected[0].text, "1: lo");
    transcript_release(&t);
}

/* ---- comparing ---- */

static enum unify_verdict compare(const char *const *e, size_t ne, const char *const *a, size_t na)
{
    const struct unify_opts opts = {.ifindex_bound = true, .elisions = true};
    struct unify *u = unify_new(&opts);
    struct unify_text expected = {e, ne}, actual = {a, na};
    enum unify_verdict v = unify_block(u, &expected, &actual, false, NULL);
    unify_free(u);
    return v;
}

static void test_elisions(void)
{
    static const char *const all[] = {"a", "b", "c", "d"};
    CHECK_INT(compare((const char *const[]){"a", "...", "d"}, 3, all, 4), UNIFY_VOLATILE);
    CHECK_INT(compare((const char *const[]){"...", "c", "..."}, 3, all, 4), UNIFY_VOLATILE);
    CHECK_INT(compare((const char *const[]){"a", "...", "x"}, 3, all, 4), UNIFY_DIFFERENT);
    CHECK_INT(compare((const char *const[]){"b", "..."}, 2, all, 4), UNIFY_DIFFERENT);
    CHECK_INT(
        compare((const char *const[]){"in ... out"}, 1, (const char *const[]){"in and out"}, 1),
        UNIFY_VOLATILE);
    CHECK_INT(
        compare((const char *const[]){"in ... out"}, 1, (const char *const[]){"in and off"}, 1),
        UNIFY_DIFFERENT);
}

static enum unify_verdict line(const char *e, const char *a)
{
    return compare(&e, 1, &a, 1);
}

static void test_wording(void)
{
    CHECK_INT(line("3: a@if4: <UP> link-netnsid 0", "3: a@if4: <UP> link-netns red"),
              UNIFY_COSMETIC);
    CHECK_INT(line("RTNETLINK answers: File exists", "Error: ipv4: Address already assigned."),
              UNIFY_COSMETIC);
    CHECK_INT(line("RTNETLINK answers: File exists", "Error: Nexthop has invalid gateway."),
              UNIFY_DIFFERENT);
    CHECK_INT(line("-bash: x: command not found", "bash: line 1: x: command not found"),
              UNIFY_COSMETIC);
    CHECK_INT(line("connect: Network is unreachable", "ping: connect: Network is unreachable"),
              UNIFY_COSMETIC);
    CHECK_INT(line("2: eth0: <UP> mtu 1500 qlen 1000", "2: eth0: <UP> mtu 1500"), UNIFY_DIFFERENT);
    CHECK_INT(line("100:\tfrom all lookup 7", "101:\tfrom all lookup 7"), UNIFY_DIFFERENT);
    CHECK_INT(compare((const char *const[]){"inet 1.1.1.1/8"}, 1,
                      (const char *const[]){"inet 1.1.1.1/8",
                                            "   valid_lft forever preferred_lft forever"},
                      2),
              UNIFY_COSMETIC);
}

int main(void)
{
    RUN(test_commands);
    RUN(test_calls);
    RUN(test_incomplete);
    RUN(test_not_to_run);
    RUN(test_prompt_shapes);
    RUN(test_prose);
    RUN(test_markdown);
    RUN(test_rst);
    RUN(test_no_prompts);
    RUN(test_two_terminals);
    RUN(test_forgotten_namespace);
    RUN(test_escapes);
    RUN(test_elisions);
    RUN(test_wording);
    return unit_end();
}

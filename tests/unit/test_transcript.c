/* Transcripts cut into steps, captures paired with their traffic, lines cut into words. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "cmd/replay/transcript.h"

static struct transcript parse(const char *text)
{
    struct transcript t;
    struct vnet_err err;
    CHECK_INT(transcript_parse(text, strlen(text), &t, &err), 0);
    return t;
}

static void test_prompts(void)
{
    struct transcript t = parse("[root@host ~]# ip link\r\n1: lo\n  x\n[root@host ~]#\n# prose\nmore\n"
                                "user@host:~/dir$ sudo ping -c1 a\n^C\nout\n[exit 1]\n$ echo\n");
    CHECK_INT(t.n, 3);
    CHECK_STR(t.steps[0].command, "ip link");
    CHECK_INT(t.steps[0].nexpected, 2);
    CHECK_STR(t.steps[0].expected[0].text, "1: lo");
    CHECK_INT(t.steps[0].exit_status, -1);
    CHECK_STR(t.steps[1].command, "sudo ping -c1 a");
    CHECK_INT(t.steps[1].kind, STEP_TRAFFIC);
    CHECK_INT(t.steps[1].nexpected, 2); /* ^C ends its own line */
    CHECK_INT(t.steps[1].exit_status, 1);
    CHECK_INT(t.steps[1].line_no, 7);
    transcript_release(&t);
}

static void test_hash_is_a_prompt_only_alone(void)
{
    struct transcript t = parse("# ip link\nout\n# ip addr\n");
    CHECK_INT(t.n, 2);
    transcript_release(&t);
    t = parse("$ ip link\nout\n# a comment\nnot out\n");
    CHECK_INT(t.n, 1);
    CHECK_INT(t.steps[0].nexpected, 1);
    transcript_release(&t);
}

static void test_pairing(void)
{
    struct transcript t = parse("$ tcpdump -i a\n$ ping 1\n$ tcpdump -i b\n$ tcpdump -i c\n$ ip link\n"
                                "$ tcpdump -i d\n$ tcpdump -r f\n#vnet wait 3\n");
    const size_t want[] = {1, SIZE_MAX, 1, 1, SIZE_MAX, 1, SIZE_MAX, SIZE_MAX};
    CHECK_INT(t.n, 8);
    for (size_t i = 0; i < t.n; i++)
        CHECK_INT(t.steps[i].traffic, want[i]);
    CHECK_INT(t.steps[6].kind, STEP_COMMAND);
    CHECK_INT(t.steps[7].kind, STEP_DIRECTIVE);
    CHECK_STR(t.steps[7].command, "wait 3");
    transcript_release(&t);
}

static void test_unusable(void)
{
    struct transcript t;
    struct vnet_err err = {""};
    CHECK_INT(transcript_parse("no prompt\n", 10, &t, &err), -EINVAL);
    CHECK(strstr(err.msg, "no commands found") != NULL);
    transcript_release(&t);
    CHECK_INT(transcript_parse("$ a\0b\n", 6, &t, &err), -EINVAL);
    transcript_release(&t);
}

int main(void)
{
    RUN(test_prompts);
    RUN(test_hash_is_a_prompt_only_alone);
    RUN(test_pairing);
    RUN(test_unusable);
    return unit_end();
}

/* Transcripts cut into steps, captures paired with their traffic, lines cut into words. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "cmd/import/listing.h"
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

static void test_listing_commands(void)
{
    CHECK(listing_command("ip addr"));
    CHECK(listing_command("sudo ip link show"));
    CHECK(listing_command("route -n"));
    CHECK(listing_command("ip a s"));
    CHECK(!listing_command("ip addr add 1.1.1.1/8 dev lo"));
    CHECK(!listing_command("ip addr show veth0"));
    CHECK(!listing_command("ip route get 1.1.1.1"));
    CHECK(!listing_command("ping 1.1.1.1"));
}

static void test_listing(void)
{
    static const char *const text[] = {
        "2: ens192: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc mq state UP qlen 1000",
        "link/ether 00:50:56:9b:35:0e brd ff:ff:ff:ff:ff:ff",
        "inet 10.0.8.10/24 brd 10.0.8.255 scope global ens192",
        "valid_lft forever preferred_lft forever",
        "inet6 fe80::1/64 scope link tentative dadfailed",
    };
    static const char *const routes[] = {
        "Kernel IP routing table",
        "Destination Gateway Genmask Flags Metric Ref Use Iface",
        "0.0.0.0 10.0.1.1 0.0.0.0 UG 100 0 0 ens192",
    };
    struct listing l = {0};
    listing_read(&l, (char *const *)(uintptr_t)text, 5);
    listing_read(&l, (char *const *)(uintptr_t)text, 5); /* listed twice: the same */
    listing_read(&l, (char *const *)(uintptr_t)routes, 3);
    CHECK_INT(l.nlinks, 1);
    CHECK_INT(l.links[0].mtu, 1400);
    CHECK(l.links[0].up && !l.links[0].loopback);
    CHECK_INT(l.naddrs, 2);
    CHECK_INT(l.addrs[0].prefixlen, 24);
    CHECK_INT(l.addrs[1].flags, VNET_IFA_F_TENTATIVE | VNET_IFA_F_DADFAILED);
    CHECK_INT(l.nroutes, 1);
    CHECK_INT(l.routes[0].info.priority, 100);
    CHECK_STR(l.routes[0].dev, "ens192");
    listing_release(&l);
}

int main(void)
{
    RUN(test_prompts);
    RUN(test_hash_is_a_prompt_only_alone);
    RUN(test_pairing);
    RUN(test_unusable);
    RUN(test_listing_commands);
    RUN(test_listing);
    return unit_end();
}

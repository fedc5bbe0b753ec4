/* What listings say, and the world that they make. */
#include "tests/unit/unit.h"

#include <stdint.h>
#include <stdlib.h>

#include "cmd/import/listing.h"
#include "cmd/import/world_ip.h"

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
    CHECK(l.links[0].flags & VNET_IFF_UP);
    CHECK_INT(l.naddrs, 2);
    CHECK_INT(l.addrs[0].info.prefixlen, 24);
    CHECK_INT(l.addrs[1].info.flags, VNET_IFA_F_TENTATIVE | VNET_IFA_F_DADFAILED);
    CHECK_INT(l.routes.n, 1);
    CHECK_STR(l.routes.v[0].text, "default via 10.0.1.1 dev ens192 metric 100");
    CHECK(l.routes.v[0].rough);
    listing_release(&l);
}

/* The listing of a text, with the number of its notes. */
static struct listing read_text(const char *text)
{
    struct listing l = {0};
    listing_read_text(&l, text, strlen(text), 1);
    return l;
}

static void test_prompts_and_commands(void)
{
    static const char *const prompts[] = {"$ ", "# ", "[root@h ~]# ", "u@h:~/x$ sudo ", "", "% /sbin/",
                                          "root@box:/# "};
    for (size_t i = 0; i < sizeof(prompts) / sizeof(prompts[0]); i++) {
        char text[256];
        snprintf(text, sizeof(text),
                 "%sip -6 route\r\ndefault dev e0 metric 7\r\n%sping ::1\r\nPING\r\n"
                 "%sip route list table 9 dev e0\ndefault\n",
                 prompts[i], prompts[i], prompts[i]);
        struct listing l = read_text(text);
        CHECK_INT(l.routes.n, 2);
        CHECK_INT(l.nnotes, 1); /* of ping, once */
        CHECK_INT(l.notes[0].line, 3);
        if (l.routes.n == 2) {
            CHECK_STR(l.routes.v[0].text, "default dev e0 metric 7");
            CHECK_INT(l.routes.v[0].family, VNET_AF_INET6);
            CHECK_STR(l.routes.v[1].text, "default dev e0 table 9");
            CHECK_INT(l.routes.v[1].family, VNET_AF_INET);
        }
        CHECK(l.shows_routes6 && !l.shows_routes4);
        listing_release(&l);
    }
}

static void check_route(const char *text, const char *words)
{
    struct listing l = read_text(text);
    CHECK_INT(l.routes.n, 1);
    CHECK_INT(l.nnotes, 0);
    if (l.routes.n)
        CHECK_STR(l.routes.v[0].text, words);
    listing_release(&l);
}

static void test_routes_in_one_form(void)
{
    check_route("10.0.0.0/8  proto static  scope link  dev e0 linkdown", "10.0.0.0/8 proto static scope link dev e0");
    check_route("unicast default via 10.0.0.1 dev e0 table main proto boot scope global",
                "default via 10.0.0.1 dev e0");
    check_route("10.1.0.0/16\n\tnexthop via 1.1.1.1 dev e0 weight 1 dead\nnexthop dev e1 weight 2",
                "10.1.0.0/16 nexthop via 1.1.1.1 dev e0 weight 1 nexthop dev e1 weight 2");
    check_route("[{\"dst\":\"fe80::/64\",\"dev\":\"e0\",\"metric\":256,\"flags\":[],"
                "\"expires\":7,\"metrics\":[{\"mtu\":1400}],\"pref\":\"medium\"}]",
                "fe80::/64 dev e0 metric 256 expires 7 mtu 1400");
    check_route("::/0 via fe80::1 dev e0 proto ra metric 100 expires 30sec error -101 pref high",
                "::/0 via fe80::1 dev e0 proto ra metric 100 expires 30 pref high");
    check_route("0.0.0.0 10.0.0.1 0.0.0.0 UG 0 0 0 e0", "default via 10.0.0.1 dev e0");
}

static void test_lines_of_json(void)
{
    struct listing l = read_text("[ {\n\"ifindex\": 3, \"ifname\": \"e 0\"\n},{\n\"x\": 1 }]\n"
                                 "[{\"ifindex\":4,\"ifname\":\"e0\",\"flags\":[\"UP\"],\"mtu\":9}]\nwhat\n");
    CHECK_INT(l.nlinks, 1);
    CHECK_INT(l.links[0].mtu, 9);
    CHECK_INT(l.nnotes, 3);
    if (l.nnotes == 3) {
        CHECK_INT(l.notes[1].line, 3);
        CHECK_INT(l.notes[2].line, 6);
        CHECK_STR(l.notes[2].text, "not understood: what");
    }
    listing_release(&l);
}

static void test_notes_are_bounded(void)
{
    struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < 3000; i++)
        strbuf_addf(&text, "\033]0;x%d\n", i);
    struct listing l = read_text(text.data);
    CHECK_INT(l.nnotes, LISTING_NOTES);
    CHECK_INT(l.more_notes, 2000);
    CHECK_STR(l.notes[0].text, "not understood: ?]0;x0");
    listing_release(&l);
    strbuf_release(&text);
}

/* What `ip COMMAND` prints in a world made from text. */
static char *world_of(const char *text, const char *command, size_t *notes)
{
    struct vnet *w = vnet_new(vnet_profile_find("linux6.18"), 1, 0);
    struct strbuf out = STRBUF_INIT;
    struct listing l = read_text(text);
    struct vnet_err err = {""};
    CHECK_INT(listing_apply(&l, w, &err), 0);
    CHECK(world_ip(w, vnet_init_ns(w), VNET_AF_UNSPEC, command, &out, &err));
    for (size_t i = 0; i < l.nnotes && l.nnotes != *notes; i++)
        printf("# note %zu: %s\n", l.notes[i].line, l.notes[i].text);
    CHECK_INT(l.nnotes, *notes);
    listing_release(&l);
    vnet_free(w);
    return strbuf_detach(&out);
}

static void check_world(const char *text, const char *command, size_t notes, const char *want)
{
    char *got = world_of(text, command, &notes);
    CHECK_STR(got, want);
    free(got);
}

static void test_kinds(void)
{
    static const char pair[] =
        "5: a@b: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state UP qlen 1000\n"
        "link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n"
        "9: b@a: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state UP qlen 1000\n"
        "link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff\n";
    check_world(pair, "link show dev a", 0,
                "5: a@b: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT "
                "group default qlen 1000\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n");
    /* a VLAN: Ethernet, so a network card in its place */
    check_world("3: e.7@e: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT qlen 1000\n"
                "link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\nvlan protocol 802.1Q id 7\n",
                "link show dev e.7", 1,
                "3: e.7: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default "
                "qlen 1000\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n");
    /* a tunnel: left out, and its address and route with it */
    check_world("3: t: <POINTOPOINT,NOARP,UP> mtu 1500 qdisc fq_codel state UNKNOWN qlen 500\nlink/none\n"
                "inet 10.0.0.1/24 scope global t\n192.168.9.0/24 dev t scope link\n",
                "route show", 3, "");
}

static void test_unplugged_card(void)
{
    static const char text[] =
        "2: e0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 9000 qdisc mq state DOWN mode DEFAULT qlen 1000\n"
        "link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\naltname enp0s3\n";
    check_world(text, "link show dev enp0s3", 0,
                "2: e0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 9000 qdisc mq state DOWN mode DEFAULT group "
                "default qlen 1000\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n    altname "
                "enp0s3\n");
}

static void test_routes_tell_addresses(void)
{
    check_world("default via 10.0.0.1 dev e0\n10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.9\n",
                "route show", 1,
                "default via 10.0.0.1 dev e0 \n10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.9 \n");
}

static void test_settings(void)
{
    static const char text[] = "net.ipv4.ip_forward = 1\nkernel.pid_max = 1\nkernel.x = 2\n"
                               "net.ipv4.ip_default_ttl = many\nnet.ipv6.conf.lo.disable_ipv6 = 1\n";
    check_world(text, &"-6 addr"[3], 2, /* kernel: one note; many */
                "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen "
                "1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n    inet 127.0.0.1/8 scope "
                "host lo\n       valid_lft forever preferred_lft forever\n");
}

int main(void)
{
    RUN(test_listing_commands);
    RUN(test_listing);
    RUN(test_prompts_and_commands);
    RUN(test_routes_in_one_form);
    RUN(test_lines_of_json);
    RUN(test_notes_are_bounded);
    RUN(test_kinds);
    RUN(test_unplugged_card);
    RUN(test_routes_tell_addresses);
    RUN(test_settings);
    return unit_end();
}

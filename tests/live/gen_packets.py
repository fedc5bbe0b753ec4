"""Packets between namespaces: pings, traceroutes, arpings; counters; what routers are told to do."""
import gen_tools

HOSTS = {"pair": ("10.0.0.1", "10.0.0.2"), "bridge": ("10.0.0.1", "10.0.0.2", "10.0.0.3"),
         "router": ("10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.1.2"), "vlan": ("10.0.0.1", "10.0.0.2", "10.5.0.1", "10.5.0.2")}
WAITED = "sleep 4"  # until what got no answer has failed
IPV4 = ("conf.%s.forwarding", "conf.%s.rp_filter", "conf.%s.accept_local", "conf.%s.send_redirects", "conf.%s.accept_redirects", "conf.%s.proxy_arp",
        "conf.%s.arp_ignore", "conf.%s.arp_announce", "conf.%s.shared_media", "conf.%s.secure_redirects", "conf.%s.accept_source_route", "conf.%s.mc_forwarding")
IPV6 = ("conf.%s.forwarding", "conf.%s.hop_limit", "conf.%s.mtu", "conf.%s.accept_ra", "conf.%s.accept_redirects", "conf.%s.dad_transmits", "conf.%s.keep_addr_on_down",
        "conf.%s.use_tempaddr", "conf.%s.addr_gen_mode", "conf.%s.accept_dad", "conf.%s.autoconf", "conf.%s.ndisc_notify", "conf.%s.proxy_ndp", "conf.%s.nosuch")
GLOBAL = ("ipv4.ip_forward", "ipv4.ip_default_ttl", "ipv4.icmp_echo_ignore_all", "ipv4.icmp_echo_ignore_broadcasts", "ipv4.icmp_errors_use_inbound_ifaddr",
          "ipv4.fib_multipath_use_neigh", "ipv4.fib_multipath_hash_policy", "ipv4.ip_no_pmtu_disc", "ipv4.ping_group_range", "ipv4.route.min_adv_mss",
          "ipv6.bindv6only", "ipv6.icmp.echo_ignore_all", "ipv6.flowlabel_consistency", "ipv6.ip_nonlocal_bind", "ipv6.fib_multipath_hash_policy", "ipv6.nosuch")


def host(s):
    own = [a[1].split("/")[0] for p in s.places.values() for a in p.addrs if a[1].count(".") == 3]
    return s.pick([*HOSTS[s.topology] * 2, *own, "127.0.0.1", "10.9.9.9", "10.0.0.255", "224.0.0.1"])


def host6(s):
    own = [a[1].split("/")[0] for p in s.places.values() for a in p.addrs if ":" in a[1]]
    return s.pick([*own, *own, "::1", "fd00::1", "fd00::2", "2001:db8::5", "ff02::1", "fe80::1"])


def ping(s):
    rest = s.shuffled(s.maybe(0.15, "-I", s.pick((s.dev(), host(s)))), s.maybe(0.2, "-s", s.pick(("0", "8", "100", "1472", "1473", "3000"))),
                      s.maybe(0.1, "-q"), s.maybe(0.2, "-n"), s.maybe(0.12, "-M", s.pick(("do", "dont", "want"))), s.maybe(0.2, "-t", s.pick(("1", "2", "64"))),
                      s.maybe(0.1, "-b"), s.maybe(0.08, "-R"), s.maybe(0.05, "-Q", "0x10"), s.maybe(0.05, "-p", "ff00"), s.maybe(0.04, "-T", "tsonly"))
    count = s.pick(("-c1 -W1", "-c1 -W1", "-c2 -i0.3 -W1"))
    return "packets", " ".join([s.pick_weighted((8, "ping"), (1, "ping -4"), (1, "ping4")), count, *rest, host(s)]), WAITED


def ping6(s):
    if s.ipv6 == "off" and s.chance(0.8):
        return ping(s)
    to = host6(s)
    if to.startswith(("ff", "fe")) and s.chance(0.8):
        to += "%" + s.dev(0)
    rest = s.shuffled(s.maybe(0.15, "-I", s.dev()), s.maybe(0.2, "-s", s.pick(("0", "100", "1452", "3000"))), s.maybe(0.1, "-q"), s.maybe(0.2, "-n"), s.maybe(0.1, "-t", "1"))
    return "packets", " ".join([s.pick(("ping -6", "ping6", "ping")), "-c1 -W1", *rest, to]), WAITED


def traceroute(s):
    rest = s.shuffled(s.maybe(0.4, "-I"), s.maybe(0.1, "-f", "2"), s.maybe(0.1, "-i", s.dev()), s.maybe(0.1, "-s", host(s)), s.maybe(0.05, "-p", "40000"))
    return "packets", " ".join(["traceroute -n -q1 -w1 -m3", *rest, host(s), *s.maybe(0.1, s.pick(("40", "1400", "2000")))]), WAITED


def tracepath(s):
    rest = s.shuffled(["-n"], ["-m", s.pick(("1", "2", "3"))], s.maybe(0.15, "-l", s.pick(("100", "1400", "2000"))))
    return "packets", " ".join(["tracepath", *rest, host(s), *s.maybe(0.05, "x")]), WAITED


def arping(s):
    rest = s.shuffled(s.maybe(0.9, "-I", s.dev()), s.maybe(0.1, "-b"), s.maybe(0.1, "-q"), s.maybe(0.15, s.pick(("-A", "-U", "-D"))), s.maybe(0.1, "-s", host(s)))
    return "packets", " ".join(["arping -c1 -w1", *rest, host(s)]), WAITED


def sysctl(s):
    dev = s.pick(("all", "all", "default", s.dev()))
    name = "net." + s.pick_weighted((6, "ipv4." + s.pick(IPV4)), (4, "ipv6." + s.pick(IPV6)), (4, s.pick(GLOBAL)))
    name = name.replace("%s", dev)
    if s.chance(0.35):
        return "packets", f"sysctl {s.pick(('', '-n ', '-e ', '-N '))}{name}", False
    return "packets", f"sysctl {s.pick(('-w ', '', '-qw ', '-q '))}{name}={s.pick(('0', '1', '1', '2', '-1', '1000', 'x', '64', '1280'))}", True


def capture(s):
    """At one end of what a ping causes."""
    dev = s.dev(0)
    options = s.pick(("-n", "-ne", "-nv", "-nt", "-nq"))
    watch, send = s.within(f"tcpdump -i {dev} {options} -l arp or icmp"), s.within(f"ping -c1 -W1 {host(s)}")
    return "packets", f"{watch} >f 2>e & sleep 1.5; {send} >p; sleep 0.5; kill $! 2>k; wait; cat e f", WAITED


def command(s):
    return s.pick_weighted((10, ping), (3, ping6), (3, traceroute), (1, tracepath), (2, arping), (5, sysctl), (1, capture), (1, gen_tools.sysctl))(s)


def show(s):
    counters = ("nstat -as", "nstat -asz | grep ^I", "netstat -s", "netstat -sw", "netstat -su", "nstat -as 'Ip*'", "nstat -asj")
    return s.pick_weighted((4, lambda: s.ip_command("neigh", "show", [])), (3, lambda: s.pick(counters) if s.ipv6 == "off" else "netstat -tan"),
                           (2, lambda: s.ip_command("route", "get", [host(s)])), (1, lambda: s.ip_command("route", "show", ["cache"])),
                           (1, lambda: "arp -n"), (1, lambda: s.ip_command("link", "show", [], ["-s"] if s.ipv6 == "off" else [])))()

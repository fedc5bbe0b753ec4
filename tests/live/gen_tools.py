"""The other tools: route, sysctl, ping, tcpdump; ip's batches and usage texts."""
import gen_addr
import gen_link
import gen_neigh
import gen_route
import gen_rule

CONF = ("forwarding", "rp_filter", "accept_local", "arp_ignore", "arp_announce", "proxy_arp", "send_redirects", "promote_secondaries",
        "arp_filter", "log_martians", "ignore_routes_with_linkdown", "arp_notify", "medium_id", "nosuch")
# A namespace other than the first has no neigh.default.
NEIGH = ("base_reachable_time_ms", "delay_first_probe_time", "gc_stale_time", "mcast_solicit", "ucast_solicit", "proxy_qlen")
GLOBAL = ("ip_forward", "ip_default_ttl", "icmp_echo_ignore_all", "icmp_ratelimit", "ip_nonlocal_bind",
          "conf.all.forwarding", "nosuch")


def net_route(s):
    net = s.pick(("10.7.0.0", "10.7.1.0", "172.20.0.0"))
    flag = s.maybe(0.3, s.pick(("-n", "-n", "-e", "-v")))
    line = s.pick_weighted(
        (3, ["route", "add", "-net", net, "netmask", "255.255.255.0", *s.pick((["dev", s.dev()], ["gw", s.ip(4)], ["gw", s.ip(4), "dev", s.dev()]))]),
        (2, ["route", "add", "-net", net + "/24", *s.pick((["dev", s.dev()], ["gw", s.ip(4)]))]),
        (2, ["route", "add", "-host", s.ip(4), *s.pick((["dev", s.dev()], ["gw", s.ip(4)]))]),
        (2, ["route", "add", "default", "gw", s.ip(4), *s.maybe(0.3, "metric", s.number(0, 50))]),
        (2, ["route", "del", s.pick(("default", "-net " + net + "/24", "-host " + s.ip(4)))]),
        (1, ["route", "add", "-net", net + "/24", "reject"]), (1, ["route", "add", "-net", net, "netmask", "255.0.255.0", "dev", s.dev()]),
        (1, ["route", "add", "-host", s.ip(4), "metric", s.number(0, 20), "mss", s.number(100, 1500), "dev", s.dev()]))
    return "tools", " ".join(line[:1] + (flag if line[1] == "add" and flag == ["-v"] else []) + line[1:]), False


def sysctl(s):
    name = s.pick_weighted((5, f"net.ipv4.conf.{s.pick(('all', 'default', s.dev()))}.{s.pick(CONF)}"),
                           (2, f"net.ipv4.neigh.{s.dev()}.{s.pick(NEIGH)}"), (2, f"net.ipv4.{s.pick(GLOBAL)}"))
    if s.chance(0.35):
        return "tools", f"sysctl {s.pick(('', '-n ', '-e '))}{name}", False
    return "tools", f"sysctl {s.pick(('-w ', '', '-qw ', '-q '))}{name}={s.pick(('0', '1', '1', '2', '-1', '1000', 'x', '64'))}", True


def ping(s):
    own = [a[1].split("/")[0] for a in s.addrs if ":" not in a[1] and a[1][0].isdigit() and a[1].count(".") == 3]
    to = s.pick(own + ["127.0.0.1", "10.0.0.2", "10.9.9.9", "255.255.255.255"])
    options = s.shuffled(s.maybe(0.3, "-I", s.pick(own + [s.dev()])), s.maybe(0.2, "-s", s.pick(("0", "8", "100", "1472", "3000"))),
                         s.maybe(0.15, "-q"), s.maybe(0.15, "-n"), s.maybe(0.1, "-M", s.pick(("do", "dont", "want"))), s.maybe(0.1, "-t", s.number(1, 64)),
                         s.maybe(0.1, "-b"), s.maybe(0.1, "-r"), s.maybe(0.05, "-O"))
    return "tools", " ".join(["ping", "-c1", "-W1", *options, to]), "sleep 4"  # until what got no answer has failed


def tcpdump(s):
    dev, to = s.dev(0), s.pick(("127.0.0.1", "10.0.0.1", "10.0.0.2"))
    options = s.pick(("-n", "-ne", "-nv", "-nn", "-nX", "-nt", "-nq", "-n -x"))
    return "tools", f"tcpdump -i {dev} {options} -l arp or icmp >f 2>e & sleep 1.5; ping -c1 -W1 {to} >p; sleep 0.5; kill $! 2>k; wait; cat e f", "sleep 4"


def batch(s):
    parts = [f(s)[1] for f in (s.pick((gen_link.command, gen_addr.command, gen_route.command, gen_rule.command, gen_neigh.command))
                               for _ in range(s.pick((2, 3, 4))))]
    lines = [p[3:] for p in parts if p.startswith("ip ") and "'" not in p and not p.startswith("ip -")]
    text = "\\n".join(l.replace("%", "%%").replace('"', '\\"') for l in lines)
    return "tools", f'printf "{text}\\n" | ip {s.pick(("-batch -", "-b -", "-force -batch -"))}', True


def usage(s):
    return "tools", s.pick(("ip link help", "ip addr help", "ip route help", "ip rule help", "ip neigh help", "ip help", "ip -V", "ip -h",
                            "ip foo", "ip link foo", "ip addr foo", "ip route foo", "ip rule foo", "ip neigh foo", "ip -x link", "ip -j -V",
                            "ip link add", "ip addr add", "ip route add", "ip rule add", "ip neigh add", "ip link set", "route -V", "route --help",
                            "sysctl", "ip link add help", "ip link set help", "ip route get", "ip neigh get", "ip link del")), False


def show(s):
    return s.pick_weighted((8, "route -n"), (2, "route"), (1, "route -ne"), (1, "route -nee"),
                           (2, f"sysctl net.ipv4.conf.{s.dev(0)}.{s.pick(CONF)}"), (1, "ip -4 route show table all"),
                           (1, f"ethtool {s.pick(('', '-i ', '-S ', '-P '))}{s.dev()}"))

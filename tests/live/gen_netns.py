"""ip netns; links that move between namespaces and pairs across them; commands in one (exec)."""
import gen_link
import words

SETTLED = "sleep 1.3"  # a carrier lost is told of up to a second later


def known(s):
    return [n for n in s.places if n]


def name(s):
    names = known(s)
    if names and s.chance(0.85):
        return s.pick(names)
    return s.pick(words.NAMESPACES if s.chance(0.8) else words.WRONG_NAMESPACES)


def obj(s):
    return s.pick_weighted((8, "netns"), (2, "net"), (1, "netn"))


def calm(s, ns):
    """IPv6 in a new namespace as in the first (s.ipv6), and mostly its lo up."""
    settings = {"off": ["disable_ipv6=1"], "quick": ["accept_dad=0", "router_solicitations=0"], "full": []}[s.ipv6]
    lines = [f"ip netns exec {ns} sysctl -qw " + " ".join("net.ipv6.conf.default." + x for x in settings)] if settings else []
    return lines + s.maybe(0.7, f"ip -n {ns} link set lo up")


def at_home(s):
    """What `ip -n` does with files of /run/netns it does in a mount namespace of its own."""
    s.place = s.places[""]


def add(s):
    at_home(s)
    free = [n for n in words.NAMESPACES if n not in s.places]
    ns = s.pick(free) if free and s.chance(0.85) else name(s)
    line = s.ip_command(obj(s), s.pick(("add", "add", "a")), [ns])
    if ns not in words.NAMESPACES or ns in s.places:
        return line, False
    s.make_place(ns)
    return line, calm(s, ns)


def delete(s):
    at_home(s)
    ns = name(s)
    rest = [ns] if s.chance(0.9) else [ns, name(s)]
    for n in rest:
        s.places.pop(n, None)
    return s.ip_command(obj(s), s.pick(("del", "del", "delete", "d")), rest), "sleep 1"  # cleanup_net() takes its time


def number(s):
    at_home(s)
    return s.ip_command(obj(s), "set", [name(s), s.pick(("0", "1", "5", "auto", "7", "-1", "x", "2147483647"))]), False


def listing(s):
    line = s.ip_command(obj(s), s.pick(("", "list", "list", "show", "ls", "list-id", "list-id")), [], s.pick(([], [], ["-j"], ["-j", "-p"])))
    if line.endswith("list-id"):
        line += s.pick(("", "", " nsid 0", " target-nsid 0", " target-nsid 1", " nsid 9", " nsid x"))
    return line, False


def move(s):
    dev, ns = s.dev(), name(s)
    rest = [dev, "netns", ns] + s.maybe(0.15, "name", s.pick(("v7", "lan", "v0", "lo"))) + s.maybe(0.1, "up") + s.maybe(0.05, "index", s.number(10, 60))
    if s.chance(0.3):
        rest = ["dev", *rest]
    if ns in s.places and dev in s.links and dev != "lo" and s.place.name != ns:
        peer = s.links.pop(dev)
        new = rest[rest.index("name") + 1] if "name" in rest else dev
        s.places[ns].links[new] = None
        if peer in s.links:
            s.links[peer] = None
    return s.ip_command(gen_link.obj(s), "set", rest), SETTLED


def pair(s):
    a, b = s.pick(words.PAIRS)
    ns = name(s)
    rest = [a, "address", s.mac(), *s.maybe(0.15, "netns", name(s)), "type", "veth", "peer", *s.maybe(0.5, "name"), b, "address", s.mac(),
            "netns", ns]
    if ns in s.places:
        s.links.setdefault(a, None)
        s.places[ns].links.setdefault(b, None)
    return s.ip_command(gen_link.obj(s), "add", rest), SETTLED


def execute(s):
    what = s.pick(("ip link", "ip addr show", "ip route", "ip -4 route show table all", "ip neigh", "ip rule", "ip netns list", "ip link set lo up",
                   "ip link set lo down", "true", "false", "nosuch", "sysctl net.ipv4.ip_forward", "route -n", "ip -j link", "ip netns identify"))
    every = s.chance(0.05)
    return " ".join(["ip", *s.maybe(every, "-all"), obj(s), s.pick(("exec", "exec", "e")), *([] if every else [name(s)]), what]), True


def command(s):
    line, slow = s.pick_weighted((8, add), (2, delete), (2, number), (3, listing), (6, move), (5, pair), (4, execute))(s)
    return "netns", line, slow


def show(s):
    return listing(s)[0]

"""Random scripts: the same seed gives the same script.

A script begins with a few lines that make a small network (not measured), then come `length` commands, each followed by
a command that shows something of what it may have changed. A model of the network, kept loosely, lets most of the
commands make sense; about one in six is spoilt.
"""
import random
import re

import gen_addr
import gen_addrlabel
import gen_bridge
import gen_link
import gen_mcast
import gen_neigh
import gen_netns
import gen_nettools
import gen_nexthop
import gen_objects
import gen_packets
import gen_route
import gen_rule
import gen_tools
import gen_vlan
import topology
import words

# Who generates what, and how often.
SUBJECTS = (
    (22, gen_link.command), (20, gen_addr.command), (26, gen_route.command), (10, gen_rule.command),
    (12, gen_neigh.command), (4, gen_tools.net_route), (3, gen_tools.sysctl), (2, gen_tools.ping),
    (1, gen_tools.tcpdump), (1, gen_tools.batch), (1, gen_tools.usage), (6, gen_netns.command),
    (7, gen_nexthop.command), (6, gen_nettools.command), (2, gen_addrlabel.command), (2, gen_objects.command),
    (6, gen_bridge.command), (2, gen_packets.command), (3, gen_mcast.command), (4, gen_vlan.command),
)
# Of what a network of several namespaces is for, there is more in it.
OF_NETWORKS = {"gen_bridge": {"bridge": 5, "router": 1, "vlan": 1}, "gen_packets": {"bridge": 7, "router": 12, "vlan": 8},
               "gen_vlan": {"bridge": 2, "router": 1, "vlan": 5}, "gen_netns": {"bridge": 2, "router": 2, "vlan": 2}}
SHOWS = {
    "link": gen_link.show, "addr": gen_addr.show, "route": gen_route.show, "rule": gen_rule.show,
    "bridge": gen_bridge.show, "mcast": gen_mcast.show, "packets": gen_packets.show,
    "addrlabel": gen_addrlabel.show, "neigh": gen_neigh.show, "netns": gen_netns.show, "nettools": gen_nettools.show, "nexthop": gen_nexthop.show, "objects": gen_objects.show, "tools": gen_tools.show,
}
# What a change of the one may show at the other.
RELATED = {
    "link": ("link", "link", "addr", "addr", "route", "neigh"), "addr": ("addr", "addr", "route", "route"),
    "route": ("route", "route", "route", "tools"), "rule": ("rule", "rule", "route"), "neigh": ("neigh",),
    "bridge": ("bridge", "bridge", "bridge", "link"), "mcast": ("mcast", "mcast", "link"), "packets": ("packets", "packets", "packets", "neigh", "route", "bridge"),
    "addrlabel": ("addrlabel", "addrlabel", "route"), "nettools": ("nettools", "nettools", "nettools", "addr", "link", "neigh"),
    "objects": ("objects", "objects", "objects", "link"),
    "nexthop": ("nexthop", "nexthop", "route", "route"), "netns": ("link", "link", "netns", "addr", "route"), "tools": ("route", "link", "addr", "tools", "neigh"),
}
SPOILT = 0.18
OBJECTS = {w[:n] for w in ("link", "address", "route", "rule", "neighbor", "neighbour", "netns", "nexthop", "addrlabel", "maddress", "fdb", "vlan", "mdb", "token", "ntable") for n in range(1, len(w) + 1)}


class Place:
    """What a script has made in one namespace."""

    def __init__(self, name):
        self.name = name  # "": where the script runs
        self.links = {"lo": None}  # name: its peer's, or None
        self.addrs = []  # (device, ADDRESS/LENGTH)
        self.routes = []  # words after "ip route add"
        self.rules = []  # words after "ip rule add"
        self.neighs = []  # (address, device, is a proxy)
        self.renamed = set()


class Script:
    """The random choices of one script and a model of what it has made."""

    def __init__(self, seed, often=None, network=None, kinds=()):
        self.rng = random.Random(f"vnet {seed}")
        self.seed = seed
        self.kinds = kinds
        self.topology = network or self.pick_weighted((60, "pair"), (18, "bridge"), (16, "router"), (8 if "vlan" in kinds else 0, "vlan"))
        self.subjects = [(self.weight(weight, f.__module__, often), f) for weight, f in SUBJECTS if f != gen_vlan.command or "vlan" in kinds]
        self.places = {"": Place("")}
        self.place = self.places[""]  # the one that commands are made for
        self.n_macs = 0
        # IPv6 talks at random moments: off, or without duplicate address detection, or as it is
        self.ipv6 = self.pick_weighted((50, "off"), (38 if self.topology == "pair" else 12, "quick"), (12 if self.topology == "pair" else 4, "full"))
        self.settle = {"off": "sleep 0.1", "quick": "sleep 0.2", "full": "sleep 2.5"}[self.ipv6]

    def weight(self, weight, module, often):
        return weight * OF_NETWORKS.get(module, {}).get(self.topology, 1) * (8 if module == f"gen_{often}" else 1)

    links = property(lambda self: self.place.links)
    addrs = property(lambda self: self.place.addrs)
    routes = property(lambda self: self.place.routes)
    rules = property(lambda self: self.place.rules)
    neighs = property(lambda self: self.place.neighs)
    renamed = property(lambda self: self.place.renamed)

    def make_place(self, name):
        self.places[name] = Place(name)

    # ---- choices ----

    def pick(self, seq):
        return self.rng.choice(seq)

    def pick_weighted(self, *rows):
        return self.rng.choices([r[1] for r in rows], [r[0] for r in rows])[0]

    def maybe(self, probability, *text):
        return list(text) if self.rng.random() < probability else []

    def chance(self, probability):
        return self.rng.random() < probability

    def shuffled(self, *groups):
        groups = [g for g in groups if g]
        self.rng.shuffle(groups)
        return [w for g in groups for w in g]

    def short(self, word, least=1):
        """Sometimes less of a word: which of them the tool takes is its own affair."""
        if self.chance(0.75) or len(word) <= least:
            return word
        return word[:self.rng.randint(least, len(word))]

    # ---- names and values ----

    def mac(self):
        self.n_macs += 1
        return "02:00:00:00:%02x:%02x" % (self.seed % 251, self.n_macs)

    def dev(self, wrong=0.04):
        if self.chance(wrong):
            return self.pick(words.WRONG_NAMES[:4])
        names = [n for n in self.links if n != "lo"]
        return self.pick(names) if names and self.chance(0.93) else "lo"

    def ip(self, family):
        if family == 6:
            return self.pick(words.NETS6) + "%x" % self.rng.randint(1, 12)
        return "%s.%d" % (self.pick(words.NETS4), self.rng.randint(1, 12))

    def prefix(self, family):
        if family == 6:
            return self.pick_weighted((6, self.pick(words.NETS6) + "/64"), (2, self.ip(6)), (1, "default"),
                                      (1, self.ip(6) + "/128"), (1, "fd00::/16"), (1, "2000::/3"))
        return self.pick_weighted((6, self.pick(words.NETS4) + ".0/24"), (3, self.ip(4)), (2, "default"),
                                  (1, "10.0.0.0/8"), (1, self.pick(words.NETS4) + ".0/25"), (1, self.ip(4) + "/32"),
                                  (1, "10/8"), (1, "172.16.0.0/12"), (1, "0/0"))

    def source6(self):
        """What stands after an IPv6 route's `from`."""
        return self.pick_weighted((6, self.pick(words.NETS6) + "/64"), (2, self.ip(6)), (1, "fd00::/16"), (1, "default"), (1, "::/0"))

    def family(self):
        share = 0.08 if self.ipv6 == "off" else 0.4
        return 6 if self.chance(share) else 4

    def number(self, low, high):
        if self.chance(0.03):
            return self.pick(words.WRONG_NUMBERS) or '""'
        return str(self.rng.randint(low, high))

    def options(self, family=None, stats=True, listing=True):
        """Options of ip for a listing."""
        out = []
        if listing and self.chance(0.5):
            kinds = [(4, ["-d"]), (4, ["-j"]), (3, ["-o"]), (3, ["-br"]), (2, ["-j", "-p"]), (2, ["-j", "-d"]),
                     (1, ["-N"]), (1, ["-c=always"]), (1, ["-c"]), (1, ["-o", "-d"]), (1, ["-iec"]), (1, ["-d", "-p"])]
            if stats:
                kinds += [(3, ["-s"]), (2, ["-s", "-s"]), (1, ["-s", "-j"]), (1, ["-s", "-h"]), (1, ["-s", "-o"])]
            out += self.pick_weighted(*kinds)
        if family == 6:
            out.append(self.pick(("-6", "-6", "-6", "-f inet6", "-family inet6")))
        elif family == 4 and self.chance(0.15):
            out.append(self.pick(("-4", "-4", "-f inet")))
        self.rng.shuffle(out)
        return out

    def ip_command(self, obj, verb, rest, options=()):
        """Joined as people type it, abbreviations among them."""
        if self.place.name:
            options = [self.pick(("-n", "-n", "-n", "-netns")), self.place.name, *options]
        return " ".join(["ip", *options, obj, *([verb] if verb else []), *(w if w else '""' for w in rest)])

    # ---- the script ----

    def spoil(self, line):
        """A mistake in the command, but none that acts outside of the namespace or stays behind."""
        for _ in range(5):
            spoilt = self.spoil_once(line)
            if not re.search(r"\bnetns [-+0-9]", spoilt) and not (" proxy" in spoilt and " dev " not in spoilt):
                return spoilt
        return line

    def spoil_once(self, line):
        """A word lost, doubled, swapped, replaced, or one too many."""
        parts = line.split(" ")
        if len(parts) < 3 or any(c in line for c in ";|&'$"):
            return line
        if parts[0] not in ("ip", "bridge", "brctl"):
            return line
        verb = next((n for n, w in enumerate(parts[1:], 2) if w in OBJECTS), 2)  # never another object
        if verb >= len(parts):
            return line
        i = self.rng.randrange(verb, len(parts))
        wrong = self.pick(words.WRONG_WORDS) or '""'
        how = self.rng.randrange(7)
        if how == 0:
            del parts[i]
        elif how == 1:
            parts.insert(i, parts[i])
        elif how == 2 and i + 1 < len(parts):
            parts[i], parts[i + 1] = parts[i + 1], parts[i]
        elif how == 3:
            parts[i] = wrong
        elif how == 4:
            parts.insert(i, wrong)
        elif how == 5:
            parts = parts[:i]
        else:
            parts.append(wrong)
        return " ".join(parts)

    def prologue(self):
        lines = ["sysctl -qw net.ipv6.conf.default.disable_ipv6=1"] if self.ipv6 == "off" else []
        if self.ipv6 == "quick":
            lines = ["sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0"]
        if self.topology != "pair":
            return lines + topology.LINES[self.topology](self)
        a, b = words.PAIRS[0]
        lines.append(f"ip link add {a} address {self.mac()} type veth peer name {b} address {self.mac()}")
        self.links.update({a: b, b: a})
        if self.chance(0.85):
            lines += [f"ip link set {a} up", f"ip link set {b} up", self.settle]
        if self.chance(0.85):
            lines.append(f"ip addr add 10.0.0.1/24 dev {a}")
            self.addrs.append((a, "10.0.0.1/24"))
        return lines

    def within(self, line):
        """The command of a tool that has no option for it, in the namespace that commands are made for."""
        simple = not any(c in line for c in "|&;<>")
        if not self.place.name or line.startswith(("ip ", "bridge ")) or not simple:
            return line
        return f"ip netns exec {self.place.name} {line}"

    def step(self):
        """The lines of one command and its show; between them the moment that the kernel takes for some."""
        self.place = self.places[self.pick(list(self.places)) if self.chance(0.6) else ""]
        subject, line, slow = self.pick_weighted(*self.subjects)(self)
        if self.chance(SPOILT):
            line = self.spoil(line)
        line = self.within(line)
        show = self.within(SHOWS[self.pick(RELATED[subject])](self))
        if isinstance(slow, list):
            return [line, *slow, show]
        wait = slow if isinstance(slow, str) else self.settle
        return [line] + ([wait] if slow else []) + [show]


def script(seed, length, often=None, network=None, kinds=()):
    """-> the lines of the script of that seed; those that begin with "sleep " are not measured. often: "netns", ...: what
    gen_netns.py makes is made eight times as often. network: what it begins with (topology.py), else any. kinds: of links,
    that not every kernel has."""
    s = Script(seed, often, network, kinds)
    lines = s.prologue()
    for _ in range(length):
        lines += s.step()
    return lines

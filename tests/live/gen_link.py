"""ip link: add, set, delete, show."""
import words


def obj(s):
    return s.pick_weighted((6, "link"), (3, "l"), (1, "li"), (1, "lin"))


def add_veth(s):
    free = [p for p in words.PAIRS if p[0] not in s.links and p[1] not in s.links]
    a, b = s.pick(free) if free and s.chance(0.85) else s.pick(words.PAIRS)
    own = s.shuffled(["address", s.mac()], s.maybe(0.15, "mtu", s.number(60, 9000)), s.maybe(0.1, "txqueuelen", s.number(0, 2000)),
                     s.maybe(0.07, "group", s.number(0, 5)), s.maybe(0.07, "numtxqueues", s.number(1, 4)),
                     s.maybe(0.07, "numrxqueues", s.number(1, 4)), s.maybe(0.05, "arp", "off"), s.maybe(0.04, "up"),
                     s.maybe(0.03, "index", s.number(10, 60)), s.maybe(0.04, "alias", "first"),
                     s.maybe(0.03, "broadcast", s.mac()), s.maybe(0.04, "addrgenmode", s.pick(("none", "eui64"))))
    peer = s.maybe(0.97, "address", s.mac()) + s.maybe(0.1, "mtu", s.number(60, 9000)) + s.maybe(0.05, "up")
    name = s.pick(([], ["dev"], ["name"], ["dev"]))
    s.links.update({a: b, b: a})
    return s.ip_command(obj(s), s.pick(("add", "add", "a", "ad", "replace")),
                        [*name, a, *own, "type", "veth", "peer", *s.pick((["name"], ["name"], [], ["dev"])), b, *peer])


def add_other(s):
    name = s.pick(words.BRIDGES)
    s.links.setdefault(name, None)
    kind = s.pick_weighted((6, "bridge"), (1, "nosuch"), (1, "veth0"), (1, "brid"))
    return s.ip_command(obj(s), "add", [name, "address", s.mac(), "type", kind])


def setting(s):
    return s.pick_weighted(
        (12, ["up"]), (7, ["down"]), (3, ["mtu", s.number(68, 9000)]), (1, ["mtu", s.pick(("67", "1279", "1280", "65535", "65536"))]),
        (2, ["txqueuelen", s.number(0, 3000)]), (1, ["qlen", s.number(0, 3000)]), (3, ["address", s.mac()]),
        (1, ["address", s.pick(words.WRONG_LLADDRESSES)]), (1, [s.pick(("broadcast", "brd")), s.mac()]),
        (2, ["arp", s.pick(("on", "off"))]), (2, ["multicast", s.pick(("on", "off"))]),
        (2, ["allmulticast", s.pick(("on", "off"))]), (2, ["promisc", s.pick(("on", "off"))]),
        (1, ["dynamic", s.pick(("on", "off"))]), (1, ["trailers", s.pick(("on", "off", "yes"))]),
        (1, ["carrier", s.pick(("on", "off"))]), (2, ["alias", s.pick(("first", "second-alias", '""', '"two words"'))]),
        (2, ["group", s.pick(("0", "1", "7", "default", "foo"))]), (1, ["mode", s.pick(("default", "dormant", "foo"))]),
        (1, ["state", s.pick(("up", "down", "dormant", "testing", "foo"))]),
        (1, ["addrgenmode", s.pick(("eui64", "none", "stable_secret", "random", "foo"))]),
        (1, ["protodown", s.pick(("on", "off"))]), (1, ["nomaster"]), (1, ["master", s.dev()]),
        (1, [s.pick(("promisc", "arp", "multicast")), s.pick(("", "1", "O"))]))


def rename(s):
    old = s.dev()
    new = s.pick(("v7", "v8", "lan", "wan", "v0", "a-name-of-15-ch", "a-name-of-16-chr", "x:1"))
    if s.chance(0.7) and new not in s.links and old in s.links and old != "lo":
        peer = s.links.pop(old)
        s.renamed.add(new)
        s.links[new] = peer
        if peer in s.links:
            s.links[peer] = new
    return s.ip_command(obj(s), "set", [old, "name", new])


def change(s):
    dev = s.dev()
    out = [*s.pick(([], [], ["dev"])), dev]
    for _ in range(s.pick((1, 1, 1, 2, 3))):
        out += setting(s)
    if s.chance(0.03):
        out = ["group", s.pick(("0", "1", "7")), *setting(s)]
    return s.ip_command(obj(s), s.pick_weighted((9, "set"), (1, "s"), (1, "se"), (1, "change")), out)


def delete(s):
    dev = s.dev()
    peer = s.links.get(dev)
    if dev in s.links and dev != "lo":
        s.links.pop(dev, None)
        s.links.pop(peer, None)
    rest = s.maybe(0.3, "dev") + [dev] + s.maybe(0.1, "type", s.pick(("veth", "bridge")))
    if s.chance(0.04):
        rest = ["group", s.pick(("1", "7", "0"))]
    return s.ip_command(obj(s), s.pick(("del", "del", "delete", "d")), rest)


def command(s):
    line = s.pick_weighted((5, add_veth), (2, add_other), (14, change), (2, rename), (3, delete), (3, show))(s)
    if (" up " in line and " type " in line) or (" set " in line and "master " in line):  # a carrier that was off before it was up is told of up to a second later
        return "link", line, "sleep 1.3"
    if " del" in line or " d " in line:  # of the other end
        return "link", line, "sleep 1.3"
    return "link", line, not line.startswith("ip link show")


def show(s):
    select = s.pick_weighted(
        (8, []), (8, [s.dev()]), (4, ["dev", s.dev()]), (2, ["up"]), (2, ["type", s.pick(("veth", "bridge", "nosuch", *s.kinds))]),
        (1, ["group", s.pick(("default", "0", "1", "7"))]), (1, ["master", s.dev()]), (1, ["nomaster"]), (1, ["vrf", s.dev()]),
        (1, ["up", "type", "veth"]), (1, ["dev", s.dev(), "up"]))
    verb = s.pick_weighted((6, "show"), (2, "ls"), (1, "list"), (1, "sh"), (1, "lst"))
    if not select and s.chance(0.4):
        verb = ""
    return s.ip_command(obj(s), verb, select, s.options(stats=s.ipv6 == "off"))

"""net-tools: ifconfig, arp, netstat, route."""
import words

IFCONFIG_FLAGS = ("up", "up", "down", "arp", "-arp", "promisc", "-promisc", "allmulti", "-allmulti", "multicast", "-multicast", "trailers", "-trailers",
                  "dynamic", "-dynamic", "broadcast")


def mask(s):
    return s.pick(("255.255.255.0", "255.255.0.0", "255.255.255.128", "255.0.0.0", "255.255.255.255", "255.0.255.0"))


def ifconfig(s):
    dev = s.dev()
    if s.chance(0.2):
        dev += s.pick((":1", ":a", ":home"))
    parts = s.pick_weighted(
        (6, [s.ip(4), *s.maybe(0.6, "netmask", mask(s)), *s.maybe(0.2, "broadcast", s.pick(("10.0.0.255", s.ip(4)))), *s.maybe(0.2, s.pick(("up", "down")))]),
        (3, [s.ip(4) + s.pick(("/24", "/16", "/32", "/33", "/0"))]), (6, [s.pick(IFCONFIG_FLAGS)]), (2, ["mtu", s.number(68, 9000)]),
        (1, ["txqueuelen", s.number(0, 3000)]), (2, ["hw", "ether", s.mac()]), (1, ["netmask", mask(s)]), (1, ["metric", s.number(0, 3)]),
        (1, ["0.0.0.0"]), (1, ["0"]), (1, ["broadcast", s.ip(4)]), (1, ["pointopoint", s.ip(4)]), (1, ["dstaddr", s.ip(4)]),
        (1, ["add", s.ip(6) + s.pick(("", "/64", "/128"))]), (1, ["del", s.ip(6) + s.pick(("", "/64"))]), (1, ["inet", s.ip(4)]),
        (1, ["inet6", "add", s.ip(6) + "/64"]), (1, [s.pick(words.WRONG_ADDRESSES4)]), (1, [s.pick(("foo", "hw", "netmask", "mtu x", "-x", "inet6 foo"))]))
    if parts[0] == s.ip(4) or parts[0].count(".") == 3:
        s.addrs.append((dev, parts[0].split("/")[0] + "/24"))
    return " ".join(["ifconfig", dev, *parts])


def arp(s):
    dev, host = s.dev(), s.ip(4)
    return " ".join(["arp", *s.maybe(0.15, "-n"), *s.maybe(0.08, "-v"), *s.pick_weighted(
        (6, ["-s", host, s.mac(), *s.maybe(0.3, s.pick(("temp", "pub", "dontpub")))]), (3, ["-i", dev, "-s", host, s.mac()]),
        (2, ["-s", host, s.mac(), "dev", dev]), (3, ["-d", host]), (2, ["-i", dev, "-d", host]), (1, ["-Ds", host, dev, "pub"]),
        (1, ["-d", host, "pub"]), (1, ["-s", host]), (1, ["-s", host, s.pick(words.WRONG_LLADDRESSES)]), (1, ["-H", "ether", "-s", host, s.mac()]),
        (1, ["-x"]), (1, ["-i", dev]))])


def route6(s):
    """route -6: the IPv6 table of the old tools."""
    to = s.pick_weighted((6, s.pick(words.NETS6) + "/64"), (2, s.ip(6)), (1, "default"), (1, s.ip(6) + "/128"), (1, s.pick(words.WRONG_ADDRESSES6)))
    rest = s.pick((["dev", s.dev()], ["gw", s.ip(6)], ["gw", s.ip(6), "dev", s.dev()], []))
    return " ".join(["route", s.pick(("-6", "-A inet6", "--inet6")), s.pick(("add", "add", "del")), to, *rest, *s.maybe(0.2, "metric", s.number(1, 300))])


def counts(s, line):
    """A listing that has counters: IPv6 talks at random moments."""
    if s.ipv6 == "off":
        return line
    return "ifconfig -s lo" if line.startswith("netstat") else f"{line} | grep -ve packets -e errors"


def show(s):
    return s.pick_weighted(
        (4, counts(s, "ifconfig " + s.dev())), (3, counts(s, "ifconfig")), (2, counts(s, "ifconfig -a")), (1, "ifconfig -s lo"),
        (1, counts(s, "ifconfig -v " + s.dev())), (3, "arp -n"), (1, "arp"), (1, "arp -an"), (1, "arp -en"), (1, "arp -n " + s.ip(4)),
        (1, "arp -n -i " + s.dev()), (3, "netstat -rn"), (2, "netstat -r"), (2, counts(s, "netstat -i")), (1, "netstat -rne"),
        (1, counts(s, "netstat -ie")), (2, "route -n"), (1, "netstat -tan"), (1, counts(s, "netstat -ni")), *([(2, "route -6n"), (1, "netstat -r6n"), (1, "route -A inet6 -n")] if s.ipv6 == "quick" else []))


def command(s):
    line = s.pick_weighted((6, ifconfig), (4, arp), (0 if s.ipv6 == "off" else 3, route6))(s)
    return "nettools", line, "sleep 1.3" if line.startswith("ifconfig") else False  # a carrier lost is told of up to a second later

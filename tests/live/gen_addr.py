"""ip address: add, change, replace, delete, flush, show."""
import words


def obj(s):
    return s.pick_weighted((6, "addr"), (4, "a"), (2, "address"), (1, "ad"))


def length(s, family):
    if family == 6:
        return s.pick_weighted((8, "/64"), (3, "/128"), (2, ""), (1, "/48"), (1, "/127"), (1, "/0"))
    return s.pick_weighted((10, "/24"), (2, "/32"), (2, ""), (2, "/16"), (1, "/25"), (1, "/31"), (1, "/30"), (1, "/8"),
                           (1, "/255.255.255.0"), (1, "/0"))


def extras(s, family):
    out = [s.maybe(0.12, "scope", s.pick(words.SCOPES)), s.maybe(0.06, s.pick(("metric", "priority", "preference")), s.number(0, 1000)),
           s.maybe(0.08, "valid_lft", s.pick(("forever", "3600", "1000", "100000", "0", "-1"))),
           s.maybe(0.08, "preferred_lft", s.pick(("forever", "600", "0", "1000", "99999")))]
    if family == 4:
        out += [s.maybe(0.25, s.pick(("brd", "broadcast")), s.pick(("+", "-", "10.0.0.255", s.ip(4)))),
                s.maybe(0.08, "label", s.dev(0) + s.pick((":1", ":home", "", "x"))), s.maybe(0.03, "anycast", s.ip(4)),
                s.maybe(0.06, s.pick(("noprefixroute", "home", "nodad", "autojoin", "mngtmpaddr")))]
    else:
        out += [s.maybe(0.15, s.pick(("nodad", "noprefixroute", "home", "optimistic", "mngtmpaddr"))),
                s.maybe(0.03, "anycast", s.ip(6))]
    return s.shuffled(*out)


def change(s):
    family = s.family()
    dev, addr = s.dev(), s.ip(family) + length(s, family)
    if s.addrs and s.chance(0.25):
        dev, addr = s.pick(s.addrs)
    if s.chance(0.04):
        addr = s.pick(words.WRONG_ADDRESSES4 if family == 4 else words.WRONG_ADDRESSES6)
    s.addrs.append((dev, addr))
    verb = s.pick_weighted((12, "add"), (2, "replace"), (2, "change"), (1, "a"), (1, "chg"), (1, "repl"))
    target = [*s.maybe(0.1, "local"), addr]
    if s.chance(0.1):
        target += [s.pick(("peer", "remote")), s.ip(family) + s.pick(("", "/24", "/32", "/30") if family == 4 else ("", "/64", "/128"))]
    return s.ip_command(obj(s), verb, [*target, *s.shuffled(["dev", dev], extras(s, family))], s.maybe(0.06, s.pick(("-4", "-6"))))


def delete(s):
    dev, addr = s.pick(s.addrs) if s.addrs and s.chance(0.85) else (s.dev(), s.ip(4))
    if s.chance(0.2):
        addr = addr.split("/")[0]
    if (dev, addr) in s.addrs and s.chance(0.8):
        s.addrs.remove((dev, addr))
    return s.ip_command(obj(s), s.pick(("del", "del", "delete", "d")),
                        [addr, *s.maybe(0.95, "dev", dev), *s.maybe(0.05, "label", dev + ":1")])


def selectors(s):
    out = [s.maybe(0.6, *s.pick(([], ["dev"])), s.dev()), s.maybe(0.12, "scope", s.pick(words.SCOPES)),
           s.maybe(0.15, "to", s.pick((s.prefix(4), s.ip(4), "10.0.0.0/8", "fd00::/16"))), s.maybe(0.06, "label", s.pick(("v*", "v0:1", "*"))),
           s.maybe(0.08, s.pick(("permanent", "dynamic", "secondary", "primary", "tentative", "deprecated", "-tentative",
                                 "-permanent", "dadfailed", "temporary", "noprefixroute", "-secondary"))),
           s.maybe(0.06, "up"), s.maybe(0.04, "type", "veth"), s.maybe(0.02, "group", "default")]
    return s.shuffled(*out)


def flush(s):
    select = selectors(s)
    if s.chance(0.8) and "dev" not in select:
        select = ["dev", s.dev()] + [w for w in select if w not in s.links]
    return s.ip_command(obj(s), s.pick(("flush", "flush", "fl", "f")), select,
                        s.maybe(0.3, s.pick(("-4", "-6", "-s", "-s -s", "-4 -s", "-o -s"))))


def command(s):
    line = s.pick_weighted((14, change), (5, delete), (2, flush), (4, show))(s)
    return "addr", line, s.ipv6 != "off" and not line.startswith("ip addr show")


def show(s):
    select = selectors(s) if s.chance(0.6) else []
    verb = s.pick_weighted((6, "show"), (2, "ls"), (1, "list"), (1, "sh"), (1, "lst"))
    if not select and s.chance(0.4):
        verb = ""
    options = s.options(s.pick((None, None, None, 4, 6)), stats=s.ipv6 == "off")
    if "-6" in " ".join(options) or "inet6" in " ".join(options):
        options = [o for o in options if o != "-s"]  # the counters of IPv6 are not emulated
    return s.ip_command(obj(s), verb, select, options)

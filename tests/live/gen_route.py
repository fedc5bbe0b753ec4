"""ip route: add and its kin, delete, flush, get, show."""
import words


def obj(s):
    return s.pick_weighted((8, "route"), (4, "r"), (1, "ro"), (1, "rou"))


def hop(s, family):
    via = ["via", s.ip(family) if s.chance(0.93) else s.pick(("fd00::9", "inet6 fd00::9", "10.0.0.9", "0.0.0.0"))]
    return s.pick_weighted((5, s.shuffled(via, ["dev", s.dev()])), (3, via), (4, ["dev", s.dev()]), (1, []))


def multipath(s, family):
    out = []
    for _ in range(s.pick((1, 2, 2, 2, 3))):
        out += ["nexthop", *hop(s, family), *s.maybe(0.4, "weight", s.number(1, 10)), *s.maybe(0.1, "onlink")]
    return out


def metrics(s):
    return s.shuffled(
        s.maybe(0.06, "mtu", *s.maybe(0.3, "lock"), s.number(68, 9000)), s.maybe(0.03, "advmss", s.number(1, 2000)),
        s.maybe(0.03, "window", s.number(1, 65535)), s.maybe(0.03, "rtt", s.pick(("100", "100ms", "1s", "1.5s", "foo"))),
        s.maybe(0.03, "hoplimit", s.number(1, 255)), s.maybe(0.02, "initcwnd", s.number(1, 50)), s.maybe(0.02, "quickack", s.pick(("0", "1"))),
        s.maybe(0.02, "rto_min", s.pick(("200", "200ms", "0.2s"))), s.maybe(0.02, "features", s.pick(("ecn", "foo"))),
        s.maybe(0.02, "ssthresh", s.number(1, 100)), s.maybe(0.02, "cwnd", s.number(1, 100)), s.maybe(0.02, "reordering", s.number(1, 50)),
        s.maybe(0.02, "initrwnd", s.number(1, 100)), s.maybe(0.02, "rttvar", s.number(1, 100)), s.maybe(0.01, "fastopen_no_cookie", "1"))


def extras(s, family):
    table = s.pick(words.TABLES) if s.chance(0.95) else s.pick(words.BAD_TABLES)
    rows = [s.maybe(0.2, s.pick(("metric", "metric", "priority", "preference", "pref")), s.number(0, 300)),
            s.maybe(0.18, "table", table), s.maybe(0.15, s.pick(("proto", "protocol")), s.pick(words.PROTOS)),
            s.maybe(0.12, "scope", s.pick(words.SCOPES)), s.maybe(0.12, "src", s.pick([a[1].split("/")[0] for a in s.addrs] or ["10.0.0.1"])),
            s.maybe(0.06, s.pick(("tos", "dsfield")), s.pick(words.TOS)), s.maybe(0.12, "onlink"), metrics(s)]
    if family == 6:
        rows += [s.maybe(0.06, "expires", s.number(100, 1000)), s.maybe(0.05, "pref", s.pick(("low", "medium", "high"))),
                 s.maybe(0.12, "from", s.source6())]
    return s.shuffled(*rows)


def change(s):
    family = s.family()
    kind = [s.pick(words.ROUTE_TYPES)] if s.chance(0.2) else []
    target = [*s.maybe(0.06, "to"), s.prefix(family) if s.chance(0.96) else s.pick(words.WRONG_ADDRESSES4)]
    way = multipath(s, family) if s.chance(0.12) else hop(s, family)
    if kind and kind[0] in ("blackhole", "unreachable", "prohibit", "throw") and s.chance(0.85):
        way = []
    more = extras(s, family)
    rest = [*kind, *target, *more, *way] if way[:1] == ["nexthop"] else [*kind, *target, *s.shuffled(way, more)]
    verb = s.pick_weighted((14, "add"), (3, "replace"), (3, "append"), (2, "change"), (1, "prepend"), (1, "a"), (1, "chg"),
                           (1, "repl"), (1, "app"), (1, "test"))
    s.routes.append((family, rest))
    return s.ip_command(obj(s), verb, rest, ["-6"] if family == 6 and s.chance(0.6) else s.maybe(0.03, s.pick(("-4", "-6"))))


def delete(s):
    if s.routes and s.chance(0.8):
        family, rest = s.pick(s.routes)
        if s.chance(0.5) and "nexthop" not in rest:
            rest = rest[:s.rng.randint(1, len(rest))]
    else:
        family = s.family()
        rest = [s.prefix(family), *hop(s, family)]
    return s.ip_command(obj(s), s.pick(("del", "del", "delete", "d")), rest, ["-6"] if family == 6 else [])


def get(s):
    family = s.family()
    own = [a[1].split("/")[0] for a in s.addrs if (":" in a[1]) == (family == 6)] or [s.ip(family)]
    dst = s.pick_weighted((8, s.ip(family)), (3, s.pick(own)), (1, "127.0.0.1"), (1, "8.8.8.8"), (1, "10.0.0.255"),
                          (1, "224.0.0.5"), (1, "255.255.255.255"), (1, "0.0.0.0"), (1, s.prefix(family)))
    more = s.shuffled(s.maybe(0.2, "from", s.pick(own + [s.ip(family)])), s.maybe(0.12, "iif", s.dev()), s.maybe(0.15, s.pick(("oif", "dev")), s.dev()),
                      s.maybe(0.06, "mark", s.number(0, 10)), s.maybe(0.06, s.pick(("tos", "dsfield")), s.pick(words.TOS)),
                      s.maybe(0.06, "uid", s.number(0, 1000)), s.maybe(0.05, "ipproto", s.pick(("tcp", "udp", "icmp", "6"))),
                      s.maybe(0.05, "sport", s.number(1, 65535)), s.maybe(0.05, "dport", s.number(1, 65535)),
                      s.maybe(0.1, "fibmatch"), s.maybe(0.02, "connected"))
    return s.ip_command(obj(s), s.pick(("get", "get", "g")), [dst, *more], s.options(6 if family == 6 and s.chance(0.5) else None, stats=False))


def selectors(s, family):
    rows = [s.maybe(0.35, "table", s.pick(words.TABLES + (("all",) if family != 6 else ())))]
    if s.chance(0.6):
        rows += [s.maybe(0.2, s.pick(("dev", "oif")), s.dev()), s.maybe(0.12, s.pick(("proto", "protocol")), s.pick(words.PROTOS)),
                 s.maybe(0.1, "scope", s.pick(words.SCOPES)), s.maybe(0.1, "type", s.pick(words.ROUTE_TYPES)),
                 s.maybe(0.08, "via", s.ip(family)), s.maybe(0.06, "src", s.ip(family)), s.maybe(0.05, s.pick(("metric", "priority")), s.number(0, 300)),
                 s.maybe(0.04, s.pick(("tos", "dsfield")), s.pick(words.TOS)), s.maybe(0.02, "cached"), s.maybe(0.02, "iif", s.dev())]
    if s.chance(0.3):
        rows += [s.pick(([], ["to"], ["root"], ["match"], ["exact"], ["to", "root"], ["to", "match"], ["to", "exact"])) + [s.prefix(family)]]
    if s.chance(0.15 if family == 6 else 0.03):
        rows += [["from"] + s.pick(([], ["root"], ["match"], ["exact"])) + [s.source6() if family == 6 else s.prefix(4)]]
    return s.shuffled(*rows)


def flush(s):
    family = s.pick((4, 4, 6)) if s.ipv6 != "off" else 4
    return s.ip_command(obj(s), s.pick(("flush", "flush", "f")), selectors(s, family) or ["table", "7"],
                        (["-6"] if family == 6 else []) + s.maybe(0.25, s.pick(("-s", "-s -s", "-o"))))


def show(s):
    family = 6 if s.chance(0.06 if s.ipv6 == "off" else 0.3) else 4
    select = selectors(s, family) if s.chance(0.6) else []
    verb = s.pick_weighted((8, "show"), (2, "ls"), (1, "list"), (1, "sh"), (1, "lst"))
    if not select and s.chance(0.4):
        verb = ""
    return s.ip_command(obj(s), verb, select, s.options(family, stats=s.chance(0.1)))


def command(s):
    line = s.pick_weighted((16, change), (4, delete), (9, get), (2, flush), (5, show))(s)
    return "route", line, False

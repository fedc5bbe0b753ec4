"""ip neigh: add and its kin, delete, flush, get, show."""
import words


def obj(s):
    return s.pick_weighted((8, "neigh"), (4, "n"), (1, "neighbor"), (1, "neighbour"), (1, "ne"))


def state(s):
    return s.pick_weighted((5, "permanent"), (4, "stale"), (3, "noarp"), (3, "reachable"), (2, "none"), (2, "failed"), (1, "foo"), (1, "0x80"))


def change(s):
    family = s.family()
    if s.neighs and s.chance(0.3):
        addr, dev, proxy = s.pick(s.neighs)
    else:
        addr, dev, proxy = s.ip(family), s.dev(), s.chance(0.1)
    if s.chance(0.03):
        addr = s.pick(words.WRONG_ADDRESSES4)
    s.neighs.append((addr, dev, proxy))
    lladdr = [] if proxy else s.maybe(0.88, s.pick(("lladdr", "lladdr", "lla")), s.mac() if s.chance(0.94) else s.pick(words.WRONG_LLADDRESSES))
    more = s.shuffled(["dev", dev], lladdr, s.maybe(0.5, "nud", state(s)), s.maybe(0.06, "router"), s.maybe(0.04, "extern_learn"),
                      s.maybe(0.05, "protocol", s.pick(words.PROTOS)))
    return s.ip_command(obj(s), s.pick_weighted((9, "add"), (3, "replace"), (2, "change"), (1, "a"), (1, "chg"), (1, "repl")),
                        [*(["proxy"] if proxy else s.maybe(0.1, "to")), addr, *more])


def delete(s):
    addr, dev, proxy = s.pick(s.neighs) if s.neighs and s.chance(0.85) else (s.ip(4), s.dev(), False)
    return s.ip_command(obj(s), s.pick(("del", "del", "delete", "d")), [*(["proxy"] if proxy else []), addr, "dev", dev])


def selectors(s):
    return s.shuffled(s.maybe(0.4, "dev", s.dev()), s.maybe(0.25, "nud", s.pick(("permanent", "stale", "all", "noarp", "reachable", "failed", "none", "foo"))),
                      s.maybe(0.15, *s.pick(([], ["to"])), s.pick((s.ip(4), "10.0.0.0/8", "10.0.0.0/24"))), s.maybe(0.05, "unused"),
                      s.maybe(0.03, "nomaster"), s.maybe(0.03, "master", s.dev()))


def flush(s):
    return s.ip_command(obj(s), s.pick(("flush", "f")), selectors(s) if s.chance(0.9) else s.pick((["all"], [])),
                        s.maybe(0.3, s.pick(("-4", "-6", "-s", "-s -s"))))


def get(s):
    addr, dev, _ = s.pick(s.neighs) if s.neighs and s.chance(0.8) else (s.ip(4), s.dev(), False)
    return s.ip_command(obj(s), "get", [addr, "dev", dev], s.options(stats=False))


def command(s):
    line = s.pick_weighted((14, change), (4, delete), (2, flush), (2, get), (3, show))(s)
    return "neigh", line, False


def show(s):
    select = selectors(s) if s.chance(0.5) else []
    if s.chance(0.08):
        select = ["proxy", *s.maybe(0.5, "dev", s.dev())]
    verb = s.pick(("show", "show", "ls", "list", "sh"))
    if not select and s.chance(0.4):
        verb = ""
    return s.ip_command(obj(s), verb, select, s.options(s.pick((None, None, 4, 6)), stats=False))

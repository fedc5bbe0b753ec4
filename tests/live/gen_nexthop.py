"""ip nexthop: objects, groups, resilient groups and their buckets; routes by nhid."""
import gen_route
import words

IDS = ("1", "2", "3", "5", "10", "100", "101")


def obj(s):
    return s.pick_weighted((8, "nexthop"), (3, "nexth"), (1, "nex"))


def ident(s):
    return s.number(0, 7) if s.chance(0.1) else s.pick(IDS)


def group(s):
    ids = [ident(s) + s.pick(("", "", ",2", ",5", ",300", ",0", ",x") if s.chance(0.4) else ("",)) for _ in range(s.pick((1, 2, 2, 3)))]
    kind = s.pick_weighted((6, []), (2, ["type", "mpath"]), (4, ["type", "resilient", *s.shuffled(
        s.maybe(0.6, "buckets", s.number(1, 8)), s.maybe(0.3, "idle_timer", s.pick(("100", "60", "0", "1.5"))),
        s.maybe(0.3, "unbalanced_timer", s.number(0, 300)))]), (1, ["type", "foo"]), (1, ["buckets", "4"]))
    return ["group", s.pick(("/".join(ids), "/".join(ids), "1/2", "1/", "x"))] + kind


def what(s, family):
    via = ["via", s.ip(family)]
    return s.pick_weighted((6, s.shuffled(via, ["dev", s.dev()])), (3, ["dev", s.dev()]), (1, via), (1, ["blackhole"]), (4, group(s)),
                           (1, s.shuffled(via, ["dev", s.dev()], ["onlink"])), (1, ["blackhole", "dev", s.dev()]))


def change(s):
    family = s.family()
    nh = what(s, family)
    rest = s.shuffled(["id", ident(s)] if s.chance(0.92) else [], nh, s.maybe(0.12, s.pick(("proto", "protocol")), s.pick(words.PROTOS)),
                      s.maybe(0.06, "fdb"))
    return s.ip_command(obj(s), s.pick_weighted((7, "add"), (3, "replace"), (1, "a"), (1, "repl")), rest,
                        s.maybe(0.6 if family == 6 else 0.1, "-6" if family == 6 else s.pick(("-4", "-6"))))


def delete(s):
    return s.ip_command(obj(s), s.pick(("del", "del", "delete", "d")), ["id", ident(s)])


def route(s):
    family = s.family()
    rest = s.shuffled([s.prefix(family)], ["nhid", ident(s)], s.maybe(0.15, "metric", s.number(0, 100)), s.maybe(0.05, "dev", s.dev()),
                      s.maybe(0.1, "table", s.pick(words.TABLES)), s.maybe(0.08, "scope", s.pick(words.SCOPES)), s.maybe(0.08, "mtu", s.number(600, 1500)))
    s.routes.append((family, rest))
    verb = s.pick_weighted((6, "add"), (2, "replace"), (2, "append"), (2, "del"))
    return s.ip_command(gen_route.obj(s), verb, rest, ["-6"] if family == 6 else [])


def selectors(s):
    return s.shuffled(s.maybe(0.3, "id", ident(s)), s.maybe(0.25, "dev", s.dev()), s.maybe(0.2, "groups"), s.maybe(0.1, "fdb"),
                      s.maybe(0.1, "proto", s.pick(words.PROTOS)), s.maybe(0.05, "master", s.dev()), s.maybe(0.05, "vrf", s.dev()))


def flush(s):
    return s.ip_command(obj(s), s.pick(("flush", "flush", "f")), selectors(s), s.maybe(0.2, s.pick(("-4", "-6", "-s"))))


def bucket(s):
    rest = s.pick(("list", "show", "", "get")).split()
    rest += ["id", ident(s)] + s.maybe(0.5, "index", s.number(0, 4)) if rest == ["get"] else s.shuffled(
        s.maybe(0.6, "id", ident(s)), s.maybe(0.2, "nhid", ident(s)), s.maybe(0.15, "dev", s.dev()))
    return s.ip_command(obj(s), "bucket", rest, s.pick(([], [], ["-j"])))


def get(s):
    return s.ip_command(obj(s), "get", ["id", ident(s)], s.pick(([], ["-d"], ["-j"], ["-6"])))


def command(s):
    return "nexthop", s.pick_weighted((12, change), (3, delete), (6, route), (1, flush), (1, bucket), (1, get))(s), False


def show(s):
    select = selectors(s) if s.chance(0.5) else []
    verb = s.pick(("show", "show", "list", "ls", ""))
    return s.ip_command(obj(s), verb if select or s.chance(0.6) else "", select, s.options(s.pick((None, None, 4, 6)), stats=False))

"""ip rule: add, delete, flush, show."""
import words

PREFERENCES = ("100", "200", "1000", "32765", "32766", "5", "0")


def obj(s):
    return s.pick_weighted((8, "rule"), (2, "ru"), (1, "rul"))


def parts(s, family):
    table = s.pick(words.TABLES) if s.chance(0.95) else s.pick(words.BAD_TABLES)
    act = s.pick_weighted((8, [s.pick(("table", "lookup")), table]), (1, ["blackhole"]), (1, ["unreachable"]), (1, ["prohibit"]),
                          (1, ["goto", s.pick(PREFERENCES)]), (1, ["nop"]), (1, []), (1, ["type", "blackhole"]))
    return s.shuffled(
        s.maybe(0.4, "from", s.prefix(family) if s.chance(0.8) else "all"), s.maybe(0.25, "to", s.prefix(family)),
        s.maybe(0.45, s.pick(("pref", "priority", "preference", "prio", "order")), s.pick(PREFERENCES)),
        s.maybe(0.1, s.pick(("tos", "dsfield")), s.pick(words.TOS)), s.maybe(0.1, "fwmark", s.pick(("1", "0x10", "0x1/0xff", "7/7", "foo"))),
        s.maybe(0.1, s.pick(("iif", "dev")), s.dev()), s.maybe(0.1, "oif", s.dev()), s.maybe(0.07, "uidrange", s.pick(("0-0", "1000-2000", "5", "9-1"))),
        s.maybe(0.07, "ipproto", s.pick(("tcp", "udp", "icmp", "17", "foo"))), s.maybe(0.05, "sport", s.pick(("80", "1-5", "9-1", "0"))),
        s.maybe(0.05, "dport", s.pick(("53", "1000-2000", "70000"))), s.maybe(0.07, "not"), s.maybe(0.05, "protocol", s.pick(words.PROTOS)),
        s.maybe(0.06, s.pick(("suppress_prefixlength", "sup_pl")), s.number(0, 32)),
        s.maybe(0.04, s.pick(("suppress_ifgroup", "sup_group")), s.pick(("0", "1", "default"))), act)


def change(s):
    family = s.family()
    rest = parts(s, family)
    s.rules.append((family, rest))
    return s.ip_command(obj(s), s.pick(("add", "add", "a")), rest, ["-6"] if family == 6 else [])


def delete(s):
    family, rest = s.pick(s.rules) if s.rules and s.chance(0.75) else (4, [s.pick(("pref", "priority")), s.pick(PREFERENCES)])
    if (family, rest) in s.rules:
        s.rules.remove((family, rest))
    return s.ip_command(obj(s), s.pick(("del", "del", "delete", "d")), rest, ["-6"] if family == 6 else [])


def selectors(s):
    return s.shuffled(s.maybe(0.25, "from", s.prefix(4)), s.maybe(0.15, "to", s.prefix(4)), s.maybe(0.2, s.pick(("table", "lookup")), s.pick(words.TABLES)),
                      s.maybe(0.2, s.pick(("pref", "priority")), s.pick(PREFERENCES + ("0-300",))), s.maybe(0.08, s.pick(("tos", "dsfield")), s.pick(words.TOS)),
                      s.maybe(0.08, "fwmark", s.pick(("1", "0x10"))), s.maybe(0.08, "iif", s.dev()), s.maybe(0.05, "oif", s.dev()),
                      s.maybe(0.05, "ipproto", "tcp"), s.maybe(0.05, "protocol", s.pick(words.PROTOS)), s.maybe(0.03, "not"))


def flush(s):
    return s.ip_command(obj(s), "flush", s.pick(([], ["table", "7"], ["pref", "100"], ["from", "10.0.0.0/24"])),
                        s.maybe(0.3, s.pick(("-4", "-6", "-s"))))


def command(s):
    line = s.pick_weighted((14, change), (4, delete), (1, flush), (3, show))(s)
    return "rule", line, False


def show(s):
    select = selectors(s) if s.chance(0.3) else []
    verb = s.pick(("show", "show", "ls", "list", "lst"))
    if not select and s.chance(0.5):
        verb = ""
    return s.ip_command(obj(s), verb, select, s.options(s.pick((4, 4, 4, 6)), stats=s.chance(0.1)))

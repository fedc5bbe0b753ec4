"""ip addrlabel, ip netconf."""
import words


def obj(s):
    return s.pick_weighted((6, "addrlabel"), (2, "addrl"))


def change(s):
    rest = s.shuffled(["prefix", s.prefix(6) if s.chance(0.9) else s.pick(words.WRONG_ADDRESSES6)], s.maybe(0.9, "label", s.number(0, 100)),
                      s.maybe(0.15, "dev", s.dev()))
    return s.ip_command(obj(s), s.pick_weighted((6, "add"), (3, "del"), (1, "delete"), (1, "a")), rest, s.maybe(0.1, s.pick(("-4", "-6"))))


def flush(s):
    return s.ip_command(obj(s), "flush", [])


def netconf(s):
    return s.ip_command("netconf", s.pick(("", "show", "list")), s.maybe(0.5, "dev", s.dev()), s.pick(([], ["-4"], ["-6"], ["-j"], ["-j", "-4"])))


def command(s):
    return "addrlabel", s.pick_weighted((8, change), (1, flush), (2, netconf))(s), False


def show(s):
    if s.chance(0.2):
        return netconf(s)
    return s.ip_command(obj(s), s.pick(("", "list", "show", "ls")), [], s.options(s.pick((None, None, 6)), stats=False))

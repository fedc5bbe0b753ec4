"""ip ntable and ip token: what belongs to devices besides."""
import words

PARMS = ("base_reachable", "retrans", "gc_stale", "delay_probe", "queue", "app_probes", "ucast_probes", "mcast_probes", "anycast_delay", "proxy_delay", "proxy_queue", "locktime")
COUNTS = ("queue", "app_probes", "ucast_probes", "mcast_probes", "proxy_queue")


def parm(s):
    """Times as vnet keeps them: whole seconds where the sysctl has these."""
    name = s.pick(PARMS)
    good = s.pick(("0", "1", "3", "10")) if name in COUNTS else s.pick(("1000", "2000", "5000", "60000"))
    return [name, s.pick_weighted((12, good), (1, s.pick(("x", "1.5"))), (1, ""))]


def ntable(s):
    name = s.pick_weighted((10, "arp_cache"), (4, "ndisc_cache"), (1, "foo"))
    rest = s.shuffled(["name", name] if s.chance(0.95) else [], ["dev", s.dev()] if not s.place.name or s.chance(0.9) else [], *[parm(s) for _ in range(s.pick((0, 1, 1, 1, 2)))])
    return s.ip_command(s.pick(("ntable", "ntable", "ntbl", "nt")), s.pick_weighted((8, "change"), (1, "chg"), (1, "c"), (1, "set")), rest, s.maybe(0.1, s.pick(("-4", "-6"))))


def token(s):
    value = s.pick_weighted((8, s.pick(("::1", "::5", "::1:2:3:4", "fd00::7"))), (2, "::"), (1, s.pick(words.WRONG_ADDRESSES6)))
    return s.pick_weighted(
        (6, lambda: s.ip_command("token", s.pick(("set", "set", "add", "s")), s.shuffled([value], s.maybe(0.95, "dev", s.dev())))),
        (3, lambda: s.ip_command("token", s.pick(("del", "delete", "d")), s.maybe(0.95, "dev", s.dev()))))()


def command(s):
    return "objects", s.pick((ntable, token))(s), False


def show(s):
    """Of a device: what is a table's own belongs to the machine."""
    return s.pick_weighted(
        (4, lambda: s.ip_command("ntable", s.pick(("show", "show", "list", "lst")), s.shuffled(["dev", s.dev()], s.maybe(0.3, "name", s.pick(("arp_cache", "ndisc_cache", "foo")))),
                                 s.pick(([], [], ["-j"], ["-4"], ["-6"], ["-o"], ["-p", "-j"], ["-s"], ["-0"])))),
        (3, lambda: s.ip_command("token", s.pick(("", "list", "show", "get", "lst")), s.maybe(0.5, "dev", s.dev()), s.pick(([], [], ["-j"], ["-4"], ["-o"])))))()

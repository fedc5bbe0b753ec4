"""ip maddress; what monitors tell of a few commands."""
import gen_addr
import gen_link
import gen_neigh
import gen_route
import gen_rule
import words


def obj(s):
    return s.pick_weighted((6, "maddress"), (4, "maddr"), (1, "m"), (1, "mad"))


def change(s):
    group = s.pick_weighted((8, "01:00:5e:00:00:%02x" % s.rng.randint(1, 3)), (3, "33:33:00:00:00:07"), (1, s.mac()), (1, "239.1.1.1"),
                            (1, s.pick(words.WRONG_LLADDRESSES)))
    verb = s.pick_weighted((6, "add"), (3, "del"), (1, "delete"), (1, "a"))
    return "mcast", s.ip_command(obj(s), verb, [*s.maybe(0.1, "address"), group, *s.maybe(0.95, "dev", s.dev())]), False


def monitor(s):
    """Around a few commands. IPv6 talks at random moments: only where it is off."""
    if s.ipv6 != "off":
        return change(s)
    makers = (gen_addr.change, gen_addr.delete, gen_route.change, gen_route.delete, gen_rule.change, gen_neigh.change, gen_link.rename)
    lines = [s.pick(makers)(s) for _ in range(s.pick((1, 2, 3)))]
    what = s.pick(("", "", "all", "link", "address", "route", "rule", "neigh", "label", "foo", "link address"))
    options = s.pick(([], [], ["-4"], ["-j"], ["-o"], ["-d"]))
    watch = s.ip_command("monitor", what, [], options)
    return "mcast", f"{watch} >m 2>n & sleep 0.5; {' 2>&1; '.join(lines)} 2>&1; sleep 0.3; kill $! 2>k; wait; cat m n", False


def command(s):
    return s.pick_weighted((5, change), (2, monitor))(s)


def show(s):
    return s.ip_command(obj(s), s.pick(("", "show", "list", "ls")), s.maybe(0.5, *s.pick(([], ["dev"])), s.dev()),
                        s.pick(([], [], ["-4"], ["-6"], ["-0"], ["-j"], ["-o"])))

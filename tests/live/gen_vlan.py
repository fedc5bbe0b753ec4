"""Links of the kinds vlan and dummy: only where the kernel has them."""
import gen_link

DUMMIES = ("dummy0", "dum")


def name(s, lower, vid):
    return s.pick_weighted((6, f"{lower}.{vid}"), (1, "vlan" + vid))


def options(s):
    return s.shuffled(s.maybe(0.15, "protocol", s.pick(("802.1q", "802.1ad", "foo"))), s.maybe(0.1, "loose_binding", s.pick(("on", "off"))),
                      s.maybe(0.08, "ingress-qos-map", s.pick(("1:2", "3:4 5:6", "9:1"))), s.maybe(0.08, "egress-qos-map", s.pick(("1:2", "0:7", "0:8"))))


def add_vlan(s):
    lower, vid = s.dev(), s.pick(("5", "10", "100", "5", "10", "0", "4094", "4095", "4096", "x"))
    new = name(s, lower, vid)
    if vid in ("5", "10", "100"):
        s.links.setdefault(new, None)
    where = s.pick_weighted((9, ["link", lower]), (1, []))
    return s.ip_command(gen_link.obj(s), "add", [*s.shuffled(where, [*s.pick(([], ["name"])), new]), *s.maybe(0.2, "address", s.mac()), *s.maybe(0.1, "mtu", s.number(500, 1500)),
                                                 *s.maybe(0.3, "up"), "type", "vlan", *s.shuffled(["id", vid] if s.chance(0.95) else [], options(s))])


def set_vlan(s):
    return s.ip_command(gen_link.obj(s), "set", [s.dev(), "type", "vlan", *(options(s) or ["loose_binding", "on"])])


def add_dummy(s):
    new = s.pick(DUMMIES)
    s.links.setdefault(new, None)
    return s.ip_command(gen_link.obj(s), "add", [new, "address", s.mac(), *s.maybe(0.3, "up"), "type", "dummy"])


def command(s):
    return "link", s.pick_weighted((6, add_vlan), (1, set_vlan), (2, add_dummy))(s), "sleep 1.3"

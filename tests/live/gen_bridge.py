"""Bridges and their ports: ip link type bridge and bridge_slave, bridge link, fdb and vlan, brctl."""
import gen_link
import words

SETTLED = "sleep 1.3"  # a carrier lost is told of up to a second later
ON_OFF = ("on", "on", "off", "off", "0", "x")
PORT_FLAGS = ("hairpin", "guard", "root_block", "fastleave", "learning", "flood", "mcast_flood", "bcast_flood", "isolated", "locked")


def bridge(s, wrong=0.05):
    own = [b for b in words.BRIDGES if b in s.links]
    if s.chance(wrong):
        return s.dev()
    return s.pick(own or words.BRIDGES)


def port(s):
    return s.dev()


def option(s):
    """Of a bridge."""
    return s.pick_weighted(
        (3, ["forward_delay", s.pick(("0", "200", "400", "1500", "3000", "3001", "199"))]), (2, ["hello_time", s.pick(("100", "200", "1000", "99", "1001"))]),
        (2, ["max_age", s.pick(("600", "2000", "4000", "599", "4001"))]), (3, ["ageing_time", s.pick(("0", "1000", "30000", "2999"))]),
        (2, ["stp_state", s.pick(("0", "0", "0", "1", "x"))]), (3, ["priority", s.number(0, 65535)]), (1, ["vlan_filtering", s.pick(("0", "1", "2"))]),
        (1, ["vlan_default_pvid", s.pick(("0", "1", "7", "4095"))]), (1, ["vlan_stats_enabled", s.pick(("0", "1"))]),
        (1, ["vlan_protocol", s.pick(("802.1q", "802.1ad", "foo"))]), (1, ["group_fwd_mask", s.pick(("0", "8", "0xfff8", "1", "0x10000"))]),
        (1, ["group_address", s.pick(("01:80:c2:00:00:00", "01:80:c2:00:00:0e", "01:80:c2:00:00:01", "foo"))]), (1, ["no_linklocal_learn", s.pick(("0", "1"))]),
        (1, ["mcast_router", s.pick(("0", "1", "2", "3"))]), (1, ["mcast_query_use_ifaddr", s.pick(("0", "1"))]), (1, ["mcast_hash_max", s.pick(("512", "4096", "0", "3"))]),
        (1, ["mcast_last_member_count", s.number(1, 9)]), (1, ["mcast_startup_query_count", s.number(1, 9)]), (1, ["mcast_query_interval", s.pick(("12500", "6000", "5"))]),
        (1, ["mcast_igmp_version", s.pick(("2", "3", "1", "4"))]), (1, ["mcast_mld_version", s.pick(("1", "2", "3"))]), (1, ["mcast_stats_enabled", s.pick(("0", "1"))]),
        (1, ["nf_call_iptables", s.pick(("0", "1"))]), (1, ["nf_call_arptables", s.pick(("0", "1"))]), (1, ["fdb_flush"]), (1, [s.pick(("foo", "stp_state", "priority", "help"))]))


def options_of(s, most):
    return [w for _ in range(s.pick(range(1, most + 1))) for w in option(s)]


def add(s):
    free = [b for b in words.BRIDGES if b not in s.links]
    name = s.pick(free or words.BRIDGES)
    s.links.setdefault(name, None)
    if s.chance(0.2):
        return f"brctl addbr {name}"
    return s.ip_command(gen_link.obj(s), "add", [name, "address", s.mac(), *s.maybe(0.1, "mtu", s.number(500, 3000)), *s.maybe(0.3, "up"), "type", "bridge",
                                                 *(options_of(s, 2) if s.chance(0.4) else [])])


def change(s):
    return s.ip_command(gen_link.obj(s), "set", [*s.maybe(0.3, "dev"), bridge(s), "type", "bridge", *options_of(s, 3)])


def enslave(s):
    how = s.pick_weighted((8, "ip"), (3, "brctl"))
    if s.chance(0.7):
        return s.ip_command(gen_link.obj(s), "set", [port(s), s.pick(("master", "master", "master", "vrf")), bridge(s), *s.maybe(0.15, s.pick(("up", "down")))]) \
            if how == "ip" else f"brctl addif {bridge(s)} {port(s)}"
    return s.ip_command(gen_link.obj(s), "set", [port(s), "nomaster"]) if how == "ip" else f"brctl delif {bridge(s)} {port(s)}"


def slave_option(s):
    return s.pick_weighted(
        (3, ["cost", s.number(1, 65535)]), (3, ["priority", s.number(0, 63)]), (3, ["state", s.pick(("0", "1", "2", "3", "4", "5"))]),
        (6, [s.pick(PORT_FLAGS), s.pick(ON_OFF)]), (1, ["mcast_router", s.pick(("0", "1", "2", "3"))]), (1, ["group_fwd_mask", s.pick(("0", "8", "0xfff8", "2"))]),
        (1, ["fdb_flush"]), (1, [s.pick(("foo", "cost", "learning"))]))


def slave(s):
    rest = [w for _ in range(s.pick((1, 1, 2, 3))) for w in slave_option(s)]
    return s.ip_command(gen_link.obj(s), "set", [*s.maybe(0.3, "dev"), port(s), "type", "bridge_slave", *rest])


def tool(s, *parts):
    """bridge, whose namespace may be given by -n"""
    where = [s.pick(("-n", "-n", "-netns")), s.place.name] if s.place.name else []
    return " ".join(["bridge", *where, *parts])


def link_set(s):
    rest = s.pick_weighted(
        (2, ["cost", s.number(1, 65535)]), (2, ["priority", s.number(0, 63)]), (2, ["state", s.pick(("0", "1", "2", "3", "4", "5", "blocking", "forwarding", "learning", "foo"))]),
        (6, [s.pick(PORT_FLAGS), s.pick(ON_OFF[:5])]), (1, ["mcast_router", s.pick(("0", "1", "2"))]), (1, [s.pick(("self", "master"))]), (1, ["foo"]))
    return tool(s, "link", s.pick(("set", "set", "change")), *s.maybe(0.93, "dev", port(s)), *rest, *s.maybe(0.15, s.pick(("self", "master"))))


def fdb(s):
    mac = s.pick_weighted((12, "02:00:00:00:0a:%02x" % s.rng.randint(1, 4)), (1, s.mac()), (1, "01:00:5e:00:00:fb"), (1, "33:33:00:00:00:05"),
                          (1, s.pick(words.WRONG_LLADDRESSES)))
    where = s.shuffled(["dev", port(s) if s.chance(0.8) else bridge(s)], s.pick_weighted((8, ["master"]), (3, ["self"]), (3, []), (1, ["self", "master"])),
                       s.maybe(0.5, s.pick(("static", "local", "permanent", "dynamic", "temp"))), s.maybe(0.05, "vlan", s.pick(("0", "5", "7", "4095"))),
                       s.maybe(0.05, s.pick(("sticky", "extern_learn", "use", "foo"))))
    return tool(s, "fdb", s.pick_weighted((8, "add"), (3, "replace"), (2, "append"), (5, "del"), (1, "delete"), (1, "a")), mac, *where)


def fdb_get(s):
    mac = "02:00:00:00:0a:%02x" % s.rng.randint(1, 4)
    return tool(s, *s.pick(([], ["-s"], ["-j"], ["-d"])), "fdb", "get", mac, *s.pick((["br", bridge(s)], ["dev", port(s)], ["dev", port(s), "master"], [])))


def fdb_flush(s):
    return tool(s, "fdb", "flush", *s.maybe(0.9, "dev", s.pick((port(s), bridge(s)))), *s.maybe(0.3, s.pick(("permanent", "static", "dynamic", "local", "vlan 5", "brport " + port(s),
                                                                                                            "self", "master"))))


def vlan(s):
    vid = s.pick_weighted((8, s.pick(("1", "5", "7", "10"))), (2, s.pick(("2-4", "10-12"))), (1, s.pick(("0", "4095", "4-2", "x"))))
    rest = s.shuffled(s.maybe(0.95, "vid", vid), s.maybe(0.95, "dev", s.pick((port(s), port(s), bridge(s)))), s.maybe(0.2, "pvid"), s.maybe(0.2, "untagged"),
                      s.maybe(0.15, "self"), s.maybe(0.05, "master"))
    return tool(s, "vlan", s.pick_weighted((6, "add"), (2, "del"), (1, "delete")), *rest)


def mdb(s):
    group = s.pick_weighted((8, "239.1.1.%d" % s.rng.randint(1, 4)), (3, "ff05::5"), (2, "01:00:5e:01:01:01"), (1, "224.0.0.1"), (1, "10.0.0.1"), (1, "foo"))
    rest = s.shuffled(["dev", bridge(s)], ["port", port(s) if s.chance(0.85) else bridge(s)], s.maybe(0.95, "grp", group)) + s.maybe(0.3, "src", s.pick_weighted((6, "10.0.0.%d" % s.rng.randint(1, 3)), (3, "2001:db8::1"), (1, "0.0.0.0"), (1, "239.1.1.1"), (1, "foo"))) + s.maybe(0.7, "permanent") + s.maybe(0.07, "vid", s.pick(("1", "5", "4095")))
    return tool(s, "mdb", s.pick_weighted((6, "add"), (3, "del"), (1, "delete")), *rest)


def monitor(s):
    """Around a few commands. IPv6 talks at random moments: only where it is off."""
    if s.ipv6 != "off":
        return mdb(s)
    lines = [s.pick((slave, link_set, fdb, fdb, mdb))(s) for _ in range(s.pick((1, 2, 3)))]
    watch = tool(s, *s.pick(([], [], ["-d"], ["-j"])), "monitor", s.pick(("", "all", "link", "fdb", "mdb", "vlan", "foo")))
    return f"{watch} >m 2>n & sleep 0.5; {' 2>&1; '.join(lines)} 2>&1; sleep 0.3; kill $! 2>k; wait; cat m n"


def brctl(s):
    b = bridge(s)
    return "brctl " + s.pick_weighted(
        (2, f"addbr {s.pick(words.BRIDGES)}"), (1, f"delbr {b}"), (2, f"setageing {b} {s.pick(('0', '30', '300', '1.5', 'x'))}"),
        (2, f"setbridgeprio {b} {s.number(0, 65535)}"), (2, f"setfd {b} {s.pick(('0', '2', '4', '15', '30', '31', '1'))}"),
        (1, f"sethello {b} {s.pick(('1', '2', '10', '0', '11'))}"), (1, f"setmaxage {b} {s.pick(('6', '20', '40', '5', '41'))}"),
        (2, f"setpathcost {b} {port(s)} {s.number(1, 200)}"), (2, f"setportprio {b} {port(s)} {s.number(0, 63)}"),
        (2, f"stp {b} {s.pick(('off', 'off', 'no', 'on', 'x'))}"), (2, f"hairpin {b} {port(s)} {s.pick(('on', 'off', 'x'))}"),
        (1, s.pick(("foo", "addif", f"addif {b}", f"setfd {b}", f"showstp", "show x", f"delif {b} {b}", f"addif {b} lo"))))


def command(s):
    make = add if not any(b in s.links for b in words.BRIDGES) and s.chance(0.6) else s.pick_weighted(
        (3, add), (4, change), (8, enslave), (4, slave), (4, link_set), (6, fdb), (1, fdb_get), (1, fdb_flush), (2, vlan), (3, mdb), (1, monitor), (5, brctl))
    return "bridge", make(s), s.settle if make in (fdb, fdb_get, vlan) else SETTLED


def tool_options(s):
    return s.pick_weighted((8, []), (4, ["-d"]), (3, ["-j"]), (1, ["-j", "-d"]), (1, ["-o"]), (1, ["-s"]), (1, ["-d", "-o"]), (1, ["-p", "-j"]))


def show(s):
    return s.pick_weighted(
        (3, lambda: tool(s, *tool_options(s), "link", *s.pick(([], ["show"], ["show", "dev", port(s)], ["list"])))),
        (4, lambda: tool(s, *tool_options(s), "fdb", *s.pick(([], ["show"], ["show", "br", bridge(s)], ["show", "dev", port(s)], ["show", "brport", port(s)],
                                                              ["show", "br", bridge(s), "state", s.pick(("static", "permanent", "all", "foo"))], ["show", "dynamic"])))),
        (1, lambda: tool(s, *s.pick(([], ["-j"], ["-c"], ["-compressvlans"])), "vlan", *s.pick(([], ["show"], ["show", "dev", port(s)], ["tunnelshow"])))),
        (1, lambda: tool(s, *s.pick(([], [], ["-d"], ["-j"], ["-o"])), "mdb", *s.pick(([], ["show"], ["show", "dev", bridge(s)], ["list"])))),
        (3, lambda: "brctl show" + s.pick(("", "", " " + bridge(s)))), (2, lambda: f"brctl showmacs {bridge(s)}"), (2, lambda: f"brctl showstp {bridge(s)}"),
        (2, lambda: s.ip_command(gen_link.obj(s), "show", s.pick((["master", bridge(s)], ["type", "bridge"], ["type", "bridge_slave"], [bridge(s)])),
                                 s.pick(([], ["-d"], ["-br"], ["-j", "-d"])))),
        (1, lambda: s.ip_command(gen_link.obj(s), "show", ["dev", port(s)], s.pick((["-d"], ["-d", "-j"])))))()

"""Networks of several namespaces that a script begins with."""
import gen_netns

SETTLED = "sleep 1.3"


def namespace(s, name):
    s.make_place(name)
    return [f"ip netns add {name}", *gen_netns.calm(s, name)]


def cable(s, here, name, address):
    """A pair from here to eth0 of that namespace."""
    s.links[here] = None
    place = s.places[name]
    place.links["eth0"] = None
    place.addrs.append(("eth0", address))
    lines = [f"ip link add {here} address {s.mac()} type veth peer name eth0 address {s.mac()} netns {name}", f"ip link set {here} up",
             f"ip -n {name} link set eth0 up", f"ip -n {name} addr add {address} dev eth0"]
    # mostly entries that stay reachable: by default that ends between 15 and 45 s, at random
    return lines + s.maybe(0.8, f"sysctl -qw net.ipv4.neigh.{here}.base_reachable_time_ms=600000",
                           f"ip netns exec {name} sysctl -qw net.ipv4.neigh.eth0.base_reachable_time_ms=600000")


def address(s, dev, own):
    s.addrs.append((dev, own))
    return f"ip addr add {own} dev {dev}"


def bridge(s):
    """Two namespaces at a bridge, which has an address of its own."""
    lines = [f"ip link add br0 address {s.mac()} type bridge"]
    s.links["br0"] = None
    for here, name, own in (("v0", "blue", "10.0.0.2/24"), ("v2", "ns1", "10.0.0.3/24")):
        lines += namespace(s, name) + cable(s, here, name, own) + [f"ip link set {here} master br0"]
    lines += ["ip link set br0 up", *s.maybe(0.8, address(s, "br0", "10.0.0.1/24"))]
    return lines + s.maybe(0.3, "ip -n blue route add default via 10.0.0.1") + [SETTLED]


def router(s):
    """Two namespaces, each at an end of a router's: the one that the script runs in."""
    lines = []
    for here, name, own, ours in (("v0", "blue", "10.0.0.2/24", "10.0.0.1/24"), ("v2", "green", "10.0.1.2/24", "10.0.1.1/24")):
        lines += namespace(s, name) + cable(s, here, name, own) + [address(s, here, ours)]
        lines += s.maybe(0.9, f"ip -n {name} route add default via {ours[:-3]}")
    return lines + s.maybe(0.85, "sysctl -qw net.ipv4.ip_forward=1") + [SETTLED]


def vlan(s):
    """A pair to a namespace, with a VLAN on it."""
    lines = namespace(s, "blue") + cable(s, "v0", "blue", "10.0.0.2/24") + [address(s, "v0", "10.0.0.1/24")]
    lines += ["ip link add link v0 name v0.5 type vlan id 5", "ip -n blue link add link eth0 name eth0.5 type vlan id 5"]
    s.links["v0.5"] = s.places["blue"].links["eth0.5"] = None
    s.places["blue"].addrs.append(("eth0.5", "10.5.0.2/24"))
    lines += ["ip link set v0.5 up", "ip -n blue link set eth0.5 up", address(s, "v0.5", "10.5.0.1/24"), "ip -n blue addr add 10.5.0.2/24 dev eth0.5"]
    return lines + [SETTLED]


LINES = {"bridge": bridge, "router": router, "vlan": vlan}

"""For each loss that sites.py finds: a world, what is done to it, and a command (or frames that arrive, whole or
mangled) whose explanation tells of it."""

from frames import *

# Two hosts and a router between them; a bridge with a host at each of two ports; CAN.
WORLDS = {
    "line": """ip netns add a; ip netns add r; ip netns add b
ip link add a0 address 02:00:00:00:00:0a netns a type veth peer name r0 address 02:00:00:00:00:01 netns r
ip link add b0 address 02:00:00:00:00:0b netns b type veth peer name r1 address 02:00:00:00:00:02 netns r
ip -n a addr add 10.0.1.2/24 dev a0; ip -n r addr add 10.0.1.1/24 dev r0
ip -n b addr add 10.0.2.2/24 dev b0; ip -n r addr add 10.0.2.1/24 dev r1
ip -n a addr add 2001:db8:1::2/64 dev a0 nodad; ip -n r addr add 2001:db8:1::1/64 dev r0 nodad
ip -n b addr add 2001:db8:2::2/64 dev b0 nodad; ip -n r addr add 2001:db8:2::1/64 dev r1 nodad
for n in a r b; do ip -n $n link set lo up; done
ip -n a link set a0 up; ip -n r link set r0 up; ip -n r link set r1 up; ip -n b link set b0 up
ip -n a route add default via 10.0.1.1; ip -n b route add default via 10.0.2.1
ip -n a route add default via 2001:db8:1::1; ip -n b route add default via 2001:db8:2::1
ip netns exec r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
sleep 3""",
    "bridge": """ip netns add a; ip netns add s; ip netns add b
ip link add a0 address 02:00:00:00:00:0a netns a type veth peer name p0 address 02:00:00:00:00:01 netns s
ip link add b0 address 02:00:00:00:00:0b netns b type veth peer name p1 address 02:00:00:00:00:02 netns s
ip -n s link add br0 type bridge
ip -n s link set p0 master br0; ip -n s link set p1 master br0
ip -n a addr add 10.0.1.2/24 dev a0; ip -n b addr add 10.0.1.3/24 dev b0
ip -n a link set a0 up; ip -n b link set b0 up
ip -n s link set p0 up; ip -n s link set p1 up; ip -n s link set br0 up
sleep 3""",
    "can": """ip link add dev vcan0 type vcan; ip link set vcan0 up
ip link add dev vx0 type vxcan peer name vx1; ip link set vx0 up; ip link set vx1 up""",
}

ALL = []


def loss(site, *frames, run="sleep 1", do="", world="line"):
    ALL.append((site, world, do, frames, run))


def at(netns, dev, frame):
    return netns, dev, frame


A, R0, R1, B = "10.0.1.2", "10.0.1.1", "10.0.2.1", "10.0.2.2"
A6, R06, R16, B6 = "2001:db8:1::2", "2001:db8:1::1", "2001:db8:2::1", "2001:db8:2::2"
LL_R0, LL_A, ALL_NODES = "fe80::ff:fe00:1", "fe80::ff:fe00:a", "ff02::1"
SOLICITED = "ff02::1:ff00:a"


def to_a(ethertype, payload, source="r0", to="a0"):
    return at("a", "a0", eth(to, source, ethertype, payload))


def v4_a(payload, **more):
    return to_a(0x0800, payload, **more)


def v6_a(payload, **more):
    return to_a(0x86DD, payload, **more)


def v4_r(payload, to="r0"):
    return at("r", "r0", eth(to, "a0", 0x0800, payload))


def v6_r(payload, to="r0"):
    return at("r", "r0", eth(to, "a0", 0x86DD, payload))


def arp_a(*fields, to="a0", **more):
    return to_a(0x0806, arp(*fields, **more), to=to)


def pings(at="a", to=B, more="", wait="-c1 -W1"):
    return "ip netns exec %s ping %s %s %s" % (at, wait, more, to)


# A bridge that hears what it sends.
LOOP = ("ip -n s link add x0 type veth peer name x1; ip -n s link set x0 master br0; ip -n s link set x1 master br0; "
        "ip -n s link set x0 up; ip -n s link set x1 up")

# ---- devices ----
loss("lib/dev/xmit.c: has no carrier", run=pings(), do="ip -n r link set r0 down")
loss("lib/dev/receive.c: ethertype 0x*", to_a(0x88B5, b"x" * 40))
loss("lib/dev/receive.c: * bytes", at("a", "a0", b"\0" * 9))
loss("lib/dev/receive.c: * is down", to_a(0x8100, b"\0\7\x08\0" + b"x" * 40),
     do="ip -n a link add link a0 name a0.7 type vlan id 7")
loss("lib/dev/veth.c: the peer cannot take * bytes", run=pings(to=R0, more="-s 1400"), do="ip -n r link set r0 mtu 1000")
loss("lib/dev/hop.c: * frames wait already", run="ip netns exec a ping -c 1 -W1 10.0.1.3", world="bridge",
     do=LOOP)

# ---- bridges ----
P0 = "br"
loss("lib/bridge/br_input.c: its source is no unicast address", at("s", "p0", eth("b0", "ff0000000000", 0x88B5, b"x" * 46)),
     world="bridge")
loss("lib/bridge/br_input.c: a pause frame", at("s", "p0", eth("0180c2000001", "a0", 0x8808, b"\0" * 46)), world="bridge")
loss("lib/bridge/br_input.c: the port is neither forwarding nor learning", run=pings(to="10.0.1.3"), world="bridge",
     do="bridge -n s link set dev p0 state 0")
loss("lib/bridge/br_input.c: the port is learning", run=pings(to="10.0.1.3"), world="bridge",
     do="bridge -n s link set dev p0 state 2")
loss("lib/bridge/br_input.c: the port is locked", at("s", "p0", eth("b0", "02000000004d", 0x88B5, b"x" * 46)), world="bridge",
     do="bridge -n s link set dev p0 locked on learning off")
loss("lib/bridge/br_input.c: the bridge is not in that VLAN", run=pings(to="10.0.1.1"), world="bridge",
     do="ip -n s addr add 10.0.1.1/24 dev br0; ip -n s link set br0 type bridge vlan_filtering 1; bridge -n s vlan del vid 1 dev br0 self")
loss("lib/bridge/br_vlan.c: VLAN * is not let pass", run=pings(to="10.0.1.3"), world="bridge",
     do="ip -n s link set br0 type bridge vlan_filtering 1; bridge -n s vlan del vid 1 dev p0")
loss("lib/bridge/br_forward.c: * cannot take * bytes", run=pings(to="10.0.1.3", more="-s 1400"), world="bridge",
     do="ip -n s link set p1 mtu 1000; ip -n a neigh add 10.0.1.3 lladdr 02:00:00:00:00:0b dev a0")
loss("lib/bridge/br_forward.c: not to be sent out of *", run=pings(to="10.0.1.3"), world="bridge",
     do="bridge -n s link set dev p0 isolated on; bridge -n s link set dev p1 isolated on; "
        "ip -n a neigh add 10.0.1.3 lladdr 02:00:00:00:00:0b dev a0")

# ---- CAN ----
loss("lib/can/af_can.c: the device is down", run="cansend vcan0 123#11", do="ip link set vcan0 down", world="can")
loss("lib/dev/can.c: ethertype 0x*, * bytes: not a CAN frame", run="ping -c1 -W1 10.5.0.2", world="can",
     do="ip addr add 10.5.0.1/24 dev vcan0")

# ---- ARP ----
loss("lib/inet/arp.c: * did not answer ARP", run=pings(to="10.0.1.9", wait="-c1"))
loss("lib/inet/arp.c: the target is not an address of ours", run=pings(to="10.0.1.9", wait="-c1"),
     do="ip netns exec r sysctl -qw net.ipv4.ip_forward=0")
loss("lib/inet/arp.c: the sender address was refused (see source validation)", run=pings(to=R0, wait="-c1"),
     do="ip -n r addr add 10.0.1.2/32 dev lo")
loss("lib/inet/arp.c: arp_ignore says not to answer", run=pings(to=R0, wait="-c1"),
     do="ip netns exec r sysctl -qw net.ipv4.conf.r0.arp_ignore=8")
loss("lib/inet/arp.c: arp_filter: the way back is by another device", run=pings(to=R0, wait="-c1"),
     do="ip netns exec r sysctl -qw net.ipv4.conf.r0.arp_filter=1; ip -n r route add 10.0.1.2 via 10.0.2.2")
loss("lib/inet/neigh_proxy.c: proxy_qlen requests for others wait already", run="ip netns exec a arping -c3 -w3 -I a0 10.0.2.2",
     do="ip netns exec r sysctl -qw net.ipv4.conf.r0.proxy_arp=1 net.ipv4.neigh.r0.proxy_qlen=0 net.ipv4.neigh.r0.proxy_delay=100000")
loss("lib/inet/arp.c: address probe for somebody else", run="ip netns exec a arping -D -c1 -w1 -I a0 10.0.1.9")
loss("lib/inet/arp.c: not a request", arp_a(2, "10.0.1.50", MAC["r0"], A, MAC["a0"]))
loss("lib/inet/arp.c: for another host", arp_a(1, R0, MAC["r0"], A, to="r1"))
loss("lib/inet/arp.c: the device does no ARP", arp_a(1, R0, MAC["r0"], A), do="ip -n a link set a0 arp off")
loss("lib/inet/arp.c: truncated, or not for Ethernet and IPv4 addresses", arp_a(1, R0, MAC["r0"], A, sizes=(6, 16)))
loss("lib/inet/arp.c: unknown hardware type", arp_a(1, R0, MAC["r0"], A, hardware=32))
loss("lib/inet/arp.c: not for IPv4", arp_a(1, R0, MAC["r0"], A, protocol=0x86DD))
loss("lib/inet/arp.c: neither request nor reply", arp_a(8, R0, MAC["r0"], A))
loss("lib/inet/arp.c: target is multicast", arp_a(1, R0, MAC["r0"], "224.0.0.1"))
loss("lib/inet/arp.c: target is a loopback address", arp_a(1, R0, MAC["r0"], "127.0.0.1"))
loss("lib/inet/arp.c: gratuitous (drop_gratuitous_arp)", arp_a(1, R0, MAC["r0"], R0),
     do="ip netns exec a sysctl -qw net.ipv4.conf.a0.drop_gratuitous_arp=1")
loss("lib/inet/neigh_timer.c: * cannot be resolved", run="ip netns exec a ping -c 5 -i 0.9 10.0.1.9",
     do="ip netns exec a sysctl -qw net.ipv4.neigh.a0.mcast_solicit=0 net.ipv4.neigh.a0.app_solicit=0")
loss("lib/inet/neigh_timer.c: the queue for * is full (unres_qlen_bytes)", run="ip netns exec a ping -c 4 -i 0.2 -s 1400 10.0.1.9",
     do="ip netns exec a sysctl -qw net.ipv4.neigh.a0.unres_qlen_bytes=2000")
loss("lib/inet/neigh.c: neighbor table overflow", run=pings(to=R0, wait="-c1"),
     do="sysctl -qw net.ipv4.neigh.default.gc_thresh3=1 net.ipv4.neigh.default.gc_thresh2=1 net.ipv4.neigh.default.gc_thresh1=1; "
        "ip -n a neigh add 10.0.1.70 lladdr 02:00:00:00:00:70 dev a0 nud reachable")
loss("lib/inet/ip_output.c: no neighbour entry for * can be made", run=pings(to=R0, wait="-c1"),
     do="sysctl -qw net.ipv4.neigh.default.gc_thresh3=1 net.ipv4.neigh.default.gc_thresh2=1 net.ipv4.neigh.default.gc_thresh1=1; "
        "ip -n a neigh add 10.0.1.70 lladdr 02:00:00:00:00:70 dev a0 nud reachable")

# ---- routes and sources ----
loss("lib/inet/sock.c: no route to *", run=pings(to="8.8.8.8", more="-I 10.0.1.2"), do="ip -n a route del default")
loss("lib/inet/route.c: no way to *", run=pings(to="10.9.0.9"), do="ip -n a route del default")
loss("lib/inet/route6.c: no way to", run=pings(to="2001:db8:9::9", more="-I 2001:db8:1::2"), do="ip -n a -6 route del default")
loss("lib/inet/route6.c: no source address for", run=pings(to="2001:db8:9::9"),
     do="ip -n a link set lo down; ip -n a -6 addr flush dev a0; ip -n a -6 route add 2001:db8:9::/64 dev a0")
loss("lib/inet/route.c: local source address, accept_local is 0", v4_r(ip4(R1, R0, 1, icmp(8))))
loss("lib/inet/route.c: the source is no unicast address", v4_r(ip4("10.0.1.255", B, 1, icmp(8))),
     do="ip netns exec r sysctl -qw net.ipv4.conf.all.rp_filter=1")
loss("lib/inet/route.c: rp_filter 1: the route to the source is by another device", run=pings(),
     do="ip netns exec r sysctl -qw net.ipv4.conf.r0.rp_filter=1; ip -n r route add 10.0.1.2 via 10.0.2.2")
loss("lib/inet/route.c: rp_filter: no route to the source", run="ip netns exec a ping -c1 -W1 -I 10.9.9.9 10.0.1.1",
     do="ip netns exec r sysctl -qw net.ipv4.conf.r0.rp_filter=2; ip -n a addr add 10.9.9.9/32 dev a0")
loss("lib/inet/route.c: rp_filter: source by another device, none of ours here", v4_r(ip4(B, R1, 1, icmp(8))),
     do="ip netns exec r sysctl -qw net.ipv4.conf.r0.rp_filter=2; ip -n r addr del 10.0.1.1/24 dev r0")
loss("lib/inet/route.c: source in 0.0.0.0/8", v4_r(ip4("0.1.2.3", R0, 1, icmp(8))))
loss("lib/inet/route.c: destination in 0.0.0.0/8", v4_r(ip4(A, "0.1.2.3", 1, icmp(8))))
loss("lib/inet/route.c: source in 127.0.0.0/8, route_localnet is 0", v4_r(ip4("127.0.0.1", R0, 1, icmp(8))))
loss("lib/inet/route.c: destination in 127.0.0.0/8, route_localnet is 0", v4_r(ip4(A, "127.0.0.1", 1, icmp(8))))
loss("lib/inet/route.c: the source is a multicast or broadcast address", v4_r(ip4("224.0.0.9", R0, 1, icmp(8))))
loss("lib/inet/route.c: multicast group not joined", at("r", "r0", eth("01005e050505", "a0", 0x0800, ip4(A, "239.5.5.5", 1, icmp(8)))))
loss("lib/inet/route.c: broadcast destination", at("r", "r0", eth("ffffffffffff", "a0", 0x0806, arp(1, A, MAC["a0"], "10.0.1.255"))))
loss("lib/inet/route.c: the destination is no unicast address", v4_r(ip4(A, "10.0.9.9", 1, icmp(8))),
     do="ip -n r route add multicast 10.0.9.9/32 dev r1")
loss("lib/inet/route.c: proxy ARP back to the same device", at("r", "r0", eth("ffffffffffff", "a0", 0x0806, arp(1, A, MAC["a0"], "10.0.1.77"))))
loss("lib/inet/ip_input.c: the route refuses it", run=pings(), do="ip -n r route add blackhole 10.0.2.2")
loss("lib/inet/ip_input.c: not for us, and forwarding is 0", run=pings(), do="ip netns exec r sysctl -qw net.ipv4.ip_forward=0")
loss("lib/inet/ip_input.c: no route in", v4_r(ip4(B, R1, 1, icmp(8))), do="ip netns exec r sysctl -qw net.ipv4.conf.r0.rp_filter=1")
loss("lib/inet/ip_input.c: unicast in a group frame", v4_a(ip4(R0, A, 1, icmp(8)), to="ffffffffffff"),
     do="ip netns exec a sysctl -qw net.ipv4.conf.a0.drop_unicast_in_l2_multicast=1")

# ---- IPv4 ----
loss("lib/inet/ip_input.c: bad header checksum", v4_a(ip4(R0, A, 1, icmp(8), bad=True)))
loss("lib/inet/ip_input.c: malformed header", v4_a(ip4(R0, A, 1, icmp(8), first=0x41)))
loss("lib/inet/ip_input.c: truncated", v4_a(ip4(R0, A, 1, b"", length=900)))
loss("lib/inet/ip_input.c: total length below the header's", v4_a(ip4(R0, A, 1, icmp(8), length=10)))
loss("lib/inet/ip_input.c: for another MAC address", run=pings(to=R0),
     do="ip -n a neigh replace 10.0.1.1 lladdr 02:00:00:00:00:99 dev a0 nud permanent")
loss("lib/inet/ip_input.c: TCP: no socket", v4_a(ip4(R0, A, 6, b"\0" * 20)))
loss("lib/inet/ip_input.c: no such protocol here", v4_a(ip4(R0, A, 99, b"x" * 20)))
loss("lib/inet/ip_forward.c: time to live exceeded", run=pings(more="-t1"))
loss("lib/inet/ip_forward.c: needs fragments, but DF is set", run=pings(more="-M do -s 1400"), do="ip -n r link set r1 mtu 1000")
loss("lib/inet/ip_forward.c: a group frame is not forwarded", v4_r(ip4(A, B, 1, icmp(8)), to="ffffffffffff"))
loss("lib/inet/ip_defrag.c: the fragments contradict each other", v4_a(ip4(R0, A, 1, b"x" * 64, frag=0x0008)),
     v4_a(ip4(R0, A, 1, b"x" * 64, frag=0x2010)))
loss("lib/inet/ip_defrag.c: a fragment that is there already", v4_a(ip4(R0, A, 1, b"x" * 64, frag=0x2000)),
     v4_a(ip4(R0, A, 1, b"x" * 64, frag=0x2000)))
loss("lib/inet/ip_defrag.c: fragments overlap: the datagram is given up", v4_a(ip4(R0, A, 1, b"x" * 64, frag=0x2000)),
     v4_a(ip4(R0, A, 1, b"x" * 64, frag=0x2004)))
loss("lib/inet/ip_defrag.c: too much memory in fragments (ipfrag_high_thresh)", run=pings(to=R0, more="-s 3000"),
     do="ip netns exec r sysctl -qw net.ipv4.ipfrag_low_thresh=0 net.ipv4.ipfrag_high_thresh=0")
loss("lib/inet/ip_defrag.c: * bytes of a datagram came, not all (ipfrag_time)", v4_a(ip4(R0, A, 1, b"x" * 64, frag=0x2000)),
     run="sleep 4", do="ip netns exec a sysctl -qw net.ipv4.ipfrag_time=1")
loss("lib/inet/udp.c: no socket has this port", run="ip netns exec a traceroute -n -q1 10.0.2.2")
loss("lib/inet/udp.c: bad checksum", v4_a(udp4(R0, A, 33434, bad=True)))
loss("lib/inet/udp.c: shorter than its header says", v4_a(udp4(R0, A, 33434, length=99)))
loss("lib/inet/udp.c: no socket for this group", v4_a(udp4(R0, "10.0.1.255", 33434), to="ffffffffffff"))

# ---- ICMP ----
QUOTE = ip4(A, B, 1, icmp(8))
loss("lib/inet/icmp.c: bad checksum", v4_a(ip4(R0, A, 1, icmp(8, bad=True))))
loss("lib/inet/icmp.c: truncated", v4_a(ip4(R0, A, 1, b"\x08\0\xf7")))
loss("lib/inet/icmp.c: unknown type", v4_a(ip4(R0, A, 1, icmp(99))))
loss("lib/inet/icmp.c: icmp_echo_ignore_all", run=pings(), do="ip netns exec b sysctl -qw net.ipv4.icmp_echo_ignore_all=1")
loss("lib/inet/icmp.c: sent to a group (icmp_echo_ignore_broadcasts)", run=pings(to="10.0.1.255", more="-b"))
loss("lib/inet/icmp.c: nobody asked", v4_a(ip4(R0, A, 1, icmp(0))))
loss("lib/inet/icmp.c: nothing to do", v4_a(ip4(R0, A, 1, icmp(9))))
loss("lib/inet/icmp.c: no time", v4_a(ip4(R0, A, 1, icmp(13, data=b""))))
loss("lib/inet/icmp.c: no quote", v4_a(ip4(R0, A, 1, icmp(3, data=b"x" * 9))))
loss("lib/inet/icmp.c: mangled quote", v4_a(ip4(R0, A, 1, icmp(3, data=b"\x41" + QUOTE[1:]))))
loss("lib/inet/icmp.c: says nothing of use", v4_a(ip4(R0, A, 1, icmp(11, 1, data=QUOTE))))
loss("lib/inet/icmp.c: the quote is cut short", v4_a(ip4(R0, A, 1, icmp(3, data=QUOTE[:24]))))
loss("lib/inet/icmp.c: no route for the answer: the network is unreachable", run=pings(), do="ip -n b route del default")
loss("lib/inet/icmp.c: no route for the answer: a blackhole", run=pings(), do="ip -n b route add blackhole 10.0.1.2")
loss("lib/inet/icmp.c: no route for the answer: prohibited", run=pings(), do="ip -n b route add prohibit 10.0.1.2")
loss("lib/inet/icmp.c: no route for the answer: unreachable", run=pings(), do="ip -n b route add unreachable 10.0.1.2")
loss("lib/inet/icmp_send.c: it came in a group frame", v4_a(udp4(R0, A, 33434), to="ffffffffffff"))
loss("lib/inet/icmp_send.c: it was for a group", v4_a(ip4(R0, "10.0.1.255", 99, b"x" * 20)))
loss("lib/inet/icmp_send.c: only a first fragment is answered", v4_r(ip4(A, B, 17, b"x" * 64, ttl=1, frag=0x0008)))
loss("lib/inet/icmp_send.c: it is an ICMP error itself", v4_r(ip4(A, B, 1, icmp(3, 1, data=QUOTE), ttl=1)))
loss("lib/inet/icmp_send.c: it is too short to tell what it is", v4_r(ip4(A, B, 1, b"", ttl=1)))
loss("lib/inet/icmp_send.c: no route to the sender", v4_r(ip4("10.8.8.8", B, 1, icmp(8), ttl=1)))
loss("lib/inet/icmp_limit.c: icmp_msgs_per_sec is used up", run="ip netns exec a ping -c 200 -q -f 10.0.2.2",
     do="sysctl -qw net.ipv4.icmp_msgs_per_sec=5 net.ipv4.icmp_msgs_burst=5; ip netns exec b sysctl -qw net.ipv4.icmp_ratemask=65535 net.ipv4.icmp_ratelimit=0")
loss("lib/inet/icmp_limit.c: too many to this destination (icmp_ratelimit)", run="ip netns exec a ping -c 20 -q -f -t1 10.0.2.2")
loss("lib/inet/icmp_limit.c: too many to this sender (route/error_cost)", run="ip netns exec a ping -c 40 -q -i 0.01 10.0.2.2",
     do="ip netns exec r sysctl -qw net.ipv4.ip_forward=0; ip netns exec r sysctl -qw net.ipv4.ip_forward=1; ip -n r route add unreachable 10.0.2.2")
loss("lib/inet/icmp_limit.c: too soon after the last one (route/redirect_load)", run="ip netns exec a ping -c 3 -i 0.01 10.0.9.9",
     do="ip -n r route add 10.0.9.9 via 10.0.1.77")
loss("lib/inet/icmp_limit.c: the sender has ignored them (route/redirect_number)", run="ip netns exec a ping -c 8 -i 0.5 -q 10.0.9.9",
     do="sysctl -qw net.ipv4.route.redirect_number=2; ip netns exec a sysctl -qw net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.a0.accept_redirects=0; "
        "ip -n r route add 10.0.9.9 via 10.0.1.77")


def redirect(gateway, source=R0):
    return v4_a(ip4(source, A, 1, icmp(5, 1, rest=packed(gateway), data=ip4(A, B, 1, icmp(0)))))


loss("lib/inet/fib_exception.c: accept_redirects is 0", redirect("10.0.1.77"),
     do="ip netns exec a sysctl -qw net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.a0.accept_redirects=0")
loss("lib/inet/fib_exception.c: it is not from the gateway that is used", redirect("10.0.1.77", "10.0.1.5"))
loss("lib/inet/fib_exception.c: the new gateway is no unicast address", redirect("224.0.0.5"))
loss("lib/inet/fib_exception.c: the new gateway is no unicast address of others", redirect(A))
loss("lib/inet/fib_exception.c: the new gateway is the old one", redirect(R0))
loss("lib/inet/fib_exception.c: the new gateway's address is not known yet", redirect("10.0.1.77"))
loss("lib/inet/fib_exception.c: the new gateway is not in the subnet of the old one (shared_media is 0)", redirect("10.7.7.7"),
     do="ip netns exec a sysctl -qw net.ipv4.conf.all.shared_media=0 net.ipv4.conf.a0.shared_media=0")
loss("lib/inet/fib_exception.c: the new gateway is not one of ours (secure_redirects)", redirect("10.0.1.77"),
     do="ip netns exec a sysctl -qw net.ipv4.conf.all.shared_media=0 net.ipv4.conf.a0.shared_media=0")

# ---- sockets ----
# The router answers by another link than it was asked by.
ASIDE = ("ip -n a link add e0 type veth peer name e1 netns r; ip -n a link set e0 up; ip -n r link set e1 up; "
        "ip -n a addr add 2001:db8:3::2/64 dev e0 nodad; ip -n r addr add 2001:db8:3::1/64 dev e1 nodad; sleep 3; ip -n r route add 2001:db8:1::2 via 2001:db8:3::2")
loss("lib/inet/raw.c: socket * does not match: it is bound to device *, the packet is from * by *",
     run="ip netns exec a ping -c1 -W1 -I a0 10.0.2.2",
     do="ip -n a link add d0 type dummy; ip -n a link add e0 type veth peer name e1 netns r; ip -n a link set e0 up; ip -n r link set e1 up; "
        "ip -n a addr add 10.3.0.2/24 dev e0; ip -n r addr add 10.3.0.1/24 dev e1; ip -n r route add 10.0.1.2 via 10.3.0.2")
loss("lib/inet/raw.c: socket * is bound to device *, the error came by *", run="ip netns exec a ping -c1 -W4 -I a0 10.0.1.9")
loss("lib/inet/raw6.c: socket * does not match: it is bound to device *, the packet is from * by *",
     run="ip netns exec a ping -c1 -W1 -I a0 2001:db8:2::2", do=ASIDE)
loss("lib/inet/raw6.c: socket * is bound to device *, the error came by *",
     run="ip netns exec a ping -c1 -W4 -I a0 2001:db8:2::99", do=ASIDE)
loss("lib/inet/raw6.c: bad checksum", v6_a(icmp6(R06, A6, 129, bad=True)), run=pings(to=R06, wait="-c2"))

# ---- IPv6 ----
loss("lib/inet/ndisc.c: the neighbour did not answer", run=pings(to="2001:db8:1::9", wait="-c1"))
loss("lib/inet/ip6_input.c: for another host's link-layer address", run=pings(to=R06),
     do="ip -n a neigh replace 2001:db8:1::1 lladdr 02:00:00:00:00:99 dev a0 nud permanent")
loss("lib/inet/ip6_input.c: IPv6 is disabled on the device", v6_r(icmp6(A6, R06, 128)),
     do="ip netns exec r sysctl -qw net.ipv6.conf.r0.disable_ipv6=1")
loss("lib/inet/ip6_input.c: truncated header", v6_a(b"\x60" + b"\0" * 20))
loss("lib/inet/ip6_input.c: version is not 6", v6_a(icmp6(R06, A6, 128, version=5)))
loss("lib/inet/ip6_input.c: shorter than its header says", v6_a(icmp6(R06, A6, 128, length=900)))
loss("lib/inet/ip6_input.c: loopback address on a wire", v6_a(icmp6("::1", A6, 128)))
loss("lib/inet/ip6_input.c: group of the node itself, from outside", v6_a(icmp6(R06, "ff01::1", 128), to="333300000001"))
loss("lib/inet/ip6_input.c: group of reserved scope", v6_a(icmp6(R06, "ff00::1", 128), to="333300000001"))
loss("lib/inet/ip6_input.c: source is a group", v6_a(icmp6("ff02::5", A6, 128)))
loss("lib/inet/ip6_input.c: unicast in a link-layer multicast", v6_a(icmp6(R06, A6, 128), to="333300000001"),
     do="ip netns exec a sysctl -qw net.ipv6.conf.a0.drop_unicast_in_l2_multicast=1")
loss("lib/inet/ip6_input.c: bad options", v6_a(ip6(R06, A6, 60, bytes([58, 0, 0x7E, 4, 0, 0, 0, 0]) + b"\x80\0\0\0")))
loss("lib/inet/ip6_input.c: no such protocol", v6_a(ip6(R06, A6, 99, b"x" * 20)))
loss("lib/inet/ip6_input.c: no route to the destination", run=pings(to="2001:db8:9::9"))
loss("lib/inet/ip6_input.c: not a member of *", v6_a(icmp6(LL_R0, "ff02::99", 128), to="333300000099"))
loss("lib/inet/ip6_forward.c: not for us, and forwarding is off", run=pings(to=B6),
     do="ip netns exec r sysctl -qw net.ipv6.conf.all.forwarding=0; ip -n r -6 route add default via 2001:db8:2::2")
loss("lib/inet/ip6_forward.c: hop limit exceeded", run=pings(to=B6, more="-t1"))
loss("lib/inet/ip6_forward.c: larger than the MTU", run=pings(to=B6, more="-s 1400"), do="ip -n r link set r1 mtu 1300")
loss("lib/inet/ip6_forward.c: not sent to our link-layer address", v6_r(icmp6(A6, B6, 128), to="333300000001"))
loss("lib/inet/ip6_forward.c: source is link-local", run="ip netns exec a ping -c1 -W1 -I %s 2001:db8:2::2" % (LL_A + "%a0"))
loss("lib/inet/ip6_forward.c: source is not an address of one node", v6_r(icmp6("::", B6, 128)))
ROUTING = bytes([58, 0, 4, 1, 0, 0, 0, 0]) + b"\x80\0\0\0"
loss("lib/inet/ip6_exthdrs.c: routing header of a type not accepted", v6_a(ip6(R06, A6, 43, ROUTING)))
loss("lib/inet/ip6_exthdrs.c: truncated routing header", v6_a(ip6(R06, A6, 43, ROUTING[:4])))
loss("lib/inet/ip6_exthdrs.c: routing header to more than one", v6_a(ip6(LL_R0, ALL_NODES, 43, ROUTING), to="333300000001"))


def fragment6(offset, more, size=64, header=58, length=None, reserved=b""):
    return v6_a(ip6(R06, A6, 44, bytes([header, 0]) + struct.pack("!HI", offset | more, 5) + b"x" * size, length=length))


loss("lib/inet/ip6_defrag.c: a fragment but the last of no multiple of 8 bytes", fragment6(0, 1, 61))
loss("lib/inet/ip6_defrag.c: a fragment that is there already", fragment6(0, 1), fragment6(0, 1))
loss("lib/inet/ip6_defrag.c: fragments overlap: the datagram is given up", fragment6(0, 1), fragment6(32, 1))
loss("lib/inet/ip6_defrag.c: the fragments contradict each other", fragment6(64, 0), fragment6(128, 1))
loss("lib/inet/ip6_defrag.c: datagram too long", fragment6(65528, 0, 64))
loss("lib/inet/ip6_defrag.c: headers go beyond the first fragment", fragment6(0, 1, 0))
loss("lib/inet/ip6_defrag.c: truncated fragment header", v6_a(ip6(R06, A6, 44, b"\x3a\0\0")))
loss("lib/inet/ip6_defrag.c: too much memory in fragments (ip6frag_high_thresh)", run=pings(to=R06, more="-s 3000"),
     do="ip netns exec r sysctl -qw net.ipv6.ip6frag_low_thresh=0 net.ipv6.ip6frag_high_thresh=0")
loss("lib/inet/ip6_defrag.c: * bytes of a datagram came, not all (ip6frag_time)", fragment6(0, 1), run="sleep 4",
     do="ip netns exec a sysctl -qw net.ipv6.ip6frag_time=1")
loss("lib/inet/ip6_output.c: no neighbour entry", run=pings(to="2001:db8:1::9", wait="-c1"),
     do="sysctl -qw net.ipv6.neigh.default.gc_thresh3=1 net.ipv6.neigh.default.gc_thresh2=1 net.ipv6.neigh.default.gc_thresh1=1; "
        "ip -n a neigh add 2001:db8:1::70 lladdr 02:00:00:00:00:70 dev a0 nud reachable")
loss("lib/inet/ip6_output.c: group of the node itself", run="ip netns exec a ping -c1 -W1 ff01::1%a0")
loss("lib/inet/ip6_output.c: the route by lo leads nowhere", run=pings(to="2001:db8:77::1"),
     do="ip -n a link set lo up; ip -n a route add 2001:db8:77::/64 dev lo")
loss("lib/inet/udp6.c: no socket has this port", run="ip netns exec a traceroute -6 -n -q1 2001:db8:2::2")
loss("lib/inet/udp6.c: bad checksum", v6_a(udp6(R06, A6, 33434, bad=True)))
loss("lib/inet/udp6.c: shorter than its header says", v6_a(udp6(R06, A6, 33434, length=99)))
loss("lib/inet/icmpv6.c: bad checksum", v6_a(icmp6(R06, A6, 128, bad=True)))
loss("lib/inet/icmpv6.c: truncated", v6_a(ip6(R06, A6, 58, b"\x80\0")))
loss("lib/inet/icmpv6.c: nobody asked", v6_a(icmp6(R06, A6, 129)))
loss("lib/inet/icmpv6.c: echo_ignore_* is set", run=pings(to=B6), do="ip netns exec b sysctl -qw net.ipv6.icmp.echo_ignore_all=1")


def nd(kind, source, to, rest, data, hops=255, code=0, mac="a0"):
    return v6_a(icmp6(source, to, kind, code, rest, data, hops=hops), to=mac)


ZERO, LLADDR = b"\0\0\0\0", b"\1\1" + bytes.fromhex(MAC["r0"])
TARGET_LLADDR = b"\2" + LLADDR[1:]
loss("lib/inet/ndisc_rcv.c: hop limit is not 255", nd(135, LL_R0, A6, ZERO, packed(A6), hops=64))
loss("lib/inet/ndisc_rcv.c: code is not 0", nd(135, LL_R0, A6, ZERO, packed(A6), code=3))
loss("lib/inet/ndisc_rcv.c: truncated", nd(135, LL_R0, A6, ZERO, b"x" * 9))
loss("lib/inet/ndisc_rcv.c: multicast target", nd(135, LL_R0, A6, ZERO, packed("ff02::5")))
loss("lib/inet/ndisc_rcv.c: bad options", nd(135, LL_R0, A6, ZERO, packed(A6) + b"\1\0" + b"\0" * 6))
loss("lib/inet/ndisc_rcv.c: invalid link-layer address length", nd(135, LL_R0, A6, ZERO, packed(A6) + b"\1\2" + b"\0" * 14))
loss("lib/inet/ndisc_rcv.c: bad DAD packet (wrong destination)", nd(135, "::", A6, ZERO, packed(A6)))
loss("lib/inet/ndisc_rcv.c: bad DAD packet (link-layer address option)",
     nd(135, "::", "ff02::1:ff00:2", ZERO, packed(A6) + LLADDR, mac="3333ff000002"))
loss("lib/inet/ndisc_rcv.c: not our address", run=pings(to="2001:db8:1::5:1", wait="-c1"), do="ip -n r addr add 2001:db8:7::5:1/64 dev r0 nodad")
loss("lib/inet/ndisc_rcv.c: address is tentative", nd(135, LL_R0, "ff02::1:ff00:a", ZERO, packed("2001:db8:1::a") + LLADDR, mac="3333ff00000a"),
     do="ip -n a addr add 2001:db8:1::a/64 dev a0")
loss("lib/inet/ndisc_rcv.c: sender's link-layer address not known", nd(135, LL_R0, "ff02::1:ff00:2", ZERO, packed(A6), mac="3333ff000002"),
     do="ip -n a neigh flush dev a0")
loss("lib/inet/ndisc_rcv.c: solicited advertisement to a group", nd(136, LL_R0, ALL_NODES, b"\x40\0\0\0", packed(R06) + TARGET_LLADDR, mac="333300000001"))
loss("lib/inet/ndisc_rcv.c: unsolicited (drop_unsolicited_na)", nd(136, LL_R0, ALL_NODES, b"\x20\0\0\0", packed(R06) + TARGET_LLADDR, mac="333300000001"),
     do="ip netns exec a sysctl -qw net.ipv6.conf.a0.drop_unsolicited_na=1")
loss("lib/inet/ndisc_rcv.c: somebody advertises our address", nd(136, LL_R0, A6, b"\x60\0\0\0", packed(A6) + TARGET_LLADDR))
loss("lib/inet/ndisc_rcv.c: nobody asked", nd(136, LL_R0, A6, b"\x60\0\0\0", packed("2001:db8:1::77") + TARGET_LLADDR))
loss("lib/inet/ndisc_rcv.c: not a router", nd(133, LL_R0, A6, ZERO, b""))
loss("lib/inet/ndisc_rcv.c: source not link-local, or truncated", nd(134, R06, A6, b"\x40\0\0\0", b"\0" * 8))
loss("lib/inet/ndisc_rcv.c: routes and prefixes of router advertisements", nd(134, LL_R0, A6, b"\x40\0\0\0", b"\0" * 8))


def redirect6(target, destination=B6, source=LL_R0, options=b"", cut=32):
    return nd(137, source, A6, ZERO, (packed(target) + packed(destination))[:cut] + options)


loss("lib/inet/ndisc_redirect.c: the source is not link-local", redirect6("fe80::77", source=R06))
loss("lib/inet/ndisc_redirect.c: truncated, or bad options", redirect6("fe80::77", cut=20))
loss("lib/inet/ndisc_redirect.c: the destination is a group", redirect6("fe80::77", "ff02::5"))
loss("lib/inet/ndisc_redirect.c: the target is no link-local address", redirect6("2001:db8:1::77"))
loss("lib/inet/ndisc_redirect.c: accept_redirects is 0, or this is a router", redirect6("fe80::77"),
     do="ip netns exec a sysctl -qw net.ipv6.conf.a0.accept_redirects=0")
loss("lib/inet/ndisc_redirect.c: invalid link-layer address length", redirect6("fe80::77", options=b"\2\2" + b"\0" * 14))
loss("lib/inet/ndisc_redirect.c: not from the gateway in use", redirect6("fe80::77"))
loss("lib/inet/ndisc_redirect.c: no link-local address", run=pings(to="2001:db8:9::9"),
     do="ip -n r route add 2001:db8:9::/64 via 2001:db8:1::2; ip -n r addr del %s/64 dev r0" % LL_R0)
loss("lib/inet/ndisc_redirect.c: the next hop is no link-local address", run=pings(to="2001:db8:9::9"),
     do="ip -n r route add 2001:db8:9::/64 via 2001:db8:1::77")
loss("lib/inet/ndisc_redirect.c: the sender is no neighbour", v6_r(icmp6("2001:db8:5::5", "2001:db8:1::77", 128)))
loss("lib/inet/mld_query.c: bad length", v6_a(ip6(LL_R0, ALL_NODES, 0, bytes([58, 0, 5, 2, 0, 0, 1, 0]) +
     over6(LL_R0, ALL_NODES, 58, b"\x82\0\0\0" + b"\0" * 21, 2), 1), to="333300000001"))
loss("lib/inet/mld_query.c: source not link-local, hop limit not 1, or no router alert",
     v6_a(icmp6(LL_R0, ALL_NODES, 130, 0, ZERO, b"\0" * 16, hops=1), to="333300000001"))
GROUP = "01005e000001"
loss("lib/inet/igmp.c: malformed", v4_a(ip4(R0, "224.0.0.1", 2, b"\x11\0\0\0\0\0\0\0", ttl=1), to=GROUP))
loss("lib/inet/igmp.c: nothing to do", v4_a(ip4(R0, "224.0.0.1", 2, b"\x22\0\xdd\xff\0\0\0\0", ttl=1), to=GROUP))
loss("lib/inet/igmp.c: another reports the group", v4_a(ip4(R0, "224.0.0.5", 2, b"\x16\0\x09\xfa\xe0\0\0\5", ttl=1), to="01005e000005"),
     do="ip -n a addr add 224.0.0.5/32 dev a0 autojoin")
loss("lib/inet/igmp.c: a query: to be answered", v4_a(ip4(R0, "224.0.0.1", 2, b"\x11\x64\xee\x9b\0\0\0\0", ttl=1), to=GROUP))
loss("lib/inet/igmp.c: a general query: to be answered",
     v4_a(ip4(R0, "224.0.0.1", 2, b"\x11\x64\xee\x9b" + b"\0" * 8, ttl=1), to=GROUP))
loss("lib/bridge/br_input.c: malformed IP, IGMP or MLD",
     at("s", "p0", eth(GROUP, "b0", 0x0800, ip4(R0, "224.0.0.1", 2, b"\x11\0\0\0\0\0\0\0", ttl=1))), world="bridge")

# What nothing leads to here: what stands before it keeps such packets out, or no command makes them.
NONE = {
    "lib/dev/xmit.c: is down": "its routes are gone, and packet sockets and bridges look before they send",
    "lib/dev/xmit.c: is not active yet": "from the carrier's coming to its being told no command runs",
    "lib/can/af_can.c: not a CAN frame": "devices let none in (can_type_trans())",
    "lib/inet/ndisc_rcv.c: our own DAD packet looped back": "a loop that brings it back brings all else back first",
    "lib/can/af_can.c: not a frame that this device takes": "cansend looks at the device's MTU first",
    "lib/can/raw.c: socket * sent it": "no tool reads from the socket that it sends by",
    "lib/can/raw.c: socket * takes no CAN FD frames": "candump takes them",
    "lib/dev/vxcan.c: the peer is down or gone": "an end that goes down takes the other's carrier along",
    "lib/inet/ip_fragment.c: * bytes do not fit into *, and DF is set": "a socket refuses to send what does not fit",
    "lib/inet/ip6_fragment.c: * bytes do not fit into *, and their sender does not want fragments": "likewise",
    "lib/inet/ip6_output.c: IPv6 is disabled on the device": "its routes are gone, too",
    "lib/inet/ip6_output.c: hop limit 0": "no tool sends with it",
    "lib/inet/ip6_output.c: truncated header": "no tool sends one",
    "lib/inet/sock.c: the receive buffer of socket * is full": "the tools read at once",
}

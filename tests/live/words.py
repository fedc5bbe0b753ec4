"""What random scripts are made of: names, addresses, numbers; good ones, odd ones and wrong ones."""

PAIRS = (("v0", "v1"), ("v2", "v3"), ("east", "west"))
BRIDGES = ("br0", "br1")
NAMESPACES = ("blue", "ns1", "green")
WRONG_NAMESPACES = ("nosuch", "a/b", "..", '""', "red")
ALTNAMES = ("uplink", "a-long-alternative-name")

NETS4 = ("10.0.0", "10.0.1", "192.168.2", "172.16.5")
NETS6 = ("fd00::", "fd00:1::", "2001:db8::")

TABLES = ("main", "local", "default", "7", "100", "1000", "254", "255")
BAD_TABLES = ("0", "foo", "-1", "4294967296")
PROTOS = ("static", "boot", "kernel", "ra", "bird", "7", "200", "zebra")
SCOPES = ("global", "link", "host", "site", "nowhere", "7", "253")
TOS = ("0x10", "0x4", "8", "0x08", "0x1c", "0", "AF11", "0x20")
ROUTE_TYPES = ("unicast", "local", "broadcast", "blackhole", "unreachable", "prohibit", "throw", "multicast", "anycast")
NUD = ("permanent", "noarp", "stale", "reachable", "failed", "none", "incomplete", "probe", "delay")

WRONG_NAMES = ("nodev", "v9", "eth0", "averyveryverylongname", "", "a/b", "v 0")
WRONG_ADDRESSES4 = ("10.0.0.256", "10.0.0", "10.0.0.1/33", "10.0.0.1/-1", "1.2.3.4.5", "foo", "0.0.0.0", "0/0",
                    "255.255.255.255", "224.0.0.1", "127.0.0.1", "10.0.0.0/8", "10.1", "0x0a000001", "::1")
WRONG_ADDRESSES6 = ("fd00::g", "::/129", "fe80", "1:2:3:4:5:6:7:8:9", "::", "ff02::1", "::1", "::ffff:1.2.3.4",
                    "10.0.0.1")
WRONG_LLADDRESSES = ("02:00", "02:00:00:00:00:0g", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "01:00:5e:00:00:01",
                     "020000000001", "foo", "02:00:00:00:00:01:02:03", "2:0:0:0:0:5", "10.0.0.1")
WRONG_NUMBERS = ("-1", "0", "abc", "4294967296", "99999999999", "0x10", "1.5", "", "65536", "2147483648", "07", "+5")
# Never words that start what does not end (monitor), or that act outside of the namespace (netns, vrf exec).
WRONG_WORDS = ("foo", "dev", "table", "via", "up", "lo", "10.0.0.1", "10.0.0.0/24", "help", "to", "from", "type", "all",
               "0", "-1", "1", "x", "-4", "-6", "-j", "fd00::1", "default", "scope", "proto", "metric", "peer", "nud", "")

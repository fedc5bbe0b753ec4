#!/bin/bash
# The world outside: what is behind the network card of the preset "host", and of a machine that is imported.
. "$(dirname "$0")/lib.sh"
start outside
vnet init --preset host --force

shows() { # TEXT PATTERN COMMAND...: a line of its output matches
    local what=$1 pattern=$2 got
    shift 2
    got=$("$@" 2>&1)
    if grep -qE "$pattern" <<<"$got"; then ok "$what"; else not_ok "$what: $got"; fi
}
silent() { # TEXT COMMAND...: it prints nothing
    local what=$1 got
    shift
    got=$("$@" 2>&1)
    if [ -z "$got" ]; then ok "$what"; else not_ok "$what: $got"; fi
}

shows "the gateway answers" '^64 bytes from 192.168.1.1: icmp_seq=1 ttl=64 time=0\.[0-9]+ ms$' ping -c 1 192.168.1.1
shows "8.8.8.8, through three routers' worth of way" '^64 bytes from 8.8.8.8: icmp_seq=2 ttl=62 time=1[0-9]\.[0-9] ms$' ping -c 2 8.8.8.8
shows "a name, and its name" '^64 bytes from one.one.one.one \(1\.1\.1\.1\): icmp_seq=1 ttl=62' ping -c 1 one.one.one.one
shows "in any case of letters" '^PING Google.COM \(142' ping -c 1 Google.COM
shows "a name that is in no table" '^ping: nosuch.example: Temporary failure in name resolution$' ping -c 1 nosuch.example
shows "the first router on the way" '^From 192.168.1.1 icmp_seq=1 Time to live exceeded$' ping -c 1 -t 1 8.8.8.8
shows "the second one" '^From 203.0.113.1 icmp_seq=1 Time to live exceeded$' ping -c 1 -t 2 8.8.8.8
shows "no way to a private address" '^1 packets transmitted, 0 received, 100% packet loss' ping -c 1 -W 1 10.1.2.3
shows "too large for the way, do not fragment" 'mtu=1500|Message too long|message too long' ping -c 1 -M do -s 1473 8.8.8.8
shows "fragments" '^4008 bytes from 8.8.8.8: icmp_seq=1 ttl=62' ping -c 1 -s 4000 8.8.8.8

# ---- nothing of it is seen but on the card's wire ----
silent "no namespace is listed" ip netns list
silent "none has a number" ip netns list-id
shows "the card lies on nothing" '^2: eth0: ' ip link show eth0
ping -c 1 1.0.0.1 > /dev/null
shows "a capture has the card's two frames" '^2 packets captured$' tcpdump -n --last -i any icmp
shows "its names" 'IP 192\.168\.1\.11 > one\.one\.one\.one: ICMP echo request' tcpdump --last -i eth0 icmp
shows "the neighbour is the gateway" '^192.168.1.1 dev eth0 lladdr 52:54:00:' ip neigh

# ---- what is done to the card ----
ip link set eth0 down
shows "down: no way" 'Network is unreachable$' ping -c 1 8.8.8.8
ip link set eth0 up
ip route add default via 192.168.1.1
shows "up again" '^64 bytes from 8.8.8.8' ping -c 1 8.8.8.8
ip addr del 192.168.1.11/24 dev eth0
ip addr add 10.7.0.2/24 dev eth0
ip route add default via 10.7.0.1
shows "an address of another network: nobody there" '^From 10.7.0.2 icmp_seq=1 Destination Host Unreachable$' ping -c 1 8.8.8.8
ip netns add ns1
ip link set eth0 netns ns1
ip -n ns1 addr add 192.168.1.20/24 dev eth0
ip -n ns1 link set eth0 up
ip -n ns1 route add default via 192.168.1.1
shows "the card in a namespace" '^64 bytes from 8.8.4.4: icmp_seq=1 ttl=62' ip netns exec ns1 ping -c 1 8.8.4.4
ip netns del ns1
shows "it comes back, with its wire" '^2: eth0: ' ip link show eth0
ip addr add 192.168.1.21/24 dev eth0
ip link set eth0 up
shows "and the gateway with it" '^64 bytes from 192.168.1.1' ping -c 1 192.168.1.1

# ---- a machine as it was listed ----
cat > "$work/listing" <<'X'
$ ip addr show ens33
2: ens33: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000
    link/ether 00:0c:29:aa:bb:cc brd ff:ff:ff:ff:ff:ff
    inet 172.20.3.5/20 brd 172.20.15.255 scope global ens33
       valid_lft forever preferred_lft forever
$ ip route
default via 172.20.0.1 dev ens33
172.20.0.0/20 dev ens33 proto kernel scope link src 172.20.3.5
$ ip neigh
172.20.0.1 dev ens33 lladdr 00:50:56:c0:00:08 STALE
X
vnet import --force "$work/listing" > "$work/import.out" 2>&1 || cat "$work/import.out"
shows "its gateway answers" '^64 bytes from 172.20.0.1: icmp_seq=1 ttl=64' ping -c 1 172.20.0.1
shows "under the address that was listed" 'lladdr 00:50:56:c0:00:08' ip neigh
shows "and the Internet" '^64 bytes from 8.8.8.8: icmp_seq=1 ttl=62' ping -c 1 8.8.8.8
finish

#!/bin/bash
# The presets of several hosts are what vnet.1 says, and work.
. "$(dirname "$0")/lib.sh"
page=$(dirname "$0")/../man/vnet.1
start presets

has() { # TEXT LINE COMMAND...: a line of its output is LINE
    local what=$1 line=$2 got
    shift 2
    got=$("$@" 2>&1)
    if grep -qxF -- "$line" <<<"$got"; then ok "$what"; else not_ok "$what: $got"; fi
}
pings() { # NAMESPACE ADDRESS TTL
    if ip netns exec "$1" ping -c 2 "$2" | tee "$work/out" | grep -q ' 2 received, 0% packet loss' &&
        grep -q "ttl=$3 " "$work/out"; then ok "$1 reaches $2"; else not_ok "$1 does not reach $2: $(cat "$work/out")"; fi
}
# All that a preset has is up, and no address is tentative still.
settled() {
    local got
    got=$(ip -all netns exec ip addr; ip addr)
    if grep -q 'state DOWN\|tentative\|NO-CARRIER' <<<"$got"; then not_ok "$1 is not settled: $got"; else ok "$1 is settled"; fi
}

for preset in bare host two-hosts router bridge; do
    check "--help has $preset" grep -q "^  $preset  *[a-z]" <(vnet init --help)
    check "vnet.1 has $preset" grep -qE "^(\.B )?$preset( |\$)" <(sed 's/\\-/-/g' "$page")
done
check "no other one" test "$(vnet init --preset nosuch --force 2>&1)" = 'vnet: unknown preset "nosuch"'

vnet init --preset two-hosts --force
settled two-hosts
has "two-hosts: its namespaces" ns2 ip netns list
pings ns1 10.0.0.2 64
pings ns2 10.0.0.1 64
check "two-hosts: nothing else in the initial namespace" test "$(ip -br link | wc -l)" = 1

vnet init --preset router --force
settled router
pings ns1 10.0.2.2 63
pings ns2 10.0.1.2 63
has "router: the default gateway" "default via 10.0.1.1 dev veth1 " ip -n ns1 route
has "router: it forwards" "net.ipv4.ip_forward = 1" ip netns exec router sysctl net.ipv4.ip_forward
has "router: hosts do not" "net.ipv4.ip_forward = 0" ip netns exec ns1 sysctl net.ipv4.ip_forward

vnet init --preset bridge --force
settled bridge
for other in 1 11 12; do pings ns3 10.0.0.$other 64; done
check "bridge: three ports" test "$(bridge link | grep -c 'master br0 state forwarding')" = 3
has "bridge: the default gateway" "default via 10.0.0.1 dev veth2 " ip -n ns2 route

# What makes the same by commands is the same: the listings differ in nothing but MAC addresses.
listing() { { ip addr; ip route; ip -all netns exec ip addr; ip -all netns exec ip route; } | sed 's/..:..:..:..:..:../MAC/g; s/fe80::[0-9a-f:]*/LL/'; }
listing > "$work/preset"
vnet init --preset bare --force
ip link add br0 type bridge
ip addr add 10.0.0.1/24 brd + dev br0
ip link set br0 up
for n in 1 2 3; do
    ip netns add ns$n
    ip -n ns$n link set lo up
    ip link add veth$n netns ns$n type veth peer name veth$n-br
    ip -n ns$n addr add 10.0.0.1$n/24 brd + dev veth$n
    ip -n ns$n link set veth$n up
    ip -n ns$n route add default via 10.0.0.1
    ip link set veth$n-br master br0
    ip link set veth$n-br up
done
sleep 5
listing > "$work/commands"
check "bridge: as by commands" diff "$work/preset" "$work/commands"
finish

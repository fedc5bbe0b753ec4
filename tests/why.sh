#!/bin/bash
# vnet why: what would make a command work. Environment: BROKEN (5), how many worlds of
# each kind are broken at random; SEED (7).
. "$(dirname "$0")/lib.sh"
start why
answer=$work/answer

# TEXT, then the lines that the answer has to hold; the command behind --
finds() {
    local what=$1 line
    shift
    lines=()
    while [ "$1" != -- ]; do lines+=("$1"); shift; done
    shift
    vnet why "$@" > "$answer" 2>&1
    for line in "${lines[@]}"; do
        grep -qxF -- "$line" "$answer" || { not_ok "$what: $(cat "$answer")"; return; }
    done
    ok "$what"
}

# ---- the veth tutorial ----
tutorial() { # PROFILE
    vnet init --preset bare --profile "$1" --force
    ip link add veth0 type veth peer name veth1
    ip addr add 192.168.2.11/24 dev veth0
    ip addr add 192.168.2.12/24 dev veth1
    ip link set veth0 up
    ip link set veth1 up
    sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.veth0.rp_filter=0 net.ipv4.conf.veth1.rp_filter=0
}
tutorial debian12
finds "the source is our own: accept_local" 'It works after:' '    sysctl -qw net.ipv4.conf.veth1.accept_local=1' -- ping -c 4 -I veth0 192.168.2.12
sysctl -qw net.ipv4.conf.all.rp_filter=1
finds "with rp_filter, both together" 'It works after 2 changes together:' '    sysctl -qw net.ipv4.conf.veth1.accept_local=1' \
    '    sysctl -qw net.ipv4.conf.all.rp_filter=0' -- ping -c 4 -I veth0 192.168.2.12
before=$(cat "$VNET_STATE")
vnet why ping -c 1 -I veth0 192.168.2.12 > /dev/null
[ "$before" = "$(cat "$VNET_STATE")" ] && ok "the world is as it was" || not_ok "the world has changed"
vnet why --apply ping -c 1 -I veth0 192.168.2.12 > /dev/null
finds "--apply does it" 'It works: 1 packets transmitted, 1 received, 0% packet loss, time 0ms' -- ping -c 1 -I veth0 192.168.2.12
tutorial centos7
for s in all veth0 veth1; do sysctl -qw net.ipv4.conf.$s.accept_local=1; done
vnet why ping -c 4 -I veth0 192.168.2.12 > "$answer"
status=$?
[ $status = 1 ] && grep -q '^No change makes it work, of [1-9]' "$answer" && ok "before Linux 5.2 no change helps a socket bound to veth0" ||
    not_ok "status $status: $(cat "$answer")"
ip addr del 192.168.2.12/24 dev veth1
finds "nobody has the address" '    ip addr add 192.168.2.12/24 dev veth1' -- ping -c 1 192.168.2.12
vnet why --json ping -c 1 192.168.2.12 | python3 -c 'import json, sys; sys.exit(not json.load(sys.stdin)[0]["fixes"])' &&
    ok "JSON" || not_ok "JSON"

# ---- working topologies, one or two things of which are broken ----
# A port that went to another namespace is left out: it needs four changes, the first three of which show nothing.
# Two hosts and a router; three routers in a row; the same as the first in IPv6; a bridge with VLANs between two pairs of hosts.
line='
ip netns add a; ip netns add r; ip netns add b
ip link add a0 netns a type veth peer name r0 netns r
ip link add b0 netns b type veth peer name r1 netns r
ip -n a addr add 10.0.1.2/24 dev a0; ip -n r addr add 10.0.1.1/24 dev r0
ip -n b addr add 10.0.2.2/24 dev b0; ip -n r addr add 10.0.2.1/24 dev r1
ip -n a link set a0 up; ip -n r link set r0 up; ip -n r link set r1 up; ip -n b link set b0 up
ip -n a route add default via 10.0.1.1; ip -n b route add default via 10.0.2.1
ip netns exec r sysctl -qw net.ipv4.ip_forward=1'
line_breaks=(
    'ip -n a link set a0 down' 'ip -n r link set r0 down' 'ip -n r link set r1 down' 'ip -n b link set b0 down'
    'ip netns exec r sysctl -qw net.ipv4.ip_forward=0' 'ip -n a route del default' 'ip -n b route del default'
    'ip -n b addr del 10.0.2.2/24 dev b0' 'ip -n r addr del 10.0.1.1/24 dev r0' 'ip -n r addr del 10.0.2.1/24 dev r1'
    'ip -n r route add blackhole 10.0.2.2/32' 'ip -n r route add unreachable 10.0.1.2/32' 'ip -n a route add prohibit 10.0.2.0/24'
    'ip -n a neigh replace 10.0.1.1 lladdr 02:00:00:00:00:99 dev a0 nud permanent'
    'ip -n r neigh replace 10.0.2.2 lladdr 02:00:00:00:00:99 dev r1 nud permanent'
    'ip netns exec b sysctl -qw net.ipv4.icmp_echo_ignore_all=1' 'ip netns exec r sysctl -qw net.ipv4.conf.r0.arp_ignore=8'
    'ip -n r rule add from 10.0.1.0/24 blackhole' 'ip -n b rule add to 10.0.1.0/24 prohibit'
    'ip -n a route replace default via 10.0.1.9' 'ip -n b route replace default via 10.0.2.9'
    'ip -n b link set b0 netns a'
)

routers='
for n in a r1 r2 r3 b; do ip netns add $n; done
ip link add a0 netns a type veth peer name w1 netns r1; ip link add e1 netns r1 type veth peer name w2 netns r2
ip link add e2 netns r2 type veth peer name w3 netns r3; ip link add e3 netns r3 type veth peer name b0 netns b
ip -n a addr add 10.0.1.2/24 dev a0; ip -n r1 addr add 10.0.1.1/24 dev w1; ip -n r1 addr add 10.0.2.1/24 dev e1
ip -n r2 addr add 10.0.2.2/24 dev w2; ip -n r2 addr add 10.0.3.1/24 dev e2; ip -n r3 addr add 10.0.3.2/24 dev w3
ip -n r3 addr add 10.0.4.1/24 dev e3; ip -n b addr add 10.0.4.2/24 dev b0
ip -n a link set a0 up; ip -n b link set b0 up
for i in 1 2 3; do ip -n r$i link set w$i up; ip -n r$i link set e$i up; ip netns exec r$i sysctl -qw net.ipv4.ip_forward=1; done
ip -n a route add default via 10.0.1.1; ip -n b route add default via 10.0.4.1
ip -n r1 route add default via 10.0.2.2; ip -n r3 route add default via 10.0.3.1
ip -n r2 route add 10.0.1.0/24 via 10.0.2.1; ip -n r2 route add 10.0.4.0/24 via 10.0.3.2'
routers_breaks=(
    'ip -n r2 route del 10.0.1.0/24' 'ip -n r2 route del 10.0.4.0/24' 'ip -n r1 route del default' 'ip -n r3 route del default'
    'ip -n r2 route replace 10.0.4.0/24 via 10.0.2.1' 'ip -n r1 route add 10.0.4.0/24 via 10.0.1.2' 'ip -n a route del default'
    'ip netns exec r1 sysctl -qw net.ipv4.ip_forward=0' 'ip netns exec r2 sysctl -qw net.ipv4.ip_forward=0'
    'ip netns exec r3 sysctl -qw net.ipv4.conf.w3.forwarding=0' 'ip -n r3 link set e3 down' 'ip -n b link set b0 down'
    'ip -n r2 addr add 10.0.4.2/32 dev lo; ip -n r2 link set lo up' 'ip -n r1 rule add to 10.0.4.0/24 blackhole'
    'ip netns exec r2 sysctl -qw net.ipv4.conf.w2.rp_filter=1; ip -n r2 route replace 10.0.1.0/24 via 10.0.3.2'
    'ip -n r3 neigh replace 10.0.4.2 lladdr 02:00:00:00:00:99 dev e3 nud permanent' 'ip -n r2 route add unreachable 10.0.4.2'
)
six='
ip netns add a; ip netns add r; ip netns add b
ip link add a0 netns a type veth peer name r0 netns r
ip link add b0 netns b type veth peer name r1 netns r
ip -n a link set a0 up; ip -n r link set r0 up; ip -n r link set r1 up; ip -n b link set b0 up
ip -n a addr add fd00:1::2/64 dev a0 nodad; ip -n r addr add fd00:1::1/64 dev r0 nodad
ip -n b addr add fd00:2::2/64 dev b0 nodad; ip -n r addr add fd00:2::1/64 dev r1 nodad
sleep 3
ip -n a route add default via fd00:1::1; ip -n b route add default via fd00:2::1
ip netns exec r sysctl -qw net.ipv6.conf.all.forwarding=1'
six_breaks=(
    'ip netns exec r sysctl -qw net.ipv6.conf.all.forwarding=0' 'ip -n a -6 route del default' 'ip -n b -6 route del default'
    'ip -n b addr del fd00:2::2/64 dev b0' 'ip -n r addr del fd00:1::1/64 dev r0' 'ip -n r addr del fd00:2::1/64 dev r1'
    'ip -n r -6 route add blackhole fd00:2::2/128' 'ip -n r -6 route add unreachable fd00:1::2/128'
    'ip -n a neigh replace fd00:1::1 lladdr 02:00:00:00:00:99 dev a0 nud permanent'
    'ip -n r neigh replace fd00:2::2 lladdr 02:00:00:00:00:99 dev r1 nud permanent'
    'ip netns exec b sysctl -qw net.ipv6.icmp.echo_ignore_all=1' 'ip netns exec r sysctl -qw net.ipv6.conf.r1.disable_ipv6=1'
    'ip -n r -6 rule add from fd00:1::/64 blackhole' 'ip -n a -6 route replace default via fd00:1::9' 'ip -n r link set r1 down'
)
vlans='
for n in a b c s; do ip netns add $n; done
ip -n s link add br0 type bridge vlan_filtering 1
for n in a b c; do ip link add ${n}0 netns $n type veth peer name p$n netns s; ip -n s link set p$n master br0; done
bridge -n s vlan add vid 10 dev pa pvid untagged; bridge -n s vlan add vid 10 dev pb pvid untagged; bridge -n s vlan add vid 20 dev pc pvid untagged
ip -n a addr add 10.0.1.2/24 dev a0; ip -n b addr add 10.0.1.3/24 dev b0; ip -n c addr add 10.0.1.4/24 dev c0
for n in a b c; do ip -n $n link set ${n}0 up; ip -n s link set p$n up; done
ip -n s link set br0 up'
vlans_breaks=(
    'ip -n s link set pb nomaster' 'ip -n s link set pa down' 'ip -n s link set br0 down' 'bridge -n s vlan del vid 10 dev pa'
    'bridge -n s vlan del vid 10 dev pb' 'bridge -n s vlan add vid 20 dev pb pvid untagged'
    'bridge -n s link set dev pa state disabled' 'bridge -n s link set dev pa isolated on; bridge -n s link set dev pb isolated on'
    'ip -n b addr del 10.0.1.3/24 dev b0' 'ip -n b link set b0 down' 'ip -n a addr del 10.0.1.2/24 dev a0'
    'bridge -n s vlan add vid 10 dev pa pvid' 'ip -n a neigh replace 10.0.1.3 lladdr 02:00:00:00:00:99 dev a0 nud permanent'
    'ip -n b addr del 10.0.1.3/24 dev b0; ip -n b addr add 10.0.1.3/32 dev b0'
)
# ---- changes that show nothing one by one ----
vnet init --preset bare --force
vnet sh -c "$vlans"
ip -n s link set pb nomaster
finds "a port with its VLAN" 'It works after 2 changes together:' '    ip -n s link set pb master br0' \
    '    bridge -n s vlan add vid 10 dev pb pvid untagged' -- ip netns exec a ping -c 1 10.0.1.3
ip -n s link set pb down
finds "a port with its VLAN, and down" 'It works after 3 changes together:' '    ip -n s link set pb up' '    ip -n s link set pb master br0' \
    '    bridge -n s vlan add vid 10 dev pb pvid untagged' -- ip netns exec a ping -c 1 10.0.1.3
ip -n s link set pb up
ip netns exec b sysctl -qw net.ipv4.conf.all.arp_ignore=8
finds "a port with its VLAN, and arp_ignore" 'It works after 3 changes together:' '    ip -n s link set pb master br0' \
    '    ip netns exec b sysctl -qw net.ipv4.conf.all.arp_ignore=0' -- ip netns exec a ping -c 1 10.0.1.3
vnet init --preset bare --force
vnet sh -c '
ip netns add a; ip netns add b
ip link add a0 netns a type veth peer name b0 netns b
for n in a b; do ip -n $n link add link ${n}0 name v$n type vlan id 10; ip -n $n link set ${n}0 up; done
ip -n a addr add 10.0.1.2/24 dev va; ip -n b addr add 10.0.1.3/24 dev vb
ip -n b link set b0 mtu 800; ip -n b link set vb down'
finds "the MTU of a VLAN device was cut with that below, and it is down" 'It works after 3 changes together:' \
    '    ip -n b link set b0 mtu 1500' '    ip -n b link set vb mtu 1500' '    ip -n b link set vb up' -- \
    ip netns exec b ping -c 1 -M do -s 1200 10.0.1.2

vnet init --preset bare --force
vnet sh -c "$six"
ip netns exec a sysctl -qw net.ipv6.conf.a0.disable_ipv6=1
finds "IPv6 was off, which took address and route" 'It works after 3 changes together; one of:' \
    '    ip netns exec a sysctl -qw net.ipv6.conf.a0.disable_ipv6=0' '    ip -n a addr add fd00:1::2/64 dev a0 nodad' \
    '    ip -n a route add default via fd00:1::1' -- ip netns exec a ping -c 1 -W 1 fd00:2::2

vnet init --preset bare --force
vnet sh -c '
ip netns add a; ip netns add b
ip link add v0 type veth peer name v1 netns a; ip link add w0 type veth peer name w1 netns b
for d in v0 w0; do ip link set $d up; done; ip -n a link set v1 up; ip -n b link set w1 up
ip addr add 2001:db8:1::1/64 dev v0 nodad; ip -n a addr add 2001:db8:1::2/64 dev v1 nodad
ip addr add 2001:db8:2::9/64 dev w0 nodad; ip -n b addr add 2001:db8:2::1/64 dev w1 nodad
ip -n b route add default via 2001:db8:2::9; ip -n a route add 2001:db8:2::/64 dev v1
sysctl -qw net.ipv6.conf.all.forwarding=1; ip -6 neigh add proxy 2001:db8:2::1 dev v0; sleep 2'
finds "a proxy entry, and no proxy_ndp" 'It works after one of:' '    sysctl -qw net.ipv6.conf.v0.proxy_ndp=1' \
    '    ip -n a route replace 2001:db8:2::/64 via 2001:db8:1::1' -- ip netns exec a ping -c 1 -W 1 2001:db8:2::1

vnet init --preset bare --force
vnet sh -c '
for n in a b s; do ip netns add $n; done
ip -n s link add br0 type bridge vlan_filtering 1
for n in a b; do ip link add ${n}0 netns $n type veth peer name p$n netns s; ip -n s link set p$n master br0; ip -n s link set p$n up; done
bridge -n s vlan add vid 10 dev pa; bridge -n s vlan add vid 10 dev pb pvid untagged
ip -n a link add link a0 name a0.10 type vlan id 10
ip -n a addr add 10.0.1.2/24 dev a0.10; ip -n b addr add 10.0.1.3/24 dev b0
ip -n a link set a0 up; ip -n a link set a0.10 up; ip -n b link set b0 up; ip -n s link set br0 up
ip -n s link set pa nomaster; ip -n s link set pa down'
finds "the trunk's port with its VLAN, and down" 'It works after 3 changes together:' '    ip -n s link set pa up' '    ip -n s link set pa master br0' \
    '    bridge -n s vlan add vid 10 dev pa' -- ip netns exec b ping -c 1 10.0.1.2

# Frames that go round two bridges with two links end a trial, not the search.
vnet init --preset bare --force
vnet sh -c '
ip netns add a; ip netns add b
for i in 0 1; do ip link add a$i netns a type veth peer name b$i netns b; done
for n in a b; do ip -n $n link add br0 type bridge; for i in 0 1; do ip -n $n link set $n$i master br0; ip -n $n link set $n$i up; done; done
ip -n a addr add 10.0.1.1/24 dev br0; ip -n b addr add 10.0.1.2/24 dev br0
ip -n a link set br0 up
ip -n b link set b1 down'
finds "changes that make a loop" 'It works after 2 changes together; one of:' '    ip -n b link set br0 up' '    ip -n b addr add 10.0.1.9/24 dev br0' -- \
    ip netns exec a ping -c 1 -W 1 10.0.1.9

# ---- broken at random ----
broken=0 found=0 fine=0 slowest=0
RANDOM=${SEED:-7}
random_worlds() { # NAME TARGET
    local -n working=$1 breaks=$1_breaks
    local one two spent
    vnet init --preset bare --force
    vnet sh -c "$working"
    check "$1: the topology works" ip netns exec a ping -q -c 1 "$2" > /dev/null
    cp "$VNET_STATE" "$work/working.json"
    for _ in $(seq "${BROKEN:-5}"); do
        cp "$work/working.json" "$VNET_STATE"
        one=${breaks[RANDOM % ${#breaks[@]}]} two=${breaks[RANDOM % ${#breaks[@]}]}
        [ $((RANDOM % 3)) = 0 ] && two=true
        vnet sh -c "$one; $two" > /dev/null 2>&1
        spent=$( { TIMEFORMAT=%U; time vnet why ip netns exec a ping -c 1 -W 1 "$2" > "$answer" 2>&1; } 2>&1)
        spent=${spent/./}
        [ "$((10#$spent))" -le "$slowest" ] || slowest=$((10#$spent))
        if grep -q '^It works: ' "$answer"; then fine=$((fine + 1)); continue; fi
        broken=$((broken + 1))
        if grep -q '^It works after' "$answer"; then
            found=$((found + 1))
        else
            echo "# $1: $one; $two"
            sed 's/^/# /' "$answer"
        fi
    done
}
random_worlds line 10.0.2.2
random_worlds routers 10.0.4.2
random_worlds six fd00:2::2
random_worlds vlans 10.0.1.3
echo "# $broken broken worlds, $fine that worked all the same: a fix for $found; the slowest took $slowest ms"
[ $((found * 100)) -ge $((broken * 95)) ] && [ $broken -gt 0 ] && ok "a fix is found in 95 of 100 broken worlds" || not_ok "a fix in $found of $broken"
# The worlds of make check-why, some of them.
LIMIT=0 VNET=$build/vnet "$(dirname "$0")/why-random" 7 "${BROKEN:-5}" > "$answer" && ok "a router, a trunk, a bridge with VLANs" || not_ok "$(cat "$answer")"
tail -n 1 "$answer"
finish

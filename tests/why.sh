#!/bin/bash
# vnet why: what would make a command work. Environment: BROKEN (20), how many worlds are broken at random.
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

# ---- two hosts and a router, one or two things of which are broken ----
working='
ip netns add a; ip netns add r; ip netns add b
ip link add a0 netns a type veth peer name r0 netns r
ip link add b0 netns b type veth peer name r1 netns r
ip -n a addr add 10.0.1.2/24 dev a0; ip -n r addr add 10.0.1.1/24 dev r0
ip -n b addr add 10.0.2.2/24 dev b0; ip -n r addr add 10.0.2.1/24 dev r1
ip -n a link set a0 up; ip -n r link set r0 up; ip -n r link set r1 up; ip -n b link set b0 up
ip -n a route add default via 10.0.1.1; ip -n b route add default via 10.0.2.1
ip netns exec r sysctl -qw net.ipv4.ip_forward=1'
breaks=(
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
vnet init --preset bare --force
vnet sh -c "$working"
check "the topology works" ip netns exec a ping -q -c 1 10.0.2.2 > /dev/null
cp "$VNET_STATE" "$work/working.json"
broken=0 found=0 fine=0
RANDOM=${SEED:-7}
for _ in $(seq "${BROKEN:-20}"); do
    cp "$work/working.json" "$VNET_STATE"
    one=${breaks[RANDOM % ${#breaks[@]}]} two=${breaks[RANDOM % ${#breaks[@]}]}
    [ $((RANDOM % 3)) = 0 ] && two=true
    vnet sh -c "$one; $two" > /dev/null 2>&1
    vnet why ip netns exec a ping -c 1 -W 1 10.0.2.2 > "$answer" 2>&1
    if grep -q '^It works: ' "$answer"; then fine=$((fine + 1)); continue; fi
    broken=$((broken + 1))
    if grep -q '^It works after' "$answer"; then
        found=$((found + 1))
    else
        echo "# $one; $two"
        sed 's/^/# /' "$answer"
    fi
done
echo "# $broken broken worlds, $fine that worked all the same: a fix for $found"
[ $((found * 100)) -ge $((broken * 95)) ] && [ $broken -gt 0 ] && ok "a fix is found in 95 of 100 broken worlds" || not_ok "a fix in $found of $broken"
finish

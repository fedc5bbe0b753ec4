#!/bin/bash
# In a world of many namespaces a command reads those that it needs; what it does is the same as if all were read, as
# they are when the file's "sum" is not right.
. "$(dirname "$0")/lib.sh"
start asleep

cat > "$work/commands" << 'END'
ip netns exec n1 ping -c1 10.5.0.7
ip netns exec n3 ping -c1 -W1 10.5.0.99
ip netns list
ip -n n3 neigh
sleep 40
ip -n n3 link add x type veth peer name y netns n4
ip -n n3 link set x up
ip -n n4 link set y up
ip -n n3 addr add 10.6.0.3/24 dev x
ip -n n4 addr add 10.6.0.4/24 dev y
ip netns exec n4 ping -c1 10.6.0.3
ip -n n4 link set y name z
ip -n n3 link show x
ip -n n4 link set z netns n5
ip -n n3 link show x
ip -n n5 link add link z name z.7 type vlan id 7
ip -n n5 link set z.7 netns n6
ip -n n6 -d link show z.7
ip -n n3 link del x
ip link set v8 down
ip -n n8 link show e0
ip netns exec n9 sysctl -w net.ipv4.ip_forward=1
sysctl -w net.ipv4.neigh.default.mcast_solicit=7 net.ipv6.neigh.default.gc_stale_time=50
ip ntable change name arp_cache retrans 2000
ip -n n2 ntable show dev e0
ip netns del n9
ip netns exec n1 ping -c1 -W1 10.5.0.9
ip netns set n10 5
ip netns del n10
ip link show type veth
sleep 300
vnet undo
explain -n n2 ping 10.5.0.11
ip netns exec n2 ping -c2 10.5.0.11
ip -n n11 -s link show e0
bridge fdb show br br0
END

build_world() {
    echo "ip link add br0 type bridge"
    echo "ip link set br0 up"
    for i in $(seq 20); do
        echo "ip netns add n$i"
        echo "ip link add v$i type veth peer name e0 netns n$i"
        echo "ip link set v$i master br0 up"
        echo "ip -n n$i addr add 10.5.0.$i/24 dev e0"
        echo "ip -n n$i link set e0 up"
    done
    echo "sleep 3"
}
run() { # NAME FILTER: all commands in a world of its own, whose file goes through the filter before each
    local line filter=$2
    cp "$work/start.json" "$VNET_STATE"
    rm -rf "$VNET_STATE.undo" "$VNET_STATE".frames*
    while read -r line; do
        $filter
        echo "\$ $line"
        $line 2>&1
    done < "$work/commands" > "$work/$1.out"
    sed -e 's/^"sum":.*//' "$VNET_STATE" > "$work/$1.json"
}
leave() { :; }
unseal() { sed -i 's/^"sum":".*"/"sum":"0"/' "$VNET_STATE"; }

build_world | vnet
cp "$VNET_STATE" "$work/start.json"
check "namespaces sleep" test "$(grep -c '"asleep":\[' "$VNET_STATE")" = 20
run sealed leave
run unsealed unseal
check "commands print the same" cmp "$work/sealed.out" "$work/unsealed.out"
check "the worlds are the same" cmp "$work/sealed.json" "$work/unsealed.json"
check "pings get through" test "$(grep -c ' 0% packet loss' "$work/sealed.out")" = 3

# A file that somebody has edited is checked whole.
cp "$work/start.json" "$VNET_STATE"
sed -i '0,/"local":"10.5.0.12"/s//"local":"10.5.0.1222"/' "$VNET_STATE"
ip link show br0 > "$work/out" 2> "$work/err"
check "a changed file is refused" grep -q 'netns\[11\].addrs\[0\].local: must be an IPv4 address' "$work/err"

# A world that few are left of is written as ever.
cp "$work/start.json" "$VNET_STATE"
for i in $(seq 10) $(seq 12 20); do ip netns del n$i; done
check "few namespaces do not sleep" test "$(grep -c '"asleep"\|"sum"' "$VNET_STATE")" = 0
check "the few are whole" test "$(ip -n n11 addr show e0 | grep -c 'inet 10.5.0.11/24')" = 1
finish

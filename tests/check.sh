#!/bin/bash
# vnet check: each kind of assertion, true and false; what is wrong with a file; formats; nothing is changed.
. "$(dirname "$0")/lib.sh"
start check

cat > "$work/net" <<'X'
ip netns add a; ip netns add r; ip netns add b
ip link add a0 netns a address 02:00:00:00:00:0a type veth peer name r0 netns r address 02:00:00:00:00:01
ip link add b0 netns b type veth peer name r1 netns r
ip -n a addr add 10.0.1.2/24 dev a0; ip -n r addr add 10.0.1.1/24 dev r0
ip -n b addr add 10.0.2.2/24 dev b0; ip -n r addr add 10.0.2.1/24 dev r1
ip -n a link set a0 up; ip -n r link set r0 up; ip -n r link set r1 up; ip -n b link set b0 up
ip -n a route add default via 10.0.1.1; ip -n b route add 10.0.1.0/24 via 10.0.2.1; ip -n a route add blackhole 10.9.0.0/16; ip -n a route add 10.8.0.1/32 via 10.0.1.1 metric 5
ip -n a neigh add 10.0.1.9 dev a0 lladdr 02:00:00:00:00:09 nud permanent
ip link add br0 type bridge; ip link add p0 type veth peer name p1; ip link set p0 master br0; ip link set p0 mtu 1400
bridge fdb add 02:00:00:00:00:0c dev p0 master static
X
vnet sh "$work/net"
cp "$VNET_STATE" "$work/before"

judged() { # STATUS ASSERTION [FOUND...]
    local status=$1 text=$2 rc want
    shift 2
    echo "$text" > "$work/file"
    vnet check "$work/file" > "$work/out" 2>&1
    rc=$?
    if [ "$rc" != "$status" ]; then not_ok "$text: status $rc: $(cat "$work/out")"; return; fi
    for want; do
        grep -qF -- "$want" "$work/out" || { not_ok "$text: $(cat "$work/out")"; return; }
    done
    ok "$text: $status"
}
holds() { judged 0 "$1"; judged 1 "$(sed -E 's/^(in [a-z]+ )?/\1not /' <<< "$1")" "found: "; }
fails() { judged 1 "$@"; judged 0 "$(sed -E 's/^(in [a-z]+ )?/\1not /' <<< "$1")"; }
wrong() { judged 2 "$1" "$work/file:1: $2"; }

holds 'in a reachable 10.0.1.1'
holds 'in a reachable 10.0.1.1 from a0'
holds 'reachable ::1'
fails 'in a reachable 10.0.2.2' '0 received' 'r/r0: ip_error() drops' 'net.ipv4.ip_forward=1' 'hint:  it works after: '
holds 'in a route 10.0.2.2 via 10.0.1.1 dev a0 src 10.0.1.2'
fails 'in a route 10.0.2.2 via 10.0.1.9' 'found: 10.0.2.2 via 10.0.1.1 dev a0'
fails 'in b route 10.7.0.1' 'RTNETLINK answers: Network is unreachable'
holds 'in a entry default via 10.0.1.1 dev a0'
holds 'in a entry 10.9.0.0/16'
holds 'in a entry 10.8.0.1/32 metric 5'
fails 'in b entry default' 'nothing of it is there'
fails 'in a entry 10.8.0.1/32 metric 6' '10.8.0.1 via 10.0.1.1'
holds 'in a address 10.0.1.2/24 on a0'
holds 'in a address 10.0.1.2'
fails 'in a address 10.0.1.2/16' 'nothing of it is there'
fails 'in a address 10.0.1.2/24 on nosuch' 'Device "nosuch" does not exist.'
holds 'in a link a0 up mtu 1500 state UP address 02:00:00:00:00:0a'
holds 'link p0 down master br0 mtu 1400'
fails 'link p0 up' 'p0@p1'
fails 'link nosuch' 'Device "nosuch" does not exist.'
holds 'in a neighbour 10.0.1.9 on a0 lladdr 02:00:00:00:00:09 state PERMANENT'
fails 'in a neighbour 10.0.1.9 state REACHABLE' 'PERMANENT'
holds 'fdb 02:00:00:00:00:0c dev p0 master br0'
fails 'fdb 02:00:00:00:00:0c dev p1'
holds 'in r sysctl net.ipv4.ip_forward = 0'
fails 'in r sysctl net.ipv4.ip_forward = 1' 'found: net.ipv4.ip_forward = 0'
holds 'in r sysctl net.ipv4.ping_group_range = "1 0"'
holds 'in r captured r0 icmp by ping -c 1 10.0.1.2'
holds 'in a captured r/r0 icmp and src 10.0.1.2 by ping -c 1 10.0.1.1'
fails 'in a captured r/r1 icmp by ping -c 1 10.0.2.2'
holds 'in a succeeds ip route get 10.0.1.1'
fails 'in b succeeds ip route get 10.7.0.1' 'exit status 2'
holds 'in a prints " 0% packet loss" ping -c 1 10.0.1.1'
fails 'in a prints "1 received" ping -c 1 -W 1 10.0.2.2' '0 received'
judged 1 'in nosuch link lo up' 'there is no network namespace nosuch'
judged 1 $'in a reachable 10.0.2.2\n  hint ask the router  # please' 'hint:  ask the router  # please'
judged 0 $'# nothing\n\n  reachable 127.0.0.1  # but this\r'
judged 0 'succeeds ping 127.0.0.1'
check "nothing has changed" cmp -s "$VNET_STATE" "$work/before"

wrong reachable '"reachable": what it is about is missing'
wrong 'reachable x' '"x": is no address'
wrong 'reachable 10.0.0.1 form x' '"form": after "reachable" can come: from'
wrong 'link lo up upp' '"upp": after "link" can come: mtu, master, state, address, up, down'
wrong 'route 10.0.0.1 via' '"via": its value is missing'
wrong 'frob x' '"frob": is no kind of assertion'
wrong 'in a' 'the assertion is missing'
wrong 'sysctl x' '"x": its value is missing: sysctl KEY = VALUE'
wrong 'captured r0 icmp' 'what shall cause it is missing: by COMMAND'
wrong 'captured r0 icmp by' 'the command is missing'
wrong 'succeeds vi' '"vi": is no tool of vnet'
wrong 'prints "x' '"x": the closing quotation mark is missing'
wrong 'hint x' '"hint": there is no assertion before it'
wrong 'address 10.0.0.1/x' '"10.0.0.1/x": is no address with a prefix length'
wrong 'fdb zz' '"zz": is no MAC address'
wrong '' 'there is no assertion in it'
wrong $'link lo\e[31m' 'it has a control character'
vnet check "$work/nosuch" > "$work/out" 2>&1
check "no such file" test "$? $(cat "$work/out")" = "2 vnet: $work/nosuch: No such file or directory"
vnet check > "$work/out" 2>&1
check "usage" test "$? $(cat "$work/out")" = "2 Usage: vnet check [--tap | --junit] FILE..."

printf 'reachable 127.0.0.1\nlink nosuch\n  hint make it\n' > "$work/two"
check "TAP" test "$(vnet check --tap "$work/two")" = "1..2
ok 1 - reachable 127.0.0.1
not ok 2 - link nosuch
# $work/two:2
# found: Device \"nosuch\" does not exist.
# hint: make it"
check "JUnit" test "$(vnet check --junit "$work/two")" = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuite name=\"vnet check\" tests=\"2\">
  <testcase classname=\"$work/two\" name=\"1: reachable 127.0.0.1\"/>
  <testcase classname=\"$work/two\" name=\"2: link nosuch\"><failure>Device &quot;nosuch&quot; does not exist.
hint: make it</failure></testcase>
</testsuite>"
check "standard input" test "$(echo 'link lo up' | vnet check -)" = "ok    link lo up
all 1 hold"
finish

#!/bin/bash
# vnet explain: the way of a command's packets, and where they were lost.
here=$(dirname "$0")
. "$here/lib.sh"
start explain

shows() { # TEXT PATTERN COMMAND...: a line of its output matches
    local what=$1 pattern=$2 got
    shift 2
    got=$("$@" 2>&1)
    if grep -qE -- "$pattern" <<<"$got"; then ok "$what"; else not_ok "$what: $got"; fi
}
status() { # TEXT STATUS COMMAND...
    local what=$1 wanted=$2 got
    shift 2
    "$@" > /dev/null 2>&1
    got=$?
    if [ "$got" = "$wanted" ]; then ok "$what"; else not_ok "$what: exit status $got"; fi
}
X() { vnet explain "$@"; }

ip link add veth0 type veth peer name veth1
ip link set veth0 up
ip link set veth1 up
ip addr add 192.168.2.11/24 dev veth0
sleep 3

# ---- the veth tutorial's first case: nothing on veth1 ----
before=$(cat "$VNET_STATE")
shows "the outcome comes first" '^4 packets transmitted, 0 received.*: veth1: arp_process\(\) ignores: request who-has 192.168.2.12' \
    sh -c "vnet explain ping -c4 192.168.2.12 | head -n 1"
shows "--all: the hooks of netfilter that it passes" ' veth0 +netfilter OK +NF_INET_POST_ROUTING out veth0: ACCEPT  \[ip_output\(\)\]' X --all ping -c1 192.168.2.12
[ "$(X ping -c1 192.168.2.12 | grep -c NF_INET)" = 0 ] && ok "without --all none" || not_ok "hooks without --all"
shows "then the steps: the request leaves" ' veth0 +neigh +SENT +who has 192.168.2.12\? tell 192.168.2.11 .*arp_solicit\(\)' X ping -c4 192.168.2.12
shows "it is ignored" ' veth1 +arp +IGNORED +.*target is not an address of ours .*arp_process\(\)' X ping -c4 192.168.2.12
shows "the packets are given up, with the kernel's reason" 'arp_error_report\(\).* \(SKB_DROP_REASON_NEIGH_FAILED\)' X ping -c4 192.168.2.12
shows "what a real machine shows of it" '^A real machine shows IcmpInDestUnreachs \+3, IcmpOutDestUnreachs \+3\.$' X ping -c4 192.168.2.12
[ "$before" = "$(cat "$VNET_STATE")" ] && ok "the world is as it was" || not_ok "the world has changed"
status "the command's exit status" 1 vnet explain ping -c1 192.168.2.12

# ---- its second case: both ends, and a socket bound to one ----
ip addr add 192.168.2.12/24 dev veth1
shows "the source address is our own" 'fib_validate_source\(\) ignores: local source address, accept_local is 0: 192.168.2.11 -> 192.168.2.12 on veth1$' \
    X --brief ping -c1 -I veth0 192.168.2.12
shows "no counter tells of it" '^A real machine shows nothing of it: no counter moves\.$' X ping -c1 -W 0.5 -I veth0 192.168.2.12
sysctl -qw net.ipv4.conf.veth1.accept_local=1
shows "with accept_local it is answered" '^1 packets transmitted, 1 received, 0% packet loss, time 0ms$' X --brief ping -c1 -I veth0 192.168.2.12
shows "the reply comes by lo" ' lo +socket +OK +received by socket' X ping -c1 -I veth0 192.168.2.12
sysctl -qw net.ipv4.conf.all.rp_filter=1
shows "and with rp_filter it is not" 'rp_filter' X --brief ping -c1 -W 0.5 -I veth0 192.168.2.12
sysctl -qw net.ipv4.conf.all.rp_filter=0

# ---- other commands, other places ----
ip netns add red
ip link set veth1 netns red
ip -n red addr add 192.168.2.12/24 dev veth1
ip -n red link set veth1 up
shows "a namespace's name stands before the device" ' red/veth1 +icmp +OK +192.168.2.11 > 192.168.2.12, type 8' X ping -c1 192.168.2.12
shows "a command in a namespace" '^1 packets transmitted, 1 received' X --brief ip netns exec red ping -c1 192.168.2.11
shows "the same in vnet's shell" '^1 packets transmitted, 1 received' \
    sh -c "echo 'explain --brief ip netns exec red ping -c1 192.168.2.11' | vnet sh | head -n 1"
shows "one that would not end by itself" '^6 packets transmitted, 6 received|^5 packets transmitted, 5 received' X --brief ping 192.168.2.12
shows "no route" 'Network is unreachable: lo: .* refuses: no way to 8.8.8.8$' X --brief ping -c1 8.8.8.8
shows "a step of its own" ' lo +route +REFUSED +no way to 8.8.8.8 ' X ping -c1 8.8.8.8
shows "JSON" '"func"|"function": "arp_process"' X --json ping -c1 192.168.2.99
vnet explain --json ping -c1 192.168.2.99 | python3 -m json.tool > /dev/null && ok "JSON parses" || not_ok "JSON does not parse"
shows "profiles differ in the kernel's reasons" 'later kernels call this SKB_DROP_REASON_' env VNET_PROFILE=centos7 vnet explain ping -c1 192.168.2.99

# ---- what was looked up: sysctls and rules ----
ip netns exec red sysctl -qw net.ipv4.conf.all.rp_filter=1
ip -n red link set lo up
ip -n red route add 192.168.2.11/32 dev lo
shows "the sysctl that drops, and what comes of its two values" '__fib_validate_source.*\{rp_filter: all=1, veth1=0: effective 1\}' X ping -c1 192.168.2.12
shows "in JSON" '"sysctls": \[ "rp_filter: all=1, veth1=0: effective 1" \]' X --json ping -c1 192.168.2.12
ip -n red route del 192.168.2.11/32 dev lo
shows "those of what went well, by --all" ' route +OK .*\{rp_filter: all=1, veth1=0: effective 1\}' X --all ping -c1 192.168.2.12
check "no rules, no steps of rules" sh -c '! vnet explain ping -c1 192.168.2.12 | grep "fib4_rule_action"'
ip rule add to 192.168.2.0/24 lookup 100 pref 7
shows "a rule whose table knows nothing" ' rule +OK +rule 7: from all to 192.168.2.0/24 .table 100. matches 192.168.2.12: nothing in that table' X ping -c1 192.168.2.12
ip rule add to 192.168.2.12 prohibit pref 6
shows "a rule that refuses" ' rule +OK +rule 6: .* prohibit matches 192.168.2.12: refused ' X ping -c1 192.168.2.12
ip rule del pref 6
ip rule del pref 7

ip addr add fd00:9::1/64 dev veth0 nodad
ip -n red addr add fd00:9::2/64 dev veth1 nodad
ip netns exec red sysctl -qw net.ipv6.conf.all.forwarding=1
ignored() { # SYSCTL TARGET
    check "IPv6: $2 answers" ping -q -c1 "$2" > /dev/null
    ip netns exec red sysctl -qw "net.ipv6.icmp.$1=1"
    shows "$1" "IGNORED .*icmpv6_echo_reply.*\\{net.ipv6.icmp.$1=1\\}" X ping -c1 "$2"
    ip netns exec red sysctl -qw "net.ipv6.icmp.$1=0"
}
ignored echo_ignore_all fd00:9::2
ignored echo_ignore_multicast ff02::1%veth0
ignored echo_ignore_anycast fd00:9::
ip netns exec red sysctl -qw net.ipv6.conf.veth1.disable_ipv6=1
shows "disable_ipv6" 'DROPPED .*ip6_rcv_core.*\{disable_ipv6: veth1=1\}' X ping -c1 fd00:9::2
ip netns exec red sysctl -qw net.ipv6.conf.veth1.disable_ipv6=0
ip -n red -6 neigh add proxy fd00:9::77 dev veth1
shows "a proxy entry, and no proxy_ndp" 'IGNORED .*not our address: fd00:9::77 .*ndisc_recv_ns.*\{forwarding: veth1=1; proxy_ndp: all=0, veth1=0: effective 0\}' \
    X ping -c1 fd00:9::77
ip netns exec red sysctl -qw net.ipv6.conf.all.forwarding=0
ip addr del fd00:9::1/64 dev veth0

# ---- a terminal is as wide as it is ----
if command -v python3 > /dev/null && ip addr add 10.1.2.3/24 dev veth0 &&
    echo 'explain ping -c1 -W1 10.1.2.4; exit' | "$here/terminal.py" -x 80 "$build/vnet" sh > "$work/screen"; then
    shows "broken at blanks, under the detail" '^ {36}\[arp_process\(\)\]$' cat "$work/screen"
    shows "no line is wider" '^0$' grep -cE '^.{81}' "$work/screen"
else
    ok "in a terminal # SKIP no python3"
fi
ip addr del 10.1.2.3/24 dev veth0
shows "elsewhere a step is a line" '^.{81}.*\[ip_route_output_key_hash_rcu\(\)\]' X ping -c1 192.168.2.12

# ---- --pcap: the frames of all devices ----
vnet explain --pcap "$work/way.pcapng" ping -c2 192.168.2.12 > /dev/null
shows "the frames of a run, read back: each by the device that sends and the one that receives" '^8$' \
    sh -c "tcpdump -n -r '$work/way.pcapng' icmp 2> /dev/null | wc -l"
shows "in the order of their times" '^2$' sh -c "tcpdump -n -r '$work/way.pcapng' 'icmp[icmptype] = 8' 2> /dev/null | grep -c 'seq 1,'"
shows "each device under its name" '^red/veth1 veth0$' python3 - "$work/way.pcapng" << 'END'
import struct, sys
b = open(sys.argv[1], "rb").read()
at, names = 0, []
while at < len(b):
    kind, size = struct.unpack_from(">II", b, at)
    if kind == 1: # an interface: its first option is the name
        code, n = struct.unpack_from(">HH", b, at + 16)
        names.append(b[at + 20:at + 20 + n].decode())
    at += size
print(*sorted(names))
END
shows "a file that cannot be written" "^vnet: $work/none/x: No such file or directory$" X --pcap "$work/none/x" ping -c1 192.168.2.12
status "is refused" 2 vnet explain --pcap "$work/none/x" ping -c1 192.168.2.12
status "--pcap without a file" 2 vnet explain --pcap
status "no command" 2 vnet explain
status "an unknown option" 2 vnet explain --nosuch ping
status "vnet's own commands send nothing" 2 vnet explain init
finish

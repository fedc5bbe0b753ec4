#!/bin/bash
# The veth tutorial's two explanations, sentence by sentence: each stands against the step of the trace that shows it, or is
# wrong, and then against the step that shows so. (examples/veth-tutorial.txt is its transcript.)
. "$(dirname "$0")/lib.sh"
start story
steps=$work/steps
at=0

# SENTENCE | STEP: a pattern for "DEVICE STAGE VERDICT WHAT [FUNCTION]", found at or after the step before
tell() {
    local sentence=$1 pattern=$2 line
    line=$(tail -n "+$((at + 1))" "$steps" | grep -nE -m 1 -- "$pattern" | cut -d : -f 1)
    if [ -n "$line" ]; then
        at=$((at + line - 1))
        ok "$sentence"
    else
        not_ok "$sentence: no step like $pattern"
        sed 's/^/# /' "$steps"
    fi
}
never() { # SENTENCE | STEP that there is none like
    if grep -qE -- "$2" "$steps"; then not_ok "$1: $(grep -E -m 1 -- "$2" "$steps")"; else ok "$1"; fi
}
explained() { # COMMAND...
    at=0
    vnet explain "$@" | sed -E 's/^ *[0-9]+\. //; s/ +/ /g' > "$steps"
}
pair() { # PROFILE
    vnet init --preset bare --profile "$1" --force
    ip link add veth0 type veth peer name veth1
    ip addr add 192.168.2.11/24 dev veth0
    ip link set veth0 up
    ip link set veth1 up
    sleep 3
}

# ---- nothing on veth1 ----
first_case() { # PROFILE
    pair "$1"
    explained ping -c4 192.168.2.12
    tell "$1: the routes say that the way to .12 is by veth0" '^veth0 route OK 192.168.2.12 from 192.168.2.11: 192.168.2.0/24 dev veth0 \(table main\)'
    tell "$1: ping makes an echo request and hands it to the stack" '^veth0 ip OK 192.168.2.11 > 192.168.2.12, protocol 1, 84 bytes \[ip_local_out'
    tell "$1: the address is new and on the same network: it waits" '^veth0 neigh QUEUED 192.168.2.12 is not resolved yet'
    tell "$1: and ARP asks for .12" '^veth0 neigh SENT who has 192.168.2.12\? tell 192.168.2.11 \(broadcast\) \[arp_solicit'
    tell "$1: the request is given to veth0" '^veth0 xmit SENT 42 bytes'
    tell "$1: veth0's other end is veth1: it arrives there, and goes to the stack" '^veth1 receive OK 28 bytes, ethertype 0x0806'
    tell "$1: nobody here has .12: the request is thrown away" '^veth1 arp IGNORED request who-has 192.168.2.12 tell 192.168.2.11: the target is not an address of ours \[arp_process'
    never "$1: \"veth0 receives the request, too, and throws it away\" is wrong: it only sends" '^veth0 (receive .* 0x0806|arp )'
    tell "$1: without an answer, the packets are given up" '^veth0 neigh DROPPED 192.168.2.12 did not answer ARP \[arp_error_report'
    at=0
    tell "$1: their source, .11, is ours: an unreachable goes there over lo" '^lo route OK 192.168.2.11 from 192.168.2.11: local 192.168.2.11/32 dev lo \(table local\)'
    tell "$1: host unreachable" '^lo icmp SENT type 3 code 1 to 192.168.2.11 about its packet to 192.168.2.12'
    tell "$1: which is why lo shows packets" '^lo xmit SENT 126 bytes'
    tell "$1: and ping hears of it" '^lo socket OK socket 1 is told: ICMP type 3 code 1'
}
first_case debian12
first_case centos7

# ---- both addresses, a socket bound to veth0, and the five settings ----
second_case() { # PROFILE
    pair "$1"
    ip addr add 192.168.2.12/24 dev veth1
    sysctl -qw net.ipv4.conf.veth1.accept_local=1 net.ipv4.conf.veth0.accept_local=1
    sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.veth0.rp_filter=0 net.ipv4.conf.veth1.rp_filter=0
    explained ping -c4 -I veth0 192.168.2.12
    tell "$1: ping is told to use veth0, the stack routes it there, though .12 is its own" '^veth0 route OK 192.168.2.12 from 192.168.2.11: 192.168.2.0/24 dev veth0 \(table main\)'
    tell "$1: ping makes an echo request" '^veth0 ip OK 192.168.2.11 > 192.168.2.12, protocol 1, 84 bytes'
    tell "$1: ARP comes first" '^veth0 neigh SENT who has 192.168.2.12\?'
    tell "$1: and is answered from veth1, now" '^veth1 arp SENT 192.168.2.12 is at our veth1: reply to 192.168.2.11'
    tell "$1: the request is given to veth0" '^veth0 xmit SENT 98 bytes'
    tell "$1: veth0's other end is veth1, which hands it to the stack" '^veth1 receive OK 84 bytes, ethertype 0x0800'
    never "$1: \"both ends receive the request\" is wrong: veth0 sends it" '^veth0 receive OK 84 bytes'
    at=0
    tell "$1: .12 is an address of ours" '^veth1 route OK 192.168.2.12 from 192.168.2.11: local 192.168.2.12/32 dev lo \(table local\)'
    tell "$1: so an echo reply is made" '^veth1 icmp OK 192.168.2.11 > 192.168.2.12, type 8 code 0: answered'
    tell "$1: the way to .11 is lo" '^lo route OK 192.168.2.11 from 192.168.2.12: local 192.168.2.11/32 dev lo \(table local\)'
    tell "$1: the reply is given to lo" '^lo xmit SENT 98 bytes'
    tell "$1: which gives it back to the stack: it can be seen there" '^lo receive OK 84 bytes, ethertype 0x0800'
}
second_case debian12
tell "debian12: the socket of ping wants it: since Linux 5.2 the device counts that has the address" '^lo socket OK received by socket 1'
second_case centos7
tell "centos7: \"the socket of ping gets the reply\" is wrong: it is bound to veth0, and the reply came by lo" '^lo socket IGNORED socket 1 does not match: it is bound to device [0-9]+, the packet is from 192.168.2.12 by 1 \[raw_v4_match'
tell "centos7: so nobody takes it" '^lo icmp DROPPED 192.168.2.12 > 192.168.2.11, type 0 code 0: nobody asked \[ping_rcv'
vnet why ping -c4 -I veth0 192.168.2.12 > "$steps"
grep -q '^No change makes it work' "$steps" && ok "centos7: and no change of settings makes it succeed" || not_ok "$(cat "$steps")"
finish

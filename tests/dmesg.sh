#!/bin/bash
# The kernel's log, where User-mode Linux has nothing to record: martians (as Linux 6.18 logs them), their limit, and what
# explain says of them.
. "$(dirname "$0")/lib.sh"
start dmesg

says() { # TEXT WANTED COMMAND...: all of its output
    local what=$1 wanted=$2 got
    shift 2
    got=$("$@" 2>&1)
    if [ "$got" = "$wanted" ]; then ok "$what"; else not_ok "$what: $got"; fi
}

vnet init --preset bare --profile linux6.18 --force
ip link add veth0 address 02:00:00:00:00:01 type veth peer name veth1 address 02:00:00:00:00:02
ip link set veth0 up
ip link set veth1 up
ip addr add 192.168.2.11/24 dev veth0
ip addr add 192.168.2.12/24 dev veth1
says "6.18 says nothing of links that become ready" "" dmesg
ping -c2 -W1 -I veth0 192.168.2.12 > "$work/out"
says "no martian is logged where log_martians is 0" "" dmesg
sleep 5
sysctl -qw net.ipv4.conf.veth1.log_martians=1
ping -c1 -W0.5 -I veth0 192.168.2.12 > "$work/out"
martian="kern  :warn  : IPv4: martian source 192.168.2.12 from 192.168.2.11, on dev veth1
kern  :warn  : ll header: 00000000: ff ff ff ff ff ff 02 00 00 00 00 01 08 06"
says "a martian source, as 6.18 logs it" "$martian" dmesg -tx
dmesg -C
says "explain shows the lines" "A real machine shows nothing of it: no counter moves, but in the kernel's log (dmesg):
    IPv4: martian source 192.168.2.12 from 192.168.2.11, on dev veth1
    ll header: 00000000: ff ff ff ff ff ff 02 00 00 00 00 01 08 06" sh -c 'vnet explain ping -c1 -W1 -I veth0 192.168.2.12 | tail -n 3'
says "and the step at which they are printed" 1 sh -c 'vnet explain ping -c1 -W1 -I veth0 192.168.2.12 | grep -c "a martian line in the kernel log.*ip_handle_martian_source"'
says "in JSON, too" 2 sh -c "vnet explain --json ping -c1 -W1 -I veth0 192.168.2.12 | python3 -c 'import json, sys; print(len(json.load(sys.stdin)[0][\"log\"]))'"
says "the world's own log is as it was" "" dmesg
sysctl -qw net.ipv4.conf.veth1.log_martians=0
says "explain: none where none would be printed" 0 sh -c 'vnet explain ping -c1 -W1 -I veth0 192.168.2.12 | grep -c "kernel.* log"'
vnet init --preset bare --profile centos7 --force
ip link add veth0 address 02:00:00:00:00:01 type veth peer name veth1 address 02:00:00:00:00:02
ip addr add 192.168.2.11/24 dev veth0
ip addr add 192.168.2.12/24 dev veth1
ip link set veth0 up
says "3.10 says that a link is not ready" "IPv6: ADDRCONF(NETDEV_UP): veth0: link is not ready" dmesg -ct
ip link set veth1 up
sysctl -qw net.ipv4.conf.all.log_martians=1
dmesg -C
ping -c1 -W0.5 -I veth0 192.168.2.12 > "$work/out"
says "3.10 shows the header in ASCII, too" "ll header: 00000000: ff ff ff ff ff ff 02 00 00 00 00 01 08 06        .............." sh -c 'dmesg -t | tail -n 1'

# ---- not more than ten in five seconds ----
vnet init --preset bare --force
ip link add veth0 type veth peer name veth1
ip addr add 192.168.2.11/24 dev veth0
ip link set veth0 up
ip link set veth1 up
sleep 2
sysctl -qw net.ipv4.neigh.default.gc_thresh1=1 net.ipv4.neigh.default.gc_thresh2=2 net.ipv4.neigh.default.gc_thresh3=3
dmesg -C
for i in $(seq 20 39); do ping -c1 -W0.01 "192.168.2.$i" > "$work/out" 2>&1; done
says "ten lines of what packets cause in five seconds" 10 sh -c "dmesg -t | grep -cx 'neighbour: arp_cache: neighbor table overflow!'"
sleep 6
for i in 50 51 52 53 54; do ping -c1 -W0.01 "192.168.2.$i" > "$work/out" 2>&1; done
says "then how many were suppressed" 1 sh -c "dmesg -tx | grep -cE '^kern  :warn  : net_ratelimit: [0-9]+ callbacks suppressed$'"

# ---- the log is bounded, and kept ----
for i in $(seq 120); do echo "link set veth0 promisc on"; echo "link set veth0 promisc off"; done > "$work/batch"
ip -batch "$work/batch"
says "the newest 200 lines stay" 200 sh -c "dmesg | wc -l"
says "the last is the newest" "device veth0 left promiscuous mode" sh -c "dmesg -t | tail -n 1"
finish

#!/bin/bash
# A capture in the background of a script sees the same bytes every time, also on a loaded machine.
# FOLLOW_RUNS: how often (200 for the real thing); FOLLOW_LOAD: busy processes beside it.
. "$(dirname "$0")/lib.sh"
start follow
runs=${FOLLOW_RUNS:-5}

ip link add veth0 address 02:00:00:00:00:01 type veth peer name veth1 address 02:00:00:00:00:02
ip addr add 192.168.2.11/24 dev veth0
ip link set veth0 up
ip link set veth1 up
sleep 5
mkdir "$work/origin"
cp -r "$work"/state.json* "$work/origin"

loads=()
for ((i = 0; i < ${FOLLOW_LOAD:-0}; i++)); do
    bash -c 'while :; do :; done' &
    loads+=($!)
done

script='tcpdump -i veth0 -n -l >f & sleep 1; ping -c 3 192.168.2.12; sleep 1; kill %1; wait; cat f'
different=0
cd "$work" || exit 1
for ((i = 0; i < runs; i++)); do
    rm -rf state.json* f
    cp -r origin/* .
    bash -c "$script" > "out.$i" 2> "err.$i"
    if ! cmp -s out.0 "out.$i" || ! cmp -s err.0 "err.$i"; then
        different=$((different + 1))
        diff out.0 "out.$i" | sed 's/^/# /'
        diff err.0 "err.$i" | sed 's/^/# /'
    fi
done
for pid in "${loads[@]}"; do kill "$pid"; done

check "the capture sees the ARP requests" test "$(grep -c 'ARP, Request who-has 192.168.2.12' out.0)" -ge 3
check "the same bytes $runs times" test $different = 0
finish

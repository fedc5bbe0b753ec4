#!/bin/bash
# State files of older formats: what a world of tests/formats/N.json shows is what the vnet of its time showed (N.out), before and
# after it is written in today's format, and what is to happen in it happens.
. "$(dirname "$0")/lib.sh"
here=$PWD/$(dirname "$0")/formats
start formats

show() {
    ip -s neigh && ip neigh show proxy && ip rule && ip addr && ip route show table all && ip -6 route show table all && ip -all netns exec ip addr
}

for old in "$here"/*.json; do
    n=$(basename "$old" .json)
    cp "$old" "$VNET_STATE"
    chmod u+w "$VNET_STATE"
    { show; sleep 40; ip neigh; } > "$work/out" 2>&1
    check "format $n: as it was" diff "$here/$n.out" "$work/out"
    cp "$old" "$VNET_STATE"
    chmod u+w "$VNET_STATE"
    ip link set lo mtu 1400 && ip link set lo mtu 65536
    check "format $n: becomes today's" test "$(sed -n 's/^"vnet":\([0-9]*\),$/\1/p' "$VNET_STATE")" -gt "$n"
    { show; sleep 40; ip neigh; } > "$work/out" 2>&1
    check "format $n: as it was, in today's" diff <(sed 's/ used [^ ]*//' "$here/$n.out") <(sed 's/ used [^ ]*//' "$work/out")
done
finish

#!/bin/bash
# Sixteen processes that add addresses at once lose none. CONCURRENT_ADDS: how many each (100).
. "$(dirname "$0")/lib.sh"
start concurrent
adds=${CONCURRENT_ADDS:-10}
for ((p = 0; p < 16; p++)); do
    (
        for ((i = 0; i < adds; i++)); do
            ip addr add "10.1.$p.$i/32" dev lo || echo failed
        done
    ) > "$work/out.$p" 2>&1 &
done
wait
ip -o -4 addr show dev lo > "$work/listing"
missing=0
for ((p = 0; p < 16; p++)); do
    for ((i = 0; i < adds; i++)); do
        grep -qF "inet 10.1.$p.$i/32 " "$work/listing" || missing=$((missing + 1))
    done
done
cat "$work"/out.* | sort | uniq -c | sed 's/^/# /'
check "all commands succeed" test -z "$(cat "$work"/out.*)"
check "no address is lost" test $missing = 0
finish

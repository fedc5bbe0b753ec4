#!/bin/bash
# SIGKILL at random moments of changing commands: the state always loads, and holds every change whose
# command had returned. CRASH_RUNS: how many (1000 for the real thing).
. "$(dirname "$0")/lib.sh"
start crash
runs=${CRASH_RUNS:-60}
RANDOM=${CRASH_SEED:-1}

: > "$work/done"
killed=0
unloadable=0
for ((i = 0; i < runs; i++)); do
    address=10.$((i / 250)).$((i % 250)).1/32
    ip addr add "$address" dev lo 2> "$work/err" &
    pid=$!
    delay=$((RANDOM % ${CRASH_SPIN:-4000}))
    for ((k = 0; k < delay; k++)); do :; done
    kill -KILL $pid 2> /dev/null
    if wait $pid 2> /dev/null; then
        echo "$address" >> "$work/done"
    else
        killed=$((killed + 1))
    fi
    ip link show > /dev/null 2>> "$work/unloadable" || unloadable=$((unloadable + 1))
done

lost=0
ip -o -4 addr show dev lo > "$work/listing"
while read -r address; do
    grep -qF "inet $address " "$work/listing" || lost=$((lost + 1))
done < "$work/done"
echo "# $runs commands, $killed killed, $(wc -l < "$work/done") returned"
cat "$work/unloadable" 2> /dev/null | sed 's/^/# /'
check "the state loads after each" test $unloadable = 0
check "no change of a command that returned is lost" test $lost = 0
check "some were killed, some returned" test $killed -gt 0 -a -s "$work/done"
finish

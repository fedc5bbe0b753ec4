#!/bin/bash
# SIGKILL at random moments of changing commands: the state always loads, and holds every change whose
# command had returned. CRASH_RUNS: how many (1000 for the real thing).
. "$(dirname "$0")/lib.sh"
start crash
# The leak checker's own process complains of the one that was killed under it.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
runs=${CRASH_RUNS:-60}
RANDOM=${CRASH_SEED:-1}

# Worlds. In one of many namespaces the disk has most of the state before the rest is written down.
small() { echo "ip link add veth0 address 02:00:00:00:00:01 type veth peer name veth1"; }
many() {
    small
    for ((i = 1; i <= 80; i++)); do
        echo "ip netns add n$i"
        echo "ip link add v$i up type veth peer name e0 netns n$i"
        echo "ip -n n$i addr add 10.$i.0.1/16 dev e0"
        echo "ip -n n$i link set e0 up"
    done
    echo "sleep 5"
}

# The I-th change, and what the listing of all changes then holds.
change() {
    local address=10.$(($1 / 250)).$(($1 % 250)).1
    case $(($1 % 4)) in
    0) command="ip addr add $address/32 dev lo" trace="inet $address/32 " ;;
    1) command="ip route add $address/32 dev lo" trace="$address dev lo " ;;
    2) command="ip neigh add $address dev veth0 lladdr 02:00:00:00:00:02 nud permanent"
        trace="$address dev veth0 lladdr 02:00:00:00:00:02 " ;;
    3) command="ping -c 1 -q 127.0.0.1" trace= ;; # frames for the recorder
    esac
}
listing() { ip -o -4 addr show dev lo; ip route show; ip neigh show; }

microseconds() { echo "${EPOCHREALTIME/[.,]/}"; }

storm() { # WORLD RUNS
    local runs=$2 killed=0 unloadable=0 lost=0 broken=0 begin end window steps i pid
    rm -rf "$VNET_STATE"*
    "$1" | vnet > "$work/out"
    begin=$(microseconds)
    for i in 1 2 3 4 5; do ip addr add 192.0.2.$i/32 dev veth1; done
    window=$((2 * ($(microseconds) - begin) / 5)) # in which the kill comes; so that about as many return

    : > "$work/done"
    : > "$work/unloadable"
    for ((i = 0; i < runs; i++)); do
        change $i
        end=$((${EPOCHREALTIME/[.,]/} + RANDOM * window / 32768))
        $command > "$work/out" 2> "$work/err" &
        pid=$!
        while ((${EPOCHREALTIME/[.,]/} < end)); do :; done
        kill -KILL $pid 2> /dev/null
        if wait $pid 2> /dev/null; then
            echo "$trace" >> "$work/done"
            window=$((window - window / 16))
        else
            window=$((window + window / 16))
            killed=$((killed + 1))
        fi
        ip link show > /dev/null 2>> "$work/unloadable" || unloadable=$((unloadable + 1))
    done

    listing > "$work/listing"
    while read -r trace; do
        [ -z "$trace" ] || grep -qF "$trace " "$work/listing" || lost=$((lost + 1))
    done < "$work/done"
    echo "# $1: $runs commands, $killed killed, $(wc -l < "$work/done") returned"
    sed "s/^/# /" "$work/unloadable"
    check "$1: the state loads after each" test $unloadable = 0
    check "$1: no change of a command that returned is lost" test $lost = 0
    check "$1: some were killed, some returned" test $killed -gt 0 -a -s "$work/done"
    steps=$(vnet history | wc -l)
    for ((i = 0; i < steps; i++)); do
        vnet undo > /dev/null 2>> "$work/unloadable" || broken=$((broken + 1))
    done
    check "$1: each step that the killed ones left can be undone ($steps)" test $broken = 0 -a "$steps" -gt 5
    [ "$1" = many ] || [ "$runs" -gt 190 ] || # no more than 200 are kept: the beginning is not among them
        check "$1: and all are undone" test -z "$(ip -o -4 addr show dev veth1 2> /dev/null)"
    vnet redo "$steps" > /dev/null
    check "$1: and done again" test "$(listing | sort | md5sum)" = "$(sort "$work/listing" | md5sum)"
    check "$1: the recorder's frames can be read" test "$(tcpdump -i any --last -c 1 2> "$work/err" | wc -l)" = 1
}

storm small "$runs"
storm many $((runs / 3))
finish

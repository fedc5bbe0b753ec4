#!/bin/bash
# A candump in the background of a script sees the same frames every time, also on a loaded machine; with the real
# clock, too. CAN_RUNS: how often (200 for the real thing).
. "$(dirname "$0")/lib.sh"
start can
runs=${CAN_RUNS:-5}

ip link add vxcan0 type vxcan peer name vxcan1
ip link set vxcan0 up
ip link set vxcan1 up
mkdir "$work/origin"
cp -r "$work"/state.json* "$work/origin"

script='candump -t a -x any >f & sleep 1; cansend vxcan0 123#11; cansend vxcan1 124##322; sleep 1; kill %1; wait; cat f'
different=0
cd "$work" || exit 1
for ((i = 0; i < runs; i++)); do
    rm -rf state.json* f
    cp -r origin/* .
    bash -c "$script" >"out.$i" 2>&1
    cmp -s out.0 "out.$i" || { different=$((different + 1)); diff out.0 "out.$i" | sed 's/^/# /'; }
done
check "candump sees four frames" test "$(grep -c 'vxcan[01]  .X ' out.0)" = 4
check "the same bytes $runs times" test $different = 0

# -T runs out in the world's time, whether frames come in time or too late.
(candump -T 1500 vxcan1 & sleep 1; cansend vxcan0 1#11; cansend vxcan0 001#11; sleep 1; cansend vxcan0 002#22; sleep 2
 cansend vxcan0 003#33; wait) >late 2>late.err
# Under valgrind a start takes longer than the sleep beside it waits.
[ "${CHECKER:-}" = valgrind ] || check "-T ends it before the frame that comes too late" test "$(cat late)" = "  vxcan1  001   [1]  11
  vxcan1  002   [1]  22"
check "a frame that is none is refused" grep -q '^Wrong CAN-frame format!$' late.err
check "timeout(1) ends it in no real time" test "$(timeout 3600 candump vxcan0; echo $?)" = 124
for option in d e H l; do
    refused=$(candump -$option vxcan0 2>&1; echo $?)
    check "-$option is refused" test "$refused" = "candump: option -$option is not emulated by vnet
1"
done

VNET_CLOCK=real
(candump -n 1 vxcan1 & sleep 0.5; cansend vxcan0 123#DEADBEEF; wait) >live 2>&1
check "with the real clock" test "$(cat live)" = "  vxcan1  123   [4]  DE AD BE EF"
(candump vxcan1 & sleep 0.5; cansend vxcan0 00000123#R; sleep 0.3; kill -INT $!; wait $!; echo $?) >live 2>&1
check "a signal ends it, with status 0" test "$(cat live)" = "  vxcan1  00000123   [0]  remote request
0"
check "no socket stays behind" sh -c '! grep -q "\"can\":" state.json'
finish

#!/bin/bash
# vnet sh --batch: one world in memory for a whole script, saved once.
. "$(dirname "$0")/lib.sh"
start batch
cd "$work" || exit 1

says() { # TEXT STATUS WANTED COMMAND...: both streams
    local what=$1 status=$2 wanted=$3 got rc
    shift 3
    got=$("$@" 2>&1 < /dev/null)
    rc=$?
    if [ $rc = "$status" ] && [ "$got" = "$wanted" ]; then ok "$what"; else not_ok "$what: status $rc: $got"; fi
}

cat > script << 'END'
ip link add a0 type veth peer name a1
ip netns add red
ip link set a1 netns red
ip addr add 10.0.0.1/24 dev a0
ip -n red addr add 10.0.0.2/24 dev a1
ip link set a0 up; ip -n red link set a1 up
sleep 2
for i in 1 2 3; do ip netns exec red ping -q -c1 10.0.0.1 | grep -o '1 received'; done
sleep 100 & wait
exit 3
END
says "the script's words and status" 3 "$(printf '1 received\n1 received\n1 received')" vnet sh --batch script
says "what it made is there" 0 "a0@if2" sh -c "ip -4 -br addr show dev a0 | cut -d' ' -f1"
says "its packets are counted" 0 "    3 ICMP messages received" sh -c "ip netns exec red netstat -s | grep 'ICMP messages received'"
says "and recorded at either end" 0 6 sh -c "ip netns exec red tcpdump -nr '$VNET_STATE.frames1.pcapng' 'icmp[0] == 8' 2> /dev/null | sort -u | grep -c 'echo request'"
says "it is one step" 0 "    1  sh --batch script" vnet history
vnet undo > /dev/null
says "which is undone as one" 0 "lo" sh -c "ip netns; ip -br link | cut -d' ' -f1"
vnet redo > /dev/null
says "and done again" 0 "lo a1@if3 " sh -c "ip -n red -br link | cut -d' ' -f1 | tr '\n' ' '"

# ---- who else uses the file ----
vnet sh --batch -c 'ip addr add 10.1.0.1/32 dev a0; ip addr add 10.1.0.2/32 dev a0' &
for i in 3 4 5; do ip addr add "10.1.0.$i/32" dev a0; done
wait
says "others wait, nothing is lost" 0 5 sh -c "ip -4 -o addr show dev a0 | grep -c ' 10.1.0'"
says "standard input is read" 0 "got hello" sh -c "echo hello | vnet sh --batch -c 'read x; echo got \$x'"
says "behind the commands that are on it" 0 "got hello" sh -c "printf 'read x\nhello\necho got \$x\n' | vnet sh --batch"
says "jobs have none" 0 "got" sh -c "echo hello | vnet sh --batch -c '(read x; echo got \$x) & wait'"
mkfifo hold
vnet sh --batch -c 'ip link del a0; read x' < hold &
pid=$!
exec 9> hold
kill -9 $pid
wait $pid 2> /dev/null
exec 9>&-
check "one that is killed has changed nothing" test "$(ip -br link show dev a0 | wc -l)" = 1

# ---- what does not go with it ----
refusal="vnet: sh: --batch goes with neither -i nor --allow-host-commands"
says "a person's shell" 2 "$refusal" vnet sh --batch -i
says "the host's commands" 2 "$refusal" vnet sh --batch --allow-host-commands -c true
finish

#!/bin/bash
# vnet undo, redo, history, snapshot: on a file and in memory.
. "$(dirname "$0")/lib.sh"
start undo
out=$work/out

prints() { # TEXT STATUS EXPECTED COMMAND...: both streams
    local what=$1 status=$2 expected=$3 rc
    shift 3
    "$@" > "$out" 2>&1
    rc=$?
    if [ $rc = "$status" ] && [ "$(cat "$out")" = "$expected" ]; then ok "$what"; else not_ok "$what: status $rc: $(cat "$out")"; fi
}

# ---- steps ----
prints "nothing to undo at first" 1 "vnet: nothing to undo" vnet undo
prints "nothing was undone" 1 "vnet: nothing was undone" vnet redo
ip link add veth0 type veth peer name veth1
ip addr add 192.168.2.11/24 dev veth0
ip link set veth0 up
ip link show > /dev/null
ip link set nosuch up 2> /dev/null
steps='    1  ip link add veth0 type veth peer name veth1
    2  ip addr add 192.168.2.11/24 dev veth0
    3  ip link set veth0 up'
prints "what changes nothing is no step" 0 "$steps" vnet history
ip -br addr > "$work/before"
ip netns add x
ip netns exec x ip link set lo up
prints "a command in a namespace" 0 "    5  ip netns exec x ip link set lo up" sh -c 'vnet history | tail -1'
vnet undo 2 > /dev/null
prints "two steps back" 0 "$(cat "$work/before")" ip -br addr
prints "the namespace is gone" 0 "" ip netns
prints "and can come back" 0 "done again: ip netns add x
done again: ip netns exec x ip link set lo up" vnet redo 2
prints "it is there again" 0 x ip netns
vnet undo 3 > /dev/null
prints "three undone" 0 "$(head -2 <<< "$steps")
    3  ip link set veth0 up  (undone)
    4  ip netns add x  (undone)
    5  ip netns exec x ip link set lo up  (undone)" vnet history
prints "too many" 1 "vnet: only 2 steps can be undone" vnet undo 3
prints "too many forward" 1 "vnet: only 3 steps can be done again" vnet redo 4
for bad in 0 -1 x 1x 99999999; do
    vnet undo "$bad" > "$out" 2>&1
    [ $? = 2 ] && ok "undo $bad: usage" || not_ok "undo $bad: $(cat "$out")"
done
ip link set veth1 up
prints "a new step ends the way forward" 1 "vnet: nothing was undone" vnet redo
check "and removes what was kept for it" test "$(ls "$VNET_STATE.undo" | sort -n | tr '\n' ' ')" = "0 1 2 "
vnet init --preset bare --force
prints "vnet init --force can be undone" 0 "undone: init --preset bare --force" vnet undo
prints "all is there" 0 "veth0@veth1 veth1@veth0" sh -c 'ip -br link | grep veth | cut -d" " -f1 | sort | xargs'

# ---- time, frames, sockets ----
vnet init --preset bare --force
sleep 30
before=$(sed -n 's/^"clock":\([0-9]*\),/\1/p' "$VNET_STATE")
ip link add v0 type veth peer name v1
sleep 60
vnet undo > /dev/null
after=$(sed -n 's/^"clock":\([0-9]*\),/\1/p' "$VNET_STATE")
check "the clock does not go back" test $((after - before)) -ge 60000000000
ip addr add 192.0.2.1/24 dev lo
ping -c 2 -q 192.0.2.1 > /dev/null
vnet undo 2 > /dev/null
check "the recorder keeps its frames" test "$(tcpdump --last -n -i lo icmp 2> /dev/null | wc -l)" = 4
ping -c 1 -q 127.0.0.1 > /dev/null
check "and goes on after them" test "$(tcpdump --last -n -i lo icmp 2> /dev/null | wc -l)" = 2
vnet redo > /dev/null 2>&1
VNET_CLOCK=real ping -c 3 -i 0.5 127.0.0.1 > "$out" 2>&1 &
command -p sleep 0.7
VNET_CLOCK=real vnet undo > /dev/null
wait $!
check "a ping whose socket is undone ends by itself" grep -q '3 packets transmitted' "$out"

# ---- bounds ----
vnet init --preset bare --force
for i in $(seq 1 250); do echo "ip addr add 10.0.0.$i/32 dev lo"; done > "$work/many"
vnet sh "$work/many"
check "200 steps are kept" test "$(vnet history | wc -l)" = 200
check "and their files" test "$(ls "$VNET_STATE.undo" | wc -l)" -le 201
ln "$VNET_STATE.undo/$(ls "$VNET_STATE.undo" | sort -n | head -1)" "$work/linked"
cp "$work/linked" "$work/copied"
ip addr add 10.0.1.1/32 dev lo
check "a file with another name is not filled anew" cmp "$work/linked" "$work/copied"
oldest=$(ls -i "$VNET_STATE.undo" | sort -k 2n | head -1 | cut -d ' ' -f 1)
ip addr del 10.0.1.1/32 dev lo
check "that of the oldest step is" test "$(ls -i "$VNET_STATE" | cut -d ' ' -f 1)" = "$oldest"
check "and none is left over" test ! -e "$VNET_STATE.new"
cp -a "$VNET_STATE.undo" "$work/steps"
rm "$VNET_STATE.undo/$(ls "$VNET_STATE.undo" | sort -n | head -1)"
check "a step that a killed process has removed is none" test "$(vnet history | wc -l)" = 199
prints "nor can it be undone" 1 "vnet: only 199 steps can be undone" vnet undo 200
rm -rf "$VNET_STATE.undo"
mv "$work/steps" "$VNET_STATE.undo"
vnet undo 200 > /dev/null
check "to the oldest of them" test "$(ip -4 -o addr show dev lo | grep -c ' 10[.]')" = 52
long=$(printf 'x%.0s' $(seq 3000))
vnet sh -c "sysctl -w net.ipv4.conf.lo.arp_ignore=1 $long" > /dev/null 2>&1
check "a long command is cut" test "$(vnet history | tail -1 | wc -c)" -lt 1100
vnet sh -c "$(printf 'sysctl -w net.ipv4.conf.lo.arp_ignore=2 "a\\033[31m\\377b"')" > /dev/null 2>&1
check "control characters do not reach the terminal" test "$(vnet history | tail -1 | LC_ALL=C grep -c '[^ -~]')" = 0

# ---- files that are not as they should be ----
vnet init --preset bare --force
ip link set lo down
rm "$VNET_STATE".undo/*
vnet undo > "$out" 2>&1
[ $? = 1 ] && grep -q "^vnet: the state before step [0-9]* cannot be read: No such file" "$out" && ok "the state of before is gone" || not_ok "$(cat "$out")"
ip link set lo up
last=$(ls "$VNET_STATE.undo" | sort -n | tail -1)
rm "$VNET_STATE.undo/$last"
echo '{"vnet": 2, "x": 1}' > "$VNET_STATE.undo/$last"
cp "$VNET_STATE" "$work/copy"
vnet undo > "$out" 2>&1
[ $? = 1 ] && grep -q 'cannot be read: "*x' "$out" && ok "it is no state" || not_ok "$(cat "$out")"
check "and nothing has changed" cmp -s "$VNET_STATE" "$work/copy"
rm "$VNET_STATE.undo/$last"
mkfifo "$VNET_STATE.undo/$last"
command -p timeout 10 "$build/vnet" undo > "$out" 2>&1
check "a FIFO does not hang it" test $? = 1
sed -i 's/^"history":{"step":[0-9]*/"history":{"step":-1/' "$VNET_STATE"
prints "a step that cannot be" 1 "vnet: $VNET_STATE: history.step: must be from 0 to 4611686018427387904" vnet undo # integer from 0 to 4611686018427387904" vnet undo

# ---- snapshots ----
vnet init --preset bare --force
ip link add veth0 type veth peer name veth1
prints "save" 0 "" vnet snapshot save pair
prints "the name is taken" 1 "vnet: there is a snapshot pair already" vnet snapshot save pair
prints "--force" 0 "" vnet snapshot save --force pair
prints "no such name" 1 'vnet: a snapshot'"'"'s name is of letters, digits and "-_."' vnet snapshot save ../x
prints "no difference" 0 "" vnet snapshot diff pair
ip addr add 192.168.2.11/24 dev veth0
sysctl -qw net.ipv4.ip_forward=1
prints "the difference" 1 "+ 3: veth0    inet 192.168.2.11/24 scope global veth0
+ sysctl net.ipv4.conf.all.accept_redirects=0
+ sysctl net.ipv4.conf.all.forwarding=1" vnet snapshot diff pair
ip link set veth0 group 5 alias wan
prints "of a link, what is unusual" 1 "- 3: veth0@veth1: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 qdisc noop state DOWN
+ 3: veth0@veth1: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 qdisc noop state DOWN group 5
+ 3:    alias wan
+ 3: veth0    inet 192.168.2.11/24 scope global veth0
+ sysctl net.ipv4.conf.all.accept_redirects=0
+ sysctl net.ipv4.conf.all.forwarding=1" vnet snapshot diff pair
ip link set veth0 group default alias ''
vnet snapshot save with-address
prints "list" 0 "pair
with-address" vnet snapshot list
prints "of two snapshots" 1 "- 3: veth0    inet 192.168.2.11/24 scope global veth0
- sysctl net.ipv4.conf.all.accept_redirects=0
- sysctl net.ipv4.conf.all.forwarding=1" vnet snapshot diff with-address pair
prints "restore" 0 "" vnet snapshot restore pair
prints "it is as it was" 0 "" vnet snapshot diff pair
prints "which can be undone" 0 "undone: snapshot restore pair" vnet undo
prints "and is then as before" 0 "" vnet snapshot diff with-address
prints "delete" 0 "" vnet snapshot delete pair
prints "there is none" 1 "vnet: there is no snapshot pair" vnet snapshot restore pair
prints "none to compare with" 2 "vnet: there is no snapshot pair" vnet snapshot diff pair
check "completion" test "$(vnet complete vnet snapshot restore w)" = with-address

# ---- two at once ----
vnet init --preset bare --force
for p in 1 2 3 4; do
    for i in $(seq 10); do ip addr add "10.1.$p.$i/32" dev lo; done &
done
wait
vnet undo 40 > "$out"
check "each of four processes' steps is undone" test "$(sort -u "$out" | wc -l)" = 40 -a "$(ip -4 -o addr show dev lo | wc -l)" = 1
vnet redo 40 > "$out"
check "and done again" test "$(ip -4 -o addr show dev lo | wc -l)" = 41

# ---- in vnet's shell ----
prints "in the shell" 0 "undone: ip addr add 10.9.9.9/32 dev lo" vnet sh -c 'ip addr add 10.9.9.9/32 dev lo; vnet undo'
finish

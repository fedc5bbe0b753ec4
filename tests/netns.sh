#!/bin/bash
# Namespaces and processes: who lives in one, what becomes of one that loses its name, shells in one.
. "$(dirname "$0")/lib.sh"
start netns

says() { # TEXT WANTED COMMAND...: its output
    local what=$1 wanted=$2 got
    shift 2
    got=$("$@" 2>&1)
    if [ "$got" = "$wanted" ]; then ok "$what"; else not_ok "$what: $got"; fi
}
nameless() { grep -c '"name":""' "$VNET_STATE"; } # the initial one is
links() { "$@" ip -br link | cut -d' ' -f1 | tr '\n' ' '; }

ip netns add red
ip netns add blue
ip -n red link add r0 type veth peer name b0 netns blue

# ---- the environment ----
says "VNET_NETNS is where a command acts" "lo r0@if2 " links env VNET_NETNS=red
says "VNET_NETNS must be there" 'Cannot open network namespace "green": No such file or directory' \
    env VNET_NETNS=green ip link
says "ip -n leaves it" "lo b0@if2 " links env VNET_NETNS=red ip netns exec blue

# ---- shells ----
says "a nested shell is in its namespace" "$(printf 'red\nblue\nred\n')" \
    vnet sh -c "$(printf 'ip netns exec red bash\nip netns identify\nip netns exec blue bash\nip netns identify\nexit\nip netns identify')"
says "unshare -n, nsenter" "$(printf '\nblue\n1')" \
    vnet sh -c "$(printf 'unshare -n\nip netns identify\nnsenter --net=/run/netns/blue\nip netns identify\nexit\nip -br link | wc -l')"
ip -n red link set lo up
says "what unshare made is gone" 1 nameless
says "bash -c in a namespace" "red 7" bash -c "echo \$(ip netns exec red bash -c 'ip netns identify; exit 7') \$?"
says "pipes and files in a namespace" 2 ip netns exec red sh -c 'ip -br link > f; cat f | wc -l'
says "programs of the host are not there" 'exec of "python3" failed: No such file or directory' ip netns exec red python3 -c 1
says "as root, an activated shell's bash is vnet's" "none" env VNET_ACTIVE=/nowhere bash -c \
    "[ \"\$(id -u)\" != 0 ] || ip netns exec red bash -c 'ls /etc/passwd > /dev/null 2>&1 && echo there || echo none'; [ \"\$(id -u)\" = 0 ] || echo none"

# ---- who lives there ----
ip netns exec red tcpdump -i lo -n > "$work/capture" 2>&1 &
pid=$!
sleep 1
says "ip netns pids" "$pid" ip netns pids red
says "ip netns identify" red ip netns identify "$pid"
says "nsenter -t" "lo r0@if2 " links nsenter -t "$pid" -n
ip link add m0 type veth peer name m1
check "a link moves to a process's namespace" ip link set m1 netns "$pid"
says "it is there" "lo r0@if2 m1@if3 " links ip netns exec red
ip netns del red
says "the name is gone" blue ip netns list
says "the namespace is not: its links' peers stay" "lo b0@if2 " links ip netns exec blue
says "nameless" 2 nameless
ip netns add red
says "a new one of that name is another" "lo " links ip netns exec red
says "the old one is still entered by its process" "lo r0@if2 m1@if3 " links nsenter -t "$pid" -n
kill "$pid"
wait "$pid"
says "with the last process it goes, and what was paired with it" "lo " links ip netns exec blue
ip link show m0 > /dev/null 2>&1 && not_ok "m0 is still there" || ok "m0 went with its peer"
ip link set lo down
says "the file has it no more" 1 nameless

# ---- ip netns monitor, on a terminal ----
cat > "$work/names" << 'END'
ip netns monitor foo &
ip netns add a; ip netns add b; ip netns del a; ip netns set b 5; ip netns exec b true
ip -n b netns add q; ip -n q netns del b
ip netns add q; ip netns del nope
ip -all netns del
sleep 1
kill $!
wait
END
says "ip netns monitor" "add a add b delete a add q delete b delete q delete red delete blue " \
    sh -c "script -qec 'vnet sh $work/names 2> /dev/null' /dev/null < /dev/null | tr '\r\n' ' ' | tr -s ' '"
finish

#!/bin/bash
# What can come next, told by ? and by help: the words that completion offers, no others, with what they take; at the
# prompt the key ? shows them and leaves the line, in scripts ? is a pattern.
. "$(dirname "$0")/lib.sh"
start help
here=$(dirname "$0")
vnet init --preset host --force
ip link add veth0 type veth peer name veth1
ip link add br0 type bridge
ip addr add 10.0.0.1/24 dev veth0
ip link set veth0 up
ip link set veth1 up
ip netns add red
ip netns add blue
ip -n red link add r0 type veth peer name r1
cp "$VNET_STATE" "$work/before"

asks() { # LINE: what ? behind it tells, into $work/told
    echo "$1?" | PATH=$real_path "$build/vnet" sh -i > "$work/told" 2> "$work/err"
}
tells() { # LINE TEXT...: all of these, or !TEXT: not that
    local line=$1 text
    asks "$line"
    shift
    for text; do
        if [ "${text#!}" != "$text" ]; then
            grep -qE -- "(^| )${text#!}( |\$)" "$work/told" || continue
        else
            grep -qE -- "(^| )$text( |\$)" "$work/told" && continue
        fi
        not_ok "$line?: $text"
        sed 's/^/# /' "$work/told"
        return
    done
    ok "$line?"
}

# ---- the same words as completion's ----

for line in "ip " "ip link " "ip link set veth0 " "ip link add x type " "ip link add x type bridge " "ip link set veth0 arp " \
    "ip addr add 10.0.0.9/24 " "ip addr del " "ip route add " "ip route get " "ip rule add " "ip neigh add 10.0.0.7 " "ip netns exec " \
    "ip netns exec red ip link set " "ip -n " "ping " "ping -I " "tcpdump " "tcpdump -i " "route add " "brctl " "brctl addif " "bridge " \
    "bridge fdb " "bridge vlan add " "bridge link set dev " "arp " "traceroute " "timeout 5 " "timeout 5 ip link " \
    "explain " "vnet " "snapshot "; do
    read -ra words <<< "$line"
    [[ $line != *" " ]] || words+=("")
    "$build/vnet" complete "${words[@]}" > "$work/offered"
    asks "$line"
    # shellcheck disable=SC2046 # words
    printf '%s\n' $(sed 's/:$//' "$work/told") | sort -u > "$work/words"
    sort -u "$work/offered" | comm -23 - "$work/words" > "$work/missing"
    if [ -s "$work/offered" ] && [ ! -s "$work/missing" ]; then ok "all that completion has: $line"; else
        not_ok "$line: not told: $(tr '\n' ' ' < "$work/missing")"
    fi
done

# ---- what they take, and what the world has ----

tells "ip link set veth0 " "mtu BYTES" "arp on\|off" "master DEVICE" "netns NAMESPACE" up br0 "!veth1 " "!VALUE up"
tells "ip link set veth0 mtu " BYTES '!up'
tells "ip link set veth0 netns " red blue '!NAMESPACE'
tells "ip route add " "via ADDRESS" default 10.0.0.0/24 "scope global\|site\|link\|host\|nowhere"
tells "ip route add default via " 10.0.0.1
tells "ip netns exec red ip link set dev " r0 r1 '!veth0'
tells "ping " "-c COUNT +stop after <count> replies" "-I DEVICE +either interface name or address" 10.0.0.1 '!-N'
tells "ping -c " "COUNT: stop after <count> replies"
tells "tcpdump " "-B SIZE" "-i any\|DEVICE"
tells "brctl " "addif +<bridge> <device> +add interface to bridge"
tells "sysctl net.ipv4.conf.veth0. " "!arp_filter"
tells "sudo ip link set " veth0
tells "true && ping -I " veth0

tells "help " "list the commands, or"
tells "" "ping +send ICMP echo requests" "grep +.*" "cd +go to a folder"
tells "cansend " "man vnet-cansend"
tells "ip frobnicate " "!add"
for line in 'echo "a ' "echo 'a " 'echo a # '; do
    asks "$line"
    if ! grep -q "COMMAND\|keywords\|write words" "$work/told"; then ok "no question: $line?"; else not_ok "taken for a question: $line?"; fi
done
check "the world is as it was" cmp -s "$VNET_STATE" "$work/before"

# ---- help, and ? in scripts ----

says() { PATH=$real_path "$build/vnet" sh -c "$2" 2>&1 | grep -qE -- "$1"; }
check "help ip route" says "^keywords:" 'help ip route'
check "help ip route add" says "via ADDRESS" 'help ip route add'
check "help of a builtin" says "^cd .FOLDER" 'help cd'
check "help of nothing" says "no help topics match" 'help frobnicate'
check "a pattern in a script" says "^ab ac\$" 'echo > ab; echo > ac; echo a?'
check "alone in a script" says "^\?\$" 'echo ?'
check "alone as a command" says "^x: \?: command not found\$" 'x() { :; }; ? 2>&1 | sed "s/^bash: line 1/x/"'

# ---- in a terminal ----

typed() { "$here/terminal.py" "$build/vnet" > "$work/screen"; }
if ! command -v python3 > /dev/null || ! printf 'exit\n' | typed; then
    ok "in a terminal # SKIP no python3"
else
    typed << 'KEYS'
ip link set veth0 m?\c
tu 1400
echo "a?" \\? [$?] ${nosuch:-?}
sysctl net.ipv4.ip_f?\c
orward
echo a\x16?b
ping \\
-I ?\c
veth0 -c 1 -W 1 10.0.0.1
exit
KEYS
    PATH=$work/bin:$PATH
    check "the key ? shows" grep -q "mtu BYTES" "$work/screen"
    check "and leaves the line" grep -q "ip link set veth0 mtu 1400" "$work/screen"
    check "which then runs" grep -q "mtu 1400" <(ip link show veth0)
    check "quoted, of \$? and of \${x:-?} it is itself" grep -qxF "a? ? [0] ?" "$work/screen"
    check "values of sysctls" grep -qE "net.ipv4.ip_forward +0" "$work/screen"
    check "literal behind ^V" grep -qxF "a?b" "$work/screen"
    check "on a line that goes on" grep -qE "^  br0 .*veth0" "$work/screen"
fi
finish

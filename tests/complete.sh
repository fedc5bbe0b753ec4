#!/bin/bash
# Completion: what is offered is what the tools understand, and offering changes nothing.
. "$(dirname "$0")/lib.sh"
start complete
"$build/vnet" init --preset host --force
ip link add veth0 type veth peer name veth1
ip addr add 10.0.0.1/24 dev veth0
ip link set veth0 up
ip netns add red
ip netns add blue
ip -n red link add r0 type veth peer name r1
cp "$VNET_STATE" "$work/before"

# offers "WORD ... " CANDIDATE...: all of these, for the words of the line (its last may be empty)
offers() {
    local line=$1 words candidate
    read -ra words <<< "$line"
    [[ $line != *" " ]] || words+=("")
    "$build/vnet" complete "${words[@]}" > "$work/offered" 2> "$work/err"
    shift
    for candidate; do
        if [ "${candidate#!}" != "$candidate" ]; then
            grep -qxF -- "${candidate#!}" "$work/offered" || continue
        else
            grep -qxF -- "$candidate" "$work/offered" && continue
        fi
        not_ok "$line: $candidate"
        return
    done
    if [ -s "$work/err" ]; then not_ok "$line: says something"; else ok "$line"; fi
}

offers "i" ip !ping
offers "vnet " ip activate replay init !complete
offers "vnet -f /tmp/x p" ping !ip
offers "ip " address link route rule neighbour netns monitor tunnel vrf !l2tp
offers "ip -" -batch -details -4 -resolve !-echo
offers "explain " ping ip !init
offers "explain --" --brief --json --pcap
offers "explain ping -" -c -I
offers "show --" --all --ascii --color --width --svg --dot --mermaid --link-local --trace
offers "show --color " always auto never
offers "show --trace " ping ip !init
offers "show --trace ping -" -c -I
offers "vnet show --a" --all --ascii
offers "ip -family " inet inet6
offers "ip link " add set delete show xstats
offers "ip l s " veth0 veth1 lo up mtu xdp !encap
offers "ip link set veth0 arp " on off
offers "ip link set dev veth" veth0 veth1 !lo
offers "ip link add x type " veth bridge
offers "ip link add x type veth " peer
offers "ip addr del " 10.0.0.1/24 dev
offers "ip addr add 10.0.0.9/24 dev " veth0 lo
offers "ip addr add 10.0.0.9/24 scope " host link global
offers "ip route add " default unreachable via
offers "ip route add default via 10" 10.0.0.1
offers "ip route del 10" 10.0.0.0/24
offers "ip route get " 10.0.0.1
offers "ip route show table " main local
offers "ip neigh add 10.0.0.7 nud " permanent stale
offers "ip neigh del " 10.0.0.1 dev
offers "ip rule add from all lookup " main
offers "ip netns " add list exec delete monitor
offers "ip netns exec " red blue
offers "ip netns del b" blue !red
offers "ip -n " red blue
offers "ip link set veth0 netns " red blue
offers "ip netns exec red " ip ping tcpdump
offers "ip netns exec red ip link set " r0 lo !veth0
offers "ping -" -c -I -6 !-N
offers "ping -I " veth0 lo
offers "ping 10" 10.0.0.1
offers "tcpdump -i " any veth0
offers "tcpdump --l" --last --list-interfaces
offers "sysctl net.ipv4.conf.veth0.rp" net.ipv4.conf.veth0.rp_filter
offers "route " add del
offers "route add -net 10.1.0.0/16 dev " veth0
offers "route add default " gw dev
offers "route -6 add default " gw metric !netmask
offers "route -A inet6 add 2001:db8::/32 dev " veth0
offers "timeout 5 p" ping
offers "timeout 5 ping -I " veth0
offers "sudo ip link set v" veth0
offers "vnet init --" --preset --force
offers "vnet replay --" --diff --update
offers "vnet replay --profile " debian12 centos7
offers "vnet sh -" -c --allow-files
offers "vnet import --" --force
offers "candump " any veth0
offers "candump -" -n !-H
offers "ip frobnicate " !add

# Words that would do something, were they run.
echo "link set lo mtu 1400" > "$work/batch"
offers "ip -batch $work/batch"
offers "ip -batch $work/batch "
offers "ip link del veth0 "
offers "ip addr flush dev veth0"
offers "sysctl -w net.ipv4.ip_forward=1"
offers "ping -c 1 127.0.0.1"
offers "vnet replay examples/veth-tutorial.txt"
offers "vnet sh -c reboot"
offers "vnet import examples/veth-tutorial.txt"
offers "candump any"
check "the world is as it was" cmp -s "$VNET_STATE" "$work/before"

# ---- bash ----
shell_offers() { # LINE WANTED
    # shellcheck disable=SC2016 # for the other shell
    PATH=$build:$PATH bash -c '
        . share/bash-completion/completions/vnet
        read -ra COMP_WORDS <<< "$1"
        [[ $1 != *" " ]] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _vnet_complete vnet
        printf "%s\n" "${COMPREPLY[@]}"' bash "$1" | grep -qxF -- "$2"
}
check "bash: vnet ip li" shell_offers "vnet ip li" link
check "bash: vnet ip link set " shell_offers "vnet ip link set " veth1
finish

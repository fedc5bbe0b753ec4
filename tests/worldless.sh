#!/bin/bash
# What needs no world loads none and makes none: versions, help, usage errors.
. "$(dirname "$0")/lib.sh"
start worldless
tell() { # COMMAND: what it says, and its status
    $1 2>&1 < /dev/null
    echo "[exit $?]"
}

echo '{broken' > "$work/broken"
while read -r command; do
    good=$(tell "$command")
    broken=$(VNET_STATE=$work/broken tell "$command")
    none=$(VNET_STATE=$work/none/state.json tell "$command")
    if [ "$good" = "$broken" ] && [ "$good" = "$none" ] && [[ $good != *vnet:* ]]; then
        ok "$command"
    else
        not_ok "$command"
        printf '# %s\n' "$good" "$broken" "$none"
    fi
done << 'END'
arp -V
arp -h
arping -V
arping -h
arping
brctl -V
brctl -h
bridge -V
bridge help
bridge fdb help
bridge link help
bridge mdb help
bridge monitor help
bridge vlan help
candump -h
cansend -h
dmesg -V
dmesg -h
ethtool --version
ifconfig -V
ifconfig -h
ip -V
ip -Version
ip help
ip
ip address help
ip link help
ip link help bridge
ip link frobnicate
ip monitor help
ip neigh help
ip netns help
ip route help
ip rule help
netstat -V
netstat -h
nsenter -V
nsenter --help
nstat -V
nstat -h
ping -V
ping -h
ping
ping -c x 127.0.0.1
ping4 -V
ping6 -V
route -V
route -h
sleep --version
sleep --help
sysctl -V
sysctl -h
tcpdump --version
tcpdump -h
tcpdump --help
tcpdump --frob
timeout --version
timeout --help
tracepath -V
tracepath
traceroute -V
traceroute --help
traceroute
traceroute6 --version
unshare -V
unshare -h
END
check "no folder is made for a state" test ! -e "$work/none"

# Which tools these are is a fact of the world, without which it is that of the default profile.
VNET_STATE=$work/old.json vnet init --profile centos7
says() { [ "$(VNET_STATE=$work/$1 "${@:3}" 2>&1)" = "$2" ]; }
check "the state's profile counts" says old.json "ip utility, iproute2-ss130716" ip -V
check "--profile comes before it" says old.json "ip utility, iproute2-6.1.0, libbpf 1.1.2" vnet --profile debian12 ip -V
check "in a replay its own" test "$(printf '#vnet profile centos7\n$ ip -V\nip utility, iproute2-ss130716\n' |
    vnet replay --quiet -)" = "-: 1 command: 1 same"
for head in '' '{' '{"profile"' '{"profile":' '{"profile":"' '{"profile":"centos7' '{"profile":"centos\7"}' '{"vnet":{"profile":"centos7"}}' \
    '{"a":[1,"profile":"centos7"]}' '["profile":"centos7"]' '{"profile":7}' '{"profile":"none"}'; do
    printf '%s' "$head" > "$work/head"
    check "by default: $head" says head "ip utility, iproute2-6.1.0, libbpf 1.1.2" ip -V
done
for head in '{"profile":"centos7"' ' { "vnet" : 3 ,"a":"b,[{","c":-1, "profile" : "centos7"'; do
    printf '%s' "$head" > "$work/head"
    check "by its head: $head" says head "ip utility, iproute2-ss130716" ip -V
done
finish

#!/bin/bash
# The machine around the network, in vnet's shell and in replay: harmless commands, and answers that are true of it.
. "$(dirname "$0")/lib.sh"
start machine
vnet init --preset host --force

says() { # COMMANDS TEXT [STATUS]: both streams, and the exit status
    local got status
    got=$(vnet sh -c "$1" 2>&1)
    status=$?
    if [ "$got" = "$2" ] && [ "$status" = "${3:-0}" ]; then ok "$1"; else not_ok "$1: $got ($status)"; fi
}

says 'uname -sr' 'Linux 6.1.0-vnet'
VNET_PROFILE=linux6.18 says 'uname -r' '6.18.0-vnet'
says 'uname -x' "uname: invalid option -- 'x'
Try 'uname --help' for more information." 1
says 'hostname -I' '192.168.1.11 '
says 'ip netns add red; ip netns exec red hostname -I' ''
says 'whoami; id -u' 'root
0'
says 'id nosuch' "id: 'nosuch': no such user" 1
says 'which ip nosuch ping' '/usr/sbin/ip
/usr/bin/ping' 1
says 'sudo apt install -y bridge-utils 2>/dev/null && echo on' 'on'
says 'yum -y install tcpdump' 'vnet: yum: nothing is installed or updated: the tools that are emulated are there (see help), no others'
says 'systemctl stop NetworkManager' 'vnet: systemctl: nothing is started or stopped: there are no services here'

# What vnet does not know of a device it says so, and nothing else.
for option in '' '-i ' '-k ' '-S ' '-P '; do
    says "ethtool ${option}eth0" 'vnet: ethtool: what a card like eth0 tells is not emulated' 1
done
says 'ip link add br0 type bridge; ip link add v0 master br0 type veth; ethtool -k br0' \
    'vnet: ethtool: features that br0 has of other links are not emulated' 1

# As kmod says it where all that vnet emulates is in modules.builtin (recorded from User-mode Linux).
says 'modprobe veth; modprobe -v 8021q; modprobe can-raw; modprobe dummy numdummies=2' ''
says 'modprobe br_netfilter' 'modprobe: FATAL: Module br_netfilter not found in directory /lib/modules/6.1.0-vnet' 1
says 'modprobe -a veth bridge nosuch' 'modprobe: WARNING: Module nosuch not found in directory /lib/modules/6.1.0-vnet' 1
says 'modprobe -r veth' 'modprobe: FATAL: Module veth is builtin.' 1
says 'modprobe -r nosuch' 'modprobe: FATAL: Module nosuch not found.' 1
says 'modprobe' 'modprobe: ERROR: missing parameters. See -h.' 1
says 'lsmod' 'Module                  Size  Used by'
for tool in apt hostname uname which; do
    check "$tool is none of vnet's tools on PATH" test "$(vnet "$tool" 2>/dev/null; echo $?)" = 2
done

cat > "$work/t.txt" <<'END'
$ uname -a
Linux box 5.4.0-42-generic #46-Ubuntu SMP Fri Jul 10 00:24:02 UTC 2020 x86_64 x86_64 x86_64 GNU/Linux
$ sudo apt install bridge-utils
Reading package lists... Done
bridge-utils is already the newest version (1.6-2ubuntu1).
$ sudo modprobe 8021q
$ ip link add veth0 type veth peer name veth1
$ sudo modprobe br_netfilter
END
vnet replay "$work/t.txt" > "$work/out"
check "replay does not compare what each machine answers otherwise" test "$(grep -c "author's machine: not compared" "$work/out")" = 2
check "and compares the rest" grep -qF '4 same, 1 unsupported' "$work/out"
finish

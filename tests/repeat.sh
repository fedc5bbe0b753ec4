#!/bin/bash
# A script in virtual time gives the same bytes each time: output, errors, state file, the recorder's segments,
# capture files; whatever the process ids, the folder, the time zone, the locale, the home, the host's name are.
. "$(dirname "$0")/lib.sh"
start repeat

cat > "$work/script" << 'END'
vnet init --preset host
ip link add veth0 type veth peer name veth1
ip addr add 192.168.2.11/24 dev veth0
ip addr add 192.168.2.12/24 dev veth1
ip addr add 2001:db8::1/64 dev veth0
ip addr add 2001:db8:1::1/64 dev veth1 valid_lft 100 preferred_lft 50
ip link set veth0 up
ip link set veth1 up
sleep 5
ip -d addr show
tcpdump -i veth0 -w wire.pcap & first=$!
tcpdump -i any -n -e -l > any.txt 2> any.err & second=$!
sleep 1
ping -c 3 192.168.2.12
ping -c 3 -I veth0 192.168.2.12
sysctl -w net.ipv4.conf.all.accept_local=1 net.ipv4.conf.veth1.rp_filter=0
ping -c 3 -i 0.2 -s 3000 -I veth0 192.168.2.12
ping -c 2 -W 1 192.168.1.77
ping -q -f -c 200 -I veth0 192.168.2.12
timeout 2 ping 192.168.2.12
sleep 1
kill $first $second
wait
cat any.txt any.err
tcpdump -n -v -r wire.pcap
timeout 3 tcpdump -i veth1 -n -c 1
tcpdump --last -n -i veth0
ip neigh show
ip -6 route show
ip route get 192.168.2.12
ip -s link show
sleep 60
ip neigh show
ip addr show veth1
ip route add 10.0.0.0/8 via 192.168.2.99
ip route show table all
ip link set veth0 mtu 70000
ip link bogus
ip route add 1.2.3.4/33 dev veth0
ping -c 1 nowhere.invalid
sysctl net.ipv4.no.such
sleep x
tcpdump -i nothing0
ip link del veth0
ip link show
END

# run FOLDER VARIABLE=VALUE...
run() {
    local folder=$1
    shift
    mkdir "$folder"
    (
        cd "$folder" || exit 1
        unset HOSTNAME LANG LC_ALL TZ HOME COLUMNS USER LOGNAME
        env "$@" VNET_STATE="$folder/state.json" bash "$work/script" > out 2> err
    )
}

run "$work/one" TZ=UTC LANG=C HOME=/ HOSTNAME=one LC_ALL=C
for ((i = 0; i < 7; i++)); do (:); done # process ids
run "$work/the-other-folder" TZ=Asia/Tokyo LANG=de_DE.UTF-8 LC_NUMERIC=de_DE.UTF-8 HOME=/nowhere HOSTNAME=other \
    COLUMNS=40 USER=someone

cd "$work" || exit 1
rm -f one/state.json.lock the-other-folder/state.json.lock
ls one > names.1
ls the-other-folder > names.2
check "the same files" cmp names.1 names.2
for file in $(cat names.1); do
    check "$file" diff -rq "one/$file" "the-other-folder/$file"
done
check "state, recorder, captures are there" test -s one/state.json -a -s one/wire.pcap -a -s one/any.txt
check "frames were captured" test "$(grep -c 'ICMP echo' one/any.txt)" -gt 100
check "wrong commands were refused" test "$(wc -l < one/err)" -gt 10
finish

#!/bin/bash
# vnet import and vnet export --commands. tests/import/*.txt are what real commands (*.script) printed on Linux 6.18 in
# a fresh network namespace; import makes a world in which they print the same. The exported commands rebuild it, in
# vnet and, where a namespace can be had, on the machine's own kernel.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
start import
vnet=$build/vnet
export LC_ALL=C TZ=UTC VNET_PROFILE=linux6.18

# What is not compared: a bridge's settings, which vnet does not show; seconds that are left; the hash order of neighbours.
normal() {
    sed -E 's/^    bridge .*(addrgenmode)/    bridge \1/; s/("info_kind":"bridge"),"info_data":\{[^}]*\}/\1/
        s/_lft (35|17)[0-9]{3}sec/_lft Nsec/g; s/life_time":(35|17)[0-9]{3}\b/life_time":N/g'
}
commands() { sed -n 's/^# //p' "$here/import/machine.txt"; }
play() { # of a list of commands, each and what it prints
    while read -r command; do
        echo "# $command"
        # shellcheck disable=SC2086 # words
        case $command in
        "ip neigh" | "ip -j neigh") $command | sed 's/},{/}\n{/g; s/^\[//; s/\]$//' | sort ;;
        *) $command ;;
        esac
    done | normal
}
recorded() { # the same form
    awk '/^# / { sorted = $0 ~ /neigh$/; if (out) close(out); out = sorted ? "sort" : ""; print; fflush(); next }
        { if (out) { gsub(/},{/, "}\n{"); sub(/^\[/, ""); sub(/\]$/, ""); print | out } else { print; fflush() } }' \
        "$here/import/machine.txt" | normal
}
same() { # TEXT FILE FILE
    if cmp -s "$2" "$3"; then ok "$1"; else
        not_ok "$1"
        diff "$2" "$3" | cut -c1-400 | sed 's/^/# /' | head -n 20
    fi
}
import() { # FILE STATUS: anew
    "$vnet" import --force "$1" 2> "$work/notes"
    status=$?
    [ $status = "$2" ] || sed 's/^/# /' "$work/notes"
    test $status = "$2"
}
recorded > "$work/want"

# ---- round trips ----

check "import: text" import "$here/import/machine.txt" 0
commands | play > "$work/got"
same "import: the same bytes, from text" "$work/want" "$work/got"

grep '^\[' "$here/import/machine.txt" > "$work/json"
grep -h '^net' "$here/import/machine.txt" >> "$work/json"
check "import: JSON" import "$work/json" 0
commands | play > "$work/got"
same "import: the same bytes, from JSON" "$work/want" "$work/got"

sed 's/^[ \t]*//; s/  */ /g; s/^# /[root@host ~]# sudo /; s/$/\r/; /^\[{/d; s/^\[root.*-j.*//' "$here/import/machine.txt" > "$work/web"
check "import: as copied from a page" import "$work/web" 0
commands | play > "$work/got"
same "import: the same bytes, as copied from a page" "$work/want" "$work/got"

sed '/^# ip/d; /^# route/d; /^# sysctl/d; /^\[/d' "$here/import/machine.txt" > "$work/plain"
check "import: no commands before the outputs" import "$work/plain" 0
commands | grep -v 'proxy' | play > "$work/got"
grep -v '^192.168.2.99\|"dst":"192.168.2.99"\|# .*proxy' "$work/want" > "$work/want.plain"
same "import: the same bytes, no commands before the outputs" "$work/want.plain" "$work/got"

# ---- what cannot be ----

check "import: foreign kinds leave notes" import "$here/import/foreign.txt" 1
for words in 'm0: a link of kind macvlan' 'vx0: a link of kind vxlan' 'veth1: master br0' 'br0: bridge ports'; do
    check "import: names $words" grep -q "foreign.txt:[0-9]*: $words" "$work/notes"
done
check "import: and imports the rest" test "$(ip -4 route | sort | tr '\n' ';')" = \
    "10.7.0.0/24 dev m0 proto kernel scope link src 10.7.0.1 ;10.8.0.0/24 dev br0 proto kernel scope link src 10.8.0.1 ;"
cp "$VNET_STATE" "$work/before"
echo "no listing" > "$work/prose"
"$vnet" import --force "$work/prose" 2> "$work/notes"
check "import: nothing in it: 2" test $? = 2
"$vnet" import "$here/import/machine.txt" 2> "$work/notes"
check "import: a state file is there: 2" test $? = 2
check "import: says so" grep -q "exists already" "$work/notes"
check "import: and keeps it" cmp -s "$VNET_STATE" "$work/before"
"$vnet" import --force "$work/nowhere" 2> "$work/notes"
check "import: no such file: 2" test $? = 2
"$vnet" sh -c "import $here/import/machine.txt" > "$work/out" 2>&1
check "import: reads no files in a shell" test $? != 0

# ---- rebuilding ----

# Linux keeps a proxy entry without a device beyond its namespace, and shows it in another that comes to lie at the
# same address.
show='ip -d -j addr
ip -d link
ip -4 -d -j route show table all
ip -6 -d -j route show table all
ip -4 -j rule
ip -6 -j rule
ip -j neigh
ip -j neigh show proxy | sed "s/,*{\"dst\":\"[^\"]*\",\"proxy\":null}//g"
sysctl net.ipv4.ip_forward net.ipv4.conf.veth0.rp_filter net.ipv4.conf.default.forwarding net.ipv6.conf.v2.disable_ipv6'
import "$here/import/machine.txt" 0
ip link set dev veth1 alias "it's; exit 9"
echo "$show" | play > "$work/want"
"$vnet" export --commands > "$work/commands"
check "export: all of it" test $? = 0
"$vnet" init --force --preset bare
check "export: the commands run" bash -e "$work/commands"
sleep 3
echo "$show" | play > "$work/got"
same "export: vnet is rebuilt" "$work/want" "$work/got"
"$vnet" export --commands | sed -E 's/(_lft) [0-9]+/\1 N/g' > "$work/again"
sed -E -i 's/(_lft) [0-9]+/\1 N/g' "$work/commands"
same "export: and gives the same commands" <(sort "$work/commands") <(sort "$work/again")

live() {
    PATH=$real_path unshare -r -n bash -c "ip link set lo up && bash -e '$work/live.sh' && sleep 3 && while read -r c; do
        echo \"# \$c\"; case \$c in 'ip -j neigh') \$c | sed 's/},{/}\n{/g; s/^\[//; s/\]\$//' | sort;; *) \$c ;; esac; done" \
        <<< "$show" 2> "$work/errors" | normal > "$work/live"
}
sed 's/_lft N preferred_lft N/_lft 35990 preferred_lft 17990/' "$work/commands" > "$work/live.sh"
case $(uname -sr) in
"Linux 6.18"*)
    if PATH=$real_path unshare -r -n true 2> "$work/errors" && [ -x /sbin/sysctl ]; then
        live
        same "export: the machine's own kernel is rebuilt" "$work/want" "$work/live"
        sed 's/^/# /' "$work/errors"
    else
        ok "export: the machine's own kernel # SKIP no namespaces here"
    fi
    ;;
*) ok "export: the machine's own kernel # SKIP it is not Linux 6.18" ;;
esac

# ---- cards ----

unset VNET_PROFILE
"$vnet" init --force --preset host
"$vnet" export --commands > "$work/commands"
check "export: says that a card must be there" grep -q "^# There must be a network card eth0" "$work/commands"
ip -j -d addr > "$work/want"
"$vnet" export --commands --nics veth > "$work/commands"
"$vnet" init --force --preset bare
check "export: cards as pairs" bash -e "$work/commands"
check "export: their addresses" test "$(ip -4 -br addr show dev eth0 | tr -s ' ')" = "eth0@eth0-peer UP 192.168.1.11/24 "
check "export: their routes" test "$(ip route show default)" = "default via 192.168.1.1 dev eth0 "
printf '2: e0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN qlen 1000\nlink/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\naltname enp0s3\n' > "$work/alt"
check "import: an alternative name" import "$work/alt" 0
"$vnet" export --commands > "$work/commands" 2> "$work/notes"
check "export: of an alternative name" test $? = 0
check "export: the alternative name" grep -qx "ip link property add dev e0 altname enp0s3" "$work/commands"
finish

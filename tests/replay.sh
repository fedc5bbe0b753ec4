#!/bin/bash
# vnet replay: planted errors are found and told from other tool versions' wording; a tutorial as it is
# pasted; what leaves a transcript's file or the host as they are.
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
start replay
vnet=$build/vnet

silently() { "$@" >/dev/null 2>&1; }

# ---- twins ----

mismatches() { sed -n 's/^NOT OK *\([0-9]*\) .*(behavioural).*/\1/p; s/^NOT OK *\([0-9]*\) .*(unsupported).*/\1 unsupported/p'; }

check_twin() { # FILE LINE VERDICT SED
    local profile=${1#*.} twin=$work/twin.${1##*.} status
    sed "$4" "tests/replay/$1" >"$twin"
    if cmp -s "$twin" "tests/replay/$1"; then not_ok "$1: the edit changes nothing: $4"; return; fi
    "$vnet" replay --profile "${profile%.*}" "$twin" >"$work/out" 2>&1
    status=$?
    case $3 in
    behavioural) [ $status = 1 ] && [ "$(mismatches <"$work/out")" = "$2" ] ;;
    cosmetic) [ $status = 0 ] && grep -q "^ok  *$2  .*(cosmetic)" "$work/out" ;;
    esac && ok "$1: $3 at line $2" || { not_ok "$1: $3 at line $2: $4"; sed 's/^/    /' "$work/out"; }
}
while read -r file line verdict edit; do
    check_twin "$file" "$line" "$verdict" "$edit"
done <tests/replay/twins

# ---- a tutorial with all that a copy from a page does to it ----

paste_tutorial() {
    sed -e '/^#/d' -e 's/  */ /g; s/^ //; s/ $//' -e '/^$/d' -e 's/^\[[^]]*\]# echo/$ echo/' examples/veth-tutorial.txt |
        awk '
        BEGIN {
            print "- 虚拟网卡总是成对的\n网络的样子:\n+------------+\n| |\n| +--------+ |\n| | 协议栈 | |\n| +--------+ |\n| ↑ ↑ |"
            print "|.....|......|\n| ↓ ↓ |\n|192.168.2.11 192.168.2.12\n+------------+\n↓\nThe Wire\n各层的职责\n- 查路由表"
        }
        /^\[/ { n++ }
        /^\[/ && n % 4 == 0 { print "[root@huzhi-code ~]#" }
        /^\[/ && n == 4 { print "ip link add DEVICE type { veth | vxcan } [ peer name NAME ]" }
        /^\[/ && n % 7 == 0 { print "###########################"; print "# 第 " n " 步" }
        /addr add 192.168.2.12/ { print "- 没有人回答 ARP 请求\n- 所以 ping 收到的是 host unreachable" }
        /^\$ echo/ && !said++ { print "注意:有的系统上要先改几个参数,如下:" }
        { print }
        END { print "小结:\n- 请求从 veth0 出去\n- 应答走 lo" }'
}
paste_tutorial >"$work/pasted.txt"
"$vnet" replay --profile centos7 "$work/pasted.txt" >"$work/out" 2>&1
check "the pasted tutorial: 41 commands, two of them do not match" \
    grep -q ': 41 commands: .* 2 behavioural$' "$work/out"
last=$(grep -n '^\[.*tcpdump -i veth[01] -n' "$work/pasted.txt" | tail -n 2 | cut -d: -f1)
check "those are the last captures of the pair's ends" [ "$(mismatches <"$work/out")" = "$last" ]
check "both miss a neighbour entry" \
    [ "$(grep -c "hint: .*neighbour entry of .*192.168.2.12 on veth0 was already there.*#vnet run ping -c 1 -W 1 -I veth0 192.168.2.12" "$work/out")" = 2 ]
sed 's/^\$ echo 0.*veth1\/rp_filter$/&\n#vnet run ping -c 1 -W 1 -I veth0 192.168.2.12/' "$work/pasted.txt" >"$work/helped.txt"
check "with it, all match" silently "$vnet" replay --quiet --profile centos7 "$work/helped.txt"

awk '/^\[/ && !go { go = /ip link add/ } /^#vnet/ || go' examples/veth-tutorial.txt >"$work/later.txt"
check "cards that only later listings show were there before" silently "$vnet" replay --quiet "$work/later.txt"

# ---- a command that names a device in another namespace ----

printf '%s\n' '```bash' 'ip netns add red' 'ip link add v0 type veth peer name v1 netns red' \
    'ip addr add 10.70.0.2/24 dev v1' 'ip link set v1 up' '```' >"$work/forgotten.md"
"$vnet" replay "$work/forgotten.md" >"$work/out"
check "a forgotten \"ip netns exec\" is found" [ "$(grep -c '(in the network namespace red, which the text does not say)$' "$work/out")" = 2 ]
check "and all match" grep -q ': 4 commands: 4 same' "$work/out"
"$vnet" replay --frozen "$work/forgotten.md" >"$work/out"
check "--frozen looks for no namespace, and says what is missing" \
    grep -q 'note: v1 was moved to network namespace red in line 3: "ip netns exec red" is missing here' "$work/out"
sed 's/dev v1/dev v2/' "$work/forgotten.md" >"$work/wrong.md"
check "a device that is nowhere is not found" eval '! silently "$vnet" replay "$work/wrong.md"'

# ---- two terminals in two namespaces: nothing but the outputs tells which is which ----

terminals() { sed 's/^root@box:~# ip netns exec red ping/root@box:~# ping/; s/^root@box:~# ip netns exec red tcpdump/root@box:~# ip netns exec red bash\nroot@box:~# tcpdump/' tests/replay/netns-terminals.linux6.18.md; }
terminals >"$work/terminals.md"
"$vnet" replay --profile linux6.18 "$work/terminals.md" >"$work/out"
check "terminals: all match" grep -qE '^/.*: 12 commands: [^b]*$' "$work/out"
check "terminals: the initial namespace is found" grep -q 'ping -c 1 10.70.0.2 .*(in the initial network namespace, which the text does not say)$' "$work/out"

# ---- forms of report ----

good=tests/replay/dollar.linux6.18.txt
sed 's/ FAILED/ STALE/' $good >"$work/bad.txt"
report() { "$vnet" replay --profile linux6.18 --format "$1" $good "$work/bad.txt" >"$work/$1"; }
report tap
check "tap: exit status 1" [ $? = 1 ]
check "tap: the plan is the number of points" [ "$(grep -cE '^(not )?ok ' "$work/tap")" = "$(sed -n 's/^1\.\.//p' "$work/tap")" ]
check "tap: one fails" [ "$(grep -c '^not ok ' "$work/tap")" = 1 ]
report junit
check "junit: one failure" [ "$(grep -c '<failure type="behavioural">' "$work/junit")" = 1 ]
check "junit: two suites" [ "$(grep -c '<testsuite name=' "$work/junit")" = 2 ]
report json
check "json: the summary" grep -q '"summary":{"same":.*"behavioural":1,"unsupported":0' "$work/json"
if command -v python3 >/dev/null; then
    check "json: is JSON" python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/json"
    check "junit: is XML" python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$work/junit"
fi
"$vnet" replay --format yaml $good >/dev/null 2>&1
check "an unknown format is refused" [ $? = 2 ]
"$vnet" replay --profile linux6.18 $good "$work/none" >/dev/null 2>"$work/err"
check "a file that is not there: exit status 2, the others are played" [ $? = 2 ]

# ---- --update ----

update() { # FILE SED: edit a copy, update it, compare with the original
    local ext=${1##*.} profile=${1#*.}
    sed "$2" "tests/replay/$1" >"$work/up.$ext"
    chmod 640 "$work/up.$ext"
    "$vnet" replay --profile "${profile%.*}" --update --quiet "$work/up.$ext" >/dev/null
    cmp "$work/up.$ext" "tests/replay/$1" && [ "$(stat -c %a "$work/up.$ext")" = 640 ]
}
check "--update puts a changed line right, and no other" update arrow.linux6.18.txt '10s/m0/m1/; 10s/ lo / m1 /'
check "--update removes a line that is too much" update policy.linux6.18.txt '8p'
check "--update adds a missing line" update host-hash.linux6.18.txt '8d'
check "--update keeps elisions" update elide-lines.linux6.18.txt '/^local/s/ lo / e0 /'
check "--update keeps the markup's indentation and line ends" update md-list.linux6.18.md 's/NO-CARRIER,//'
check "--update takes no sentence for output" eval \
    'sed 14d tests/replay/netns-shell.linux6.18.txt >"$work/up.txt"; "$vnet" replay --profile linux6.18 --update "$work/up.txt" >/dev/null; grep -q "^So a shell is needed" "$work/up.txt" && grep -q "^Cannot find device" "$work/up.txt"'
check "--update leaves what matches byte for byte" update tab-colours.linux6.18.txt ''
update_capture() { # SED: what was updated matches, and again
    sed "$1" tests/replay/cap-both-ends.linux6.18.txt >"$work/up.txt"
    silently "$vnet" replay --profile linux6.18 --quiet "$work/up.txt" && return 1
    silently "$vnet" replay --profile linux6.18 --update "$work/up.txt"
    silently "$vnet" replay --profile linux6.18 --quiet "$work/up.txt"
}
check "--update writes a capture's new line with the author's addresses, ids and clock" update_capture '/echo request/s/10.45.0.2/10.45.0.9/'
check "--update adds a capture's line" update_capture '/ARP, Reply/d'
sed '8d;10s/dev/dve/' tests/replay/host-hash.linux6.18.txt >"$work/up.txt"
"$vnet" replay --profile linux6.18 --update --quiet "$work/up.txt" >/dev/null
check "what was updated matches" silently "$vnet" replay --profile linux6.18 --quiet "$work/up.txt"

# ---- --frozen, --step ----

"$vnet" replay --frozen --quiet --profile centos7 "$work/helped.txt" >"$work/out"
check "--frozen makes no machine of the listings" [ $? = 1 ]
check "--frozen tries nothing" eval '! grep -q "after a wait\|hint:" "$work/out"'
printf '\n\nq\n' | "$vnet" replay --step --profile linux6.18 tests/replay/dollar.linux6.18.txt >"$work/out"
check "--step: two commands were run, then enough" grep -q ': 2 commands: 2 same' "$work/out"
check "--step: the prose is shown" grep -q '^First two ends are made' "$work/out"
cat >"$work/lesson.md" <<'X'
# A lesson
Two ends of a wire.
```
# ip link add v0 type veth peer name v1
# ping -c 1 -q 127.0.0.1 > /dev/null
```
Then one is up.
```
# ip link set v0 up
```
#vnet check link v0 up
X
lesson() { printf '%s\n' "$@" | "$vnet" replay --step "$work/lesson.md" >"$work/out" 2>&1; }
lesson '' '' '' && check "--step: a lesson to its end" grep -q '3 commands: 3 same' "$work/out"
check "--step: a picture where the world changed" [ "$(grep -c 'v1 .*down' "$work/out")" = 2 ]
lesson '' '?' 'ip link set v1 mtu 1400' '?' 'undo' 'ip link show v1' 'undo 2' '?' 'q'
check "--step: ? tells a change" grep -q '^+ [0-9]*: v1@v0: .* mtu 1500' "$work/out"
check "--step: and that of a command of one's own" grep -q '^+ [0-9]*: v1@v0: .* mtu 1400' "$work/out"
check "--step: undo takes it back" grep -q '^\[Enter\] [0-9]*: v1@v0: .* mtu 1500' "$work/out"
check "--step: and the lesson's command" grep -q 'undone: ip link add v0' "$work/out"
check "--step: to the beginning" grep -q 'Nothing has run yet' "$work/out"
lesson '' 'undo 5' 'nosuch' 'ping -c 1 127.0.0.1' '?' ''
check "--step: no more than has run" grep -q 'Only 1 command has run' "$work/out"
check "--step: ? tells the way of packets" grep -q '[1-9]. lo .*ip_local_out' "$work/out"
check "--step: an unknown command" grep -q 'nosuch: command not found' "$work/out"
sed -i 's/^#vnet check.*/#vnet check link v0 down/' "$work/lesson.md"
"$vnet" replay "$work/lesson.md" >"$work/out" 2>&1
check "#vnet check: what does not hold" grep -q 'lesson.md: 11: #vnet check link v0 down: does not hold' "$work/out"

printf 'ip -br link show lo | wc -l\nexit\n' | "$vnet" replay --shell-on-fail --profile linux6.18 "$work/bad.txt" >"$work/out"
check "--shell-on-fail: a shell after what does not match" grep -q '^vnet# 1$' "$work/out"

printf '%s\n' "[root@h ~]# vnet sh -c 'echo \$(echo hi) | cat; ip -br link | wc -l; sleep 1 & wait; echo done'" hi 1 done >"$work/nested.txt"
check "a shell inside runs without processes" silently "$vnet" replay "$work/nested.txt"

finish

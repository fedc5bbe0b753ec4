#!/bin/bash
# vnet's shell with vnet's tools: captures in the background, statuses, signals, and what it must leave alone.
. "$(dirname "$0")/lib.sh"
start shell-tools
vnet=$build/vnet
mkdir "$work/tmp" "$work/home" "$work/open" "$work/open/sub"
export TMPDIR=$work/tmp HOME=$work/home
real() { PATH=$real_path "$@"; }
sh_c() { real timeout "${PATIENCE:-60}" "$vnet" sh -c "$@"; }
status() { # STATUS COMMAND...
    local want=$1
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null
    local got=$?
    [ $got = "$want" ] || echo "# exit status $got, not $want"
    [ $got = "$want" ]
}
prints() { # TEXT COMMAND...
    local want=$1
    shift
    local got
    got=$("$@" 2>&1)
    [ "$got" = "$want" ] || printf '# %s\n' "$got"
    [ "$got" = "$want" ]
}

# ---- captures ----
"$vnet" sh -c 'ip link add veth0 address 02:00:00:00:00:01 type veth peer name veth1 address 02:00:00:00:00:02
ip addr add 192.168.2.11/24 dev veth0; for i in 0 1; do ip link set veth$i up; done; sleep 5'
cp -r "$work"/state.json* "$work/open/sub"
script='tcpdump -i veth1 -n -l > seen & sleep 1; ping -c 3 192.168.2.12; sleep 1; kill %1; wait; cat seen'
other='(timeout 9 tcpdump -i any -n) > a 2>&1 & { tcpdump -i veth0 -c 2 -n -w p; } 2>b & ping -c 2 192.168.2.12 | tail -2; sleep 10; wait; cat a; tcpdump -r p -n'
for i in 1 2 3 4 5; do
    for which in script other; do
        rm -rf "$work"/state.json*
        cp -r "$work"/open/sub/state.json* "$work"
        sh_c "${!which}" >"$work/$which.$i" 2>&1
    done
done
for which in script other; do
    for i in 2 3 4 5; do cmp "$work/$which.1" "$work/$which.$i"; done >"$work/cmp" 2>&1
    check "$which: the same bytes each time" test ! -s "$work/cmp"
done
check "the capture saw the ARP requests" test "$(grep -c 'ARP, Request' "$work/script.1")" -ge 3
check "both captures saw them" test "$(grep -c 'ARP, Request' "$work/other.1")" -ge 7
check "a pipe ends its writer" status 0 sh_c 'ping -c 100000 127.0.0.1 | head -3'
check "and three lines come through" test "$(wc -l <"$work/out")" = 3

# ---- statuses ----
check "exit N" status 7 sh_c 'exit 7'
check "not found" status 127 sh_c 'nosuch'
check "a syntax error" status 2 sh_c 'echo )'
check "not supported" status 2 sh_c 'cat <(ls)'
check "a file that is not there" status 127 "$vnet" sh "$work/none"
check "a tool's status" status 1 sh_c 'ping -c 1 -w 1 192.168.2.99 >/dev/null'
check "arguments" prints 'n a b c 3' "$vnet" sh -c 'echo $0 $1 "$2" $#' n a 'b c' ''
check "standard input is shared" prints "$(printf 'x\nline\ny')" bash -c "printf 'echo x\nread l\nline\necho \$l\necho y\n' | '$vnet' sh"
check "an option that is not there" status 2 "$vnet" sh --nope

# ---- signals ----
killed() { real timeout "${PATIENCE:-60}" "$vnet" sh -c 'for i in $(seq 50); do while :; do sleep 1; done & kill $!; wait $!; echo $?; done' 2>&1 | sort -u; }
check "a job that is killed at once ends" prints 143 killed
check "an endless loop ends by SIGINT" status 124 real timeout -s INT 1 "$vnet" sh -c 'while :; do :; done'
check "by SIGTERM" status 124 real timeout 1 "$vnet" sh -c 'echo x > f; while :; do sleep 0 | cat; done'
check "by SIGHUP" status 124 real timeout -s HUP 1 "$vnet" sh -c 'echo x > f; for i in $(seq 99999); do echo $(true); done'
check "an endless sleep ends with its script" status 124 env VNET_CLOCK=real PATH="$real_path" timeout 1 "$vnet" sh -c 'sleep 100; echo no'
check "kill reaches no other process" prints "bash: line 1: kill: ($$) - No such process" sh_c "kill $$"

# ---- the host ----
cd "$work/open" || exit 1
echo host >host
ln -s /etc link
check "the host's files cannot be read" status 1 sh_c 'cat /etc/passwd < /dev/null || cat host'
check "nor written" bash -c "'$vnet' sh -c 'echo x > $work/open/new; cat $work/open/new' >/dev/null && [ ! -e '$work/open/new' ]"
check "nor run" status 127 sh_c '/bin/stat .'
check "--allow-files reads" prints host "$vnet" sh --allow-files . -c 'cat host'
check "and writes" bash -c "'$vnet' sh --allow-files . -c 'echo y > sub/new; ip link | tee links > /dev/null' && [ \"\$(cat sub/new)\" = y ] && [ -s links ]"
check "and lists" prints "$(printf 'host\nlink\nlinks\nsub')" "$vnet" --allow-files . -c 'ls; true'
check "it follows no link out" status 1 "$vnet" sh --allow-files . -c 'cat link/passwd || cat ../../etc/passwd || echo x > link/vnet-x'
check "--allow-host-commands runs" prints y "$vnet" sh --allow-host-commands -c 'basename x/y'
check "from a pipe, too" prints 1 "$vnet" sh --allow-host-commands -c 'echo a | env | grep -c ^HOME='
check "nor by a shell in the shell" prints "vnet: sh: --allow-files is not supported within the shell" sh_c 'vnet sh --allow-files . -c "cat host"'
check "which runs none of its programs" prints "vnet: sh: --allow-host-commands is not supported within the shell" sh_c 'vnet sh --allow-host-commands -c "stat ."'
check "nor a script of the host's" prints "bash: host: No such file or directory" sh_c 'vnet sh host'
check "nor do other tools" prints "vnet: replay: no files of the host are used here" sh_c 'vnet replay --update host'
check "not activate" prints "vnet: activate: no files of the host are used here"$'\nfalse' sh_c 'vnet activate --i-am-root'
# shellcheck disable=SC2016 # for the script
echo '$ vnet sh --allow-files . -c "echo x > new"' >transcript
check "nor in a replay" status 1 "$vnet" replay transcript
check "where nothing is written" test ! -e new
rm transcript

# ---- a shell in the shell ----
in_pipe() { "$vnet" sh "$@" -c 'echo "echo hi; x=5; read y; echo \$y
line
ip -br link show lo | wc -l
exit 3" | vnet sh; echo $? $x; echo "echo of a file" > f; vnet sh < f; vnet sh f; echo in | vnet sh -c "cat; echo \$0 \$1" n a; sudo vnet sh -c "echo last"'; }
expected=$(printf 'hi\nline\n1\n3\nof a file\nof a file\nin\nn a\nlast')
check "vnet sh runs what is on its standard input" prints "$expected" in_pipe
check "in a batch, too" prints "$expected" in_pipe --batch
check "no file of the shell's is left" test -z "$(ls -A "$TMPDIR")"
check "no file of the user's has been made" test -z "$(ls -A "$HOME")"
[ -z "${KEEP:-}" ] || cp -r "$work" "$KEEP"
finish

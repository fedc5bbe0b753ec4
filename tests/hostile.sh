#!/bin/bash
# Transcripts from strangers: whatever they ask for, nothing of the host is read, written or run, the
# terminal gets no control characters, and each ends after bounded time with bounded output.
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
start hostile
vnet=$build/vnet
top=$PWD
timeout=$(PATH=$real_path; command -v timeout) # vnet's own stands first on PATH

mkdir "$work/home" "$work/cwd"
export HOME=$work/home
echo "the secret" >"$HOME/secret"
echo "touch ~/run" >"$HOME/.bashrc"
cd "$work/cwd" || exit 1
inventory() { (cd "$work" && find home cwd -exec stat -c '%n %a %s %Y' {} + | sort; cat home/secret home/.bashrc); }

replay() { # TEXT...: the lines, in $work/out; fails when it does not end
    printf '%s\n' "$@" >"$work/hostile.txt"
    (ulimit -f 65536 && exec "$timeout" -k 1 "${PATIENCE:-60}" "$vnet" replay "$work/hostile.txt" >"$work/out" 2>&1 </dev/null)
    [ $? -lt 3 ]
}

# ---- the host ----

inventory >"$work/before"
tried=0
while IFS= read -r line; do
    replay '# ip link' "# $line" '# ip addr' || not_ok "does not end: $line"
    if grep -q 'the secret\|root:' "$work/out"; then not_ok "is read: $line"; fi
    tried=$((tried + 1))
done <<'LINES'
echo pwned > ~/x
echo pwned >> ~/secret
rm -rf ~
rm -rf ../home
touch ~/y
cat /etc/passwd | tee ~/z
cat ~/secret
cat < ~/secret
cat ../home/secret
head -n 5 /etc/passwd
bash -c 'touch ~/w'
sh ~/.bashrc
$(touch ~/v)
`touch ~/v2`
tcpdump -i lo -w ~/cap -c 1
tcpdump -r ~/secret
ip -batch ~/secret
. ~/.bashrc
source ~/.bashrc
exec > ~/q; ip link
exec 3<>~/r
sysctl -p ~/secret
cp /etc/passwd ~/
ln -s / ~/root
vnet init --force
ip link; vnet init --force --preset host
vnet -f ~/state.json ip link
vnet sh ~/.bashrc
vnet replay --update ~/secret
eval 'touch ~/e'
env touch ~/f
/bin/touch ~/g
command touch ~/h
xargs touch < ~/secret
trap 'touch ~/i' EXIT
umask 0; mkdir ~/d
ping -c 1 127.0.0.1 > ~/k 2>&1
route > ~/l
find ~ -delete
kill -9 -1
LINES
inventory >"$work/after"
check "$tried commands that reach for the host leave it as it is" cmp "$work/before" "$work/after"

# ---- without end ----

while IFS= read -r line; do
    check "ends: ${line:0:50}" replay '# ip link' "# $line" '# ip addr'
    size=$(wc -c <"$work/out")
    [ "$size" -lt 3000000 ] || not_ok "prints $size bytes: $line"
done <<'LINES'
while true; do echo y; done
while :; do :; done
until false; do ip link; done
yes
ping -f 127.0.0.1
ping -c 1000000000 -i 0 127.0.0.1
ping -c 1000000000 127.0.0.1
sleep 1000000000000
:(){ :|:& };:
f() { f; }; f
f() { f | f; }; f
f() { echo $(f); }; f
for i in $(seq 1 1000000000); do ip link; done
x=a; while true; do x=$x$x; done
x=aaaaaaaaaa; for i in 1 2 3 4 5 6 7 8 9; do x=$x$x$x$x$x$x$x$x$x$x; done; echo $x
cat /dev/zero
cat
read x
tcpdump -i lo
tcpdump -i any -c 1000000
watch ip link
echo a > f; cat f >> f
echo a > f; (cat f; cat f) >> f
echo a > f; sed p f >> f
echo a > f; tee -a f < f
echo a > f; while read l; do echo $l >> f; done < f
echo aaaaaaaa > f; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do cat f f > g; cat g g > f; done
for i in $(seq 1 1500); do echo > f$i; done; ls
timeout 1000000000 ping 127.0.0.1
ping 127.0.0.1 & ping 127.0.0.1 & wait
while ping -c 1000 -i 0 127.0.0.1; do :; done
for i in 1 2 3 4 5 6 7 8 9; do for j in 1 2 3 4 5 6 7 8 9; do for k in 1 2 3 4 5 6 7 8 9; do for l in 1 2 3 4 5 6 7 8 9; do sysctl -a; done; done; done; done
echo $((9223372036854775807 * 9223372036854775807 / 0))
LINES

# ---- text ----

mega() { head -c 3000000 /dev/zero | tr '\0' "$1"; }
check "a line of megabytes" replay '# ip link' "$(mega A)"
check "a command of megabytes" replay "# ip link show $(mega A)"
check "a prompt of megabytes" replay '# ip link' "[$(mega @)]# ip link"
check "brackets without end" replay "# echo $(mega '(')"
check "dollars without end" replay "# echo $(mega '$')"
check "quotes without end" replay "# echo $(mega "'")"
check "words of other versions without end" replay '# ip link' "$(yes ' qlen 1' | head -n 400000 | tr -d '\n')"
check "dots without end" replay '# ip link' "$(mega .)" '# ip addr' "1$(mega .)2"
{ echo '# ip addr'; yes 'inet 1.2.3.4/24' | head -n 200000; } >"$work/hostile.txt"
check "200000 lines of output" eval '"$timeout" -k 1 "${PATIENCE:-60}" "$vnet" replay "$work/hostile.txt" >"$work/out" 2>&1; [ $? = 1 ]'
{ yes '# ip link' | head -n 3000; } >"$work/hostile.txt"
check "3000 commands" eval '"$timeout" -k 1 "${PATIENCE:-60}" "$vnet" replay "$work/hostile.txt" >"$work/out" 2>&1; [ $? -lt 2 ]'
{ for i in 1 2 3 4 5 6 7 8 9 10; do printf '# ping -c 1 10.0.0.%s\nPING\n# tcpdump -i lo -n\n00:00:00.000001 IP\n' $i; done; } >"$work/hostile.txt"
check "mismatches by the dozen" eval '"$timeout" -k 1 "${PATIENCE:-60}" "$vnet" replay "$work/hostile.txt" >"$work/out" 2>&1; [ $? = 1 ]'

esc=$(printf '\033')
replay "# ip link show '${esc}]0;title' " "${esc}[2J${esc}]52;c;aGk=" '# printf "\\033[31mred\\033]0;t\\007"' 'not that' "# echo '$(printf '\302\233')2J'"
check "no control character reaches the terminal" eval '! LC_ALL=C grep -q "[[:cntrl:]]" "$work/out" && ! LC_ALL=C grep -q "$(printf "\302\233")" "$work/out"'
for form in tap junit json; do
    "$timeout" "${PATIENCE:-60}" "$vnet" replay --format $form "$work/hostile.txt" >"$work/out" 2>&1
    check "nor with --format $form" eval '! LC_ALL=C grep -q "[[:cntrl:]]" "$work/out"'
done

replay '# ip link' "#vnet $(printf '\a\302\2332J')"
check "nor in a message" eval '! LC_ALL=C grep -q "[[:cntrl:]]" "$work/out" && ! LC_ALL=C grep -q "$(printf "\302\233")" "$work/out"'

# ---- the reader's own ^C ----

printf '%s\n' '# ip addr' '# ping -q -f -c 100000000 127.0.0.1' '# ip link' >"$work/hostile.txt"
"$timeout" -s TERM 0.1 "$vnet" replay "$work/hostile.txt" >"$work/out" 2>&1
check "a signal ends it" grep -q 'interrupted$' "$work/out"

cd "$top" || exit 1
finish

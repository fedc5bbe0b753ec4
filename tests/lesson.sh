#!/bin/bash
# The lessons that come with vnet: each replays in full and its checks hold; each is taken to its end, as typed and, where
# there is tmux, at a terminal.
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
start lesson

names=$(vnet lesson | sed -n '/^$/q; s/ .*//p')
check "three lessons, those of share/lessons" test "$(echo $names)" = "bridge router veth-pair" -a \
    "$(ls share/lessons | sed 's/[.]md$//' | sort | xargs)" = "bridge router veth-pair"
for name in $names; do
    check "$name: as in the folder" cmp -s <(vnet lesson --print "$name") "share/lessons/$name.md"
    check "$name: replays" vnet replay --quiet --profile debian12 "share/lessons/$name.md"
    check "$name: has checks" test "$(grep -c '^<!-- vnet check' "share/lessons/$name.md")" -ge 3
    yes '' | head -60 | vnet lesson "$name" > "$work/out" 2>&1
    check "$name: Enter by Enter" test "$? $(grep -c 'is not what the transcript shows' "$work/out")" = "0 0"
    check "$name: the last words" grep -q '^To try: ' "$work/out"
    printf '%s\n' '' '' '' undo 'undo 2' '' '' c | vnet lesson "$name" > "$work/out" 2>&1
    check "$name: back, and to the end" test "$? $(grep -c 'undone: ' "$work/out")" = "0 3"
done
# a line before each command of the lesson with a word
between() { # LESSON WORD LINE
    awk -v word="$2" -v line="$3" '/^\$ /{ if (index($0, word)) print line; print "" }' "share/lessons/$1.md"
}
for way in 'bridge ip netns exec a ping -c 1 10.0.0.2' 'router ip netns exec a ping -c 1 10.0.2.2' 'veth-pair ping -c 1 -W 1 -I veth0 192.168.2.77'; do
    name=${way%% *}
    between "$name" 'tcpdump' "${way#* }" > "$work/keys"
    vnet lesson "$name" < "$work/keys" > "$work/out" 2>&1
    capture=$(grep -n '^\$ .*tcpdump' "share/lessons/$name.md")
    check "$name: with a command of one's own" test "$(grep -c -e "^--- ${way##* } ping statistics" "$work/out")" -ge 1
    check "$name: a capture does not show its traffic" test "$(grep -c "^--- line ${capture%%:*} is not" "$work/out")" = 0
done
printf '%s\n' '' 'ip -n a adr show' q | vnet lesson router > "$work/out" 2>&1
check "a mark under a wrong word of one's own" grep -q 'did you mean address?' "$work/out"
sed 's/^<!-- vnet check in b reachable.*/<!-- vnet check in b not reachable 10.0.1.2 -->/' share/lessons/router.md > "$work/twin.md"
check "a check that does not hold is found" test "$(vnet replay "$work/twin.md" 2>&1 | grep -c 'does not hold')" -ge 1
check "the state file is left alone" test "$(find "$work" -name 'state.json*' | wc -l)" -le 2
vnet lesson nosuch > "$work/out" 2>&1
check "no such lesson" test "$? $(cat "$work/out")" = "2 vnet: there is no lesson nosuch; vnet lesson lists them"
check "completion" test "$(vnet complete vnet lesson r)" = router

if command -v tmux > /dev/null 2>&1; then
    server=vnet-lesson-$$
    screen() { tmux -L "$server" -f /dev/null capture-pane -p -S -2000 2> /dev/null; }
    wait_for() { # TEXT: on the screen
        for _ in $(seq $((${PATIENCE:-60} * 10))); do
            screen | grep -qF -- "$1" && return 0
            command -p sleep 0.1
        done
        return 1
    }
    type_line() { tmux -L "$server" send-keys -l "$1" \; send-keys Enter; }
    tmux -L "$server" -f /dev/null new-session -d -x 100 -y 40 "PATH='$PATH' '$build/vnet' lesson router; echo status \$?; cat"
    check "at a terminal: it begins" wait_for '[Enter]'
    type_line ''
    check "at a terminal: a picture" wait_for 'namespace a'
    tmux -L "$server" send-keys -l 'ip link set lo mt?'
    check "at a terminal: what can come next" wait_for 'mtu BYTES'
    type_line "$(printf 'u 100\t0')"
    type_line '?'
    check "at a terminal: what the last command did" wait_for 'mtu 1000'
    tmux -L "$server" send-keys Up Up
    check "at a terminal: a line typed before" wait_for '[Enter] ip link set lo mtu 1000'
    tmux -L "$server" send-keys C-u
    type_line 'undo'
    type_line 'ip netns add mine'
    type_line 'ip netns'
    check "at a terminal: a command of one's own" wait_for 'mine'
    type_line 'undo 2'
    check "at a terminal: back" wait_for 'undone: ip netns add mine'
    type_line c
    check "at a terminal: to the end" wait_for 'status 0'
    tmux -L "$server" kill-server
    server=$server-narrow # the other may not be gone yet
    tmux -L "$server" -f /dev/null new-session -d -x 60 -y 60 "PATH='$PATH' '$build/vnet' replay --step '$PWD/examples/containers.md'; cat"
    check "at a narrow terminal: it begins" wait_for '[Enter]'
    check "at a narrow terminal: words are whole" grep -qE "^A container's network is a network namespace and one end of *$" <(screen)
    check "at a narrow terminal: in all of the paragraph" grep -qE "^nothing has to be translated\\. *$" <(screen)
    tmux -L "$server" kill-server
else
    echo "# no tmux: not tried at a terminal"
fi
finish

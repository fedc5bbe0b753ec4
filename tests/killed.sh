#!/bin/bash
# A shell that is killed leaves nothing for long: its files go with it, or, where it could not remove them (SIGKILL),
# when the next shell starts; but not as long as one of its processes lives.
. "$(dirname "$0")/lib.sh"
start killed
mkdir "$work/tmp"
export TMPDIR=$work/tmp

# A shell that has a file and waits: its process in $shell, fed by descriptor 7.
begin() {
    rm -f "$work/feed" "$work/out"
    mkfifo "$work/feed"
    vnet sh < "$work/feed" > "$work/out" 2>&1 &
    shell=$!
    exec 7> "$work/feed"
    echo "$1" >&7
    for ((i = 0; i < 600; i++)); do
        grep -qs ready "$work/out" && break
        "$real_sleep" 0.1
    done
}
end() { # SIGNAL
    kill -s "$1" "$shell"
    exec 7>&-
    wait "$shell" 2> "$work/err"
}
stores() { find "$TMPDIR" -mindepth 1 -maxdepth 1 | wc -l; }
real_sleep=$(PATH=$real_path command -v sleep)

for signal in TERM HUP INT; do
    begin 'echo text > file; echo ready; read line'
    check "a waiting shell has a store" test "$(stores)" = 1
    end $signal
    check "$signal: it removes it" test "$(stores)" = 0
done

begin 'echo text > file; echo ready'
vnet sh -c 'echo other > file; cat file' > "$work/other"
check "another shell has a store of its own" grep -qx other "$work/other"
check "and removes only that" test "$(stores)" = 1
echo 'cat file' >&7
exec 7>&-
wait "$shell"
check "the first one's file is still there" grep -qx text "$work/out"

begin 'echo text > file; echo ready'
end KILL
check "SIGKILL: the store is left" test "$(stores)" = 1
vnet sh -c 'echo other > file'
check "the next shell removes it" test "$(stores)" = 0

# A job goes on when its shell is killed, and so does its store.
begin 'tcpdump -i lo -w capture & echo job $!; echo ready'
job=$(sed -n 's/^job //p' "$work/out")
end KILL
vnet sh -c 'echo other > file'
check "as long as a job lives it stays" test "$(stores)" = 1
kill -KILL "$job"
while kill -0 "$job" 2> "$work/err"; do "$real_sleep" 0.1; done
vnet sh -c 'echo other > file'
check "then it goes" test "$(stores)" = 0

# What is not a shell's, or may yet become one's, is left alone.
mkdir -m 700 "$TMPDIR/vnet-files-young" "$TMPDIR/vnet-files-old" "$TMPDIR/other"
touch -d '1 hour ago' "$TMPDIR/vnet-files-old" "$TMPDIR/other"
ln -s other "$TMPDIR/vnet-files-link"
: > "$TMPDIR/other/.alive"
vnet sh -c 'echo other > file'
check "what is a shell's no more goes" test ! -e "$TMPDIR/vnet-files-old"
check "what is not stays" test -d "$TMPDIR/vnet-files-young" -a -L "$TMPDIR/vnet-files-link" -a -e "$TMPDIR/other/.alive"
finish

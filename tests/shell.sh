#!/bin/bash
# Scripts of tests/shell run by vnet's shell print what bash printed: tests/shell/NAME.out, with standard error in it
# and the exit status last. Each is run as a file and on standard input.
# tests/shell.sh --update [NAME...]: record anew from bash.
here=$(cd "$(dirname "$0")" && pwd)
export LC_ALL=C
run() { # COMMAND... : both streams, then the status
    (cd "$here/.." && PATH=${real_path:-$PATH} timeout "${PATIENCE:-60}" "$@" 2>&1; echo "[exit $?]")
}
if [ "${1:-}" = --update ]; then
    shift
    [ $# != 0 ] || set -- "$here"/shell/*.sh
    for f; do
        name=$(basename "$f" .sh)
        run bash "tests/shell/$name.sh" >"$here/shell/$name.out"
    done
    exit
fi
. "$here/lib.sh"
start shell
vnet=$build/vnet
mkdir "$work/tmp"
export TMPDIR=$work/tmp
for script in "$here"/shell/*.sh; do
    name=$(basename "$script" .sh)
    run "$vnet" sh "tests/shell/$name.sh" >"$work/$name"
    if cmp -s "$here/shell/$name.out" "$work/$name"; then
        ok "$name: as bash"
    else
        not_ok "$name: as bash"
        diff "$here/shell/$name.out" "$work/$name" | sed 's/^/# /' | head -n 30
    fi
    # on standard input, messages name another file
    run "$vnet" sh <"$script" | sed "s,^bash: line ,tests/shell/$name.sh: line ," >"$work/$name.in"
    sed -i 's,^bash$,'"$name.sh," "$work/$name.in"
    if cmp -s "$here/shell/$name.out" "$work/$name.in"; then
        ok "$name: on standard input"
    else
        not_ok "$name: on standard input"
        diff "$here/shell/$name.out" "$work/$name.in" | sed 's/^/# /' | head -n 30
    fi
done
check "nothing is left behind" test -z "$(ls "$TMPDIR")"
finish

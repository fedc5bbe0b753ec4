#!/bin/bash
# vnet show: pictures of the worlds in tests/pictures/NAME.world, held against tests/pictures/NAME.VIEW;
# tests/picture.sh --update makes these anew, to be looked at before they are kept.
. "$(dirname "$0")/lib.sh"
pictures=$(realpath "$(dirname "$0")")/pictures
start picture

# VIEW OPTION...
views=(
    "60.txt --width=60"
    "80.txt --width=80"
    "120.txt --width=120"
    "all.txt --width=80 --all"
    "ascii.txt --width=80 --ascii"
)

make_world() { # NAME
    vnet init --preset bare --force && vnet sh "$pictures/$1.world"
}
columns() { # the longest line of standard input, in columns
    python3 -c 'import sys; print(max((len(l.rstrip("\n")) for l in open(0, encoding="utf-8")), default=0))'
}

for world in "$pictures"/*.world; do
    name=$(basename "$world" .world)
    check "$name: the world is made" make_world "$name"
    cp "$VNET_STATE" "$work/before"
    for view in "${views[@]}"; do
        read -r ending options <<< "$view"
        # shellcheck disable=SC2086 # words
        vnet show $options > "$work/got" 2>&1 || not_ok "$name.$ending: exit status $?"
        if [ "${1:-}" = --update ]; then cp "$work/got" "$pictures/$name.$ending"; fi
        if diff "$pictures/$name.$ending" "$work/got" > "$work/diff"; then ok "$name.$ending"; else
            not_ok "$name.$ending"
            sed 's/^/# /' "$work/diff"
        fi
    done
    cmp -s "$VNET_STATE" "$work/before" && ok "$name: the world is as it was" || not_ok "$name: the world has changed"
done

# ---- widths, colours, options ----

make_world bridge
for width in 40 47 60 80 133; do
    got=$(vnet show --width=$width | columns)
    [ "$got" -le $width ] && ok "no wider than $width" || not_ok "$width: a line has $got columns"
    [ "$(COLUMNS=$width vnet show)" = "$(vnet show --width $width)" ] && ok "COLUMNS=$width" || not_ok "COLUMNS=$width"
done
vnet show --ascii --all | LC_ALL=C grep -q '[^ -~]' && not_ok "--ascii: other signs" || ok "--ascii"
vnet show | grep -q "$(printf '\033')" && not_ok "colours in a pipe" || ok "no colours in a pipe"
vnet show --color=always | grep -q "$(printf '\033\[')" && ok "--color=always" || not_ok "--color=always"
[ "$(vnet show --color=always | sed 's/\x1b\[[0-9;]*m//g')" = "$(vnet show)" ] && ok "colours change nothing else" || not_ok "colours"
[ "$(echo 'show --width=80' | vnet sh)" = "$(vnet show --width=80)" ] && ok "in vnet's shell" || not_ok "in vnet's shell"
for wrong in --width=39 --width=x --width=10001 --color=pink --nosuch word; do
    vnet show $wrong > "$work/out" 2> "$work/err"
    status=$?
    [ $status = 2 ] && [ -s "$work/err" ] && [ ! -s "$work/out" ] && ok "refused: $wrong" || not_ok "$wrong: status $status"
done
finish

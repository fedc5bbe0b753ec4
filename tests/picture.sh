#!/bin/bash
# vnet show: pictures of the worlds in tests/pictures/NAME.world, held against tests/pictures/NAME.VIEW;
# tests/picture.sh --update makes these anew, to be looked at before they are kept.
. "$(dirname "$0")/lib.sh"
pictures=$(realpath "$(dirname "$0")")/pictures
start picture
update=
[ "${1:-}" != --update ] || update=1

# VIEW OPTION...
views=(
    "60.txt --width=60"
    "80.txt --width=80"
    "120.txt --width=120"
    "all.txt --width=80 --all"
    "local.txt --width=60 --link-local"
    "ascii.txt --width=80 --ascii"
    "svg --width=80 --svg=-"
    "dot --dot"
    "mermaid --mermaid"
)

make_world() { # NAME
    vnet init --preset bare --force && vnet sh "$pictures/$1.world"
}
columns() { LC_ALL=C.UTF-8 wc -L; } # the longest line of standard input

well_formed() { python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$work/got"; }
dot_takes_it() { # where there is one
    command -v dot > /dev/null || return 0
    dot -Tcanon -o /dev/null "$work/got" 2> "$work/dot.err" && [ ! -s "$work/dot.err" ]
}

held() { # NAME: $work/got is tests/pictures/NAME
    if [ "$update" ]; then cp "$work/got" "$pictures/$1"; fi
    if diff "$pictures/$1" "$work/got" > "$work/diff"; then ok "$1"; else
        not_ok "$1"
        sed 's/^/# /' "$work/diff"
    fi
}

for world in "$pictures"/*.world; do
    name=$(basename "$world" .world)
    check "$name: the world is made" make_world "$name"
    cp "$VNET_STATE" "$work/before"
    for view in "${views[@]}"; do
        read -r ending options <<< "$view"
        # shellcheck disable=SC2086 # words
        vnet show $options > "$work/got" 2>&1 || not_ok "$name.$ending: exit status $?"
        case $ending in
        svg) check "$name: the SVG is well-formed" well_formed ;;
        dot) check "$name: dot takes it" dot_takes_it ;;
        esac
        held "$name.$ending"
    done
    cmp -s "$VNET_STATE" "$work/before" && ok "$name: the world is as it was" || not_ok "$name: the world has changed"
done

# ---- the way of a packet ----

traced() { # NAME STATUS WORLD OPTION... --trace COMMAND...
    local name=$1 wanted=$2 status
    make_world "$3"
    cp "$VNET_STATE" "$work/before"
    shift 3
    vnet show "$@" > "$work/got" 2> "$work/err"
    status=$?
    [ $status = "$wanted" ] && [ ! -s "$work/err" ] || not_ok "$name: exit status $status: $(head -n 1 "$work/err")"
    held "$name"
    cmp -s "$VNET_STATE" "$work/before" && ok "$name: the world is as it was" || not_ok "$name: the world has changed"
}
traced way-answered.txt 0 router --width=80 --trace ip netns exec r ping -c1 10.1.0.2
[ "$(echo 'show --width=80 --trace ip netns exec r ping -c1 10.1.0.2' | vnet sh)" = "$(cat "$pictures/way-answered.txt")" ] &&
    ok "the same in vnet's shell" || not_ok "the way in vnet's shell"
traced way-lost.txt 1 veth --width=80 --trace ping -c1 -I veth0 192.168.2.12
traced way-outside.ascii.txt 0 veth --width=80 --ascii --trace ping -c1 8.8.8.8
traced way-lost.ascii.txt 1 veth --width=80 --ascii --trace ping -c1 -I veth0 192.168.2.12
traced way-none.txt 2 empty --width=80 --trace ping -c1 8.8.8.8
traced way-lost.svg 1 bridge --width=80 --svg - --trace ip netns exec red ping -c1 10.0.0.99
check "way-lost: the SVG is well-formed" well_formed
traced way-lost.dot 1 bridge --dot --trace ip netns exec red ping -c1 10.0.0.99
check "way-lost: dot takes it" dot_takes_it
traced way-lost.mermaid 1 bridge --mermaid --trace ip netns exec red ping -c1 10.0.0.99
traced way-ports.txt 0 ports --width=80 --trace ip netns exec ns7 ping -c1 10.0.0.15

# ---- README and manual show these ----

top=${pictures%/tests/pictures}
if [ "$update" ]; then (cd "$top" && python3 tests/pictures/insert.py); fi
shown() { (cd "$top" && python3 tests/pictures/insert.py --check); }
check "README.md and the manual have these pictures" shown

# ---- random worlds: each device has one box, no line is too wide, SVG is well-formed ----

for seed in $(seq 1 "${PICTURE_WORLDS:-10}"); do
    "$pictures/random.py" "$seed" > "$work/random"
    vnet init --preset bare --force
    vnet sh "$work/random" > "$work/out" 2>&1
    [ ! -s "$work/out" ] || not_ok "world $seed: $(head -n 1 "$work/out")"
    read -ra devices < <(sed -n '$s/^# //p' "$work/random")
    rm -rf "$work/shown" && mkdir "$work/shown"
    for width in 40 60 80 200; do
        vnet show --all --width=$width > "$work/shown/$width.all"
        vnet show --width=$width > "$work/shown/$width.some"
    done
    wrong=$("$pictures/random.py" --check "$work/shown" "${devices[@]}")
    vnet show --all --svg=- > "$work/got"
    well_formed || wrong+=" SVG"
    vnet show --all --dot > "$work/got"
    dot_takes_it || wrong+=" dot"
    [ -z "$wrong" ] && ok "world $seed" || not_ok "world $seed: $wrong"
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
vnet show --svg "$work/p.svg" --width=80 && [ "$(cat "$work/p.svg")" = "$(vnet show --svg - --width=80)" ] && ok "--svg FILE" || not_ok "--svg FILE"
vnet show --svg "$work/nowhere/p.svg" 2> "$work/err"
[ $? = 1 ] && grep -q "nowhere/p.svg: No such file or directory" "$work/err" && ok "--svg: no such folder" || not_ok "--svg: no such folder"
[ "$(echo 'vnet show --svg p; head -n 1 p' | vnet sh)" = '<?xml version="1.0" encoding="UTF-8"?>' ] && [ ! -e p ] &&
    ok "--svg: a file of the shell's own" || not_ok "--svg: a file of the shell's own"
for wrong in --trace "--trace ls" "--trace init" "--dot --mermaid" "--svg=x --dot" --width=39 --width=x --width=10001 --color=pink --nosuch word; do
    vnet show $wrong > "$work/out" 2> "$work/err"
    status=$?
    [ $status = 2 ] && [ -s "$work/err" ] && [ ! -s "$work/out" ] && ok "refused: $wrong" || not_ok "$wrong: status $status"
done
finish

#!/bin/bash
# The manual and the tools say the same: each tool has a page; a page's options are those that the tool takes,
# all of them; its words likewise; and what it calls not emulated is refused.
. "$(dirname "$0")/lib.sh"
start man
PATH=$real_path

# The words of a macro's line: .BR up ", " down  ->  up down
line_words() { sed 's/^\.[BIR]* //; s/[",]/ /g; s/ \.$//; s/\\-/-/g' | tr -s ' ' '\n' | grep .; }
section() { # PAGE TITLE: a section's lines
    awk -v title="$2" '/^\.S[HS]/ { on = substr($0, 5) == title; next } on' "$1"
}
tags() { # the tag lines of its paragraphs
    awk '/^\.TP/ { tag = 1; next } tag { print; tag = 0 }' | line_words
}
same() { # TEXT: $work/page and $work/tool, each a word a line
    LC_ALL=C sort -u "$work/page" > "$work/a"
    LC_ALL=C sort -u "$work/tool" > "$work/b"
    if cmp -s "$work/a" "$work/b"; then ok "$1"; else
        not_ok "$1"
        echo "# only in the page: $(comm -23 "$work/a" "$work/b" | tr '\n' ' ')"
        echo "# only in the tool: $(comm -13 "$work/a" "$work/b" | tr '\n' ' ')"
    fi
}
refused() { # PAGE-NAME WORD...: the command is refused as not emulated
    local what=$1
    shift
    if timeout 10 "$build/vnet" "$@" > "$work/out" 2>&1; then
        not_ok "$what: $* is not refused"
    elif ! grep -qE "not emulated|not emulate|vnet's route knows|no system folders|vnet does not|vnet has no" "$work/out"; then
        not_ok "$what: $* is refused with: $(head -n 1 "$work/out")"
    fi
}

# ---- every tool has a page ----

for tool in $("$build/vnet" help | awk '/^Tools|^Only/ { on = 1; next } /^$/ { on = 0 } on { print $1 }'); do
    page=man/vnet-$tool.1
    [ "$tool" != sh ] || page=man/vnet-shell.1
    if [ -e "$page" ] || grep -q "^\.B vnet $tool\$" man/vnet.1; then ok "$tool has a page"; else not_ok "$tool has no page"; fi
done

# ---- options ----

for page in man/vnet-*.1; do
    tool=${page#man/vnet-}
    tool=${tool%.1}
    section "$page" OPTIONS > "$work/options"
    [ -s "$work/options" ] || continue
    "$build/vnet" complete vnet "$tool" - > "$work/tool"
    [ -s "$work/tool" ] || continue # it does not say
    tags < "$work/options" | grep '^-' > "$work/page"
    same "$tool: the options"
    for option in $(section "$page" "NOT EMULATED" | tags); do
        refused "$tool" "$tool" "$option" x
    done
done

# ---- words ----

for page in man/vnet-*.1; do
    sed -n 's/^\.SS Words of //p' "$page" > "$work/commands"
    while read -r command; do
        section "$page" "Words of $command" > "$work/section"
        sed '/^Not emulated:/,$d' "$work/section" | grep '^\.B' | line_words > "$work/page"
        # shellcheck disable=SC2086 # words
        "$build/vnet" complete $command "" | grep -vE '^(lo|[0-9:].*/?.*)$' > "$work/tool"
        same "words of $command"
        for word in $(sed -n '/^Not emulated:/,/^\.PP/p' "$work/section" | grep '^\.B' | line_words); do
            # shellcheck disable=SC2086
            refused "$command" $command "$word" x
        done
    done < "$work/commands"
done

# ---- form ----

if command -v mandoc > /dev/null; then
    for page in man/*; do
        if mandoc -Tlint -W warning "$page" > "$work/lint"; then ok "mandoc: $page"; else
            not_ok "mandoc: $page"
            sed 's/^/# /' "$work/lint"
        fi
    done
else
    ok "mandoc # SKIP not installed"
fi
finish

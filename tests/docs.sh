#!/bin/bash
# The manual against the program: tools, profiles, options, keys of the state file and the files beside it.
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
start docs
vnet=$build/vnet

bare() { # PAGE...: the text without roff's fonts and escapes
    sed 's/\\f[A-Z]//g; s/\\-/-/g; s/\\(bu//g; s/"//g' "$@"
}

names() { # WORD PAGE...: does a page have the word as a whole word?
    local word=$1
    shift
    bare "$@" | grep -qE -- "(^|[^[:alnum:]_-])$word([^[:alnum:]_-]|\$)"
}

is_key() { # KEY: is it set in bold or italics in vnet-state.5?
    bare man/vnet-state.5 | grep -E '^\.(B|RB|I|BR) ' | grep -qE -- "(^|[^[:alnum:]_])$1([^[:alnum:]_]|\$)"
}

in_tools() { # TOOL: an entry of its own in TOOLS
    bare man/vnet.1 | sed -n '/^\.SH TOOLS/,/^\.SH PROFILES/p' |
        grep -qE "^\.BR? (vnet )?(.*, +)?$1( |\$)"
}

# The names of a page's options are those of each table of long options in cmd/FOLDER.
options_of() { # FILE
    sed -n '/struct long_option [a-z_]*\[\] = {/,/};/p' "$1" | grep -oE '\{"[a-z-]+"' | tr -d '{"'
}

no_sections() { "$vnet" help | awk '/^  [a-z]/ { print $1 } /^Profiles:/ { exit }'; }

for tool in $(no_sections); do
    check "vnet.1 has the tool $tool" in_tools "$tool"
done
for profile in $("$vnet" help | sed -n '/^Profiles:/,$s/^  \([a-z0-9.]*\) .*/\1/p'); do
    check "vnet.1 has the profile $profile" names "$profile" man/vnet.1
done
for option in $(grep -oE '\{"--?[a-z]+", offsetof' cmd/main.c | grep -oE -- '--?[a-z]+') --help --version; do
    check "vnet.1 has vnet $option" names "$option" man/vnet.1
done
for file in cmd/vnet/init.c cmd/vnet/activate.c cmd/replay/replay.c cmd/import/import.c cmd/export/export.c cmd/shell/main.c; do
    for option in $(options_of "$file"); do
        check "man has $file: --$option" names "--$option" man/vnet.1 man/vnet-shell.1 man/vnet-replay.1 man/vnet-import.1
    done
done
for key in $(sed -n '/keys\[\] = {/,/NULL}/p' lib/state/state.c | grep -oE '"[a-z0-9_]+"' | tr -d '"'); do
    check "vnet-state.5 has the key $key" is_key "$key"
done

# The files beside the state are those that the page names.
{
    ip link set lo up
    ping -c 1 127.0.0.1
} >/dev/null
for file in "$VNET_STATE".*; do
    check "vnet-state.5 has ${file##*/}" names "STATE${file#"$VNET_STATE"}" man/vnet-state.5
done

# The first screen of README.md, typed into an empty world.
sed -n '/^```$/,/^```$/p' README.md | sed '1d; /^```$/,$d' > "$work/screen"
vnet init --preset bare --force
sed -n 's/^\[vnet\] # //p' "$work/screen" | "$vnet" sh > "$work/got" 2>&1
check "README.md shows what is typed there" cmp "$work/got" <(grep -v '^\[vnet\] # ' "$work/screen")
check "it types something" test "$(grep -c '^\[vnet\] # ' "$work/screen")" -ge 5
for picture in $(grep -o '(tests/pictures/[a-z.]*)' README.md | tr -d '()'); do
    check "README.md's $picture is the tests' own" test -s "$picture"
done
finish

#!/bin/bash
# tests/answers.py finds every planted error in an answer, and every -j answer of the recordings is JSON.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/vnet-json-XXXXXX")
trap 'rm -rf "$work"' EXIT
command -v python3 > /dev/null || { echo "skipped: no python3"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }

judge() { # ACTUAL-TEXT
    printf '# ip -j link\n[{"ifindex":1,"flags":["UP"],"a":{"x":1.5,"y":null}}]\n2|no matter\n' > "$work/want"
    printf '# ip -j link\n%s\n' "$1" > "$work/got"
    python3 "$here/answers.py" "$work/want" "$work/got" > "$work/said"
}
finds() { # NAME ACTUAL-TEXT
    if judge "$2"; then not_ok "$1 is not found"; else ok "$1 is found"; fi
}
judge '[ {"ifindex": 7, "flags": [ "DOWN" ], "a": {"x":2.5,"y":null} } ]' && ok "values are not its business" ||
    not_ok "values are not its business: $(cat "$work/said")"
finds "a missing member" '[{"ifindex":1,"flags":["UP"],"a":{"x":1.5}}]'
finds "a member more" '[{"ifindex":1,"flags":["UP"],"a":{"x":1.5,"y":null,"z":1}}]'
finds "another order" '[{"flags":["UP"],"ifindex":1,"a":{"x":1.5,"y":null}}]'
finds "a member twice" '[{"ifindex":1,"ifindex":1,"flags":["UP"],"a":{"x":1.5,"y":null}}]'
finds "a text for a number" '[{"ifindex":"1","flags":["UP"],"a":{"x":1.5,"y":null}}]'
finds "a whole number for a fraction" '[{"ifindex":1,"flags":["UP"],"a":{"x":1,"y":null}}]'
finds "true for null" '[{"ifindex":1,"flags":["UP"],"a":{"x":1.5,"y":true}}]'
finds "an element less" '[{"ifindex":1,"flags":[],"a":{"x":1.5,"y":null}}]'
finds "a missing bracket" '[{"ifindex":1,"flags":["UP"],"a":{"x":1.5,"y":null}}'
finds "no answer" ''

# The real tools' answers are worth it.
total=$(python3 "$here/answers.py" --count "$here"/transcripts/*.out)
if [ "$total" -ge 200 ]; then ok "$total recorded answers are JSON"; else not_ok "only $total recorded answers are JSON"; fi
finish

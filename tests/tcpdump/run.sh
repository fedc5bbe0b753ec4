#!/bin/bash
# Every row of TESTLIST: vnet's tcpdump prints what the real one has printed. VNET: the binary.
set -u
cd "$(dirname "$0")" || exit 1
vnet=${VNET:-../../build/vnet}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export VNET_STATE=$work/state.json VNET_CLOCK=virtual
"$vnet" init --preset bare >/dev/null || exit 1
passed=0 failed=0
while read -r name capture options; do
    case $name in '' | '#'*) continue ;; esac
    read -ra words <<<"$options"
    "$vnet" tcpdump -r "captures/$capture.pcap" "${words[@]}" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    if [ $status = 0 ] && cmp -s "$work/out" "expected/$name.out"; then
        passed=$((passed + 1))
        echo "ok $name"
    else
        failed=$((failed + 1))
        echo "not ok $name: tcpdump -r captures/$capture.pcap $options, status $status"
        diff -a "expected/$name.out" "$work/out" | head -n 12 | sed 's/^/  /'
    fi
done <TESTLIST
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]

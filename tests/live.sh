#!/bin/bash
# Side by side: what the machine's own kernel and tools print, recorded now in a user namespace, and what vnet prints.
# Skipped where they are not those of the profile linux6.18, or where user namespaces are not allowed.
set -u
cd "$(dirname "$0")/.." || exit 2
build=$(realpath "${BUILD:-build}")
profile=linux6.18
# Quick ones that say nothing of the number of CPUs (ip -d), need no second user (tcpdump's own, uid 1000), and in which
# nothing ages.
scripts='addr names otherhost ping-more'
export VNET_STATE VNET_PROFILE=$profile VNET_CLOCK=virtual LC_ALL=C TZ=UTC PATH=/usr/sbin:/usr/bin:/sbin:/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
VNET_STATE=$work/state.json

skip() { echo "skipped: $*"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }

version() { # COMMAND...: its first words; a real tool's further lines name what it was built with
    "$@" 2>&1 | head -n 1
}

same_tool() { # TOOL VERSION-OPTION
    local real ours
    command -v "$1" >"$work/where" || skip "no $1 on this machine"
    real=$(version "$1" "$2")
    ours=$(version "$work/bin/$1" "$2")
    [ "$real" = "$ours" ] || skip "$1 is \"$real\", not \"$ours\""
}

check_machine() {
    local tool
    [ "$(uname -s)" = Linux ] || skip "this is not Linux"
    case $(uname -r) in ${profile#linux}.*) ;; *) skip "the kernel is $(uname -r), not ${profile#linux}" ;; esac
    mkdir "$work/bin"
    for tool in ip ping route sysctl; do ln -s "$build/vnet" "$work/bin/$tool"; done
    same_tool ip -V
    same_tool ping -V
    same_tool route -V
    same_tool sysctl --version
    unshare -U -r -n -m true 2>"$work/unshare" || skip "user namespaces are not allowed"
    unshare -U -r -n -m ip link add v0 type veth peer name v1 2>"$work/veth" || skip "no veth in user namespaces"
}

compare() { # SCRIPT: recorded on both, compared
    local script=tests/transcripts/$1.script
    tests/record --split --userns "$script" >"$work/$1.real" 2>"$work/$1.err" &&
        tests/record --split --vnet "$build/vnet" --profile "$profile" "$script" >"$work/$1.vnet" 2>>"$work/$1.err" &&
        "$build/tests/unify" "$work/$1.real" "$work/$1.vnet" >"$work/$1.diff"
}

# Once more if they differ: a machine under load prints late.
one() { # SCRIPT
    compare "$1" || compare "$1"
    echo $? >"$work/$1.status"
}

check_machine
for s in $scripts; do one "$s" & done
wait
passed=0 failed=0
for s in $scripts; do
    if [ "$(cat "$work/$s.status")" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok $s: the machine (-) and vnet (+)"
        cat "$work/$s.err" "$work/$s.diff" 2>&1
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

# Sourced by the test scripts: a folder of its own, vnet's names first on PATH, TAP lines.
#
#   start NAME     a fresh folder $work with an empty world; ip, ping, tcpdump, ... are vnet's
#   ok TEXT / not_ok TEXT
#   check TEXT COMMAND...   ok if the command succeeds
#   finish

set -u
build=${BUILD:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
failed=0
count=0

# Those that have names of their own.
tools() { "$1" help | sed -n '/^Tools/,/^$/s/^  \([a-z0-9]*\) .*/\1/p'; }

start() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/vnet-$1-XXXXXX")
    trap 'rm -rf "$work"' EXIT
    mkdir "$work/bin"
    for tool in vnet $(tools "$build/vnet"); do ln -s "$build/vnet" "$work/bin/$tool"; done
    real_path=$PATH
    PATH=$work/bin:$PATH
    export VNET_STATE=$work/state.json VNET_CLOCK=virtual
    unset VNET_PROFILE
    vnet init --preset bare || exit 1
}

ok() {
    count=$((count + 1))
    echo "ok $count - $1"
}

not_ok() {
    count=$((count + 1))
    failed=1
    echo "not ok $count - $1"
}

check() {
    what=$1
    shift
    if "$@"; then ok "$what"; else not_ok "$what"; fi
}

finish() {
    echo "1..$count"
    exit $failed
}

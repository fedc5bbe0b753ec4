#!/bin/bash
# make install and make uninstall; the Debian package and the static binary, where they have been built
# (make deb, make static).
. "$(dirname "$0")/lib.sh"
start install
PATH=$real_path
unset VNET_STATE MAKEFLAGS
export VNET_CLOCK=virtual XDG_STATE_HOME=$work/home HOME=$work/home
quiet() { "$@" > "$work/log" 2>&1 || { sed 's/^/# /' "$work/log"; return 1; }; }

# ---- make install ----

check "make install" quiet make -s install BUILD="${BUILD:-build}" DESTDIR="$work/root" PREFIX=/opt/vnet
at=$work/root/opt/vnet
check "the program runs" test "$("$at/bin/vnet" ip -br addr show lo)" != ""
for page in man/*; do
    cmp -s "$page" "$at/share/man/man${page##*.}/${page##*/}" || not_ok "installed: $page"
done
ok "the manual pages are there"
check "the completion is there" test -s "$at/share/bash-completion/completions/vnet"
check "make uninstall" quiet make -s uninstall DESTDIR="$work/root" PREFIX=/opt/vnet
check "uninstall leaves nothing" test -z "$(find "$work/root" ! -type d)"

# ---- the package ----

smoke() { # PROGRAM: as a new user, with nothing but it
    env -i HOME="$work/fresh" "$1" ip link > "$work/links" && grep -q '^1: lo:' "$work/links" &&
        env -i HOME="$work/fresh" VNET_CLOCK=virtual "$1" ping -c 2 127.0.0.1 | grep -q '2 received'
}

deb=$(ls "$build"/vnet_*.deb 2> /dev/null | tail -n 1)
if [ -z "$deb" ] || ! command -v dpkg-deb > /dev/null; then
    ok "package # SKIP not built (make deb)"
else
    check "package: the control file is complete" quiet dpkg-deb -f "$deb" Package Version Architecture Maintainer Depends Description
    check "package: no scripts" test "$(dpkg-deb --ctrl-tarfile "$deb" | tar -t | sort | tr -d '\n')" = ././control./md5sums
    check "package: unpacks" dpkg-deb -x "$deb" "$work/deb"
    check "package: the sums are right" quiet sh -c "cd '$work/deb' && dpkg-deb --ctrl-tarfile '$deb' | tar -xO ./md5sums | md5sum -c"
    check "package: runs" smoke "$work/deb/usr/bin/vnet"
    check "package: all belongs to root" test -z "$(dpkg-deb -c "$deb" | grep -v ' root/root ')"
fi

# ---- the static binary ----

static=$build/static/vnet
if [ ! -x "$static" ]; then
    ok "static # SKIP not built (make static)"
else
    rm -rf "$work/fresh"
    check "static: runs" smoke "$static"
    check "static: needs no interpreter" test -z "$(readelf -lW "$static" 2> /dev/null | grep INTERP)"
    export VNET_STATE=$work/static.json
    "$static" ping -c 1 127.0.0.1 > /dev/null
    check "static: a capture without an expression" test "$("$static" tcpdump --last -i lo 2> /dev/null | grep -c 'ICMP echo')" = 2
    "$static" tcpdump --last -i lo icmp > "$work/out" 2>&1
    check "static: an expression works, or it says why not" grep -qE 'ICMP echo|linked statically, without libpcap' "$work/out"
    check "static: the shell works" test "$(echo 'ip -br link show lo | wc -l' | "$static" sh)" = 1
    if [ "$(id -u)" = 0 ] && command -v chroot > /dev/null; then
        mkdir -p "$work/jail"
        cp "$static" "$work/jail/vnet"
        check "static: in a folder with nothing else" test "$(env -i HOME=/ "$(command -v chroot)" "$work/jail" /vnet ip -br link show lo | cut -d ' ' -f 1)" = lo
    fi
fi
finish

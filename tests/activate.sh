#!/bin/bash
# vnet activate, in each shell that is installed: vnet's tools come first, deactivate puts all back, and the
# veth tutorial typed there as root changes nothing on the host. The "host" is a network namespace made for
# the test, so that a failure harms nobody.
. "$(dirname "$0")/lib.sh"

# ---- inside the namespace: paste the tutorial into SHELL, compare before and after ----

listing() {
    ip -d -s addr | sed '/RX:/,/^$/d'
    ip -d link
    ip route show table all
    ip -6 route show table all
    ip rule
    ip -6 rule
    ip neigh
    sysctl -a 2> /dev/null | grep '^net\.' | grep -v conntrack_count
}

# The commands of the tutorial; a capture ends as soon as it has begun, as by ^C.
commands() {
    sed -n 's/^\[[^]]*\]# //p; s/^\$ //p' "$1" | sed 's/^tcpdump .*/& \& sleep 1; kill $!; wait/'
}

paste() { # SHELL TUTORIAL: run in the namespace
    ip link set lo up
    ip link add eth0 type veth peer name eth1 && ip addr add 192.168.2.77/24 dev eth0 && ip link set eth0 up
    echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter
    settle=$(date +%s)
    while [ $(($(date +%s) - settle)) -lt 1 ]; do :; done
    listing > "$work/before"
    {
        # shellcheck disable=SC2016 # it is for the other shell
        echo 'eval "$(vnet activate --i-am-root)"'
        commands "$2"
        echo "15:00:13.420976 IP 192.168.2.11 > $work/stray: ICMP echo request"
        echo "echo x > $work/wanted"
        [ "$1" = dash ] || echo "for i in 1; do ((i > 0)) && [[ b > a ]] && \"ec\"ho y > $work/wanted2; done"
        echo 'ip -o link show veth0; sudo ip addr add 192.168.2.99/24 dev eth0; ifconfig eth0 down'
        echo 'echo 1 | tee /proc/sys/net/ipv4/ip_forward; echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward'
        echo 'sysctl -w net.ipv4.ip_forward=1; deactivate; ip -o link show lo; trap'
    } | PATH=$build:$PATH VNET_CLOCK=virtual "$1" > "$work/pasted" 2>&1
    listing > "$work/after"
    diff "$work/before" "$work/after" || return 1
    ip link set lo mtu 1400
    listing | diff -q "$work/after" - > /dev/null && return 2 # the comparison sees nothing
    return 0
}

if [ "${1:-}" = --paste ]; then
    work=$4
    paste "$2" "$3"
    exit
fi

start activate
PATH=$real_path
mkdir "$work/run"
chmod 700 "$work/run"
export XDG_RUNTIME_DIR=$work/run
root=
[ "$(id -u)" != 0 ] || root=--i-am-root

# ---- what it does to a shell, and undoes ----

cat > "$work/session" << 'END'
PATH=$BIN:$PATH
VNET_STATE=$WORK/elsewhere.json; export VNET_STATE
PS1='prompt> '
old=$PATH state=$VNET_STATE
eval "$(vnet -f "$WORK/state.json" activate $ROOT)" && echo activated
[ "$(command -v ip)" = "$VNET_ACTIVE/ip" ] && echo "ip is first"
[ "$VNET_STATE" = "$WORK/state.json" ] && echo "state is set"
[ "$PS1" = '(vnet) prompt> ' ] && echo "prompt is marked"
ip link add veth0 type veth peer name veth1 && sudo -n /sbin/ip -o link show veth0 | grep -q veth1 && echo "sudo runs ip"
sudo id && echo "sudo ran id"
sudo -i && echo "sudo ran a shell"
sudo sh -c id && echo "sudo ran sh"
su - && echo "su did nothing"
su -c id && echo "su ran id"
nmcli; [ $? = 127 ] && echo "nmcli is refused"
(eval "$(vnet activate $ROOT)") || echo "not twice"
echo 1 > "$WORK/file"
( (echo 2 > "$WORK/file") 2>/dev/null); cat "$WORK/file"
folder=$VNET_ACTIVE
ls -ld "$folder" | cut -c 1-10
deactivate && echo deactivated
[ ! -e "$folder" ] && echo "folder is gone"
[ "$PATH" = "$old" ] && [ "$VNET_STATE" = "$state" ] && [ "$PS1" = 'prompt> ' ] && echo "all is back"
[ -z "${VNET_ACTIVE+x}${VNET_CLOCK+x}${VNET_PROFILE+x}" ] && echo "no variable is left"
command -v deactivate vnet_deactivate _vnet_keep tee | grep -v / || echo "no function is left"
set | grep -a '^_vnet' || echo "no helper is left"
echo 3 > "$WORK/file" && echo "redirections work"
END
cat > "$work/expected" << 'END'
activated
ip is first
state is set
prompt is marked
sudo runs ip
su did nothing
nmcli is refused
not twice
CLOBBER
drwx------
deactivated
folder is gone
all is back
no variable is left
no function is left
no helper is left
redirections work
END
if [ -n "$root" ]; then sed -i 's/CLOBBER/1/' "$work/expected"; else sed -i 's/CLOBBER/2/' "$work/expected"; fi

for shell in bash dash zsh; do
    if ! command -v $shell > /dev/null; then
        ok "$shell # SKIP not installed"
        continue
    fi
    rm -f "$work/state.json" "$work/file"
    env -u VNET_CLOCK -u VNET_STATE BIN="$build" WORK="$work" ROOT=$root $shell "$work/session" \
        < /dev/null > "$work/out" 2> "$work/err"
    if diff "$work/expected" "$work/out" > "$work/diff"; then ok "$shell: a session"; else
        not_ok "$shell: a session"
        sed 's/^/# /' "$work/diff" "$work/err"
    fi
done

# ---- the host stays as it is ----

enter=
for try in "unshare -n" "unshare -Urn"; do
    if $try true 2> /dev/null; then enter=$try && break; fi
done
for shell in bash dash zsh; do
    if [ -z "$enter" ] || ! command -v ip > /dev/null || ! command -v $shell > /dev/null; then
        ok "$shell: the tutorial as root # SKIP no namespace, no ip or no $shell here"
        continue
    fi
    rm -f "$VNET_STATE"
    if $enter bash "$0" --paste $shell examples/veth-tutorial.txt "$work" > "$work/out" 2>&1; then
        ok "$shell: the tutorial as root leaves the host alone"
    else
        not_ok "$shell: the tutorial as root leaves the host alone"
        sed 's/^/# /' "$work/out"
    fi
    check "$shell: it was vnet's tools that ran" grep -q 'veth0@veth1' "$work/pasted"
    [ $shell = dash ] || check "$shell: output pasted with commands makes no file" test ! -e "$work/stray"
    [ $shell = dash ] || check "$shell: commands make theirs" test -e "$work/wanted" -a -e "$work/wanted2"
    rm -f "$work/stray" "$work/wanted" "$work/wanted2"
    check "$shell: a write to /proc/sys was refused" grep -q 'proc/sys/net/ipv4/conf/all/rp_filter' "$work/pasted"
done

# ---- completion in zsh ----

if command -v zsh > /dev/null; then
    cat > "$work/complete.zsh" << 'END'
autoload -Uz compinit; compinit -D -u
compdef _files ip
eval "$(vnet activate "$@")" 2> /dev/null
ip link add zveth0 type veth peer name zveth1
compadd() { print -l -- $found }
words=(ip link set zve) CURRENT=4 PREFIX=zve; _vnet_complete
words=(ip addre) CURRENT=2 PREFIX=addre; _vnet_complete
print ${_comps[ping]}
vnet_deactivate
print ${_comps[ip]}; whence -w _vnet_complete
END
    rm -f "$VNET_STATE"
    # shellcheck disable=SC2086 # empty: no word
    out=$(PATH=$build:$PATH HOME=$work zsh -f "$work/complete.zsh" $root | sort | tr '\n' ' ')
    check "zsh: words complete, and what completed before is put back" \
        test "$out" = "_files _vnet_complete _vnet_complete: none address zveth0 zveth1 "
else
    ok "zsh: completion # SKIP no zsh here"
fi

# ---- refusals ----

if [ -n "$root" ]; then
    out=$("$build/vnet" activate 2> "$work/err")
    check "not as root without --i-am-root" test $? = 1
    check "the eval fails" test "$out" = false
    check "and it says why" grep -q -- "--i-am-root" "$work/err"
fi
chmod 777 "$work/run"
# shellcheck disable=SC2086 # empty: no word
folder=$(TMPDIR=$work "$build/vnet" activate $root 2> "$work/err" | sed -n "s/^VNET_ACTIVE='\(.*\)'$/\1/p")
check "a folder that anybody can rename in is passed over" test "${folder%-*}" = "$work/vnet-activate"
check "no folder is left behind" test -z "$(ls "$work/run")"
finish

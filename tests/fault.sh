#!/bin/bash
# At the prompt a complaint of a tool is followed by the command with a mark under the word that it is about, and by the
# word that was meant; the complaint itself is the real one, and in pipes, files and scripts it is all there is.
. "$(dirname "$0")/lib.sh"
start fault
here=$(dirname "$0")
if ! command -v python3 > /dev/null; then echo "skipped: no python3"; echo "0 passed, 0 failed, 1 skipped"; exit 0; fi
vnet init --preset host --force
ip link add veth0 type veth peer name veth1
ip link add br0 type bridge
ip netns add red
ip link set veth0 up
ip link set veth1 up

# COMMAND, its complaint (first line), the mark and what is said beside it
cat > "$work/cases" << 'END'
ip lnk
Object "lnk" is unknown, try "ip help".
   ^~~ did you mean link?
ip -n red adr
Object "adr" is unknown, try "ip help".
          ^~~ did you mean address?
ip link sett veth0 up
Command "sett" is unknown, try "ip link help".
        ^~~~ did you mean set?
ip link set vethO up
Cannot find device "vethO"
            ^~~~~ did you mean veth0?
ip link set veth0 pu
Error: either "dev" is duplicate, or "pu" is a garbage.
                  ^~ did you mean up?
ip addr add 10.0.0.1/33 dev veth0
Error: any valid prefix is expected rather than "10.0.0.1/33".
            ^~~~~~~~~~~
ip addr add 10.0.0.1/24 dev
Command line is not complete. Try option "help"
                            ^ something is missing here: ? tells what
ip netns exec red ip link set lp up
Cannot find device "lp"
            ^~ did you mean lo?
ip netns exec rde ip link
Cannot open network namespace "rde": No such file or directory
              ^~~ did you mean red?
ip link add x type vteh
Error: Unknown device type.
                   ^~~~ did you mean veth?
ip route add default vai 1.1.1.1
Error: either "to" is duplicate, or "vai" is a garbage.
                     ^~~ did you mean via?
ping -I vteh0 1.1.1.1
ping: SO_BINDTODEVICE vteh0: No such device
        ^~~~~ did you mean veth0?
ping -qZ 1.1.1.1
ping: invalid option -- 'Z'
       ^
sysctl -w net.ipv4.ip_foward=1
sysctl: cannot stat /proc/sys/net/ipv4/ip_foward: No such file or directory
          ^~~~~~~~~~~~~~~~~~~~ did you mean net.ipv4.ip_forward?
tcpdump -i vethO
tcpdump: vethO: No such device exists
           ^~~~~ did you mean veth0?
tcpdump -i veth0 icmpp
tcpdump: can't parse filter expression: syntax error
                 ^~~~~ did you mean icmp?
route add -net 10.0.0.0/8 dev vethO
SIOCADDRT: No such device
                              ^~~~~ did you mean veth0?
route add -net 10.0.0.0/8 gw nowhere
nowhere: Unknown host
                             ^~~~~~~
ip link set dev veth0 mtu 1
Error: mtu less than device minimum.
                          ^
brctl addfi br0 veth0
never heard of command [addfi]
      ^~~~~ did you mean addif?
brctl addif br9 veth0
bridge br9 does not exist!
            ^~~ did you mean br0?
bridge fbd show
Object "fbd" is unknown, try "bridge help".
       ^~~ did you mean fdb?
ifconfig vethO up
vethO: ERROR while getting interface flags: No such device
         ^~~~~ did you mean veth0?
END
{
    sed -n '1~3p' "$work/cases"
    printf '%s\n' 'ip lnk | cat' 'ip lnk 2>&1 | cat' 'ip lnk 2> f' 'cat f' 'pign 1.1.1.1' 'echo ip lnk > s; . s; sh s' 'ip link show veth0 | grep nothing' \
        'ip link add veth0 type dummy' exit
} > "$work/keys"
PATH=$real_path "$here/terminal.py" "$build/vnet" < "$work/keys" > "$work/screen"

# The lines between a command and the next prompt.
answer() { awk -v command="[vnet] # $1" '/^\[vnet\] # / { on = $0 == command; next } on' "$work/screen"; }
while IFS= read -r command && IFS= read -r complaint && IFS= read -r mark; do
    answer "$command" | grep . > "$work/answer"
    if grep -qxF -- "$complaint" "$work/answer" && [ "$(tail -n 1 "$work/answer")" = "    $mark" ]; then ok "$command"; else
        not_ok "$command"
        sed 's/^/# /' "$work/answer"
    fi
    PATH=$real_path "$build/vnet" sh -c "$command" > "$work/plain" 2>&1
    if grep -q '\^' "$work/plain" || ! grep -qxF -- "$complaint" "$work/plain"; then not_ok "in a script: $command"; fi
done < "$work/cases"
check "no mark in a pipe" test "$(answer 'ip lnk | cat' | grep .)" = 'Object "lnk" is unknown, try "ip help".'
check "nor in its end" test "$(answer 'ip lnk 2>&1 | cat' | grep .)" = 'Object "lnk" is unknown, try "ip help".'
check "nor in a file" test "$(answer 'cat f' | grep .)" = 'Object "lnk" is unknown, try "ip help".'
check "a command that is none" grep -qxF "vnet: did you mean ping?" "$work/screen"
check "no mark where the tables have no fault" test -z "$(answer 'ip link show veth0 | grep nothing' | grep .)"
check "nor where the kernel refuses" test "$(answer 'ip link add veth0 type dummy' | grep -c '\^')" = 0
finish

#!/bin/bash
# A full disk, a read-only folder, a truncated, hostile or future state file: a clear error that names
# the file, exit status 1, the old file untouched.
. "$(dirname "$0")/lib.sh"
start badfile
cp "$work/state.json" "$work/good"

# refuses TEXT WORDS: a changing and a reading command both fail, saying WORDS and the file's name
refuses() {
    cp "$VNET_STATE" "$work/before"
    for command in "ip link set lo mtu 1400" "ip link show"; do
        $command > "$work/out" 2> "$work/err"
        status=$?
        if [ $status = 0 ] || [ -s "$work/out" ] || ! grep -qF "$2" "$work/err" ||
            ! grep -qF "$VNET_STATE" "$work/err" || ! cmp -s "$VNET_STATE" "$work/before"; then
            not_ok "$1: $command"
            sed 's/^/# /' "$work/err"
            return
        fi
    done
    ok "$1"
}

head -c 200 "$work/good" > "$VNET_STATE"
refuses "truncated" "line "
: > "$VNET_STATE"
refuses "empty" "ends too early"
sed 's/"vnet":[0-9]*/"vnet":99/' "$work/good" > "$VNET_STATE"
refuses "future version" "newer vnet (format 99"
sed 's/"ifindex":1/"ifindex":-1/' "$work/good" > "$VNET_STATE"
refuses "hostile value" "netns[0].links[0].ifindex: must be"
sed 's/"clock":[0-9]*/"clock":"now"/' "$work/good" > "$VNET_STATE"
refuses "wrong type" "clock: must be an integer"
sed 's/"vnet":[0-9]*/&,"surprise":1/' "$work/good" > "$VNET_STATE"
refuses "unknown key" "surprise: is not known"
sed 's/"netns":\[/"recorder":{"next":1,"last_traffic":0,"segment":1,"committed":0,"devices":[["\\u001b[2J",1,1,1]]},"netns":[/' \
    "$work/good" > "$VNET_STATE"
refuses "escape sequence in a recorded device's name" "recorder.devices[0]: must begin with a device's name"
sed '0,/"name":""/s//"name":"","snmp":{"Ip":{"InReceives":-1}}/' "$work/good" > "$VNET_STATE"
refuses "negative counter" "netns[0].snmp.Ip.InReceives: must be an integer from 0"
sed '0,/"name":""/s//"name":"","snmp":{"IcmpMsg":{"InType256":1}}/' "$work/good" > "$VNET_STATE"
refuses "counter that is none" "netns[0].snmp.IcmpMsg.InType256: is no counter"
sed '0,/"name":""/s//"name":"","snmp":{"Tcp":{}}/' "$work/good" > "$VNET_STATE"
refuses "table of counters that is none" "netns[0].snmp.Tcp: is no table"
sed 's/"vnet":[0-9]*/&,"nstat":{"a\\u001bb":1}/' "$work/good" > "$VNET_STATE"
refuses "escape sequence in nstat's history" "nstat: must have names of counters only"
sed 's/"vnet":[0-9]*/&,"klog":{"next":0,"lines":[[1,4,"x"]]}/' "$work/good" > "$VNET_STATE"
refuses "more lines of the log than were logged" "klog.next: must be 2^63-1 at most, and no less than there are lines"
sed 's/"vnet":[0-9]*/&,"klog":{"next":1,"lines":[[1,8,"x"]]}/' "$work/good" > "$VNET_STATE"
refuses "a level that is none" "klog.lines[0]: must be [time, level, text]"
sed 's/"vnet":[0-9]*/&,"klog":{"next":1,"lines":[[1,4,"\\u001b[2J"]]}/' "$work/good" > "$VNET_STATE"
refuses "escape sequence in the log" "klog.lines[0]: must have a text of at most 200 bytes, no control ones"
sed 's/"vnet":[0-9]*/&,"klog":{"net":[-5,1,1]}/' "$work/good" > "$VNET_STATE"
refuses "a log's limit that is none" "klog.net: must be [time, number, number]"
printf '{"vnet":1,"\\u001b[2J":1}' > "$VNET_STATE"
refuses "escape sequence in a key" "?[2J: is not known"

# A disk that is full: every write of file content fails beyond the limit.
cp "$work/good" "$VNET_STATE"
cp "$VNET_STATE" "$work/before"
if [ "${CHECKER:-}" = valgrind ]; then
    ok "full disk # SKIP valgrind could not write either"
else
    (
        trap '' XFSZ
        ulimit -f 0
        ip link set lo mtu 1400 2>&1
    ) | cat > "$work/err" # its own output would not get through
    check "full disk: fails" test "${PIPESTATUS[0]}" != 0
    check "full disk: says so" grep -q "^vnet: cannot write .*$work/state.json" "$work/err"
    check "full disk: the file is as before" cmp -s "$VNET_STATE" "$work/before"
    check "full disk: leaves nothing behind" test ! -e "$VNET_STATE.new"
fi
check "afterwards it works" ip link set lo mtu 1400

# A folder that cannot be written; root can write everywhere, so it gives that up if it can.
mkdir "$work/folder"
cp "$work/good" "$work/folder/state.json"
: > "$work/folder/state.json.lock"
chmod 666 "$work/folder"/*
chmod 555 "$work/folder"
chmod 755 "$work"
unprivileged=
if [ "$(id -u)" = 0 ]; then
    unprivileged="setpriv --reuid 65534 --regid 65534 --clear-groups"
    rm "$work/bin/ip"
    cp "$build/vnet" "$work/bin/ip" # where others may come
fi
if ! $unprivileged test -x "$work/bin/ip" 2> /dev/null; then
    ok "read-only folder # SKIP root cannot become someone else here (setpriv of util-linux)"
else
    export VNET_STATE=$work/folder/state.json
    $unprivileged "$work/bin/ip" link set lo mtu 1400 > "$work/out" 2> "$work/err"
    check "read-only folder: fails" test $? != 0
    check "read-only folder: says so" \
        grep -q "^vnet: cannot write $work/folder/state.json.*: Permission denied" "$work/err"
    check "read-only folder: the file is as before" cmp -s "$VNET_STATE" "$work/good"
    $unprivileged "$work/bin/ip" link show > "$work/out"
    check "read-only folder: reading works" grep -q "^1: lo:" "$work/out"
fi
chmod 755 "$work/folder" # to be removed
finish

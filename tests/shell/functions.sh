# local, trap, getopts
f() { local x=inner y; x=$x-changed; y=1; g; echo "f: $x"; }
g() { echo "g sees $x"; x=from-g; }
x=outer
f
echo "outside: $x, y is ${y-unset}"
r() { local n=$1; if [ $n -gt 0 ]; then r $((n - 1)); fi; echo "r $n"; }
r 3
h() { local x; echo "h: [${x}]"; unset x; x=5; echo "h: $x"; }
h
echo "$x"
k() { local a=1 b=2 c; c=$((a + b)); echo $c; return 7; }
k; echo "status $?"

parse() {
    OPTIND=1
    while getopts "ab:c" option; do
        case $option in
        a) echo "a" ;;
        b) echo "b with $OPTARG" ;;
        c) echo "c" ;;
        \?) echo "what?" ;;
        esac
    done
    shift $((OPTIND - 1))
    echo "left: $*"
}
parse -a -b 5 -c one two
parse -ab5 -c -- -a
parse -cab five
parse one -a
parse -ac
parse
parse -x -a 2>/dev/null
parse -b 2>/dev/null
while getopts ":q:" o -q 1 -z -q; do echo "$o ${OPTARG-none} $OPTIND"; done
echo "end $o $OPTIND"

(trap 'echo bye' EXIT; echo in)
(trap 'echo status $?' EXIT; exit 3); echo "then $?"
(trap 'exit 4' EXIT; exit 3); echo "then $?"
(trap 'echo never' EXIT; trap - EXIT; echo quiet)
(trap "echo 'a b'" EXIT INT; trap)
trap 'echo int; x=trapped' INT TERM
trap
trap - INT TERM
trap
(stop=; for i in {1..3000}; do :; done; trap 'echo got TERM; stop=1' TERM; while [ -z "$stop" ]; do sleep 1; done; echo after) &
sleep 2; kill $!; wait $!; echo "waited $?"
trap 'echo me, too' TERM
kill $$; echo "killed $?"
trap - TERM
trap 'echo last; echo "the end: $?"' EXIT
false

# Builtins.
echo -n no newline; echo; echo -e 'a\tb\\n\x41\0102'; echo -E 'a\tb'; echo -ne 'x\n'; echo -z -n; echo -e 'cut\chere'; echo
printf '%s %5s|%-5s|%05d %x %o %c %%\n' a b c 42 255 8 xyz
printf '%s\n' one two three; printf '%d-%d\n' 1 2 3; printf 'no args\n'; printf '%b' 'tab\there\n'; printf '%.3s|%5.1s|\n' abcdef xyz
printf '%d\n' 0x10 010 "'A" abc; echo $?
printf '%s' ; printf '\n%i %u\n' -5 5; printf '%*d\n' 6 42
test 1 -eq 1; echo $?; test a = b; echo $?; [ 5 -gt 10 ]; echo $?; [ -z "" ]; echo $?; [ -n "" ]; echo $?
[ a ]; echo $?; [ "" ]; echo $?; [ ! a ]; echo $?; [ ! "" ]; echo $?; [ ]; echo $?
[ a = a -a b = b ]; echo $?; [ a = b -o b = b ]; echo $?; [ \( a = b -o c = c \) -a d = d ]; echo $?
[ 1 -le 2 ] && [ 2 -ge 2 ] && [ 1 -ne 2 ] && [ 1 -lt 2 ] && echo compare; [ a != b ] && echo differ; [ a \< b ] && echo less
[ x -eq 1 ]; echo $?; [ 1 -eq ]; echo $?; [ a = b; echo $?; [ a b c ]; echo $?
true; echo $?; false; echo $?; :; echo $?
x=1; export x y=2; echo $x $y; unset x; echo ${x-unset} $y; readonly r=5; echo $r; r=6; echo "still $r"
set a b c; echo $# $3; shift; echo $1 $#; shift 5; echo $?; set --; echo $#
set -- -a -b; echo $1; shift $#; echo $#
type true echo cd; type nosuch_x; echo $?
command -v echo; command echo plain; command -v nosuch_x; echo $?
eval echo '$((' 1 + 1 '))'; eval; echo $?
f() { return; }; false; f; echo $?
wait; echo $?; jobs; kill -0 $$ 2>/dev/null; break; echo $?
return 2>/dev/null; echo $?
exit_in_sub=$(exit 3; echo no); echo $? "$exit_in_sub"
set -x; echo traced "a b" '$x' ''; y=7; z='a b'; set +x
set -u; echo ${undefined-ok}; (echo $undefined); echo after; set +u
(set -e; false; echo no); echo $?
(set -e; if false; then :; fi; false || true; ! true; echo passed; (exit 4); echo no); echo $?
set -e; false || echo caught; true && echo fine; set +e
x=global; f() { x=changed; }; f; echo $x; x=g; (f); echo $x; y=$(f; echo $x); echo $x $y
seq 3; seq 2 4; seq 1 2 7; seq 3 1; seq -s, 3; seq 5 -2 1
cd /tmp; pwd; cd; cd /tmp; echo $PWD; cd ..; pwd
echo $0 | sed -e 's,.*/,,'
{ sleep 0; echo bg; } & wait $!; echo waited $?
(exit 6) & wait $!; echo $?
sleep 0 & wait; echo $?
false & p=$!; wait $p; echo $?
[ "$(jobs -p)" = "$(jobs -p)" ]; while :; do sleep 1; done & p=$!; [ "$(jobs -p)" = $p ]; echo $?; kill $(jobs -p); wait $p 2>/dev/null; echo $?
echo "echo one; echo two" | bash
printf 'read x; echo "got $x"\nhello\necho end\n' | bash
printf 'echo a\nexit 4\necho b\n' | bash; echo $?
echo 'echo $# $1' | bash -s p q
bash <<'END'
for i in 1 2; do
    echo "in $i"
done
END
(echo 'echo last'; echo 'false') | bash; echo $?
exit

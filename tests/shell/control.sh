# Lists, pipelines, compound commands, functions.
true && echo and || echo no
false && echo no || echo or
false || true && echo left-to-right
! true; echo $?; ! false; echo $?
if true; then echo t; fi
if false; then echo no; elif true; then echo elif; else echo no; fi
if false; then :; else echo else; fi; echo $?
if false; then :; fi; echo $?
for i in a b c; do
    [ $i = b ] && continue
    echo $i
done
for i in 1 2 3; do for j in x y; do if [ $j = y ]; then continue 2; fi; echo $i$j; done; done
for i in 1 2 3; do for j in x y; do if [ $i = 2 ]; then break 2; fi; echo $i$j; done; done
n=0; while [ $n -lt 3 ]; do n=$((n+1)); echo n$n; done
until [ $n -eq 0 ]; do n=$((n-1)); done; echo $n
while true; do break; done; echo $?
for i in; do echo never; done; echo empty $?
case x.txt in *.c) echo c;; *.txt|*.md) echo text;; *) echo other;; esac
case abc in a?c) echo one;; esac
case '[' in '[') echo bracket;; esac
case b in [a-c]) echo class;; esac
case zz in (aa) echo;; (zz) echo paren;; esac
case none in a) echo;; esac; echo $?
f() { echo "in f: $1 $#"; return 4; }
f a b; echo $?
g() { local_x=1; f "$@"; }; g q; echo $? $local_x
h() (
    z=inner
    echo $z
)
z=outer; h; echo $z
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(($1 - 1))) )); fi; }
fact 6
set -- top; f inner >/dev/null; echo $1
(echo sub; exit 3); echo $?
{ echo group; false; }; echo $?
x=1; (x=2; echo $x); echo $x
x=1; { x=2; }; echo $x
echo a | { read v; echo "got $v"; }
echo x | cat | cat | tr x y
printf '3\n1\n2\n' | sort | head -1
false | true; echo $?; true | false; echo $?
! false | false; echo $?
(exit 5) | true; echo $?
set -o pipefail; false | true; echo $?; set +o pipefail
if ! false; then echo negated; fi
while read a b; do echo "$b-$a"; done <<END
1 2
3 4 5
END
echo one; echo two; { echo three; } ; (echo four)
for i in 1 2; do echo $i; done | while read k; do echo "k=$k"; done
if [ -n "x" ] && [ 3 -gt 2 ]; then echo both; fi
v=$(for i in 1 2; do echo $i; done); echo $v
eval 'echo eval "a  b"'; eval x=7 'echo $x'
a=1 b=2; echo $a $b; a=3 eval 'echo $a'; echo $a
: ; true; echo $?; false; echo $?
nosuch 2>/dev/null; echo $?
nosuch_command arg; echo $?
unset -f f; f 2>/dev/null; echo $?
echo end
exit 9

# Redirections and here-documents.
cd /tmp
rm -f vs.a vs.b vs.c
echo one > vs.a; cat vs.a
echo two >> vs.a; cat < vs.a
echo three > vs.b > vs.c; cat vs.b vs.c
cat vs.none; echo $?
cat < vs.none; echo $?
{ echo out; echo err >&2; } > vs.b 2> vs.c; cat vs.c vs.b
{ echo out; echo err >&2; } > vs.b 2>&1; cat vs.b
{ echo out; echo err >&2; } &> vs.b; cat vs.b
{ echo out; echo err >&2; } 2>&1 | sort
echo gone > /dev/null
echo lost 2>/dev/null; nosuch 2>/dev/null
cat <<EOT
plain $((1+1)) $(echo sub) \$x `echo bq`
  indented "quotes" 'single'
EOT
cat <<'EOT'
raw $((1+1)) $(echo sub) \$x
EOT
cat <<-EOT
	tabs
		gone
	EOT
cat <<A; cat <<B
first
A
second
B
cat <<E | tr a-z A-Z
shout
E
x=$(cat <<E
in substitution
E
); echo "$x"
while read l; do echo "<$l>"; done < vs.a
while read -r a b; do echo "$b/$a"; done <<E
x \y z
p q
E
read v < vs.a; echo $v
read a b c <<E
1 2 3 4 5
E
echo "$a|$b|$c"
read -r line <<E
  spaces  kept? 
E
echo "[$line]"
IFS= read -r line <<E
  spaces  kept
E
echo "[$line]"
read none < /dev/null; echo $?
exec 3> vs.c; echo to3 >&3; echo again >&3; exec 3>&-; cat vs.c
exec 4< vs.a; read p <&4; read q <&4; echo $p $q; exec 4<&-
echo text | cat - vs.a
cat vs.a | while read l; do echo "r:$l"; done
[ -f vs.a ] && echo file; [ -e vs.none ] || echo none; [ -d /tmp ] && echo dir; [ -s vs.a ] && echo size
: > vs.b; [ -s vs.b ] || echo empty
for f in vs.*; do echo "glob $f"; done
echo vs.[ab] vs.? "vs.*" nomatch.*
echo a > vs.b; (echo b; echo c) >> vs.b; cat vs.b
if true; then echo inside; fi > vs.b; cat vs.b
f() { echo fn; echo fe >&2; }; f > vs.b 2>&1; cat vs.b
echo hi | tee vs.b | tr h H; cat vs.b; echo more | tee -a vs.b > /dev/null; cat vs.b
pwd; cd /; pwd; cd - > /dev/null; pwd; cd /nonexistent; echo $?
. /tmp/vs.none; echo $?
echo 'echo sourced $1 $v; return 3; echo no' > vs.b; . /tmp/vs.b; echo $?
rm vs.none; echo $?
echo a > vs.b; cat vs.b >> vs.b; echo $?; (cat vs.b) >> vs.b; cat < vs.b >> vs.b; echo $?; cat vs.b
: > vs.b; cat vs.b >> vs.b; echo $?
echo a > vs.b; echo c > vs.c; cat vs.c vs.b vs.c >> vs.b; echo $?; cat vs.b
echo a > vs.b; { read x; cat; } < vs.b >> vs.b; echo $?
printf 'a\nb\n' > vs.b; { read x; cat; } < vs.b >> vs.b; echo $?
{ echo xxxx; cat vs.b; } > vs.b; cat vs.b
for o in '' -q -l -c -m1 -m2 -s -v; do echo a > vs.b; grep $o a vs.b >> vs.b; echo $o $?; cat vs.b; done
echo a > vs.b; grep a < vs.b >> vs.b; echo $?; grep a vs.b vs.none vs.b >> vs.b; echo $?
rm -f vs.a vs.b vs.c vs.none; echo $?
echo x > /nosuch/vs.a; echo $?; cat /nosuch/vs.a; echo $?

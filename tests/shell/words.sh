# Quoting, expansion, field splitting.
echo a   b 'c  d' "e  f" g\ h
echo 'single $x `y` \n' "double \$x \`y\` \\ \n"
echo "it's" 'say "hi"' a'b'"c"d
x=5; y='two words'; empty=
echo $x "$y" $y ${y} "${x}th" $unset. "$unset" .
printf '<%s>' $y "$y" $empty "$empty" ''; echo
echo ${x:-d} ${unset:-d} ${empty:-d} ${empty-d} ${unset-d} ${unset:+s} ${x:+s} ${empty+s}
echo ${new:=value} $new ${#y} ${#unset}
path=/usr/local/lib/file.tar.gz
echo ${path#*/} ${path##*/} ${path%.*} ${path%%.*} ${path%/*}
echo "${path##*/}" "${unset:-"a b"}" "${unset:-'q'}" ${unset:-'q r'}
printf '<%s>' ${unset:-a b} "${unset:-a b}"; echo
for w in "" a "b c"; do printf '[%s]' "$w"; done; echo
set -- one "two three" '' four
echo $# "$1" "$2"; printf '<%s>' "$@"; echo; printf '<%s>' "$*"; echo
printf '<%s>' $@; echo; printf '<%s>' x"$@"y; echo; shift 2; echo $# $1.
IFS=:; v=a:b::c; printf '<%s>' $v; echo; printf '<%s>' "$*"; echo
IFS=' :'; v=' a : b:c '; printf '<%s>' $v; echo
IFS='
'; v='l1
l2 x'; printf '<%s>' $v; echo; unset IFS
set --; printf '<%s>' "$@"; echo; printf '<%s>' "" "$@"; echo
echo ~ | grep -c '^/'; echo a~b "~"
echo $((1 + 2 * 3)) $(( (1+2)*3 )) $((7/2)) $((7%3)) $((1<<4)) $((5>3)) $((!5)) $((~0)) $((-3))
i=3; echo $((i++)) $i $((++i)) $((i+=5)) $((i*=2)) $i $((i==18?1:2)) $((0x1f)) $((010)) $((2**10))
echo $((a=4, a+1)) $a $((1&&0)) $((1||0)) $((0&&(b=1))) ${b-unset} $((3!=4)) $((6&3)) $((6|3)) $((6^3))
echo "$((x+1))" $(( $x + x )) $(($(echo 4)+1))
echo "a#b" a#b # comment
echo \# '#' "#"
echo one \
  two
echo "line \
joined" 'not \
joined'
echo `echo bq \`echo nested\`` "`echo "q q"`"
echo "$(echo "inner  quotes" 'x')" $(printf 'a\nb\n') "$(printf 'a\nb\n\n\n')"
echo "$(echo '*' \*)" "*" '*' \*
echo {} {a} a{b "{c,d}" {a,b} x{1..3}y {3..1} {a..e..2} {01..03} {1,{2,3}}{a,b} '{x,y}' {a,} {,} \{a,b} {$x} {1..2}"$x" {q
for i in {1..3}; do echo $i; done; v={a,b}; echo $v
e=$(false); echo $? "$e"; e=$(exit 7); echo $?
echo $(( $(printf 5) * 2 )) "${x}" ${x}y $x-y "$x"y
echo "${x:+"$y"}" ${x:+$y}
case $y in "two words") echo quoted match;; esac
q='*'; case abc in $q) echo pattern;; esac; case abc in "$q") echo no;; *) echo literal;; esac

# The filters against the real ones.
cd /tmp
printf 'apple 3\nbanana 1\nCherry 2\napple 3\n\ndate 10\n' > vs.t
grep an vs.t; grep -c p vs.t; grep -n e vs.t; grep -v a vs.t; grep -i cherry vs.t; grep -o 'a[np]' vs.t
grep -E 'apple|date' vs.t; grep -w 1 vs.t; grep -x 'date 10' vs.t; grep -F '3' vs.t; grep -q banana vs.t; echo $?; grep nothing vs.t; echo $?
grep -A1 banana vs.t; grep -B1 Cherry vs.t; grep -C1 -n Cherry vs.t; grep -m1 apple vs.t; grep -e date -e banana vs.t; grep -l apple vs.t
grep apple vs.t vs.none; echo $?; cat vs.t | grep -c ''; grep -in 'A.*3$' vs.t; grep '^$' vs.t; grep -vE '^$|apple' vs.t; grep -H date vs.t; grep -h date vs.t vs.t
egrep 'a{1}p+' vs.t; fgrep 'a.p' vs.t; echo $?; grep -on 'p' vs.t | head -3; grep -o -i 'AP*' vs.t
echo 'a.b' | grep 'a\.b'; echo word-bound | grep -ow bound; printf 'no newline' | grep -c line
head -2 vs.t; head -n 1 vs.t; head -c 5 vs.t; echo; tail -1 vs.t; tail -n 2 vs.t; tail -n +5 vs.t; head -n -4 vs.t; head -1 vs.t vs.t; seq 20 | head; seq 20 | tail -3; seq 3 | tail -n +2
wc vs.t; wc -l vs.t; wc -l < vs.t; wc -w vs.t; wc -c < vs.t; cat vs.t | wc; wc -lc vs.t; wc -l vs.t vs.t; echo hi | wc -c
sort vs.t; sort -r vs.t; sort -u vs.t; sort -k2 -n vs.t; sort -t' ' -k2,2nr vs.t; printf '10\n9\n-1\n' | sort -n; printf 'b\nA\na\nB\n' | sort -f; printf 'x:3\ny:1\n' | sort -t: -k2
uniq vs.t; sort vs.t | uniq -c; sort vs.t | uniq -d; sort vs.t | uniq -u
cut -d' ' -f1 vs.t; cut -d' ' -f2 vs.t; cut -c1-3 vs.t; cut -c2- vs.t; echo a:b:c:d | cut -d: -f2,4; echo a:b:c:d | cut -d: -f2-; echo nodelim | cut -d: -f1; echo nodelim | cut -s -d: -f1; echo abcdef | cut -b 2,4
echo hello | tr a-z A-Z; echo hello | tr -d l; echo aabbcc | tr -s a-c; echo 'a b  c' | tr -s ' ' '\n'; echo abc123 | tr -cd '0-9'; echo; echo hello | tr '[:lower:]' '[:upper:]'; echo a/b | tr / _
cat -n vs.t; cat vs.t vs.none; echo $?; echo in | cat; echo x | tee vs.u; cat vs.u; printf 'no newline' | cat; echo
sed 's/a/X/' vs.t; sed 's/a/X/g' vs.t; sed -n 2p vs.t; sed 2d vs.t; sed '/apple/d' vs.t; sed -n '/b/p' vs.t; sed 's,\([a-z]*\) \([0-9]*\),\2 \1,' vs.t; echo abc | sed 's/b/[&]/'; sed -E 's/(an)+/<&>/' vs.t
sed -e 's/a/1/' -e 's/p/2/' vs.t; sed '2,3d' vs.t; sed '$d' vs.t; sed -n '$p' vs.t; sed 1q vs.t; sed 's/A/z/I' vs.t; sed -n 's/apple/APPLE/p' vs.t; echo aaa | sed 's/a/b/2'; sed '/^$/d; s/e/E/' vs.t; sed -n '/banana/,/apple/p' vs.t; sed '2!d' vs.t
cat vs.t | grep a | sort -r | head -2 | wc -l
rm -f vs.t vs.u

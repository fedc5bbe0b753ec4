alias a='b ' b='c; a'
a x
trap 'echo $?; trap' EXIT INT
f() { local x=1 y; getopts ab: o -b; unset x; }; f; f
alias
unalias a
(trap 'exit 3' EXIT)

# Plays the script $SCRIPT, a command a line, in one bash. Standard output of all goes to $OUT.1, standard error to
# $OUT.2, each command's part ended by a line of a record separator (and, in $OUT.1, the exit status and the time).
# In the file $PAUSES, if there is one, stands for each command what to sleep before it.
export LC_ALL=C TZ=UTC
cd "$(mktemp -d)" || exit 1
exec 3>>"$OUT.1" 4>>"$OUT.2" 9<"$SCRIPT" 8<"${PAUSES:-/dev/null}"
while IFS= read -r line <&9; do
    read -r pause <&8 && [ "$pause" != 0 ] && sleep "$pause" 8<&- 9<&-
    eval "$line" >&3 2>&4 </dev/null 3>&- 4>&- 8<&- 9<&-
    rc=$?
    printf '\036%d %s\n' $rc "$EPOCHREALTIME" >&3
    printf '\036\n' >&4
done
for p in $(jobs -p); do kill "$p"; done 2>/dev/null
wait 2>/dev/null
rm -rf "$PWD"

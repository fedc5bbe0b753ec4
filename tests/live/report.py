"""Count, group, print."""
import re

VOLATILE = (
    (r"\b[0-9a-f]{2}(:[0-9a-f]{2}){3,}\b", "MAC"), (r"\b\d+\.\d+\.\d+\.\d+(/\d+)?", "IP"), (r"\b[0-9a-f]*:[0-9a-f]*:[0-9a-f:]*(/\d+)?", "IP6"),
    (r"\b(v\d|east|west|br\d|lan|wan|lo|nodev|eth0|uplink)(:\w+)?\b", "DEV"), (r"\b0x[0-9a-f]+\b", "N"), (r"-?\b\d+(ms|sec|s)?\b", "N"),
)


def plain(text):
    for pattern, name in VOLATILE:
        text = re.sub(pattern, name, text)
    return re.sub(r"\s+", " ", text)[:110].strip()


def subject(command):
    tool = [w for w in command.split() if not w.startswith("-")]
    return " ".join(tool[:2]) if tool[:1] == ["ip"] else " ".join(tool[:1])


def kind(command, difference):
    """What two differences have in common that are of one kind."""
    minus = next((l for l in difference if l.startswith("- ")), "-")
    plus = next((l for l in difference if l.startswith("+ ")), "+")
    return f"{plain(minus)} | {plain(plus)}"


class Tally:
    def __init__(self):
        self.scripts = self.commands = self.different = self.noise = self.settled = self.broken = 0
        self.kinds = {}  # kind: [count, how often it is a script's first, an example (seed, lines up to the command, difference)]

    def add(self, seed, lines, found, noisy):
        """found: the differences of vnet from the kernel; noisy: numbers of commands where the kernel differs from itself"""
        self.scripts += 1
        self.commands += sum(1 for l in lines if not l.startswith("sleep "))
        self.different += len(found)
        self.noise += len(noisy)
        own = {i: d for i, d in found.items() if i not in noisy}
        self.settled += len(own)
        self.broken += bool(own)
        for n, i in enumerate(sorted(own)):
            row = self.kinds.setdefault(kind(lines[i], own[i]), [0, 0, None])
            row[0] += 1
            row[1] += n == 0
            if row[2] is None or (n == 0 and len(row[2][1]) > i + 1):
                row[2] = (seed, lines[:i + 1], own[i])

    def ranked(self):
        return sorted(self.kinds.items(), key=lambda kv: (-kv[1][1], -kv[1][0]))


def percent(part, whole):
    return "%.3f%%" % (100.0 * part / whole if whole else 0)


def summary(t, machine, noise):
    lines = [f"{machine.name} ({machine.profile}): {t.scripts} scripts, {t.commands} commands, {t.commands - t.different} identical: "
             f"{percent(t.commands - t.different, t.commands)}"]
    if noise:
        lines += [f"  the kernel against itself: {t.noise} differ ({percent(t.noise, t.commands)}); these aside {t.settled} of vnet's differ, "
                  f"in {t.broken} scripts: {percent(t.commands - t.settled, t.commands)} identical"]
    return lines


def difference(row, shortest=None):
    count, first, (seed, lines, diff) = row
    out = [f"-- {count} times, {first} times the first of its script; seed {seed}"]
    out += ["    " + l for l in (shortest or [f"({len(lines) - 1} lines before)", lines[-1]])]
    return out + ["        " + l for l in diff if l[0] in "-+" or len(diff) < 8][:12]

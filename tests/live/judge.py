"""Is what two machines printed the same, up to values that differ between any two runs (build/tests/unify)?"""
import json
import os
import re
import subprocess
import tempfile


class Judge:
    def __init__(self, unify):
        self.unify = unify

    def differing(self, lines, expected, actual):
        """-> {number of the command: its difference as a list of lines}; of Outcomes of one script."""
        n = min(len(expected.status), len(actual.status), len(expected.err), len(actual.err), len(lines))
        out = self.ask(*("".join(transcript(lines, o, i) for i in range(n)) for o in (expected, actual)))
        found = {i: ["- (the script came to its end)", "+ (it did not)"] for i in range(n, len(lines))}
        current = None
        for line in out.splitlines():
            mark = re.match(r"@(\d+) # ", line)
            if mark:
                current = found.setdefault(int(mark.group(1)) - 1, [])
            elif current is not None and line[:2] in ("- ", "+ ", "  "):
                current.append(line)
        for i in range(n):
            if is_json(lines[i]):
                problem = compare_json(expected.out[i], actual.out[i])
                if problem:
                    found.setdefault(i, []).append(problem)
        return found

    def ask(self, expected, actual):
        with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as d:
            paths = [os.path.join(d, "e"), os.path.join(d, "a")]
            for path, text in zip(paths, (expected, actual)):
                with open(path, "w") as f:
                    f.write(text)
            return subprocess.run([self.unify, "-n", *paths], stdout=subprocess.PIPE, text=True, errors="replace", check=False).stdout


def transcript(lines, outcome, i):
    """Neighbours come in any order, of the lines of a listing unify knows: so each gets a line of its own."""
    text = outcome.transcript(lines, i)
    text = re.sub(r"(?m)^TS: \t\d+ absolute", "TS: \tN absolute", text)  # the time of day
    if "nt" in lines[i]: # ip ntable: drawn every five minutes
        text = re.sub(r'(\breachable"?:? )[1-9][0-9]*', r"\1N", text)
    if "ifconfig" in lines[i]:
        text = in_any_order(text, "        inet6 ")  # by a hash with a random seed
    elif re.match(r"(ip netns exec \w+ )?arp ", lines[i] + " "):
        text = in_any_order(text, "")  # as neighbours are
    return spread(text) if is_json(lines[i]) else text


def spread(text):
    """JSON's objects, a line each."""
    return re.sub(r'\},\{"dst"', '},\n{"dst"', text).replace("[{", "[\n{").replace("}]", "},\n]")


def in_any_order(text, start):
    """Lines that stand together and begin so, sorted."""
    out, run = [], []
    for line in text.splitlines(keepends=True) + [""]:
        if line and line.startswith(start):
            run.append(line)
            continue
        out += sorted(run) + [line]
        run = []
    return "".join(out)


def is_json(line):
    return re.match(r"(ip netns exec \w+ )?(ip|bridge) (-n(etns)? \w+ |-\S+ |inet6? )*-j", line) is not None and "-V" not in line


def read_json(text):
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        return ValueError


def shape(value):
    """What of an answer must be equal: numbers and text are compared by unify."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return sorted((shape(v) for v in value), key=json.dumps)  # neighbours come in any order
    return type(value).__name__


def compare_json(expected, actual):
    e, a = read_json(expected), read_json(actual)
    if a is ValueError and e is not ValueError:
        return "+ (this is no JSON)"
    if ValueError not in (e, a) and shape(e) != shape(a):
        return "+ (as JSON its keys or types differ)"
    return None

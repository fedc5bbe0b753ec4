"""What the engine says where it loses a packet, as its sources have it: {"lib/inet/arp.c: not a request", ...}.

A loss is told by a call of trace() with the verdict DROPPED, IGNORED or REFUSED. Its text is the call's format, cut at the first
variable part; where it is a variable, each text that the file hands to a parameter of that name, sets it to, or answers
from a function that answers with a reason."""

import glob
import re

STRING = r'"((?:[^"\\]|\\.)*)"'
FUNCTION = re.compile(r"^([A-Za-z_][\w ]*?[ *])(\w+)\(([^;{}]*)\)\s*\n\{(.*?)^\}", re.M | re.S)
NAMES = ("why", "text", "bad", "stays")  # of variables that hold the text
REASONS = re.compile(r"const char \*|struct refusal ")  # of functions that answer with one
WELL = re.compile(r"\bVNET_TRACE_(OK|SENT|QUEUED)\b")


def arguments(text, start):
    """The arguments of a call whose parenthesis is at start."""
    out, depth, quoted, i, begin = [], 0, False, start, start + 1
    while True:
        c = text[i]
        if quoted:
            i += c == "\\"
            quoted = c != '"'
        elif c == '"':
            quoted = True
        elif c in "({":
            depth += 1
        elif c in ")}":
            depth -= 1
            if depth == 0:
                return [re.sub(r"\s+", " ", a).strip() for a in out + [text[begin:i]]]
        elif c == "," and depth == 1:
            out.append(text[begin:i])
            begin = i + 1
        i += 1


def texts(expression):
    """The texts in an expression, with * for each variable part; those that say nothing of their own left out."""
    joined = re.sub(r'"\s+"', "", expression)
    found = [re.sub(r"%[0-9.]*[a-z]", "*", t.replace('\\"', '"')) for t in re.findall(STRING, joined)]
    return [t for t in found if re.search("[a-zA-Z]{3}", t)]


def calls(source, name):
    for m in re.finditer(r"(?<![\w>])%s\(" % name, source):
        if source[: m.start()].rsplit("\n", 1)[-1].strip() or not re.match(r"[^;]*?\n\{", source[m.end() :]):
            yield arguments(source, m.end() - 1)


def told_by_calls(source):
    """By trace() itself, and by functions of the file that take the text."""
    out = []
    for a in calls(source, "trace"):
        if not WELL.search(" ".join(a[:6])) and re.search("DROPPED|IGNORED|REFUSED|^v$", a[4]):
            of_its_own = not any(re.sub(r".*\.", "", word) in NAMES for word in a[7:])
            out += texts(a[6]) if of_its_own and texts(a[6]) else [t for more in a[7:] for t in texts(more) if of_its_own]
    for _, name, parameters, _ in FUNCTION.findall(source):
        names = [(re.findall(r"\w+", p) or [""])[-1] for p in parameters.split(",")]
        for at in [i for i, n in enumerate(names) if n in NAMES or "struct refusal" in parameters.split(",")[i]]:
            for a in calls(source, name):
                if len(a) == len(names) and not WELL.search(" ".join(a)):
                    out += texts(a[at])
    return out


def told_by_variables(source):
    out = []
    if not re.search(r'"%%s",\s+\w+\(|\b(%s)\b[,);]' % "|".join(NAMES), source):
        return out  # all texts are in the calls
    for kind, _, _, body in FUNCTION.findall(source):
        for name in NAMES:
            for m in re.finditer(r"\b%s = ([^;]*);" % name, body):
                out += texts(m.group(1))
            out += [t for m in re.finditer(r"struct refusal r = \{([^;]*);", body) for t in texts(m.group(1))]
        if REASONS.search(kind):
            out += [t for m in re.finditer(r"return\b([^;]*);", body) for t in texts(m.group(1))]
    return out


def of_sources(root):
    sites = set()
    for path in glob.glob(root + "/lib/**/*.c", recursive=True):
        source = re.sub(r"/\*.*?\*/", "", open(path).read(), flags=re.S)
        if re.search(r"VNET_TRACE_(DROPPED|IGNORED|REFUSED)", source):
            name = path[len(root) + 1 :]
            sites |= {"%s: %s" % (name, t) for t in told_by_calls(source) + told_by_variables(source)}
    return sites


if __name__ == "__main__":
    print("\n".join(sorted(of_sources("."))))

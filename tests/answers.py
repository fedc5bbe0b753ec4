#!/usr/bin/env python3
"""Every JSON answer of a transcript, parsed: the same members in the same order, values of the same types.

    tests/answers.py EXPECTED ACTUAL
    tests/answers.py --count FILE...     how many answers parse

Both are transcripts as tests/record --split prints them. What a command of EXPECTED wrote to standard output and
parses as JSON must parse in ACTUAL too and have the same shape. Whether the values are the same up to volatile ones is
for tests/unify.c. Prints what is wrong, and how many answers were compared; exit status 1: something is.
"""
import json
import sys


def commands(path):
    """[(command, standard output)]"""
    found = []
    with open(path, encoding="utf-8", errors="surrogateescape") as f:
        for line in f:
            if line.startswith("# "):
                found.append((line[2:-1], []))
            elif found and not line.startswith(("2|", "[exit ")):
                found[-1][1].append(line)
    return [(command, "".join(lines)) for command, lines in found]


def parse(text):
    """Members as lists of pairs, so that their order and doubles are seen; None: not JSON, or a bare word."""
    if not text.lstrip().startswith(("[", "{")):
        return None
    try:
        return json.loads(text, object_pairs_hook=lambda pairs: ("object", pairs))
    except ValueError:
        return None


def difference(want, got, at="$"):
    """What is first different, as text; None: nothing."""
    if type(want) is not type(got):
        return f"{at}: {type(want).__name__} expected, not {type(got).__name__}"
    if isinstance(want, tuple):
        names, others = [k for k, _ in want[1]], [k for k, _ in got[1]]
        if names != others:
            return f"{at}: members {names} expected, not {others}"
        parts = [(w, g, f"{at}.{k}") for (k, w), (_, g) in zip(want[1], got[1])]
    elif isinstance(want, list):
        if len(want) != len(got):
            return f"{at}: {len(want)} elements expected, not {len(got)}"
        parts = [(w, g, f"{at}[{i}]") for i, (w, g) in enumerate(zip(want, got))]
    else:
        return None
    for w, g, where in parts:
        text = difference(w, g, where)
        if text:
            return text
    return None


def compare():
    expected, actual = commands(sys.argv[1]), commands(sys.argv[2])
    compared = wrong = 0
    for (command, want_text), (_, got_text) in zip(expected, actual):
        want = parse(want_text)
        if want is None:
            continue
        compared += 1
        got = parse(got_text)
        text = "it does not parse" if got is None else difference(want, got)
        if text:
            wrong += 1
            print(f"JSON of `{command}': {text}")
    print(f"{compared} answers are JSON, {wrong} of them differ")
    return 1 if wrong or len(expected) != len(actual) else 0


def count():
    answers = [text for path in sys.argv[2:] for _, text in commands(path)]
    print(sum(parse(text) is not None for text in answers))
    return 0


sys.exit(count() if sys.argv[1] == "--count" else compare())

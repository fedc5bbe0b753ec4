"""Cut a script to the shortest whose last command still differs in the same way."""
import report


def shrink(machine, vnet, judge, lines, kind, rounds=40):
    """lines: a script whose last command differs, of that kind. -> the shorter script"""
    def fails(candidates):
        expected = machine.play(candidates)
        actual = vnet.play(candidates, expected)
        for c, e, a in zip(candidates, expected, actual):
            found = judge.differing(c, e, a)
            yield len(c) - 1 in found and report.kind(c[-1], found[len(c) - 1]) == kind

    size = max(1, len(lines) // 2)
    while rounds > 0:
        starts = range(0, len(lines) - 1, size)
        candidates = [lines[:i] + lines[min(i + size, len(lines) - 1):] for i in starts]
        if not candidates:
            break
        rounds -= 1
        failing = [i for i, bad in zip(starts, fails(candidates)) if bad]
        if failing:
            lines = drop(lines, failing, size, fails)
        elif size == 1:
            break
        if not failing or size > 1:
            size = max(1, size // 2)
    return lines


def drop(lines, starts, size, fails):
    """All of the parts at once, if that still differs; else the first."""
    last = len(lines) - 1
    gone = {j for i in starts for j in range(i, min(i + size, last))}
    without_all = [l for j, l in enumerate(lines) if j not in gone]
    if len(starts) > 1 and list(fails([without_all]))[0]:
        return without_all
    return lines[:starts[0]] + lines[min(starts[0] + size, last):]

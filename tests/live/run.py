#!/usr/bin/env python3
"""Compare vnet with a real kernel, live, on random scripts.

Each script (generate.py; the same seed gives the same) is played on a real kernel, twice, for the measure of the kernel
against itself, and on vnet; what each command prints and answers is compared (judge.py). Needs root or user namespaces,
the real tools, and the kernel of the profile: netns is this machine's, Linux 6.18; uml is User-mode Linux 6.1.
Exit status 0: at least the share of --least is identical.
"""
import argparse
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import generate
import judge
import machines
import report
import shrink

ROOT = os.path.dirname(os.path.dirname(machines.HERE))
LANES = 2
BUILD = os.environ.get("BUILD", os.path.join(ROOT, "build"))


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("-n", type=int, default=200, metavar="N", help="scripts (default 200)")
    p.add_argument("--length", type=int, default=30, metavar="N", help="commands of each, a show after each (default 30)")
    p.add_argument("--seed", type=int, metavar="N", help="of the first script; default: by the clock")
    p.add_argument("--kernel", choices=("netns", "uml"), default="netns")
    p.add_argument("--jobs", type=int, default=40, metavar="N", help="scripts at a time (default 40); most of the time they sleep")
    p.add_argument("--seconds", type=int, metavar="N", help="begin no more scripts after that time")
    p.add_argument("--no-noise", action="store_true", help="play only once on the kernel")
    p.add_argument("--shrink", type=int, default=8, metavar="N", help="kinds of differences to cut to the shortest (default 8)")
    p.add_argument("--least", type=float, default=99.9, metavar="PERCENT", help="share of identical commands to exit 0 (default 99.9)")
    p.add_argument("--show", type=int, default=40, metavar="N", help="kinds of differences to print (default 40)")
    p.add_argument("--often", metavar="NAME", help="of what gen_NAME.py makes, eight times as much")
    p.add_argument("--network", choices=("pair", "bridge", "router", "vlan"), help="what scripts begin with (default: any)")
    p.add_argument("--print", type=int, metavar="SEED", help="print the script of that seed, and do no more")
    p.add_argument("--script", metavar="FILE", help="instead of random ones: this script, and whatever differs")
    return p.parse_args()


def skip(why):
    print("skipped:", why)
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)


def first_line(vnet, *command):
    env = dict(os.environ, VNET_STATE=os.path.join(vnet.work, "version.json"))
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, text=True, check=False)
    return done.stdout.split("\n")[0]


def check_machine(kernel, vnet):
    """Is what is measured against here, and of the profile's version?"""
    if kernel == "uml":
        if not any(os.access(os.path.join(d, "linux.uml"), os.X_OK) for d in os.environ["PATH"].split(":")):
            skip("no linux.uml")
    elif not os.uname().release.startswith("6.18."):
        skip(f"the kernel is {os.uname().release}, not 6.18")
    for tool, option in (("ip", "-V"), ("ping", "-V"), ("route", "-V"), ("sysctl", "--version"), ("tcpdump", "--version")):
        try:
            real = first_line(vnet, tool, option)
        except OSError:
            skip(f"no {tool}")
        ours = first_line(vnet, os.path.join(vnet.bin, tool), option)
        if real != ours:
            skip(f'{tool} is "{real}", not "{ours}"')
    user = [] if os.geteuid() == 0 else ["-U", "-r"]
    if kernel == "netns" and subprocess.run(["unshare", *user, "-n", "-m", "ip", "link", "add", "v0", "type", "veth"], stderr=subprocess.DEVNULL, check=False).returncode:
        skip("no namespaces, or no veth in them")


def generated(opts, seed):
    return generate.script(seed, opts.length, opts.often, opts.network, machines.KINDS[opts.kernel])


def play_part(opts, machine, vnet, seeds):
    """-> the scripts, and of each what the kernel, vnet and the kernel again said (None: not asked); vnet plays when the
    kernel has, in the time that it took."""
    scripts = [generated(opts, s) for s in seeds]
    with ThreadPoolExecutor(1) as pool:
        again = None if opts.no_noise else pool.submit(machine.play, scripts)
        real = machine.play(scripts)
        ours = vnet.play(scripts, real)
        return scripts, real, ours, again.result() if again else [None] * len(scripts)


def play_all(opts, machine, vnet, j, tally):
    """In parts, so that a long run shows how it goes; LANES of them at a time, so that nobody waits for the longest script."""
    started = time.monotonic()
    size = machine.jobs * 2
    parts = [range(start, min(start + size, opts.seed + opts.n)) for start in range(opts.seed, opts.seed + opts.n, size)]

    def play(seeds):
        late = opts.seconds and time.monotonic() - started > opts.seconds
        return None if late else play_part(opts, machine, vnet, seeds)

    with ThreadPoolExecutor(LANES) as pool:
        for seeds, played in zip(parts, pool.map(play, parts)):
            if not played:
                continue
            for seed, lines, real, ours, again in zip(seeds, *played):
                tally.add(seed, lines, j.differing(lines, real, ours), j.differing(lines, real, again) if again else {})
            print(f"{time.monotonic() - started:6.0f} s: {tally.scripts} scripts, {tally.commands} commands, {tally.different} differ"
                  f"{'' if opts.no_noise else f', the kernel from itself {tally.noise}'}", file=sys.stderr, flush=True)


def one_script(path, machine, vnet, j):
    with open(path) as f:
        lines = [l.rstrip("\n") for l in f if l.strip() and not l.startswith("#")]
    real = machine.play([lines])
    found = j.differing(lines, real[0], vnet.play([lines], real)[0])
    for i in sorted(found):
        print(f"{i + 1}: {lines[i]}", *("    " + l for l in found[i]), sep="\n")
    return 1 if found else 0


def main():
    opts = options()
    if opts.print is not None:
        print(*generated(opts, opts.print), sep="\n")
        return 0
    if opts.seed is None:
        opts.seed = int(time.time()) % 10000000
    vnet = machines.Vnet(max(2, opts.jobs // 8), os.path.join(BUILD, "vnet"), "debian12" if opts.kernel == "uml" else "linux6.18")
    machine = None
    try:
        check_machine(opts.kernel, vnet)
        machine = machines.Uml(opts.jobs) if opts.kernel == "uml" else machines.Namespace(max(1, opts.jobs // LANES))
        j = judge.Judge(shutil.copy(os.path.join(BUILD, "tests", "unify"), vnet.work))
        if opts.script:
            return one_script(opts.script, machine, vnet, j)
        tally = report.Tally()
        play_all(opts, machine, vnet, j, tally)
        print(f"seeds {opts.seed} to {opts.seed + tally.scripts - 1}, {opts.length} commands each")
        print(*report.summary(tally, machine, not opts.no_noise), sep="\n")
        ranked = tally.ranked()
        for _, row in ranked[opts.shrink:opts.show]:
            print(*report.difference(row), sep="\n")
        for kind, row in ranked[:opts.shrink]:
            print(*report.difference(row, shrink.shrink(machine, vnet, j, row[2][1], kind)), sep="\n", flush=True)
        good = tally.commands and 100.0 * (tally.commands - tally.settled) / tally.commands >= opts.least
        print("1 passed, 0 failed" if good else "0 passed, 1 failed")
        return 0 if good else 1
    finally:
        vnet.close()
        if machine:
            machine.close()


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""tests/drops/run.py [--update] SOURCES [WORD]...: each loss of the engine has a scenario, and its explanation tells of it.

tests/drops/expected has a line for each: the loss, [function() REASON] (- for none), and what vnet why says would help
(nothing after the bracket where no command is at fault, but frames that came)."""

import fnmatch
import json
import os
import shutil
import subprocess
import sys

import scenarios
import sites

STATE = os.environ["VNET_STATE"]


def vnet(*arguments):
    return subprocess.run(["vnet", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=int(os.environ.get("PATIENCE", 60)))


def world(name, made={}):
    """The state file of a world, made at the first call."""
    if name not in made:
        vnet("init", "--preset", "bare", "--force")
        done = vnet("sh", "-c", scenarios.WORLDS[name])
        if done.returncode or done.stderr:
            sys.exit("world %s: %s%s" % (name, done.stdout, done.stderr))
        made[name] = open(STATE).read()
    with open(STATE, "w") as f:
        f.write(made[name])


def arrive(frames):
    """Frames on their way to devices, half a second from now, a millisecond apart."""
    state = json.load(open(STATE))
    for n, (netns, dev, frame) in enumerate(frames):
        ns = next(one for one in state["netns"] if one["name"] == netns)
        to = next(link["ifindex"] for link in ns["links"] if link["ifname"] == dev)
        due = [state["clock"] + 500000000 + 1000000 * n, state["event_seq"]]
        state["event_seq"] += 1
        state.setdefault("frames", []).append({"netns": ns["id"], "to": to, "due": due, "data": frame.hex(), "packet": {}})
    with open(STATE, "w") as f:
        json.dump(state, f)


def says(step, text):
    detail = step["detail"]
    return step["verdict"] in ("DROPPED", "IGNORED", "REFUSED") and fnmatch.fnmatchcase(detail, "*" + text.replace("[", "[[]") + "*")


def set_up(name, do, frames):
    """A complaint, or nothing."""
    world(name)
    done = vnet("sh", "-c", do) if do else None
    if done and (done.returncode or done.stderr):
        return "%s: %s" % (do, done.stderr)
    if frames:
        arrive(frames)
    return ""


def remedy(run):
    """The smallest set of changes, in the words of vnet why."""
    told = json.loads(vnet("why", "--json", *run.split()).stdout)[0]
    fixes = told["fixes"]
    return "; ".join(fixes[0]) if fixes else "it works" if told["works"] else "nothing"


def judge(site, name, do, frames, run):
    """What there is to say of a scenario; or a complaint."""
    error = set_up(name, do, frames)
    if error:
        return None, error
    told = vnet("explain", "--json", "--all", *run.split())
    try:
        steps = json.loads(told.stdout)[0]["steps"]
    except ValueError:
        return None, told.stdout + told.stderr
    found = [s for s in steps if says(s, site.split(": ", 1)[1])]
    if not found:
        line = "%(netns)s/%(dev)s %(stage)s %(verdict)s %(function)s %(detail)s"
        return None, "\n".join(line % {"dev": "-", **s} for s in steps if s["stage"] != "mld")
    reason = found[0].get("drop_reason", found[0].get("later_drop_reason", "-"))
    said = "%s  [%s() %s]" % (site, found[0]["function"], reason)
    return said if frames and run == "sleep 1" else said + " " + remedy(run), ""


def main():
    update = sys.argv[1] == "--update"
    root, words = sys.argv[1 + update], sys.argv[2 + update :]
    known = sites.of_sources(root)
    path = os.path.join(os.path.dirname(__file__), "expected")
    wanted = open(path).read().splitlines() if os.path.exists(path) else []
    failed = n = 0
    covered = set(scenarios.NONE)
    lines = []
    for scenario in scenarios.ALL:
        covered.add(scenario[0])
        if words and not any(w in scenario[0] for w in words):
            continue
        n += 1
        said, error = judge(*scenario)
        lines.append(said)
        if said and (update or said in wanted):
            print("ok %d - %s" % (n, said))
        else:
            failed = 1
            print("not ok %d - %s" % (n, said or scenario[0]))
            print("\n".join("# " + line for line in error.splitlines()))
    for what, missing in (("has no scenario", known - covered), ("is not in the sources", covered - known)):
        for site in sorted(missing) if not words else []:
            n, failed = n + 1, 1
            print("not ok %d - %s: %s" % (n, site, what))
    print("1..%d" % n)
    if update and not failed and not words:
        with open(path, "w") as f:
            f.write("\n".join(lines) + "\n")
    return failed


sys.exit(main())

#!/usr/bin/env python3
"""Random worlds for tests/picture.sh.

    random.py SEED            commands for vnet's shell that make one
    random.py --check FOLDER DEVICES   prints what is wrong with its pictures: no line is wider than the
                              file's name says, in a file NAME.all each device has one box
"""
import pathlib
import random
import re
import sys
import unicodedata


def world(seed):
    rng = random.Random(seed)
    places = [""] + [f"n{i}" for i in range(rng.choice([0, 1, 2, 5, 12]))]
    devices = {}  # name: place
    lines = [f"ip netns add {p}" for p in places[1:]]

    def name():
        return f"d{len(devices)}" + "x" * rng.choice([0, 0, 0, 1, 9])

    def in_place(place):
        return f"ip -n {place}" if place else "ip"

    for _ in range(rng.choice([1, 4, 10, 30])):
        place, kind = rng.choice(places), rng.choice(["veth"] * 6 + ["bridge", "dummy", "vlan"])
        here = [d for d, p in devices.items() if p == place]
        new = name()
        if kind == "veth":
            devices[new] = place
            peer, there = name(), rng.choice(places)
            devices[peer] = there
            lines.append(f"{in_place(place)} link add {new} type veth peer name {peer}" + (f" netns {there}" if there != place and there else ""))
            if there != place and not there:
                devices[peer] = place
        elif kind == "vlan" and here:
            lines.append(f"{in_place(place)} link add {new} link {rng.choice(here)} type vlan id {len(devices) + 1}")
            devices[new] = place
        elif kind != "vlan":
            lines.append(f"{in_place(place)} link add {new} type {kind}")
            devices[new] = place
            for port in rng.sample(here, min(len(here), 4)) if kind == "bridge" else []:
                lines.append(f"{in_place(place)} link set {port} master {new} 2>/dev/null")
        if new in devices and rng.random() < 0.5:
            lines.append(f"{in_place(place)} addr add 10.{len(devices)}.0.{rng.randint(1, 254)}/24 dev {new}")
        if new in devices and rng.random() < 0.2:
            lines.append(f"{in_place(place)} addr add 2001:db8:1111:2222:3333:4444:5555:{len(devices):x}/128 dev {new} 2>/dev/null")
        if new in devices and rng.random() < 0.7:
            lines.append(f"{in_place(place)} link set {new} up 2>/dev/null")
    lines.append("# " + " ".join(devices))
    print("\n".join(lines))


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def mistakes(text, width, devices):
    wide = max(map(columns, text.splitlines()), default=0)
    if wide > width:
        yield f"{width}: a line has {wide} columns"
    for device in devices:
        boxes = len(re.findall(f"│ {device} ", text))
        if boxes != 1:
            yield f"{width}: {device} has {boxes} boxes"


def check(folder, devices):
    wrong = []
    for file in pathlib.Path(folder).iterdir():
        wrong += mistakes(file.read_text(encoding="utf-8"), int(file.stem), devices if file.suffix == ".all" else [])
    print("\n".join(wrong), end="")


if sys.argv[1] == "--check":
    check(sys.argv[2], sys.argv[3:])
else:
    world(int(sys.argv[1]))

#!/usr/bin/env python3
"""Pictures in README.md and man/vnet-show.1 are those of the tests: put them there anew.

    insert.py [--check]   in the top folder; --check: exit status 1 if they are others
"""
import re
import sys

HERE = "tests/pictures/"


def picture(name):
    return open(HERE + name, encoding="utf-8").read()


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return ".nf\n" + "".join("\\&" + line + "\n" for line in text.splitlines()) + ".fi\n"


def readme(text):
    return re.sub(r"(\$ build/vnet show\n).*?(?=```)", lambda m: m[1] + picture("veth.80.txt"), text, flags=re.S)


def manual(text):
    mark = r'(\.\\" picture (\S+)\n)(\.nf\n.*?\.fi\n)?'
    return re.sub(mark, lambda m: m[1] + roff(picture(m[2])), text, flags=re.S)


check = "--check" in sys.argv
for path, change in (("README.md", readme), ("man/vnet-show.1", manual)):
    old = open(path, encoding="utf-8").read()
    new = change(old)
    if old != new and check:
        sys.exit(f"{path} has other pictures than the tests")
    if old != new:
        open(path, "w", encoding="utf-8").write(new)

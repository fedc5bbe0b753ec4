#!/usr/bin/env python3
"""Type at a program in a terminal of its own and print what it shows, colours and cursor movements left out.

    tests/terminal.py [-x COLUMNS] COMMAND [ARGUMENT...] < KEYS

KEYS: a line each, typed with Enter behind it; one that ends in \\c is typed without. \\t, \\x03 and the
like are the keys of that code. Each is typed when the prompt is there again, or nothing more has been shown for a while."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios

QUIET = 0.3 * max(1.0, float(os.environ.get("PATIENCE", "60")) / 60)  # seconds without output before a key
SLOW = 10  # times that, after Enter, for a command that has not shown the next prompt yet
PROMPT = re.compile(rb"\] [#$] (\x1b\[[0-9;?]*[A-Za-z])*$")


def read_all(fd, shown, entered):
    """What is shown until it is quiet, or there is a prompt again; False: the program has ended."""
    limit = QUIET * (SLOW if entered else 1)
    while True:
        ready, _, _ = select.select([fd], [], [], limit)
        if not ready:
            return True
        try:
            data = os.read(fd, 65536)
        except OSError:
            data = b""
        if not data:
            return False
        shown.append(data)
        if entered:
            limit = 0.05 if PROMPT.search(b"".join(shown[-3:])[-200:]) else QUIET * SLOW


def main():
    args = sys.argv[1:]
    columns = 100
    if args[:1] == ["-x"]:
        columns, args = int(args[1]), args[2:]
    keys = sys.stdin.buffer.read().splitlines()
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.environ["TERM"] = "xterm"
        os.execvp(args[0], args)
    shown = []
    alive = read_all(fd, shown, True)
    for key in keys:
        if not alive:
            break
        text = key.decode()
        enter = not text.endswith("\\c")
        text = (text if enter else text[:-2]).encode().decode("unicode_escape")
        os.write(fd, text.encode("latin-1") + (b"\r" if enter else b""))
        alive = read_all(fd, shown, enter)
    os.close(fd)
    os.waitpid(pid, 0)
    text = b"".join(shown).decode(errors="replace")
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z]|\x1b[=>]", "", text)
    sys.stdout.write(text.replace("\r\n", "\n").replace("\r", "\n"))


main()

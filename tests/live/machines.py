"""Where scripts are played: this machine's kernel, User-mode Linux, vnet. play(SCRIPTS) -> a list of Outcomes.

A script is a list of lines. On the kernels each runs in a fresh network namespace with lo up, many at a time: most of
the time is spent asleep.
"""
import os
import re
import shutil
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
PLAYER = os.path.join(HERE, "player.sh")
REAL_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
TOOLS = ("arp arping brctl bridge ethtool ifconfig ip netstat nstat ping ping4 ping6 route sleep sysctl tcpdump timeout tracepath traceroute "
         "traceroute6").split()
HARMLESS = "bash cat cut grep head mktemp rm sed sort tail tr wc".split()  # of the machine's own, what scripts may use beside vnet's
SECONDS = 300  # for a script
KINDS = {"netns": (), "uml": ("vlan", "dummy")}  # of links, that scripts may have there besides veth and bridge


class Outcome:
    """What each command printed and answered, and when it ended; whole: the script came to its end."""

    def __init__(self, lines, base):
        self.out, marks = self.split(base + ".1")
        self.err, _ = self.split(base + ".2")
        self.status = [int((m.split() or [0])[0]) for m in marks]
        self.ended = [float(m.split()[1]) for m in marks if " " in m]
        self.whole = len(self.status) == len(lines) and len(self.err) == len(lines)

    @staticmethod
    def split(path):
        """-> the parts, and what stands in the line that ends each"""
        parts, marks = [], []
        try:
            with open(path, errors="replace", newline="\n") as f:
                text = f.read()
        except OSError:
            return parts, marks
        while True:
            part, mark, rest = text.partition("\036")
            if not mark:
                return parts, marks
            word, _, text = rest.partition("\n")
            parts.append(part)
            marks.append(word)

    def transcript(self, lines, i):
        """Of command i, as tests/record --split prints it."""
        out, err = self.out[i], self.err[i]
        if out and not out.endswith("\n"):
            out += "\n"
        text = "# " + lines[i] + "\n" + out + "".join("2|" + l + "\n" for l in err.splitlines())
        return text + (f"[exit {self.status[i]}]\n" if self.status[i] else "")


SLOW = re.compile(r"\b(sleep|timeout|ping6?|ping4|tracepath|traceroute6?|arping|tcpdump)\b")  # these take the time in vnet too


def pauses(lines, real):
    """A real machine takes its time for each command, the busier the more, and things age meanwhile: what vnet must sleep
    before each so that as much has passed for it."""
    out, owed = [], 0.0
    for i in range(len(lines)):
        out.append(round(owed, 2) if owed > 0.1 else 0)
        owed -= out[-1]
        nap = re.fullmatch(r"sleep ([0-9.]+)", lines[i])
        if 0 < i < len(real.ended) and (nap or not SLOW.search(lines[i])):
            owed += real.ended[i] - real.ended[i - 1] - float(nap.group(1) if nap else 0)
    return out


def workplace():
    shm = "/dev/shm"
    return tempfile.mkdtemp(prefix="vnet-live-", dir=shm if os.access(shm, os.W_OK) else None)


def write_script(folder, i, lines):
    path = os.path.join(folder, f"{i}.script")
    with open(path, "w") as f:
        f.write("".join(l + "\n" for l in lines))
    return path


def write_resolver(folder):
    """A name server that cannot be asked: queries would be seen as packets, and wait."""
    path = os.path.join(folder, "resolv.conf")
    with open(path, "w") as f:
        f.write("nameserver fe80::1\noptions attempts:1 timeout:1\n")
    return path


class Machine:
    """jobs: how many scripts at a time."""
    name = ""

    def __init__(self, jobs):
        self.jobs = jobs
        self.work = workplace()

    def close(self):
        shutil.rmtree(self.work, ignore_errors=True)

    def play(self, scripts, real=None):
        """real: Outcomes of the same scripts, whose time is kept."""
        folder = tempfile.mkdtemp(dir=self.work)
        with ThreadPoolExecutor(self.jobs) as pool:
            done = list(pool.map(lambda i: self.play_one(folder, i, scripts[i], real and pauses(scripts[i], real[i])), range(len(scripts))))
        shutil.rmtree(folder, ignore_errors=True)
        return done

    def play_one(self, folder, i, lines, waits=None):
        base = os.path.join(folder, str(i))
        if waits:
            with open(base + ".pauses", "w") as f:
                f.write("".join(f"{w}\n" for w in waits))
        env = {"PAUSES": base + ".pauses" if waits else "","SCRIPT": write_script(folder, i, lines), "OUT": base, "PATH": REAL_PATH, "TMPDIR": folder, **self.environment(base)}
        process = subprocess.Popen(self.command(), env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
        self.tidy(base)
        return Outcome(lines, base)

    def environment(self, base):
        return {}

    def tidy(self, base):
        pass


class Namespace(Machine):
    """A network namespace of this machine's kernel; without root inside of a user namespace."""
    name, profile = "netns", "linux6.18"

    def __init__(self, jobs):
        super().__init__(jobs)
        self.resolver = write_resolver(self.work)

    def command(self):
        user = [] if os.geteuid() == 0 else ["-U", "-r"]
        # of processes too: a command that names process 1 means no other than the script's own
        return ["unshare", *user, "-n", "-m", "-p", "-f", "--kill-child", "--mount-proc", "bash", "-c",
                f"mount --bind {self.resolver} /etc/resolv.conf; mount -t tmpfs none /run/netns 2>/dev/null; "
                "mount -t sysfs none /sys 2>/dev/null; ip link set lo up; . " + PLAYER]


class Vnet(Machine):
    name = "vnet"

    def __init__(self, jobs, vnet, profile):
        super().__init__(jobs)
        self.profile = profile
        self.bin = os.path.join(self.work, "bin")
        os.mkdir(self.bin)
        # a copy: were it rebuilt meanwhile, the machine's own tools would be found, and act on the machine
        self.vnet = shutil.copy(vnet, os.path.join(self.work, "vnet"))
        for tool in TOOLS:
            os.symlink(self.vnet, os.path.join(self.bin, tool))
        for tool in HARMLESS:  # no other: a tool that vnet lacks would act on the machine
            os.symlink(shutil.which(tool, path=REAL_PATH), os.path.join(self.bin, tool))

    def command(self):
        return ["bash", "-c", f"{self.vnet} init --preset bare && . {PLAYER}"]

    def environment(self, base):
        os.mkdir(base + ".state")
        return {"PATH": self.bin, "VNET_STATE": base + ".state/state.json", "VNET_CLOCK": "virtual",
                "VNET_PROFILE": self.profile}

    def tidy(self, base):
        shutil.rmtree(base + ".state", ignore_errors=True)


class Uml:
    """User-mode Linux: booted once; it reads names of folders of scripts and plays all of each."""
    name, profile = "uml", "debian12"

    def __init__(self, jobs):
        self.work = tempfile.mkdtemp(prefix="vnet-uml-")  # on the disk: the guest sees it by hostfs
        self.jobs = jobs
        self.turn = threading.Lock()
        self.resolver = write_resolver(self.work)
        init = os.path.join(self.work, "init")
        with open(init, "w") as f:
            f.write(self.init_script())
        os.chmod(init, 0o755)
        self.process = subprocess.Popen(
            ["linux.uml", "mem=512M", "rootfstype=hostfs", "rw", "init=" + init, "con0=fd:0,fd:1", "con=null", "quiet"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace", start_new_session=True,
            env=dict(os.environ, **self.preload()))
        self.wait_for("@@READY")

    def preload(self):
        """So that it runs on newer processors too (tests/uml_regset.c)."""
        shim = os.path.join(self.work, "regset.so")
        done = subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, os.path.join(os.path.dirname(HERE), "uml_regset.c")],
                              check=False)
        return {} if done.returncode else {"LD_PRELOAD": shim}

    def init_script(self):
        return f"""#!/bin/bash
export PATH={REAL_PATH} SCRIPT OUT TMPDIR=/run
stty -echo
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t tmpfs tmp /run
mkdir -p /run/netns /run/m/lib/modules
ln -s /usr/lib/uml/modules/* /run/m/lib/modules/$(uname -r)
for m in veth dummy 8021q bridge vcan vxcan can-raw; do modprobe -d /run/m $m; done 2>/dev/null
echo @@READY
n=0
play() {{ # FOLDER/N
    unshare -n -m bash -c "mount --bind {self.resolver} /etc/resolv.conf; mount -t tmpfs none /run/netns; mount -t sysfs none /sys; ip link set lo up; . {PLAYER}" </dev/null >/dev/null 2>&1
    cp "$OUT.1" "$1.1"; cp "$OUT.2" "$1.2"; rm -f "$OUT.1" "$OUT.2"
}}
while read -r folder count; do
    for ((i = 0; i < count; i++)); do
        SCRIPT=$folder/$i.script OUT=/run/out.$i
        play "$folder/$i" &
        if ((++n >= {self.jobs})); then wait -n; n=$((n - 1)); fi
    done
    wait
    n=0
    echo "@@DONE $folder"
done
halt -f 2>/dev/null || echo o >/proc/sysrq-trigger
"""

    def wait_for(self, word):
        for line in self.process.stdout:
            if line.strip() == word:
                return
        raise RuntimeError("User-mode Linux died before " + word)

    def play(self, scripts):
        with self.turn:
            folder = tempfile.mkdtemp(dir=self.work)
            for i, lines in enumerate(scripts):
                write_script(folder, i, lines)
            self.process.stdin.write(f"{folder} {len(scripts)}\n")
            self.process.stdin.flush()
            self.wait_for("@@DONE " + folder)
            done = [Outcome(lines, os.path.join(folder, str(i))) for i, lines in enumerate(scripts)]
            shutil.rmtree(folder, ignore_errors=True)
            return done

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()
        shutil.rmtree(self.work, ignore_errors=True)

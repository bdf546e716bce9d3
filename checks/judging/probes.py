"""Judges katas that try what a judgement must not allow, as the user that starts this program.

python -m checks.judging.probes [N]    prints a JSON object. N: how many processes judge, as pytest's -n has it
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from dojo.judging.judge import NoVerdict, Walls, archive_of, judge, walls_here
from dojo.judging.sandbox import Limits
from dojo.support.errors import DojoError

from ..small_course import SOLVED, small_course

# These lines add to `breaches` what they could do.
SURROUNDINGS = """
import ctypes, os, socket
breaches = []
if 0 in (*os.getresuid(), *os.getresgid(), *os.getgroups()):
    breaches.append("root")
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
if any(int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")):
    breaches.append("capabilities")
if status["NoNewPrivs"].strip() != "1" or status["Seccomp"].strip() != "2":
    breaches.append("new privileges")
for name in ("kernel/core_pattern", "vm/swappiness", "fs/file-max", "kernel/hostname", "user/max_user_namespaces"):
    try:
        value = open("/proc/sys/" + name).read()
        open("/proc/sys/" + name, "w").write(value)
        breaches.append(name)
    except OSError:
        pass
for folder in ("/", "/dev", "/usr", "/usr/local", "/proc", "/judge", "/learner/katas", os.getcwd(), "/etc", "/var/tmp"):
    try:
        open(os.path.join(folder, "note"), "w").close()
        breaches.append("wrote to " + folder)
    except OSError:
        pass
libc = ctypes.CDLL(None, use_errno=True)
for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000):
    if libc.unshare(flag) == 0:
        breaches.append("a namespace")
if libc.syscall(250, 0, -1, 0, 0, 0) >= 0 or libc.syscall(248, b"user", b"x", b"y", 1, -2) >= 0:
    breaches.append("a keyring")
for pid in [int(name) for name in os.listdir("/proc") if name.isdigit()]:
    if pid != os.getpid() and pid != os.getppid():
        continue
    for name in ("environ", "mem", "fd"):
        try:
            path = f"/proc/{pid}/{name}"
            os.listdir(path) if name == "fd" else open(path, "rb").read(1)
            if pid != os.getpid():
                breaches.append(path)
        except OSError:
            pass
"""
INSIDE = """
if {0} & {{os.stat(f"/proc/{{name}}").st_uid for name in os.listdir("/proc") if name.isdigit()}}:
    breaches.append("processes of root")
for path in ({outside!r}, "/home", "/opt", "/var", "/judge/solutions", "/judge/.git", "/etc/passwd"):
    if os.path.exists(path):
        breaches.append("sees " + path)
try:
    socket.create_connection(("127.0.0.1", 22), timeout=1)
    breaches.append("network")
except OSError as error:
    if error.errno not in (101, 99, 111):
        breaches.append(str(error))
"""
TELL = """
def double(x):
    raise RuntimeError("breaches: " + "; ".join(breaches))
"""


def judged(kata: str, limits: Limits | None = None, walls: Walls | None = None, processes: str = "") -> dict[str, str]:
    """The kind of double's failure and what it raised, "green", or the reason why there is no verdict."""
    with tempfile.TemporaryDirectory() as folder:
        course = small_course(Path(folder) / "course")
        files = {"lesson_1_numbers/kata_01_doubling.py": kata.encode()}
        try:
            progress = judge(
                archive_of(course.root), files, limits or Limits(), walls or walls_here(), processes=processes
            )
        except NoVerdict as error:
            return {"problem": str(error)}
        except DojoError as error:
            return {"refused": str(error)}
    failure = next(step for step in progress.steps if step.name == "double").failure
    return {"double": "green"} if failure is None else {"double": failure.kind, "raised": failure.raised or ""}


def surroundings(walls: Walls, processes: str) -> dict[str, str]:
    """What a kata can do to its surroundings. It raises "breaches: " without more if it can do nothing."""
    inside = INSIDE.format("{0}", outside=str(Path(__file__).resolve())) if walls is Walls.SANDBOX else ""
    before, _, after = SOLVED.partition("def double(x):")
    kata = before + SURROUNDINGS + inside + TELL + "\n\ndef total" + after.partition("def total")[2]
    return judged(kata, walls=walls, processes=processes)


def without_bubblewrap(folder: Path) -> dict[str, str]:
    """A PATH with everything but bubblewrap."""
    place = folder / "without_bubblewrap"
    place.mkdir()
    for name in ("git", "sh", "env", "ssh", "sudo", "su", "crontab", "at"):
        found = shutil.which(name)
        if found:
            (place / name).symlink_to(found)
    return {"PATH": str(place)}


if __name__ == "__main__":
    here = walls_here()
    print(json.dumps({"walls": here.name} | surroundings(here, "".join(sys.argv[1:]))))
    sys.exit()

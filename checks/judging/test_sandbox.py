"""The sandbox holds for root and for an ordinary user, or one sentence says what to do and nothing runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dojo.judging import control_group, sandbox
from dojo.judging.judge import Walls, why_no_other_user
from dojo.judging.sandbox import Limits

from ..small_course import ROOT, SOLVED, small_course
from .probes import judged, without_bubblewrap

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the judge works on Linux alone")
BWRAP = pytest.mark.skipif(
    not sys.platform.startswith("linux") or bool(sandbox.why_not()), reason="bubblewrap does not run here"
)
AS_ROOT = pytest.mark.skipif(sys.platform.startswith("win") or os.geteuid() != 0, reason="only root can change users")
NOBODY = 65533
# Opens folders for one command, because this Python may be in a folder that only root may enter. The first argument is
# the number of folders. Only the system's own tools are used.
_OPEN = """
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH; count=$1; shift; kept=/mnt/kept; mkdir -p $kept; closed=
mount -t tmpfs none $kept
for each in $(seq $count); do
  top=${1%%:*}; path=${1#*:}; shift
  mkdir $kept/$each; mount --bind "$path" $kept/$each
  closed="$closed $each:$top:$path"
done
for each in $closed; do top=${each#*:}; mountpoint -q "${top%%:*}" || mount -t tmpfs -o mode=755 none "${top%%:*}"; done
for each in $closed; do mkdir -p "${each##*:}"; mount --bind $kept/${each%%:*} "${each##*:}"; done
PATH=$TOLD_PATH exec "$@"
"""


def _closed(*more: Path) -> list[str]:
    """TOP:PATH for each folder of this Python, the project and `more` in a folder TOP that is closed to others."""
    needed = {Path(sys.base_prefix), Path(sys.prefix), ROOT, *more}
    apart = sorted(path for path in needed if not any(path.is_relative_to(other) for other in needed - {path}))
    tops = {
        path: next((top for top in reversed(path.parents) if not top.stat().st_mode & 0o001), None) for path in apart
    }
    return [f"{top}:{path}" for path, top in tops.items() if top]


def _run(*command: str, env: dict[str, str] | None = None, before: tuple[str, ...] = ()) -> str:
    """What a command prints in a mount namespace in which every user may read this Python and the project."""
    opened: tuple[str, ...] = ()
    closed = _closed(*(Path(folder) for folder in (env or {}).values())) if os.geteuid() == 0 else []
    if closed:
        opened = (shutil.which("unshare") or "", "--mount", "/bin/sh", "-ec", _OPEN, "sh", str(len(closed)), *closed)
    told = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"} | (env or {})
    ran = subprocess.run(
        [*opened, *before, sys.executable, *command],
        env=told | {"TOLD_PATH": told["PATH"]},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout


AS_NOBODY = ("setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups")
WHY_NOT = "from dojo.judging.sandbox import why_not; print(why_not())"
ALLOW = "This system, or the container that this runs in, allows no new namespaces. To fix this: allow"


@pytest.mark.full
@BWRAP
@pytest.mark.parametrize("processes", [(), ("2",)], ids=["one_process", "two_processes"])
def test_a_kata_can_do_nothing_to_its_surroundings(processes):
    told = json.loads(_run("-m", "checks.judging.probes", *processes))
    assert told == {"walls": "SANDBOX", "double": "error", "raised": "RuntimeError: breaches:"}


@pytest.mark.full
@BWRAP
@AS_ROOT
def test_nor_if_an_ordinary_user_judges():
    told = json.loads(_run("-m", "checks.judging.probes", before=AS_NOBODY))
    assert told == {"walls": "SANDBOX", "double": "error", "raised": "RuntimeError: breaches:"}


@pytest.mark.full
@AS_ROOT
def test_nor_as_another_user_without_a_sandbox(tmp_path):
    told = json.loads(_run("-m", "checks.judging.probes", env=without_bubblewrap(tmp_path)))
    assert told == {"walls": "USER", "double": "error", "raised": "RuntimeError: breaches:"}


WITHOUT_LANDLOCK = """
import json
from dojo.judging import judge, lockdown
from checks.judging import probes
lockdown.landlock_version = lambda: 0
walls = judge.walls_here(in_container=True)
print(json.dumps({"elsewhere": judge.walls_here().name, "walls": walls.name} | probes.surroundings(walls, "")))
"""


@pytest.mark.full
@AS_ROOT
def test_in_a_container_without_landlock_another_user_can_write_where_everybody_can(tmp_path):
    note = Path("/var/tmp/note")
    note.unlink(missing_ok=True)
    try:
        told = json.loads(_run("-c", WITHOUT_LANDLOCK, env=without_bubblewrap(tmp_path)))
    finally:
        note.unlink(missing_ok=True)
    assert (told["elsewhere"], told["walls"]) == ("NONE", "BARE_USER")
    assert told["raised"] == "RuntimeError: breaches: wrote to /var/tmp"


@AS_ROOT
@BWRAP
@pytest.mark.parametrize(
    "before",
    [
        ("setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin"),
        (
            "unshare",
            "--map-root-user",
            "sh",
            "-c",
            'echo 0 > /proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all --inh-caps=-all "$@"',
            "sh",
        ),
    ],
    ids=["root_in_a_container", "no_user_namespaces"],
)
def test_a_container_without_namespaces_gets_one_sentence(before):
    assert ALLOW in _run("-c", WHY_NOT, before=before)


def test_without_bubblewrap_the_sentence_says_how_to_install_it(tmp_path):
    assert "apt install bubblewrap" in _run("-c", WHY_NOT, env=without_bubblewrap(tmp_path))


@pytest.mark.parametrize(
    "words",
    ["bwrap: setting up uid map: Permission denied", "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted"],
)
def test_apparmor_of_ubuntu_24_04_is_named_and_nothing_runs(words, tmp_path):
    env = without_bubblewrap(tmp_path)
    stand_in = Path(env["PATH"]) / "bwrap"
    stand_in.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
    stand_in.chmod(0o755)
    assert "AppArmor forbids it, as on Ubuntu 24.04. To fix this: sudo apt install" in _run("-c", WHY_NOT, env=env)
    course = small_course(tmp_path / "course")
    (tmp_path / "roster.csv").write_text("name,url\n")
    ran = course.dojo("class", str(tmp_path / "roster.csv"), "--verify", "--out", "out", env=env)
    assert ran.status == 2
    assert len(ran.lines) == 1
    assert "AppArmor forbids it" in ran.out
    assert not (course.root / "out").exists()


LIMIT = Limits(memory=1_200_000_000)
# Bodies of double. Each asks for about 3 GB, in small pieces.
HOGS = {
    "private": "kept = [bytearray(100_000_000) for _ in range(30)]",
    "shared": "import mmap\nkept = [mmap.mmap(-1, 10**8) for _ in range(30)]\nfor m in kept: m.write(bytes(10**8))",
    "shared_zeros": """
import mmap
kept = []
for _ in range(30):
    with open("/dev/zero", "r+b") as file:
        kept.append(mmap.mmap(file.fileno(), 100_000_000))
    kept[-1].write(bytes(10**8))
""",
    "memfd": """
import os
for _ in range(60):
    fd = os.memfd_create("x")
    os.write(fd, bytes(50_000_000))
""",
    "tmpfs": """
for folder in ("/tmp", "/dev/shm"):
    for n in range(60):
        with open(f"{folder}/{n}", "wb") as file: file.write(bytes(50_000_000))
""",
    "processes": """
import os, time
for _ in range(8):
    if os.fork() == 0:
        kept = bytearray(400_000_000)
        time.sleep(60)
time.sleep(5)
""",
    "sysv": "import ctypes\nassert ctypes.CDLL(None).shmget(0, 10**9, 0o1777) >= 0, 'refused'",
}


@pytest.mark.full
@BWRAP
@pytest.mark.parametrize("name", HOGS)
def test_memory_is_limited_for_all_processes_together(name):
    told = judged(_with_double(HOGS[name] + "\nreturn 3 * x"), LIMIT, Walls.SANDBOX)
    # The system refuses some of the memory in the learner's own line, or the sum ends the run.
    assert told == {"problem": "it used more than 1.2 GB of memory"} or told["double"] in ("error", "crash", "cheating")


# Notes its arguments. `limit`: what it says to somebody who asks for the limit on memory of the group.
SYSTEMD_RUN = """#!/bin/sh
echo "$@" >> {notes}
while [ "$1" != sh ] && [ "$1" != env ]; do shift; done
case $1 in sh) echo {limit} ;; *) exec "$@" ;; esac
"""


@pytest.mark.full
@pytest.mark.parametrize("holds", [True, False])
def test_systemd_makes_a_group_with_limits_if_they_hold(tmp_path, monkeypatch, holds):
    limit = 1_649_999_872  # 1.1 times as much as judged below, in whole pages
    notes, program = tmp_path / "notes", tmp_path / "systemd-run"
    program.write_text(SYSTEMD_RUN.format(notes=notes, limit=limit if holds else "max"))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    control_group.holds.cache_clear()
    assert judged(SOLVED, Limits(memory=1_500_000_000)) == {"double": "green"}
    asked, *judgements = notes.read_text().splitlines()
    assert f"-p MemoryMax={limit} -p MemorySwapMax=0 -p TasksMax=192 sh -c" in asked
    assert [f"-p MemoryMax={limit}" in each for each in judgements] == [True] * holds


@pytest.mark.full
@BWRAP
def test_processes_are_limited_for_the_whole_judgement():
    body = """
import os, time
made = []
try:
    for _ in range(1500):
        made.append(os.fork())
        if made[-1] == 0:
            time.sleep(60)
            os._exit(0)
except OSError:
    pass
for pid in made:
    os.kill(pid, 9)
    os.waitpid(pid, 0)
raise RuntimeError("few" if 50 < len(made) < 128 else f"{len(made)} processes")
"""
    told = judged(_with_double(body), Limits(memory=40_000_000_000), Walls.SANDBOX)
    assert told == {"double": "error", "raised": "RuntimeError: few"}


def _with_double(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.strip("\n").splitlines())
    return SOLVED.replace("    return 2 * x\n", lines, 1)


def test_a_user_for_one_judgement_is_nobody():
    pwd = pytest.importorskip("pwd")
    with pytest.raises(KeyError):
        pwd.getpwuid(sandbox.spare_user())


@AS_ROOT
def test_root_does_not_run_a_learners_code(tmp_path):
    if not why_no_other_user():
        pytest.skip("another user can be had here")
    told = judged(SOLVED, walls=Walls.NONE)
    assert told["refused"].startswith("Learners' code does not run as root, and ")

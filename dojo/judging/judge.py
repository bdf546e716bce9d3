"""The only judge of somebody else's katas, for CI, `dojo class --verify` and the workers of a Dask cluster.

A supervisor (dojo.running.judged_run) runs the course's tests in forks that are locked down first. Then it writes one
verdict to its standard output, a pipe. The verdict counts if it has the nonce, if it names the steps of the course, and
if it agrees with the exit status. The supervisor reads the nonce only after all tests have ended.
"""

from __future__ import annotations

import enum
import hashlib
import io
import json
import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dojo
from dojo.course.curriculum import Curriculum, read_curriculum
from dojo.course.definitions import is_unwritten, read_source
from dojo.course.given_code import read_repairs
from dojo.course.layout import CARDS, given_files, judging_parts, kata_files, lesson_pages
from dojo.course.stubs import cards_of
from dojo.judging import lockdown, sandbox
from dojo.judging.control_group import group_for
from dojo.judging.sandbox import Limits
from dojo.progress.data import Progress
from dojo.progress.reading import parse_progress
from dojo.support.errors import DojoError
from dojo.support.text import clean
from dojo.support.versions import version_of

_SUPERVISOR = "dojo.running.judged_run"
# A larger file, in bytes, is not parsed outside the sandbox.
_MOST_PARSED = 100_000
# Up to this number of written katas, one process is faster than several processes that each collect all tests.
_FEW = 6
# A course with one step, to try the judge.
_TRIED = "lesson_1_trial/kata_01_one.py"
_TRIAL = {
    "pyproject.toml": "[tool.pytest.ini_options]\npython_files = ['kata_*.py']\n"
    "addopts = ['--import-mode=importlib']\n",
    f"katas/{_TRIED}": "def one():\n    raise NotImplementedError\n",
    f"tests/{_TRIED}": "from katas.lesson_1_trial import kata_01_one as kata\n\n\n"
    "def test_one__is_one():\n    assert kata.one() == 1\n",
}


class NoVerdict(DojoError):
    """There is no verdict. The message says why, without a full stop."""


class Walls(enum.Enum):
    """The protection of the machine from a learner's code: a sandbox, another user, or nothing.

    A BARE_USER can write to all files that everybody may write to. A USER can't.
    """

    SANDBOX = "in the sandbox"
    USER = "as another user"
    BARE_USER = "as another user, without Landlock"
    NONE = "not protected"


def walls_here(*, in_container: bool = False) -> Walls:
    """The best protection that this machine has.

    in_container: this is a container for one submission, so another user without Landlock is enough.
    """
    if not sandbox.why_not():
        return Walls.SANDBOX
    if not why_no_other_user():
        return Walls.USER
    if in_container and not (_why_no_root() or _why_not_open() or lockdown.landlock_version()):
        return Walls.BARE_USER
    return Walls.NONE


def protection_of(walls: Walls) -> str:
    """A sentence or two about how these walls protect a verdict."""
    if walls is Walls.SANDBOX:
        return "The learner's code ran in a sandbox."
    if walls is Walls.USER:
        return "The learner's code ran as another user. This machine or container is its sandbox."
    if walls is Walls.BARE_USER:
        return (
            "The learner's code ran as another user, who can write to what everybody may write to, because the kernel "
            "has no Landlock. This machine or container is its sandbox."
        )
    return (
        f"This verdict is not protected against code that attacks the judge: {sandbox.problem()[0]}, and "
        f"{why_no_other_user()}. This machine or container is the code's sandbox."
    )


def why_no_judge() -> str:
    """Why katas can't be judged on this system, and what to do; "" if they can."""
    if not lockdown.is_supported():
        return "The judge works only on Linux (x86-64 or arm64): use Linux, a virtual machine or a container"
    return ""


def can_verify() -> tuple[bool, str, str]:
    """Whether this machine can verify a class, a sentence that says so, and what to do if it cannot."""
    reason = why_no_judge()
    if reason:
        says, _, remedy = reason.partition(": ")
        return False, f"{says}.", remedy
    problem, remedy = sandbox.problem()
    if problem:
        return False, f"This machine cannot verify a class: {problem}.", remedy
    # Judge a course of one step.
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in _TRIAL.items():
                _write(Path(folder), name, text.encode())
            judge(archive_of(Path(folder)), {_TRIED: b"def one():\n    return 1\n"}, Limits(seconds=60), Walls.SANDBOX)
    except DojoError as error:
        return False, f"This machine cannot verify a class: {str(error).rstrip('.')}.", "dojo class --help"
    held = "limited by the kernel (cgroup v2)" if group_for(Limits().memory, 1, []) else "watched"
    return True, f"this machine can verify a class. The memory of all processes together is {held}", ""


def why_no_other_user() -> str:
    """Why learners' code can't run as another user; "" if it can."""
    no_landlock = "the kernel has no Landlock, so another user could write to what everybody may write to"
    return _why_no_root() or ("" if lockdown.landlock_version() else no_landlock) or _why_not_open()


def _why_no_root() -> str:
    if os.geteuid():
        if shutil.which("sudo") is None:
            return "this is not root, and sudo is not installed"
        if subprocess.run(
            ["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False
        ).returncode:
            return "this is not root, and sudo asks for a password"
    return ""


def _why_not_open() -> str:
    closed = next((path for path in _read_by_tests() if not _is_open(path)), None)
    return f"other users may not read {closed}" if closed else ""


def _read_by_tests() -> list[Path]:
    """The folders that tests read, so that a process of another user must be able to read them."""
    import torch

    return [Path(os.__file__).parent, Path(os.path.abspath(torch.__file__)).parent, Path(tempfile.gettempdir())]


def _is_open(path: Path) -> bool:
    """Whether everybody may read a folder and enter the folders above it."""
    return all(each.stat().st_mode & 0o001 for each in (path, *path.parents)) and bool(path.stat().st_mode & 0o004)


def archive_of(root: Path) -> bytes:
    """Everything of the course that a judgement needs, as a tar archive. Equal files make equal archives."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        files = {name: path.read_bytes() for name, path in judge_files(root)}
        for name, data in sorted((files | _cards(root)).items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return archive.getvalue()


def key_of(archive: bytes, katas: str | None) -> str:
    """A digest of everything that a verdict depends on: the archive, Python, torch, and git's id of the katas."""
    digest = hashlib.sha256(archive)
    digest.update(f"{sys.version} {version_of('torch') or ''} {katas}".encode())
    return digest.hexdigest()[:32]


def judge(
    archive: bytes, katas: dict[str, bytes], limits: Limits, walls: Walls, *, processes: str = "", relay: bool = False
) -> Progress:
    """Judge one learner's katas (files by path) with the archive of a course; return the progress.

    processes: the value of pytest's option -n, or "". With "auto" there is one process if few katas are written.
    relay: print everything that pytest prints, as soon as it does.
    Raises NoVerdict if there is no verdict, and DojoError if this machine does not have these walls.
    """
    reason = why_no_judge() or (sandbox.why_not() if walls is Walls.SANDBOX else "")
    if reason:
        raise DojoError(reason + ".")
    # Another user must be able to read these files, so everybody may enter the folders above them.
    with tempfile.TemporaryDirectory(prefix="dojo-judge-", ignore_cleanup_errors=True) as folder:
        place = _Place(Path(folder).resolve())
        _lay_out(place, archive, katas)
        curriculum = read_curriculum(place.course)
        steps = [step.id for step in curriculum.steps()]
        if processes == "auto" and _written(place.course, curriculum, katas) <= _FEW:
            processes = ""
        nonce = secrets.token_hex(16)
        result = _run(place, limits, walls, processes, nonce.encode(), relay)
        seen = ("/judge/", "/learner/", f"{place.course}{os.sep}", f"{place.learner}{os.sep}")
    progress = _verdict(result, nonce, steps, seen)
    progress.judged = "katas"
    return progress


class _Place:
    """The folders of one judgement."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.course = folder / "course"
        self.learner = folder / "learner"
        self.katas = self.learner / "katas"
        self.scratch = folder / "scratch"


def _lay_out(place: _Place, archive: bytes, katas: dict[str, bytes]) -> None:
    """Write the course and the learner's katas, so that everybody may read them and only this user may write."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        # archive_of has written only plain files with relative names.
        for entry in tar:
            content = tar.extractfile(entry)
            assert content is not None
            _write(place.course, entry.name, content.read())
    for each in (place.course / "katas", place.katas, place.scratch):
        each.mkdir(parents=True, exist_ok=True)
    for name, data in katas.items():
        _write(place.katas, name, data)
    # The files that the course gives in katas/ look for the folder data/ next to katas/.
    if (place.course / "data").is_dir():
        shutil.copytree(place.course / "data", place.learner / "data")
    for path in (place.folder, *place.folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _written(course: Path, curriculum: Curriculum, katas: dict[str, bytes]) -> int:
    """The number of katas with a written step. A file that is too large to be parsed here counts as written."""
    number = 0
    for kata in curriculum.katas():
        data = katas.get(f"{kata.id}.py", b"")
        own = read_source(data.decode("utf-8-sig", errors="replace")) if len(data) <= _MOST_PARSED else None
        repairs = read_repairs(course, kata.id)
        number += own is None or not all(is_unwritten(step.name, own, repairs) for step in kata.steps)
    return number


def _run(place: _Place, limits: Limits, walls: Walls, processes: str, nonce: bytes, relay: bool) -> sandbox.Result:
    """Run the supervisor behind the walls, give it the nonce, and wait until all of its processes have ended."""
    as_user, inside = walls in (Walls.USER, Walls.BARE_USER), walls is Walls.SANDBOX
    if walls is Walls.NONE and os.geteuid() == 0:
        raise DojoError(
            f"Learners' code does not run as root, and {why_no_other_user()}. Install bubblewrap, or run this command "
            "as another user."
        )
    user = sandbox.spare_user() if as_user or os.geteuid() == 0 else None
    place.scratch.chmod(0o777)
    # In the sandbox, the folders have other names.
    outside = (str(place.course), str(place.katas), str(place.scratch))
    seen, against, temporary = ("/judge", "/learner/katas", "/tmp") if inside else outside
    rules = lockdown.Lockdown(None if inside else user, temporary, limits.memory, only_scratch=walls is Walls.USER)
    command = _supervisor(rules, seen, against, processes)
    if inside:
        launcher = f"{seen}/dojo/judging/{Path(sandbox.LAUNCHER).name}"
        command = sandbox.limited(command, limits, launcher=launcher, user=user, alone=True)
        folders = {place.course: "/judge", place.learner: "/learner"}
        command = ["bwrap", *sandbox.walls(folders), "--chdir", seen, "--", *command]
    else:
        command = sandbox.limited(command, limits, launcher=sandbox.LAUNCHER, user=None, alone=False)
    number = _number_of(processes)
    group = Limits(limits.seconds * number, limits.memory * number, limits.prints)
    env = sandbox.environment(seen, temporary)
    before = _words_before(group.memory, number, as_user)
    if before:
        command = [*before, "env", "-i", *(f"{name}={value}" for name, value in env.items()), *command]
        env = dict(os.environ)
    return sandbox.run_limited(
        command, cwd="/" if inside else seen, env=env, given=nonce, limits=group, user=user, relay=relay
    )


def _supervisor(rules: lockdown.Lockdown, course: str, katas: str, processes: str) -> list[str]:
    """The command that judges the folder `katas` with the folder `course`. Its forks follow the rules."""
    command = [os.path.abspath(sys.executable), "-m", _SUPERVISOR, "--dojo-judged", rules.as_text()]
    command += ["-p", "dojo.plugin", "--all", "--device", "cpu", "--device", "sim", "--isolation", "fork"]
    command += ["-p", "no:cacheprovider", "-q", "-rN", "--tb=no", "--no-header", "--rootdir", course]
    return [*command, "-c", f"{course}/pyproject.toml", f"--against={katas}", *(["-n", processes] if processes else [])]


def _number_of(processes: str) -> int:
    """The number of processes that a value of pytest's option -n means. Without a value it is one."""
    if not processes or processes.isdigit():
        return max(1, int(processes or 1))
    return os.cpu_count() or 1


def _words_before(memory: int, number: int, as_user: bool) -> list[str]:
    """The words before a command that make this user root and limit the group of its processes, if they are needed."""
    root = ["sudo", "-n", "--"] if as_user and os.geteuid() else []
    return [*root, *group_for(memory, number, root)]


def _verdict(result: sandbox.Result, nonce: str, steps: list[str], prefixes: tuple[str, ...] = ()) -> Progress:
    """The progress that the supervisor sent, without `prefixes` in its paths. Raises NoVerdict if it is not sound."""
    if result.ended or result.status not in (0, 1):
        raise NoVerdict(result.ended or f"the judge ended with status {result.status}{_last_words(result)}")
    try:
        sent = json.loads(result.printed)
        honest = secrets.compare_digest(str(sent["nonce"]), nonce) and sent["status"] == result.status
        progress = parse_progress(json.dumps(_without(sent["progress"], prefixes)).encode(), "its verdict")
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NoVerdict("its verdict is damaged or forged") from None
    except DojoError as error:
        raise NoVerdict(str(error).rstrip(".")) from None
    totals = progress.totals
    if not honest or [step.id for step in progress.steps] != steps:
        raise NoVerdict("its verdict is damaged or forged")
    if result.status != int(totals.red + totals.broken > 0):
        raise NoVerdict(f"its verdict and the judge's exit status ({result.status}) contradict each other")
    if totals.not_run == totals.steps:
        raise NoVerdict("no step could be run")
    return progress


def _last_words(result: sandbox.Result) -> str:
    """A colon and the line in which a supervisor that failed said why; "" if there is no such line."""
    lines = [line for line in clean(result.told).splitlines() if line.strip()]
    # If the supervisor was killed, its last line is pytest's dots.
    lines = [line for line in lines if "rror:" in line] or (lines if result.status > 0 else [])
    return f": {lines[-1].strip()[:200]}" if lines else ""


def _without(value: Any, prefixes: tuple[str, ...]) -> Any:
    """The same data, without `prefixes` in its texts."""
    if isinstance(value, str):
        for prefix in prefixes:
            value = value.replace(prefix, "")
        return value
    if isinstance(value, list):
        return [_without(each, prefixes) for each in value]
    if isinstance(value, dict):
        return {key: _without(each, prefixes) for key, each in value.items()}
    return value


def judge_files(root: Path) -> Iterator[tuple[str, Path]]:
    """The path of each file that the judge needs of a course: in the course that it judges with, and on this disk."""
    package = Path(dojo.__file__).parent
    # The learner's code must not see the solutions or the history of the course, so they are left out.
    for name in judging_parts():
        # The archive gets the machinery that is running now, wherever it is installed.
        top = package if name == "dojo" else root / name
        files = [top] if top.is_file() else top.rglob("*")
        for path in files:
            if path.is_file() and "__pycache__" not in path.parts:
                yield (Path(name) / path.relative_to(top)).as_posix(), path
    for path in (*given_files(root), *lesson_pages(root)):
        yield path.relative_to(root).as_posix(), path


def _cards(root: Path) -> dict[str, bytes]:
    """The cards of the course, by path. Tests run their examples."""
    katas = [f"{path.parent.name}/{path.stem}" for path in kata_files(root / "solutions")]
    return {f"{CARDS}/{kata}.py": cards_of(root, kata).encode() for kata in katas}


def _write(folder: Path, name: str, data: bytes) -> None:
    """Write a file below a folder. A name that leads out of the folder is left out."""
    path = folder / name
    if folder not in path.parents or ".." in Path(name).parts:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)

"""The one judge of somebody else's katas, for CI, `dojo class --verify` and the workers of a Dask cluster.

A supervisor (dojo.running.judged_run) runs the course's tests, each in a fork that is locked down first, and sends one
verdict through the pipe that is its standard output. The verdict counts if it carries the nonce, which the supervisor
reads only after all tests have ended, if it names the course's steps, and if it agrees with the exit status.
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
from importlib import metadata
from pathlib import Path
from typing import Any

import dojo
from dojo.course.curriculum import read_curriculum
from dojo.course.layout import CARDS, given_files, judging_parts, kata_files, lesson_pages
from dojo.course.stubs import cards_of
from dojo.judging import lockdown, sandbox
from dojo.judging.sandbox import Limits
from dojo.progress.data import Progress
from dojo.progress.reading import parse_progress
from dojo.support.errors import DojoError
from dojo.support.text import clean

_SUPERVISOR = "dojo.running.judged_run"
# Files of one learner that are judged: no kata is larger, in bytes, and no course has more.
_MOST_KATA = 8_000_000
_MOST_FILES = 2_000
# A course of one step, to try the judge with.
_TRIED = "lesson_1_trial/kata_01_one.py"
_TRIAL = {
    "pyproject.toml": "[tool.pytest.ini_options]\npython_files = ['kata_*.py']\n"
    "addopts = ['--import-mode=importlib']\n",
    f"katas/{_TRIED}": "def one():\n    raise NotImplementedError\n",
    f"tests/{_TRIED}": "from katas.lesson_1_trial import kata_01_one as kata\n\n\n"
    "def test_one__is_one():\n    assert kata.one() == 1\n",
}


class NoVerdict(DojoError):
    """There is no verdict; the message is a clause that says why, without a full stop."""


class Walls(enum.Enum):
    """What stands between a learner's code and the machine: a sandbox, another user, or nothing."""

    SANDBOX = "in the sandbox"
    USER = "as another user"
    NONE = "not protected"


def walls_here() -> Walls:
    """The best that this machine has: the sandbox, or else another user."""
    if not sandbox.why_not():
        return Walls.SANDBOX
    return Walls.NONE if why_no_other_user() else Walls.USER


def why_no_judge() -> str:
    """Why learners' katas cannot be judged on this system at all, and what to do; empty if they can be judged."""
    if not lockdown.is_supported():
        return "The judge works on Linux (x86-64 or arm64) only: run it there, or in a virtual machine or a container"
    return ""


def can_verify() -> tuple[bool, str, str]:
    """Whether this machine can verify a class, a sentence about it, and what to do if it cannot."""
    reason = why_no_judge()
    if reason:
        says, _, remedy = reason.partition(": ")
        return False, f"{says}.", remedy
    problem, remedy = sandbox.problem()
    if problem:
        return False, f"This machine cannot verify a class: {problem}.", remedy
    # The whole way, with a course of one step.
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in _TRIAL.items():
                _write(Path(folder), name, text.encode())
            judge(archive_of(Path(folder)), {_TRIED: b"def one():\n    return 1\n"}, Limits(seconds=60), Walls.SANDBOX)
    except DojoError as error:
        return False, f"This machine cannot verify a class: {str(error).rstrip('.')}.", "dojo class --help"
    return True, "this machine can verify a class: its sandbox holds what docs/instructors.md says", ""


def why_no_other_user() -> str:
    """Why no other user's rights can be taken on; empty if they can."""
    if os.geteuid():
        if shutil.which("sudo") is None:
            return "this is not root, and sudo is not installed"
        if subprocess.run(
            ["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False
        ).returncode:
            return "this is not root, and sudo asks for a password"
    if not lockdown.landlock_version():
        return "the kernel has no Landlock, so another user could write to what everybody may write to"
    closed = next((path for path in _read_by_tests() if not _is_open(path)), None)
    return f"other users may not read {closed}" if closed else ""


def _read_by_tests() -> list[Path]:
    """Folders that a process of another user must be able to read."""
    import torch

    return [Path(os.__file__).parent, Path(os.path.abspath(torch.__file__)).parent, Path(tempfile.gettempdir())]


def _is_open(path: Path) -> bool:
    """Whether everybody may read a folder, and enter those above it."""
    return all(each.stat().st_mode & 0o001 for each in (path, *path.parents)) and bool(path.stat().st_mode & 0o004)


def archive_of(root: Path) -> bytes:
    """The course's own half of a judgement, as a tar archive that is the same for the same files."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        files = {name: path.read_bytes() for name, path in _judge_files(root)}
        for name, data in sorted((files | _cards(root)).items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return archive.getvalue()


def key_of(archive: bytes, katas: str | None) -> str:
    """What a verdict depends on: the judge, the versions that run it, and git's id of the learner's katas."""
    digest = hashlib.sha256(archive)
    try:
        torch = metadata.version("torch")
    except metadata.PackageNotFoundError:
        torch = ""
    digest.update(f"{sys.version} {torch} {katas}".encode())
    return digest.hexdigest()[:32]


def katas_in(folder: Path) -> dict[str, bytes]:
    """The files of a learner's katas by path; links, and what is too large for a kata, are left out."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        plain = path.is_file() and not any(
            each.is_symlink() for each in (path, *path.parents) if folder in each.parents
        )
        if plain and "__pycache__" not in path.parts and path.stat().st_size <= _MOST_KATA and len(found) < _MOST_FILES:
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def judge(
    archive: bytes,
    katas: dict[str, bytes],
    limits: Limits,
    walls: Walls,
    *,
    processes: str = "",
    relay: bool = False,
) -> Progress:
    """Judge one learner's katas (files by path) with a course's archive; return the progress.

    processes: how many run side by side, as pytest's -n has it. relay: print what pytest says as it comes.
    Raises NoVerdict if there is no verdict, and DojoError if this machine cannot judge so.
    """
    reason = why_no_judge() or (sandbox.why_not() if walls is Walls.SANDBOX else "")
    if reason:
        raise DojoError(reason + ".")
    # Not below a folder that only its owner may enter, as temporary folders are: another user reads the files.
    with tempfile.TemporaryDirectory(prefix="dojo-judge-", ignore_cleanup_errors=True) as folder:
        place = Path(folder).resolve()
        course, theirs, scratch = place / "course", place / "learner" / "katas", place / "scratch"
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            # Made by archive_of: plain files with relative names.
            for entry in tar:
                content = tar.extractfile(entry)
                assert content is not None
                _write(course, entry.name, content.read())
        for each in (course / "katas", theirs, scratch):
            each.mkdir(parents=True, exist_ok=True)
        for name, data in katas.items():
            _write(theirs, name, data)
        # A file that is given in katas/ finds the course's data beside its own folder.
        if (course / "data").is_dir():
            shutil.copytree(course / "data", theirs.parent / "data")
        for path in (place, *place.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        steps = [step.id for step in read_curriculum(course).steps()]
        nonce = secrets.token_hex(16)
        result = _run(course, theirs, scratch, limits, walls, processes, nonce.encode(), relay)
        seen = ("/judge/", "/learner/", f"{course}{os.sep}", f"{theirs.parent}{os.sep}")
    progress = _verdict(result, nonce, steps, seen)
    progress.judged = "katas"
    return progress


def _run(
    course: Path, theirs: Path, scratch: Path, limits: Limits, walls: Walls, processes: str, nonce: bytes, relay: bool
) -> sandbox.Result:
    """Run the supervisor behind the walls, give it the nonce, and wait until it has ended with all its processes."""
    user = sandbox.spare_user() if walls is Walls.USER or os.geteuid() == 0 else None
    if walls is Walls.NONE and os.geteuid() == 0:
        raise DojoError(
            f"Learners' code does not run as root, and {why_no_other_user()}. Install bubblewrap, or run this as "
            "another user."
        )
    inside = walls is Walls.SANDBOX
    seen, against, temporary = ("/judge", "/learner/katas", "/tmp") if inside else map(str, (course, theirs, scratch))
    scratch.chmod(0o777)
    rules = lockdown.Lockdown(None if inside else user, temporary, limits.memory, only_scratch=walls is Walls.USER)
    command = [os.path.abspath(sys.executable), "-m", _SUPERVISOR, "--dojo-judged", rules.as_text()]
    command += ["-p", "dojo.plugin", "--all", "--device", "cpu", "--device", "sim", "--isolation", "fork"]
    command += ["-p", "no:cacheprovider", "-q", "-rN", "--tb=no", "--no-header", "--rootdir", seen]
    command += ["-c", f"{seen}/pyproject.toml", f"--against={against}", *(["-n", processes] if processes else [])]
    env = sandbox.environment(seen, temporary)
    if inside:
        launcher = f"{seen}/dojo/judging/{Path(sandbox.LAUNCHER).name}"
        command = sandbox.limited(command, limits, launcher=launcher, user=user, alone=True)
        folders = {course: "/judge", theirs.parent: "/learner"}
        command = ["bwrap", *sandbox.walls(folders), "--chdir", seen, "--", *command]
    else:
        command = sandbox.limited(command, limits, launcher=sandbox.LAUNCHER, user=None, alone=False)
        if walls is Walls.USER and os.geteuid():
            command = ["sudo", "-n", "--", "env", "-i", *(f"{name}={value}" for name, value in env.items()), *command]
    number = max(1, int(processes or 1) if processes.isdigit() or not processes else os.cpu_count() or 1)
    group = Limits(limits.seconds * number, limits.memory * number, limits.prints)
    return sandbox.run_limited(
        command, cwd="/" if inside else seen, env=env, given=nonce, limits=group, user=user, relay=relay
    )


def _verdict(result: sandbox.Result, nonce: str, steps: list[str], prefixes: tuple[str, ...] = ()) -> Progress:
    """The progress that the supervisor sent; paths in it lose their `prefixes`. Raises NoVerdict unless all agrees."""
    if result.ended:
        raise NoVerdict(result.ended)
    if result.status not in (0, 1):
        lines = [line for line in clean(result.told).splitlines() if line.strip()]
        lines = [line for line in lines if "rror:" in line] or lines
        said = f": {lines[-1].strip()[:200]}" if lines else ""
        raise NoVerdict(f"the judge ended with status {result.status}{said}")
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


def _without(value: Any, prefixes: tuple[str, ...]) -> Any:
    """The same data, and in its texts no path begins with one of `prefixes`."""
    if isinstance(value, str):
        for prefix in prefixes:
            value = value.replace(prefix, "")
        return value
    if isinstance(value, list):
        return [_without(each, prefixes) for each in value]
    if isinstance(value, dict):
        return {key: _without(each, prefixes) for key, each in value.items()}
    return value


def _judge_files(root: Path) -> Iterator[tuple[str, Path]]:
    package = Path(dojo.__file__).parent
    # The solutions and the history of the course stay out of the sight of the code that is judged.
    for name in judging_parts():
        # The machinery that judges is the one that runs, wherever it is installed.
        top = package if name == "dojo" else root / name
        files = [top] if top.is_file() else top.rglob("*")
        for path in files:
            if path.is_file() and "__pycache__" not in path.parts:
                yield (Path(name) / path.relative_to(top)).as_posix(), path
    for path in (*given_files(root), *lesson_pages(root)):
        yield path.relative_to(root).as_posix(), path


def _cards(root: Path) -> dict[str, bytes]:
    """The cards of the course by path, because tests run their examples."""
    katas = [f"{path.parent.name}/{path.stem}" for path in kata_files(root / "solutions")]
    return {f"{CARDS}/{kata}.py": cards_of(root, kata).encode() for kata in katas}


def _write(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    if folder not in path.parents or ".." in Path(name).parts:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)

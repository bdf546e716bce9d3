"""Kills commands of the dojo at a random moment, and says what is wrong afterwards."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ..forks import ENV, git
from ..small_course import DOUBLING, FILES, ONLY_THE_CPU, ROOT, SOLVED

KATA = "katas/lesson_1_numbers/kata_01_doubling.py"
# A red answer, so that watch and pytest have something to report and reset has something to keep.
MINE = SOLVED.replace("return 2 * x", "return x + x  # mine").replace("dim=1", "dim=0")
_PLUGIN = ["-p", "only_the_cpu"]
COMMANDS = {
    "reset": ["dojo", "reset", "double"],
    "again": ["dojo", "again"],
    "update": ["dojo", "update"],
    "hint": ["dojo", "hint", "double"],
    "progress writing": ["pytest", "--all", "-q", "--progress-json", "progress.json", *_PLUGIN],
    "watch": ["dojo", "watch", "--plain", "--device", "cpu"],
}
# How long a child of a killed command may live, in seconds.
_LINGER = 5.0
# A watch does not end by itself. It is killed within so many seconds.
_WATCHED = 4.0


class Victims:
    """Copies of a course in which a learner has written an answer. Each copy is for one kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = folder / "first"
        self._count = 0
        self._seconds: dict[str, float] = {}
        upstream = folder / "upstream"
        _write(
            upstream, FILES | {"only_the_cpu.py": ONLY_THE_CPU, ".gitignore": ".dojo/\n__pycache__/\n.pytest_cache/\n"}
        )
        for name in ("conftest.py", "pyproject.toml"):
            shutil.copy(ROOT / name, upstream)
        git(upstream, "init", "--quiet", "--initial-branch=main")
        git(upstream, "add", "--all")
        git(upstream, "commit", "--quiet", "--message=one")
        git(folder, "clone", "--quiet", "--origin=upstream", str(upstream), str(self.first))
        git(self.first, "config", "user.name", "Someone")
        git(self.first, "config", "user.email", "someone@example.org")
        _write(upstream, {KATA: DOUBLING.replace("the sum of each row", "each row's sum")})
        git(upstream, "commit", "--quiet", "--all", "--message=two")
        _write(self.first, {KATA: MINE})
        git(self.first, "commit", "--quiet", "--all", "--message=mine")
        # Make the files of the memory, which a kill could damage.
        _finished(self.first, COMMANDS["progress writing"])
        _finished(self.first, COMMANDS["hint"])

    def copy(self) -> Path:
        self._count += 1
        return Path(shutil.copytree(self.first, self.folder / f"victim_{self._count}"))

    def seconds(self, name: str) -> float:
        """How long a command takes."""
        if name not in self._seconds:
            began = time.monotonic()
            if name != "watch":
                _finished(self.copy(), COMMANDS[name])
            self._seconds[name] = time.monotonic() - began if name != "watch" else _WATCHED
        return self._seconds[name]

    def kill(self, name: str, chance: random.Random) -> list[str]:
        """Kill a command at a random moment; return what is wrong then."""
        root = self.copy()
        moment = chance.uniform(0.0, 1.0) * self.seconds(name)
        process = subprocess.Popen(
            [sys.executable, "-m", *COMMANDS[name]],
            cwd=root,
            env=_environment(root),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if name == "watch":
            # Save a file in the meantime.
            time.sleep(moment / 2)
            _write(root, {KATA: MINE + "\n# saved\n"})
            moment /= 2
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
        wrong = [f"{name} killed after {moment:.2f} s: {text}" for text in _wrong(root, name)]
        if not wrong:
            shutil.rmtree(root)
        return wrong


def _wrong(root: Path, name: str) -> Iterator[str]:
    deadline = time.monotonic() + _LINGER
    while (left := _running_in(root)) and time.monotonic() < deadline:
        time.sleep(0.05)
    if left:
        yield f"still running: {left}"
    text = (root / KATA).read_text(encoding="utf-8")
    copies = [path.read_text(encoding="utf-8") for path in (root / ".dojo").glob(f"backups/*/{KATA[6:]}")]
    if not any("# mine" in each and "def __call__" in each for each in (text, *copies)):
        yield "the learner's answer is lost"
    # Any version is right if it is complete.
    if not text.endswith(("self.count\n", "raise NotImplementedError\n", "# saved\n")):
        yield f"the learner's file is half written: {text[-80:]!r}"
    file = root / "progress.json"
    if file.exists():
        json.loads(file.read_text(encoding="utf-8"))
    # The next start repairs what is damaged.
    for command in (["dojo", "list"], COMMANDS["update" if name == "update" else "progress writing"]):
        ran = _run(root, command)
        if ran.returncode not in (0, 1) or "Traceback" in ran.stdout or "INTERNALERROR" in ran.stdout:
            yield f"then `{' '.join(command)}` ends with {ran.returncode}: {ran.stdout[-1500:]}"


def _running_in(root: Path) -> list[str]:
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                state = (process / "stat").read_text().rpartition(")")[2].split()[0]
                if state != "Z" and Path(os.readlink(process / "cwd")).is_relative_to(root):
                    found.append((process / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
    return found


def _finished(root: Path, command: list[str]) -> None:
    ran = _run(root, command)
    assert ran.returncode in (0, 1), ran.stdout


def _run(root: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=root,
        env=_environment(root),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _environment(root: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return kept | ENV | {"PYTHONPATH": f"{ROOT}{os.pathsep}{root}", "NO_COLOR": "1"}


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def killed(folder: Path, names: list[str], times: int, seed: int, say: Callable[[str], None]) -> list[str]:
    """Kill each command `times` times; return what is wrong. `say` gets a line after each command."""
    victims, chance = Victims(folder), random.Random(seed)
    wrong = []
    for name in names:
        found = [victims.kill(name, chance) for _ in range(times)]
        say(f"{name}: {sum(not each for each in found)} of {times} kills survived")
        wrong += [text for each in found for text in each]
    return wrong

"""From saving a file to the verdict on the screen: python checks/bench/watch.py [--runs 30]

Starts `dojo watch` in a terminal on a clone of this course, saves a step again and again (one step with tensors, one
with an optimizer), and measures the time until the verdict is on the screen. Then measures `pytest <that test file>`
in a fresh process, and pytest-watcher and pytest-xdist's --looponfail if they are installed. Prints medians, 95th
percentiles, ratios, the memory of the runner, and the CPU time of an idle watch.
"""

from __future__ import annotations

import argparse
import os
import pty
import re
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dojo.course.definitions import read_definitions
from dojo.course.layout import find_root

ROOT = find_root(Path(__file__).parent)
# A step, and one of its mistakes.
STEPS = {
    "tensor step (full_of)": ("lesson_1_tensors/kata_01_creating", "full_of", "dtype_follows_the_value"),
    "optimizer step (train_step)": ("lesson_4_training_loop/kata_04_loop", "train_step", "no_clearing"),
}


class Terminal:
    """A program in a terminal of 80 by 24, and its output."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(folder), "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"},
        )
        os.close(slave)

    def wait_for(self, wanted: str, seconds: float = 60.0) -> bool:
        """Read until the output since the call matches a pattern; return whether it does."""
        written = ""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            if select.select([self.master], [], [], 0.05)[0]:
                try:
                    written += os.read(self.master, 1 << 16).decode(errors="replace")
                except OSError:
                    return False
                if re.search(wanted, re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written)):
                    return True
        return False

    def drain(self, seconds: float) -> None:
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            if select.select([self.master], [], [], 0.02)[0]:
                os.read(self.master, 1 << 16)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def clone(folder: Path) -> Path:
    """A copy of the course."""
    course = folder / "course"
    if not course.exists():
        subprocess.run(["git", "clone", "-q", str(ROOT), str(course)], check=True)
        shutil.copytree(ROOT / "dojo", course / "dojo", dirs_exist_ok=True)
    return course


def with_body(course: Path, kata: str, step: str, body: str) -> str:
    """The text of a solved kata with another body for one step."""
    text = (course / "solutions" / f"{kata}.py").read_text(encoding="utf-8")
    head, _, tail = text.partition(f"def {step}(")
    docstring_ends = tail.index('"""', tail.index('"""') + 3) + 3
    begin, rest = tail[:docstring_ends], tail[docstring_ends:]
    following = re.search(r"\n\n\n", rest)
    return f"{head}def {step}({begin}\n{body}{rest[following.start() :] if following else ''}"


def versions(course: Path, kata: str, step: str) -> tuple[str, str]:
    """Two texts of a kata, in which the step is wrong in two different ways."""
    one, two = (with_body(course, kata, step, f"    raise {error}") for error in ("KeyError(1)", "ValueError(2)"))
    return one, two


def mistaken(course: Path, kata: str, step: str, mistake: str) -> tuple[str, str]:
    """The text of a kata with a known mistake in one step, and a pattern for the first words of its diagnosis."""
    path = course / "mistakes" / f"{kata}.py"
    definition = read_definitions(path)[f"{step}__{mistake}"]
    lines = path.read_text(encoding="utf-8").splitlines()[definition.line : definition.end_line]
    body = "\n".join(lines).partition('"""')[2].partition('"""')[2].strip("\n")
    return with_body(course, kata, step, body), " +".join(map(re.escape, definition.docstring.split()[:4]))


def measure_watch(
    course: Path, kata: str, step: str, mistake: str, runs: int
) -> tuple[list[float], list[float], Terminal]:
    """Seconds from save to verdict for `runs` saves, and from save to diagnosis for a third as many saves."""
    path = course / "katas" / f"{kata}.py"
    one, two = versions(course, kata, step)
    path.write_text(one, encoding="utf-8")
    terminal = Terminal([sys.executable, "-m", "dojo", "watch", f"{kata}/{step}"], course)
    assert terminal.wait_for("KeyError"), "no first verdict"
    terminal.drain(6)

    def save(text: str, shown: str) -> float:
        started = time.perf_counter()
        path.write_text(text, encoding="utf-8")
        assert terminal.wait_for(shown), "no verdict"
        seconds = time.perf_counter() - started
        # A person takes longer until the next save. Meanwhile the watch prepares the next run.
        terminal.drain(0.6)
        return seconds

    verdicts = [save(*((two, "ValueError"), (one, "KeyError"))[number % 2]) for number in range(runs)]
    wrong, words = mistaken(course, kata, step, mistake)
    diagnoses = []
    for _ in range(max(runs // 3, 3)):
        diagnoses.append(save(wrong, words))
        save(one, "KeyError")
    return verdicts, diagnoses, terminal


def memory(pid: int) -> float:
    """The proportional memory (PSS) of a process and its descendants, in MB."""
    total = 0
    pids = [pid]
    while pids:
        each = pids.pop()
        try:
            pids += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
            total += sum(
                int(line.split()[1])
                for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
                if line.startswith("Pss:")
            )
        except OSError:
            continue
    return total / 1024


def cpu(pid: int) -> float:
    """The CPU time of a process and its descendants, in seconds."""
    total, pids = 0.0, [pid]
    while pids:
        each = pids.pop()
        try:
            pids += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            continue
    return total


def cold(course: Path, kata: str, step: str, runs: int) -> list[float]:
    """Seconds of `pytest <the kata's tests> -k <the step>` in a fresh process."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        command = [sys.executable, "-m", "pytest", "-q", f"tests/{kata}.py", "-k", f"test_{step}__", "-x"]
        subprocess.run(
            command, cwd=course, env=os.environ | {"PYTHONPATH": str(course)}, capture_output=True, check=False
        )
        times.append(time.perf_counter() - started)
    return times


def rerunner(course: Path, kata: str, step: str, command: list[str], runs: int) -> list[float]:
    """Seconds from save to verdict for another program that runs tests after a save."""
    path = course / "katas" / f"{kata}.py"
    one, two = versions(course, kata, step)
    path.write_text(one, encoding="utf-8")
    terminal = Terminal(command, course)
    times = []
    try:
        if not terminal.wait_for("KeyError|failed", 60):
            return []
        terminal.drain(3)
        for number in range(runs):
            text, shown = ((two, "ValueError"), (one, "KeyError"))[number % 2]
            started = time.perf_counter()
            path.write_text(text, encoding="utf-8")
            if not terminal.wait_for(shown, 40):
                return times
            times.append(time.perf_counter() - started)
            terminal.drain(2)
    finally:
        terminal.close()
    return times


def line(name: str, times: list[float]) -> str:
    if not times:
        return f"  {name:<28} did not run here"
    ordered = sorted(times)
    last = ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]
    median = statistics.median(times) * 1000
    return f"  {name:<28} median {median:7.0f} ms   95th percentile {last * 1000:7.0f} ms   of {len(times)}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        for name, (kata, step, mistake) in STEPS.items():
            course = clone(Path(folder))
            print(name)
            watched, diagnosed, terminal = measure_watch(course, kata, step, mistake, runs)
            print(line("dojo watch", watched))
            print(line("  and its diagnosis", diagnosed))
            used = memory(terminal.process.pid)
            before = cpu(terminal.process.pid)
            terminal.drain(10)
            idle = (cpu(terminal.process.pid) - before) / 10
            terminal.close()
            others = {"pytest, cold": cold(course, kata, step, max(runs // 6, 3))}
            tests = [f"tests/{kata}.py", "-k", f"test_{step}__", "-x", "-q"]
            if shutil.which("ptw"):
                command = ["ptw", "katas", "--now", *tests]
                others["pytest-watcher"] = rerunner(course, kata, step, command, max(runs // 6, 3))
            loop = [sys.executable, "-m", "pytest", "-f", *tests]
            others["pytest --looponfail"] = rerunner(course, kata, step, loop, max(runs // 6, 3))
            for other, times in others.items():
                print(line(other, times))
                if times:
                    print(f"  {'':<28} {statistics.median(times) / statistics.median(watched):.1f} times dojo watch")
            print(f"  memory {used:.0f} MB, idle CPU {idle:.2%}")


if __name__ == "__main__":
    main()

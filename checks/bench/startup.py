"""The time that a learner waits: python checks/bench/startup.py [--runs 5]

Runs whole commands in turn (A B A B …) in fresh processes. Prints medians, and for each pair of commands the median of
the ratios pair by pair.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dojo.course.layout import find_root

ROOT = find_root(Path(__file__).parent)
EMPTY = "python -c pass"
IMPORTS = "import torch, pytest"
COMMANDS = {
    EMPTY: ["-c", "pass"],
    **{f"dojo {words}": ["-m", "dojo", *words.split()] for words in ("--help", "list", "list --json", "stats", "hint")},
    IMPORTS: ["-c", IMPORTS],
    "pytest, first red step": ["-m", "pytest"],
}


def seconds(command: list[str], folder: Path) -> float:
    """Return the wall-clock time of a Python command whose output is thrown away."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "course")
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        os.environ["PYTHONPATH"] = str(clone)
        # Learners have .pyc files.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in COMMANDS.values():
            seconds(command, clone)  # The first run fills the file cache and writes .pyc files.
        for _ in range(runs):
            for name, command in COMMANDS.items():
                times[name].append(seconds(command, clone))
    for name, found in times.items():
        base = EMPTY if name.startswith("dojo") else IMPORTS if name.startswith("pytest") else name
        ratio = statistics.median(a / b for a, b in zip(found, times[base], strict=True))
        line = f"{name:<24} median {statistics.median(found):6.3f} s   min {min(found):.3f}   max {max(found):.3f}"
        print(line if base == name else f"{line}   {ratio:.2f} times {base}")


if __name__ == "__main__":
    main()

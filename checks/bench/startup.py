"""How long a learner waits: python checks/bench/startup.py [--runs 5]

Times whole commands in turn (A B A B …) in fresh processes, and prints medians and the ratio pair by pair.
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


def seconds(command: list[str], folder: Path) -> float:
    """The wall-clock time of a command, its output thrown away."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "course")
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        os.environ["PYTHONPATH"] = str(clone)
        commands = {
            "import torch, pytest": [python, "-c", "import torch, pytest"],
            "pytest, first red step": [python, "-m", "pytest"],
            "dojo --help": [python, "-m", "dojo", "--help"],
            "dojo hint": [python, "-m", "dojo", "hint"],
            "python -c pass": [python, "-c", "pass"],
        }
        for command in commands.values():
            seconds(command, clone)  # a first run fills the file cache and writes .pyc files
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                times[name].append(seconds(command, clone))
    for name, found in times.items():
        print(f"{name:<24} median {statistics.median(found):6.3f} s   min {min(found):.3f}   max {max(found):.3f}")
    pairs = zip(times["pytest, first red step"], times["import torch, pytest"], strict=True)
    print(f"first red step / import torch, pytest: median ratio {statistics.median(a / b for a, b in pairs):.2f}")


if __name__ == "__main__":
    main()

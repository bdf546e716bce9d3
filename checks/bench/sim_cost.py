"""What `sim` costs: python checks/bench/sim_cost.py [--runs 5]

Prints the time to install `sim`; the time of an operator and of a small training loop relative to the CPU in the same
process; and the time of the whole suite on the solutions with `sim` and without, each in a fresh process.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
import torch._dynamo  # so that the first optimizer need not import it
from torch import nn

import dojo.sim
from dojo.course.layout import find_root

ROOT = find_root(Path(__file__).parent)


def seconds(work: Callable[[], object]) -> float:
    """The wall-clock time of a call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def operators(device: str) -> Callable[[], None]:
    """A thousand additions of three numbers."""
    x = torch.ones(3, device=device)

    def work() -> None:
        for _ in range(1000):
            x.add(x)

    return work


def training(device: str) -> Callable[[], None]:
    """A hundred steps of a small net on 64 samples."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3)).to(device)
    x, y = torch.randn(64, 8).to(device), torch.randint(0, 3, (64,)).to(device)
    optimizer = torch.optim.Adam(model.parameters(), 0.01)

    def work() -> None:
        for _ in range(100):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

    return work


def suite(devices: list[str]) -> None:
    """Every test on the solutions."""
    options = [part for device in devices for part in ("--device", device)]
    command = [sys.executable, "-m", "pytest", "--all", "--against", "solutions", "-q", *options]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    torch.set_num_threads(1)
    print(f"install: {seconds(dojo.sim.install) * 1000:.0f} ms")
    for name, make in (("operator", operators), ("training loop", training)):
        cpu, sim = make("cpu"), make("sim")
        cpu(), sim()
        pairs = [(seconds(sim), seconds(cpu)) for _ in range(runs)]
        middle = [statistics.median(column) * 1000 for column in zip(*pairs, strict=True)]
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"{name}: sim {middle[0]:.1f} ms, cpu {middle[1]:.1f} ms, median ratio {ratio:.1f}")
    pairs = [(seconds(lambda: suite([])), seconds(lambda: suite(["cpu"]))) for _ in range(runs)]
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"whole suite with sim {statistics.median(a for a, _ in pairs):.2f} s, median ratio to without {ratio:.2f}")


if __name__ == "__main__":
    main()

"""Kills commands at random moments: python checks/bench/kills.py [--times 50] [--command watch]

A kill is survived if no file of the learner is lost or half written, no process is left, and the next commands work.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from checks.hostile.kills import COMMANDS, killed


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--command", action="append", choices=list(COMMANDS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        names = options.command or list(COMMANDS)
        wrong = killed(Path(folder), names, options.times, options.seed, lambda text: print(text, flush=True))
    for text in wrong:
        print(text)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

"""How long a judgement of the whole course takes: python checks/bench/judging.py [--load 12] [-n 2]

It judges an untouched fork (the stubs) and a solved fork (the reference answers) in the sandbox, as
`dojo class --verify` does. The solved fork must be all green, also with --load.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from dojo.judging.judge import Walls, archive_of, judge
from dojo.judging.sandbox import Limits
from dojo.judging.submission import katas_in

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Run and print; the exit status is 1 if the solved fork is not all green."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--load", type=int, default=0, metavar="N", help="start so many busy processes first")
    parser.add_argument("-n", default="", metavar="N", help="processes side by side")
    parser.add_argument("--only", choices=["katas", "solutions"])
    options = parser.parse_args()
    archive = archive_of(ROOT)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(options.load)]
    wrong = False
    try:
        for tree in [options.only] if options.only else ["katas", "solutions"]:
            started = time.monotonic()
            progress = judge(archive, katas_in(ROOT / tree), Limits(), Walls.SANDBOX, processes=options.n)
            seconds = time.monotonic() - started
            totals, load = progress.totals, os.getloadavg()[0]
            print(f"{tree}: {totals.green} of {totals.steps} green in {seconds:.1f} s, load {load:.1f}")
            wrong = wrong or (tree == "solutions" and totals.green != totals.steps)
            for step in progress.steps if tree == "solutions" else []:
                if step.is_red:
                    print(f"  {step.id}: {step.failure}")
    finally:
        for process in busy:
            process.kill()
    sys.exit(wrong)


if __name__ == "__main__":
    main()

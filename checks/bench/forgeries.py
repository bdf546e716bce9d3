"""Do all forgeries fail? python checks/bench/forgeries.py [--mode ci] [--mode class] [--mode user] [-k WORD]

ci: `dojo ci judge`, in the sandbox if there is one. user: the same without bubblewrap; run this as root, with a Python
that every user may read. class: one `dojo class --verify`. All modes take a quarter of an hour.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from checks.hostile.forgeries import FORGERIES
from checks.hostile.judges import in_ci, in_class, left_behind
from checks.judging.probes import without_bubblewrap


def main() -> None:
    """Run and print; the exit status is 1 if a forgery succeeds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", action="append", choices=["class", "ci", "user"])
    parser.add_argument("-k", metavar="WORD", default="", help="only the forgeries that have this in their name")
    options = parser.parse_args()
    forgeries = [forgery for forgery in FORGERIES if options.k in forgery.name]
    wrong = []
    for mode in options.mode or ["class", "ci"]:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if mode == "class":
                wrong += list(in_class(forgeries, folder))
            else:
                wrong += list(in_ci(forgeries, folder, without_bubblewrap(folder) if mode == "user" else None))
        wrong += [f"left behind: {line}" for line in left_behind()]
        print(f"{mode}: {len(forgeries)} forgeries, {time.monotonic() - started:.0f} s", flush=True)
    for text in wrong:
        print("  " + text.replace("\n", "\n    "))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

"""How many pieces of the hostile catalogue hold in each mode: python checks/bench/hostile.py [--mode plain] [-k WORD]

A piece holds if its step gets the verdict that the catalogue requires, and no other step's result changes. All four
modes take a quarter of an hour.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from checks.hostile.catalogue import PIECES
from checks.hostile.courses import MODES


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", action="append", choices=list(MODES))
    parser.add_argument("-k", metavar="WORD", default="", help="only the pieces that have this in their name")
    options = parser.parse_args()
    pieces = [piece for piece in PIECES if options.k in piece.name]
    for mode in options.mode or MODES:
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            wrong = list(MODES[mode](pieces, Path(folder)))
        names = {piece.name for piece in pieces} & {text.partition(":")[0] for text in wrong}
        seconds = time.monotonic() - started
        print(f"{mode}: {len(pieces) - len(names)} of {len(pieces)} pieces hold, {seconds:.0f} s", flush=True)
        for text in wrong:
            print("  " + text.replace("\n", "\n    "))


if __name__ == "__main__":
    main()

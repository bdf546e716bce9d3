"""Runs pytest on the learner's katas in another process, and reads the progress that it writes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dojo.progress.data import Progress
from dojo.progress.reading import read_progress
from dojo.support.errors import DojoError


def progress_of_run(root: Path, options: Sequence[str], instead: str) -> Progress:
    """The progress that `pytest OPTIONS` writes. Nothing is printed.

    Raises DojoError with pytest's last line if there is no progress. `instead` is a command that shows all lines.
    """
    with tempfile.TemporaryDirectory(prefix="dojo-run-") as folder:
        path, printed = Path(folder) / "progress.json", Path(folder) / "printed"
        command = [sys.executable, "-m", "pytest", *options, "--progress-json", str(path)]
        # Not a pipe: a process that outlives the run would keep it open.
        with printed.open("wb") as file:
            ran = subprocess.run(
                command, cwd=root, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, check=False
            )
        if not path.exists():
            words = printed.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise DojoError(
                f"pytest did not finish (exit status {ran.returncode}): "
                f"{words[-1] if words else 'it printed nothing'}\nRun {instead} to see what it prints."
            )
        return read_progress(path)

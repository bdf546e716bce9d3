"""`dojo run`: the tests of chosen steps, once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from dojo.course.curriculum import read_curriculum


def run_steps(root: Path, name: str, *, devices: list[str] | None = None) -> int:
    """Run pytest on the steps that `name` means; return its exit status: 0 all green, 1 one is red.

    Raises DojoError for a name that is no step's, kata's or lesson's.
    """
    steps = read_curriculum(root).chosen(name)
    command = [sys.executable, "-m", "pytest", *(part for step in steps for part in ("--step", step.id))]
    command += [part for device in devices or [] for part in ("--device", device)]
    sys.stdout.flush()
    # A process of its own, as when a learner types pytest: its output goes where ours does.
    return subprocess.run(command, cwd=root, env=os.environ, check=False).returncode

"""Draw the README's pictures: python checks/pictures.py

Each picture shows what a command prints on a terminal, in a copy of this course with some steps answered.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dojo.course.layout import TREES, find_root

ROOT = find_root(Path(__file__).parent)
FOLDER = ROOT / "docs" / "pictures"
KATA = "lesson_1_tensors/kata_01_creating.py"


def main() -> None:
    """Draw all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        for name in (*TREES, "conftest.py", "pyproject.toml"):
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, course / name)
        solution = (ROOT / "solutions" / KATA).read_text(encoding="utf-8")
        wrong = solution.replace("torch.full(shape, value, dtype=torch.float32)", "torch.full(shape, value)")
        assert wrong != solution
        (course / "katas" / KATA).write_text(wrong, encoding="utf-8")
        draw("red", ["pytest"], course)
        draw("hint", ["dojo", "hint"], course)
        shutil.copytree(ROOT / "solutions", course / "katas", dirs_exist_ok=True)
        shutil.rmtree(course / ".dojo")
        draw("green", ["pytest"], course)


def draw(name: str, command: list[str], folder: Path) -> None:
    """Run a command as on a terminal with 80 columns, and write the screen to docs/pictures/NAME.svg."""
    program = {"pytest": ["-m", "pytest", "--color=yes"], "dojo": ["-m", "dojo"]}[command[0]]
    environment = os.environ | {"COLUMNS": "80", "FORCE_COLOR": "1", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, *program, *command[1:]],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    # A line on the running step, which the report overwrites on a terminal.
    said = re.sub(r"(?m)^.*\r\x1b\[K", "", ran.stdout)
    console = Console(width=80, record=True, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    console.print(Text(f"$ {' '.join(command)}", style="bold"))
    console.print(Text.from_ansi(said))
    console.save_svg(str(FOLDER / f"{name}.svg"), title="PyTorch Dojo", unique_id=name)


if __name__ == "__main__":
    main()

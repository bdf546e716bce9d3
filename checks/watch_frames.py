"""Record `dojo watch` as text frames for the README: python checks/watch_frames.py

Runs `dojo watch` in a terminal of 80 by 24 on a copy of the course, saves answers and presses keys as a learner would,
and writes the screens to docs/watch.md. The README shows one of the frames.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from checks.terminal import Terminal  # noqa: E402 - found through the line above

KATA = "lesson_1_tensors/kata_01_creating.py"


def frames(course: Path) -> list[tuple[str, str]]:
    """What the learner did, and the screen after it."""
    solution = (ROOT / "solutions" / KATA).read_text(encoding="utf-8")
    stub = (ROOT / "katas" / KATA).read_text(encoding="utf-8")
    right = "return torch.full(shape, value, dtype=torch.float32)"
    assert right in solution
    found = []
    terminal = Terminal([sys.executable, "-m", "dojo", "watch"], course)
    try:
        terminal.wait_for("Write it where the file says")
        found.append(("It starts at the first step that is not green.", terminal.text))
        # Wait until the process is warm, as it is for most of a learner's saves.
        deadline = time.monotonic() + 8
        while time.monotonic() < deadline:
            terminal.read(0.2)
        (course / "katas" / KATA).write_text(
            stub.replace("raise NotImplementedError", "return torch.full(shape, value)", 1), encoding="utf-8"
        )
        terminal.wait_for("why ")
        found.append(("An answer is saved.", terminal.text))
        (course / "katas" / KATA).write_text(stub.replace("raise NotImplementedError", right, 1), encoding="utf-8")
        terminal.wait_for("is green")
        found.append(("It is mended, and saved again.", terminal.text))
        terminal.press("h")
        terminal.wait_for("Hint 1 of 3")
        found.append(("`h` for a hint.", terminal.text))
        terminal.press("l")
        terminal.wait_for("you are here")
        found.append(("`l` for the whole course; Enter goes to a step.", terminal.text))
        terminal.press("q")
        terminal.end()
    finally:
        terminal.close()
    return found


def main() -> None:
    """Record, and write."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder, "course")
        shutil.copytree(ROOT, course, ignore=shutil.ignore_patterns(".git", ".dojo", ".venv", "*cache*", "checks"))
        os.environ["PYTHONPATH"] = str(course)
        recorded = frames(course)
    parts = [f"{says}\n\n```text\n{screen.rstrip()}\n```\n" for says, screen in recorded]
    page = "# dojo watch, frame by frame\n\nRecorded by `python checks/watch_frames.py`.\n\n" + "\n".join(parts)
    (ROOT / "docs" / "watch.md").write_text(page, encoding="utf-8")
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, begin, rest = text.partition("<!-- frame -->\n")
    _, end, after = rest.partition("<!-- /frame -->\n")
    assert begin
    assert end
    shown = f"```text\n{recorded[1][1].rstrip()}\n```\n"
    readme.write_text(before + begin + shown + end + after, encoding="utf-8")


if __name__ == "__main__":
    main()

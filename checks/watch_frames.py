"""Record `dojo watch` for the README: python checks/watch_frames.py

Runs `dojo watch` in a terminal of 80 by 24 on a copy of the course, saves answers and presses keys as a learner would.
Writes the screens to docs/watch.md, one of them to the README, and all of them to docs/pictures/watch.svg, which plays.
"""

from __future__ import annotations

import dataclasses
import html
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from checks.terminal import Terminal  # noqa: E402 - found through the line above

KATA = "lesson_1_tensors/kata_01_creating.py"
COLORS = {"red": "#e06c75", "green": "#98c379", "cyan": "#56b6c2", "default": "#d0d4dc"}
# How long a screen is shown, in seconds, and the size of a character.
SECONDS = 9
WIDE, HIGH = 8.4, 18
# A letter of the text, its color and whether it is bold.
Cell = tuple[str, str, bool]


@dataclasses.dataclass
class Frame:
    """A screen, and what the learner did before it."""

    says: str
    text: str
    rows: list[list[Cell]]


class Recorder:
    """The learner: saves answers, presses keys, and keeps the screens."""

    def __init__(self, course: Path) -> None:
        self.path = course / "katas" / KATA
        self.terminal = Terminal([sys.executable, "-m", "dojo", "watch"], course)
        self.frames: list[Frame] = []

    def keep(self, says: str, wanted: str) -> None:
        """Keep the screen as soon as it shows the wanted text and is drawn to its end."""
        self.terminal.wait_for(wanted)
        while self.terminal.read(0.5):
            pass
        screen: Any = self.terminal.screen
        rows = [
            [(screen.buffer[y][x].data, str(screen.buffer[y][x].fg), bool(screen.buffer[y][x].bold)) for x in range(80)]
            for y in range(24)
        ]
        self.frames.append(Frame(says, self.terminal.text, rows))

    def save(self, old: str, new: str) -> None:
        text = self.path.read_text(encoding="utf-8")
        assert old in text
        self.path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def press(self, key: str) -> None:
        self.terminal.press(key)


def record(course: Path) -> list[Frame]:
    """What a learner sees during the first two steps."""
    learner = Recorder(course)
    try:
        learner.keep("The watch starts with the introduction of the first kata.", "escape to the step")
        learner.press("\x1b")
        learner.keep("Escape shows the first step: what to write, with an example.", "Return a float32 tensor")
        # Wait until the process is warm, as it is for most of a learner's saves.
        deadline = time.monotonic() + 8
        while time.monotonic() < deadline:
            learner.terminal.read(0.2)
        learner.save("raise NotImplementedError", "return torch.full(shape, value)")
        learner.keep("A wrong answer is saved.", "why ")
        learner.press("h")
        learner.keep("The key `h` shows a hint. The hint that fits your failure comes first.", r"Hint \d of")
        learner.press("o")
        learner.keep("The key `o` shows pages of PyTorch's documentation.", "documentation for full_of")
        learner.save("return torch.full(shape, value)", "return torch.full(shape, value, dtype=torch.float32)")
        learner.keep("The right answer is saved. The next step comes up.", "full_of is green")
        learner.save("raise NotImplementedError", "return torch.tensor(rows)")
        learner.keep("The next answer is right at once.", "from_rows is green")
        learner.press("d")
        learner.keep("The key `d` compares the answer with the reference.", "the operators of each")
        learner.press("l")
        learner.keep("The key `l` shows all steps. Enter goes to a step.", "you are here")
        learner.press("q")
        learner.terminal.end()
    finally:
        learner.terminal.close()
    return learner.frames


def as_svg(frames: list[Frame]) -> str:
    """The screens as a picture that plays: one after another, again and again."""
    width, height = 80 * WIDE + 20, 25 * HIGH + 20
    share = 100 / len(frames)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
        'aria-label="A recording of dojo watch">',
        f"<style>text{{font:14px ui-monospace,Menlo,Consolas,monospace;white-space:pre}}"
        f".frame{{opacity:0;animation:show {SECONDS * len(frames)}s step-end infinite}}"
        f"@keyframes show{{0%{{opacity:1}}{share:g}%{{opacity:0}}100%{{opacity:0}}}}</style>",
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="#1e222a"/>',
    ]
    for number, frame in enumerate(frames):
        parts.append(f'<g class="frame" style="animation-delay:{number * SECONDS}s">')
        parts.append(f'<text x="10" y="{HIGH}" fill="#e5c07b">{html.escape(frame.says.replace("`", ""))}</text>')
        for y, row in enumerate(frame.rows, start=2):
            for x, text, color, bold in _runs(row):
                weight = ' font-weight="bold"' if bold else ""
                place = f'x="{10 + x * WIDE:g}" y="{y * HIGH}" fill="{COLORS.get(color, COLORS["default"])}"'
                parts.append(f"<text {place}{weight}>{html.escape(text)}</text>")
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _runs(row: list[Cell]) -> list[tuple[int, str, str, bool]]:
    """The parts of a row with one style each: the column, the text, the color and whether it is bold."""
    runs: list[tuple[int, str, str, bool]] = []
    for x, (letter, color, bold) in enumerate(row):
        if runs and runs[-1][2:] == (color, bold):
            runs[-1] = (runs[-1][0], runs[-1][1] + letter, color, bold)
        else:
            runs.append((x, letter, color, bold))
    return [(x, text.rstrip(), color, bold) for x, text, color, bold in runs if text.strip()]


def main() -> None:
    """Record, and write."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder, "course")
        shutil.copytree(ROOT, course, ignore=shutil.ignore_patterns(".git", ".dojo", ".venv", "*cache*", "checks"))
        os.environ["PYTHONPATH"] = str(course)
        frames = record(course)
    (ROOT / "docs" / "pictures" / "watch.svg").write_text(as_svg(frames), encoding="utf-8")
    parts = [f"{frame.says}\n\n```text\n{frame.text.rstrip()}\n```\n" for frame in frames]
    page = "# The screens of dojo watch\n\nRecorded by `python checks/watch_frames.py`.\n\n" + "\n".join(parts)
    (ROOT / "docs" / "watch.md").write_text(page, encoding="utf-8")
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, begin, rest = text.partition("<!-- frame -->\n")
    _, end, after = rest.partition("<!-- /frame -->\n")
    assert begin
    assert end
    wrong = next(frame for frame in frames if "wrong answer" in frame.says)
    readme.write_text(f"{before}{begin}```text\n{wrong.text.rstrip()}\n```\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

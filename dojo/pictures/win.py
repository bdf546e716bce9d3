"""The picture at the end of a lesson: something that the learner's own code made.

A file next to the lesson's tests makes the picture: the function `win` in `tests/LESSON/win.py` uses the katas, and
returns one picture of dojo/pictures/data.py or several. The function runs in another process (this file, run as a
program). So an answer that ends Python, or never ends, costs only the picture.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from dojo.course.curriculum import Lesson
from dojo.course.layout import Course
from dojo.pictures.data import Picture, RecordedGraph, as_list
from dojo.support.errors import DojoError
from dojo.support.files import write_json, write_text
from dojo.support.processes import die_with_parent, wait_or_end
from dojo.support.styled_lines import Line, Piece, as_data, lines_from, text_of
from dojo.support.text import harmless

# The learner's code may take 20 s of this (dojo/pictures/example.py). The rest is for starting and drawing.
_SECONDS = 60.0


@dataclasses.dataclass(frozen=True)
class Win:
    """A lesson's picture: its lines for the terminal, and the file that holds it."""

    lines: list[Line]
    file: Path


def win_file(root: Path, lesson: Lesson) -> Path:
    """The file that makes a lesson's picture. A lesson without this file has no picture."""
    return root / "tests" / lesson.id / "win.py"


def draw_win(course: Course, lesson: Lesson, width: int, file: Path | None = None) -> Win:
    """Run the code of a lesson in another process and draw its picture.

    Args:
        course: the course, with the folder of the code to run.
        lesson: a lesson.
        width: the columns of the terminal.
        file: where to draw the picture (default: a file in .dojo/pictures/, whose extension tells its format).

    Raises DojoError, with one sentence for the learner, if there is no picture.
    """
    if not win_file(course.root, lesson).is_file():
        raise DojoError(f"Lesson {lesson.number} has no picture at its end.")
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        asked = [course.root, course.judged, lesson.id, width, file or "", answer]
        child = subprocess.Popen(
            [sys.executable, "-m", "dojo.pictures.win", *map(str, asked)],
            cwd=course.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_or_end(child, _SECONDS)
        except subprocess.TimeoutExpired:
            raise DojoError(f"The picture of lesson {lesson.number} was not ready after {_SECONDS:g} s.") from None
        try:
            told = json.loads(answer.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise DojoError(f"The picture of lesson {lesson.number} could not be drawn: its process ended.") from None
    if "problem" in told:
        raise DojoError(told["problem"])
    return Win(lines_from(told["lines"]), Path(told["file"]))


def _main() -> None:
    """Draw the picture in this process, and write the answer into a file."""
    die_with_parent()
    root, judged, lesson_id, width, file, answer = sys.argv[1:]
    try:
        lines, drawn = _draw(Course(Path(root), Path(judged)), lesson_id, int(width), file)
        write_json(Path(answer), {"lines": as_data(lines), "file": str(drawn)})
    except DojoError as error:
        write_json(Path(answer), {"problem": harmless(str(error))})


def _draw(course: Course, lesson_id: str, width: int, file: str) -> tuple[list[Line], Path]:
    from dojo.pictures.in_terminal import picture_lines

    pictures = _pictures(course, lesson_id)
    lines: list[Line] = []
    for picture in pictures:
        drawn = picture_lines(picture, width)
        lines += [*([[]] if lines else []), *([Piece(harmless(p.text), p.style) for p in line] for line in drawn)]
    path = Path(file) if file else course.root / ".dojo" / "pictures" / lesson_id
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return lines, _save(pictures, lines, path)
    except (OSError, ValueError) as error:
        raise DojoError(f"{course.shown(path)}: the picture could not be written ({error}).") from None


def _pictures(course: Course, lesson_id: str) -> list[Picture]:
    """The pictures that the lesson's `win` function returns."""
    import torch

    from dojo.pictures.example import own_katas

    # The tensors are small, so a second thread costs more time than it saves.
    torch.set_num_threads(1)
    path = course.root / "tests" / lesson_id / "win.py"
    with own_katas(course, "The code of this picture"):
        spec = importlib.util.spec_from_file_location("dojo_win", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return as_list(module.win())


def _save(pictures: list[Picture], lines: list[Line], path: Path) -> Path:
    """Write pictures to a file and return its path. A path without an extension gets that of the best format."""
    try:
        from dojo.pictures.as_png import save_png
    except ImportError:
        if path.suffix:
            raise DojoError(f"{path}: the package matplotlib, which draws this file, is not installed.") from None
    else:
        path = path if path.suffix else path.with_suffix(".png")
        save_png(pictures, path)
        return path
    only = pictures[0] if len(pictures) == 1 else None
    if isinstance(only, RecordedGraph):
        from dojo.pictures.graph_svg import draw

        path = path.with_suffix(".svg")
        write_text(path, draw(only.graph, only.title))
        return path
    path = path.with_suffix(".txt")
    write_text(path, "".join(f"{text_of(line).rstrip()}\n" for line in lines))
    return path


if __name__ == "__main__":
    _main()

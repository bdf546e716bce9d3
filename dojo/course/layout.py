"""Where the course is: its root folder, and the trees that mirror each other."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from dojo.support.errors import DojoError

TREES = ("katas", "tests", "hints", "solutions", "mistakes")


@dataclasses.dataclass(frozen=True)
class Course:
    """A course on disk, and the folder whose code is judged (`katas`, unless a run is `--against` another)."""

    root: Path
    judged: Path

    @classmethod
    def at(cls, root: Path, against: str | None = None, invoked_from: Path | None = None) -> Course:
        """The course at `root`, judging `against` (a folder with the same tree; default: `katas`).

        Raises DojoError where `against` is no folder, or mirrors not one kata of the course.
        """
        if against is None:
            return cls(root, root / "katas")
        candidates = [(invoked_from or root) / against, root / against]
        folder = next((path for path in candidates if path.is_dir()), None)
        if folder is None:
            others = [name for name in ("katas", "solutions") if (root / name).is_dir()]
            raise DojoError(
                f"--against {against}: there is no such folder. "
                f"Give a folder with the same tree as katas/, such as {' or '.join(others)}."
            )
        folder = Path(os.path.normpath(folder.absolute()))
        if not any((folder / path.relative_to(root / "tests")).is_file() for path in kata_files(root / "tests")):
            raise DojoError(
                f"--against {against}: no file in it has the name of a kata of this course. "
                "It must hold the same tree as katas/: lesson_N_name/kata_NN_name.py."
            )
        return cls(root, folder)

    def shown(self, path: Path) -> str:
        """`path` as a person in the course's folder would type it."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)


def kata_files(tree: Path) -> list[Path]:
    """Every kata file under a tree, in the order of the course."""
    return sorted(path for path in tree.glob("lesson_*/kata_*.py") if path.is_file())


def find_root(start: Path | None = None) -> Path:
    """The nearest folder, from `start` (default: the current folder) upwards, that holds a course.

    Raises DojoError where there is none.
    """
    start = (start or Path.cwd()).absolute()
    for folder in (start, *start.parents):
        if (folder / "katas").is_dir() and (folder / "tests").is_dir():
            return folder
    raise DojoError(f"There is no course in {start} or above it. Change into the folder that you cloned.")


def course_name(root: Path) -> str:
    """What the README's first heading calls the course; the folder's name where there is none."""
    try:
        first = (root / "README.md").read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        first = ""
    return first.lstrip("# ").strip() or root.name

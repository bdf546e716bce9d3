"""Where the course is, and the one table of its parts."""

from __future__ import annotations

import dataclasses
import os
import sys
from pathlib import Path, PurePosixPath

import dojo
from dojo.support.errors import DojoError
from dojo.support.files import read_text_or_empty


@dataclasses.dataclass(frozen=True)
class Part:
    """A folder or a file of the course.

    Attributes:
        ending: the extension of the files in a tree, which has one file for each kata; "" for any other part.
        edited: learners write in it.
        for_authors: only authors of katas use it.
        judges: the judge of somebody else's katas needs it.
        read: runs and commands read it. `dojo watch` restarts if it changes. An answer that changes it is cheating.
        secret: an answer that reads it is cheating.
        pinned: a fork's CI takes it from the course's own version.
        reported: `dojo class` reports a fork that has changed it.
        used: people change its files by using them. `dojo update` keeps a changed file and puts the new one next to it.
    """

    path: str
    ending: str = ""
    edited: bool = False
    for_authors: bool = False
    judges: bool = False
    read: bool = False
    secret: bool = False
    pinned: bool = False
    reported: bool = False
    used: bool = False


# Authors fill in the trees in this order, and reports name the parts in this order.
PARTS = (
    Part("tests", ".py", judges=True, read=True, secret=True, pinned=True, reported=True),
    Part("dojo", judges=True, read=True, pinned=True, reported=True),
    Part("conftest.py", judges=True, read=True, pinned=True, reported=True),
    Part("solutions", ".py", read=True, secret=True, pinned=True, reported=True),
    Part("katas", ".py", edited=True),
    Part("hints", ".md", read=True, pinned=True),
    Part("mistakes", ".py", judges=True, read=True, secret=True, pinned=True, reported=True),
    Part("checks/accepted", ".py", for_authors=True, secret=True),
    Part("data", judges=True),
    Part("pyproject.toml", judges=True, read=True, pinned=True),
    Part("constraints.txt", pinned=True),
    Part(".github/workflows", pinned=True, reported=True),
    Part(".gitlab-ci.yml", pinned=True),
    Part("notebooks", used=True),
    Part(".vscode", used=True),
)

# A fork has this file once an update by version 1.0.0 has been finished (dojo/updating/old_forks.py).
FINISHED = ".dojo/finished"

# A judge gets a course without solutions. This folder in it has the cards.
CARDS = "cards"

# A tree holds a file for each kata. TREES names the trees that a learner's fork needs, and ALL_TREES names all trees.
ALL_TREES = tuple(part.path for part in PARTS if part.ending)
TREES = tuple(part.path for part in PARTS if part.ending and not part.for_authors)


def published_trees() -> tuple[str, ...]:
    """The trees that learners do not change."""
    return tuple(part.path for part in PARTS if part.path in TREES and not part.edited)


def trees_without_tests() -> tuple[str, ...]:
    """The trees whose files pytest must not collect."""
    return tuple(tree for tree in ALL_TREES if tree != "tests")


def judging_parts() -> tuple[str, ...]:
    """The parts that the judge of somebody else's katas needs, besides the given files in katas/."""
    return tuple(part.path for part in PARTS if part.judges)


def shared_judging_parts() -> tuple[str, ...]:
    """The parts on which the verdict of every step depends, whatever its kata."""
    return tuple(part.path for part in PARTS if part.judges and not part.ending)


def read_parts() -> tuple[str, ...]:
    """The parts, besides katas/, that runs and commands read."""
    return tuple(part.path for part in PARTS if part.read)


def secret_folders() -> tuple[str, ...]:
    """The folders that an answer must not read."""
    return tuple(part.path.partition("/")[0] for part in PARTS if part.secret)


def pinned_parts() -> tuple[str, ...]:
    """The parts that a fork's CI takes from the course's own version."""
    return tuple(part.path for part in PARTS if part.pinned)


def reported_parts() -> tuple[str, ...]:
    """The parts that the course publishes and that a learner has no reason to change."""
    return tuple(part.path for part in PARTS if part.reported)


def used_parts() -> tuple[str, ...]:
    """The folders whose files people change by using them."""
    return tuple(part.path for part in PARTS if part.used)


def file_in(tree: str, kata_id: str) -> str:
    """The path of a kata's file in a tree, from the root of the course."""
    ending = next(part.ending for part in PARTS if part.path == tree)
    return f"{tree}/{kata_id}{ending}"


def beside(path: str, name: str = "") -> str:
    """The path for the new version of a file, next to the old version, which is kept. Nothing imports or runs it."""
    pure = PurePosixPath(path)
    if pure.suffix != ".py":
        return str(pure.with_name(f"{pure.stem}.new{pure.suffix}"))
    return str(pure.with_name(f"{pure.stem}.{name}.new.txt" if name else f"{pure.stem}.new.txt"))


def kata_files(tree: Path) -> list[Path]:
    """Every kata file under a tree, in the order of the course."""
    return sorted(path for path in tree.glob("lesson_*/kata_*.py") if path.is_file())


def given_files(root: Path) -> list[Path]:
    """The files in katas/ that the course gives and that katas import."""
    return sorted((root / "katas").glob("*.py"))


def lesson_pages(root: Path) -> list[Path]:
    """The page of every lesson."""
    return sorted((root / "katas").glob("lesson_*/README.md"))


@dataclasses.dataclass(frozen=True)
class Course:
    """A course on disk, and the folder whose code is judged: `katas`, or the folder given by `--against`."""

    root: Path
    judged: Path

    @classmethod
    def at(cls, root: Path, against: str | None = None, invoked_from: Path | None = None) -> Course:
        """The course at `root`. `against` is the folder to judge, with the same tree as `katas` (default: `katas`).

        Raises DojoError if `against` is not a folder, or if it has no file for any kata of the course.
        """
        if against is None:
            return cls(root, root / "katas")
        candidates = [(invoked_from or root) / against, root / against]
        folder = next((path for path in candidates if path.is_dir()), None)
        if folder is None:
            others = [name for name in ("katas", "solutions") if (root / name).is_dir()]
            raise DojoError(
                f"--against {against}: there is no such folder. "
                f"Give a folder with the same files as katas/, for example {' or '.join(others)}."
            )
        folder = Path(os.path.normpath(folder.absolute()))
        if not any((folder / path.relative_to(root / "tests")).is_file() for path in kata_files(root / "tests")):
            raise DojoError(
                f"--against {against}: no file in it has the name of a kata of this course. "
                "The folder must have the same files as katas/: lesson_N_name/kata_NN_name.py."
            )
        return cls(root, folder)

    @property
    def judges_own(self) -> bool:
        """Whether the learner's own folder is judged."""
        return self.judged == self.root / "katas"

    def shown(self, path: Path) -> str:
        """The path as a person in the course's folder would type it."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)


def find_root(start: Path | None = None) -> Path:
    """The nearest folder that holds a course: `start` (default: the current folder), or a folder above it.

    Raises DojoError if there is no such folder, or if Python can't read its name.
    """
    start = (start or Path.cwd()).absolute()
    for folder in (start, *start.parents):
        if (folder / "katas").is_dir() and (folder / "tests").is_dir():
            refuse_unreadable_name(folder)
            return folder
    raise DojoError(f"There is no course in {start} or above it. Change into the folder that you cloned.")


def refuse_unreadable_name(folder: Path) -> None:
    """Raise DojoError if the folder's name is not valid in the encoding that Python uses for file names."""
    try:
        str(folder).encode("utf-8")
    except UnicodeEncodeError:
        raise DojoError(
            f"Python can't read the name of this folder, {str(folder)!a}, with the encoding "
            f"{sys.getfilesystemencoding()}. Set PYTHONUTF8=1 or LC_ALL=C.UTF-8. If that does not help, rename the "
            "folder."
        ) from None


def home_of_another_clone(root: Path) -> Path | None:
    """The clone that the running dojo belongs to; None if it is the course at `root`, or if that course has no dojo."""
    home = Path(dojo.__file__).resolve().parent.parent
    return home if (root / "dojo" / "__init__.py").is_file() and root.resolve() != home else None


def course_name(root: Path) -> str:
    """The first heading of the README, or the folder's name if there is no heading."""
    first = read_text_or_empty(root / "README.md").partition("\n")[0]
    return first.lstrip("# ").strip() or root.name

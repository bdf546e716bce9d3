"""The files of somebody else's katas, from a folder or a zip. They are not trusted, and they are not run here.

A file that can't be taken is left out, and a sentence says so. So one bad file costs its own steps and no others.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import os
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

from dojo.course.curriculum import Curriculum
from dojo.course.definitions import names_in
from dojo.course.layout import ALL_TREES
from dojo.support.errors import DojoError
from dojo.support.text import clean, counted, cut, listed

# The largest kata in bytes, the most files of a course, and the most bytes of all its files together.
_MOST_KATA = 8_000_000
_MOST_FILES = 2_000
_MOST_BYTES = 64_000_000
# The most files of a folder that are looked at, and the most bytes of a zip's list, which has about 100 for each file.
_MOST_ENTRIES = 100_000
_MOST_LIST = 16_000_000
_SHOWN = 5
# In the other trees of the course, files have the names of katas, but learners do not write them.
_OTHER_TREES = {tree.partition("/")[0] for tree in ALL_TREES} - {"katas"}
_NOT_ENTERED = ("__pycache__", "__MACOSX")
_FIRST = ("katas", "lesson_")


@dataclasses.dataclass(frozen=True)
class Submission:
    """The files of katas/ by path, and sentences about files that are missing or were left out."""

    katas: dict[str, bytes]
    remarks: tuple[str, ...] = ()


class _Damaged(Exception):
    """A file can't be read. The text is the end of a sentence that begins with its path."""


@dataclasses.dataclass(frozen=True)
class _Entry:
    """A file that has not been read yet. `read(most)` returns at most `most` + 1 bytes, or raises _Damaged."""

    parts: tuple[str, ...]
    size: int
    read: Callable[[int], bytes]

    @property
    def path(self) -> str:
        return "/".join(self.parts)


@dataclasses.dataclass
class _Found:
    """The files of a folder or a zip, and the paths that were left out.

    links: symbolic links. outside: paths that lead out of the zip. odd: paths that no disk can hold.
    problem: a sentence about the whole folder or zip, or "".
    """

    entries: list[_Entry] = dataclasses.field(default_factory=list)
    links: list[str] = dataclasses.field(default_factory=list)
    outside: list[str] = dataclasses.field(default_factory=list)
    odd: list[str] = dataclasses.field(default_factory=list)
    problem: str = ""


def katas_in(folder: Path) -> dict[str, bytes]:
    """The files of a learner's katas by path, without links and without files that are too large for a kata."""
    return _contents(_files_of(folder).entries, 0, [])


def read_submission(path: Path, curriculum: Curriculum, needed: Collection[str] | None = None) -> Submission:
    """The katas in a folder or a zip, wherever they are in it. Raises DojoError if there is no such file or folder.

    needed: the ids of the katas that a remark names if they are missing (default: all).
    """
    with contextlib.ExitStack() as stack:
        try:
            found = _files_of(path) if path.is_dir() else _files_of_zip(stack.enter_context(_Bounded(path)))
            endings = [Path(entry.parts[-1]).suffix.lower() for entry in found.entries]
            if path.is_dir() and endings.count(".zip") == 1 and ".py" not in endings:
                # Some systems put the uploaded zip into a folder.
                path = path.joinpath(*found.entries[endings.index(".zip")].parts)
                found = _files_of_zip(stack.enter_context(_Bounded(path)))
        except OSError as error:
            raise DojoError(f"{path} can't be read ({error.strerror}).") from None
        return _submission(path, found, curriculum, needed)


def _submission(path: Path, found: _Found, curriculum: Curriculum, needed: Collection[str] | None) -> Submission:
    remarks = [found.problem] if found.problem else []
    remarks += _said(found.links, "is a symbolic link", "are symbolic links")
    remarks += _said(found.outside, "has a path that leads out of the zip", "have paths that lead out of the zip")
    remarks += _said(found.odd, "has a path that no file can have", "have paths that no file can have")
    root = _root_of(found.entries, curriculum)
    if root is None:
        katas = _by_name(found.entries, curriculum, remarks)
    else:
        katas = _in_folders(path, found.entries, root, curriculum, remarks)
    known = {f"{kata.id}.py" for kata in curriculum.katas()}
    if not known & set(katas):
        # If a zip can't be read at all, nothing else is known about it.
        nothing = [] if found.problem and not found.entries else [_nothing(found, curriculum)]
        return Submission({}, (*remarks, *nothing))
    wanted = [kata.id for kata in curriculum.katas() if needed is None or kata.id in needed]
    missing = [kata_id for kata_id in wanted if f"{kata_id}.py" not in katas]
    if missing:
        are, its = ("1 kata is", "Its") if len(missing) == 1 else (f"{len(missing)} katas are", "Their")
        remarks.append(f"{are} missing: {_some(missing)}. {its} steps count as not written.")
    return Submission(katas, tuple(remarks))


def _nothing(found: _Found, curriculum: Curriculum) -> str:
    files, size = counted(len(found.entries), "file"), sum(entry.size for entry in found.entries)
    example = next(curriculum.katas()).id
    return (
        f"There is no kata of this course in the submission ({files}, {size / 1e6:,.1f} MB). "
        f"Hand in the folder katas/, with files such as katas/{example}.py."
    )


def _root_of(entries: list[_Entry], curriculum: Curriculum) -> tuple[str, ...] | None:
    """The folder that holds the folders of the lessons; None if there is no such folder."""
    counts = _roots_of(entries, curriculum)
    return min(counts, key=lambda root: (-counts[root], len(root), root[-1:] != ("katas",), root), default=None)


def _roots_of(entries: list[_Entry], curriculum: Curriculum) -> Counter[tuple[str, ...]]:
    """The number of katas below each folder that holds folders of lessons."""
    known = {f"{kata.id}.py" for kata in curriculum.katas()}
    return Counter(
        entry.parts[:-2]
        for entry in entries
        if "/".join(entry.parts[-2:]) in known and not _OTHER_TREES & set(entry.parts[:-2])
    )


def _in_folders(
    path: Path, entries: list[_Entry], root: tuple[str, ...], curriculum: Curriculum, remarks: list[str]
) -> dict[str, bytes]:
    """The files below `root`. If `root` is not called katas, only the lessons' folders and Python files are taken."""
    if root not in ((), ("katas",)):
        remarks.append(f"The katas were found in {_shown('/'.join(root))}.")
    others = sorted("/".join(each) or "the top folder" for each in _roots_of(entries, curriculum) if each != root)
    if others:
        remarks.append(f"There are katas in {_some(others)} too. These were left out.")
    lessons = {lesson.id for lesson in curriculum.lessons}
    everything = (root[-1] if root else path.name) == "katas"
    chosen = []
    for entry in entries:
        rest = entry.parts[len(root) :]
        if entry.parts[: len(root)] == root and (everything or rest[0] in lessons or (rest[0][-3:] == ".py")):
            chosen.append(entry)
    return _contents(chosen, len(root), remarks)


def _by_name(entries: list[_Entry], curriculum: Curriculum, remarks: list[str]) -> dict[str, bytes]:
    """The katas that are not in a lesson's folder, found by the names of their files and of the steps in them."""
    katas = list(curriculum.katas())
    named = [entry for entry in entries if entry.parts[-1] in {f"{kata.file}.py" for kata in katas}]
    folders = Counter(entry.parts[:-1] for entry in named if not _OTHER_TREES & set(entry.parts[:-1]))
    if not folders:
        return {}
    folder = min(folders, key=lambda each: (-folders[each], len(each), each))
    chosen = [entry for entry in named if entry.parts[:-1] == folder]
    found: dict[str, bytes] = {}
    for name, data in _contents(chosen, len(folder), remarks).items():
        defined = set(names_in(data.decode("utf-8", "replace")))
        same = [kata for kata in katas if f"{kata.file}.py" == name]
        kata = max(same, key=lambda each: len(defined & {step.name for step in each.steps}))
        found[f"{kata.id}.py"] = data
    remarks.append("The katas are not in the folders of their lessons, so they were found by the names of their files.")
    return found


def _contents(entries: list[_Entry], above: int, remarks: list[str]) -> dict[str, bytes]:
    """The content of each file, by its path without the first `above` folders. Adds to `remarks` what is left out."""
    found: dict[str, bytes] = {}
    large, many = [], 0
    left = _MOST_BYTES
    for entry in entries:
        if len(found) >= _MOST_FILES or left <= 0:
            many += 1
            continue
        try:
            data = entry.read(_MOST_KATA) if entry.size <= _MOST_KATA else None
        except _Damaged as problem:
            remarks.append(f"{_shown(entry.path)} {problem}.")
            continue
        if data is None or len(data) > _MOST_KATA:
            large.append(entry.path)
        else:
            found["/".join(entry.parts[above:])] = data
            left -= len(data)
    megabytes = _MOST_KATA // 1_000_000
    remarks += _said(large, f"is larger than {megabytes} MB", f"are larger than {megabytes} MB")
    if many:
        most = f"{_MOST_FILES:,} files or {_MOST_BYTES // 1_000_000} MB"
        remarks.append(f"The katas have more than {most}. The last {many:,} files were left out.")
    return found


def _files_of(top: Path) -> _Found:
    """The files below a folder. No link is followed."""
    found = _Found()
    for folder, folders, names in os.walk(top):
        here = Path(folder)
        found.links += [(here / name).relative_to(top).as_posix() for name in folders if (here / name).is_symlink()]
        # The katas come first, however many other files there are.
        folders[:] = sorted(filter(_is_entered, folders), key=lambda name: (not name.startswith(_FIRST), name))
        for name in sorted(names):
            path = here / name
            parts = path.relative_to(top).parts
            if len(found.entries) >= _MOST_ENTRIES:
                found.problem = f"The submission has more than {_MOST_ENTRIES:,} files. The others were left out."
                return found
            with contextlib.suppress(OSError):
                kind = path.lstat()
                if stat.S_ISLNK(kind.st_mode):
                    found.links.append("/".join(parts))
                elif stat.S_ISREG(kind.st_mode):
                    found.entries.append(_Entry(parts, kind.st_size, functools.partial(_read, path)))
    return found


def _read(path: Path, most: int) -> bytes:
    """At most `most` + 1 bytes of a file that is not a link."""
    try:
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise _Damaged(f"can't be read ({error.strerror})") from None


class _Bounded(io.FileIO):
    """A zip as a file that refuses to read much at once, because zipfile reads the whole list of entries at once."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_LIST:
            raise zipfile.BadZipFile("it lists too many files")
        return super().read(size) or b""


def _files_of_zip(file: _Bounded) -> _Found:
    """The files in a zip. Nothing is unpacked yet. The zip must stay open until the files are read."""
    found = _Found()
    try:
        archive = zipfile.ZipFile(file)
        infos = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OverflowError, OSError) as error:
        reason = str(error).lower().rstrip(".")
        found.problem = f"{_shown(Path(str(file.name)).name)} is not a zip that can be read ({_shown(reason)})."
        return found
    folders = {parent for info in infos for parent in Path(info.filename).parents}
    for info in infos:
        # Some programs on Windows write backslashes.
        name = info.filename.replace("\\", "/")
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if name.endswith("/") or not parts or not all(map(_is_entered, parts[:-1])):
            continue
        if name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name):
            found.outside.append(name)
        elif stat.S_ISLNK(info.external_attr >> 16):
            found.links.append(name)
        elif Path(name) in folders or len(name) > 1000 or max(map(len, map(os.fsencode, parts))) > 255:
            found.odd.append(name)
        else:
            found.entries.append(_Entry(parts, info.file_size, functools.partial(_unpacked, archive, info)))
    return found


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """At most `most` + 1 bytes of a file in a zip, whatever size the zip claims."""
    if info.flag_bits & 1:
        raise _Damaged("needs a password")
    # The other ways to compress unpack a whole block at once, however large it is.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _Damaged("is compressed in a way that is not read here")
    try:
        with archive.open(info) as file:
            return file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError, OSError):
        raise _Damaged("is damaged in the zip") from None


def _is_entered(folder: str) -> bool:
    """Whether a folder with this name may hold katas. A hidden folder such as .git may not."""
    return folder not in _NOT_ENTERED and not (folder.startswith(".") and folder.strip("."))


def _said(paths: list[str], one: str, several: str) -> list[str]:
    """A list with one sentence about paths that were left out; [] if there are no paths."""
    if not paths:
        return []
    left_out = f"{one}. It was" if len(paths) == 1 else f"{several}. They were"
    return [f"{_some(paths)} {left_out} left out."]


def _some(paths: list[str]) -> str:
    return listed([_shown(path) for path in paths], _SHOWN)


def _shown(path: str) -> str:
    return cut(clean(path).replace("\n", " "), 100)

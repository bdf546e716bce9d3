"""Brings the whole of katas/ to a newer version of the course: files, renamed files, and steps that moved."""

from __future__ import annotations

import codecs
import dataclasses
from pathlib import PurePosixPath

from dojo.course.definitions import Source, is_unwritten, read_editable
from dojo.course.given_code import repairs_in
from dojo.updating.merge_kata import Carried, Merged, is_untouched, merge_kata, take

Files = dict[str, bytes]


@dataclasses.dataclass
class KatasMerge:
    """The result for katas/. Paths begin with katas/; a step is named by its kata's path, a colon and its name.

    `files` are all files of katas/ afterwards, and `beside` new files next to those that stay as they are. `renamed`
    maps old paths to new ones. `moved` are answers that went to another kata, as (old step, new step). `added`,
    `renewed`, `kept`, `dropped` and `helpers` are steps, as in Merged. `reads_differently` maps each answer whose task
    has a new text to the file with the new stub, and `stays` each file that stays as the learner has it to the file
    with the course's new version.
    """

    files: Files = dataclasses.field(default_factory=dict)
    beside: Files = dataclasses.field(default_factory=dict)
    renamed: dict[str, str] = dataclasses.field(default_factory=dict)
    moved: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    added: list[str] = dataclasses.field(default_factory=list)
    renewed: list[str] = dataclasses.field(default_factory=list)
    kept: list[str] = dataclasses.field(default_factory=list)
    reads_differently: dict[str, str] = dataclasses.field(default_factory=dict)
    dropped: list[str] = dataclasses.field(default_factory=list)
    helpers: list[str] = dataclasses.field(default_factory=list)
    stays: dict[str, str] = dataclasses.field(default_factory=dict)


def merge_katas(base: Files, ours: Files, theirs: Files, similar: dict[str, str] | None = None) -> KatasMerge:
    """Bring the learner's katas/ `ours` from the course's old version `base` to its new version `theirs`.

    similar: files that git considers renamed, old path to new; the names of steps count first. The result has no
    conflict markers.
    """
    done = KatasMerge(renamed=_renames(base, theirs, similar or {}))
    moves = _moves(base, theirs, done.renamed)
    carried = _carried(moves, base, ours, theirs)
    done.files = {path: data for path, data in ours.items() if path not in base and path not in theirs}
    from_old = {path: old for old, path in done.renamed.items()}
    for path, data in theirs.items():
        old = from_old.get(path, path)
        coming = {name: each for (_, to, name), each in carried.items() if to == path}
        _merge_file(done, path, _Versions(base.get(old), ours.get(old, ours.get(path)), data), coming)
        if path not in done.stays:
            done.moved += [(f"{old}:{name}", f"{to}:{name}") for old, to, name in carried if to == path]
    for path, data in base.items():
        if path in ours and path not in theirs and path not in done.renamed:
            _drop_file(done, path, data, ours[path], {name for old, _, name in moves if old == path})
    # A step that moved is not dropped.
    left = {old for old, _ in done.moved}
    done.dropped = [step for step in done.dropped if step not in left]
    done.renamed = {old: path for old, path in done.renamed.items() if old in ours}
    return done


def is_kata(path: str) -> bool:
    """Whether a path is the path of a kata's file."""
    parts = PurePosixPath(path).parts
    if len(parts) != 3 or parts[0] != "katas" or not path.endswith(".py"):
        return False
    return parts[1].startswith("lesson_") and parts[2].startswith("kata_")


def unwritten(files: Files, mistakes: Files) -> bool:
    """Whether every step of these katas is as the course gives it. Then they are the course, not somebody's answers.

    mistakes: the files of mistakes/, which hold the given code of repair steps.
    """
    for path, data in files.items():
        source = _source(data) if is_kata(path) else None
        if source is None:
            continue
        repairs = repairs_in(_text(mistakes.get(path.replace("katas/", "mistakes/", 1), b"")) or "")
        if not all(name.startswith("_") or is_unwritten(name, source, repairs) for name in source.by_name()):
            return False
    return True


@dataclasses.dataclass(frozen=True)
class _Versions:
    """A file in the course's old version, as the learner has it, and in the course's new version."""

    base: bytes | None
    ours: bytes | None
    theirs: bytes


def _merge_file(done: KatasMerge, path: str, versions: _Versions, coming: dict[str, Carried]) -> None:
    """Decide on a file of the new version. `coming` are answers that come to it from other katas, by step."""
    base, ours, theirs = versions.base, versions.ours, versions.theirs
    if ours is None and base is None and is_kata(path):
        source = _source(theirs)
        done.added += [f"{path}:{name}" for name in (source.names() if source else []) if name not in coming]
    if ours is None and not coming:
        # A file that the learner has deleted stays deleted, unless the course has changed it.
        if base != theirs:
            done.files[path] = theirs
    elif not is_kata(path):
        assert ours is not None
        done.files[path] = theirs if ours == base else ours
        if ours not in (base, theirs) and base != theirs:
            _let_stay(done, path, theirs)
    elif ours is None:
        _merge_steps(done, path, _Versions(theirs, theirs, theirs), coming)
    elif base == theirs and not coming:
        done.files[path] = ours
    else:
        _merge_steps(done, path, versions, coming)


def _merge_steps(done: KatasMerge, path: str, versions: _Versions, coming: dict[str, Carried]) -> None:
    """Merge a kata's file step by step."""
    assert versions.ours is not None
    base, ours, theirs = (_text(data or b"") for data in (versions.base, versions.ours, versions.theirs))
    if base is None or ours is None or theirs is None:
        merged = Merged("", beside={"": ""})
        done.files[path] = versions.ours
    else:
        merged = merge_kata(base, ours, theirs, coming)
        done.files[path] = _bytes_like(versions.ours, merged.text)
    for name, text in merged.beside.items():
        if name:
            done.reads_differently[f"{path}:{name}"] = _beside(path, name)
            done.beside[_beside(path, name)] = text.encode()
        else:
            _let_stay(done, path, versions.theirs)
    for field in ("added", "renewed", "kept", "dropped", "helpers"):
        getattr(done, field).extend(f"{path}:{name}" for name in getattr(merged, field))


def _let_stay(done: KatasMerge, path: str, theirs: bytes) -> None:
    """Leave a file as the learner has it, and put the course's version beside it."""
    done.stays[path] = _beside(path)
    done.beside[_beside(path)] = theirs


def _drop_file(done: KatasMerge, path: str, base: bytes, ours: bytes, moved: set[str]) -> None:
    """Note the answers in a file that the course has dropped. A changed file that is not a kata stays."""
    if ours == base:
        return
    if not is_kata(path):
        done.files[path] = ours
        return
    old, source = _source(base), _source(ours)
    if source is None or old is None:
        # Nobody can tell the answers from the stubs, so the whole file counts as an answer.
        done.dropped.append(f"{path}:")
        return
    for name in source.names():
        if name not in moved and not is_untouched(source.named(name), old.named(name)):
            done.dropped.append(f"{path}:{name}")


def _renames(base: Files, theirs: Files, similar: dict[str, str]) -> dict[str, str]:
    """Katas whose files the course has renamed, old path to new: most of their steps are in a new file."""
    old_names = {path: _names(data) for path, data in base.items() if path not in theirs and is_kata(path)}
    new_names = {path: _names(data) for path, data in theirs.items() if path not in base and is_kata(path)}
    pairs = sorted(
        (
            (-len(names & others) / len(names | others), old, path)
            for old, names in old_names.items()
            for path, others in new_names.items()
            if 2 * len(names & others) >= max(len(names), 1)
        ),
    )
    pairs += [(0.0, old, path) for old, path in similar.items() if old in base and path in theirs]
    found: dict[str, str] = {}
    for _, old, path in pairs:
        if old not in found and path not in found.values() and path not in base and old not in theirs:
            found[old] = path
    return found


def _moves(base: Files, theirs: Files, renamed: dict[str, str]) -> list[tuple[str, str, str]]:
    """Steps that left one kata and came to another, as (old path, new path, name)."""
    from_old = {path: old for old, path in renamed.items()}
    left: dict[str, list[str]] = {}
    came: dict[str, list[str]] = {}
    for path, data in base.items():
        if is_kata(path):
            for name in _names(data) - _names(theirs.get(renamed.get(path, path), b"")):
                left.setdefault(name, []).append(path)
    for path, data in theirs.items():
        if is_kata(path):
            for name in _names(data) - _names(base.get(from_old.get(path, path), b"")):
                came.setdefault(name, []).append(path)
    return [
        (left[name][0], came[name][0], name)
        for name in left
        if len(left[name]) == 1 and len(came.get(name, [])) == 1 and not name.startswith("_")
    ]


def _carried(
    moves: list[tuple[str, str, str]], base: Files, ours: Files, theirs: Files
) -> dict[tuple[str, str, str], Carried]:
    """The learner's answers to steps that moved, by (old path, new path, name)."""
    found = {}
    for old, path, name in moves:
        source, target = _source(ours.get(old, b"")), _source(theirs[path])
        if source and target:
            answer = take(name, source, _source(base[old]), target)
            if answer is not None:
                found[old, path, name] = answer
    return found


def _beside(path: str, name: str = "") -> str:
    """The path of a new version next to a file that stays. No such file is imported or collected."""
    pure = PurePosixPath(path)
    if pure.suffix != ".py":
        return str(pure.with_name(f"{pure.stem}.new{pure.suffix}"))
    return str(pure.with_name(f"{pure.stem}.{name}.new.txt" if name else f"{pure.stem}.new.txt"))


def _names(data: bytes) -> set[str]:
    source = _source(data)
    return set(source.names()) if source else set()


def _source(data: bytes) -> Source | None:
    text = _text(data)
    return None if text is None else read_editable(text)


def _text(data: bytes) -> str | None:
    """The text of a file, with \\n at its line ends; None if it is not UTF-8."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def _bytes_like(ours: bytes, text: str) -> bytes:
    """A text with the line ends and the byte order mark of the learner's own file."""
    mark = codecs.BOM_UTF8 if ours.startswith(codecs.BOM_UTF8) else b""
    return mark + (text.replace("\n", "\r\n") if b"\r\n" in ours else text).encode()

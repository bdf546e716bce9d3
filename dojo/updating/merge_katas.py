"""The whole of katas/ brought to a newer version of the course: files, renamed files, and steps that moved."""

from __future__ import annotations

import codecs
import dataclasses
from pathlib import PurePosixPath

from dojo.course.source_blocks import Source, is_stub, read_source
from dojo.updating.merge_kata import Carried, Merged, merge_kata, take

Files = dict[str, bytes]


@dataclasses.dataclass
class KatasMerge:
    """What becomes of katas/. Paths begin with katas/; steps are named kata path, colon, name.

    `files`: every file there is afterwards. `beside`: files to be written beside those that stay as they are.
    `renamed`: old path to new. `moved`: answers that went to another kata, (old step, new step). `added`, `renewed`,
    `kept`, `dropped` and `helpers` are steps, as in Merged. `reads_differently`: an answer whose task has a new text,
    to the file beside it that holds the new stub. `stays`: a whole file that stays as the learner has it, to the
    course's new one beside it.
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


def merge_katas(base: Files, ours: Files, new: Files, similar: dict[str, str] | None = None) -> KatasMerge:
    """Bring the learner's katas/ to the new version, step by step; nothing is ever marked as a conflict.

    similar: files that git finds renamed, old path to new; names of steps count first.
    """
    done = KatasMerge(renamed=_renames(base, new, similar or {}))
    from_old = {path: old for old, path in done.renamed.items()}
    moves = _moves(base, new, done.renamed)
    carried = _carried(moves, base, ours, new)
    for path, data in ours.items():
        if path not in base and path not in new:
            done.files[path] = data
    for path, data in new.items():
        old = from_old.get(path, path)
        before = base.get(old)
        mine = ours.get(old, ours.get(path))
        coming = {name: each for (_, to, name), each in carried.items() if to == path}
        _file(done, path, before, mine, data, coming)
        if path not in done.stays:
            done.moved += [(f"{old}:{name}", f"{to}:{name}") for old, to, name in carried if to == path]
    for path, data in base.items():
        if path in ours and path not in new and path not in done.renamed:
            _gone(done, path, data, ours[path], {name for old, _, name in moves if old == path})
    # What moved is not dropped from where it was.
    left = {old for old, _ in done.moved}
    done.dropped = [step for step in done.dropped if step not in left]
    done.renamed = {old: path for old, path in done.renamed.items() if old in ours}
    return done


def is_kata(path: str) -> bool:
    """Whether a path is that of a kata's file."""
    parts = PurePosixPath(path).parts
    if len(parts) != 3 or parts[0] != "katas" or not path.endswith(".py"):
        return False
    return parts[1].startswith("lesson_") and parts[2].startswith("kata_")


def unwritten(files: Files) -> bool:
    """Whether every step of these katas is a stub: the course itself, not somebody's answers."""
    for path, data in files.items():
        source = _source(data) if is_kata(path) else None
        for block in source.blocks if source else []:
            if not block.name.startswith("_") and hasattr(block.node, "body") and not is_stub(block):
                return False
    return True


def _file(
    done: KatasMerge, path: str, before: bytes | None, mine: bytes | None, new: bytes, coming: dict[str, Carried]
) -> None:
    if mine is None and not coming:
        # A file that the learner deleted stays so, unless there is something new in it.
        if before != new:
            done.files[path] = new
            if is_kata(path):
                source = _source(new)
                done.added += [f"{path}:{name}" for name in source.names()] if source and before is None else []
        return
    if not is_kata(path):
        assert mine is not None
        done.files[path] = new if mine == before else mine
        if mine not in (before, new) and before != new:
            done.beside[_beside(path)] = new
            done.stays[path] = _beside(path)
        return
    if mine is None:
        if before is None:
            source = _source(new)
            done.added += [f"{path}:{name}" for name in (source.names() if source else []) if name not in coming]
        mine = before = new
    if before == new and not coming:
        done.files[path] = mine
        return
    texts = [_text(data) for data in (before or b"", mine, new)]
    if texts[0] is None or texts[1] is None or texts[2] is None:
        merged = Merged("", beside={"": ""})
        done.files[path] = mine
    else:
        merged = merge_kata(texts[0], texts[1], texts[2], coming)
        done.files[path] = _bytes_like(mine, merged.text)
    for name, text in merged.beside.items():
        beside = _beside(path, name)
        done.beside[beside] = text.encode() if name else new
        if name:
            done.reads_differently[f"{path}:{name}"] = beside
        else:
            done.stays[path] = beside
    for names, steps in (
        (done.added, merged.added),
        (done.renewed, merged.renewed),
        (done.kept, merged.kept),
        (done.dropped, merged.dropped),
        (done.helpers, merged.helpers),
    ):
        names += [f"{path}:{name}" for name in steps]


def _gone(done: KatasMerge, path: str, before: bytes, mine: bytes, moved: set[str]) -> None:
    """A file that the course has no more: the learner's answers in it are set aside by whoever moves the files."""
    if mine == before:
        return
    if not is_kata(path):
        done.files[path] = mine
        return
    was, source = _source(before), _source(mine)
    if source is None or was is None:
        # Nobody can tell what is an answer in it, so all of it is.
        done.dropped.append(f"{path}:")
        return
    for name in source.names():
        old = was.named(name)
        if name not in moved and not (old and len(source.named(name)) == 1 and source.named(name)[0].same_as(old[-1])):
            done.dropped.append(f"{path}:{name}")


def _renames(base: Files, new: Files, similar: dict[str, str]) -> dict[str, str]:
    """Katas of which the course has changed the file's name: most of their steps are those of a file that is new."""
    old_names = {path: _names(data) for path, data in base.items() if path not in new and is_kata(path)}
    new_names = {path: _names(data) for path, data in new.items() if path not in base and is_kata(path)}
    pairs = sorted(
        (
            (-len(names & others) / len(names | others), old, path)
            for old, names in old_names.items()
            for path, others in new_names.items()
            if 2 * len(names & others) >= max(len(names), 1)
        ),
    )
    pairs += [(0.0, old, path) for old, path in similar.items() if old in base and path in new]
    found: dict[str, str] = {}
    for _, old, path in pairs:
        if old not in found and path not in found.values() and path not in base and old not in new:
            found[old] = path
    return found


def _moves(base: Files, new: Files, renamed: dict[str, str]) -> list[tuple[str, str, str]]:
    """Steps that left one kata and came to another: old path, new path, name."""
    from_old = {path: old for old, path in renamed.items()}
    left: dict[str, list[str]] = {}
    came: dict[str, list[str]] = {}
    for path, data in base.items():
        if is_kata(path):
            for name in _names(data) - _names(new.get(renamed.get(path, path), b"")):
                left.setdefault(name, []).append(path)
    for path, data in new.items():
        if is_kata(path):
            for name in _names(data) - _names(base.get(from_old.get(path, path), b"")):
                came.setdefault(name, []).append(path)
    return [
        (left[name][0], came[name][0], name)
        for name in left
        if len(left[name]) == 1 and len(came.get(name, [])) == 1 and not name.startswith("_")
    ]


def _carried(
    moves: list[tuple[str, str, str]], base: Files, ours: Files, new: Files
) -> dict[tuple[str, str, str], Carried]:
    """The learner's answers to steps that moved."""
    found = {}
    for old, path, name in moves:
        mine, comes = _source(ours.get(old, b"")), _source(new[path])
        if mine and comes:
            answer = take(name, mine, _source(base[old]), comes)
            if answer is not None:
                found[old, path, name] = answer
    return found


def _beside(path: str, name: str = "") -> str:
    """Where what is new is written, beside a file that stays: never a name that is imported or tested."""
    pure = PurePosixPath(path)
    if pure.suffix != ".py":
        return str(pure.with_name(f"{pure.stem}.new{pure.suffix}"))
    return str(pure.with_name(f"{pure.stem}.{name}.new.txt" if name else f"{pure.stem}.new.txt"))


def _names(data: bytes) -> set[str]:
    source = _source(data)
    return set(source.names()) if source else set()


def _source(data: bytes) -> Source | None:
    text = _text(data)
    return None if text is None else read_source(text)


def _text(data: bytes) -> str | None:
    """The text of a file, with \\n at its line ends; None where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def _bytes_like(mine: bytes, text: str) -> bytes:
    """A text as the learner's own file is written: its line ends, and its byte order mark."""
    mark = codecs.BOM_UTF8 if mine.startswith(codecs.BOM_UTF8) else b""
    return mark + (text.replace("\n", "\r\n") if b"\r\n" in mine else text).encode()

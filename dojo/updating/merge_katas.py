"""Brings all of katas/ to a newer version of the course: files, renamed files, and steps that moved."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from dojo.course.definitions import Source, is_unwritten, read_editable
from dojo.course.given_code import repairs_in
from dojo.course.layout import beside
from dojo.course.moved import Move, current_id
from dojo.support.files import bytes_like
from dojo.updating.merge_kata import Carried, Merged, MergedSteps, is_untouched, merge_kata, take
from dojo.updating.new_names import with_new_name

Files = dict[str, bytes]


@dataclasses.dataclass
class KatasMerge(MergedSteps):
    """The result for katas/. A path begins with katas/, and a step is `path:name`.

    Attributes:
        files: all files of katas/ after the update.
        beside: new files that are put next to the learner's files.
        renamed: the new path of a file by its old path.
        moved: answers that have a new kata or a new name, as (old step, new step).
        reads_differently: for each answer whose task has changed, the file with the new stub.
        stays: for each file that stays as the learner has it, the file with the course's new version.
    """

    files: Files = dataclasses.field(default_factory=dict)
    beside: Files = dataclasses.field(default_factory=dict)
    renamed: dict[str, str] = dataclasses.field(default_factory=dict)
    moved: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    reads_differently: dict[str, str] = dataclasses.field(default_factory=dict)
    stays: dict[str, str] = dataclasses.field(default_factory=dict)


def merge_katas(base: Files, ours: Files, theirs: Files, similar: dict[str, str], moves: Sequence[Move]) -> KatasMerge:
    """Bring the learner's katas/ `ours` from the course's old version `base` to its new version `theirs`.

    similar: files that git considers renamed, the new path by the old path. The names of the steps decide first.
    moves: the steps that the course lists as moved or renamed. Other moves are guessed from the names of steps.
    The result has no conflict markers.
    """
    told = _told(moves, base, theirs)
    base, ours = _with_new_names(base, told), _with_new_names(ours, told)
    done = KatasMerge(renamed=_renames(base, theirs, similar))
    routes = _routes(told, base, theirs, done.renamed)
    carried = _carried(routes, base, ours, theirs)
    from_old = {path: old for old, path in done.renamed.items()}
    # First the learner's own files, then the files of the new version, then what the new version has dropped.
    done.files = {path: data for path, data in ours.items() if path not in base and path not in theirs}
    for path, data in theirs.items():
        old = from_old.get(path, path)
        coming = {route.name: answer for route, answer in carried.items() if route.path == path}
        _merge_file(done, path, _Versions(base.get(old), ours.get(old, ours.get(path)), data), coming)
        if path not in done.stays:
            done.moved += [(each.old_step, each.step) for each in carried if each.path == path]
    for path, data in base.items():
        if path in ours and path not in theirs and path not in done.renamed:
            _drop_file(done, path, data, ours[path], {each.name for each in routes if each.old_path == path})
    _leave_out_moved(done, from_old)
    _use_old_names(done, told)
    done.renamed = {old: path for old, path in done.renamed.items() if old in ours}
    return done


def is_kata(path: str) -> bool:
    """Whether a path is the path of a kata's file."""
    return bool(re.fullmatch(r"katas/lesson_[^/]*/kata_[^/]*\.py", path))


def unwritten(files: Files, mistakes: Files) -> bool:
    """Whether no step of these katas has an answer. Then the katas are the course's, not a learner's.

    mistakes: the files of mistakes/, which hold the given code of repair steps. Before version 2.0.0, the stub of a
    repair step was as empty as any other stub.
    """
    for path, data in files.items():
        source = _source(data) if is_kata(path) else None
        if source is None:
            continue
        repairs = repairs_in(text_of(mistakes.get(path.replace("katas/", "mistakes/", 1), b"")) or "")
        for name in source.by_name():
            given = name.startswith("_") or is_unwritten(name, source, repairs) or is_unwritten(name, source, None)
            if not given:
                return False
    return True


@dataclasses.dataclass(frozen=True)
class _Told:
    """A step that the course lists as moved or renamed: the path of its kata and its name, before and now."""

    old_path: str
    old_name: str
    path: str
    name: str


def _told(moves: Sequence[Move], base: Files, theirs: Files) -> list[_Told]:
    """The moves between the versions `base` and `theirs` of the course."""
    found = []
    for move in moves:
        kata_id, _, name = current_id(move.old, moves).rpartition("/")
        each = _Told(f"katas/{move.old_kata}.py", move.old_name, f"katas/{kata_id}.py", name)
        if each.old_name in _names(base.get(each.old_path, b"")) and name in _names(theirs.get(each.path, b"")):
            found.append(each)
    return found


def _with_new_names(files: Files, told: list[_Told]) -> Files:
    """The files, with each step under its new name, but still in its old kata. A file that can't be edited stays."""
    found = dict(files)
    for each in told:
        text = text_of(found.get(each.old_path, b""))
        renamed = with_new_name(text, each.old_name, each.name) if text and each.old_name != each.name else None
        if renamed is not None:
            found[each.old_path] = bytes_like(files[each.old_path], renamed)
    return found


@dataclasses.dataclass(frozen=True)
class _Route:
    """A step that goes from one kata to another: the paths of both, and the step's new name."""

    old_path: str
    path: str
    name: str

    @property
    def old_step(self) -> str:
        return f"{self.old_path}:{self.name}"

    @property
    def step(self) -> str:
        return f"{self.path}:{self.name}"


def _routes(told: list[_Told], base: Files, theirs: Files, renamed: dict[str, str]) -> list[_Route]:
    """The steps that go to another kata: those that the course lists, and guesses. A renamed kata does not count."""
    known = [_Route(each.old_path, each.path, each.name) for each in told]
    names = {each.name for each in known}
    guessed = [each for each in _moves(base, theirs, renamed) if each.name not in names]
    return [each for each in known if renamed.get(each.old_path, each.old_path) != each.path] + guessed


def _leave_out_moved(done: KatasMerge, from_old: dict[str, str]) -> None:
    """Remove steps that moved from `done.dropped`. The other steps get their kata's old path, as in the backup."""
    dropped = (step.partition(":") for step in done.dropped)
    old_steps = [f"{from_old.get(path, path)}:{name}" for path, _, name in dropped]
    left = {old for old, _ in done.moved}
    done.dropped = [step for step in old_steps if step not in left]


def _use_old_names(done: KatasMerge, told: list[_Told]) -> None:
    """Put the old names of renamed steps into `done`, in places that mean the old version."""
    old = {f"{each.old_path}:{each.name}": f"{each.old_path}:{each.old_name}" for each in told}
    done.moved = [(old.get(step, step), to) for step, to in done.moved]
    done.dropped = [old.get(step, step) for step in done.dropped]
    came = {to for _, to in done.moved}
    for each in told:
        to = f"{each.path}:{each.name}"
        if each.old_name != each.name and to in done.kept and to not in came:
            done.moved.append((f"{each.old_path}:{each.old_name}", to))


@dataclasses.dataclass(frozen=True)
class _Versions:
    """The three versions of a file: the course's old version, the learner's, and the course's new version."""

    base: bytes | None
    ours: bytes | None
    theirs: bytes


def _merge_file(done: KatasMerge, path: str, versions: _Versions, coming: dict[str, Carried]) -> None:
    """Merge a file of the new version. `coming`: answers from other katas to its steps, by the step's name."""
    base, ours, theirs = versions.base, versions.ours, versions.theirs
    if ours is None and base is None and is_kata(path):
        done.added += _new_steps(path, theirs, coming)
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


def _new_steps(path: str, theirs: bytes, coming: dict[str, Carried]) -> list[str]:
    source = _source(theirs)
    return [f"{path}:{name}" for name in (source.names() if source else []) if name not in coming]


def _merge_steps(done: KatasMerge, path: str, versions: _Versions, coming: dict[str, Carried]) -> None:
    """Merge a kata's file step by step."""
    assert versions.ours is not None
    base, ours, theirs = (text_of(data or b"") for data in (versions.base, versions.ours, versions.theirs))
    if base is None or ours is None or theirs is None:
        merged = Merged(beside={"": ""})
        done.files[path] = versions.ours
    else:
        merged = merge_kata(base, ours, theirs, coming)
        done.files[path] = bytes_like(versions.ours, merged.text)
    for name, text in merged.beside.items():
        if name:
            done.reads_differently[f"{path}:{name}"] = beside(path, name)
            done.beside[beside(path, name)] = text.encode()
        else:
            _let_stay(done, path, versions.theirs)
    for field in dataclasses.fields(MergedSteps):
        getattr(done, field.name).extend(f"{path}:{name}" for name in getattr(merged, field.name))


def _let_stay(done: KatasMerge, path: str, theirs: bytes) -> None:
    """Leave a file as the learner has it, and put the course's version next to it."""
    done.stays[path] = beside(path)
    done.beside[beside(path)] = theirs


def _drop_file(done: KatasMerge, path: str, base: bytes, ours: bytes, moved: set[str]) -> None:
    """Note the answers in a file that the course has dropped. A changed file that is not a kata stays."""
    if ours == base:
        return
    if not is_kata(path):
        done.files[path] = ours
        return
    old, source = _source(base), _source(ours)
    if source is None or old is None:
        # The answers can't be told from the stubs, so the whole file counts as an answer.
        done.dropped.append(f"{path}:")
        return
    for name in source.names():
        if name not in moved and not is_untouched(source.named(name), old.named(name)):
            done.dropped.append(f"{path}:{name}")


def _renames(base: Files, theirs: Files, similar: dict[str, str]) -> dict[str, str]:
    """Katas whose files the course has renamed, so that most of their steps are in a new file: new path by old path."""
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


def _moves(base: Files, theirs: Files, renamed: dict[str, str]) -> list[_Route]:
    """Steps that are no longer in one kata and are new in another."""
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
        _Route(left[name][0], came[name][0], name)
        for name in left
        if len(left[name]) == 1 and len(came.get(name, [])) == 1 and not name.startswith("_")
    ]


def _carried(routes: list[_Route], base: Files, ours: Files, theirs: Files) -> dict[_Route, Carried]:
    """The learner's answers to steps that go to another kata."""
    found = {}
    for route in routes:
        source, target = _source(ours.get(route.old_path, b"")), _source(theirs[route.path])
        if source and target:
            answer = take(route.name, source, _source(base[route.old_path]), target)
            if answer is not None:
                found[route] = answer
    return found


def _names(data: bytes) -> set[str]:
    source = _source(data)
    return set(source.names()) if source else set()


def _source(data: bytes) -> Source | None:
    text = text_of(data)
    return None if text is None else read_editable(text)


def text_of(data: bytes) -> str | None:
    """The text of a file, with \\n at its line ends; None if it is not UTF-8."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
